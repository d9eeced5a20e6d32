//! How the networks grow along the quench, and where they percolate (main text, last section;
//! Fig. 6, Supplementary Fig. 21).
//!
//! A network percolates when it runs through the periodic box. Short of that, the fraction of the
//! bipyramids that the largest network holds and the mean size of the others tell how near it is:
//! the first rises from nothing, the second has its maximum at the threshold (Stauffer and
//! Aharony, Introduction to Percolation Theory, 1994, eqs. 14 and 29).

use crate::geometry::Triangulation;
use crate::network::{Extent, MotifNetworks, cluster_sizes, icosahedral_filling};

/// The corners of an icosahedron: an atom with as many fivefold bonds is the centre of a whole one.
pub const COMPLETE_FILLING: u32 = 12;

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

    /// The axes as a word: `xyz`, `x`, or nothing.
    pub fn spanned_axes(&self) -> String {
        let axes = ["x", "y", "z"].into_iter().zip(self.spans);
        axes.filter_map(|(axis, spans)| spans.then_some(axis))
            .collect()
    }
}
