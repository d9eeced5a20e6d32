//! The numbers that sum up a structure: what `summary.json` holds.

use serde::{Deserialize, Serialize};

use crate::atoms::{AtomId, Atoms, Boundary, Element};
use crate::network::{Extent, cluster_sizes, filling_population, mean_filling};
use crate::numerics::{Numbered, mean};
use crate::order::CellStatistics;
use crate::packing::{G_PER_CM3, populations};

use super::chain::Analysis;
use super::description::Description;

/// The numbers that sum up a structure. Lengths in ångström, fractions from 0 to 1; what the structure
/// does not have is `null`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The number of atoms.
    pub atoms: usize,
    /// By element, by increasing atomic number.
    pub species: Vec<SpeciesSummary>,
    /// The lattice vectors, along open directions as long as the atoms reach; none of an open sample.
    pub lattice_angstrom: Option<[[f64; 3]; 3]>,
    /// Along which directions the structure is repeated.
    pub periodic: [bool; 3],
    /// Atoms per cubic ångström, of a cell that is repeated along all directions.
    pub number_density_per_cubic_angstrom: Option<f64>,
    /// The mass density: of the cell, or of the Voronoi cells of the atoms that do not lie at the
    /// surface.
    pub density_g_per_cm3: Option<f64>,
    /// The first-nearest-neighbour shell distance `w`.
    pub shell_distance_angstrom: f64,
    /// The largest distortion of a packing tetrahedron.
    pub delta_max: f64,
    /// The position of the first peak of g(r).
    pub first_peak_angstrom: Option<f64>,
    /// Atoms in crystal nuclei.
    pub crystal_atoms: usize,
    /// The same over all atoms.
    pub crystal_fraction: f64,
    /// The number of crystal nuclei.
    pub crystal_nuclei: usize,
    /// The mean coordination number by Voronoi faces, of the amorphous atoms with a closed cell.
    pub mean_coordination: Option<f64>,
    /// Faces with five edges among those with three to six, of the same atoms.
    pub five_edged_faces_fraction: Option<f64>,
    /// Distorted icosahedra among the same atoms.
    pub icosahedra_fraction: Option<f64>,
    /// Amorphous atoms in packing tetrahedra.
    pub atoms_in_tetrahedra_fraction: Option<f64>,
    /// Amorphous tetrahedra in triplets.
    pub triplet_fraction: Option<f64>,
    /// Amorphous tetrahedra in quadrilateral bipyramids.
    pub quadrilateral_fraction: Option<f64>,
    /// Amorphous tetrahedra in pentagonal bipyramids.
    pub pentagonal_fraction: Option<f64>,
    /// Amorphous tetrahedra in hexagonal bipyramids.
    pub hexagonal_fraction: Option<f64>,
    /// Pentagonal bipyramids that touch the amorphous region.
    pub pentagonal_bipyramids: usize,
    /// The same over the amorphous atoms.
    pub pentagonal_bipyramids_per_atom: f64,
    /// The mean number of vertex-sharing neighbours of a pentagonal bipyramid.
    pub mean_vertex_neighbours: f64,
    /// The mean number of edge-sharing neighbours.
    pub mean_edge_neighbours: f64,
    /// Pentagonal bipyramids with an edge-sharing neighbour.
    pub with_edge_neighbour_fraction: f64,
    /// Pentagonal bipyramids in networks of five and more.
    pub in_networks_fraction: f64,
    /// The number of networks.
    pub networks: usize,
    /// Bipyramids of the largest network.
    pub largest_network_bipyramids: usize,
    /// Atoms of the largest network.
    pub largest_network_atoms: usize,
    /// The share of all bipyramids in the largest cluster, a network or not.
    pub largest_share: f64,
    /// The length of the largest network; none where it runs through the cell.
    pub largest_network_length_angstrom: Option<f64>,
    /// Along which directions the largest network runs through the cell.
    pub largest_network_spans: [bool; 3],
    /// The mean icosahedral filling over the partial icosahedra.
    pub mean_filling: Option<f64>,
    /// Partial icosahedra by their filling, from 1.
    pub filling: Vec<u64>,
}

