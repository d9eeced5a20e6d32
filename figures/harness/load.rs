//! From the command line to analysed samples: what is there is read and analysed, what is not is
//! named.

use amorphous_packing::analysis::{Analysis, AnalysisError, Region};
use amorphous_packing::atoms::Atoms;
use amorphous_packing::data::carried::embedded;
use amorphous_packing::data::snapshot::Snapshot;
use amorphous_packing::data::{DataStore, Origin, Sample, read_published};
use amorphous_packing::network::MotifNetworks;
use amorphous_packing::order::{RegulatedCell, Regulation};
use amorphous_packing::packing::{DensityMap, Smoothing};
use amorphous_packing::report::{self, NetworkRows, Rows};
use anyhow::{Context, Result, anyhow};
use serde_json::json;

use crate::harness::advice::with_advice;
use crate::harness::cli::{Options, sentence};
use crate::harness::figure::Figure;
use crate::harness::out;
use crate::harness::progress::{Bars, Unit};
use crate::harness::provenance::Input;
use crate::harness::stages::Stages;

/// What is drawn when no published model can be had.
const FALLBACK: Sample = Sample::TA_LIQUID;

/// The command that gets the published models.
const FETCH: &str = "cargo run --bin fetch -- models";

/// The samples of a figure.
pub struct Loaded {
    /// The analysed samples, in the order asked for.
    pub samples: Vec<(Sample, Analysis)>,
    /// Samples that were asked for and cannot be had.
    pub missing: Vec<Sample>,
    inputs: Vec<Input>,
}

/// Networks of some folds for every loaded sample.
pub struct Networks<'a> {
    loaded: &'a Loaded,
    found: Vec<(usize, MotifNetworks)>,
}

/// The regulated Voronoi cells of every loaded sample.
pub struct Cells {
    found: Vec<Rows<'static, Vec<RegulatedCell>>>,
}

/// Reads and analyses the samples of the command line, else those of `default`.
///
/// # Errors
/// When a file is damaged, when a sample cannot be analysed, or, with `--require-data`, when a
/// published model is absent. Otherwise absent models are named on standard error, and a figure
/// without any is drawn from the embedded liquid.
pub fn load(options: &Options, default: &[Sample], stages: &mut Stages) -> Result<Loaded> {
    let loaded = load_present(options, &options.samples_or(default), stages)?;
    if loaded.samples.is_empty() {
        load_present(options, &[FALLBACK], stages).map(|fallback| Loaded {
            missing: loaded.missing,
            ..fallback
        })
    } else {
        Ok(loaded)
    }
}

/// Reads and analyses those of `samples` that can be had, none in place of what is absent.
///
/// # Errors
/// As [`load`].
pub fn load_present(options: &Options, samples: &[Sample], stages: &mut Stages) -> Result<Loaded> {
    let store = options.running.source.store()?;
    let bars = Bars::new(Unit::Bytes, options.running.quiet);
    let mut atoms = Vec::new();
    let mut loaded = Loaded {
        samples: Vec::new(),
        missing: Vec::new(),
        inputs: Vec::new(),
    };
    let mut reason = None;
    for &sample in samples {
        match stages.time(&format!("{sample}: reading"), || {
            read(&store, sample, &bars)
        })? {
            Ok((read, input)) => {
                atoms.push((sample, read));
                loaded.inputs.push(input);
            }
            Err(absent) if options.require_data => return Err(absent),
            Err(absent) => {
                reason.get_or_insert(absent);
                loaded.missing.push(sample);
            }
        }
    }
    if let Some(reason) = reason {
        out::note(format_args!(
            "note: not drawn: {}; {}",
            loaded.missing_ids(),
            sentence(&with_advice(reason))
        ));
    }
    for (sample, atoms) in atoms {
        let w = sample.first_valley_angstrom();
        let analysis = stages
            .follow(sample.id(), |progress| Analysis::new(atoms, w, progress))
            .with_context(|| format!("{sample} cannot be analysed"))?;
        loaded.samples.push((sample, analysis));
    }
    Ok(loaded)
}

type Read = (Atoms, Input);

