//! The scenes of the network chapter: sharing pairs, clusters, partial icosahedra and networks
//! of pentagonal bipyramids (Fig. 5a, b, d, e, f, h, j, Figs. S16–S18 and S20).
//!
//! Which pair, cluster or network is shown, the rules of [`amorphous_packing::network`] decide; here
//! they are drawn.

use amorphous_packing::atoms::Vec3;
use amorphous_packing::geometry::{Image, Vertex, best_plane, icosahedron};
use amorphous_packing::network::{
    Cluster, Extent, Link, Network, clearest_pair, partial_icosahedra, richest_cluster,
    smallest_network_with,
};
use amorphous_packing::numerics::Numbered;
use amorphous_packing::report::NetworkRows;
use amorphous_packing::report::network::largest_table;
use anyhow::Result;
use polars::df;

use crate::page::panel::placeholder;
use crate::page::style::{BLACK, DOUBLE_COLUMN_MM, FIVE_FOLD, PARTIAL_ICOSAHEDRON, RING, label};
use crate::render::{Scene, Stick, Triangle, View};
use crate::scenes::parts::{Parts, by_role, faces, together};
use crate::scenes::shot::Shot;
use crate::{Figure, Layout, Panel};

/// The partial icosahedra of the network that the paper shows (Fig. 5h): `n` of each, largest
/// first.
pub const REPRESENTATIVE_FILLINGS: [u32; 5] = [8, 5, 5, 3, 3];

/// Fewer bipyramids about an atom than this are no partial icosahedron worth a mark (Fig. 5h).
pub const SMALLEST_PARTIAL_ICOSAHEDRON: u32 = 3;

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

/// Two bipyramids whose skeletons share a vertex (Fig. 5a).
pub fn vertex_pair(entry: NetworkRows<'_>) -> Panel {
    let links = &entry.of.found.sharing.vertex;
    pair_panel(entry, links, 4, "Vertex sharing: four common atoms")
}

/// Two bipyramids whose skeletons share an edge (Fig. 5b).
pub fn edge_pair(entry: NetworkRows<'_>) -> Panel {
    let links = &entry.of.found.sharing.edge;
    pair_panel(entry, links, 5, "Edge sharing: five common atoms")
}

fn pair_panel(entry: NetworkRows<'_>, links: &[Link], common: usize, title: &str) -> Panel {
    let Some(pair) = Pair::clearest(entry, links, common) else {
        return placeholder("there is no such pair of bipyramids").titled(title);
    };
    let parts = Parts::of(entry, &pair.members);
    let bodies = pair.members.map(|member| faces(entry, member, 0.13));
    let balls = [
        parts.atoms(&entry.of.analysis.triangulation, 0.38, by_role),
        parts.skeletons(FIVE_FOLD),
    ];
    // Both skeletons are seen equally slanted, side by side; a little from above, so that no
    // bond lies before what they share.
    let [first, second] = pair.normals;
    let view = View::along(first + second, pair.centres[1] - pair.centres[0]).turned(8.0, 14.0);
    let shot = Shot::new(together(balls.into_iter().chain(bodies)));
    shot.seen(view).panel().titled(title)
}

/// Two bipyramids with the planes of their skeletons.
struct Pair {
    members: [(u32, Image); 2],
    /// The unit normals, less than a right angle apart.
    normals: [Vec3; 2],
    /// The means of the centroids.
    centres: [Vec3; 2],
}

impl Pair {
    fn clearest(entry: NetworkRows<'_>, links: &[Link], common: usize) -> Option<Pair> {
        let link = clearest_pair(
            &entry.of.analysis.triangulation,
            &entry.of.found.motifs,
            links,
            common,
        )?;
        let members = [(link.first, Image::HOME), (link.second, link.shift)];
        let planes = members.map(|member| {
            let skeleton = Parts::of(entry, &[member]).centroids;
            best_plane(&skeleton.into_values().collect::<Vec<Vec3>>())
        });
        let [first, second] = planes.map(|plane| plane.normal);
        let sign = if first.dot(second) < 0.0 { -1.0 } else { 1.0 };
        Some(Pair {
            members,
            normals: [first, sign * second],
            centres: planes.map(|plane| plane.centre),
        })
    }
}

