//! Where a voxel falls on an image: rotations, centres, and the size of the object (Methods,
//! equation 2; the conventions are those that reproduce the published volumes).

/// The three angles of one image, in degrees.
///
/// The tilt axis is y: in a tilt series theta is the tilt and the other two are small corrections.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TiltAngles {
    /// Rotation about z, the beam.
    pub phi_deg: f64,
    /// Rotation about y, the tilt axis.
    pub theta_deg: f64,
    /// Rotation about x.
    pub psi_deg: f64,
}

/// The rotation R of equation 2: it takes a point of the object to the frame of an image, in which
/// the first two coordinates are those of the pixel and the third runs along the beam.
///
/// ```
/// use amorphous_packing::aet::{Rotation, TiltAngles};
/// let tilt = TiltAngles { theta_deg: 30.0, ..TiltAngles::default() };
/// let [u, v, w] = Rotation::of(tilt).apply([0.0, 0.0, 1.0]);
/// assert!((u + 0.5).abs() < 1e-12 && v == 0.0 && (w - 0.75_f64.sqrt()).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rotation(pub [[f64; 3]; 3]);

impl TiltAngles {
    /// A tilt about y alone.
    pub fn tilt(theta_deg: f64) -> TiltAngles {
        TiltAngles {
            theta_deg,
            ..TiltAngles::default()
        }
    }

    /// `count` tilts in even steps, as far to both sides as `farthest_deg`.
    ///
    /// ```
    /// use amorphous_packing::aet::TiltAngles;
    /// let tilts = TiltAngles::even(3, 60.0);
    /// assert_eq!(tilts, [-60.0, 0.0, 60.0].map(TiltAngles::tilt));
    /// ```
    pub fn even(count: usize, farthest_deg: f64) -> Vec<TiltAngles> {
        let step = 2.0 * farthest_deg / (count.max(2) - 1) as f64;
        (0..count)
            .map(|k| TiltAngles::tilt(k as f64 * step - farthest_deg))
            .collect()
    }

    /// Whether all three are numbers.
    pub fn is_finite(self) -> bool {
        [self.phi_deg, self.theta_deg, self.psi_deg]
            .iter()
            .all(|angle| angle.is_finite())
    }
}

impl Rotation {
    // ANCHOR: rotation
    /// `R = (M(z, φ) M(y, θ) M(x, ψ))ᵀ`, with right-handed rotations `M(axis, angle)`.
    pub fn of(angles: TiltAngles) -> Rotation {
        let [(sf, cf), (st, ct), (sp, cp)] = [angles.phi_deg, angles.theta_deg, angles.psi_deg]
            .map(|angle| angle.to_radians().sin_cos());
        Rotation([
            [cf * ct, sf * ct, -st],
            [cf * st * sp - sf * cp, sf * st * sp + cf * cp, ct * sp],
            [cf * st * cp + sf * sp, sf * st * cp - cf * sp, ct * cp],
        ])
    }
    // ANCHOR_END: rotation

    /// `R·point`.
    #[inline]
    pub fn apply(&self, point: [f64; 3]) -> [f64; 3] {
        self.0
            .map(|row| row[0] * point[0] + row[1] * point[1] + row[2] * point[2])
    }
}

/// The number, from 0, of the image that is tilted least; of equals the first.
pub fn smallest_tilt(angles: &[TiltAngles]) -> usize {
    let tilts = angles.iter().map(|angles| angles.theta_deg.abs());
    let smallest = tilts.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
    smallest.map_or(0, |(index, _)| index)
}

/// The index, from 0, of the centre of an axis of `length` samples: `floor(length / 2)`.
pub fn centre(length: usize) -> usize {
    length / 2
}

/// The size of the object of a film, which is wider than its images.
///
/// Images of `dim1` × `dim2` pixels see a film of `depth` voxels through a slanted window. Along x
/// the object covers that window at every angle; along y it covers the box `dim1` × `dim2` ×
/// `depth`, tilted by every angle. `None` where an image is taken so steeply (within half a degree of
/// the plane of the film) that the window has no end.
///
/// ```
/// use amorphous_packing::aet::{Rotation, TiltAngles, film_size};
/// let steepest = Rotation::of(TiltAngles::tilt(-74.298973));
/// assert_eq!(film_size((61, 61), 61, &[steepest]), Some([437, 61, 61]));
/// ```
pub fn film_size(
    (dim1, dim2): (usize, usize),
    depth: usize,
    rotations: &[Rotation],
) -> Option<[usize; 3]> {
    let ends = |length: usize| {
        let first = -(centre(length) as f64);
        [first, first + length as f64 - 1.0]
    };
    let (mut half_x, mut half_y) = (0.0_f64, 0.0_f64);
    for rotation in rotations {
        let Rotation([r0, r1, _]) = rotation;
        let determinant = r0[0] * r1[1] - r0[1] * r1[0];
        if determinant.abs() < 0.5_f64.to_radians().sin() {
            return None;
        }
        for first in ends(dim1) {
            for second in ends(dim2) {
                for z in ends(depth) {
                    // The point at height z that falls on the pixel (first, second).
                    let (u, v) = (first - r0[2] * z, second - r1[2] * z);
                    half_x = half_x.max(((u * r1[1] - v * r0[1]) / determinant).abs());
                    half_y = half_y.max(rotation.apply([first, second, z])[1].abs());
                }
            }
        }
    }
    // A hair above a whole number is that number.
    let length = |half: f64| (2.0 * half + 1.0 - 1e-6).ceil() as usize;
    Some([length(half_x), length(half_y), depth])
}

