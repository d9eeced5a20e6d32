//! Where a sight line meets a ball, a stick or a face, and how the surface lies there.
//!
//! Coordinates are those of [`super::Camera::project`]: pixels to the right, downwards, and
//! towards the viewer. Sight lines run along the third.

use std::ops::Range;

use amorphous_packing::atoms::Vec3;
use amorphous_packing::geometry::{cross, dot, norm, sub};

/// A ball or a stick in the picture.
#[derive(Debug, Clone, Copy)]
pub(super) enum Solid {
    Ball {
        centre: Vec3,
        radius: f64,
    },
    Rod {
        start: Vec3,
        /// The unit vector along the axis.
        axis: Vec3,
        length: f64,
        radius: f64,
    },
}

impl Solid {
    pub(super) fn rod([start, end]: [Vec3; 2], radius: f64) -> Solid {
        let length = norm(sub(end, start));
        if length < 1e-9 {
            return Solid::Ball {
                centre: start,
                radius,
            };
        }
        Solid::Rod {
            start,
            axis: sub(end, start).map(|x| x / length),
            length,
            radius,
        }
    }

    /// The point nearest to the viewer is not nearer than this.
    pub(super) fn front(&self) -> f64 {
        match *self {
            Solid::Ball { centre, radius } => centre[2] + radius,
            Solid::Rod {
                start,
                axis,
                length,
                radius,
            } => start[2] + (axis[2] * length).max(0.0) + radius,
        }
    }

    /// The point farthest from the viewer is not farther than this.
    pub(super) fn back(&self) -> f64 {
        match *self {
            Solid::Ball { centre, radius } => centre[2] - radius,
            Solid::Rod {
                start,
                axis,
                length,
                radius,
            } => start[2] + (axis[2] * length).min(0.0) - radius,
        }
    }

    /// The rows that it covers.
    pub(super) fn rows(&self) -> Range<f64> {
        match *self {
            Solid::Ball { centre, radius } => centre[1] - radius..centre[1] + radius,
            Solid::Rod {
                start,
                axis,
                length,
                radius,
            } => {
                let end = start[1] + axis[1] * length;
                start[1].min(end) - radius..start[1].max(end) + radius
            }
        }
    }

    /// The columns within which it covers the row `y`.
    pub(super) fn columns(&self, y: f64) -> Range<f64> {
        match *self {
            Solid::Ball { centre, radius } => {
                let half = (radius * radius - (y - centre[1]).powi(2)).max(0.0).sqrt();
                centre[0] - half..centre[0] + half
            }
            Solid::Rod {
                start,
                axis,
                length,
                radius,
            } => {
                // The part of the axis that is within a radius of the row.
                let (from, to) = if axis[1].abs() < 1e-9 {
                    (0.0, length)
                } else {
                    let edges = [y - radius, y + radius].map(|edge| (edge - start[1]) / axis[1]);
                    let clamped = edges.map(|edge| edge.clamp(0.0, length));
                    (clamped[0].min(clamped[1]), clamped[0].max(clamped[1]))
                };
                let [a, b] = [from, to].map(|along| start[0] + along * axis[0]);
                a.min(b) - radius..a.max(b) + radius
            }
        }
    }

    /// How near to the viewer the sight line through (`x`, `y`) meets it first.
    pub(super) fn hit(&self, x: f64, y: f64) -> Option<f64> {
        match *self {
            Solid::Ball { centre, radius } => hit_ball(centre, radius, x, y),
            Solid::Rod {
                start,
                axis,
                length,
                radius,
            } => {
                let from = [x - start[0], y - start[1], -start[2]];
                let along = dot(from, axis);
                let across = sub(from, axis.map(|u| u * along));
                let sight = [
                    -axis[2] * axis[0],
                    -axis[2] * axis[1],
                    1.0 - axis[2] * axis[2],
                ];
                // |across + z sight|² = radius²; |sight|² is its third component.
                let (a, b) = (sight[2], dot(across, sight));
                let root = b * b - a * (dot(across, across) - radius * radius);
                if a > 1e-9 && root >= 0.0 {
                    let z = (root.sqrt() - b) / a;
                    if (0.0..=length).contains(&(along + z * axis[2])) {
                        return Some(z);
                    }
                }
                let end = [0, 1, 2].map(|k| start[k] + length * axis[k]);
                let ends = [start, end].map(|end| hit_ball(end, radius, x, y));
                match ends {
                    [Some(one), Some(other)] => Some(one.max(other)),
                    [one, other] => one.or(other),
                }
            }
        }
    }

