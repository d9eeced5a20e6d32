//! The convex cell about one atom: what the bisecting planes to its neighbours leave of space.
//!
//! The Voronoi cells of a sample are the dual of its triangulation ([`super::VoronoiCells`]); this
//! is for cells that the triangulation does not hold: those rebuilt from some of the neighbours,
//! and those in a perfect crystal, where flat tetrahedra are missing.

use crate::atoms::Vec3;

/// Side of the cube from which a cell is cut, half of it, in distances of the farthest neighbour:
/// what reaches it is open.
const WORLD: f64 = 1e4;
/// A corner nearer to a plane than this, in distances of the nearest neighbour, lies on it.
const TOUCH: f64 = 1e-9;

/// A closed convex cell about the origin.
#[derive(Debug, Clone, PartialEq)]
pub struct ConvexCell {
    corners: Vec<Vec3>,
    faces: Vec<ConvexFace>,
}

/// A face of a [`ConvexCell`].
#[derive(Debug, Clone, PartialEq)]
pub struct ConvexFace {
    /// The neighbour whose bisecting plane it lies on, by its place in the list.
    pub neighbour: usize,
    /// Its corners, in order about the direction to the neighbour.
    corners: Vec<usize>,
}

impl ConvexCell {
    /// The points that are nearer to the origin than to any of the `neighbours`, given by their
    /// displacements in ångström (none of them zero). `None` when they do not close a cell.
    ///
    /// Neighbours that hide behind others have no face.
    ///
    /// ```
    /// use amorphous_packing::geometry::ConvexCell;
    /// use amorphous_packing::numerics::Vec3;
    /// let cube = [Vec3::X, -Vec3::X, Vec3::Y, -Vec3::Y, Vec3::Z];
    /// assert!(ConvexCell::about(&cube).is_none());
    /// let cube = [&cube[..], &[-Vec3::Z, 3.0 * Vec3::X]].concat();
    /// let cell = ConvexCell::about(&cube).ok_or("open")?;
    /// assert_eq!(cell.faces().len(), 6);
    /// assert!(cell.faces().iter().all(|face| face.edges() == 4));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn about(neighbours: &[Vec3]) -> Option<ConvexCell> {
        // ANCHOR: cutting
        let mut order: Vec<usize> = (0..neighbours.len()).collect();
        // Near planes first: they leave little for the far ones to cut.
        let away = |k: usize| neighbours[k].length();
        order.sort_by(|&a, &b| away(a).total_cmp(&away(b)));
        let (nearest, farthest) = (away(*order.first()?), away(*order.last()?));
        let mut cell = ConvexCell::cube(WORLD * farthest, neighbours.len());
        for k in order {
            cell.cut(neighbours[k], k, TOUCH * nearest);
        }
        let closed = cell.faces.iter().all(|f| f.neighbour < neighbours.len());
        closed.then_some(cell)
        // ANCHOR_END: cutting
    }

    /// The faces.
    pub fn faces(&self) -> &[ConvexFace] {
        &self.faces
    }

    /// The corners of a face in order, in ångström from the origin.
    pub fn polygon(&self, face: &ConvexFace) -> Vec<Vec3> {
        face.corners.iter().map(|&c| self.corners[c]).collect()
    }

    /// The area of a face in Å².
    pub fn area(&self, face: &ConvexFace) -> f64 {
        let first = self.corners[face.corners[0]];
        let spokes: Vec<Vec3> = face
            .corners
            .iter()
            .map(|&c| self.corners[c] - first)
            .collect();
        let parts = spokes.windows(2).map(|pair| pair[0].cross(pair[1]));
        0.5 * parts.sum::<Vec3>().length()
    }

    /// The longest edge in ångström.
    pub fn longest_edge(&self) -> f64 {
        let edges = self.faces.iter().flat_map(|face| {
            let next = face.corners.iter().cycle().skip(1);
            face.corners.iter().zip(next)
        });
        edges
            .map(|(&a, &b)| self.corners[a].distance(self.corners[b]))
            .fold(0.0, f64::max)
    }

    /// The neighbours whose faces meet in each corner: three, more on perfect lattices.
    pub fn meeting(&self) -> Vec<Vec<usize>> {
        let mut meeting = vec![Vec::new(); self.corners.len()];
        for face in &self.faces {
            for &corner in &face.corners {
                meeting[corner].push(face.neighbour);
            }
        }
        meeting.retain(|faces| !faces.is_empty());
        meeting
    }

    /// A cube with faces at `half` from the origin, which belong to no neighbour.
    fn cube(half: f64, nobody: usize) -> ConvexCell {
        let corners = (0..8)
            .map(|bits| {
                Vec3::from([0, 1, 2].map(|k| if bits >> k & 1 == 1 { half } else { -half }))
            })
            .collect();
        let face = |axis: usize, up: usize| {
            let (u, v) = (1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3));
            let base = up << axis;
            let mut corners = vec![base, base | u, base | u | v, base | v];
            if up == 0 {
                corners.reverse();
            }
            ConvexFace {
                neighbour: nobody,
                corners,
            }
        };
        let faces = (0..3).flat_map(|axis| [face(axis, 0), face(axis, 1)]);
        ConvexCell {
            corners,
            faces: faces.collect(),
        }
    }

    /// Cuts away what is nearer to `to` than to the origin.
    fn cut(&mut self, to: Vec3, neighbour: usize, touch: f64) {
        let length = to.length();
        let axis = to / length;
        let mut height: Vec<f64> = self
            .corners
            .iter()
            .map(|c| c.dot(axis) - 0.5 * length)
            .collect();
        let used = self.faces.iter().flat_map(|face| &face.corners);
        if used.clone().all(|&c| height[c] <= touch) {
            return;
        }
        // Corners on the plane stay and are corners of the new face.
        let mut rim: Vec<usize> = used
            .copied()
            .filter(|&c| height[c].abs() <= touch)
            .collect();
        let mut cuts: Vec<([usize; 2], usize)> = Vec::new();
        let mut kept = Vec::with_capacity(self.faces.len() + 1);
        for face in std::mem::take(&mut self.faces) {
            let mut corners = Vec::with_capacity(face.corners.len() + 1);
            for (place, &a) in face.corners.iter().enumerate() {
                let b = face.corners[(place + 1) % face.corners.len()];
                if height[a] <= touch {
                    corners.push(a);
                }
                let crosses = height[a].abs() > touch
                    && height[b].abs() > touch
                    && (height[a] > 0.0) != (height[b] > 0.0);
                if crosses {
                    let edge = [a.min(b), a.max(b)];
                    let known = cuts.iter().find(|(other, _)| *other == edge);
                    let cut = known.map_or(self.corners.len(), |&(_, cut)| cut);
                    if cut == self.corners.len() {
                        let [p, q] = edge.map(|c| self.corners[c]);
                        let part = height[edge[0]] / (height[edge[0]] - height[edge[1]]);
                        self.corners.push(p + part * (q - p));
                        height.push(0.0);
                        cuts.push((edge, cut));
                    }
                    corners.push(cut);
                }
            }
            let above = corners.iter().all(|&c| height[c].abs() <= touch);
            if corners.len() >= 3 && !above {
                kept.push(ConvexFace { corners, ..face });
            }
        }
        self.faces = kept;
        rim.extend(cuts.iter().map(|&(_, cut)| cut));
        rim.sort_unstable();
        rim.dedup();
        if rim.len() >= 3 {
            let corners = self.in_order(rim, axis);
            self.faces.push(ConvexFace { neighbour, corners });
        }
    }

    /// Corners of one plane, sorted by their angle about their mean, seen against `axis`.
    fn in_order(&self, mut rim: Vec<usize>, axis: Vec3) -> Vec<usize> {
        let sum: Vec3 = rim.iter().map(|&c| self.corners[c]).sum();
        let centre = sum / rim.len() as f64;
        let u = self.corners[rim[0]] - centre;
        let v = axis.cross(u);
        rim.sort_by_cached_key(|&c| {
            let from = self.corners[c] - centre;
            Angle(from.dot(v).atan2(from.dot(u)))
        });
        rim
    }
}

impl ConvexFace {
    /// The number of edges.
    pub fn edges(&self) -> usize {
        self.corners.len()
    }
}

/// An angle that can be sorted.
#[derive(PartialEq)]
struct Angle(f64);

impl Eq for Angle {}

impl PartialOrd for Angle {
    fn partial_cmp(&self, other: &Angle) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Angle {
    fn cmp(&self, other: &Angle) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}