/// The part of one element.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpeciesSummary {
    /// The element.
    pub element: Element,
    /// Its atoms.
    pub atoms: usize,
    /// The same over all atoms.
    pub fraction: f64,
    /// Its share of the caps of the pentagonal bipyramids; none without a bipyramid.
    pub cap_fraction: Option<f64>,
    /// Its share of their ring atoms.
    pub ring_fraction: Option<f64>,
    /// Its share of the atoms of networks.
    pub network_fraction: Option<f64>,
    /// The mean coordination number of its amorphous atoms with a closed cell.
    pub mean_coordination: Option<f64>,
    /// Its atoms in crystal nuclei over all of its atoms.
    pub crystal_fraction: f64,
}

impl Summary {
    /// Sums up a structure.
    pub fn of(analysis: &Analysis, description: &Description) -> Summary {
        let found = &description.found;
        let atoms = analysis.atoms.len();
        let crystal_atoms = analysis.crystal.count();
        let amorphous = atoms - crystal_atoms;
        let packed = populations(
            &analysis.triangulation,
            analysis.criteria,
            &analysis.crystal,
        );
        let [triplet, quadrilateral, pentagonal, hexagonal] = packed.motifs;
        let cells = description.regulated.iter();
        let cells = cells.filter(|cell| !analysis.crystal[cell.atom]);
        let cells = CellStatistics::of(cells, analysis.criteria.delta_max);
        let of_amorphous = |value: f64| (amorphous > 0).then_some(value);
        let of_cells = |value: f64| (cells.cells > 0).then_some(value);
        let bipyramids = found.motifs.len();
        let share = |part: usize| part as f64 / bipyramids.max(1) as f64;
        let in_networks: usize = found.networks.iter().map(|network| network.size()).sum();
        let counts = found.sharing.neighbour_counts(bipyramids);
        let average = |counts: &[u32]| {
            let all: u64 = counts.iter().map(|&n| u64::from(n)).sum();
            all as f64 / bipyramids.max(1) as f64
        };
        let fillings =
            filling_population(&description.filling, &analysis.triangulation, &found.motifs);
        let largest = found.networks.first();
        let cluster = cluster_sizes(bipyramids, &found.sharing);
        Summary {
            atoms,
            species: species(analysis, description),
            lattice_angstrom: lattice(&analysis.atoms),
            periodic: analysis.atoms.boundary().directions(),
            number_density_per_cubic_angstrom: analysis.atoms.number_density(),
            density_g_per_cm3: density(analysis, description),
            shell_distance_angstrom: analysis.first_valley_angstrom,
            delta_max: analysis.criteria.delta_max,
            first_peak_angstrom: description
                .pairs
                .as_ref()
                .ok()
                .map(|pairs| pairs.whole.first_peak_angstrom()),
            crystal_atoms,
            crystal_fraction: crystal_atoms as f64 / atoms as f64,
            crystal_nuclei: analysis.nuclei().len(),
            mean_coordination: of_cells(cells.mean_coordination),
            five_edged_faces_fraction: of_cells(cells.five_edged_percent / 100.0),
            icosahedra_fraction: of_cells(cells.icosahedra_percent() / 100.0),
            atoms_in_tetrahedra_fraction: of_amorphous(packed.atoms_in_tetrahedra),
            triplet_fraction: of_amorphous(triplet),
            quadrilateral_fraction: of_amorphous(quadrilateral),
            pentagonal_fraction: of_amorphous(pentagonal),
            hexagonal_fraction: of_amorphous(hexagonal),
            pentagonal_bipyramids: bipyramids,
            pentagonal_bipyramids_per_atom: bipyramids as f64 / amorphous.max(1) as f64,
            mean_vertex_neighbours: average(&counts.vertex),
            mean_edge_neighbours: average(&counts.edge),
            with_edge_neighbour_fraction: share(found.sharing_tally().with_edge),
            in_networks_fraction: share(in_networks),
            networks: found.networks.len(),
            largest_network_bipyramids: found.largest(),
            largest_network_atoms: largest.map_or(0, |network| network.atoms.len()),
            largest_share: share(cluster.first().copied().unwrap_or(0)),
            largest_network_length_angstrom: largest.and_then(|network| network.extent.length()),
            largest_network_spans: match largest.map(|network| network.extent) {
                Some(Extent::Spans(axes)) => axes,
                _ => [false; 3],
            },
            mean_filling: mean_filling(&fillings),
            filling: fillings.iter().map(|bin| bin.count).collect(),
        }
    }

