//! The whole chain of the paper on atoms that are known: raw frames as a microscope would have written
//! them, preprocessing, reconstruction, tracing, refinement, and the networks of what was found.
//!
//! `cargo run --example chain` takes a ball of 83 atoms (seconds); `cargo run --example chain -- large`
//! takes one of about 1,900 and writes `data/chain_*.csv`, which the book and Fig. X6 show (half an hour);
//! `cargo run --example chain -- large DIRECTORY` writes elsewhere.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

use amorphous_packing::aet::classify::{ClassifyOptions, classify, support};
use amorphous_packing::aet::preprocess::{
    AlignmentOptions, BackgroundOptions, Bm3d, Conditions, DriftOptions, Rehearsal, SlowScan,
    TiltOptions, align, aligned, tilt_image,
};
use amorphous_packing::aet::refine::Refinement;
use amorphous_packing::aet::trace::{TraceOptions, trace};
use amorphous_packing::aet::{Options, Precision, TiltAngles, centre, reconstruct};
use amorphous_packing::atoms::{AtomId, ScatteringFactor};
use amorphous_packing::data::carried::{carried_pair_distribution, embedded};
use amorphous_packing::data::frames::TA_QUENCH;
use amorphous_packing::data::snapshot::Snapshot;
use amorphous_packing::formats::tables::to_csv;
use amorphous_packing::formats::whole::write_whole;
use amorphous_packing::numerics::Numbered;
use amorphous_packing::prelude::*;
use ndarray::{Array2, Array3, Axis, stack};
use polars::df;
use polars::prelude::DataFrame;

/// The glass that the ball is cut from, and the pixels of the images of the Ta film in ångström.
const GLASS: &str = "ta_glass_300K.parquet";
const PIXEL: f64 = 0.3216;
/// The tilts reach so far to both sides, in degrees.
const FARTHEST: f64 = 70.0;
/// Pixels about the ball: it lies up to 3 off the centre, and its background must be seen.
const MARGIN: usize = 28;
/// Atoms nearer than this, in ångström, are the same (Methods).
const IDENTICAL: f64 = 1.0;

/// What is tried.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chain {
    /// Radius of the ball in ångström.
    pub(crate) radius: f64,
    /// Number of tilts.
    pub(crate) tilts: usize,
    /// Iterations of the reconstruction.
    pub(crate) resire: usize,
    /// The grid of its projections over the object.
    pub(crate) padding: f64,
    /// Iterations of the refinement of the atoms.
    pub(crate) refine: usize,
    /// How badly the frames are recorded.
    pub(crate) conditions: Conditions,
}

impl Chain {
    /// A ball of 83 atoms.
    pub(crate) fn small() -> Chain {
        Chain {
            radius: 7.0,
            tilts: 31,
            resire: 60,
            padding: 2.0,
            refine: 15,
            conditions: Conditions::default(),
        }
    }

    /// A ball of about 1,900 atoms at as many tilts as the film.
    pub(crate) fn large() -> Chain {
        Chain {
            radius: 20.0,
            tilts: 46,
            resire: 200,
            padding: 3.0,
            refine: 30,
            conditions: Conditions::default(),
        }
    }
}

/// What came of it.
pub(crate) struct Outcome {
    /// Found against known atoms, before and after the refinement.
    pub(crate) precision: [Precision; 2],
    /// R of the images of the atoms, before and after.
    pub(crate) r: [f64; 2],
    /// Pentagonal bipyramids of the known atoms, of the atoms found, and those that are the same.
    pub(crate) bipyramids: [usize; 3],
    /// Of five and more bipyramids, networks of the known atoms and of those found.
    pub(crate) networks: [usize; 2],
    /// Bipyramids of the largest network, of the known atoms and of those found.
    pub(crate) largest: [usize; 2],
    /// The volume in the plane through its middle, across the beam of no tilt.
    pub(crate) slice: Array2<f32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (chain, out) = match &arguments[..] {
        [] => (Chain::small(), None),
        [size] if size == "large" => (Chain::large(), Some("data")),
        [size, out] if size == "large" => (Chain::large(), Some(out.as_str())),
        _ => return Err("usage: chain [large [DIRECTORY]]".into()),
    };
    let outcome = run(&chain, &mut |step| println!("{step}"))?;
    let table = outcome.table()?;
    println!("{table}");
    if let Some(out) = out {
        let tables = [
            ("chain.csv", table),
            ("chain_atoms.csv", outcome.atoms()?),
            ("chain_slice.csv", outcome.slice()?),
        ];
        for (name, table) in tables {
            write_whole(&Path::new(out).join(name), &to_csv(&table)?)?;
        }
    }
    Ok(())
}

