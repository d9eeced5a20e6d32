//! The cell in which atoms are repeated: three lattice vectors, each repeated or open.

use crate::numerics::{Bounds, Vec3};

/// A cell that is repeated along one, two or three of its lattice vectors; along the others it is open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    lattice: [Vec3; 3],
    periodic: [bool; 3],
    /// `fractional[k] = reciprocal[k] · position`.
    reciprocal: [Vec3; 3],
    axis_parallel: bool,
}

impl Cell {
    /// A box with edges along x, y and z of these lengths in ångström, repeated along all three.
    pub fn orthogonal(edges: Vec3) -> Cell {
        let along = |axis: usize| {
            let mut edge = Vec3::ZERO;
            edge[axis] = edges[axis];
            edge
        };
        Cell::new([0, 1, 2].map(along), [true; 3])
    }

    /// The cell of three lattice vectors in ångström, repeated along those that `periodic` marks.
    ///
    /// How far an open direction reaches is a matter of the atoms: its vector is replaced by a unit
    /// vector at right angles to the repeated ones.
    pub fn new(lattice: [Vec3; 3], periodic: [bool; 3]) -> Cell {
        let lattice = with_open_normals(lattice, periodic);
        let faces = faces(lattice);
        let volume = lattice[0].dot(faces[0]);
        let off_axis = |k: usize| (0..3).any(|axis| axis != k && lattice[k][axis] != 0.0);
        Cell {
            lattice,
            periodic,
            reciprocal: faces.map(|face| face / volume),
            axis_parallel: !(0..3).any(off_axis),
        }
    }

    /// The cell with all lengths multiplied by `factor`.
    pub(super) fn scaled(&self, factor: f64) -> Cell {
        let scaled = |k: usize| match self.periodic[k] {
            true => factor * self.lattice[k],
            false => self.lattice[k],
        };
        Cell::new([0, 1, 2].map(scaled), self.periodic)
    }

    /// Whether the cell can be repeated: finite vectors that span a volume.
    pub fn is_sound(&self) -> bool {
        let lengths: f64 = self.lattice.iter().map(|a| a.length()).product();
        let volume = self.lattice[0].dot(faces(self.lattice)[0]).abs();
        let forwards = !self.axis_parallel || (0..3).all(|k| self.lattice[k][k] > 0.0);
        volume.is_finite() && lengths.is_finite() && forwards && volume > 1e-9 * lengths
    }

    /// The lattice vectors in ångström; unit vectors along open directions.
    pub fn lattice(&self) -> [Vec3; 3] {
        self.lattice
    }

    /// Along which lattice vectors the cell is repeated.
    pub fn periodic(&self) -> [bool; 3] {
        self.periodic
    }

    /// Whether the cell is repeated along all three.
    pub fn is_closed(&self) -> bool {
        self.periodic == [true; 3]
    }

    /// The edges in ångström of a box with edges along x, y and z that is repeated along all three.
    #[inline]
    pub fn edges(&self) -> Option<Vec3> {
        (self.axis_parallel && self.is_closed()).then(|| self.diagonal())
    }

    /// Whether the lattice vectors run along x, y and z.
    #[inline]
    pub fn is_axis_parallel(&self) -> bool {
        self.axis_parallel
    }

    /// The lengths of the lattice vectors along x, y and z of an axis-parallel cell.
    #[inline]
    pub fn diagonal(&self) -> Vec3 {
        let [a, b, c] = self.lattice;
        Vec3::new(a.x, b.y, c.z)
    }

    /// The volume in Å³ of a cell that is repeated along all three.
    pub fn volume(&self) -> Option<f64> {
        match self.edges() {
            Some(edges) => Some(edges.element_product()),
            None if self.is_closed() => Some(self.lattice[0].dot(faces(self.lattice)[0]).abs()),
            None => None,
        }
    }

    /// The distances in ångström between opposite faces; infinite along open directions.
    pub fn heights(&self) -> Vec3 {
        let height = |k: usize| match self.periodic[k] {
            true => self.reciprocal[k].length().recip(),
            false => f64::INFINITY,
        };
        Vec3::new(height(0), height(1), height(2))
    }

