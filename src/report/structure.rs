//! The tables of one's own structure: an atom, a bipyramid, a network, a shell of g(r) in each row.
//!
//! Each begins with the column `frame`, the number of the frame in its run, from 0.

use polars::prelude::*;

use crate::analysis::{Analysis, Description, Pairs};
use crate::atoms::{AtomId, Element};
use crate::geometry::{Ring, Vertex};
use crate::numerics::Numbered;
use crate::order::RegulatedCell;
use crate::packing::G_PER_CM3;

use super::export::{bipyramid_table, network_table};
use super::rows::{NetworkRows, Networks, Rows};

/// A structure that was analysed and described.
#[derive(Debug, Clone, Copy)]
pub struct Described<'a> {
    /// The number of its frame, from 0.
    pub frame: u32,
    /// The analysis.
    pub analysis: &'a Analysis,
    /// What is said of it.
    pub description: &'a Description,
}

impl<'a> Described<'a> {
    /// The rows of its networks.
    pub fn networks(&self, name: &'a str) -> NetworkRows<'a> {
        let networks = Networks {
            analysis: self.analysis,
            found: &self.description.found,
        };
        Rows::new(name, networks)
    }

    /// The symbol of each atom's element.
    pub fn symbols(&self) -> impl Iterator<Item = &'static str> + use<'a> {
        let atoms = &self.analysis.atoms;
        AtomId::first(atoms.len()).map(|atom| atoms.element(atom).symbol())
    }

    fn atoms(&self) -> impl Iterator<Item = AtomId> + use<> {
        AtomId::first(self.analysis.atoms.len())
    }

    /// The frame's number in as many rows.
    fn frames(&self, rows: usize) -> Column {
        Column::new("frame".into(), vec![self.frame; rows])
    }

    /// The elements that occur.
    fn elements(&self) -> Vec<Element> {
        let composition = self.analysis.atoms.composition().into_iter();
        composition.map(|(element, _)| element).collect()
    }

    fn symbol(&self, vertex: Vertex) -> &'static str {
        self.analysis.atoms.element(vertex.atom).symbol()
    }
}

/// All atoms: `frame, atom` (from 0, in the order of the file)`, species, x_angstrom, y_angstrom,
/// z_angstrom, q4_bar, q6_bar, normalised_boo, crystal, coordination, n3, n4, n5, n6` (the Voronoi
/// index; empty where the cell does not close)`, volume_cubic_angstrom, density_g_per_cm3, surface,
/// filling` (bipyramids that the atom caps)`, in_rings, network` (rank of the largest that holds it,
/// empty without).
///
/// # Errors
/// Only those of polars.
pub fn atom_table(of: &Described<'_>) -> PolarsResult<DataFrame> {
    let Described {
        analysis,
        description,
        ..
    } = of;
    let positions = analysis.atoms.positions();
    let place = |axis: usize| -> Vec<f64> { positions.iter().map(|place| place[axis]).collect() };
    let cells: Vec<_> = of
        .atoms()
        .map(|atom| description.regulated_cell(atom))
        .collect();
    let faces = |k: usize| -> Vec<Option<u32>> {
        let of_cell = |cell: &Option<_>| cell.map(|cell: &RegulatedCell| cell.index()[k]);
        cells.iter().map(of_cell).collect()
    };
    let volume = |atom: AtomId| description.cells.cell(atom).map(|cell| cell.volume);
    let surface = &description.surface;
    let density = |atom: AtomId| {
        let mass = analysis.atoms.element(atom).mass_g_per_mol();
        volume(atom)
            .filter(|_| !surface[atom])
            .map(|volume| G_PER_CM3 * mass / volume)
    };
    let species: Vec<&str> = of.symbols().collect();
    let order = &analysis.bond_order;
    let mut table = df!(
        "atom" => of.atoms().map(|atom| atom.number()).collect::<Vec<_>>(),
        "species" => species,
        "x_angstrom" => place(0),
        "y_angstrom" => place(1),
        "z_angstrom" => place(2),
        "q4_bar" => order.iter().map(|order| order.q4_bar).collect::<Vec<_>>(),
        "q6_bar" => order.iter().map(|order| order.q6_bar).collect::<Vec<_>>(),
        "normalised_boo" => order.iter().map(|order| order.normalised()).collect::<Vec<_>>(),
        "crystal" => analysis.crystal.iter().collect::<Vec<_>>(),
        "coordination" => cells.iter().map(|cell| cell.map(|cell| cell.coordination() as u32)).collect::<Vec<_>>(),
        "n3" => faces(0),
        "n4" => faces(1),
        "n5" => faces(2),
        "n6" => faces(3),
        "volume_cubic_angstrom" => of.atoms().map(volume).collect::<Vec<_>>(),
        "density_g_per_cm3" => of.atoms().map(density).collect::<Vec<_>>(),
        "surface" => surface.iter().collect::<Vec<_>>(),
        "filling" => description.filling.clone(),
        "in_rings" => description.in_rings.clone(),
        "network" => description.network.iter().map(|&n| (n > 0).then_some(n)).collect::<Vec<_>>(),
    )?;
    table.insert_column(0, of.frames(analysis.atoms.len()))?;
    Ok(table)
}

