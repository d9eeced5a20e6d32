//! The scenes of the network chapter: sharing pairs, clusters, partial icosahedra and networks
//! of pentagonal bipyramids (Fig. 5a, b, d, e, h, j, Figs. S16–S18 and S20).
//!
//! Which pair, cluster or network is shown, the library decides; here they are drawn.

use std::collections::{BTreeMap, BTreeSet};

use amorphous_packing::atoms::Vec3;
use amorphous_packing::geometry::{
    Image, TetrahedronId, Vertex, distance, dot, icosahedron, incentre, sub,
};
use amorphous_packing::network::tables::{Entry, largest_table};
use amorphous_packing::network::{
    Cluster, Extent, Link, Network, REPRESENTATIVE_FILLINGS, SMALLEST_PARTIAL_ICOSAHEDRON,
    clearest_pair, partial_icosahedra, richest_cluster, skeleton_planes, smallest_network_with,
};
use anyhow::Result;
use plotters::style::RGBColor;
use polars::df;

use crate::scene::{Scene, Sphere, Stick, Triangle, View};
use crate::style::{
    BLACK, CAPPING, DOUBLE_COLUMN_MM, FACE, FIVE_FOLD, PARTIAL_ICOSAHEDRON, RING, label,
};
use crate::views::Shot;
use crate::{Figure, Layout, Panel, panels};

/// Radii in ångström.
const BOND: f64 = 0.05;
const SKELETON: f64 = 0.13;
const CENTROID: f64 = 0.2;
/// The circumscribed radius of the icosahedra that mark partial icosahedra.
const MARK: f64 = 1.0;
/// The scale bar of networks.
const BAR_ANGSTROM: f64 = 4.0;

/// What the colours mean in Fig. 5, for a footnote.
pub const COLOURS: &str = "Capping atoms are brown, ring atoms and the atoms of networks blue, \
    bonds black lines; skeletons are orange, the centroids of tetrahedra that they join black.";

/// What they mean where only networks are shown.
const NETWORK_COLOURS: &str = "Atoms are blue, bonds black lines; skeletons are orange, the \
    centroids of tetrahedra that they join black. All panels have one scale.";

/// A centroid: a tetrahedron in one image.
type Corner = (TetrahedronId, Image);

/// Some bipyramids: their atoms (whether capping), bonds, centroids and skeletons, each once.
#[derive(Default)]
struct Parts {
    atoms: BTreeMap<Vertex, bool>,
    bonds: BTreeSet<[Vertex; 2]>,
    centroids: BTreeMap<Corner, Vec3>,
    struts: BTreeSet<[Corner; 2]>,
}

impl Parts {
    fn of(entry: Entry<'_>, members: &[(u32, Image)]) -> Parts {
        let mut parts = Parts::default();
        let triangulation = &entry.analysis.triangulation;
        for &(place, image) in members {
            let ring = entry.analysis.ring(entry.networks.motifs[place as usize]);
            let caps = ring.caps.map(|cap| cap.shifted(image));
            for cap in caps {
                parts.atoms.insert(cap, true);
            }
            let n = ring.fold();
            for k in 0..n {
                let [here, next] = [k, (k + 1) % n].map(|k| ring.atoms[k].shifted(image));
                parts.atoms.entry(here).or_insert(false);
                parts.bonds.insert(sorted([here, next]));
                for cap in caps {
                    parts.bonds.insert(sorted([here, cap]));
                }
                let [corner, following] = [k, (k + 1) % n].map(|k| {
                    let t = ring.tetrahedra[k];
                    (t.id, t.shift + image)
                });
                parts.struts.insert(sorted([corner, following]));
                let corners = triangulation.corners(corner.0);
                let places = corners.map(|v| triangulation.position(v.shifted(corner.1)));
                parts.centroids.insert(corner, incentre(places));
            }
        }
        parts
    }

    /// Balls of `radius` at the atoms, and black bonds.
    fn atoms(&self, entry: Entry<'_>, radius: f64, colour: impl Fn(bool) -> RGBColor) -> Scene {
        let place = |vertex: Vertex| entry.analysis.triangulation.position(vertex);
        let ball = |(&vertex, &capping): (&Vertex, &bool)| Sphere {
            centre: place(vertex),
            radius,
            colour: colour(capping),
        };
        let bond = |bond: &[Vertex; 2]| Stick {
            ends: bond.map(place),
            radius: BOND,
            colour: BLACK,
        };
        Scene {
            spheres: self.atoms.iter().map(ball).collect(),
            sticks: self.bonds.iter().map(bond).collect(),
            triangles: Vec::new(),
        }
    }

