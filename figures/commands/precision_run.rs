//! A trial of the precision from the model to its tables: what `precision` does.
//!
//! Every area of the film is imaged, reconstructed and traced by itself; the film is put together from
//! the atoms of all areas, each in the part in which the area counts; then the atoms are refined, area by
//! area, against the images of the area.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use amorphous_packing::aet::classify::{ClassifyOptions, classify, support};
use amorphous_packing::aet::refine::{Descent, Refinement};
use amorphous_packing::aet::trace::{TraceOptions, merge, trace};
use amorphous_packing::aet::{
    Area, AtomImages, Options, Precision, Rotation, TiltAngles, View, film_centre, owner,
    poisson_noise,
};
use amorphous_packing::atoms::{ScatteringFactor, Vec3};
use amorphous_packing::data::tomography::{TiltSeries, read_angles_of};
use amorphous_packing::data::{DataStore, Origin, Sample, read_published};
use amorphous_packing::formats::tables::{from_csv, to_csv};
use amorphous_packing::formats::{npy, whole::write_whole};
use amorphous_packing::progress::Silent;
use amorphous_packing::report::tomography::r_factor_table;
use amorphous_packing::report::tracing::{deviation_table, precision_atoms_table};
use anyhow::{Context, Result, ensure};
use ndarray::Array3;
use polars::df;
use polars::prelude::{DataFrame, DataType};

use crate::commands::reconstruction::Job;
use crate::commands::refinement::Method;
use crate::harness::provenance::Input;
use crate::panels::tracing::deviations;
use crate::{Figure, Layout, Stages, style};

/// Two atoms of neighbouring areas nearer than this, in voxels, are one.
const MERGE_VOXELS: f64 = 3.0;
/// Atoms nearer than this, in ångström, are the same (Methods).
pub const IDENTICAL_ANGSTROM: f64 = 1.0;

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial {
    /// Electrons in the brightest pixel.
    pub counts: f64,
    /// Seed of the noise.
    pub seed: u64,
    /// B factor of the images in Å².
    pub b_factor: f64,
    /// Iterations of the reconstruction.
    pub resire: usize,
    /// How atoms are refined.
    pub method: Method,
    /// Iterations of the refinement.
    pub iterations: usize,
}

/// The model, its images and where the files are.
pub struct PrecisionRun {
    trial: Trial,
    areas: Vec<Area>,
    out: PathBuf,
    /// In ångström from the centre of the film.
    model: Vec<Vec3>,
    angles: Vec<TiltAngles>,
    pixel_angstrom: f64,
    factor: ScatteringFactor,
    sample: Sample,
    inputs: Vec<Input>,
}

/// The atoms of an area before refinement, in voxels of the film counted from 1, and its R-factors.
pub struct Traced {
    /// The area.
    pub area: Area,
    /// In the part in which it counts.
    pub atoms: Vec<Vec3>,
    /// Of the reconstruction: iteration, R1, R2.
    pub r_factors: Vec<[f64; 3]>,
}

/// The atoms of the film after refinement, in ångström, each with the area it was refined in.
pub struct RefinedFilm {
    /// Positions in ångström from the centre of the film.
    pub atoms: Vec<(Vec3, Area)>,
    /// By area, in the order of the run.
    pub courses: Vec<Course>,
}

/// How the refinement of an area went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    /// R before.
    pub r_before: f64,
    /// R after.
    pub r_after: f64,
    /// The B factor fitted, in Å².
    pub b_factor: f64,
}

/// Found against known atoms.
pub struct Outcome {
    /// Before refinement.
    pub traced: Precision,
    /// After it.
    pub refined: Precision,
}

impl Outcome {
    /// What was found, in a sentence.
    pub fn sentence(&self) -> String {
        let part = |precision: &Precision| {
            format!(
                "{:.2} % of {} atoms within {IDENTICAL_ANGSTROM} Å, {:.1} pm r.m.s., {} that are none",
                100.0 * precision.identical(),
                precision.known,
                precision.rmsd_pm(),
                precision.spurious()
            )
        };
        format!(
            "traced: {}; refined: {}",
            part(&self.traced),
            part(&self.refined)
        )
    }
}

