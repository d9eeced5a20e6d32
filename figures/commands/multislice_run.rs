//! The precision with multislice images: a cut-out of the film that is imaged by PRISM, reconstructed,
//! traced and refined (Methods, "The 3D precision estimation"; Supp. Fig. 6b, c). What
//! `precision --multislice` does.
//!
//! The paper imaged the whole film; a ball of some hundred atoms is what a processor without an
//! accelerator images at 46 tilts in minutes.

use std::fs;
use std::path::{Path, PathBuf};

use amorphous_packing::aet::classify::{ClassifyOptions, classify, support};
use amorphous_packing::aet::multislice::{
    Method as Multislice, Microscope, Sampling, Specimen, blurred, tilt_series,
};
use amorphous_packing::aet::refine::Refinement;
use amorphous_packing::aet::trace::{TraceOptions, trace};
use amorphous_packing::aet::{
    Area, Options, Precision, Rotation, TiltAngles, centre, film_centre, poisson_noise,
    reconstruct, smallest_tilt,
};
use amorphous_packing::atoms::{Boundary, Vec3};
use amorphous_packing::data::tomography::{TiltSeries, read_angles_of};
use amorphous_packing::data::{DataStore, Sample, read_published};
use amorphous_packing::formats::{npy, whole::write_whole};
use amorphous_packing::neighbours::CellList;
use amorphous_packing::progress::Silent;
use amorphous_packing::report::tracing::{deviation_table, image_table, precision_atoms_table};
use anyhow::{Context, Result, ensure};
use ndarray::{Array3, Axis};
use polars::df;
use polars::prelude::DataFrame;

use crate::commands::precision_run::IDENTICAL_ANGSTROM;
use crate::panels::tracing::deviations;
use crate::{Figure, Layout, Stages, style};

/// Empty space about the ball on an image, in ångström.
const MARGIN_ANGSTROM: f64 = 5.0;
/// The outer angle of the detector in mrad: up to it nearly all of the contrast of these thin samples, at
/// a sixth of the time of 200 mrad.
const OUTER_MRAD: f64 = 100.0;
/// Pixels of the view of an area, a side.
const VIEW_PIXELS: usize = 61;

/// What is imaged and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CutOut {
    /// Radius of the ball in ångström.
    pub radius_angstrom: f64,
    /// Interpolation factor of PRISM.
    pub prism: usize,
    /// Standard deviation of the blur in ångström.
    pub blur_angstrom: f64,
    /// Electrons in the brightest pixel.
    pub counts: f64,
    /// Seed of the noise.
    pub seed: u64,
    /// Iterations of the refinement.
    pub iterations: usize,
    /// The area whose middle is shown as one image.
    pub view: Area,
}

/// What was found of the ball.
pub struct Found {
    /// Before and after the refinement.
    pub precision: [Precision; 2],
    /// R before and after.
    pub r: [f64; 2],
    /// Of the fit, in Å².
    pub b_factor: f64,
}

impl Found {
    /// In a sentence.
    pub fn sentence(&self) -> String {
        let part = |precision: &Precision| {
            format!(
                "{} of {} atoms ({:.1} %), {:.1} pm r.m.s., {} that are none",
                precision.pairs.len(),
                precision.known,
                100.0 * precision.identical(),
                precision.rmsd_pm(),
                precision.spurious()
            )
        };
        let [traced, refined] = &self.precision;
        format!(
            "multislice: traced {}; refined {}; R {:.4} -> {:.4}",
            part(traced),
            part(refined),
            self.r[0],
            self.r[1]
        )
    }
}

