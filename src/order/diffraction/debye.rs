//! The diffraction of atoms at known places by the Debye formula, through a histogram of the distances
//! of all their pairs (P. Debye, *Ann. Phys.* 351, 809 (1915), doi 10.1002/andp.19153510606).

use rayon::prelude::*;

use super::error::DiffractionError;
use super::pairs::PAIR_STEP_ANGSTROM;
use crate::numerics::{Bounds, Vec3};
use crate::order::pair_distribution::{RANGE_ANGSTROM, SHELL_ANGSTROM};
use crate::progress::Progress;

/// The width of a bin, in ångström.
const BIN_ANGSTROM: f64 = 0.001;
/// A pair is shared between two bins in parts of this.
const WHOLE: i32 = 2048;
/// The longest diagonal of the box about the atoms, in ångström.
const MOST_ANGSTROM: f64 = 1000.0;
/// Atoms whose distances are found together.
const BLOCK: usize = 256;
/// After so many bins the sine is calculated anew, not from those before.
const RESTART: usize = 1024;

/// The distances of all pairs of atoms. Each pair is shared between the two points of a fine grid at its
/// sides in whole numbers, so that the sum does not depend on the threads.
#[derive(Debug, Clone, PartialEq)]
pub struct PairHistogram {
    atoms: usize,
    /// Parts of pairs at the distance of each grid point.
    parts: Vec<u64>,
}

impl PairHistogram {
    /// Counts all pairs of the atoms at `positions` in ångström, as they are: without images of a
    /// periodic box. 76 thousand atoms are 2.9 · 10⁹ pairs, some 14 seconds of one core.
    ///
    /// # Errors
    /// [`DiffractionError::Atoms`]: fewer than two atoms, or more than 1000 Å between them.
    ///
    /// ```
    /// use amorphous_packing::numerics::Vec3;
    /// use amorphous_packing::order::diffraction::PairHistogram;
    /// use amorphous_packing::progress::Silent;
    /// // Two atoms 3 Å apart: S(Q) = 1 + sin(3Q) / (3Q).
    /// let pair = PairHistogram::of(&[Vec3::ZERO, Vec3::new(0.0, 0.0, 3.0)], &Silent)?;
    /// let s = pair.structure_factor(&[2.0]);
    /// assert!((s[0] - (1.0 + 6.0_f64.sin() / 6.0)).abs() < 1e-6);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(
        positions: &[Vec3],
        progress: &dyn Progress,
    ) -> Result<PairHistogram, DiffractionError> {
        let atoms = positions.len();
        let extent = match atoms {
            0 => 0.0,
            _ => Bounds::of(positions.iter().copied()).extent().length(),
        };
        let is_finite = positions.iter().all(|place| place.is_finite());
        if atoms < 2 || !is_finite || !(0.0..=MOST_ANGSTROM).contains(&extent) {
            return Err(DiffractionError::Atoms {
                atoms,
                extent_angstrom: extent,
                most_angstrom: MOST_ANGSTROM,
            });
        }
        progress.start("pairs of atoms", Some(atoms as u64));
        let columns = [0, 1, 2].map(|axis| positions.iter().map(|p| p[axis]).collect::<Vec<f64>>());
        let bins = (extent / BIN_ANGSTROM) as usize + 3;
        let strands = (2 * rayon::current_num_threads()).min(atoms);
        let strand = |first: usize| {
            let mut parts = vec![0_u64; bins];
            let mut distances = [0_i32; BLOCK];
            for i in (first..atoms).step_by(strands) {
                count(&columns, i, &mut distances, &mut parts);
                progress.advance(1);
            }
            parts
        };
        let all = (0..strands).into_par_iter().map(strand);
        let parts = all.reduce(
            || vec![0; bins],
            |mut sum, other| {
                sum.iter_mut()
                    .zip(other)
                    .for_each(|(sum, part)| *sum += part);
                sum
            },
        );
        progress.finish();
        Ok(PairHistogram { atoms, parts })
    }

    /// The number of atoms.
    pub fn atoms(&self) -> usize {
        self.atoms
    }

    /// `S(Q) = 1 + (1/N) Σ_{i≠j} sin(Q r_ij) / (Q r_ij)` at each `Q = 4π sin θ / λ` in 1/Å, small angles
    /// included: there a finite sample scatters by its shape, and S tends to N. The intensity is
    /// `N f²(Q) S(Q)`.
    pub fn structure_factor(&self, q_per_angstrom: &[f64]) -> Vec<f64> {
        let at = |&q: &f64| 1.0 + 2.0 * self.sum(q.abs()) / self.atoms as f64;
        q_per_angstrom.par_iter().map(at).collect()
    }

    /// g(r) of the atoms, up to 20 Å: distances in ångström, [`PAIR_STEP_ANGSTROM`] apart, and the pairs in
    /// the shell about each over what an even density puts there. `shares` is what
    /// [`shares_inside`](crate::order::shares_inside) says of the same atoms: how much of the shells lies
    /// inside the sample. Between 15 and 20 Å the mean of g is one. Not smoothed.
    pub fn pairs(&self, shares: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let shells = (RANGE_ANGSTROM / PAIR_STEP_ANGSTROM) as usize;
        let wide = (PAIR_STEP_ANGSTROM / BIN_ANGSTROM).round() as usize;
        let middle = |shell: usize| (shell as f64 + 1.0) * PAIR_STEP_ANGSTROM;
        let share = |r: f64| {
            let place = (r / SHELL_ANGSTROM - 0.5).max(0.0);
            let low = (place as usize).min(shares.len().saturating_sub(2));
            let at = |k: usize| shares.get(k).copied().unwrap_or_default();
            at(low) + (place - low as f64) * (at(low + 1) - at(low))
        };
        let raw = (0..shells).map(|shell| {
            let first = (shell + 1) * wide - wide / 2;
            let inside = self.parts.iter().skip(first).take(wide).sum::<u64>() as f64;
            let weight = middle(shell).powi(2) * share(middle(shell));
            if weight > 0.0 { inside / weight } else { 0.0 }
        });
        let raw: Vec<f64> = raw.collect();
        let far = &raw[shells * 3 / 4..];
        let unit = far.iter().sum::<f64>() / far.len() as f64;
        let r = (0..shells).map(middle).collect();
        (
            r,
            raw.iter()
                .map(|value| if unit > 0.0 { value / unit } else { 0.0 })
                .collect(),
        )
    }

    /// `Σ_{i<j} sin(Q r) / (Q r)`.
    fn sum(&self, q: f64) -> f64 {
        let turn = q * BIN_ANGSTROM;
        if turn < 1e-9 {
            return self.parts.iter().sum::<u64>() as f64 / f64::from(WHOLE);
        }
        let twice = 2.0 * turn.cos();
        let mut sum = 0.0;
        for (first, chunk) in self.parts.chunks(RESTART).enumerate() {
            let from = (first * RESTART) as f64;
            let (mut before, mut here) = ((turn * (from - 1.0)).sin(), (turn * from).sin());
            for (k, &parts) in chunk.iter().enumerate() {
                if parts > 0 {
                    let phase = turn * (from + k as f64);
                    // At no distance the quotient is one.
                    sum += parts as f64 * if phase > 0.0 { here / phase } else { 1.0 };
                }
                (before, here) = (here, twice * here - before);
            }
        }
        // Sharing a pair between two points a bin apart damps waves by sinc² on the average.
        let damped = ((0.5 * turn).sin() / (0.5 * turn)).powi(2);
        sum / (f64::from(WHOLE) * damped)
    }
}