/// The atoms of a sample. The inner error is an absent file, the outer one anything worse.
fn read(store: &DataStore, sample: Sample, bars: &Bars) -> Result<Result<Read>> {
    match sample.origin() {
        Origin::Embedded { file } => carried(sample, file).map(Ok),
        Origin::Published { file, .. } => match read_published(store, sample, bars) {
            Ok((atoms, located)) => {
                let input = Input::located(sample.id(), file, &located);
                Ok(Ok((atoms, input)))
            }
            Err(error) if error.is_absent() => Ok(Err(error.into())),
            Err(error) => Err(error.into()),
        },
    }
}

/// A frame that the library carries.
fn carried(sample: Sample, file: &str) -> Result<Read> {
    let bytes = embedded(file).with_context(|| format!("{file} is not embedded"))?;
    let snapshot = Snapshot::from_parquet(bytes).with_context(|| file.to_owned())?;
    let input = Input::of(sample.id(), format!("data/{file}"), bytes);
    Ok((snapshot.atoms().clone(), input))
}

impl Loaded {
    /// The sample that panels about one sample show: `wanted` if it is there, else the first.
    pub fn sample_or_first(&self, wanted: Sample) -> Sample {
        let mut samples = self.samples.iter().map(|(sample, _)| *sample);
        let first = self.samples[0].0;
        samples.find(|&sample| sample == wanted).unwrap_or(first)
    }

    /// The ids of the samples, as the panels order them.
    pub fn ids(&self) -> Vec<Sample> {
        self.samples.iter().map(|(sample, _)| *sample).collect()
    }

    /// The samples with their analyses: the rows that tables are made from.
    pub fn entries(&self) -> Vec<Rows<'static, &Analysis>> {
        self.chosen(|_| true)
    }

    /// The samples of the experiment; where there is none, what was read in their place.
    pub fn measured(&self) -> Vec<Rows<'static, &Analysis>> {
        self.chosen_or_all(|sample| sample.temperature_k().is_none())
    }

    /// The samples of the experiment, and of the quench its beginning and its end; all samples
    /// where there is none of them.
    pub fn compared(&self) -> Vec<Rows<'static, &Analysis>> {
        let ends = [Sample::TA_LIQUID, Sample::TA_GLASS];
        self.chosen_or_all(|sample| sample.temperature_k().is_none() || ends.contains(&sample))
    }

    /// The simulated frames.
    pub fn frames(&self) -> Vec<Rows<'static, &Analysis>> {
        self.chosen(|sample| sample.temperature_k().is_some())
    }

    fn chosen(&self, is_meant: impl Fn(Sample) -> bool) -> Vec<Rows<'static, &Analysis>> {
        let samples = self.samples.iter();
        let meant = samples.filter(|(sample, _)| is_meant(*sample));
        meant.map(|(sample, a)| rows_of(*sample, a)).collect()
    }

    fn chosen_or_all(&self, is_meant: impl Fn(Sample) -> bool) -> Vec<Rows<'static, &Analysis>> {
        let chosen = self.chosen(is_meant);
        if chosen.is_empty() {
            self.entries()
        } else {
            chosen
        }
    }

    /// The one entry that panels about one sample show ([`Loaded::sample_or_first`]).
    pub fn shown(&self, wanted: Sample) -> (Sample, &Analysis) {
        let shown = self.sample_or_first(wanted);
        let entry = self.samples.iter().find(|(sample, _)| *sample == shown);
        let (sample, analysis) = entry.unwrap_or(&self.samples[0]);
        (*sample, analysis)
    }

    /// The bipyramids of these folds and their networks, sample by sample.
    pub fn networks(&self, folds: &[usize], region: Region, stages: &mut Stages) -> Networks<'_> {
        self.networks_of(&self.ids(), folds, region, stages)
    }

    /// The same, of some of the samples only.
    pub fn networks_of(
        &self,
        of: &[Sample],
        folds: &[usize],
        region: Region,
        stages: &mut Stages,
    ) -> Networks<'_> {
        let found = stages.time("networks", || {
            let samples = self.samples.iter().enumerate();
            samples
                .filter(|(_, (sample, _))| of.contains(sample))
                .flat_map(|(k, (_, analysis))| {
                    folds
                        .iter()
                        .map(move |&fold| (k, analysis.networks(fold, region)))
                })
                .collect()
        });
        Networks {
            loaded: self,
            found,
        }
    }

    /// The regulated Voronoi cells of the amorphous atoms, sample by sample.
    pub fn regulated_cells(&self, stages: &mut Stages) -> Cells {
        let found = stages.time("Voronoi cells", || {
            let samples = self.samples.iter();
            samples
                .map(|(sample, analysis)| {
                    let full = analysis.voronoi_cells();
                    let cells = analysis.regulated_cells(&full, Regulation::default());
                    rows_of(*sample, cells)
                })
                .collect()
        });
        Cells { found }
    }

    /// The density maps, sample by sample; the shell distance is the full width of the Gaussian at
    /// half its maximum.
    pub fn density_maps(&self, stages: &mut Stages) -> Result<Vec<DensityMap>, AnalysisError> {
        stages.time("mass density", || {
            let analyses = self.samples.iter().map(|(_, analysis)| analysis);
            analyses
                .map(|a| a.density_map(Smoothing::of_fwhm(a.first_valley_angstrom)))
                .collect()
        })
    }

    /// What belongs to each sample, as the rows that tables are made from.
    pub fn rows<'a, T>(&self, of_samples: &'a [T]) -> Vec<Rows<'static, &'a T>> {
        let samples = self.samples.iter().zip(of_samples);
        samples
            .map(|((sample, _), of)| rows_of(*sample, of))
            .collect()
    }

    /// Adds what was read, the parameters, and a footnote that names what is missing.
    pub fn documented(&self, mut figure: Figure) -> Figure {
        for input in &self.inputs {
            figure = figure.input(input.clone());
        }
        for (sample, analysis) in &self.samples {
            let criteria = analysis.criteria;
            figure = figure.parameter(
                sample.id(),
                json!({
                    "atoms": analysis.atoms.len(),
                    "first_valley_angstrom": analysis.first_valley_angstrom,
                    "delta_max": criteria.delta_max,
                    "edge_max_angstrom": criteria.edge_max_angstrom,
                    "circumradius_max_angstrom": criteria.circumradius_max_angstrom,
                    "crystal_atoms": analysis.crystal.count(),
                    "ordered_atoms": analysis.ordered_atoms(),
                }),
            );
        }
        if self.missing.is_empty() {
            figure
        } else {
            figure.footnote(&format!(
                "Not drawn, for want of the public data: {} (`{FETCH}` gets them).",
                self.missing_ids()
            ))
        }
    }

    fn missing_ids(&self) -> String {
        let missing: Vec<&str> = self.missing.iter().map(|sample| sample.id()).collect();
        missing.join(", ")
    }
}

