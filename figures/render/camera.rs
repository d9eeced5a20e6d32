//! The camera: from where a scene is seen, and at which scale.

use amorphous_packing::atoms::Vec3;
use amorphous_packing::numerics::Bounds;
use nalgebra::{Matrix3, SymmetricEigen, Vector3};

use super::Scene;

/// From where a scene is seen: the directions in the scene that point to the right, upwards and
/// towards the viewer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    axes: [Vec3; 3],
    free: bool,
}

/// An orthographic camera: the view, the middle of the picture, the scale and the picture's size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    axes: [Vec3; 3],
    /// What lies in the middle of the picture, along the three axes, in ångström.
    middle: Vec3,
    /// Pixels in an ångström.
    pub pixels_per_angstrom: f64,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

/// Steps in which the picture is turned to find where it fits best.
const TURNS: u32 = 180;

impl View {
    /// The view along the direction in which the scene is thinnest. The camera may turn it
    /// in the plane of the picture, to fill the picture.
    pub fn broadest(scene: &Scene) -> View {
        let points: Vec<Vec3> = scene.finite().outline().iter().map(|ball| ball.0).collect();
        let n = points.len().max(1) as f64;
        let centre = points.iter().sum::<Vec3>() / n;
        let scatter = points.iter().fold(Matrix3::zeros(), |sum, &p| {
            let d = Vector3::from((p - centre).to_array());
            sum + d * d.transpose()
        });
        let eigen = SymmetricEigen::new(scatter);
        let (least, most) = (eigen.eigenvalues.imin(), eigen.eigenvalues.imax());
        let column = |k: usize| {
            let axis = eigen.eigenvectors.column(k);
            upright(Vec3::new(axis[0], axis[1], axis[2]))
        };
        let view = View::along(column(least), column(most));
        View { free: true, ..view }
    }

    /// The view from the direction `towards`, in which `right` points to the right as far as it
    /// can. Directions of no length, or the same one twice, are replaced by the coordinate axes.
    pub fn along(towards: Vec3, right: Vec3) -> View {
        let towards = unit(towards).unwrap_or(Vec3::Z);
        let across = |a: Vec3| unit(a - towards * a.dot(towards));
        let right = [right, Vec3::X, Vec3::Y]
            .into_iter()
            .find_map(across)
            .unwrap_or(Vec3::X);
        View {
            axes: [right, towards.cross(right), towards],
            free: false,
        }
    }

    /// The view after the scene is turned about the vertical (to the right) and then about the
    /// horizontal (its front downwards) of the picture, in degrees.
    pub fn turned(self, right_deg: f64, down_deg: f64) -> View {
        let [x, y, z] = self.axes;
        let (x, z) = rotate(x, z, right_deg);
        let (z, y) = rotate(z, y, down_deg);
        View {
            axes: [x, y, z],
            ..self
        }
    }

    /// Where a point lies in the plane of the picture: to the right and upwards, in ångström.
    pub(crate) fn plane(&self, point: Vec3) -> [f64; 2] {
        [point.dot(self.axes[0]), point.dot(self.axes[1])]
    }

    /// The view with the picture turned in its plane, anticlockwise, in degrees.
    fn rolled(self, degrees: f64) -> View {
        let [x, y, z] = self.axes;
        let (y, x) = rotate(y, x, degrees);
        View {
            axes: [x, y, z],
            ..self
        }
    }
}

impl Camera {
    /// The camera that has all of the scene in a picture of `size` pixels, as large as possible
    /// with `margin` pixels around it. Where the view leaves it free, the picture is turned in its
    /// plane so that the scene becomes largest.
    pub fn fit(scene: &Scene, view: View, size: (u32, u32), margin: f64) -> Camera {
        let outline = scene.finite().outline();
        let fitted = |view: View| Camera::around(&outline, view, size, margin);
        let turns = if view.free { TURNS } else { 1 };
        let step = 180.0 / f64::from(TURNS);
        (1..turns)
            .map(|turn| fitted(view.rolled(f64::from(turn) * step)))
            .fold(fitted(view), |best, next| {
                // Turning has to be worth it: equal fits keep the earlier turn.
                if next.pixels_per_angstrom > best.pixels_per_angstrom * (1.0 + 1e-9) {
                    next
                } else {
                    best
                }
            })
    }

    fn around(outline: &[(Vec3, f64)], view: View, size: (u32, u32), margin: f64) -> Camera {
        let balls = outline.iter().map(|&(point, radius)| {
            let (along, radius) = (along(view.axes, point), Vec3::splat(radius));
            Bounds {
                low: along - radius,
                high: along + radius,
            }
        });
        let bounds = balls.fold(Bounds::NONE, Bounds::and);
        let empty = outline.is_empty();
        let middle = match empty {
            true => Vec3::ZERO,
            false => 0.5 * (bounds.low + bounds.high),
        };
        let room = |pixels: u32, k: usize| {
            let wanted = if empty {
                1.0
            } else {
                bounds.extent()[k].max(1e-6)
            };
            (f64::from(pixels) - 2.0 * margin).max(1.0) / wanted
        };
        Camera {
            axes: view.axes,
            middle,
            pixels_per_angstrom: room(size.0, 0).min(room(size.1, 1)),
            size,
        }
    }

