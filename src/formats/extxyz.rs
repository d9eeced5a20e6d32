//! Atoms as extended XYZ, the format that OVITO, ASE and others read.

use std::fmt::Write;

use crate::atoms::{Boundary, Vec3};

/// One atom of an extended XYZ file.
#[derive(Debug, Clone, PartialEq)]
pub struct Particle {
    /// The chemical symbol.
    pub species: &'static str,
    /// The position in ångström; may lie outside a periodic box.
    pub position: Vec3,
    /// Values of the integer properties, in their order.
    pub integers: Vec<i64>,
    /// Red, green and blue, 0 to 1: OVITO shows the atom in this colour.
    pub colour: [f64; 3],
}

/// An extended XYZ frame. `integers` names the integer properties of every particle.
///
/// ```
/// use amorphous_packing::atoms::{Boundary, Vec3};
/// use amorphous_packing::formats::extxyz::{Particle, frame};
/// let atom = Particle {
///     species: "Ta",
///     position: Vec3::new(1.0, 2.0, 3.5),
///     integers: vec![7],
///     colour: [1.0, 0.0, 0.0],
/// };
/// assert_eq!(
///     frame(&[atom], Boundary::Open, &["id"]),
///     "1\nProperties=species:S:1:pos:R:3:id:I:1:color:R:3 pbc=\"F F F\"\n\
///      Ta 1.000000 2.000000 3.500000 7 1.000 0.000 0.000\n"
/// );
/// ```
pub fn frame(particles: &[Particle], boundary: Boundary, integers: &[&str]) -> String {
    let mut text = format!("{}\n", particles.len());
    if let Boundary::Periodic(edges) = boundary {
        let [a, b, c] = edges.to_array();
        text += &format!("Lattice=\"{a} 0 0 0 {b} 0 0 0 {c}\" ");
    }
    text += "Properties=species:S:1:pos:R:3";
    for name in integers {
        text += &format!(":{name}:I:1");
    }
    text += match boundary {
        Boundary::Open => ":color:R:3 pbc=\"F F F\"\n",
        Boundary::Periodic(_) => ":color:R:3 pbc=\"T T T\"\n",
    };
    for Particle {
        species,
        position,
        integers,
        colour: [red, green, blue],
    } in particles
    {
        let [x, y, z] = position.to_array();
        let integers: String = integers.iter().map(|n| format!("{n} ")).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{species} {x:.6} {y:.6} {z:.6} {integers}{red:.3} {green:.3} {blue:.3}"
        );
    }
    text
}