/// From known atoms to frames, and from frames to atoms and networks; `tell` hears of every step.
///
/// # Errors
/// The first step that cannot be taken.
pub(crate) fn run(chain: &Chain, tell: &mut dyn FnMut(&str)) -> Result<Outcome, Box<dyn Error>> {
    // ANCHOR: frames
    let glass = Snapshot::from_parquet(embedded(GLASS).ok_or("the glass is not carried")?)?;
    let known = glass.ball(chain.radius);
    let angles = TiltAngles::even(chain.tilts, FARTHEST);
    let side = 2 * ((chain.radius / PIXEL) as usize + MARGIN) + 1;
    let pixels: Vec<Vec3> = known.iter().map(|&atom| atom / PIXEL).collect();
    let factor = ScatteringFactor::of(Element::Ta)?;
    let size = (side, side);
    let microscope = Rehearsal::new(&pixels, &factor, PIXEL, size, &angles, chain.conditions);
    // ANCHOR_END: frames
    tell(&format!(
        "{} atoms, {} tilts of {side} × {side} pixels",
        known.len(),
        chain.tilts
    ));
    // ANCHOR: preprocess
    let options = TiltOptions {
        drift: DriftOptions {
            slow_scan: SlowScan::Y,
            ..DriftOptions::default()
        },
        denoise: Some(Bm3d::default()),
        background: Some(BackgroundOptions::default()),
        ..TiltOptions::default()
    };
    let images = (0..chain.tilts)
        .map(|tilt| Ok(tilt_image(microscope.record(tilt).frames.view(), &options)?.image))
        .collect::<Result<Vec<Array2<f32>>, Box<dyn Error>>>()?;
    let views: Vec<_> = images.iter().map(|image| image.view()).collect();
    let images: Array3<f32> = stack(Axis(0), &views)?;
    let found = align(
        images.view(),
        &angles,
        &AlignmentOptions::default(),
        &Silent,
    )?;
    let images = aligned(images.view(), &found.shifts);
    // ANCHOR_END: preprocess
    tell("drift, noise, background and alignment done");
    // ANCHOR: atoms
    let options = Options {
        iterations: chain.resire,
        padding: [chain.padding; 3],
        ..Options::particle()
    };
    let (volume, course) = reconstruct(images.view(), &angles, &options, &Silent)?;
    let peaks = trace(volume.view(), &TraceOptions::film(PIXEL), &Silent)?;
    let support = support(volume.view(), PIXEL);
    let support = support.as_ref().map(|support| support.view());
    let traced = classify(volume.view(), peaks, support, ClassifyOptions::film())?.atoms();
    // Voxels are counted from 1, atoms from the centre.
    let middle = Vec3::splat((centre(side) + 1) as f64);
    let traced: Vec<Vec3> = traced.into_iter().map(|voxel| voxel - middle).collect();
    let all = vec![true; traced.len()];
    let mut atoms = Refinement::new(images.view(), &angles, PIXEL, Element::Ta, &traced, &all)?;
    let fit = atoms.fit_b_factor();
    atoms.minimise(chain.refine, &Silent)?;
    // ANCHOR_END: atoms
    if let Some(last) = course.last() {
        tell(&format!(
            "reconstructed: R1 {:.4}; {} atoms traced",
            last.r1,
            traced.len()
        ));
    }
    let refined = atoms.positions();
    let precision = [traced.as_slice(), refined].map(|atoms| matched(atoms, &known));
    tell(&format!(
        "refined: R {:.4} → {:.4}",
        fit.r,
        atoms.r_factor()
    ));
    let r = [fit.r, atoms.r_factor()];
    let slice = volume.index_axis(Axis(2), centre(side)).to_owned();
    networks(&known, refined, precision, r, slice)
}

/// Found atoms (pixels) against known ones (ångström). A tilt series does not show where in space an object
/// lies, so the two are laid on each other first.
fn matched(found: &[Vec3], known: &[Vec3]) -> Precision {
    let mut found: Vec<Vec3> = found.iter().map(|&atom| atom * PIXEL).collect();
    for _ in 0..5 {
        let precision = Precision::of(&found, known, 1.5 * IDENTICAL);
        let total: Vec3 = precision.pairs.iter().map(|pair| pair.deviation).sum();
        let shift = total / precision.pairs.len().max(1) as f64;
        found.iter_mut().for_each(|atom| *atom -= shift);
    }
    Precision::of(&found, known, IDENTICAL)
}

