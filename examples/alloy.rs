//! An alloy: which element caps the pentagonal bipyramids, which sits in their rings, and the partial
//! g(r).
//!
//! `cargo run --example alloy -- FILE [SYMBOL,…] > g.csv`: a file of atoms and, where it has
//! numbers for types, the elements of the types 1, 2, … Of its first frame it prints the partial g(r) as
//! a table, `r_angstrom, g, g_Cu_Cu, g_Cu_Zr …`, below lines that begin with `#`: the share of each
//! element in all atoms, in the caps, in the rings and in the atoms of networks.

use std::error::Error;
use std::path::Path;

use amorphous_packing::formats::structure::{Choice, open};
use amorphous_packing::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (file, choice) = match &arguments[..] {
        [file] => (file, Choice::default()),
        [file, symbols] => (file, choice(symbols)?),
        _ => return Err("usage: alloy FILE [SYMBOL,…]".into()),
    };
    let mut frames = open(Path::new(file), None)?;
    let frame = frames.next().ok_or("the file has no frame")??;
    let analysis = Analysis::builder(frame.to_atoms(&choice)?).run(&Silent)?;
    let description = Description::of(&analysis);
    // ANCHOR: shares
    println!("# element, share of the atoms, of the caps, of the rings, of the networks");
    for of in Summary::of(&analysis, &description).species {
        // There is no share in what the structure does not have.
        let share = |part: Option<f64>| part.map_or("–".to_owned(), |part| format!("{part:.3}"));
        let parts = [of.cap_fraction, of.ring_fraction, of.network_fraction].map(share);
        let symbol = of.element.symbol();
        println!("# {symbol}, {:.3}, {}", of.fraction, parts.join(", "));
    }
    // ANCHOR_END: shares
    let Pairs { whole, partial, .. } = description.pairs?;
    let names = partial.iter().map(|part| {
        let [a, b] = part.elements.map(Element::symbol);
        format!(",g_{a}_{b}")
    });
    println!("r_angstrom,g{}", names.collect::<String>());
    for (shell, (r, g)) in whole.r_angstrom.iter().zip(&whole.g).enumerate() {
        let curves = partial.iter().map(|part| part.curve.g[shell]);
        let values: String = curves.map(|value| format!(",{value:.5}")).collect();
        println!("{r:.4},{g:.5}{values}");
    }
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