    /// Orange skeletons with black centroids.
    fn skeletons(&self) -> Scene {
        let dot = |&centre: &Vec3| Sphere {
            centre,
            radius: CENTROID,
            colour: BLACK,
        };
        let strut = |strut: &[Corner; 2]| Stick {
            ends: strut.map(|corner| self.centroids[&corner]),
            radius: SKELETON,
            colour: FIVE_FOLD,
        };
        Scene {
            spheres: self.centroids.values().map(dot).collect(),
            sticks: self.struts.iter().map(strut).collect(),
            triangles: Vec::new(),
        }
    }
}

fn sorted<T: Ord>(pair: [T; 2]) -> [T; 2] {
    let [a, b] = pair;
    if a <= b { [a, b] } else { [b, a] }
}

fn together(scenes: impl IntoIterator<Item = Scene>) -> Scene {
    scenes.into_iter().fold(Scene::default(), |mut all, scene| {
        all.spheres.extend(scene.spheres);
        all.sticks.extend(scene.sticks);
        all.triangles.extend(scene.triangles);
        all
    })
}

/// The ten faces of a bipyramid.
fn faces(entry: Entry<'_>, (place, image): (u32, Image), alpha: f64) -> Scene {
    let ring = entry.analysis.ring(entry.networks.motifs[place as usize]);
    let at = |vertex: Vertex| entry.analysis.triangulation.position(vertex.shifted(image));
    let n = ring.fold();
    let sides = (0..n).flat_map(|k| {
        ring.caps.map(|cap| Triangle {
            corners: [cap, ring.atoms[k], ring.atoms[(k + 1) % n]].map(at),
            colour: FACE,
            alpha,
        })
    });
    Scene {
        triangles: sides.collect(),
        ..Scene::default()
    }
}

/// Brown capping atoms, blue ring atoms.
fn by_role(capping: bool) -> RGBColor {
    if capping { CAPPING } else { RING }
}

/// Two bipyramids whose skeletons share a vertex (Fig. 5a).
pub fn vertex_pair(entry: Entry<'_>) -> Panel {
    pair(entry, &entry.networks.sharing.vertex, "vertex")
}

/// Two bipyramids whose skeletons share an edge (Fig. 5b).
pub fn edge_pair(entry: Entry<'_>) -> Panel {
    pair(entry, &entry.networks.sharing.edge, "edge")
}

fn pair(entry: Entry<'_>, links: &[Link], what: &str) -> Panel {
    let (analysis, motifs) = (entry.analysis, &entry.networks.motifs);
    let title = format!("Sharing {} {what}", if what == "edge" { "an" } else { "a" });
    let Some(link) = clearest_pair(&analysis.rings, motifs, links) else {
        return panels::placeholder(&format!("no two bipyramids share one {what}")).titled(&title);
    };
    let members = [(link.first, Image::HOME), (link.second, link.shift)];
    let parts = Parts::of(entry, &members);
    let bodies = members.map(|member| faces(entry, member, 0.16));
    let scene = together(
        [parts.atoms(entry, 0.42, by_role), parts.skeletons()]
            .into_iter()
            .chain(bodies),
    );
    // Both skeletons are seen equally slanted, side by side.
    let both = members.map(|(place, _)| motifs[place as usize]);
    let planes = skeleton_planes(&analysis.triangulation, &analysis.rings, &both);
    let [first, second] = [planes[0].normal, planes[1].normal];
    let sign = if dot(first, second) < 0.0 { -1.0 } else { 1.0 };
    let towards = [0, 1, 2].map(|k| first[k] + sign * second[k]);
    let centres = members.map(|member| {
        let skeleton = Parts::of(entry, &[member]).centroids;
        let n = skeleton.len().max(1) as f64;
        [0, 1, 2].map(|k| skeleton.values().map(|p| p[k]).sum::<f64>() / n)
    });
    let view = View::along(towards, sub(centres[1], centres[0]));
    Shot::new(scene).seen(view).panel().titled(&title)
}