/// The panel of the dihedral angle with a picture of it (Fig. 5f): the skeletons of the pair of
/// Fig. 5b, and the angle between their planes.
pub fn with_dihedral_inset(panel: Panel, entry: NetworkRows<'_>) -> Panel {
    let Some(pair) = Pair::clearest(entry, &entry.of.found.sharing.edge, 5) else {
        return panel;
    };
    let skeletons = Parts::of(entry, &pair.members);
    let [one, other] = pair
        .members
        .map(|member| Parts::of(entry, &[member]).centroids);
    let shared: Vec<Vec3> = one
        .into_iter()
        .filter_map(|(corner, place)| other.contains_key(&corner).then_some(place))
        .collect();
    let &[mut start, mut end] = shared.as_slice() else {
        return panel;
    };
    let [left, right] = pair.centres;
    let roof = (end - start).cross(right - left).dot(start - left);
    // Seen from the end from which the pair looks like a roof.
    if roof < 0.0 {
        std::mem::swap(&mut start, &mut end);
    }
    let along = end - start;
    // At the end of the shared edge that is nearer to the viewer nothing hides the angle.
    let arms = pair.centres.map(|centre| across(centre - end, along));
    let arc = arc(end, arms, 0.8 * arms[0].length().min(arms[1].length()));
    let stick = |ends: [Vec3; 2]| Stick {
        ends,
        radius: 0.05,
        colour: BLACK,
    };
    let lines = arms.map(|arm| stick([end, end + arm]));
    let angle = Scene {
        sticks: arc
            .windows(2)
            .map(|two| stick([two[0], two[1]]))
            .chain(lines)
            .collect(),
        ..Scene::default()
    };
    // Nearly along the shared edge, so that the angle on paper is nearly the angle.
    let view = View::along(along, arms[1] - arms[0]).turned(8.0, 34.0);
    let shot = Shot::new(together([skeletons.skeletons(FIVE_FOLD), angle])).seen(view);
    let inset = shot.label(arc[arc.len() / 2], 0.3, "*φ*").panel();
    panel.with_inset(inset, (0.64, 0.27), (0.97, 0.74))
}

/// The part of `a` that is perpendicular to `axis`.
fn across(a: Vec3, axis: Vec3) -> Vec3 {
    let share = a.dot(axis) / axis.dot(axis);
    a - share * axis
}

/// Points on the arc about `hinge` from one arm to the other.
pub(crate) fn arc(hinge: Vec3, arms: [Vec3; 2], radius: f64) -> Vec<Vec3> {
    const STEPS: u32 = 24;
    let [from, to] = arms.map(|arm| arm / arm.length());
    let rise = across(to, from);
    let (angle, rise) = (from.dot(to).clamp(-1.0, 1.0).acos(), rise / rise.length());
    let point = |step: u32| {
        let (sine, cosine) = (angle * f64::from(step) / f64::from(STEPS)).sin_cos();
        hinge + radius * (cosine * from + sine * rise)
    };
    (0..=STEPS).map(point).collect()
}

