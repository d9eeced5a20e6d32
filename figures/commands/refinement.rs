//! A refinement from its images and atoms to its files: what `refine` does.

use std::fs;
use std::path::{Path, PathBuf};

use amorphous_packing::aet::refine::{
    BFactorFit, Descent, Iteration, Realigned, Refinement, realign,
};
use amorphous_packing::aet::{Area, TiltAngles, centre, film_centre, shift_images};
use amorphous_packing::atoms::{Element, Vec3};
use amorphous_packing::data::tilt_series::{angles_of, images_of, read_file};
use amorphous_packing::data::tomography::{TiltSeries, read_series};
use amorphous_packing::data::tracing::{UNREFINED, read_unrefined_of};
use amorphous_packing::data::{DataStore, Sample};
use amorphous_packing::formats::extxyz::Frame;
use amorphous_packing::formats::npy;
use amorphous_packing::formats::tables::to_csv;
use amorphous_packing::report::tracing::{
    RefinedAtom, angles_table, realignment_table, refined_frame, refinement_table,
};
use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use ndarray::Array3;

use crate::commands::reconstruction::note_repeated;
use crate::harness::progress::{Bars, Unit};
use crate::harness::provenance::Input;
use crate::panels::tracing::{displacement_curve, refinement_curve};
use crate::{Figure, Layout, Stages, style};

/// Pixels that the padding of an image adds to a side, for the length of a step.
const PADDING: f64 = 50.0;

/// How atoms are moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// Down the published gradient
    Descent,
    /// By L-BFGS with the exact gradient
    Exact,
}

/// Images and atoms that are refined against each other.
pub struct Refining {
    /// Id of the area (`ta_film_area_20`), or the name of the user's file.
    pub id: String,
    /// What the atoms are.
    pub element: Element,
    images: Array3<f32>,
    angles: Vec<TiltAngles>,
    pixel_angstrom: f64,
    area: Option<Area>,
    /// In ångström, as the files have them: from the centre of the film or of the object.
    atoms: Vec<Vec3>,
    may_move: Vec<bool>,
    inputs: Vec<Input>,
}

/// What a refinement reached.
pub struct Refined {
    /// The atoms that could move.
    pub atoms: Vec<RefinedAtom>,
    /// The fit of the B factor before each round.
    pub fits: Vec<BFactorFit>,
    /// The iterations of all rounds.
    pub iterations: Vec<Iteration>,
    /// R at the end.
    pub r: f64,
    /// The images, re-aligned before the first round.
    pub realigned: Option<Vec<Realigned>>,
}

impl Refined {
    /// What it reached, in a sentence.
    pub fn sentence(&self) -> String {
        let squares = self
            .atoms
            .iter()
            .map(|atom| atom.displacement.length_squared());
        let moved = (squares.sum::<f64>() / self.atoms.len() as f64).sqrt();
        let first = self.fits.first().map_or(f64::NAN, |fit| fit.r);
        let b = self.fits.last().map_or(f64::NAN, |fit| fit.b_factor);
        format!(
            "{} atoms, R {first:.4} -> {:.4}, B {b:.2} Å², displacement {:.1} pm r.m.s.",
            self.atoms.len(),
            self.r,
            100.0 * moved
        )
    }
}