impl PrecisionRun {
    /// Reads model and angles.
    ///
    /// # Errors
    /// When they cannot be had or are damaged.
    pub fn new(
        store: &DataStore,
        sample: Sample,
        trial: Trial,
        areas: Vec<Area>,
        out: &Path,
    ) -> Result<PrecisionRun> {
        let (atoms, located) = read_published(store, sample, &Silent)?;
        let series = TiltSeries::TaFilm;
        let (angles, table) = read_angles_of(store, series, &Silent)?;
        let file = match sample.origin() {
            Origin::Published { file, .. } | Origin::Embedded { file } => file,
        };
        Ok(PrecisionRun {
            inputs: vec![
                Input::located(sample.id(), file, &located),
                Input::located(&series.id(), &series.files()[1], &table),
            ],
            model: atoms.positions().to_vec(),
            angles,
            pixel_angstrom: series.pixel_angstrom().unwrap_or(1.0),
            factor: ScatteringFactor::of(sample.element())?,
            trial,
            areas,
            out: out.to_path_buf(),
            sample,
        })
    }

    /// What makes the volumes of a trial: of another one nothing may be used.
    fn mark(&self) -> String {
        let Trial {
            counts,
            seed,
            b_factor,
            resire,
            ..
        } = self.trial;
        format!("counts {counts}, seed {seed}, B factor {b_factor}, RESIRE {resire}\n")
    }

    /// Refuses to mix the files of two trials in the output directory; one without any is marked.
    ///
    /// # Errors
    /// When the directory belongs to other counts, another seed or other images.
    pub fn check_directory(&self) -> Result<()> {
        let path = self.out.join(MARK);
        if path.exists() {
            return self.check_mark(&self.out);
        }
        write_whole(&path, self.mark().as_bytes())
            .with_context(|| format!("'{}' cannot be written", path.display()))
    }

    fn check_mark(&self, directory: &Path) -> Result<()> {
        let path = directory.join(MARK);
        let found = fs::read_to_string(&path)
            .with_context(|| format!("'{}' cannot be read", path.display()))?;
        ensure!(
            found == self.mark(),
            "'{}' holds a trial with {}; choose another directory",
            directory.display(),
            found.trim()
        );
        Ok(())
    }

    /// The noisy images of an area, by angle, x and y.
    fn images(&self, area: Area) -> Array3<f32> {
        let [dim1, dim2, _] = area.size();
        let drawing = AtomImages::new((dim1, dim2), self.pixel_angstrom, &self.factor);
        let views: Vec<View> = self
            .angles
            .iter()
            .map(|&a| Rotation::of(a).into())
            .collect();
        let atoms: Vec<Vec3> = self.model.iter().map(|&a| self.in_area(a, area)).collect();
        let images = drawing.images(&atoms, self.trial.b_factor, &views);
        let seed = 1000 * self.trial.seed + area.number as u64;
        poisson_noise(images.view(), self.trial.counts, seed)
    }

    /// From ångström in the film to voxels from the centre of an area.
    fn in_area(&self, atom: Vec3, area: Area) -> Vec3 {
        self.film_voxel(atom) - area.middle()
    }

    fn in_film(&self, voxel: Vec3) -> Vec3 {
        (voxel - film_centre()) * self.pixel_angstrom
    }

    /// Images, reconstruction and tracing of every area; those done are read again, those in the tables of
    /// an earlier run in the directory `from` are taken from there.
    ///
    /// # Errors
    /// When a file cannot be read or written, or nothing in a volume is an atom.
    pub fn trace_areas(&self, from: Option<&Path>, stages: &mut Stages) -> Result<Vec<Traced>> {
        let mut earlier = match from {
            Some(directory) => {
                self.check_mark(directory)?;
                read_tables(directory)?
            }
            None => BTreeMap::new(),
        };
        let areas = self.areas.iter();
        areas
            .map(|&area| match earlier.remove(&area.number) {
                Some(traced) => Ok(traced),
                None => self.trace_area(area, stages),
            })
            .collect()
    }

