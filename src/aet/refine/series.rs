//! The measured images, the atoms, and how far the images of the atoms are from the measured ones.

use ndarray::ArrayView3;
use rayon::prelude::*;

use crate::aet::atom_filter::Padded;
use crate::aet::atom_images::{AtomImages, View};
use crate::aet::geometry::{Rotation, TiltAngles};
use crate::aet::input::{InputError, check_images};
use crate::atoms::{Element, NoScatteringFactor, ScatteringFactor};
use crate::numerics::Vec3;

/// `B` in Å² before it is fitted.
const FIRST_B: f64 = 6.0;

/// Atoms and the images that they are refined against.
pub struct Refinement {
    pub(super) drawing: AtomImages,
    pub(super) views: Vec<View>,
    /// By image, then x and y.
    measured: Vec<Vec<f64>>,
    pub(super) pixel_angstrom: f64,
    /// Voxels from the centre of the object.
    pub(super) positions: Vec<Vec3>,
    pub(super) movable: Vec<usize>,
    pub(super) b_factor: f64,
    /// The atoms that do not move, drawn with the B factor that stands beside them.
    held: (f64, Vec<Padded>),
}

/// Why atoms cannot be refined.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RefineError {
    /// The images cannot be right.
    #[error(transparent)]
    Images(#[from] InputError),
    /// The element has no scattering factor.
    #[error(transparent)]
    Factor(#[from] NoScatteringFactor),
    /// The pixel is not a positive number.
    #[error("the pixel is {value} Å; it must be a positive number")]
    Pixel {
        /// As given.
        value: f64,
    },
    /// There is nothing to refine.
    #[error("no atom is to be refined; give at least one")]
    NoAtoms,
    /// An atom is nowhere.
    #[error("atom {number} has no finite position; remove or correct it")]
    Position {
        /// Which, from 1.
        number: usize,
    },
    /// There are not as many marks as atoms.
    #[error("{atoms} atoms and {marks} marks of what may move do not belong together")]
    Marks {
        /// Number of atoms.
        atoms: usize,
        /// Number of marks.
        marks: usize,
    },
    /// No atom falls on an image.
    #[error(
        "no atom falls on the images: positions, pixel and images do not belong together; check the pixel and where the centre of the object lies"
    )]
    Beside,
}

/// The images of the atoms as they are, beside the measured ones.
pub(super) struct Compared {
    /// The computed images, as large as the measured ones and before any scale. A negative value, which the
    /// filter may leave, counts as zero.
    pub(super) computed: Vec<Vec<f64>>,
    /// `H`, from computed to measured.
    pub(super) scale: f64,
    /// `Σ|H·computed − measured| / Σ|measured|`.
    pub(super) r: f64,
    /// `Σ(H·computed − measured)²`.
    pub(super) squares: f64,
}

/// How the one scale `H` is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// So that the sums are equal: as published.
    Sums,
    /// So that the squared difference is least.
    LeastSquares,
}

impl Refinement {
    /// Atoms at `positions` (voxels from the centre of the object, one unit being one pixel), of which
    /// those marked in `may_move` are refined, against `images` by angle, x and y.
    ///
    /// # Errors
    /// [`RefineError`].
    pub fn new(
        images: ArrayView3<'_, f32>,
        angles: &[TiltAngles],
        pixel_angstrom: f64,
        element: Element,
        positions: &[Vec3],
        may_move: &[bool],
    ) -> Result<Refinement, RefineError> {
        check_images(images, angles)?;
        if !(pixel_angstrom.is_finite() && pixel_angstrom > 0.0) {
            return Err(RefineError::Pixel {
                value: pixel_angstrom,
            });
        }
        if positions.len() != may_move.len() {
            return Err(RefineError::Marks {
                atoms: positions.len(),
                marks: may_move.len(),
            });
        }
        if let Some(index) = positions.iter().position(|position| !position.is_finite()) {
            return Err(RefineError::Position { number: index + 1 });
        }
        let movable: Vec<usize> = (0..positions.len()).filter(|&i| may_move[i]).collect();
        if movable.is_empty() {
            return Err(RefineError::NoAtoms);
        }
        let (_, dim1, dim2) = images.dim();
        let measured = images
            .outer_iter()
            .map(|image| image.iter().map(|&value| f64::from(value)).collect())
            .collect();
        let factor = ScatteringFactor::of(element)?;
        let mut refinement = Refinement {
            drawing: AtomImages::new((dim1, dim2), pixel_angstrom, &factor),
            views: angles.iter().map(|&a| Rotation::of(a).into()).collect(),
            measured,
            pixel_angstrom,
            positions: positions.to_vec(),
            movable,
            b_factor: FIRST_B,
            held: (0.0, Vec::new()),
        };
        refinement.draw_held();
        match refinement.compare(Scale::Sums).scale.is_finite() {
            true => Ok(refinement),
            false => Err(RefineError::Beside),
        }
    }

    /// The positions as they are, voxels from the centre of the object.
    pub fn positions(&self) -> &[Vec3] {
        &self.positions
    }