impl Refining {
    /// An area of the film: its measured images, and of the published atoms before their refinement those
    /// inside its volume; or the atoms of a file in their place. The atoms around the area stand still.
    ///
    /// # Errors
    /// When a file cannot be had or is damaged.
    pub fn published(
        store: &DataStore,
        area: Area,
        atoms: Option<&Path>,
        quiet: bool,
    ) -> Result<Refining> {
        let bars = Bars::new(Unit::Bytes, quiet);
        let series = TiltSeries::TaArea(area);
        let read = read_series(store, series, &bars)?;
        let id = series.id();
        let files = series.files().into_iter().zip(&read.files);
        let mut inputs: Vec<Input> = files
            .map(|(file, located)| Input::located(&id, &file, located))
            .collect();
        let pixel = series.pixel_angstrom().unwrap_or(1.0);
        let (published, located) = read_unrefined_of(store, Sample::TaFilm, &bars)?;
        inputs.push(Input::located(&id, UNREFINED, &located));
        let is_inside = |atom: &Vec3| area.holds(*atom / pixel + film_centre());
        let (inside, outside): (Vec<Vec3>, Vec<Vec3>) = published.into_iter().partition(is_inside);
        let moving = match atoms {
            None => inside,
            Some(path) => {
                let (atoms, input) = read_atoms(path)?;
                inputs.push(input);
                atoms
            }
        };
        let mut refining = Refining {
            id,
            element: Element::Ta,
            images: read.images,
            angles: read.angles,
            pixel_angstrom: pixel,
            area: Some(area),
            may_move: vec![true; moving.len()],
            atoms: moving,
            inputs,
        };
        refining
            .may_move
            .resize(refining.atoms.len() + outside.len(), false);
        refining.atoms.extend(outside);
        Ok(refining)
    }

