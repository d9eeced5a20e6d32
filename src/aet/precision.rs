//! How well known atoms are found again (Methods, "The 3D precision estimation"; Supp. Fig. 6).

use crate::atoms::Boundary;
use crate::neighbours::CellList;
use crate::numerics::Vec3;

/// An atom that was found and the one that it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Its place in the list of found atoms.
    pub found: usize,
    /// Its place in the list of known atoms.
    pub known: usize,
    /// Found less known, in ångström.
    pub deviation: Vec3,
}

/// Found against known atoms.
#[derive(Debug, Clone, PartialEq)]
pub struct Precision {
    /// The pairs, in the order of the known atoms.
    pub pairs: Vec<Pair>,
    /// Number of found atoms.
    pub found: usize,
    /// Number of known atoms.
    pub known: usize,
}

impl Precision {
    /// Pairs each known atom with at most one found atom nearer than `cutoff_angstrom` (1 Å), nearest
    /// pairs first; positions in ångström.
    ///
    /// ```
    /// use amorphous_packing::aet::Precision;
    /// use amorphous_packing::numerics::Vec3;
    /// let at = |x: f64| Vec3::new(x, 0.0, 0.0);
    /// let p = Precision::of(&[at(0.3), at(0.1), at(9.0)], &[at(0.0), at(5.0)], 1.0);
    /// assert_eq!((p.identical(), p.pairs[0].found, p.spurious()), (0.5, 1, 2));
    /// assert!((p.rmsd_pm() - 10.0).abs() < 1e-9);
    /// ```
    pub fn of(found: &[Vec3], known: &[Vec3], cutoff_angstrom: f64) -> Precision {
        let mut near: Vec<(f64, Pair)> = Vec::new();
        if !known.is_empty() {
            let list = CellList::new(known, Boundary::Open, cutoff_angstrom);
            for (index, &place) in found.iter().enumerate() {
                list.for_each_within(place, |neighbour| {
                    let pair = Pair {
                        found: index,
                        known: neighbour.index,
                        deviation: -neighbour.displacement,
                    };
                    near.push((neighbour.squared, pair));
                });
            }
        }
        // ANCHOR: pairs
        near.sort_by(|(a, p), (b, q)| {
            a.total_cmp(b)
                .then((p.known, p.found).cmp(&(q.known, q.found)))
        });
        let mut is_taken = (vec![false; found.len()], vec![false; known.len()]);
        let mut pairs: Vec<Pair> = Vec::new();
        for (_, pair) in near {
            if !is_taken.0[pair.found] && !is_taken.1[pair.known] {
                (is_taken.0[pair.found], is_taken.1[pair.known]) = (true, true);
                pairs.push(pair);
            }
        }
        pairs.sort_by_key(|pair| pair.known);
        // ANCHOR_END: pairs
        Precision {
            pairs,
            found: found.len(),
            known: known.len(),
        }
    }

    /// The same of some of the known atoms alone, by their places in ascending order: found atoms that are
    /// others are left out, so that at a border they are no false ones.
    ///
    /// ```
    /// # use amorphous_packing::aet::Precision;
    /// # use amorphous_packing::numerics::Vec3;
    /// # let at = |x: f64| Vec3::new(x, 0.0, 0.0);
    /// let all = Precision::of(&[at(0.1), at(5.0), at(9.0)], &[at(0.0), at(5.0), at(7.0)], 1.0);
    /// let some = all.among(&[0, 2]);
    /// assert_eq!((some.identical(), some.spurious()), (0.5, 1));
    /// ```
    pub fn among(&self, known: &[usize]) -> Precision {
        let is_known = |pair: &&Pair| known.binary_search(&pair.known).is_ok();
        let pairs: Vec<Pair> = self.pairs.iter().filter(is_known).copied().collect();
        Precision {
            found: self.found - (self.pairs.len() - pairs.len()),
            known: known.len(),
            pairs,
        }
    }

    /// The fraction of the known atoms that were found.
    pub fn identical(&self) -> f64 {
        self.pairs.len() as f64 / self.known as f64
    }

    /// Found atoms that are none.
    pub fn spurious(&self) -> usize {
        self.found - self.pairs.len()
    }

    /// Root mean square deviation of the pairs, in picometre.
    pub fn rmsd_pm(&self) -> f64 {
        let squares = self
            .pairs
            .iter()
            .map(|pair| pair.deviation.length_squared());
        100.0 * (squares.sum::<f64>() / self.pairs.len() as f64).sqrt()
    }
}