    /// The numbers that a series of frames is averaged over, with their names; NaN where there is none.
    pub fn numbers(&self) -> Vec<(&'static str, f64)> {
        let or_nan = |value: Option<f64>| value.unwrap_or(f64::NAN);
        vec![
            ("density_g_per_cm3", or_nan(self.density_g_per_cm3)),
            ("shell_distance_angstrom", self.shell_distance_angstrom),
            ("crystal_fraction", self.crystal_fraction),
            ("mean_coordination", or_nan(self.mean_coordination)),
            (
                "five_edged_faces_fraction",
                or_nan(self.five_edged_faces_fraction),
            ),
            ("icosahedra_fraction", or_nan(self.icosahedra_fraction)),
            (
                "atoms_in_tetrahedra_fraction",
                or_nan(self.atoms_in_tetrahedra_fraction),
            ),
            ("triplet_fraction", or_nan(self.triplet_fraction)),
            (
                "quadrilateral_fraction",
                or_nan(self.quadrilateral_fraction),
            ),
            ("pentagonal_fraction", or_nan(self.pentagonal_fraction)),
            ("hexagonal_fraction", or_nan(self.hexagonal_fraction)),
            ("pentagonal_bipyramids", self.pentagonal_bipyramids as f64),
            (
                "pentagonal_bipyramids_per_atom",
                self.pentagonal_bipyramids_per_atom,
            ),
            ("mean_vertex_neighbours", self.mean_vertex_neighbours),
            ("mean_edge_neighbours", self.mean_edge_neighbours),
            (
                "with_edge_neighbour_fraction",
                self.with_edge_neighbour_fraction,
            ),
            ("in_networks_fraction", self.in_networks_fraction),
            ("networks", self.networks as f64),
            (
                "largest_network_bipyramids",
                self.largest_network_bipyramids as f64,
            ),
            ("largest_share", self.largest_share),
            ("mean_filling", or_nan(self.mean_filling)),
        ]
    }
}

fn lattice(atoms: &Atoms) -> Option<[[f64; 3]; 3]> {
    match atoms.boundary() {
        Boundary::Open => None,
        Boundary::Periodic(cell) => Some(
            cell.closed_about(atoms.positions(), 0.0)
                .map(|a| a.to_array()),
        ),
    }
}

/// The mass density in g/cm³.
fn density(analysis: &Analysis, description: &Description) -> Option<f64> {
    if let Some(per_volume) = analysis.atoms.number_density() {
        let mean_mass = analysis.atoms.mass_g_per_mol() / analysis.atoms.len() as f64;
        return Some(G_PER_CM3 * mean_mass * per_volume);
    }
    let surface = &description.surface;
    let (mut mass, mut volume) = (0.0, 0.0);
    for cell in description
        .cells
        .closed()
        .filter(|cell| !surface[cell.atom])
    {
        mass += analysis.atoms.element(cell.atom).mass_g_per_mol();
        volume += cell.volume;
    }
    (volume > 0.0).then(|| G_PER_CM3 * mass / volume)
}

fn species(analysis: &Analysis, description: &Description) -> Vec<SpeciesSummary> {
    let atoms = &analysis.atoms;
    let of = |element: Element| move |atom: &AtomId| atoms.element(*atom) == element;
    let sum = |counts: &[u32], element: Option<Element>| -> u64 {
        AtomId::first(atoms.len())
            .filter(|atom| element.is_none_or(|element| of(element)(atom)))
            .map(|atom| u64::from(counts[atom.index()]))
            .sum()
    };
    let share = |counts: &[u32], element: Element| {
        let all = sum(counts, None);
        (all > 0).then(|| sum(counts, Some(element)) as f64 / all as f64)
    };
    let in_network: Vec<u32> = description
        .network
        .iter()
        .map(|&n| u32::from(n > 0))
        .collect();
    let summarise = |(element, count): (Element, usize)| {
        let coordination: Vec<f64> = description
            .regulated
            .iter()
            .filter(|cell| !analysis.crystal[cell.atom] && of(element)(&cell.atom))
            .map(|cell| cell.coordination() as f64)
            .collect();
        let crystal = analysis.crystal.marked().filter(of(element)).count();
        SpeciesSummary {
            element,
            atoms: count,
            fraction: count as f64 / atoms.len() as f64,
            cap_fraction: share(&description.filling, element),
            ring_fraction: share(&description.in_rings, element),
            network_fraction: share(&in_network, element),
            mean_coordination: mean(&coordination),
            crystal_fraction: crystal as f64 / count as f64,
        }
    };
    atoms.composition().into_iter().map(summarise).collect()
}
