//! A trajectory, frame by frame: how many pentagonal bipyramids an amorphous atom has on average, and
//! how sure that is.
//!
//! `cargo run --example trajectory -- FILE [SYMBOL,…]`: a file of several frames and, where it
//! has numbers for types, the elements of the types 1, 2, … Only one frame is in memory at a time, so
//! that the file may be of any length. Prints `frame,step,atoms,w_angstrom,bipyramids_per_atom` of each
//! frame, and at last the mean with its standard error, which takes into account that frames know of
//! each other.

use std::error::Error;
use std::path::Path;

use amorphous_packing::formats::structure::{Choice, open};
use amorphous_packing::prelude::*;
use amorphous_packing::report::series::Estimate;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (file, choice) = match &arguments[..] {
        [file] => (file, Choice::default()),
        [file, symbols] => (file, choice(symbols)?),
        _ => return Err("usage: trajectory FILE [SYMBOL,…]".into()),
    };
    println!("frame,step,atoms,w_angstrom,bipyramids_per_atom");
    // ANCHOR: frames
    let mut series = Vec::new();
    for (frame, number) in open(Path::new(file), None)?.zip(0..) {
        let frame = frame?;
        let analysis = Analysis::builder(frame.to_atoms(&choice)?).run(&Silent)?;
        let bipyramids = analysis.bipyramids(5, Region::Amorphous).len();
        let (atoms, w) = (analysis.atoms.len(), analysis.first_valley_angstrom);
        let amorphous = atoms - analysis.crystal.count();
        let per_atom = bipyramids as f64 / amorphous.max(1) as f64;
        let step = frame.step.map_or(String::new(), |step| step.to_string());
        println!("{number},{step},{atoms},{w:.2},{per_atom:.4}");
        series.push(per_atom);
    }
    let found = Estimate::of(&series).ok_or("the file has no frame")?;
    let error = found.standard_error.unwrap_or(f64::NAN);
    println!(
        "# {:.4} ± {error:.4} of {} frames",
        found.mean, found.frames
    );
    // ANCHOR_END: frames
    Ok(())
}

/// The elements of the types, from their symbols with commas between them.
fn choice(symbols: &str) -> Result<Choice, UnknownElement> {
    let types = symbols
        .split(',')
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    Ok(Choice::of_types(types))
}