/// The bipyramid with the most vertex-sharing neighbours in all samples (Fig. 5d).
pub fn vertex_cluster(entries: &[NetworkRows<'_>]) -> Panel {
    cluster(entries, "vertex", |entry| &entry.of.found.sharing.vertex)
}

/// The bipyramid with the most edge-sharing neighbours in all samples (Fig. 5e).
pub fn edge_cluster(entries: &[NetworkRows<'_>]) -> Panel {
    cluster(entries, "edge", |entry| &entry.of.found.sharing.edge)
}

fn cluster<'a>(
    entries: &[NetworkRows<'a>],
    what: &str,
    links: impl Fn(&NetworkRows<'a>) -> &'a [Link],
) -> Panel {
    let clusters = entries.iter().filter_map(|entry| {
        let motifs = &entry.of.found.motifs;
        Some((
            *entry,
            richest_cluster(&entry.of.analysis.triangulation, motifs, links(entry))?,
        ))
    });
    // Of equally rich clusters the one of the first sample.
    let richest = clusters.reduce(|best: (NetworkRows<'_>, Cluster), next| {
        if next.1.neighbours() > best.1.neighbours() {
            next
        } else {
            best
        }
    });
    let Some((entry, cluster)) = richest else {
        return placeholder(&format!("no bipyramid has {what}-sharing neighbours"));
    };
    let parts = Parts::of(entry, &cluster.members);
    let scene = together([
        parts.atoms(&entry.of.analysis.triangulation, 0.42, by_role),
        parts.skeletons(FIVE_FOLD),
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
pub fn representative(entries: &[NetworkRows<'_>]) -> Result<Panel> {
    let title = "Partial icosahedra";
    let found = entries.iter().filter_map(|entry| {
        let networks = entry.of.found;
        let (triangulation, fillings) =
            (&entry.of.analysis.triangulation, &REPRESENTATIVE_FILLINGS);
        let place = smallest_network_with(
            fillings,
            &networks.networks,
            triangulation,
            &networks.motifs,
        )?;
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
        return Ok(placeholder(sentence).with_table(&table).titled(title));
    };
    let (triangulation, motifs) = (&entry.of.analysis.triangulation, &entry.of.found.motifs);
    let partial = partial_icosahedra(network, triangulation, motifs, SMALLEST_PARTIAL_ICOSAHEDRON);
    let centres: Vec<(Vertex, u32)> = partial
        .iter()
        .filter_map(|&(atom, n)| {
            let vertex = network.atoms.iter().find(|vertex| vertex.atom == atom)?;
            Some((*vertex, n))
        })
        .collect();
    let at = |vertex: Vertex| entry.of.analysis.triangulation.position(vertex);
    let marks = centres.iter().map(|&(vertex, _)| mark(at(vertex)));
    let skeletons = Parts::of(entry, &network.members).skeletons(FIVE_FOLD);
    let shot = Shot::new(together(marks.chain([skeletons])));
    let shot = centres.iter().fold(shot, |shot, &(vertex, n)| {
        shot.label(at(vertex), MARK, &format!("*n* = {n}"))
    });
    let table = df!(
        "sample" => vec![entry.sample; partial.len()],
        "atom" => partial.iter().map(|mark| mark.0.number()).collect::<Vec<_>>(),
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
    let joined = |a: usize, b: usize| corners[a].distance(corners[b]) < 1.1;
    let place = |k: usize| centre + MARK * corners[k];
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
pub fn largest(entries: &[NetworkRows<'_>]) -> Result<Panel> {
    let table = largest_table(entries, 1)?;
    let firsts = entries
        .iter()
        .filter_map(|entry| Some((*entry, entry.of.found.networks.first()?)));
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
        None => placeholder("no network of bipyramids").titled("Largest network"),
    };
    Ok(panel.with_table(&table))
}

/// The five largest networks of each sample (Figs. S16–S18, S20), all at one scale, with their
/// sizes as titles; the table is named after the figure.
///
/// # Errors
/// Only those of polars.
pub fn five_largest(id: &str, entries: &[NetworkRows<'_>]) -> Result<Figure> {
    let letters: Vec<char> = ('a'..='z').take(5 * entries.len()).collect();
    let rows: Vec<(f64, String)> = letters
        .chunks_exact(5)
        .flat_map(|of| {
            let cells = |row: &[char], wide: usize| {
                row.iter().flat_map(|&letter| vec![letter; wide]).collect()
            };
            [(84.0, cells(&of[..2], 3)), (84.0, cells(&of[2..], 2))]
        })
        .collect();
    let rows: Vec<(f64, &str)> = rows.iter().map(|row| (row.0, row.1.as_str())).collect();
    let layout = Layout::grid(DOUBLE_COLUMN_MM, &rows);
    let shots: Vec<Option<(Shot, String)>> = entries
        .iter()
        .flat_map(|entry| (0..5).map(move |rank| (entry, rank)))
        .map(|(entry, rank)| {
            let network = entry.of.found.networks.get(rank)?;
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
            None => placeholder("there is no further network"),
        };
        figure = figure.panel(letter, panel);
    }
    Ok(figure)
}

/// Blue atoms, black bonds, orange skeletons.
fn network_shot(entry: NetworkRows<'_>, network: &Network) -> Shot {
    let parts = Parts::of(entry, &network.members);
    let scene = together([
        parts.atoms(&entry.of.analysis.triangulation, 0.40, |_| RING),
        parts.skeletons(FIVE_FOLD),
    ]);
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