/// The bipyramids and networks of known and found atoms.
fn networks(
    known: &[Vec3],
    found: &[Vec3],
    precision: [Precision; 2],
    r: [f64; 2],
    slice: Array2<f32>,
) -> Result<Outcome, Box<dyn Error>> {
    let found: Vec<Vec3> = found.iter().map(|&atom| atom * PIXEL).collect();
    // ANCHOR: networks
    // A ball is too small for a g(r) of its own: the shell is that of the glass.
    let glass = TA_QUENCH.last().ok_or("the glass is not carried")?;
    let shell = carried_pair_distribution(glass)?.first_valley_angstrom()?;
    let analyse = |positions: &[Vec3]| -> Result<Analysis, Box<dyn Error>> {
        let atoms = Atoms::new(Element::Ta, positions.to_vec(), Boundary::Open)?;
        Ok(Analysis::builder(atoms).shell(shell).run(&Silent)?)
    };
    let (of_known, of_found) = (analyse(known)?, analyse(&found)?);
    // ANCHOR_END: networks
    let mut known_as = vec![None; found.len()];
    for pair in &precision[1].pairs {
        known_as[pair.found] = Some(AtomId::new(pair.known as u32));
    }
    let motifs = |analysis: &Analysis, name: &dyn Fn(AtomId) -> Option<AtomId>| {
        let motifs = analysis.bipyramids(5, Region::All).into_iter();
        let named = motifs.map(|motif| {
            let ring = analysis.ring(motif);
            ring.vertices().map(|vertex| name(vertex.atom)).collect()
        });
        named.collect::<Vec<Option<BTreeSet<AtomId>>>>()
    };
    let there: BTreeSet<_> = motifs(&of_known, &|atom| Some(atom))
        .into_iter()
        .flatten()
        .collect();
    let again = motifs(&of_found, &|atom| known_as[atom.index()]);
    let same = again
        .iter()
        .flatten()
        .filter(|motif| there.contains(*motif));
    let [a, b] = [&of_known, &of_found].map(|analysis| analysis.networks(5, Region::All).networks);
    let largest = |networks: &[Network]| networks.first().map_or(0, Network::size);
    Ok(Outcome {
        bipyramids: [there.len(), again.len(), same.count()],
        networks: [a.len(), b.len()],
        largest: [largest(&a), largest(&b)],
        precision,
        r,
        slice,
    })
}

impl Outcome {
    /// What came of it, a row for each number: `what, value`.
    ///
    /// # Errors
    /// Only those of polars.
    pub(crate) fn table(&self) -> Result<DataFrame, Box<dyn Error>> {
        let [traced, refined] = &self.precision;
        let rows = [
            ("known_atoms", traced.known as f64),
            ("traced_atoms", traced.found as f64),
            ("identical_percent", 100.0 * refined.identical()),
            ("spurious_atoms", refined.spurious() as f64),
            ("traced_rmsd_pm", traced.rmsd_pm()),
            ("refined_rmsd_pm", refined.rmsd_pm()),
            ("r_before", self.r[0]),
            ("r_after", self.r[1]),
            ("bipyramids_known", self.bipyramids[0] as f64),
            ("bipyramids_found", self.bipyramids[1] as f64),
            ("bipyramids_same", self.bipyramids[2] as f64),
            ("networks_known", self.networks[0] as f64),
            ("networks_found", self.networks[1] as f64),
            ("largest_network_known", self.largest[0] as f64),
            ("largest_network_found", self.largest[1] as f64),
        ];
        Ok(df!(
            "what" => rows.map(|row| row.0).to_vec(),
            "value" => rows.map(|row| row.1).to_vec(),
        )?)
    }

    /// The slice of the volume, line by line of x, in hundredths of its brightest voxel: `value`.
    ///
    /// # Errors
    /// Only those of polars.
    pub(crate) fn slice(&self) -> Result<DataFrame, Box<dyn Error>> {
        let brightest = self
            .slice
            .fold(f32::MIN_POSITIVE, |most, &value| most.max(value));
        let values = self
            .slice
            .iter()
            .map(|&value| (100.0 * value / brightest).round() as i32);
        Ok(df!("value" => values.collect::<Vec<_>>())?)
    }

    /// The deviations of the atoms found again, in picometre: `known, dx_pm, dy_pm, dz_pm`.
    ///
    /// # Errors
    /// Only those of polars.
    pub(crate) fn atoms(&self) -> Result<DataFrame, Box<dyn Error>> {
        let pairs = &self.precision[1].pairs;
        let deviation = |of: fn(Vec3) -> f64| -> Vec<f64> {
            let values = pairs.iter().map(|pair| of(pair.deviation));
            values
                .map(|angstrom| (1e4 * angstrom).round() / 100.0)
                .collect()
        };
        Ok(df!(
            "known" => pairs.iter().map(|pair| pair.known as u32).collect::<Vec<_>>(),
            "dx_pm" => deviation(|d| d.x),
            "dy_pm" => deviation(|d| d.y),
            "dz_pm" => deviation(|d| d.z),
        )?)
    }
}