/// Counts the pairs of an atom with those after it.
fn count([x, y, z]: &[Vec<f64>; 3], i: usize, distances: &mut [i32; BLOCK], parts: &mut [u64]) {
    let [x0, y0, z0] = [x[i], y[i], z[i]];
    let blocks = [x, y, z].map(|column| column[i + 1..].chunks(BLOCK));
    let [bx, by, bz] = blocks;
    for ((x, y), z) in bx.zip(by).zip(bz) {
        let places = distances.iter_mut().zip(x).zip(y).zip(z);
        for (((distance, x), y), z) in places {
            let squared = (x - x0).powi(2) + (y - y0).powi(2) + (z - z0).powi(2);
            *distance = (squared.sqrt() * (f64::from(WHOLE) / BIN_ANGSTROM) + 0.5) as i32;
        }
        for &distance in &distances[..x.len()] {
            let (bin, behind) = ((distance / WHOLE) as usize, distance % WHOLE);
            parts[bin] += (WHOLE - behind) as u64;
            parts[bin + 1] += behind as u64;
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use crate::progress::Silent;

    /// A ball of atoms without order, not closer than 2 Å.
    fn ball(atoms: usize) -> Vec<Vec3> {
        let mut state = 7_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
        };
        let mut placed: Vec<Vec3> = Vec::new();
        while placed.len() < atoms {
            let place = 30.0 * Vec3::new(next(), next(), next());
            let is_free = placed.iter().all(|other| other.distance(place) > 2.0);
            if place.length() < 15.0 && is_free {
                placed.push(place);
            }
        }
        placed
    }

    #[test]
    fn the_histogram_gives_the_double_sum() {
        let atoms = ball(500);
        let q = [0.0, 0.31, 1.2, 2.7, 5.0, 9.3, 16.0, 20.0];
        let found = PairHistogram::of(&atoms, &Silent)
            .unwrap()
            .structure_factor(&q);
        for (q, found) in q.into_iter().zip(found) {
            let mut sum = 0.0;
            for (i, a) in atoms.iter().enumerate() {
                for b in &atoms[..i] {
                    let phase = q * a.distance(*b);
                    sum += if phase > 0.0 {
                        phase.sin() / phase
                    } else {
                        1.0
                    };
                }
            }
            let exact = 1.0 + 2.0 * sum / atoms.len() as f64;
            assert!(
                (found - exact).abs() < 1e-6 * exact.max(1.0),
                "{q}: {found} {exact}"
            );
        }
    }

    #[test]
    fn one_atom_and_a_galaxy_are_refused() {
        let one = PairHistogram::of(&[Vec3::ZERO], &Silent);
        assert!(matches!(one, Err(DiffractionError::Atoms { atoms: 1, .. })));
        let far = PairHistogram::of(&[Vec3::ZERO, Vec3::splat(1e4)], &Silent);
        assert!(far.is_err());
        let none = PairHistogram::of(&[Vec3::splat(f64::NAN), Vec3::ZERO], &Silent);
        assert!(none.is_err());
    }
}