/// Images the ball, finds its atoms again, and writes `multislice_atoms.csv`, `multislice_view.csv` and a
/// figure; the images are kept in `multislice.npy` and used by the next run.
///
/// # Errors
/// When the model cannot be had, when the simulation needs too much memory, when nothing is found, and when
/// a file cannot be written.
pub fn run(
    store: &DataStore,
    cut_out: &CutOut,
    out: &Path,
    stages: &mut Stages,
) -> Result<(Found, Vec<PathBuf>)> {
    let (model, _) = read_published(store, Sample::TaFilm, &Silent)?;
    let series = TiltSeries::TaFilm;
    let (angles, _) = read_angles_of(store, series, &Silent)?;
    let pixel = series.pixel_angstrom().unwrap_or(1.0);
    let ball = fullest_ball(model.positions(), cut_out.radius_angstrom);
    ensure!(
        !ball.is_empty(),
        "a ball of {} Å holds no atom",
        cut_out.radius_angstrom
    );
    let images = images(&ball, &angles, pixel, cut_out, out, stages)?;
    let noisy = poisson_noise(images.view(), cut_out.counts, cut_out.seed);
    let found = find(&ball, noisy, &angles, pixel, cut_out, stages)?;
    let view = view(model.positions(), &angles, pixel, cut_out, stages)?;
    let [_, refined] = &found.precision;
    let areas = vec![0; refined.pairs.len()];
    let layout = Layout::grid(style::SINGLE_COLUMN_MM, &[(60.0, "a")]);
    let figure = Figure::new("multislice", "Precision with multislice images", layout)
        .panel('a', deviations(&deviation_table(refined)?))
        .table("multislice_atoms", &precision_atoms_table(refined, &areas)?)
        .table("multislice_trial", &trial_table(&found, cut_out)?)
        .table("multislice_view", &image_table(&view)?)
        .footnote(&found.sentence())
        .parameter("atoms", ball.len())
        .parameter("radius_angstrom", cut_out.radius_angstrom)
        .parameter("prism_factor", cut_out.prism)
        .parameter("outer_mrad", OUTER_MRAD)
        .parameter("blur_angstrom", cut_out.blur_angstrom)
        .parameter("counts", cut_out.counts)
        .parameter("seed", cut_out.seed)
        .parameter("b_factor", found.b_factor)
        .parameter("view_area", cut_out.view.number);
    let paths = figure.write(out, stages)?;
    Ok((found, paths))
}

/// One row: `known, radius_angstrom, prism, blur_angstrom, counts, seed, identical_traced, rmsd_traced_pm,
/// identical_refined, rmsd_refined_pm, spurious, r_before, r_after, b_factor`.
fn trial_table(found: &Found, cut_out: &CutOut) -> Result<DataFrame> {
    let [traced, refined] = &found.precision;
    Ok(df![
        "known" => [refined.known as u32],
        "radius_angstrom" => [cut_out.radius_angstrom],
        "prism" => [cut_out.prism as u32],
        "blur_angstrom" => [cut_out.blur_angstrom],
        "counts" => [cut_out.counts],
        "seed" => [cut_out.seed],
        "identical_traced" => [traced.pairs.len() as u32],
        "rmsd_traced_pm" => [traced.rmsd_pm()],
        "identical_refined" => [refined.pairs.len() as u32],
        "rmsd_refined_pm" => [refined.rmsd_pm()],
        "spurious" => [refined.spurious() as u32],
        "r_before" => [found.r[0]],
        "r_after" => [found.r[1]],
        "b_factor" => [found.b_factor],
    ]?)
}

/// The atoms within the radius of the atom that has the most around it, from that atom.
fn fullest_ball(model: &[Vec3], radius: f64) -> Vec<Vec3> {
    let list = CellList::new(model, Boundary::Open, radius);
    let count = |place: Vec3| {
        let mut count = 0;
        list.for_each_within(place, |_| count += 1);
        count
    };
    // Of equals the first.
    let middle = model.iter().rev().max_by_key(|&&place| count(place));
    let Some(&middle) = middle else {
        return Vec::new();
    };
    let inside = model
        .iter()
        .filter(|place| place.distance(middle) <= radius);
    inside.map(|&place| place - middle).collect()
}

fn sampling(microscope: &Microscope, pixel: f64, prism: usize) -> Sampling {
    Sampling {
        method: Multislice::Prism { factor: prism },
        ..Sampling::of(microscope, pixel)
    }
}

fn microscope() -> Microscope {
    Microscope {
        outer_mrad: OUTER_MRAD,
        ..Microscope::default()
    }
}

