//! A mesh from its first four points on.

use crate::numerics::Vec3;

use super::cavity::Cavity;
use super::input::DelaunayError;
use super::mesh::Mesh;
use super::order::insertion_order;
use super::predicates::{collinear, orientation, orientation_bound};
use super::simplex::{FACES, INFINITE, MOST_CELLS, Mark, Side, Simplex};

impl Mesh {
    /// Triangulates places (finite, scaled); `extent` is that of all points, of which these may be
    /// some. Also returns which of the places each vertex is, beginning with vertex 1.
    pub(super) fn of(places: Vec<Vec3>, extent: Vec3) -> Result<(Mesh, Vec<u32>), DelaunayError> {
        let mut order = insertion_order(&places);
        // The infinite vertex comes first, at no place.
        let mut ordered = Vec::with_capacity(places.len() + 1);
        ordered.push(Vec3::NAN);
        ordered.extend(order.iter().map(|&k| places[k as usize]));
        drop(places);
        let mesh = Mesh::new(ordered, extent, &mut order)?;
        Ok((mesh, order))
    }

    /// Triangulates places in their order, that of the infinite vertex before them; `order` follows
    /// where the first are exchanged.
    fn new(points: Vec<Vec3>, extent: Vec3, order: &mut [u32]) -> Result<Mesh, DelaunayError> {
        let count = points.len() - 1;
        let mut mesh = Mesh {
            bound: orientation_bound(extent),
            cavity: Cavity::new(points.len()),
            points,
            cells: Vec::with_capacity(7 * count + 16),
            marks: Vec::with_capacity(7 * count + 16),
            free: Vec::new(),
        };
        mesh.first_four(order)?;
        mesh.first_cells();
        let mut near = 0;
        for vertex in 5..=count as u32 {
            near = mesh.insert(vertex, near).map_err(|twin| {
                let [a, b] = [twin, vertex].map(|v| order[v as usize - 1]);
                DelaunayError::Coincident {
                    first: a.min(b),
                    second: a.max(b),
                }
            })?;
            if mesh.cells.len() > MOST_CELLS {
                return Err(DelaunayError::TooMany { points: count });
            }
        }
        Ok(mesh)
    }

    /// Moves four points that span a volume to the front.
    fn first_four(&mut self, order: &mut [u32]) -> Result<(), DelaunayError> {
        let points = &mut self.points[1..];
        let mut bring = |points: &mut [Vec3], to: usize, from: usize| {
            points[to..=from].rotate_right(1);
            order[to..=from].rotate_right(1);
        };
        let flat = DelaunayError::Flat {
            points: points.len(),
        };
        let apart = (1..points.len()).find(|&k| points[k] != points[0]);
        bring(points, 1, apart.ok_or(flat.clone())?);
        let [a, b] = [points[0], points[1]];
        let off_line = (2..points.len()).find(|&k| !collinear(a, b, points[k]));
        bring(points, 2, off_line.ok_or(flat.clone())?);
        let c = points[2];
        let side = |p| orientation(a, b, c, p, self.bound);
        let off_plane = (3..points.len()).find(|&k| side(points[k]) != 0.0);
        bring(points, 3, off_plane.ok_or(flat)?);
        if side(points[3]) < 0.0 {
            points.swap(2, 3);
            order.swap(2, 3);
        }
        Ok(())
    }

    /// The tetrahedron of the first four points and its four ghosts.
    fn first_cells(&mut self) {
        let corners = [1, 2, 3, 4];
        let mut quadruples = vec![corners];
        quadruples.extend(FACES.map(|[i, j, k]| [corners[i], corners[k], corners[j], INFINITE]));
        let shared = |a: usize, b: usize| {
            let only =
                |x: usize, y: usize| (0..4).find(|&k| !quadruples[y].contains(&quadruples[x][k]));
            only(a, b).zip(only(b, a))
        };
        for (index, &corners) in quadruples.iter().enumerate() {
            let mut across = [Side::new(0, 0); 4];
            for other in (0..5).filter(|&other| other != index) {
                if let Some((own, theirs)) = shared(index, other) {
                    across[own] = Side::new(other as u32, theirs);
                }
            }
            self.cells.push(Simplex { corners, across });
            self.marks.push(Mark::Used);
        }
    }

    /// Adds another point, searched from the cell `near`; returns one of its cells.
    ///
    /// # Errors
    /// The vertex that lies in the same place.
    pub(super) fn add(&mut self, place: Vec3, near: u32) -> Result<u32, u32> {
        let vertex = self.points.len() as u32;
        self.points.push(place);
        self.cavity.grow(self.points.len());
        self.insert(vertex, near)
    }
}
