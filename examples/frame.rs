//! The networks of one frame of a LAMMPS dump, whatever its size: the program that a cluster starts
//! once for each frame. The book's page "Speed" has the scripts.
//!
//! `cargo run --release --example frame -- FILE.dump Ta 4.12`: the file, the element (Ta or Pd) and
//! the first-neighbour distance in ångström; without it, a periodic frame's own g(r) gives it.
//! Prints `file, step, atoms, w_angstrom, bipyramids, networks, largest` for each frame of the file.

use std::error::Error;
use std::path::Path;

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::Element;
use amorphous_packing::formats::structure::{Choice, Format, open};
use amorphous_packing::network::Network;
use amorphous_packing::progress::Silent;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, element, rest @ ..] = &arguments[..] else {
        return Err("usage: frame FILE.dump ELEMENT [FIRST_VALLEY]".into());
    };
    let element =
        Element::from_symbol(element).ok_or_else(|| format!("'{element}' is not Ta or Pd"))?;
    let w = rest.first().map(|w| w.parse()).transpose()?;
    // ANCHOR: frames
    for frame in open(Path::new(file), Some(Format::LammpsDump))? {
        let frame = frame?;
        let atoms = frame.to_atoms(&Choice::of_one(element))?;
        let analysis = Analysis::new(atoms, w, &Silent)?;
        let found = analysis.networks(5, Region::Amorphous);
        println!(
            "{file},{},{},{:.2},{},{},{}",
            frame.step.unwrap_or_default(),
            analysis.atoms.len(),
            analysis.first_valley_angstrom,
            found.motifs.len(),
            found.networks.len(),
            found.networks.first().map_or(0, Network::size),
        );
    }
    // ANCHOR_END: frames
    Ok(())
}