/// An affine function of a whole number, `at + by · k`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Affine {
    pub(super) at: f64,
    pub(super) by: f64,
}

impl Affine {
    pub(super) fn value(self, k: usize) -> f64 {
        self.at + self.by * k as f64
    }

    /// The largest part of `range` on which the value lies within `low..=high`.
    pub(super) fn within(self, range: (usize, usize), (low, high): (f64, f64)) -> (usize, usize) {
        let (mut first, mut end) = range;
        if self.by != 0.0 {
            let (a, b) = ((low - self.at) / self.by, (high - self.at) / self.by);
            // One more on each side: the exact ends are found below.
            first = first.max((a.min(b).floor().max(0.0)) as usize);
            end = end.min((a.max(b).ceil().max(-1.0) + 1.0) as usize);
        }
        let inside = |k| (low..=high).contains(&self.value(k));
        while first < end && !inside(first) {
            first += 1;
        }
        while first < end && !inside(end - 1) {
            end -= 1;
        }
        (first, end.max(first))
    }

    /// The end of the run of whole numbers from `k` on, at most `end`, over which the value has the
    /// same floor as at `k`.
    pub(super) fn same_floor(self, k: usize, end: usize) -> usize {
        let floor = self.value(k).floor();
        if self.by == 0.0 || self.value(end - 1).floor() == floor {
            return end;
        }
        let border = if self.by > 0.0 { floor + 1.0 } else { floor };
        let mut stop = (((border - self.at) / self.by).max(0.0) as usize).clamp(k + 1, end);
        while stop < end && self.value(stop).floor() == floor {
            stop += 1;
        }
        while stop > k + 1 && self.value(stop - 1).floor() != floor {
            stop -= 1;
        }
        stop
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn each_angle_turns_about_its_axis_and_the_frame_of_the_image_is_the_inverse() {
        let turn = |phi_deg, theta_deg, psi_deg| {
            Rotation::of(TiltAngles {
                phi_deg,
                theta_deg,
                psi_deg,
            })
        };
        // M(y, 30°) takes z to (1/2, 0, 0.866); its transpose takes that point back.
        let half = 0.75_f64.sqrt();
        let back = turn(0.0, 30.0, 0.0).apply([0.5, 0.0, half]);
        assert!(back[0].abs() < 1e-12 && (back[2] - 1.0).abs() < 1e-12);
        let x_to_y = turn(90.0, 0.0, 0.0).apply([0.0, 1.0, 0.0]);
        assert!((x_to_y[0] - 1.0).abs() < 1e-12);
        let y_to_z = turn(0.0, 0.0, 90.0).apply([0.0, 0.0, 1.0]);
        assert!((y_to_z[1] - 1.0).abs() < 1e-12);
        // The three together, multiplied out by hand: M(z, 90°) M(y, 90°) M(x, 90°) is
        // [[0, 0, 1], [0, 1, 0], [-1, 0, 0]].
        let all = turn(90.0, 90.0, 90.0);
        let [u, v, w] = all.apply([1.0, 2.0, 3.0]);
        assert!((u + 3.0).abs() < 1e-12 && (v - 2.0).abs() < 1e-12 && (w - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_film_is_as_wide_as_its_steepest_image_asks() {
        // The steepest of the tantalum film's images, and one that is turned the most.
        let turned = |phi_deg, theta_deg, psi_deg| TiltAngles {
            phi_deg,
            theta_deg,
            psi_deg,
        };
        let angles = [turned(-0.2, -63.000469, 0.2), turned(0.0, -23.400167, 0.4)];
        let rotations: Vec<Rotation> = angles.map(Rotation::of).to_vec();
        assert_eq!(film_size((131, 61), 131, &rotations), Some([543, 63, 131]));
        assert_eq!(film_size((131, 17), 131, &rotations), Some([543, 19, 131]));
        let flat = [Rotation::of(TiltAngles::tilt(0.0))];
        assert_eq!(film_size((10, 7), 5, &flat), Some([11, 7, 5]));
        let along = [Rotation::of(TiltAngles::tilt(89.9))];
        assert_eq!(film_size((10, 7), 5, &along), None);
    }

    #[test]
    fn runs_and_ranges_are_those_of_a_walk() {
        let cases = [
            (0.3, 0.25),
            (7.9, -0.31),
            (-2.0, 1.0),
            (3.0, 0.0),
            (5.0, -1e-9),
        ];
        for (at, by) in cases {
            let line = Affine { at, by };
            let inside: Vec<usize> = (0..30)
                .filter(|&k| (1.0..=4.0).contains(&line.value(k)))
                .collect();
            let (first, end) = line.within((0, 30), (1.0, 4.0));
            assert_eq!((first..end).collect::<Vec<_>>(), inside, "{line:?}");
            for k in 0..30 {
                let floor = line.value(k).floor();
                let walk = (k..30).take_while(|&j| line.value(j).floor() == floor);
                assert_eq!(line.same_floor(k, 30), walk.last().unwrap() + 1, "{line:?}");
            }
        }
    }
}