/// The bipyramid with the most vertex-sharing neighbours in all samples (Fig. 5d).
pub fn vertex_cluster(entries: &[Entry<'_>]) -> Panel {
    cluster(entries, "vertex", |entry| &entry.networks.sharing.vertex)
}

/// The bipyramid with the most edge-sharing neighbours in all samples (Fig. 5e).
pub fn edge_cluster(entries: &[Entry<'_>]) -> Panel {
    cluster(entries, "edge", |entry| &entry.networks.sharing.edge)
}

fn cluster<'a>(
    entries: &[Entry<'a>],
    what: &str,
    links: impl Fn(&Entry<'a>) -> &'a [Link],
) -> Panel {
    let clusters = entries.iter().filter_map(|entry| {
        let motifs = &entry.networks.motifs;
        Some((
            *entry,
            richest_cluster(&entry.analysis.rings, motifs, links(entry))?,
        ))
    });
    // Of equally rich clusters the one of the first sample.
    let richest = clusters.reduce(|best: (Entry<'_>, Cluster), next| {
        if next.1.neighbours() > best.1.neighbours() {
            next
        } else {
            best
        }
    });
    let Some((entry, cluster)) = richest else {
        return panels::placeholder(&format!("no bipyramid has {what}-sharing neighbours"));
    };
    let parts = Parts::of(entry, &cluster.members);
    let scene = together([
        parts.atoms(entry, 0.42, by_role),
        parts.skeletons(),
        faces(entry, cluster.members[0], 0.22),
    ]);
    // Where there is one sample only, the other panels name it.
    let sample = match entries {
        [_] => String::new(),
        _ => format!(", {}", label(entry.sample)),
    };
    let n = cluster.neighbours();
    let title = format!("{n} {what}-sharing neighbours{sample}");
    Shot::new(scene).panel().titled(&title)
}

/// The skeleton of the smallest network that holds the partial icosahedra of the paper's
/// representative one, all of its partial icosahedra marked (Fig. 5h). Its table:
/// `sample, atom, n`.
///
/// # Errors
/// Only those of polars.
pub fn representative(entries: &[Entry<'_>]) -> Result<Panel> {
    let title = "Partial icosahedra";
    let found = entries.iter().filter_map(|entry| {
        let networks = entry.networks;
        let (rings, fillings) = (&entry.analysis.rings, &REPRESENTATIVE_FILLINGS);
        let place = smallest_network_with(fillings, &networks.networks, rings, &networks.motifs)?;
        Some((*entry, &networks.networks[place]))
    });
    let smallest = found.reduce(|best, next| {
        if next.1.size() < best.1.size() {
            next
        } else {
            best
        }
    });
    let Some((entry, network)) = smallest else {
        let none: (Vec<&str>, Vec<u32>, Vec<u32>) = Default::default();
        let table = df!("sample" => none.0, "atom" => none.1, "n" => none.2)?;
        let sentence = "no network holds partial icosahedra of 3, 3, 5, 5 and 8 bipyramids";
        return Ok(panels::placeholder(sentence)
            .with_table(&table)
            .titled(title));
    };
    let (rings, motifs) = (&entry.analysis.rings, &entry.networks.motifs);
    let partial = partial_icosahedra(network, rings, motifs, SMALLEST_PARTIAL_ICOSAHEDRON);
    let centres: Vec<(Vertex, u32)> = partial
        .iter()
        .filter_map(|&(atom, n)| {
            let vertex = network.atoms.iter().find(|vertex| vertex.atom == atom)?;
            Some((*vertex, n))
        })
        .collect();
    let at = |vertex: Vertex| entry.analysis.triangulation.position(vertex);
    let marks = centres.iter().map(|&(vertex, _)| mark(at(vertex)));
    let skeletons = Parts::of(entry, &network.members).skeletons();
    let shot = Shot::new(together(marks.chain([skeletons])));
    let shot = centres.iter().fold(shot, |shot, &(vertex, n)| {
        shot.label(at(vertex), MARK, &format!("*n* = {n}"))
    });
    let table = df!(
        "sample" => vec![entry.sample; partial.len()],
        "atom" => partial.iter().map(|mark| mark.0).collect::<Vec<_>>(),
        "n" => partial.iter().map(|mark| mark.1).collect::<Vec<_>>(),
    )?;
    let (size, sample) = (network.size(), label(entry.sample));
    let title = format!("{title} in a network of {size} bipyramids, {sample}");
    Ok(shot
        .labels_apart()
        .bar(BAR_ANGSTROM)
        .panel()
        .with_table(&table)
        .titled(&title))
}

/// A translucent icosahedron about `centre`.
fn mark(centre: Vec3) -> Scene {
    let corners = icosahedron();
    // The edge of an icosahedron is 1.0515 times its radius; the next distance is 1.7.
    let joined = |a: usize, b: usize| distance(corners[a], corners[b]) < 1.1;
    let place = |k: usize| [0, 1, 2].map(|axis| centre[axis] + MARK * corners[k][axis]);
    let mut scene = Scene::default();
    for a in 0..12 {
        for b in (a + 1..12).filter(|&b| joined(a, b)) {
            scene.sticks.push(Stick {
                ends: [place(a), place(b)],
                radius: 0.035,
                colour: PARTIAL_ICOSAHEDRON,
            });
            for c in (b + 1..12).filter(|&c| joined(a, c) && joined(b, c)) {
                scene.triangles.push(Triangle {
                    corners: [a, b, c].map(place),
                    colour: PARTIAL_ICOSAHEDRON,
                    alpha: 0.45,
                });
            }
        }
    }
    scene
}

/// The largest network of all samples (Fig. 5j), with the table of the largest of each.
///
/// # Errors
/// Only those of polars.
pub fn largest(entries: &[Entry<'_>]) -> Result<Panel> {
    let table = largest_table(entries, 1)?;
    let firsts = entries
        .iter()
        .filter_map(|entry| Some((*entry, entry.networks.networks.first()?)));
    let largest = firsts.reduce(|best, next| {
        if next.1.size() > best.1.size() {
            next
        } else {
            best
        }
    });
    let panel = match largest {
        Some((entry, network)) => {
            let title = format!("{}: {}", label(entry.sample), described(network));
            network_shot(entry, network).panel().titled(&title)
        }
        None => panels::placeholder("no network of bipyramids").titled("Largest network"),
    };
    Ok(panel.with_table(&table))
}

/// The five largest networks of each sample (Figs. S16–S18, S20), all at one scale, with their
/// sizes as titles; the table is named after the figure.
///
/// # Errors
/// Only those of polars.
pub fn five_largest(id: &str, entries: &[Entry<'_>]) -> Result<Figure> {
    let letters: Vec<char> = ('a'..='z').take(5 * entries.len()).collect();
    let rows: Vec<(f64, String)> = letters
        .chunks_exact(5)
        .flat_map(|of| {
            let cells = |row: &[char], wide: usize| {
                row.iter().flat_map(|&letter| vec![letter; wide]).collect()
            };
            [(82.0, cells(&of[..2], 3)), (68.0, cells(&of[2..], 2))]
        })
        .collect();
    let rows: Vec<(f64, &str)> = rows.iter().map(|row| (row.0, row.1.as_str())).collect();
    let layout = Layout::grid(DOUBLE_COLUMN_MM, &rows);
    let shots: Vec<Option<(Shot, String)>> = entries
        .iter()
        .flat_map(|entry| (0..5).map(move |rank| (entry, rank)))
        .map(|(entry, rank)| {
            let network = entry.networks.networks.get(rank)?;
            // The first panel of a sample names it.
            let name = if rank == 0 {
                label(entry.sample) + ": "
            } else {
                String::new()
            };
            Some((network_shot(*entry, network), name + &described(network)))
        })
        .collect();
    let scale = letters
        .iter()
        .zip(&shots)
        .filter_map(|(&letter, shot)| {
            let place = layout.rectangle(letter)?;
            Some(shot.as_ref()?.0.largest_scale(place.width, place.height))
        })
        .fold(f64::INFINITY, f64::min);
    let table = largest_table(entries, 5)?;
    let mut figure = Figure::new(id, "The largest networks of pentagonal bipyramids", layout)
        .table(id, &table)
        .footnote(NETWORK_COLOURS);
    for (letter, shot) in letters.into_iter().zip(shots) {
        let panel = match shot {
            Some((shot, title)) => shot.scaled(scale).panel().titled(&title),
            None => panels::placeholder("there is no further network"),
        };
        figure = figure.panel(letter, panel);
    }
    Ok(figure)
}

/// Blue atoms, black bonds, orange skeletons.
fn network_shot(entry: Entry<'_>, network: &Network) -> Shot {
    let parts = Parts::of(entry, &network.members);
    let scene = together([parts.atoms(entry, 0.40, |_| RING), parts.skeletons()]);
    Shot::new(scene).bar(BAR_ANGSTROM)
}

/// Size, atoms and length of a network.
fn described(network: &Network) -> String {
    let length = match network.extent {
        Extent::Length(length) => format!("{length:.1} Å"),
        Extent::Spans(_) => "spans the box".to_owned(),
    };
    let (size, atoms) = (network.size(), network.atoms.len());
    format!("{size} bipyramids, {atoms} atoms, {length}")
}