    /// The user's own tilt series and atoms.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn own(
        images: &Path,
        angles: &Path,
        pixel_angstrom: f64,
        atoms: &Path,
    ) -> Result<Refining> {
        let (positions, input) = read_atoms(atoms)?;
        let [of_images, of_angles] = [read_file(images)?, read_file(angles)?];
        let own = |path: &Path, bytes: &[u8]| Input::of("own", name_of(path), bytes);
        let inputs = vec![input, own(images, &of_images), own(angles, &of_angles)];
        let tilts = angles_of(angles, &of_angles)?;
        note_repeated(&tilts, angles);
        Ok(Refining {
            id: name_of(images),
            element: Element::Ta,
            images: images_of(images, &of_images)?,
            angles: tilts,
            pixel_angstrom,
            area: None,
            may_move: vec![true; positions.len()],
            atoms: positions,
            inputs,
        })
    }

    /// The mean side of the whole padded image, which the length of a step is measured by.
    pub fn side(&self) -> f64 {
        if self.area.is_some() {
            return Descent::film().side;
        }
        let (_, dim1, dim2) = self.images.dim();
        (dim1 + dim2) as f64 / 2.0 + PADDING
    }

    /// From ångström in the files to voxels from the centre of the object.
    fn voxels(&self) -> Vec<Vec3> {
        let shift = self.centre_in_file();
        let atoms = self.atoms.iter();
        atoms
            .map(|&atom| atom / self.pixel_angstrom - shift)
            .collect()
    }

    /// Where the centre of the object lies in the frame of the files, in voxels.
    fn centre_in_file(&self) -> Vec3 {
        self.area
            .map_or(Vec3::ZERO, |area| area.middle() - film_centre())
    }

    /// Refines in rounds, after the images are re-aligned if that is asked for.
    ///
    /// # Errors
    /// When images and atoms cannot be right or do not belong together.
    pub fn run(
        &mut self,
        method: Method,
        descent: &Descent,
        rounds: u8,
        with_realignment: bool,
        stages: &mut Stages,
    ) -> Result<Refined> {
        let begin = self.voxels();
        let mut refinement = self.refinement(&begin)?;
        let mut fits = vec![stages.time("B factor", || refinement.fit_b_factor())];
        let mut realigned = None;
        if with_realignment {
            let images = stages.watch("re-alignment", |progress| {
                realign(&refinement, &self.angles, progress)
            });
            let back: Vec<[f64; 2]> = images.iter().map(|i| i.shift.map(|s| -s)).collect();
            self.images = shift_images(self.images.view(), &back);
            self.angles = images.iter().map(|image| image.angles).collect();
            refinement = self.refinement(&begin)?;
            fits.push(refinement.fit_b_factor());
            realigned = Some(images);
        }
        let mut iterations = Vec::new();
        for round in 1..=rounds {
            if round > 1 {
                fits.push(refinement.settle_b_factor());
            }
            let name = format!("round {round}");
            iterations.extend(stages.watch(&name, |progress| match method {
                Method::Descent => Ok(refinement.descend(descent, progress)),
                Method::Exact => refinement.minimise(descent.iterations, progress),
            })?);
        }
        let (_, dim1, dim2) = self.images.dim();
        let middle = [dim1, dim2, dim1].map(|length| (centre(length) + 1) as f64);
        let moved = begin.iter().zip(refinement.positions()).zip(&self.may_move);
        let atoms = moved.filter(|(_, may_move)| **may_move);
        Ok(Refined {
            atoms: atoms
                .map(|((begin, end), _)| RefinedAtom {
                    position: (*end + self.centre_in_file()) * self.pixel_angstrom,
                    voxel: *end + Vec3::from_array(middle),
                    displacement: (*end - *begin) * self.pixel_angstrom,
                })
                .collect(),
            fits,
            iterations,
            r: refinement.r_factor(),
            realigned,
        })
    }

    fn refinement(&self, positions: &[Vec3]) -> Result<Refinement> {
        let (images, angles) = (self.images.view(), &self.angles);
        let (pixel, element) = (self.pixel_angstrom, self.element);
        Refinement::new(images, angles, pixel, element, positions, &self.may_move)
            .with_context(|| self.id.clone())
    }

    /// The files: `atoms.extxyz`, the course of the refinement, re-aligned images and angles if there are
    /// any, figure and provenance.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(
        &self,
        refined: &Refined,
        out: &Path,
        stages: &mut Stages,
    ) -> Result<Vec<PathBuf>> {
        let b = refined.fits.last().map_or(f64::NAN, |fit| fit.b_factor);
        let table = refinement_table(&refined.iterations)?;
        let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &[(55.0, "ab")]);
        let mut figure = Figure::new("refine", &format!("Refinement, {}", self.id), layout)
            .panel('a', refinement_curve(&table))
            .panel('b', displacement_curve(&table))
            .table("refine_iterations", &table)
            .file(
                "atoms.extxyz",
                refined_frame(self.element, &refined.atoms, b).into_bytes(),
            )
            .footnote(&refined.sentence())
            .parameter("pixel_angstrom", self.pixel_angstrom)
            .parameter("element", self.element.symbol())
            .parameter(
                "atoms_held",
                self.may_move.iter().filter(|may| !**may).count(),
            )
            .parameter("b_factor", b)
            .parameter("r", refined.r);
        if let Some(realigned) = &refined.realigned {
            figure = figure
                .table("realignment", &realignment_table(realigned)?)
                .file("realigned.csv", to_csv(&angles_table(&self.angles)?)?)
                .file("realigned.npy", npy::to_npy(self.images.view()));
        }
        for input in &self.inputs {
            figure = figure.input(input.clone());
        }
        figure.write(out, stages)
    }
}

/// The atoms of an extended XYZ file, in ångström; of one with flags those of flag 0.
///
/// # Errors
/// When it cannot be read or holds none.
pub fn read_atoms(path: &Path) -> Result<(Vec<Vec3>, Input)> {
    let bytes = fs::read(path).with_context(|| format!("'{}' cannot be read", path.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let frame = Frame::read(&text, &["flag"])
        .with_context(|| format!("'{}' cannot be used", path.display()))?;
    let flags = frame.integers.first().map(|(_, flags)| flags);
    let atoms = frame.positions.into_iter().enumerate();
    let kept = atoms.filter(|(index, _)| flags.is_none_or(|flags| flags[*index] == 0));
    let kept: Vec<Vec3> = kept.map(|(_, position)| position).collect();
    ensure!(
        !kept.is_empty(),
        "'{}' holds no atom of flag 0; trace again with other options",
        path.display()
    );
    Ok((kept, Input::of("own", name_of(path), &bytes)))
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
