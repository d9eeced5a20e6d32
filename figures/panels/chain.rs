//! The panels of the whole chain, from raw frames to networks (Fig. X6), from the committed results of
//! `cargo run --example chain -- large`.

use amorphous_packing::formats::tables::from_csv;
use amorphous_packing::numerics::{Bins, Histogram};
use anyhow::{Context, Result};
use polars::df;

use crate::charts::images::{Grey, Marks, scale_bar};
use crate::charts::listing::listing;
use crate::charts::plots;
use crate::charts::series::Series;
use crate::page::style::{EDGE_SHARING, RING};
use crate::panels::precision::{column, square};
use crate::panels::specimen::Specimen;
use crate::{Chart, Panel};

/// What the chain found: `what, value`; the deviations of the atoms: `known, dx_pm, dy_pm, dz_pm`; and the
/// middle slice of the volume: `value`.
const CHAIN: &[u8] = include_bytes!("../../data/chain.csv");
const ATOMS: &[u8] = include_bytes!("../../data/chain_atoms.csv");
const SLICE: &[u8] = include_bytes!("../../data/chain_slice.csv");
/// Radius of the ball of the chain in ångström.
pub const RADIUS_ANGSTROM: f64 = 20.0;
/// Pixels about it.
pub const MARGIN: usize = 28;
/// Known atoms so near to the slice, in ångström, are marked.
const NEAR_ANGSTROM: f64 = 0.6;
/// Bins of the deviations in picometre.
const BIN_PM: f64 = 1.0;
const BINS: usize = 20;

/// The numbers of the chain.
pub struct Numbers(Vec<(String, f64)>);

impl Numbers {
    /// Reads the committed ones.
    ///
    /// # Errors
    /// When the table is damaged.
    pub fn read() -> Result<Numbers> {
        let table = from_csv(CHAIN).context("data/chain.csv")?;
        let names = table.column("what")?.str()?.iter();
        let names = names.map(|name| name.unwrap_or_default().to_owned());
        Ok(Numbers(names.zip(column(&table, "value")?).collect()))
    }

    /// One of them.
    ///
    /// # Errors
    /// When it is not there.
    pub fn get(&self, name: &str) -> Result<f64> {
        let found = self.0.iter().find(|(what, _)| what == name);
        let found = found.with_context(|| format!("data/chain.csv has no '{name}'"))?;
        Ok(found.1)
    }
}

/// The middle slice of the reconstructed ball, with the known atoms near it.
///
/// # Errors
/// When the committed table is damaged.
pub fn slice(ball: &Specimen) -> Result<Panel> {
    let image = square(SLICE).context("data/chain_slice.csv")?;
    let side = image.nrows();
    let near = ball
        .positions
        .iter()
        .filter(|atom| atom.z.abs() < NEAR_ANGSTROM);
    let middle = (side / 2) as f64;
    let places = near.map(|atom| {
        let at = *atom / ball.pixel_angstrom;
        (middle + at.x, middle + at.y)
    });
    let rings = Marks::rings(places.collect(), EDGE_SHARING);
    let bar = scale_bar(side, Some(ball.pixel_angstrom));
    Ok(Grey::new(image, 0.0..100.0)
        .marked(vec![rings])
        .panel(Some(bar)))
}

/// The deviations of the atoms that were found again.
///
/// # Errors
/// When the committed table is damaged.
pub fn deviations() -> Result<Panel> {
    let lengths = super::precision::deviations(ATOMS).context("data/chain_atoms.csv")?;
    let atoms = lengths.len() as f64;
    let bins = Bins::of_width(BIN_PM);
    let counts = Histogram::of(lengths, bins, BINS).counts;
    let edges = |pick: fn((f64, f64)) -> f64| -> Vec<f64> {
        (0..BINS).map(|bin| pick(bins.edges(bin))).collect()
    };
    let share = |count: u64| 100.0 * count as f64 / atoms;
    let table = df!(
        "deviation_low_pm" => edges(|edges| edges.0),
        "deviation_high_pm" => edges(|edges| edges.1),
        "percent" => counts.into_iter().map(share).collect::<Vec<_>>(),
    )?;
    let series = vec![Series::column("percent").colour(RING)];
    let chart = Chart::new("Deviation (pm)", "Atoms (%)");
    Ok(plots::histogram(
        &table,
        ("deviation_low_pm", "deviation_high_pm"),
        series,
        chart,
    ))
}

/// What went in and what came out.
///
/// # Errors
/// When the committed table is damaged.
pub fn outcome() -> Result<Panel> {
    let numbers = Numbers::read()?;
    let rows = [
        ("Atoms", "known_atoms", "traced_atoms"),
        (
            "Pentagonal bipyramids",
            "bipyramids_known",
            "bipyramids_found",
        ),
        (
            "Networks of five and more",
            "networks_known",
            "networks_found",
        ),
        (
            "Bipyramids of the largest",
            "largest_network_known",
            "largest_network_found",
        ),
    ];
    let lines = rows
        .iter()
        .map(|&(what, known, found)| {
            let [known, found] = [known, found].map(|name| numbers.get(name));
            Ok([
                what.to_owned(),
                format!("{:.0}", known?),
                format!("{:.0}", found?),
            ])
        })
        .collect::<Result<Vec<[String; 3]>>>()?;
    let cells = |k: usize| -> Vec<String> { lines.iter().map(|line| line[k].clone()).collect() };
    let table = df!("what" => cells(0), "known" => cells(1), "found" => cells(2))?;
    Ok(listing(["", "Known", "Found"], lines, "").with_table(&table))
}

/// The result in a sentence.
///
/// # Errors
/// When the committed table is damaged.
pub fn sentence() -> Result<String> {
    let numbers = Numbers::read()?;
    let of = |name: &str| numbers.get(name);
    Ok(format!(
        "{:.1} % of the atoms found within 1 Å, {:.1} pm r.m.s. as traced and {:.1} pm refined; {:.0} of the \
         atoms found are none; {:.0} of the {:.0} bipyramids consist of the same atoms.",
        of("identical_percent")?,
        of("traced_rmsd_pm")?,
        of("refined_rmsd_pm")?,
        of("spurious_atoms")?,
        of("bipyramids_same")?,
        of("bipyramids_known")?,
    ))
}