/// All pentagonal bipyramids: `frame` and the columns of [`bipyramid_table`], then `cap_species`
/// (`Cu-Zr`, by increasing atomic number) and for each element `ring_Cu`, how many of the five ring
/// atoms are of it.
///
/// # Errors
/// Only those of polars.
pub fn described_bipyramids(of: &Described<'_>, name: &str) -> PolarsResult<DataFrame> {
    let mut table = bipyramid_table(&of.networks(name))?;
    let triangulation = &of.analysis.triangulation;
    let motifs = &of.description.found.motifs;
    let rings: Vec<_> = motifs
        .iter()
        .map(|&motif| triangulation.ring(motif))
        .collect();
    let caps = rings.iter().map(|ring| {
        let mut caps = ring
            .caps
            .map(|cap| (of.analysis.atoms.element(cap.atom), of.symbol(cap)));
        caps.sort_unstable();
        format!("{}-{}", caps[0].1, caps[1].1)
    });
    table.insert_column(0, of.frames(motifs.len()))?;
    table.with_column(Column::new("cap_species".into(), caps.collect::<Vec<_>>()))?;
    for element in of.elements() {
        let is_of = |vertex: &&Vertex| of.analysis.atoms.element(vertex.atom) == element;
        let of_ring = |ring: &Ring| ring.atoms.iter().filter(is_of).count() as u32;
        let name = format!("ring_{}", element.symbol());
        let counts: Vec<u32> = rings.iter().map(of_ring).collect();
        table.with_column(Column::new(name.into(), counts))?;
    }
    Ok(table)
}

/// All networks, largest first: `frame` and the columns of [`network_table`], then for each element
/// `atoms_Cu`, how many atoms of the network are of it.
///
/// # Errors
/// Only those of polars.
pub fn described_networks(of: &Described<'_>, name: &str) -> PolarsResult<DataFrame> {
    let mut table = network_table(&of.networks(name))?;
    let networks = &of.description.found.networks;
    table.insert_column(0, of.frames(networks.len()))?;
    for element in of.elements() {
        let is_of = |vertex: &&Vertex| of.analysis.atoms.element(vertex.atom) == element;
        let counts = networks
            .iter()
            .map(|network| network.atoms.iter().filter(is_of).count() as u32);
        let name = format!("atoms_{}", element.symbol());
        table.with_column(Column::new(name.into(), counts.collect::<Vec<_>>()))?;
    }
    Ok(table)
}

/// g(r) of the amorphous atoms, or of all where these have none: `frame, r_angstrom, g` and, of an alloy, for each pair of elements
/// `g_Cu_Zr`. Without rows where there is no g(r).
///
/// # Errors
/// Only those of polars.
pub fn described_pairs(of: &Described<'_>) -> PolarsResult<DataFrame> {
    let shells = of.description.pairs.as_ref().ok();
    let (r, g) = shells.map_or_else(Default::default, |pairs| {
        (pairs.whole.r_angstrom.clone(), pairs.whole.g.clone())
    });
    let mut table = df!("r_angstrom" => r, "g" => g)?;
    table.insert_column(0, of.frames(table.height()))?;
    let elements = of.elements();
    let pairs = elements.iter().enumerate();
    let pairs = pairs.flat_map(|(k, &a)| elements[k..].iter().map(move |&b| [a, b]));
    for (place, pair) in pairs.enumerate().filter(|_| elements.len() > 1) {
        // An element may have no amorphous atom, and so no curve.
        let curve = shells.map_or_else(Vec::new, |Pairs { whole, partial, .. }| {
            let found = partial.iter().find(|part| part.elements == pair);
            found.map_or_else(|| vec![0.0; whole.g.len()], |part| part.curve.g.clone())
        });
        let name = format!("g_{}_{}", pair[0].symbol(), pair[1].symbol());
        table.insert_column(3 + place, Column::new(name.into(), curve))?;
    }
    Ok(table)
}
