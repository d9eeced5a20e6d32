//! Networks: bipyramids connected by edge sharing.
//!
//! Methods, "PBNs": a network grows from one skeleton over all edge-sharing skeletons; those of
//! five and more bipyramids count. Its size is the number of bipyramids, its length the largest
//! distance between two of its atoms. In a periodic box a network is followed across the
//! boundary; one that meets itself in another image spans the box and has no length.

use rayon::prelude::*;

use crate::atoms::{AtomId, Vec3};
use crate::geometry::{Image, Triangulation, Vertex};
use crate::numerics::Grouped;
use crate::packing::MotifId;

use super::sharing::{Link, Sharing, linked};

/// Fewer bipyramids than this are no network (Methods).
pub const SMALLEST_NETWORK: usize = 5;

/// How far a network reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extent {
    /// The largest distance between two of its atoms, in ångström.
    Length(f64),
    /// It runs through the periodic box along these axes.
    Spans([bool; 3]),
}

impl Extent {
    /// The length in ångström; `None` of what runs through the box.
    pub fn length(&self) -> Option<f64> {
        match *self {
            Extent::Length(length) => Some(length),
            Extent::Spans(_) => None,
        }
    }
}

/// One network.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Its bipyramids, by their places in the list of motifs, each with the image in which the
    /// network sees it; sorted.
    pub members: Vec<(u32, Image)>,
    /// Its atoms, each once, in the image in which the network sees them; sorted.
    pub atoms: Vec<Vertex>,
    /// Its length, or how it spans the box.
    pub extent: Extent,
}

impl Network {
    /// The number of bipyramids.
    pub fn size(&self) -> usize {
        self.members.len()
    }
}

/// The networks of `motifs` under edge sharing, largest first; of equal size, the one with the
/// earlier motif first.
pub fn networks(
    triangulation: &Triangulation,
    motifs: &[MotifId],
    sharing: &Sharing,
) -> Vec<Network> {
    let components = Components::new(motifs.len(), &sharing.edge);
    let large = components
        .iter()
        .filter(|component| component.members.len() >= SMALLEST_NETWORK);
    let mut networks: Vec<Network> = large
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|component| {
            let atoms = atoms_of(triangulation, motifs, component.members);
            let extent = if component.spans == [false; 3] {
                let places: Vec<Vec3> = atoms.iter().map(|&v| triangulation.position(v)).collect();
                Extent::Length(largest_distance(&places))
            } else {
                Extent::Spans(component.spans)
            };
            Network {
                members: component.members.to_vec(),
                atoms,
                extent,
            }
        })
        .collect();
    networks.sort_by_key(|network| (std::cmp::Reverse(network.size()), network.members[0].0));
    networks
}

/// The sizes of all clusters of motifs under edge sharing, largest first, single motifs included.
pub fn cluster_sizes(motifs: usize, sharing: &Sharing) -> Vec<usize> {
    let clusters = Components::new(motifs, &sharing.edge);
    let mut sizes: Vec<usize> = clusters
        .iter()
        .map(|cluster| cluster.members.len())
        .collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes
}

/// Motifs connected by links.
struct Component<'a> {
    /// Each with the image in which the component sees it; sorted.
    members: &'a [(u32, Image)],
    spans: [bool; 3],
}

/// All connected components, each unwrapped from its first motif on.
struct Components {
    members: Vec<(u32, Image)>,
    /// Where the members of each component end, and along which axes it spans the box.
    ends: Vec<(u32, [bool; 3])>,
}

impl Components {
    fn new(motifs: usize, links: &[Link]) -> Components {
        let steps = linked(motifs, links);
        let mut seen: Vec<Option<Image>> = vec![None; motifs];
        let mut components = Components {
            members: Vec::with_capacity(motifs),
            ends: Vec::new(),
        };
        for start in 0..motifs as u32 {
            if seen[start as usize].is_none() {
                components.add(start, &steps, &mut seen);
            }
        }
        components
    }

    // ANCHOR: unwrapping
    /// Adds the component of `start`; `seen` holds the image in which each motif was met first.
    fn add(&mut self, start: u32, steps: &Grouped<(u32, Image)>, seen: &mut [Option<Image>]) {
        let (first, mut spans) = (self.members.len(), [false; 3]);
        self.members.push((start, Image::HOME));
        seen[start as usize] = Some(Image::HOME);
        let mut next = first;
        while let Some(&(here, image)) = self.members.get(next) {
            next += 1;
            for &(there, shift) in steps.of(here) {
                let place = image + shift;
                let first_met = *seen[there as usize].get_or_insert_with(|| {
                    self.members.push((there, place));
                    place
                });
                let round = (place - first_met).0;
                spans = [0, 1, 2].map(|axis| spans[axis] || round[axis] != 0);
            }
        }
        self.members[first..].sort_unstable();
        self.ends.push((self.members.len() as u32, spans));
    }
    // ANCHOR_END: unwrapping

    fn iter(&self) -> impl Iterator<Item = Component<'_>> {
        let mut start = 0;
        self.ends.iter().map(move |&(end, spans)| {
            let members = &self.members[start..end as usize];
            start = end as usize;
            Component { members, spans }
        })
    }
}

/// The atoms of the members, each atom once (in its first image, should it occur in several).
fn atoms_of(
    triangulation: &Triangulation,
    motifs: &[MotifId],
    members: &[(u32, Image)],
) -> Vec<Vertex> {
    let mut atoms = Vec::new();
    for &(place, image) in members {
        let ring = triangulation.ring(motifs[place as usize]);
        atoms.extend(ring.vertices().map(|vertex| vertex.shifted(image)));
    }
    atoms.sort_unstable();
    atoms.dedup_by_key(|vertex: &mut Vertex| -> AtomId { vertex.atom });
    atoms.shrink_to_fit();
    atoms
}

// ANCHOR: length
/// The largest distance between two of the `places`, in ångström.
fn largest_distance(places: &[Vec3]) -> f64 {
    let squared = (0..places.len())
        .into_par_iter()
        .map(|i| {
            places[i + 1..]
                .iter()
                .map(|&place| place.distance_squared(places[i]))
                .fold(0.0, f64::max)
        })
        .reduce(|| 0.0, f64::max);
    squared.sqrt()
}
// ANCHOR_END: length
