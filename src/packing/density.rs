//! The mass density where atoms are packed in motifs, and where they are not.
//!
//! Main text, "Polytetrahedral packing in monatomic amorphous materials"; Methods, "Mass density";
//! Fig. 3, Supplementary Fig. 10. The density of an atom is its mass over the volume of its
//! Voronoi cell; between the atoms it is interpolated on the Delaunay tetrahedra and smoothed.
//! Atoms at the surface have no density: how they are treated matters more than how much is
//! smoothed.

use rayon::prelude::*;

use crate::atoms::{AtomId, Atoms, Vec3};
use crate::geometry::{TetrahedronId, Triangulation, VoronoiCells};
use crate::numerics::{Bounds, Mask, Numbered, mean};

use super::grid::{Grid, smoothed};
use super::motifs::MotifId;
use super::triplets::triplets;

/// One gram per mole and cubic ångström in g/cm³: 10²⁴ over the Avogadro constant.
pub const G_PER_CM3: f64 = 1.660_539_066_60;

/// How the density is made continuous.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Smoothing {
    /// The distance of the grid points in ångström.
    pub voxel_angstrom: f64,
    /// The standard deviation of the Gaussian in ångström.
    pub sigma_angstrom: f64,
}

impl Smoothing {
    /// A grid of 1 Å and a Gaussian whose full width at half maximum is the shell distance `w` in
    /// ångström. Methods names the width, not its meaning.
    // ANCHOR: width
    pub fn of_fwhm(w: f64) -> Smoothing {
        Smoothing::of_sigma(w / (8.0 * std::f64::consts::LN_2).sqrt())
    }
    // ANCHOR_END: width

    /// A grid of 1 Å and a Gaussian of this standard deviation in ångström.
    pub fn of_sigma(sigma_angstrom: f64) -> Smoothing {
        Smoothing {
            voxel_angstrom: 1.0,
            sigma_angstrom,
        }
    }
}

/// What surrounds a grid point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surroundings {
    /// Outside, or beside an atom without a density.
    Outside,
    /// In a crystal nucleus.
    Crystal,
    /// Amorphous, in a tetrahedron of a motif.
    With,
    /// Amorphous, in none.
    Without,
}

/// The mass density on a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct DensityMap {
    /// Where the grid points lie.
    pub grid: Grid,
    /// The smoothed density in g/cm³; `None` outside.
    pub density: Vec<Option<f64>>,
    /// What surrounds every grid point.
    pub surroundings: Vec<Surroundings>,
}

impl DensityMap {
    /// The densities at the points with these surroundings, in g/cm³.
    pub fn at(&self, surroundings: Surroundings) -> Vec<f64> {
        let points = self.density.iter().zip(&self.surroundings);
        points
            .filter(|(_, there)| **there == surroundings)
            .filter_map(|(density, _)| *density)
            .collect()
    }

    /// The mean density with packing over that without, less one; `None` where one has no point.
    pub fn gain(&self) -> Option<f64> {
        let mean_at = |surroundings| mean(&self.at(surroundings));
        Some(mean_at(Surroundings::With)? / mean_at(Surroundings::Without)? - 1.0)
    }

    /// The layer across z with a density at most points; the last of several.
    pub fn fullest_layer(&self) -> usize {
        let known = |layer: &usize| self.layer(*layer).flatten().count();
        (0..self.grid.shape[2]).max_by_key(known).unwrap_or(0)
    }

    /// The densities of a layer across z, x running fastest.
    pub fn layer(&self, layer: usize) -> impl Iterator<Item = Option<f64>> + '_ {
        let [columns, rows, _] = self.grid.shape;
        let points = (0..columns * rows).map(move |k| [k % columns, k / columns, layer]);
        points.map(|place| self.density[self.grid.index(place)])
    }
}

/// The mass of every atom over the volume of its Voronoi cell, in g/cm³; `None` where the cell is
/// open or the atom lies at the `surface`.
// ANCHOR: atomic-densities
pub fn atomic_densities(
    atoms: &Atoms,
    cells: &VoronoiCells,
    surface: &Mask<AtomId>,
) -> Vec<Option<f64>> {
    AtomId::first(cells.atoms())
        .map(|atom| {
            let cell = cells.cell(atom).filter(|_| !surface[atom])?;
            Some(G_PER_CM3 * atoms.element(atom).mass_g_per_mol() / cell.volume)
        })
        .collect()
}
// ANCHOR_END: atomic-densities

