//! Model-based re-alignment: the images computed from the traced atoms are the references against
//! which the angles and the place of every measured image are refined (Methods, end of "3D
//! reconstruction with the RESIRE algorithm").

use rayon::prelude::*;

use super::series::Refinement;
use crate::aet::atom_images::View;
use crate::aet::geometry::TiltAngles;
use crate::aet::view_fit::{Asked, Realigned, ViewFit};
use crate::progress::Progress;

/// Refines the angles and the place of every image against the atoms, which stay as they are. The
/// images begin at `angles`, one for each, without a shift.
pub fn realign(
    atoms: &Refinement,
    angles: &[TiltAngles],
    progress: &dyn Progress,
) -> Vec<Realigned> {
    progress.start("images", Some(angles.len() as u64));
    let realigned = angles
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, &angles)| {
            let fit = ViewFit {
                measured: vec![atoms.measured(index)],
                computed: |asked: &[Asked]| {
                    asked.iter().map(|(_, view)| image(atoms, view)).collect()
                },
                free: vec![[true; 5]],
            };
            let found = fit.refine(&[(angles, [0.0; 2])]);
            progress.advance(1);
            found
        })
        .collect();
    progress.finish();
    realigned
}

/// The pixels of the image of the atoms, negative values as zero.
fn image(atoms: &Refinement, view: &View) -> Vec<f64> {
    let drawing = &atoms.drawing;
    let mut room = drawing.room();
    drawing.draw(&atoms.positions, atoms.b_factor, view, &mut room.image);
    drawing.filter_middle(&mut room);
    let middle = drawing.rows(&room.image).flatten();
    middle.map(|value| value.max(0.0)).collect()
}