    fn trace_area(&self, area: Area, stages: &mut Stages) -> Result<Traced> {
        let directory = self.out.join(format!("area_{}", area.number));
        fs::create_dir_all(&directory)
            .with_context(|| format!("'{}' cannot be made", directory.display()))?;
        if directory.join(AREA_TRACED).exists() {
            return read_traced(area, &directory);
        }
        let volume = self.volume(area, &directory, stages)?;
        let options = TraceOptions::film(self.pixel_angstrom);
        let found = stages.time(
            &format!("area {}: tracing", area.number),
            || -> Result<_> {
                let peaks = trace(volume.view(), &options, &Silent)?;
                let support = support(volume.view(), self.pixel_angstrom);
                let support = support.as_ref().map(|support| support.view());
                Ok(classify(
                    volume.view(),
                    peaks,
                    support,
                    ClassifyOptions::film(),
                )?)
            },
        )?;
        let places = found.atoms().into_iter().map(|voxel| voxel + area.offset());
        let atoms: Vec<Vec3> = places.filter(|&place| area.is_trusted_at(place)).collect();
        write(&directory, AREA_TRACED, &places_table(&atoms)?)?;
        // What is read is what a run that goes on from here reads.
        read_traced(area, &directory)
    }

    /// The reconstruction of an area, from its file if there is one.
    fn volume(&self, area: Area, directory: &Path, stages: &mut Stages) -> Result<Array3<f32>> {
        let path = directory.join("volume.npy");
        if path.exists() {
            let bytes =
                fs::read(&path).with_context(|| format!("'{}' cannot be read", path.display()))?;
            return npy::from_npy(&bytes)
                .with_context(|| format!("'{}' cannot be used; delete it", path.display()));
        }
        let options = Options {
            iterations: self.trial.resire,
            ..Options::film()
        };
        let id = format!("area {}", area.number);
        let job = Job::computed(
            id,
            self.images(area),
            self.angles.clone(),
            self.pixel_angstrom,
            options,
        );
        let done = job.run(directory, job.is_begun(directory), stages)?;
        // The volume comes last: it says that the reconstruction is done.
        write(directory, AREA_COURSE, &r_factor_table(&done.r_factors)?)?;
        write_whole(&path, &npy::to_npy(done.volume.view()))
            .with_context(|| format!("'{}' cannot be written", path.display()))?;
        job.forget(directory)?;
        Ok(done.volume)
    }

    /// The film put together from the atoms of its areas, in ångström.
    pub fn film(&self, traced: &[Traced]) -> Vec<Vec3> {
        let all: Vec<Vec3> = traced
            .iter()
            .flat_map(|traced| traced.atoms.iter().copied())
            .collect();
        let merged = merge(&all, MERGE_VOXELS).into_iter();
        merged.map(|voxel| self.in_film(voxel)).collect()
    }

    /// The area of the run in which an atom counts.
    fn owner(&self, atom: Vec3) -> Option<Area> {
        owner(&self.areas, self.film_voxel(atom))
    }

    /// The atoms of the film, refined area by area.
    ///
    /// Around areas that were not tried the atoms of the model stand in for those that were not sought.
    ///
    /// # Errors
    /// When images and atoms do not belong together.
    pub fn refine_areas(&self, film: &[Vec3], stages: &mut Stages) -> Result<RefinedFilm> {
        let not_sought = self.model.iter().copied();
        let not_sought: Vec<Vec3> = not_sought
            .filter(|&atom| self.owner(atom).is_none())
            .collect();
        let mut refined = RefinedFilm {
            atoms: Vec::new(),
            courses: Vec::new(),
        };
        for &area in &self.areas {
            let (atoms, course) = stages
                .time(&format!("area {}: refinement", area.number), || {
                    self.refine_area(area, film, &not_sought)
                })?;
            refined
                .atoms
                .extend(atoms.into_iter().map(|atom| (atom, area)));
            refined.courses.push(course);
        }
        Ok(refined)
    }