    /// The same camera at another scale.
    pub fn scaled(self, pixels_per_angstrom: f64) -> Camera {
        Camera {
            pixels_per_angstrom,
            ..self
        }
    }

    /// Where a point of the scene is seen: pixels from the left, pixels from the top, pixels
    /// towards the viewer from the middle of the scene.
    pub fn project(&self, point: Vec3) -> Vec3 {
        let seen = (along(self.axes, point) - self.middle) * self.pixels_per_angstrom;
        let half = [self.size.0, self.size.1].map(|pixels| f64::from(pixels) / 2.0);
        Vec3::new(half[0] + seen.x, half[1] - seen.y, seen.z)
    }
}

/// The coordinates of a point along three axes.
fn along(axes: [Vec3; 3], point: Vec3) -> Vec3 {
    Vec3::from(axes.map(|axis| point.dot(axis)))
}

fn unit(a: Vec3) -> Option<Vec3> {
    let length = a.length();
    (length.is_finite() && length > 1e-9).then(|| a / length)
}

/// Of `a` and `−a` the one whose largest component is positive.
fn upright(a: Vec3) -> Vec3 {
    let largest = a.to_array().into_iter().fold(
        0.0,
        |l: f64, x| if x.abs() > l.abs() + 1e-9 { x } else { l },
    );
    if largest < 0.0 { -a } else { a }
}

/// Turns the perpendicular directions `a` and `b` in their plane, from `a` towards `b`.
fn rotate(a: Vec3, b: Vec3, degrees: f64) -> (Vec3, Vec3) {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    (cosine * a + sine * b, cosine * b - sine * a)
}

#[cfg(test)]
mod tests {
    use super::super::Sphere;
    use super::*;
    use crate::page::style::BLACK;

    fn balls(centres: &[[f64; 3]]) -> Scene {
        let ball = |&centre: &[f64; 3]| Sphere {
            centre: centre.into(),
            radius: 1.0,
            colour: BLACK,
        };
        Scene {
            spheres: centres.iter().map(ball).collect(),
            ..Scene::default()
        }
    }

    #[test]
    fn the_longest_extent_lies_across_the_picture_and_fills_it() {
        let scene = balls(&[
            [0.0; 3],
            [0.0, 0.0, 18.0],
            [0.0, 3.0, 9.0],
            [0.5, -3.0, 9.0],
        ]);
        let camera = Camera::fit(&scene, View::broadest(&scene), (200, 100), 0.0);
        let [a, b] = [scene.spheres[0], scene.spheres[1]].map(|s| camera.project(s.centre));
        assert!((a[0] - b[0]).abs() > 170.0, "{a:?} {b:?}");
        for sphere in &scene.spheres {
            let [x, y, _] = camera.project(sphere.centre).to_array();
            let radius = camera.pixels_per_angstrom;
            assert!(x - radius > -1e-6 && x + radius < 200.0 + 1e-6);
            assert!(y - radius > -1e-6 && y + radius < 100.0 + 1e-6);
        }
    }

    #[test]
    fn a_given_view_is_kept() {
        let scene = balls(&[[0.0; 3], [0.0, 5.0, 0.0], [9.0, 0.0, 2.0]]);
        let view = View::along(Vec3::X, Vec3::Y);
        let camera = Camera::fit(&scene, view, (300, 200), 10.0);
        let [origin, right, near] = [0, 1, 2].map(|k| camera.project(scene.spheres[k].centre));
        let scale = camera.pixels_per_angstrom;
        assert!((right[0] - origin[0] - 5.0 * scale).abs() < 1e-9);
        assert!((right[1] - origin[1]).abs() < 1e-9);
        assert!((near[2] - origin[2] - 9.0 * scale).abs() < 1e-9);
        assert!((near[1] - origin[1] + 2.0 * scale).abs() < 1e-9);
        let turned = Camera::fit(&scene, view.turned(90.0, 0.0), (300, 200), 10.0);
        let [origin, near] = [0, 2].map(|k| turned.project(scene.spheres[k].centre));
        let moved = (near[0] - origin[0]) / turned.pixels_per_angstrom;
        assert!((moved - 9.0).abs() < 1e-9, "{moved}");
    }

    #[test]
    fn directions_without_length_still_make_a_view() {
        for view in [
            View::along(Vec3::ZERO, Vec3::ZERO),
            View::along(Vec3::X, 2.0 * Vec3::X),
            View::along(Vec3::NAN, Vec3::INFINITY),
            View::broadest(&Scene::default()),
            View::broadest(&balls(&[[1.0; 3]])),
        ] {
            for (k, axis) in view.axes.into_iter().enumerate() {
                assert!((axis.length() - 1.0).abs() < 1e-9);
                assert!(axis.dot(view.axes[(k + 1) % 3]).abs() < 1e-9);
            }
        }
    }
}
