//! `view.html`: an analysed structure as a page that turns.

use amorphous_packing::atoms::Boundary;
use amorphous_packing::numerics::Numbered;
use anyhow::Result;

use crate::commands::structure_frame::Analysed;
use crate::page::style::{element_colour, rank_colour};
use crate::view::{Kind, NetworkInfo, View, page};

/// The radius of a ball as a share of the shell distance: balls nearly touch.
const RADIUS: f64 = 0.33;
/// So many networks can be chosen; the others are together.
const LISTED: usize = 500;

/// The page of a structure.
///
/// # Errors
/// Those of the page.
pub fn view_page(frame: &Analysed, name: &str) -> Result<String> {
    page(&view(frame, name))
}

fn view(frame: &Analysed, name: &str) -> View {
    let (analysis, description) = (&frame.analysis, &frame.description);
    let atoms = &analysis.atoms;
    let composition = atoms.composition();
    let networks = &description.found.networks;
    let listed = networks.iter().zip(1_u32..).take(LISTED);
    let unit = |colour: [f64; 3]| colour.map(|part| part as f32);
    View {
        title: name.to_owned(),
        subtitle: format!("frame {} of {}", frame.row.index, frame.row.file),
        facts: facts(frame),
        positions: atoms
            .positions()
            .iter()
            .map(|place| place.as_vec3().to_array())
            .collect(),
        species: atoms.kinds(),
        kinds: composition
            .iter()
            .enumerate()
            .map(|(place, (element, _))| Kind {
                symbol: element.symbol().to_owned(),
                radius_angstrom: RADIUS * analysis.first_valley_angstrom,
                colour: unit(element_colour(place)),
            })
            .collect(),
        network: description.network.clone(),
        crystal: analysis.crystal.iter().collect(),
        filling: description
            .filling
            .iter()
            .map(|&n| n.min(12) as u8)
            .collect(),
        networks: listed
            .map(|(network, rank)| NetworkInfo {
                rank,
                bipyramids: network.size(),
                atoms: network.atoms.len(),
                length_angstrom: network.extent.length(),
                colour: unit(rank_colour(rank as usize)),
            })
            .collect(),
        bonds: axes(frame),
        lattice: match atoms.boundary() {
            Boundary::Open => None,
            Boundary::Periodic(cell) => {
                let reach = cell.closed_about(atoms.positions(), 0.0);
                Some(([0.0; 3], reach.map(|a| a.to_array())))
            }
        },
    }
}

/// The axes of the bipyramids of networks, from cap to cap, that do not leave the cell.
fn axes(frame: &Analysed) -> Vec<[u32; 2]> {
    let found = &frame.description.found;
    let members = found.networks.iter().flat_map(|network| &network.members);
    let caps = members.map(|&(motif, _)| {
        let motif = found.motifs[motif as usize];
        frame.analysis.triangulation.caps(motif)
    });
    caps.filter(|[a, b]| a.image == b.image)
        .map(|caps| caps.map(|cap| cap.atom.number()))
        .collect()
}

fn facts(frame: &Analysed) -> Vec<(String, String)> {
    let of = &frame.row.summary;
    let composition: Vec<String> = of
        .species
        .iter()
        .map(|part| format!("{} {}", part.element.symbol(), part.atoms))
        .collect();
    let facts = [
        ("Atoms", composition.join(", ")),
        (
            "Shell distance",
            format!("{:.2} Å", of.shell_distance_angstrom),
        ),
        (
            "In crystal nuclei",
            format!("{:.1} %", 100.0 * of.crystal_fraction),
        ),
        (
            "Pentagonal bipyramids",
            format!(
                "{}, {:.3} per amorphous atom",
                of.pentagonal_bipyramids, of.pentagonal_bipyramids_per_atom
            ),
        ),
        ("Networks", of.networks.to_string()),
        (
            "Largest network",
            format!("{} bipyramids", of.largest_network_bipyramids),
        ),
    ];
    facts.map(|(name, value)| (name.to_owned(), value)).into()
}
