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
}
