//! Networks: bipyramids connected by edge sharing.
//!
//! Methods, "PBNs": a network grows from one skeleton over all edge-sharing skeletons; those of
//! five and more bipyramids count. Its size is the number of bipyramids, its length the largest
//! distance between two of its atoms. In a periodic box a network is followed across the
//! boundary; one that meets itself in another image spans the box and has no length.

use std::collections::VecDeque;

use rayon::prelude::*;

use crate::atoms::{AtomId, Vec3};
use crate::geometry::{EdgeRings, Image, Triangulation, Vertex, dot, sub};
use crate::packing::MotifId;

use super::{Link, Sharing};

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
    rings: &EdgeRings,
    motifs: &[MotifId],
    sharing: &Sharing,
) -> Vec<Network> {
    let mut networks: Vec<Network> = components(motifs.len(), &sharing.edge)
        .into_iter()
        .filter(|component| component.members.len() >= SMALLEST_NETWORK)
        .map(|component| {
            let atoms = atoms_of(rings, motifs, &component.members);
            let extent = if component.spans == [false; 3] {
                let places: Vec<Vec3> = atoms.iter().map(|&v| triangulation.position(v)).collect();
                Extent::Length(largest_distance(&places))
            } else {
                Extent::Spans(component.spans)
            };
            Network {
                members: component.members,
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
    let clusters = components(motifs, &sharing.edge).into_iter();
    let mut sizes: Vec<usize> = clusters.map(|cluster| cluster.members.len()).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes
}

struct Component {
    members: Vec<(u32, Image)>,
    spans: [bool; 3],
}

/// A linked motif, and what the link adds to the image.
type Step = (u32, Image);

/// Connected components, each unwrapped from its first motif on.
fn components(motifs: usize, links: &[Link]) -> Vec<Component> {
    let mut beside: Vec<Vec<Step>> = vec![Vec::new(); motifs];
    for link in links {
        beside[link.first as usize].push((link.second, link.shift));
        beside[link.second as usize].push((link.first, Image::HOME - link.shift));
    }
    let mut seen: Vec<Option<Image>> = vec![None; motifs];
    let mut components = Vec::new();
    for start in 0..motifs as u32 {
        if seen[start as usize].is_none() {
            components.push(component_from(start, &beside, &mut seen));
        }
    }
    components
}

// ANCHOR: unwrapping
/// The component of `start`; `beside` holds the links of each motif, `seen` the image in which it
/// was met first.
fn component_from(start: u32, beside: &[Vec<Step>], seen: &mut [Option<Image>]) -> Component {
    let (mut members, mut spans) = (Vec::new(), [false; 3]);
    let mut queue = VecDeque::from([(start, Image::HOME)]);
    seen[start as usize] = Some(Image::HOME);
    while let Some((here, image)) = queue.pop_front() {
        members.push((here, image));
        for &(next, shift) in &beside[here as usize] {
            let place = image + shift;
            let first_met = *seen[next as usize].get_or_insert_with(|| {
                queue.push_back((next, place));
                place
            });
            let round = (place - first_met).0;
            spans = [0, 1, 2].map(|axis| spans[axis] || round[axis] != 0);
        }
    }
    members.sort_unstable();
    Component { members, spans }
}
// ANCHOR_END: unwrapping

/// The atoms of the members, each atom once (in its first image, should it occur in several).
fn atoms_of(rings: &EdgeRings, motifs: &[MotifId], members: &[(u32, Image)]) -> Vec<Vertex> {
    let mut atoms: Vec<Vertex> = members
        .iter()
        .flat_map(|&(place, image)| {
            let ring = rings.ring(motifs[place as usize] as usize);
            ring.vertices().map(move |vertex| vertex.shifted(image))
        })
        .collect();
    atoms.sort_unstable();
    atoms.dedup_by_key(|vertex: &mut Vertex| -> AtomId { vertex.atom });
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
                .map(|&p| {
                    let d = sub(p, places[i]);
                    dot(d, d)
                })
                .fold(0.0, f64::max)
        })
        .reduce(|| 0.0, f64::max);
    squared.sqrt()
}
// ANCHOR_END: length