    fn film_voxel(&self, atom: Vec3) -> Vec3 {
        atom / self.pixel_angstrom + film_centre()
    }

    fn refine_area(
        &self,
        area: Area,
        film: &[Vec3],
        not_sought: &[Vec3],
    ) -> Result<(Vec<Vec3>, Course)> {
        let all = || film.iter().chain(not_sought);
        let atoms: Vec<Vec3> = all().map(|&atom| self.in_area(atom, area)).collect();
        let may_move: Vec<bool> = all()
            .enumerate()
            .map(|(index, &atom)| index < film.len() && area.holds(self.film_voxel(atom)))
            .collect();
        let owned: Vec<usize> = (0..film.len())
            .filter(|&index| self.owner(film[index]) == Some(area))
            .collect();
        if !may_move.contains(&true) {
            let nothing = Course {
                r_before: f64::NAN,
                r_after: f64::NAN,
                b_factor: f64::NAN,
            };
            return Ok((Vec::new(), nothing));
        }
        let images = self.images(area);
        let mut refinement = Refinement::new(
            images.view(),
            &self.angles,
            self.pixel_angstrom,
            self.sample.element(),
            &atoms,
            &may_move,
        )?;
        let fit = refinement.settle_b_factor();
        match self.trial.method {
            Method::Descent => {
                let descent = Descent {
                    iterations: self.trial.iterations,
                    ..Descent::film()
                };
                refinement.descend(&descent, &Silent);
            }
            Method::Exact => {
                refinement.minimise(self.trial.iterations, &Silent)?;
            }
        }
        let places = owned
            .iter()
            .map(|&index| self.in_film(refinement.positions()[index] + area.middle()));
        let course = Course {
            r_before: fit.r,
            r_after: refinement.r_factor(),
            b_factor: fit.b_factor,
        };
        Ok((places.collect(), course))
    }

    /// Found against known atoms, before and after the refinement, among those of the areas tried.
    pub fn outcome(&self, film: &[Vec3], refined: &RefinedFilm) -> Outcome {
        let known = self.known(|area| area.is_some());
        let after: Vec<Vec3> = refined.atoms.iter().map(|(atom, _)| *atom).collect();
        let of =
            |found: &[Vec3]| Precision::of(found, &self.model, IDENTICAL_ANGSTROM).among(&known);
        Outcome {
            traced: of(film),
            refined: of(&after),
        }
    }

    /// The places in the model of the atoms whose area is of a kind.
    fn known(&self, is_meant: impl Fn(Option<Area>) -> bool) -> Vec<usize> {
        let atoms = 0..self.model.len();
        atoms
            .filter(|&index| is_meant(self.owner(self.model[index])))
            .collect()
    }