/// Which accepted tetrahedra are in a motif: a triplet, or a bipyramid of four, five or six.
pub fn packed_tetrahedra(
    triangulation: &Triangulation,
    accepted: &Mask<TetrahedronId>,
) -> Mask<TetrahedronId> {
    // ANCHOR: packed
    let mut packed: Mask<TetrahedronId> = Mask::all(triangulation.len(), false);
    for t in triplets(triangulation, accepted).into_iter().flatten() {
        packed[t] = true;
    }
    let rings = triangulation.rings_among(|t| accepted[t]);
    let bipyramids = rings.filter(|(_, fold)| (4..=6).contains(fold));
    for (bipyramid, _) in bipyramids.collect::<Vec<(MotifId, usize)>>() {
        for t in triangulation.ring(bipyramid).tetrahedra {
            packed[t.id] = true;
        }
    }
    packed
    // ANCHOR_END: packed
}

/// The density on a grid: interpolated in the tetrahedra whose four corners have one, smoothed
/// with the weight of these tetrahedra.
///
/// `densities` are those of the atoms in g/cm³, `crystal` marks the atoms of the nuclei and
/// `packed` the tetrahedra of motifs. A tetrahedron is amorphous with three amorphous corners.
pub fn density_map(
    triangulation: &Triangulation,
    densities: &[Option<f64>],
    crystal: &Mask<AtomId>,
    packed: &Mask<TetrahedronId>,
    smoothing: Smoothing,
) -> DensityMap {
    let grid = Grid::over(triangulation, smoothing.voxel_angstrom);
    let owned: Vec<(usize, TetrahedronId, f64)> = triangulation
        .par_tetrahedra()
        .flat_map_iter(|t| interpolated(triangulation, densities, &grid, t))
        .collect();
    let mut raw = vec![None; grid.len()];
    let mut surroundings = vec![Surroundings::Outside; grid.len()];
    for (point, t, density) in owned {
        // A point on a face belongs to the first of its tetrahedra.
        if raw[point].is_none() {
            raw[point] = Some(density);
            let corners = triangulation.corners(t);
            let ordered = corners.iter().filter(|c| crystal[c.atom]).count();
            surroundings[point] = match (ordered > 1, packed[t]) {
                (true, _) => Surroundings::Crystal,
                (false, true) => Surroundings::With,
                (false, false) => Surroundings::Without,
            };
        }
    }
    DensityMap {
        density: smoothed(&grid, &raw, smoothing.sigma_angstrom),
        grid,
        surroundings,
    }
}

/// The grid points in a tetrahedron with their densities.
fn interpolated(
    triangulation: &Triangulation,
    densities: &[Option<f64>],
    grid: &Grid,
    t: TetrahedronId,
) -> Vec<(usize, TetrahedronId, f64)> {
    let known = triangulation.corners(t).map(|c| densities[c.atom.index()]);
    let [Some(a), Some(b), Some(c), Some(d)] = known else {
        return Vec::new();
    };
    let corners = triangulation.corner_positions(t);
    let weights = Barycentric::new(&corners);
    let mut inside = Vec::new();
    grid.for_each_between(&Bounds::of(corners), |point, position| {
        if let Some(w) = weights.of(position) {
            let density = w[0] * a + w[1] * b + w[2] * c + w[3] * d;
            inside.push((point, t, density));
        }
    });
    inside
}

/// The weights of the corners of a tetrahedron at a point.
struct Barycentric {
    first: Vec3,
    /// The gradients of the weights of the other three corners.
    gradients: [Vec3; 3],
}

impl Barycentric {
    fn new(corners: &[Vec3; 4]) -> Barycentric {
        let [a, b, c] = [1, 2, 3].map(|k| corners[k] - corners[0]);
        let six_volumes = a.dot(b.cross(c));
        let gradient = |u: Vec3, v: Vec3| u.cross(v) / six_volumes;
        Barycentric {
            first: corners[0],
            gradients: [gradient(b, c), gradient(c, a), gradient(a, b)],
        }
    }

    // ANCHOR: weights
    /// The four weights; `None` outside.
    fn of(&self, point: Vec3) -> Option<[f64; 4]> {
        const TOUCH: f64 = 1e-12;
        let from = point - self.first;
        let [b, c, d] = self.gradients.map(|gradient| gradient.dot(from));
        let weights = [1.0 - b - c - d, b, c, d];
        weights.iter().all(|&w| w >= -TOUCH).then_some(weights)
    }
    // ANCHOR_END: weights
}
