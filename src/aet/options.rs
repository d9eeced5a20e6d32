//! How a reconstruction is made: of a film or of a particle, and by which projection.

/// How a reconstruction is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Iterations of [`reconstruct`](super::reconstruct).
    pub iterations: usize,
    /// Length of a step, relative to the one that one voxel column would need; 1 or 2.
    pub step: f64,
    /// The grid of the Fourier-slice projection over the object, along x, y and z.
    pub padding: [f64; 3],
    /// Whether the object ends inside the images.
    pub shape: Shape,
    /// How an object is projected.
    pub forward: Forward,
}

/// Whether the object ends inside the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// It goes on beyond them: it is reconstructed over all that the images see
    /// ([`film_size`](super::film_size)), and the part in the middle is kept.
    Film,
    /// It ends inside.
    Particle,
}

/// How an object is projected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forward {
    /// By the Fourier-slice theorem, as the published volumes were.
    FourierSlice,
    /// In real space, by the exact transpose of the back projection: faster, and fits worse.
    RealSpace,
}

impl Options {
    /// For a film: 500 iterations of step 1, padding 1.5, 3, 3.
    pub fn film() -> Options {
        Options {
            iterations: 500,
            step: 1.0,
            padding: [1.5, 3.0, 3.0],
            shape: Shape::Film,
            forward: Forward::FourierSlice,
        }
    }

    /// For a particle: 200 iterations of step 2, padding 4 (Pd1; Pd2 has 3.5).
    pub fn particle() -> Options {
        Options {
            iterations: 200,
            step: 2.0,
            padding: [4.0; 3],
            shape: Shape::Particle,
            forward: Forward::FourierSlice,
        }
    }
}