    /// The tables `precision_areas`, `precision_atoms`, `precision_r_factors`, and a figure of the
    /// deviations.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(
        &self,
        traced: &[Traced],
        refined: &RefinedFilm,
        outcome: &Outcome,
        stages: &mut Stages,
    ) -> Result<Vec<PathBuf>> {
        let areas_of: Vec<u32> = outcome
            .refined
            .pairs
            .iter()
            .map(|pair| refined.atoms[pair.found].1.number as u32)
            .collect();
        let atoms = precision_atoms_table(&outcome.refined, &areas_of)?;
        let layout = Layout::grid(style::SINGLE_COLUMN_MM, &[(60.0, "a")]);
        let mut figure = Figure::new("precision", "Precision of the positions", layout)
            .panel('a', deviations(&deviation_table(&outcome.refined)?))
            .table(
                "precision_areas",
                &self.areas_table(traced, refined, outcome)?,
            )
            .table("precision_atoms", &atoms)
            .table("precision_trial", &self.trial_table(outcome)?)
            .table("precision_r_factors", &r_factors_table(traced)?)
            .table("precision_traced", &traced_table(traced)?)
            .footnote(&format!(
                "Refined: {:.2} % of {} atoms, {:.1} pm r.m.s.",
                100.0 * outcome.refined.identical(),
                outcome.refined.known,
                outcome.refined.rmsd_pm()
            ))
            .parameter("counts", self.trial.counts)
            .parameter("seed", self.trial.seed)
            .parameter("b_factor", self.trial.b_factor)
            .parameter("resire_iterations", self.trial.resire)
            .parameter("method", format!("{:?}", self.trial.method))
            .parameter("refinement_iterations", self.trial.iterations);
        for input in &self.inputs {
            figure = figure.input(input.clone());
        }
        figure.write(&self.out, stages)
    }

    /// One row: `areas, counts, seed, method, iterations, known, identical_traced, rmsd_traced_pm,
    /// identical_refined, rmsd_refined_pm, spurious`. `data/precision_trials.csv` holds those of the trials
    /// made so far.
    fn trial_table(&self, outcome: &Outcome) -> Result<DataFrame> {
        let Outcome { traced, refined } = outcome;
        let method = match self.trial.method {
            Method::Descent => "descent",
            Method::Exact => "exact",
        };
        Ok(df![
            "areas" => [self.areas.len() as u32],
            "counts" => [self.trial.counts],
            "seed" => [self.trial.seed],
            "method" => [method],
            "iterations" => [self.trial.iterations as u32],
            "known" => [refined.known as u32],
            "identical_traced" => [traced.pairs.len() as u32],
            "rmsd_traced_pm" => [traced.rmsd_pm()],
            "identical_refined" => [refined.pairs.len() as u32],
            "rmsd_refined_pm" => [refined.rmsd_pm()],
            "spurious" => [refined.spurious() as u32],
        ]?)
    }

    /// A row for each area: `area, known, identical_traced, identical_refined, rmsd_traced_pm,
    /// rmsd_refined_pm, found, r1, r_before, r_after, b_factor`.
    fn areas_table(
        &self,
        traced: &[Traced],
        refined: &RefinedFilm,
        outcome: &Outcome,
    ) -> Result<DataFrame> {
        let of_areas: Vec<[Precision; 2]> = traced
            .iter()
            .map(|t| {
                let known = self.known(|area| area == Some(t.area));
                [&outcome.traced, &outcome.refined].map(|precision| precision.among(&known))
            })
            .collect();
        let counts = |of: fn(&[Precision; 2]) -> usize| -> Vec<u32> {
            of_areas.iter().map(|both| of(both) as u32).collect()
        };
        let rmsd = |which: usize| -> Vec<f64> {
            of_areas.iter().map(|both| both[which].rmsd_pm()).collect()
        };
        let course =
            |pick: fn(&Course) -> f64| -> Vec<f64> { refined.courses.iter().map(pick).collect() };
        Ok(df![
            "area" => traced.iter().map(|t| t.area.number as u32).collect::<Vec<_>>(),
            "known" => counts(|both| both[0].known),
            "found" => traced.iter().map(|t| t.atoms.len() as u32).collect::<Vec<_>>(),
            "identical_traced" => counts(|both| both[0].pairs.len()),
            "rmsd_traced_pm" => rmsd(0),
            "identical_refined" => counts(|both| both[1].pairs.len()),
            "rmsd_refined_pm" => rmsd(1),
            "r1" => traced.iter().map(|t| t.r_factors.last().map(|row| row[1])).collect::<Vec<_>>(),
            "r_before" => course(|c| c.r_before),
            "r_after" => course(|c| c.r_after),
            "b_factor" => course(|c| c.b_factor),
        ]?)
    }
}

const AXES: [&str; 3] = ["x", "y", "z"];
const COURSE: [&str; 3] = ["iteration", "r1", "r2"];
/// The files of a run, in its directory and in that of an area.
const MARK: &str = "precision_trial.txt";
const TRACED: &str = "precision_traced.csv";
const COURSES: &str = "precision_r_factors.csv";
const AREA_TRACED: &str = "traced.csv";
const AREA_COURSE: &str = "r_factor.csv";

/// What an earlier run has traced in an area.
fn read_traced(area: Area, directory: &Path) -> Result<Traced> {
    let atoms = read_columns(&directory.join(AREA_TRACED), &AXES)?;
    Ok(Traced {
        area,
        atoms: atoms.into_iter().map(Vec3::from_array).collect(),
        r_factors: read_columns(&directory.join(AREA_COURSE), &COURSE)?,
    })
}

