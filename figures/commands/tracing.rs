//! A tracing from its volume to its files: what `trace` does, and the figure of the tracing shows.

use std::path::{Path, PathBuf};

use amorphous_packing::aet::classify::{Classified, ClassifyOptions, classify, support};
use amorphous_packing::aet::trace::{TraceOptions, spacing, trace};
use amorphous_packing::aet::{Area, centre, film_centre};
use amorphous_packing::atoms::{Element, Vec3};
use amorphous_packing::data::tilt_series::{read_file, volume_of};
use amorphous_packing::data::tomography::{TiltSeries, read_published_volume, volume_file};
use amorphous_packing::data::tracing::{SUPPORT, read_support};
use amorphous_packing::data::{DataStore, at_hand};
use amorphous_packing::progress::Silent;
use amorphous_packing::report::tracing::{flag_table, intensity_table, traced_frame};
use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use ndarray::{Array3, Axis, Slice};

use crate::harness::cli::DataOptions;
use crate::harness::progress::{Bars, Unit};
use crate::harness::provenance::Input;
use crate::panels::tracing::{intensities, slice_with_peaks};
use crate::{Figure, Layout, Stages, style};

/// Atoms whose median distance is nearer to the least allowed one than this factor were cut apart by it.
const CUT_APART: f64 = 1.12;

/// Where atoms may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Support {
    /// The published support of the film
    Published,
    /// Found from the volume: smoothed, Otsu's threshold, closed
    Computed,
    /// Everywhere
    None,
}

/// A volume with all that its tracing needs.
pub struct Tracing {
    /// Id of the area (`ta_film_area_12`), or the name of the user's file.
    pub id: String,
    /// The volume, axes x, y, z.
    pub volume: Array3<f32>,
    /// Side of a voxel in ångström.
    pub pixel_angstrom: f64,
    /// What the atoms are.
    pub element: Element,
    /// How peaks are sought.
    pub trace: TraceOptions,
    /// How they are classified.
    pub classify: ClassifyOptions,
    area: Option<Area>,
    support: Option<Array3<bool>>,
    support_is: Support,
    inputs: Vec<Input>,
}

impl Tracing {
    /// The published volume of an area of the film.
    ///
    /// # Errors
    /// When its file cannot be had or is damaged.
    pub fn published(store: &DataStore, area: Area, quiet: bool) -> Result<Tracing> {
        let bars = Bars::new(Unit::Bytes, quiet);
        let (volume, located) = read_published_volume(store, area, &bars)?;
        let series = TiltSeries::TaArea(area);
        let id = series.id();
        let input = Input::located(&id, &volume_file(area), &located);
        let pixel = series.pixel_angstrom().unwrap_or(1.0);
        Ok(Tracing::new(id, volume, pixel, Some(area), input))
    }

    /// The user's own volume; `area` if it is one of an area of the film.
    ///
    /// # Errors
    /// When the file cannot be read, or has not the size of the area.
    pub fn own(path: &Path, pixel_angstrom: f64, area: Option<Area>) -> Result<Tracing> {
        ensure!(
            pixel_angstrom.is_finite() && pixel_angstrom > 0.0,
            "the pixel is {pixel_angstrom} Å; it must be a positive number"
        );
        let bytes = read_file(path)?;
        let volume = volume_of(path, &bytes)?;
        if let Some(area) = area {
            ensure!(
                volume.shape() == area.size(),
                "'{}' has {:?} voxels and area {} of the film {:?}; give the whole area, or leave \
                 --area out",
                path.display(),
                volume.shape(),
                area.number,
                area.size()
            );
        }
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = name.to_string_lossy().into_owned();
        let input = Input::of("own", name.clone(), &bytes);
        Ok(Tracing::new(name, volume, pixel_angstrom, area, input))
    }

    fn new(
        id: String,
        volume: Array3<f32>,
        pixel_angstrom: f64,
        area: Option<Area>,
        input: Input,
    ) -> Tracing {
        Tracing {
            id,
            volume,
            pixel_angstrom,
            element: Element::Ta,
            trace: TraceOptions::film(pixel_angstrom),
            classify: ClassifyOptions::film(),
            area,
            support: None,
            support_is: Support::None,
            inputs: vec![input],
        }
    }