    /// A position in multiples of the lattice vectors; in ångström along open directions.
    pub fn fractional(&self, position: Vec3) -> Vec3 {
        Vec3::from(self.reciprocal.map(|row| row.dot(position)))
    }

    /// The displacement of an image that lies so many lattice vectors away.
    #[inline]
    pub fn displacement(&self, steps: Vec3) -> Vec3 {
        if self.axis_parallel {
            steps * self.diagonal()
        } else {
            let [a, b, c] = self.lattice;
            steps.x * a + (steps.y * b + steps.z * c)
        }
    }

    /// A position folded into the cell along the repeated directions, also where rounding would give
    /// the far face itself.
    pub fn wrapped(&self, position: Vec3) -> Vec3 {
        if let Some(edges) = self.edges() {
            let folded = position.rem_euclid(edges);
            return Vec3::select(folded.cmplt(edges), folded, Vec3::ZERO);
        }
        let steps = self.fractional(position).floor();
        let kept = |k: usize| if self.periodic[k] { steps[k] } else { 0.0 };
        let folded = position - self.displacement(Vec3::new(kept(0), kept(1), kept(2)));
        // A step may be lost to rounding; then the place is the near face.
        let again = self.fractional(folded);
        let outside = |k: usize| match self.periodic[k] {
            true if again[k] < 0.0 => -1.0,
            true if again[k] >= 1.0 => 1.0,
            _ => 0.0,
        };
        folded - self.displacement(Vec3::new(outside(0), outside(1), outside(2)))
    }

    /// The positions, which lie in the cell, and those of their images that lie within `skin` ångström
    /// of it, each with the number of its position; the positions themselves come first.
    pub fn with_images(&self, positions: &[Vec3], skin: f64) -> Vec<(Vec3, u32)> {
        let skins = Vec3::splat(skin) / self.heights();
        let mut all: Vec<(Vec3, u32)> = positions.iter().copied().zip(0..).collect();
        for (&position, index) in positions.iter().zip(0..) {
            let at = self.fractional(position);
            let images = [0, 1, 2].map(|k| match self.periodic[k] {
                true => (-skins[k] - at[k]).ceil() as i64..=(1.0 + skins[k] - at[k]).floor() as i64,
                false => 0..=0,
            });
            for x in images[0].clone() {
                for y in images[1].clone() {
                    for z in images[2].clone().filter(|&z| (x, y, z) != (0, 0, 0)) {
                        let steps = Vec3::from([x, y, z].map(|n| n as f64));
                        all.push((position + self.displacement(steps), index));
                    }
                }
            }
        }
        all
    }

    /// About how many images [`Cell::with_images`] would make of so many atoms, themselves included.
    pub fn images(&self, atoms: usize, skin: f64) -> f64 {
        let along = Vec3::ONE + 2.0 * skin / self.heights();
        atoms as f64 * along.element_product()
    }

    /// The space in Å³ that positions take: that of the cell, along open directions as far as they reach
    /// and `gap` ångström more.
    pub fn space_about(&self, positions: &[Vec3], gap: f64) -> f64 {
        let [a, b, c] = self.closed_about(positions, gap);
        a.dot(b.cross(c)).abs()
    }

    /// The lattice of the cell closed along its open directions, `gap` ångström wider there than the
    /// positions reach.
    pub fn closed_about(&self, positions: &[Vec3], gap: f64) -> [Vec3; 3] {
        let reach = Bounds::of(positions.iter().map(|&p| self.fractional(p))).extent() + gap;
        [0, 1, 2].map(|k| match self.periodic[k] {
            true => self.lattice[k],
            false => reach[k] * self.lattice[k],
        })
    }
}

/// The areas of the faces as vectors: each the product of the other two lattice vectors.
fn faces(lattice: [Vec3; 3]) -> [Vec3; 3] {
    [0, 1, 2].map(|k| lattice[(k + 1) % 3].cross(lattice[(k + 2) % 3]))
}