/// What the tables of an earlier run hold, by the number of the area.
fn read_tables(directory: &Path) -> Result<BTreeMap<usize, Traced>> {
    let [x, y, z] = AXES;
    let [iteration, r1, r2] = COURSE;
    let mut areas: BTreeMap<usize, Traced> = BTreeMap::new();
    for [number, row @ ..] in read_columns(&directory.join(COURSES), &["area", iteration, r1, r2])?
    {
        let area = Area::new(number as usize)?;
        let traced = areas.entry(area.number).or_insert(Traced {
            area,
            atoms: Vec::new(),
            r_factors: Vec::new(),
        });
        traced.r_factors.push(row);
    }
    for [number, place @ ..] in read_columns(&directory.join(TRACED), &["area", x, y, z])? {
        // An area without R-factors was not finished.
        if let Some(traced) = areas.get_mut(&(number as usize)) {
            traced.atoms.push(Vec3::from_array(place));
        }
    }
    Ok(areas)
}

/// The columns of a CSV file, row by row.
fn read_columns<const N: usize>(path: &Path, columns: &[&str; N]) -> Result<Vec<[f64; N]>> {
    let unusable = || format!("'{}' cannot be used; delete it", path.display());
    let bytes = fs::read(path).with_context(unusable)?;
    let table = from_csv(&bytes).with_context(unusable)?;
    let values = columns.map(|name| -> Result<Vec<f64>> {
        let column = table.column(name)?.cast(&DataType::Float64)?;
        let values: Option<Vec<f64>> = column.f64()?.iter().collect();
        values.with_context(|| format!("the column {name} has an empty cell"))
    });
    let values = values.into_iter().collect::<Result<Vec<_>>>();
    let values = values.with_context(unusable)?;
    Ok((0..table.height())
        .map(|row| std::array::from_fn(|column| values[column][row]))
        .collect())
}

fn places_table(places: &[Vec3]) -> Result<DataFrame> {
    let axis = |k: usize| -> Vec<f64> { places.iter().map(|place| place[k]).collect() };
    Ok(df!["x" => axis(0), "y" => axis(1), "z" => axis(2)]?)
}

/// The R-factors of every area: of the iterations below 10 all, of the others every tenth.
fn r_factors_table(traced: &[Traced]) -> Result<DataFrame> {
    let rows: Vec<(u32, [f64; 3])> = traced
        .iter()
        .flat_map(|t| {
            let kept = t.r_factors.iter();
            let kept = kept.filter(|row| row[0] < 10.0 || row[0] % 10.0 == 0.0);
            kept.map(|row| (t.area.number as u32, *row))
        })
        .collect();
    Ok(df![
        "area" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        "iteration" => rows.iter().map(|row| row.1[0] as u32).collect::<Vec<_>>(),
        "r1" => rows.iter().map(|row| row.1[1]).collect::<Vec<_>>(),
        "r2" => rows.iter().map(|row| row.1[2]).collect::<Vec<_>>(),
    ]?)
}

/// The atoms of every area before the refinement, in voxels of the film counted from 1: what another run
/// can go on from.
fn traced_table(traced: &[Traced]) -> Result<DataFrame> {
    let atoms: Vec<(u32, Vec3)> = traced
        .iter()
        .flat_map(|t| t.atoms.iter().map(|&atom| (t.area.number as u32, atom)))
        .collect();
    let axis = |k: usize| -> Vec<f64> { atoms.iter().map(|(_, atom)| atom[k]).collect() };
    let areas: Vec<u32> = atoms.iter().map(|(area, _)| *area).collect();
    Ok(df!["area" => areas, "x" => axis(0), "y" => axis(1), "z" => axis(2)]?)
}

fn write(directory: &Path, name: &str, table: &DataFrame) -> Result<()> {
    let path = directory.join(name);
    write_whole(&path, &to_csv(table)?)
        .with_context(|| format!("'{}' cannot be written", path.display()))
}