    /// Finds the support asked for; without a wish the published one of an area of the film if it is at
    /// hand, else a computed one.
    ///
    /// # Errors
    /// When the published support is asked for and cannot be had, or is there and damaged.
    pub fn find_support(
        &mut self,
        wish: Option<Support>,
        source: &DataOptions,
        stages: &mut Stages,
    ) -> Result<()> {
        let read = || read_support(&source.store_offline()?, &Silent);
        let published = match (wish, self.area) {
            (Some(Support::None), _) => return Ok(()),
            (Some(Support::Published), None) => bail!(
                "the published support is that of the film; give --area, or another --support"
            ),
            (Some(Support::Published), Some(area)) => Some((area, read()?)),
            // Absent, it is computed; damaged, it is an error.
            (None, Some(area)) => at_hand(read())?.map(|read| (area, read)),
            (Some(Support::Computed), _) | (None, None) => None,
        };
        match published {
            Some((area, (film, located))) => {
                self.support = Some(of_area(&film, area));
                self.support_is = Support::Published;
                self.inputs
                    .push(Input::located(&self.id, SUPPORT, &located));
            }
            None => {
                let (volume, pixel) = (self.volume.view(), self.pixel_angstrom);
                self.support = stages.time("support", || support(volume, pixel));
                self.support_is = Support::Computed;
            }
        }
        Ok(())
    }

    /// Traces and classifies.
    ///
    /// # Errors
    /// When the volume cannot be traced, when nothing in it is an atom, and when the atoms are closer than
    /// atoms can be.
    pub fn run(&self, stages: &mut Stages) -> Result<Classified> {
        let volume = self.volume.view();
        let peaks = stages
            .watch("planes", |progress| trace(volume, &self.trace, progress))
            .with_context(|| self.id.clone())?;
        let support = self.support.as_ref().map(|support| support.view());
        let classified = stages
            .time("classification", || {
                classify(volume, peaks, support, self.classify)
            })
            .with_context(|| self.id.clone())?;
        let least = self.trace.min_distance_angstrom;
        if let Some(median) = spacing(&classified.atoms()) {
            let median = median * self.pixel_angstrom;
            ensure!(
                median >= CUT_APART * least,
                "{}: half of the atoms found have a neighbour within {median:.2} Å, hardly more than \
                 the least distance of {least} Å, so that this limit cuts them apart; check that a \
                 pixel has {} Å",
                self.id,
                self.pixel_angstrom
            );
        }
        Ok(classified)
    }

    /// The position in ångström of a voxel counted from 1: from the centre of the film for one of its
    /// areas, else from the centre of the volume.
    pub fn position(&self, voxel: Vec3) -> Vec3 {
        let from_centre = match self.area {
            Some(area) => voxel + area.offset() - film_centre(),
            None => {
                let (n1, n2, n3) = self.volume.dim();
                let middle = [n1, n2, n3].map(|length| (centre(length) + 1) as f64);
                voxel - Vec3::from_array(middle)
            }
        };
        from_centre * self.pixel_angstrom
    }

    /// The figure of the tracing: a slice with its peaks, and the intensities.
    ///
    /// # Errors
    /// When a table cannot be made.
    pub fn figure(&self, name: &str, classified: &Classified) -> Result<Figure> {
        let table = intensity_table(classified)?;
        let layout = Layout::grid(style::DOUBLE_COLUMN_MM, &[(72.0, "aab")]);
        let mut figure = Figure::new(name, &format!("Atoms traced in {}", self.id), layout)
            .panel(
                'a',
                slice_with_peaks(&self.volume, classified, self.pixel_angstrom),
            )
            .panel('b', intensities(&table, classified.cut))
            .parameter("pixel_angstrom", self.pixel_angstrom)
            .parameter("element", self.element.symbol())
            .parameter("threshold", f64::from(self.trace.threshold))
            .parameter("min_distance_angstrom", self.trace.min_distance_angstrom)
            .parameter("upsampling", format!("{:?}", self.trace.upsampling))
            .parameter("ball_thirds", self.classify.thirds)
            .parameter("support", format!("{:?}", self.support_is))
            .parameter("first_cut", classified.first_cut)
            .parameter("cut", classified.cut)
            .parameter("passes", classified.passes)
            .parameter("atoms", classified.atoms().len());
        for input in &self.inputs {
            figure = figure.input(input.clone());
        }
        Ok(figure)
    }

    /// The files: `atoms.extxyz`, the numbers of peaks by flag, the figure, provenance.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(
        &self,
        classified: &Classified,
        out: &Path,
        stages: &mut Stages,
    ) -> Result<Vec<PathBuf>> {
        let atoms = traced_frame(self.element, classified, |voxel| self.position(voxel));
        self.figure("trace", classified)?
            .table("trace_flags", &flag_table(&classified.peaks)?)
            .file("atoms.extxyz", atoms.into_bytes())
            .write(out, stages)
    }
}

/// The part of the support of the film that an area covers.
fn of_area(film: &Array3<bool>, area: Area) -> Array3<bool> {
    let mut part = film.view();
    for axis in 0..3 {
        let first = area.centre[axis] - 1 - area.half[axis];
        part.slice_axis_inplace(Axis(axis), Slice::from(first..first + area.size()[axis]));
    }
    part.to_owned()
}
