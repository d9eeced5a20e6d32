//! Where a sight line meets a ball, a stick or a face, and how the surface lies there.
//!
//! Coordinates are those of [`super::Camera::project`]: pixels to the right, downwards, and
//! towards the viewer. Sight lines run along the third. Single precision places a surface to a
//! thousandth of a pixel.

use std::ops::Range;

use amorphous_packing::atoms::Vec3;

/// A point or a direction in the picture.
pub(super) type Point = glam::Vec3;

/// A ball or a stick in the picture.
#[derive(Debug, Clone, Copy)]
pub(super) enum Solid {
    Ball {
        centre: Point,
        radius: f32,
    },
    Rod {
        start: Point,
        /// The unit vector along the axis, and the length of its part in the picture's plane.
        axis: Point,
        flat: f32,
        length: f32,
        radius: f32,
    },
}

impl Solid {
    pub(super) fn ball(centre: Vec3, radius: f64) -> Solid {
        Solid::Ball {
            centre: centre.as_vec3(),
            radius: radius as f32,
        }
    }

    pub(super) fn rod([start, end]: [Vec3; 2], radius: f64) -> Solid {
        let length = end.distance(start);
        if length < 1e-9 {
            return Solid::ball(start, radius);
        }
        let axis = (end - start) / length;
        Solid::Rod {
            start: start.as_vec3(),
            axis: axis.as_vec3(),
            flat: (axis.x.hypot(axis.y) as f32).max(LEAST_FLAT),
            length: length as f32,
            radius: radius as f32,
        }
    }

    /// The point nearest to the viewer is not nearer than this.
    pub(super) fn front(&self) -> f32 {
        match *self {
            Solid::Ball { centre, radius } => centre.z + radius,
            Solid::Rod {
                start,
                axis,
                length,
                radius,
                ..
            } => start.z + (axis.z * length).max(0.0) + radius,
        }
    }

    /// The point farthest from the viewer is not farther than this.
    pub(super) fn back(&self) -> f32 {
        match *self {
            Solid::Ball { centre, radius } => centre.z - radius,
            Solid::Rod {
                start,
                axis,
                length,
                radius,
                ..
            } => start.z + (axis.z * length).min(0.0) - radius,
        }
    }

    /// The radius in pixels.
    pub(super) fn radius(&self) -> f32 {
        match *self {
            Solid::Ball { radius, .. } | Solid::Rod { radius, .. } => radius,
        }
    }

    /// The rows that it covers.
    pub(super) fn rows(&self) -> Range<f32> {
        match *self {
            Solid::Ball { centre, radius } => centre.y - radius..centre.y + radius,
            Solid::Rod {
                start,
                axis,
                length,
                radius,
                ..
            } => {
                let end = start.y + axis.y * length;
                start.y.min(end) - radius..start.y.max(end) + radius
            }
        }
    }

    /// The columns within which it covers the rows `y`.
    pub(super) fn columns(&self, y: Range<f32>) -> Range<f32> {
        match *self {
            Solid::Ball { centre, radius } => {
                let away = (y.start - centre.y).max(centre.y - y.end).max(0.0);
                let half = (radius * radius - away * away).max(0.0).sqrt();
                centre.x - half..centre.x + half
            }
            Solid::Rod {
                start,
                axis,
                length,
                radius,
                ..
            } => {
                // The part of the axis that is within a radius of the rows.
                let (from, to) = if axis.y.abs() < 1e-6 {
                    (0.0, length)
                } else {
                    let edges = [y.start - radius, y.end + radius];
                    let edges = edges.map(|edge| (edge - start.y) / axis.y);
                    let clamped = edges.map(|edge| edge.clamp(0.0, length));
                    (clamped[0].min(clamped[1]), clamped[0].max(clamped[1]))
                };
                let [a, b] = [from, to].map(|along| start.x + along * axis.x);
                a.min(b) - radius..a.max(b) + radius
            }
        }
    }

