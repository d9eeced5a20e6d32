//! The motifs and networks of your own structure, whatever its file.
//!
//! `cargo run --example own_structure -- FILE [SYMBOL,…]`: a file of atoms (XYZ, LAMMPS dump,
//! POSCAR, CIF …) and, where it has numbers for types, the elements of the types 1, 2, … Prints the
//! motifs and the largest networks of each frame. The book's page "Analyse your own structure" says
//! which files are read, and what the command `analyze` finds beside these.

use std::error::Error;
use std::path::Path;

use amorphous_packing::formats::structure::{Choice, open};
use amorphous_packing::prelude::*;

/// So many networks are told.
const TOLD: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (file, choice) = match &arguments[..] {
        [file] => (file, Choice::default()),
        [file, symbols] => (file, choice(symbols)?),
        _ => return Err("usage: own_structure FILE [SYMBOL,…]".into()),
    };
    // ANCHOR: frames
    for frame in open(Path::new(file), None)? {
        let atoms = frame?.to_atoms(&choice)?;
        let analysis = Analysis::builder(atoms).run(&Silent)?;
        let description = Description::of(&analysis);
        tell(&Summary::of(&analysis, &description));
        for (network, rank) in description.found.networks.iter().zip(1..).take(TOLD) {
            let reach = match network.extent {
                Extent::Length(length) => format!("{length:.1} Å long"),
                Extent::Spans(axes) => format!("runs through the cell: {axes:?}"),
            };
            let (bipyramids, atoms) = (network.size(), network.atoms.len());
            println!("network {rank}: {bipyramids} bipyramids, {atoms} atoms, {reach}");
        }
    }
    // ANCHOR_END: frames
    Ok(())
}

fn tell(of: &Summary) {
    println!(
        "{} atoms, shell distance {:.2} Å, {:.1} % in crystal nuclei",
        of.atoms,
        of.shell_distance_angstrom,
        100.0 * of.crystal_fraction
    );
    // None where everything is crystal.
    let share = |fraction: Option<f64>| fraction.unwrap_or(f64::NAN);
    println!(
        "share of the tetrahedra: triplets {:.3}, quadrilateral {:.3}, pentagonal {:.3}, hexagonal {:.3}",
        share(of.triplet_fraction),
        share(of.quadrilateral_fraction),
        share(of.pentagonal_fraction),
        share(of.hexagonal_fraction)
    );
    println!(
        "{} pentagonal bipyramids, {:.3} per amorphous atom; {} networks",
        of.pentagonal_bipyramids, of.pentagonal_bipyramids_per_atom, of.networks
    );
}

/// The elements of the types, from their symbols with commas between them.
fn choice(symbols: &str) -> Result<Choice, UnknownElement> {
    let types = symbols
        .split(',')
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    Ok(Choice::of_types(types))
}
