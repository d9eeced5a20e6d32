//! How the networks grow along the quench, and where they percolate (main text, last section;
//! Fig. 6, Supplementary Fig. 21).
//!
//! A network percolates when it runs through the periodic box. Short of that, the fraction of the
//! bipyramids that the largest network holds and the mean size of the others tell how near it is:
//! the first rises from nothing, the second has its maximum at the threshold (Stauffer and
//! Aharony, Introduction to Percolation Theory, 1994, eqs. 14 and 29).

use std::ops::Range;

use crate::geometry::Triangulation;
use crate::network::{Extent, MotifNetworks, cluster_sizes, icosahedral_filling};

/// The corners of an icosahedron: an atom with as many fivefold bonds is the centre of a whole one.
pub const COMPLETE_FILLING: u32 = 12;

/// The exponent τ with which the number of clusters of s members falls as s^−τ at the percolation
/// threshold in three dimensions (Stauffer and Aharony, Introduction to Percolation Theory, 1994,
/// table 2).
pub const FISHER_EXPONENT: f64 = 2.18;

/// The temperatures in kelvin between which the networks begin to percolate: that of the coldest frame
/// without a network that spans the box, and that of the hottest frame with one, the lower first.
/// `None` where all frames have one or none has. The frames are given by temperature, in any order.
pub fn percolation_bracket(frames: &[(f64, Growth)]) -> Option<Range<f64>> {
    let of = |percolates: bool| {
        let frames = frames.iter();
        let frames = frames.filter(move |(_, growth)| growth.percolates() == percolates);
        frames.map(|(kelvin, _)| *kelvin)
    };
    let hottest = of(true).reduce(f64::max)?;
    let coldest = of(false).reduce(f64::min)?;
    Some(hottest.min(coldest)..hottest.max(coldest))
}

/// The networks of pentagonal bipyramids in one frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Growth {
    /// Pentagonal bipyramids.
    pub bipyramids: usize,
    /// Networks of five bipyramids or more.
    pub networks: usize,
    /// Bipyramids of the largest network.
    pub largest: usize,
    /// The mean over bipyramids outside the largest network of the size of the cluster that each
    /// belongs to, Σ s² n(s) / Σ s n(s).
    pub mean_size_of_others: f64,
    /// The axes along which a network runs through the box.
    pub spans: [bool; 3],
    /// Whole icosahedra: atoms with twelve fivefold bonds.
    pub icosahedra: usize,
}

impl Growth {
    /// The measures of a frame with its pentagonal networks.
    pub fn of(triangulation: &Triangulation, found: &MotifNetworks) -> Growth {
        // ANCHOR: growth
        let sizes = cluster_sizes(found.motifs.len(), &found.sharing);
        let (largest, others) = sizes.split_first().map_or((0, &[][..]), |(l, o)| (*l, o));
        let squares: usize = others.iter().map(|size| size * size).sum();
        let members: usize = others.iter().sum();
        // ANCHOR_END: growth
        let filling = icosahedral_filling(triangulation, &found.motifs);
        let mut spans = [false; 3];
        for network in &found.networks {
            if let Extent::Spans(axes) = network.extent {
                spans = [0, 1, 2].map(|k| spans[k] || axes[k]);
            }
        }
        Growth {
            bipyramids: found.motifs.len(),
            networks: found.networks.len(),
            largest,
            mean_size_of_others: squares as f64 / members.max(1) as f64,
            spans,
            icosahedra: filling.iter().filter(|&&n| n >= COMPLETE_FILLING).count(),
        }
    }

    /// The fraction of the bipyramids that are in the largest network; zero without any.
    pub fn share_of_largest(&self) -> f64 {
        self.largest as f64 / self.bipyramids.max(1) as f64
    }

    /// Whether a network runs through the box along any axis.
    pub fn percolates(&self) -> bool {
        self.spans != [false; 3]
    }

    /// The axes as a word: `xyz`, `x`, or nothing.
    pub fn spanned_axes(&self) -> String {
        let axes = ["x", "y", "z"].into_iter().zip(self.spans);
        axes.filter_map(|(axis, spans)| spans.then_some(axis))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bracket_lies_between_the_frames_without_and_with_a_spanning_network() {
        let frame = |kelvin, x| {
            let growth = Growth {
                bipyramids: 10,
                networks: 1,
                largest: 5,
                mean_size_of_others: 1.0,
                spans: [x, false, false],
                icosahedra: 0,
            };
            (kelvin, growth)
        };
        let bracket = |frames: &[(f64, bool)]| {
            let frames: Vec<_> = frames.iter().map(|&(t, x)| frame(t, x)).collect();
            percolation_bracket(&frames)
        };
        let quench = [
            (4500.0, false),
            (300.0, true),
            (2500.0, true),
            (3000.0, false),
        ];
        assert_eq!(bracket(&quench), Some(2500.0..3000.0));
        // Where a colder frame does not percolate and a hotter one does, both ends are told.
        let crossed = [(2000.0, false), (2500.0, true), (1500.0, true)];
        assert_eq!(bracket(&crossed), Some(2000.0..2500.0));
        assert_eq!(bracket(&[(2500.0, true), (300.0, true)]), None);
        assert_eq!(bracket(&[]), None);
    }
}