    /// How near to the viewer the sight lines through the points (`x`, `y`) meet it first; −∞ for
    /// those that pass it. Without branches, so that the lines are followed side by side.
    #[inline]
    pub(super) fn depths<const N: usize>(&self, x: [f32; N], y: [f32; N]) -> [f32; N] {
        let mut depths = [0.0; N];
        match *self {
            Solid::Ball { centre, radius } => {
                for k in 0..N {
                    let (dx, dy) = (x[k] - centre.x, y[k] - centre.y);
                    let squared = radius * radius - dx * dx - dy * dy;
                    let z = centre.z + squared.max(0.0).sqrt();
                    depths[k] = if squared >= 0.0 { z } else { PASSED };
                }
            }
            Solid::Rod {
                start,
                axis,
                flat,
                length,
                radius,
            } => {
                // Seen along its axis, a rod lies in any direction.
                let (cosine, sine) = if flat > LEAST_FLAT {
                    (axis.x / flat, axis.y / flat)
                } else {
                    (1.0, 0.0)
                };
                let (span, rise) = (length * flat, length * axis.z);
                for k in 0..N {
                    let (dx, dy) = (x[k] - start.x, y[k] - start.y);
                    let (along, across) = (dx * cosine + dy * sine, dx * sine - dy * cosine);
                    let squared = radius * radius - across * across;
                    let half = squared.max(0.0).sqrt();
                    // Where on the axis, as seen, the endless rod is met.
                    let met = along + axis.z * half;
                    let tube = (along * axis.z + half) / flat;
                    // Before its start and behind its end there are half balls.
                    let (behind, beyond) = (met < 0.0, met > span);
                    let past = if beyond { along - span } else { along };
                    let height = if beyond { rise } else { 0.0 };
                    let cap = squared - past * past;
                    let ball = height + cap.max(0.0).sqrt();
                    let ball = if cap >= 0.0 { ball } else { PASSED };
                    let z = start.z + if behind | beyond { ball } else { tube };
                    depths[k] = if squared >= 0.0 { z } else { PASSED };
                }
            }
        }
        depths
    }

    /// The unit normal at a point of the surface.
    #[inline]
    pub(super) fn normal(&self, point: Point) -> Point {
        let nearest = match *self {
            Solid::Ball { centre, .. } => centre,
            Solid::Rod {
                start,
                axis,
                length,
                ..
            } => {
                let along = (point - start).dot(axis).clamp(0.0, length);
                start + along * axis
            }
        };
        let normal = point - nearest;
        normal / normal.length().max(f32::MIN_POSITIVE)
    }
}

/// Rods less inclined to the sight lines are seen along their axes.
const LEAST_FLAT: f32 = 1e-6;

/// The depth at which a sight line meets nothing.
pub(super) const PASSED: f32 = f32::NEG_INFINITY;

/// A face in the picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Face {
    corners: [Vec3; 3],
    /// Twice the area that it covers, with the sign of its sense.
    area: f64,
    /// The unit normal on the viewer's side.
    pub(super) normal: Vec3,
}

impl Face {
    /// `None` when it is seen edge-on.
    pub(super) fn new(corners: [Vec3; 3]) -> Option<Face> {
        let normal = (corners[1] - corners[0]).cross(corners[2] - corners[0]);
        let (area, size) = (normal.z, normal.length());
        (area.abs() > 1e-9).then(|| Face {
            corners,
            area,
            normal: normal / size * area.signum(),
        })
    }

    pub(super) fn rows(&self) -> Range<f64> {
        self.extent(1)
    }

    pub(super) fn columns(&self) -> Range<f64> {
        self.extent(0)
    }

    fn extent(&self, k: usize) -> Range<f64> {
        let along = self.corners.map(|corner| corner[k]);
        let [a, b, c] = along;
        a.min(b).min(c)..a.max(b).max(c)
    }

    /// How near to the viewer the sight line through (`x`, `y`) meets it.
    pub(super) fn hit(&self, x: f64, y: f64) -> Option<f64> {
        let parts = self.parts(x, y).map(|(part, _)| part);
        let z = (0..3).map(|k| parts[k] * self.corners[k].z).sum();
        parts.iter().all(|&part| part >= 0.0).then_some(z)
    }

    /// Whether it covers all of the pixel about (`x`, `y`); `None` where it covers nothing of it.
    pub(super) fn covers(&self, x: f64, y: f64) -> Option<bool> {
        let parts = self.parts(x, y);
        let meets = parts.iter().all(|(part, change)| part + change >= 0.0);
        meets.then(|| parts.iter().all(|(part, change)| part - change >= 0.0))
    }