    /// The unit normal at a point of the surface.
    pub(super) fn normal(&self, point: Vec3) -> Vec3 {
        let (nearest, radius) = match *self {
            Solid::Ball { centre, radius } => (centre, radius),
            Solid::Rod {
                start,
                axis,
                length,
                radius,
            } => {
                let along = dot(sub(point, start), axis).clamp(0.0, length);
                ([0, 1, 2].map(|k| start[k] + along * axis[k]), radius)
            }
        };
        sub(point, nearest).map(|x| x / radius)
    }
}

fn hit_ball(centre: Vec3, radius: f64, x: f64, y: f64) -> Option<f64> {
    let (dx, dy) = (x - centre[0], y - centre[1]);
    let squared = radius * radius - dx * dx - dy * dy;
    (squared >= 0.0).then(|| centre[2] + squared.sqrt())
}

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
        let normal = cross(sub(corners[1], corners[0]), sub(corners[2], corners[0]));
        let (area, size) = (normal[2], norm(normal));
        (area.abs() > 1e-9).then(|| Face {
            corners,
            area,
            normal: normal.map(|x| x / size * area.signum()),
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
        let mut z = 0.0;
        for k in 0..3 {
            let (a, b) = (self.corners[(k + 1) % 3], self.corners[(k + 2) % 3]);
            let part = ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / self.area;
            if part < 0.0 {
                return None;
            }
            z += part * self.corners[k][2];
        }
        Some(z)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rod_is_met_on_its_surface() {
        let ends = [[1.0, 2.0, 3.0], [8.0, -4.0, 6.0]];
        let rod = Solid::rod(ends, 1.5);
        let mut met = 0;
        for step in 0..200 {
            let y = -6.0 + 0.05 * f64::from(step);
            let columns = rod.columns(y);
            for step in 0..300 {
                let x = -2.0 + 0.04 * f64::from(step);
                let Some(z) = rod.hit(x, y) else { continue };
                met += 1;
                let beside = x < columns.start - 1e-9 || x > columns.end + 1e-9;
                assert!(!beside, "{x} is outside {columns:?}");
                assert!((norm(rod.normal([x, y, z])) - 1.0).abs() < 1e-9);
                assert!(rod.normal([x, y, z])[2] > -1e-9, "the far side is met");
                let within = |low: f64, x: f64, high: f64| low - 1e-9 <= x && x <= high + 1e-9;
                assert!(within(rod.back(), z, rod.front()));
                assert!(within(rod.rows().start, y, rod.rows().end));
            }
        }
        // The shadow of a rod: a rectangle and two half discs (ellipses end in the discs).
        let across = (ends[1][0] - ends[0][0]).hypot(ends[1][1] - ends[0][1]);
        let area = 3.0 * across + std::f64::consts::PI * 1.5 * 1.5;
        assert!((f64::from(met) * 0.002 - area).abs() < 0.01 * area, "{met}");
    }

    #[test]
    fn a_rod_seen_along_its_axis_is_a_disc() {
        let rod = Solid::rod([[0.0, 0.0, -5.0], [0.0, 0.0, 5.0]], 2.0);
        assert_eq!(rod.hit(0.0, 0.0), Some(7.0));
        assert_eq!(rod.hit(2.1, 0.0), None);
        let point = Solid::rod([[1.0; 3], [1.0; 3]], 2.0);
        assert_eq!(point.hit(1.0, 1.0), Some(3.0));
    }

    #[test]
    fn a_face_is_met_in_its_plane() {
        let corners = [[0.0, 0.0, 0.0], [4.0, 0.0, 4.0], [0.0, 4.0, 8.0]];
        for order in [[0, 1, 2], [0, 2, 1]] {
            let face = Face::new(order.map(|k: usize| corners[k]));
            let hit = face.and_then(|face| face.hit(1.0, 1.0));
            assert!((hit.unwrap_or(f64::NAN) - 3.0).abs() < 1e-12);
            assert!(face.is_some_and(|face| face.normal[2] > 0.0));
            assert_eq!(face.and_then(|face| face.hit(3.0, 3.0)), None);
        }
        assert!(Face::new([[0.0; 3], [0.0, 1.0, 1.0], [0.0, 2.0, 5.0]]).is_none());
    }
}
