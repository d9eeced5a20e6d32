//! The smallest axis-parallel box about points.

use super::Vec3;

/// An axis-parallel box by its low and its high corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The smallest coordinate along each axis.
    pub low: Vec3,
    /// The largest coordinate along each axis.
    pub high: Vec3,
}

impl Bounds {
    /// The box about nothing: every box about points is larger.
    pub const NONE: Bounds = Bounds {
        low: Vec3::INFINITY,
        high: Vec3::NEG_INFINITY,
    };

    /// The smallest box about the points.
    ///
    /// ```
    /// use amorphous_packing::numerics::{Bounds, Vec3};
    /// let points = [[0., 5., 1.], [2., 3., 1.]].map(Vec3::from);
    /// assert_eq!(Bounds::of(points).extent(), Vec3::new(2., 2., 0.));
    /// ```
    pub fn of(points: impl IntoIterator<Item = Vec3>) -> Bounds {
        let points = points.into_iter();
        points.fold(Bounds::NONE, |bounds, point| bounds.with(point))
    }

    /// The smallest box about the box and a point.
    #[inline]
    fn with(self, point: Vec3) -> Bounds {
        Bounds {
            low: self.low.min(point),
            high: self.high.max(point),
        }
    }

    /// The smallest box about two boxes.
    pub fn and(self, other: Bounds) -> Bounds {
        Bounds {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
        }
    }

    /// The edges.
    pub fn extent(&self) -> Vec3 {
        self.high - self.low
    }

    /// The box, larger by `skin` on each side.
    pub fn padded(&self, skin: f64) -> Bounds {
        Bounds {
            low: self.low - Vec3::splat(skin),
            high: self.high + Vec3::splat(skin),
        }
    }

    /// Whether a point lies inside, or on the border.
    #[inline]
    pub fn contains(&self, point: Vec3) -> bool {
        self.low.cmple(point).all() && point.cmple(self.high).all()
    }

    /// Whether all of another box lies inside.
    #[inline]
    pub fn encloses(&self, other: &Bounds) -> bool {
        self.low.cmple(other.low).all() && other.high.cmple(self.high).all()
    }

    /// The part of a line inside the box, its border included, if there is one (Liang and Barsky 1984). An
    /// end that lies inside stays as it is.
    ///
    /// ```
    /// use amorphous_packing::numerics::{Bounds, Vec3};
    /// let unit = Bounds { low: Vec3::ZERO, high: Vec3::ONE };
    /// let line = [Vec3::new(-1., 0.5, 0.5), Vec3::new(0.5, 0.5, 0.5)];
    /// assert_eq!(unit.clip(line), Some([Vec3::new(0., 0.5, 0.5), line[1]]));
    /// ```
    pub fn clip(&self, [from, to]: [Vec3; 2]) -> Option<[Vec3; 2]> {
        let along = to - from;
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for k in 0..3 {
            if along[k] == 0.0 {
                if !(self.low[k]..=self.high[k]).contains(&from[k]) {
                    return None;
                }
                continue;
            }
            let [a, b] = [self.low[k], self.high[k]].map(|face| (face - from[k]) / along[k]);
            (enter, leave) = (enter.max(a.min(b)), leave.min(a.max(b)));
        }
        let at = |part: f64| from + part * along;
        let start = if enter > 0.0 { at(enter) } else { from };
        let end = if leave < 1.0 { at(leave) } else { to };
        (enter <= leave).then_some([start, end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Bounds = Bounds {
        low: Vec3::ZERO,
        high: Vec3::ONE,
    };

    fn clipped(line: [[f64; 3]; 2]) -> Option<[Vec3; 2]> {
        UNIT.clip(line.map(Vec3::from))
    }

    #[test]
    fn a_line_is_cut_at_the_faces() {
        assert_eq!(
            clipped([[-1.0, 0.5, 0.5], [2.0, 0.5, 0.5]]),
            Some([[0.0, 0.5, 0.5], [1.0, 0.5, 0.5]].map(Vec3::from))
        );
        let inside = [[0.2, 0.3, 0.1], [0.4, 0.9, 0.4]];
        assert_eq!(clipped(inside), Some(inside.map(Vec3::from)));
        let in_a_face = [[0.2, 0.0, 0.0], [0.4, 0.0, 0.0]];
        assert_eq!(clipped(in_a_face), Some(in_a_face.map(Vec3::from)));
    }

    #[test]
    fn a_line_beside_the_box_has_no_part_inside() {
        for outside in [
            [[-1.0, 0.5, 0.5], [-0.5, 0.5, 0.5]],
            [[-1.0, 1.5, 0.5], [2.0, 1.5, 0.5]],
            [[-0.6, 0.5, 0.5], [0.5, 1.6, 0.5]],
            [[0.0, 1.5, 0.0], [1.5, 3.0, 0.0]],
        ] {
            assert_eq!(clipped(outside), None);
        }
    }
}
