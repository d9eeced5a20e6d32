//! Three-dimensional scenes, ray-cast to a picture: [`Scene`] is what is seen, [`View`] from where,
//! [`Camera`] at which scale, [`render`] the picture. It uses the vectors of the library and nothing
//! of the other rooms. Begin with `scene.rs`, then `tracer.rs`.
//!
//! Every ball and stick is intersected exactly with the sight lines, one through each pixel and
//! sixteen where bodies meet or are thin, so that sticks enter balls where they should; a
//! depth-sorted painter cannot do this. The camera is orthographic: a length in the plane of the
//! picture is the same everywhere, and a scale bar is right for all of it. Light, ambient occlusion
//! and depth cue depend on nothing random, and the picture is the same whatever the number of
//! threads.

mod camera;
mod light;
mod occlusion;
mod palette;
mod picture;
mod scene;
mod seen;
mod solids;
mod tracer;

pub use camera::{Camera, View};
pub use picture::Picture;
pub use scene::{Scene, Sphere, Stick, Triangle};
pub use tracer::render;
