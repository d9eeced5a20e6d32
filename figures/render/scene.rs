//! What is seen: balls, sticks and translucent faces, in ångström.

use amorphous_packing::atoms::Vec3;
use plotters::style::RGBColor;

/// A ball.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sphere {
    /// Its centre, in ångström.
    pub centre: Vec3,
    /// Its radius, in ångström.
    pub radius: f64,
    /// Its colour.
    pub colour: RGBColor,
}

/// A straight stick with round ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stick {
    /// Where its axis begins and ends, in ångström.
    pub ends: [Vec3; 2],
    /// Its radius, in ångström.
    pub radius: f64,
    /// Its colour.
    pub colour: RGBColor,
}

/// A translucent face, seen from both sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Triangle {
    /// Its corners, in ångström.
    pub corners: [Vec3; 3],
    /// Its colour.
    pub colour: RGBColor,
    /// How much of the light it stops, from 0 to 1.
    pub alpha: f64,
}

/// What is seen. Whatever has a place, a size or an opacity that is not finite is not drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scene {
    /// The balls.
    pub spheres: Vec<Sphere>,
    /// The sticks.
    pub sticks: Vec<Stick>,
    /// The faces.
    pub triangles: Vec<Triangle>,
}

impl Scene {
    /// The same scene without what cannot be drawn.
    pub(crate) fn finite(&self) -> Scene {
        let fine = |points: &[Vec3], size: f64| {
            let places = points.iter().all(|place| place.is_finite());
            places && size.is_finite() && size > 0.0
        };
        let spheres = self.spheres.iter().copied();
        let sticks = self.sticks.iter().copied();
        let triangles = self.triangles.iter().copied();
        Scene {
            spheres: spheres.filter(|s| fine(&[s.centre], s.radius)).collect(),
            sticks: sticks.filter(|s| fine(&s.ends, s.radius)).collect(),
            triangles: triangles.filter(|t| fine(&t.corners, t.alpha)).collect(),
        }
    }

    /// Balls that touch the outside of everything: what the camera has to have in view.
    pub(crate) fn outline(&self) -> Vec<(Vec3, f64)> {
        let spheres = self.spheres.iter().map(|s| (s.centre, s.radius));
        let sticks = self.sticks.iter();
        let ends = sticks.flat_map(|s| s.ends.map(|end| (end, s.radius)));
        let corners = self.triangles.iter().flat_map(|t| t.corners);
        spheres
            .chain(ends)
            .chain(corners.map(|corner| (corner, 0.0)))
            .collect()
    }
}