/// The lattice with unit vectors at right angles to the repeated vectors in place of the open ones. An
/// axis-parallel lattice stays so.
fn with_open_normals(lattice: [Vec3; 3], periodic: [bool; 3]) -> [Vec3; 3] {
    let mut made = lattice;
    let mut known: Vec<Vec3> = (0..3)
        .filter(|&k| periodic[k])
        .map(|k| lattice[k])
        .collect();
    for k in (0..3).filter(|&k| !periodic[k]) {
        let axes = [0, 1, 2].map(|step| [Vec3::X, Vec3::Y, Vec3::Z][(k + step) % 3]);
        let rest = |axis: Vec3| {
            let basis = orthonormal(&known);
            basis.iter().fold(axis, |rest, e| rest - rest.dot(*e) * *e)
        };
        // The axis of the same name unless it lies along what is known.
        let normal = axes.map(rest).into_iter().find(|rest| rest.length() > 0.5);
        made[k] = normal.unwrap_or(axes[0]).normalize();
        known.push(made[k]);
    }
    made
}

/// Orthonormal vectors that span what the given ones span.
fn orthonormal(vectors: &[Vec3]) -> Vec<Vec3> {
    let mut basis: Vec<Vec3> = Vec::new();
    for &vector in vectors {
        let rest = basis
            .iter()
            .fold(vector, |rest, e| rest - rest.dot(*e) * *e);
        basis.extend(rest.try_normalize());
    }
    basis
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKEW: [Vec3; 3] = [
        Vec3::new(5.0, 0.0, 0.0),
        Vec3::new(1.5, 6.0, 0.0),
        Vec3::new(-1.0, 2.0, 7.0),
    ];

    #[test]
    fn a_wrapped_position_is_an_image_inside_the_cell() {
        let cell = Cell::new(SKEW, [true, true, false]);
        for place in [
            [0.1, 0.2, 0.3],
            [-17.0, 33.0, 90.0],
            [5.0, 0.0, -4.0],
            [1.5, 6.0, 0.0],
        ] {
            let place = Vec3::from(place);
            let inside = cell.fractional(cell.wrapped(place));
            assert!(
                (0..2).all(|k| (0.0..1.0).contains(&inside[k])),
                "{place} {inside}"
            );
            let moved = cell.fractional(place) - inside;
            assert!((moved - moved.round()).length() < 1e-12 && moved.z.abs() < 1e-12);
        }
    }

    #[test]
    fn open_directions_are_normals() {
        let cell = Cell::new(SKEW, [true, true, false]);
        assert!((cell.lattice()[2] - Vec3::Z).length() < 1e-15);
        let wire = Cell::new(SKEW, [false, false, true]);
        let [a, b, c] = wire.lattice();
        assert!(a.dot(b).abs() + a.dot(c).abs() + b.dot(c).abs() < 1e-12);
        let slab = Cell::new(
            [2.0 * Vec3::X, 3.0 * Vec3::Y, 9.0 * Vec3::Z],
            [true, false, true],
        );
        assert!(slab.is_axis_parallel() && slab.lattice()[1] == Vec3::Y);
        assert_eq!(slab.heights(), Vec3::new(2.0, f64::INFINITY, 9.0));
    }

    #[test]
    fn every_image_within_the_skin_is_there_once() {
        let cell = Cell::new(SKEW, [true; 3]);
        let points = [Vec3::new(0.3, 0.4, 0.5), Vec3::new(4.0, 5.0, 6.0)].map(|p| cell.wrapped(p));
        let skin = 11.0;
        let found = cell.with_images(&points, skin);
        let mut expected = 0;
        for point in points {
            for n in 0..15_i32.pow(3) {
                let steps = [n / 225 - 7, n / 15 % 15 - 7, n % 15 - 7].map(f64::from);
                let image = point + cell.displacement(Vec3::from(steps));
                let at = cell.fractional(image);
                let away = (at - Vec3::ONE).max(-at) * cell.heights();
                if away.max_element() <= skin {
                    expected += 1;
                    assert!(found.iter().any(|(p, _)| p.distance(image) < 1e-9));
                }
            }
        }
        assert_eq!(found.len(), expected);
        assert_eq!(cell.volume().map(f64::round), Some(210.0));
    }
}