    /// The most that its depth changes within a pixel from the pixel's middle.
    pub(super) fn slope(&self) -> f64 {
        0.5 * (self.normal.x.abs() + self.normal.y.abs()) / self.normal.z
    }

    /// The parts of the three corners in the point (`x`, `y`) of the plane, and the most that they
    /// change within the pixel about it.
    fn parts(&self, x: f64, y: f64) -> [(f64, f64); 3] {
        [0, 1, 2].map(|k| {
            let (a, b) = (self.corners[(k + 1) % 3], self.corners[(k + 2) % 3]);
            let (wide, high) = (b.x - a.x, b.y - a.y);
            let part = (wide * (y - a.y) - high * (x - a.x)) / self.area;
            (part, 0.5 * (wide.abs() + high.abs()) / self.area.abs())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(solid: Solid, x: f32, y: f32) -> Option<f32> {
        let [z] = solid.depths([x], [y]);
        (z > PASSED).then_some(z)
    }

    #[test]
    fn a_rod_is_met_on_its_surface() {
        let ends = [[1.0, 2.0, 3.0], [8.0, -4.0, 6.0]].map(Vec3::from);
        let rod = Solid::rod(ends, 1.5);
        let axis = ends[1] - ends[0];
        let length = axis.length();
        let mut met = 0;
        for step in 0..200_u8 {
            let y = -6.0 + 0.05 * f32::from(step);
            let columns = rod.columns(y..y);
            for step in 0..300_u16 {
                let x = -2.0 + 0.04 * f32::from(step);
                let Some(z) = hit(rod, x, y) else { continue };
                met += 1;
                let beside = x < columns.start - 1e-3 || x > columns.end + 1e-3;
                assert!(!beside, "{x} is outside {columns:?}");
                let point = Point::new(x, y, z);
                let from = point.as_dvec3() - ends[0];
                let along = (from.dot(axis) / length).clamp(0.0, length) / length;
                let away = from.distance(axis * along);
                assert!((away - 1.5).abs() < 1e-3, "{away} from the axis");
                assert!(rod.normal(point).z > -1e-3, "the far side is met");
                let within = |low: f32, x: f32, high: f32| low - 1e-3 <= x && x <= high + 1e-3;
                assert!(within(rod.back(), z, rod.front()));
                assert!(within(rod.rows().start, y, rod.rows().end));
            }
        }
        // The shadow of a rod: a rectangle and two half discs (ellipses end in the discs).
        let across = axis.x.hypot(axis.y);
        let area = 3.0 * across + std::f64::consts::PI * 1.5 * 1.5;
        assert!((f64::from(met) * 0.002 - area).abs() < 0.01 * area, "{met}");
    }

    #[test]
    fn a_rod_seen_along_its_axis_is_a_disc() {
        for end in [5.0, -5.0] {
            let rod = Solid::rod([-end * Vec3::Z, end * Vec3::Z], 2.0);
            assert_eq!(hit(rod, 0.0, 0.0), Some(7.0));
            assert_eq!(hit(rod, 2.1, 0.0), None);
        }
        let point = Solid::rod([Vec3::ONE; 2], 2.0);
        assert_eq!(hit(point, 1.0, 1.0), Some(3.0));
    }

    #[test]
    fn a_face_is_met_in_its_plane() {
        let corners = [[0.0, 0.0, 0.0], [4.0, 0.0, 4.0], [0.0, 4.0, 8.0]].map(Vec3::from);
        for order in [[0, 1, 2], [0, 2, 1]] {
            let face = Face::new(order.map(|k: usize| corners[k])).expect("a face");
            assert!((face.hit(1.0, 1.0).unwrap_or(f64::NAN) - 3.0).abs() < 1e-12);
            assert!(face.normal.z > 0.0);
            assert_eq!(face.hit(3.0, 3.0), None);
            assert_eq!(face.covers(1.0, 1.0), Some(true));
            assert_eq!(face.covers(2.2, 2.2), Some(false));
            assert_eq!(face.covers(3.0, 3.0), None);
            // The plane is z = x + 2 y.
            assert!((face.slope() - 1.5).abs() < 1e-12);
        }
        let upright = [[0.0; 3], [0.0, 1.0, 1.0], [0.0, 2.0, 5.0]];
        assert!(Face::new(upright.map(Vec3::from)).is_none());
    }
}