/// The blurred images of the ball at all tilts; from `multislice.npy` if that holds them.
fn images(
    ball: &[Vec3],
    angles: &[TiltAngles],
    pixel: f64,
    cut_out: &CutOut,
    out: &Path,
    stages: &mut Stages,
) -> Result<Array3<f32>> {
    let side = 2 * ((cut_out.radius_angstrom + MARGIN_ANGSTROM) / pixel).ceil() as usize + 1;
    let path = out.join(format!(
        "multislice_{}_prism_{}.npy",
        ball.len(),
        cut_out.prism
    ));
    let sharp = match fs::read(&path)
        .ok()
        .and_then(|bytes| npy::from_npy(&bytes).ok())
    {
        Some(kept) if kept.dim() == (angles.len(), side, side) => kept,
        _ => {
            let specimen = Specimen {
                element: Sample::TaFilm.element(),
                positions: ball.to_vec(),
            };
            let rotations: Vec<Rotation> = angles.iter().copied().map(Rotation::of).collect();
            let microscope = microscope();
            let sampling = sampling(&microscope, pixel, cut_out.prism);
            let made = stages.watch("multislice", |progress| {
                tilt_series(
                    &specimen,
                    &rotations,
                    &microscope,
                    &sampling,
                    (side, side),
                    progress,
                )
            })?;
            write_whole(&path, &npy::to_npy(made.view()))
                .with_context(|| format!("'{}' cannot be written", path.display()))?;
            made
        }
    };
    let mut images = sharp.clone();
    for (mut out, image) in images.outer_iter_mut().zip(sharp.outer_iter()) {
        out.assign(&blurred(image, cut_out.blur_angstrom, pixel)?);
    }
    Ok(images)
}

/// Reconstruction, tracing, refinement, matching.
fn find(
    ball: &[Vec3],
    images: Array3<f32>,
    angles: &[TiltAngles],
    pixel: f64,
    cut_out: &CutOut,
    stages: &mut Stages,
) -> Result<Found> {
    let (volume, _) = stages.watch("reconstruction", |progress| {
        reconstruct(images.view(), angles, &Options::particle(), progress)
    })?;
    let peaks = trace(volume.view(), &TraceOptions::film(pixel), &Silent)?;
    let support = support(volume.view(), pixel);
    let support = support.as_ref().map(|support| support.view());
    let traced = classify(volume.view(), peaks, support, ClassifyOptions::film())?;
    let (n1, n2, n3) = volume.dim();
    let middle = Vec3::from_array([n1, n2, n3].map(|length| (centre(length) + 1) as f64));
    let places: Vec<Vec3> = traced
        .atoms()
        .into_iter()
        .map(|voxel| voxel - middle)
        .collect();
    let may_move = vec![true; places.len()];
    let element = Sample::TaFilm.element();
    let mut refinement =
        Refinement::new(images.view(), angles, pixel, element, &places, &may_move)?;
    let fit = refinement.fit_b_factor();
    stages.watch("refinement", |progress| {
        refinement.minimise(cut_out.iterations, progress)
    })?;
    let of = |places: &[Vec3]| {
        let found: Vec<Vec3> = places.iter().map(|&place| place * pixel).collect();
        Precision::of(&found, ball, IDENTICAL_ANGSTROM)
    };
    Ok(Found {
        precision: [of(&places), of(refinement.positions())],
        r: [fit.r, refinement.r_factor()],
        b_factor: fit.b_factor,
    })
}

/// The middle of an area as one image, at the tilt nearest to zero: to be held against the measured one.
fn view(
    model: &[Vec3],
    angles: &[TiltAngles],
    pixel: f64,
    cut_out: &CutOut,
    stages: &mut Stages,
) -> Result<ndarray::Array2<f32>> {
    let flattest = angles.get(smallest_tilt(angles));
    let rotation = Rotation::of(flattest.copied().unwrap_or_default());
    let middle = (cut_out.view.middle() - film_centre()) * pixel;
    let half = VIEW_PIXELS as f64 / 2.0 * pixel + MARGIN_ANGSTROM;
    let seen = model.iter().map(|&atom| atom - middle).filter(|&atom| {
        let [u, v, _] = rotation.apply(atom.to_array());
        u.abs() <= half && v.abs() <= half
    });
    let specimen = Specimen {
        element: Sample::TaFilm.element(),
        positions: seen.collect(),
    };
    let microscope = microscope();
    let sampling = sampling(&microscope, pixel, cut_out.prism);
    let size = (VIEW_PIXELS, VIEW_PIXELS);
    let images = stages.watch("view", |progress| {
        tilt_series(
            &specimen,
            &[rotation],
            &microscope,
            &sampling,
            size,
            progress,
        )
    })?;
    Ok(blurred(
        images.index_axis(Axis(0), 0),
        cut_out.blur_angstrom,
        pixel,
    )?)
}
