//! Triplets: three tetrahedra in a row, the loosest motif.
//!
//! Methods, "Polytetrahedral packing analysis", motif (1). A triplet is a path a–b–c in the graph
//! of face-sharing tetrahedra in which a or c is a loose end (it shares no other face), and none
//! of the three lies on a cycle of four to eight tetrahedra: those belong to larger motifs. The
//! cycle is any simple cycle of the graph, not only a ring about one edge.

use rayon::prelude::*;

use crate::geometry::{TetrahedronId, Triangulation};
use crate::numerics::{Mask, Numbered, numbered};

/// The cycle lengths that make a larger motif.
const CYCLE: std::ops::RangeInclusive<usize> = 4..=8;

/// The pairs of accepted tetrahedra that share a face, smaller index first, sorted.
pub fn face_pairs(
    triangulation: &Triangulation,
    accepted: &Mask<TetrahedronId>,
) -> Vec<(TetrahedronId, TetrahedronId)> {
    let mut pairs: Vec<_> = triangulation
        .par_tetrahedra()
        .filter(|&t| accepted[t])
        .flat_map_iter(|t| {
            face_neighbours(triangulation, accepted, t)
                .filter(move |&other| t < other)
                .map(move |other| (t, other))
        })
        .collect();
    pairs.par_sort_unstable();
    pairs
}

/// The triplets among the accepted tetrahedra: end, middle, end; the smaller end first; sorted.
pub fn triplets(
    triangulation: &Triangulation,
    accepted: &Mask<TetrahedronId>,
) -> Vec<[TetrahedronId; 3]> {
    let tetrahedra: Vec<TetrahedronId> = accepted.marked().collect();
    let graph = FaceGraph::new(triangulation, &tetrahedra);
    let found = graph.first(tetrahedra.len()).triplets(|_| false);
    let of_nodes = |path: [Node; 3]| path.map(|node| tetrahedra[node.index()]);
    found.into_iter().map(of_nodes).collect()
}

/// The smallest `delta_max` at which all of these tetrahedra are accepted: the largest of their
/// distortions.
pub fn critical_delta(triangulation: &Triangulation, tetrahedra: &[TetrahedronId]) -> f64 {
    let deltas = tetrahedra.iter().map(|&t| triangulation.shape(t).delta);
    deltas.fold(0.0, f64::max)
}

fn face_neighbours(
    triangulation: &Triangulation,
    accepted: &Mask<TetrahedronId>,
    t: TetrahedronId,
) -> impl Iterator<Item = TetrahedronId> {
    triangulation
        .neighbours(t)
        .into_iter()
        .flatten()
        .map(|neighbour| neighbour.tetrahedron)
        .filter(|&other| accepted[other])
}

numbered! {
    /// The place of a tetrahedron in the list of a [`FaceGraph`].
    pub(super) struct Node;
}

/// Which tetrahedra of a list share faces.
pub(super) struct FaceGraph {
    neighbours: Vec<[Node; 4]>,
}

/// The first tetrahedra of the list alone: those accepted at some distortion, when the list is
/// sorted by distortion.
#[derive(Clone, Copy)]
pub(super) struct FirstNodes<'a> {
    neighbours: &'a [[Node; 4]],
}

impl FaceGraph {
    pub(super) fn new(triangulation: &Triangulation, tetrahedra: &[TetrahedronId]) -> FaceGraph {
        // Nobody stands behind the last node, whatever the number of nodes.
        let nobody = Node::new(u32::MAX);
        let mut nodes = vec![nobody; triangulation.len()];
        for (node, &t) in Node::first(tetrahedra.len()).zip(tetrahedra) {
            nodes[t.index()] = node;
        }
        let neighbours = tetrahedra.par_iter().map(|&t| {
            [0, 1, 2, 3].map(|k| match triangulation.neighbour(t, k) {
                Some(neighbour) => nodes[neighbour.tetrahedron.index()],
                None => nobody,
            })
        });
        FaceGraph {
            neighbours: neighbours.collect(),
        }
    }

    /// The graph of the first `count` tetrahedra.
    pub(super) fn first(&self, count: usize) -> FirstNodes<'_> {
        FirstNodes {
            neighbours: &self.neighbours[..count],
        }
    }
}

impl FirstNodes<'_> {
    /// The triplets: end, middle, end; the smaller end first; sorted. `in_ring` knows tetrahedra of
    /// accepted rings: a ring is a cycle, and what lies on one need not be searched.
    pub(super) fn triplets(self, in_ring: impl Fn(Node) -> bool + Sync) -> Vec<[Node; 3]> {
        // ANCHOR: triplets
        let neighbours = |t| self.neighbours(t);
        let loose = |t| neighbours(t).count() == 1;
        let core = self.two_core();
        let cyclic = |t| in_ring(t) || self.on_cycle(&core, t);
        let mut triplets: Vec<[Node; 3]> = Node::par_first(self.neighbours.len())
            .filter(|&a| loose(a))
            .flat_map_iter(|a| {
                neighbours(a)
                    .filter(|&b| !cyclic(b))
                    .flat_map(move |b| neighbours(b).map(move |c| [a, b, c]))
            })
            // A path between two loose ends is found from both; the smaller end reports it.
            .filter(|&[a, _, c]| c != a && !(c < a && loose(c)))
            .filter(|&[_, _, c]| !cyclic(c))
            .map(|[a, b, c]| [a.min(c), b, a.max(c)])
            .collect();
        // ANCHOR_END: triplets
        triplets.par_sort_unstable();
        triplets
    }

    #[inline]
    fn neighbours(self, t: Node) -> impl Iterator<Item = Node> {
        let count = self.neighbours.len();
        let all = self.neighbours[t.index()].into_iter();
        all.filter(move |&other| other.index() < count)
    }

    /// The graph without its loose ends, their loose ends, and so on: all cycles lie in it.
    fn two_core(self) -> Mask<Node> {
        let mut core: Mask<Node> = Mask::all(self.neighbours.len(), true);
        let inside = |core: &Mask<Node>, t| self.neighbours(t).filter(|&n| core[n]).count();
        let mut loose: Vec<Node> = Node::first(self.neighbours.len())
            .filter(|&t| self.neighbours(t).count() < 2)
            .collect();
        while let Some(t) = loose.pop() {
            if std::mem::replace(&mut core[t], false) {
                let beside = self.neighbours(t).filter(|&n| core[n]);
                loose.extend(beside.filter(|&n| inside(&core, n) < 2));
            }
        }
        core
    }

    /// Whether a simple cycle of [`CYCLE`] tetrahedra passes through `t`.
    fn on_cycle(self, core: &Mask<Node>, t: Node) -> bool {
        core[t] && self.closes(core, &mut vec![t])
    }

    // ANCHOR: cycle
    /// Depth-first search for a way back to the start of `path`.
    fn closes(self, core: &Mask<Node>, path: &mut Vec<Node>) -> bool {
        let (first, last) = (path[0], path[path.len() - 1]);
        for next in self.neighbours(last).filter(|&n| core[n]) {
            if next == first && CYCLE.contains(&path.len()) {
                return true;
            }
            if path.len() < *CYCLE.end() && !path.contains(&next) {
                path.push(next);
                if self.closes(core, path) {
                    return true;
                }
                path.pop();
            }
        }
        false
    }
    // ANCHOR_END: cycle
}