impl Cells {
    /// The rows that the tables are made from.
    pub fn entries(&self) -> Vec<Rows<'static, &[RegulatedCell]>> {
        let found = self.found.iter();
        found.map(|rows| rows.with(rows.of.as_slice())).collect()
    }
}

impl Networks<'_> {
    /// The first entry of a sample.
    ///
    /// # Errors
    /// When the sample was not loaded.
    pub fn of(&self, sample: Sample) -> Result<NetworkRows<'_>> {
        let entries = self.entries().into_iter();
        let mut of_sample = entries.filter(|entry| entry.sample == sample.id());
        of_sample
            .next()
            .ok_or_else(|| anyhow!("{sample} was not loaded"))
    }

    /// The entries of the simulated frames.
    pub fn frames(&self) -> Vec<NetworkRows<'_>> {
        let entries = self.entries().into_iter();
        entries
            .filter(|entry| entry.temperature_k.is_some())
            .collect()
    }

    /// The rows that the tables are made from.
    pub fn entries(&self) -> Vec<NetworkRows<'_>> {
        let found = self.found.iter();
        found
            .map(|(k, found)| {
                let (sample, analysis) = &self.loaded.samples[*k];
                rows_of(*sample, report::Networks { analysis, found })
            })
            .collect()
    }
}

/// A sample's rows of a table, named by its id; those of a simulated frame with its temperature.
pub fn rows_of<T>(sample: Sample, of: T) -> Rows<'static, T> {
    let rows = Rows::new(sample.id(), of);
    match sample.temperature_k() {
        Some(kelvin) => rows.at(kelvin),
        None => rows,
    }
}