    /// The B factor as it is, in Å².
    pub fn b_factor(&self) -> f64 {
        self.b_factor
    }

    /// Sets the B factor, in Å².
    pub fn set_b_factor(&mut self, b_factor: f64) {
        self.b_factor = b_factor;
        self.draw_held();
    }

    /// `R = Σ|H·computed − measured| / Σ|measured|` over all pixels of all images, with the scale `H`
    /// that makes the sums equal.
    pub fn r_factor(&self) -> f64 {
        self.compare(Scale::Sums).r
    }

    /// `H`, which makes the sums of computed and measured images equal.
    pub fn scale(&self) -> f64 {
        self.compare(Scale::Sums).scale
    }

    /// The pixels of a measured image.
    pub(super) fn measured(&self, index: usize) -> &[f64] {
        &self.measured[index]
    }

    /// Draws the atoms that do not move, unless they are drawn with this B factor.
    fn draw_held(&mut self) {
        if self.held.0 == self.b_factor && !self.held.1.is_empty() {
            return;
        }
        let mut is_held = vec![true; self.positions.len()];
        for &index in &self.movable {
            is_held[index] = false;
        }
        let atoms = self.positions.iter().zip(&is_held);
        let held: Vec<Vec3> = atoms.filter(|(_, held)| **held).map(|(p, _)| *p).collect();
        let [m1, m2] = self.drawing.padded();
        let drawn = self.views.par_iter().map(|view| {
            let mut image = vec![0.0; m1 * m2];
            self.drawing.draw(&held, self.b_factor, view, &mut image);
            image
        });
        self.held = (self.b_factor, drawn.collect());
    }

    /// The images of the atoms at their positions, filtered, as large as the measured ones.
    fn computed(&self) -> Vec<Vec<f64>> {
        let moved: Vec<Vec3> = self.movable.iter().map(|&i| self.positions[i]).collect();
        let views = self.views.par_iter().zip(&self.held.1);
        views
            .map_init(
                || self.drawing.room(),
                |room, (view, held)| {
                    room.image.copy_from_slice(held);
                    let image = &mut room.image;
                    self.drawing.draw(&moved, self.b_factor, view, image);
                    self.drawing.filter_middle(room);
                    let (dim1, dim2) = self.drawing.dimensions();
                    let mut middle = Vec::with_capacity(dim1 * dim2);
                    for row in self.drawing.rows(&room.image) {
                        middle.extend_from_slice(row);
                    }
                    middle
                },
            )
            .collect()
    }

    /// The images of the atoms at their positions against the measured ones.
    pub(super) fn compare(&self, scale: Scale) -> Compared {
        let computed = self.computed();
        let scale = self.scale_of(&computed, scale);
        let images = computed.par_iter().zip(&self.measured);
        let differences: Vec<[f64; 3]> = images
            .map(|(computed, measured)| {
                sums(computed, measured, |computed, measured| {
                    let difference = scale * computed.max(0.0) - measured;
                    [difference.abs(), measured.abs(), difference * difference]
                })
            })
            .collect();
        let sum = |which: usize| differences.iter().map(|sums| sums[which]).sum::<f64>();
        Compared {
            scale,
            r: sum(0) / sum(1),
            squares: sum(2),
            computed,
        }
    }

    fn scale_of(&self, computed: &[Vec<f64>], scale: Scale) -> f64 {
        let images = computed.par_iter().zip(&self.measured);
        let of_images: Vec<[f64; 2]> = images
            .map(|(computed, measured)| match scale {
                Scale::Sums => sums(computed, measured, |c, m| [m, c.max(0.0)]),
                Scale::LeastSquares => sums(computed, measured, |c, m| {
                    let c = c.max(0.0);
                    [c * m, c * c]
                }),
            })
            .collect();
        let sum = |which: usize| of_images.iter().map(|sums| sums[which]).sum::<f64>();
        sum(0) / sum(1)
    }

    /// Computed less measured, into a padded image: zero beyond the measured one.
    pub(super) fn residual(&self, compared: &Compared, index: usize, image: &mut [f64]) {
        let (_, dim2) = self.drawing.dimensions();
        image.fill(0.0);
        let computed = compared.computed[index].chunks(dim2);
        let rows = computed.zip(self.measured[index].chunks(dim2));
        for (out, (computed, measured)) in self.drawing.rows_mut(image).zip(rows) {
            for ((out, &computed), &measured) in out.iter_mut().zip(computed).zip(measured) {
                *out = compared.scale * computed.max(0.0) - measured;
            }
        }
    }
}

/// The sums of what each pair of pixels adds.
#[inline]
fn sums<const N: usize>(
    computed: &[f64],
    measured: &[f64],
    of: impl Fn(f64, f64) -> [f64; N],
) -> [f64; N] {
    let mut sums = [0.0; N];
    for (&computed, &measured) in computed.iter().zip(measured) {
        for (sum, added) in sums.iter_mut().zip(of(computed, measured)) {
            *sum += added;
        }
    }
    sums
}
