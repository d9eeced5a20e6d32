//! Claims of the measurement and of the way from images to atoms: what the tilt angles, the published
//! peaks and the committed trials of the precision decide.

use amorphous_packing::aet::trace::merge;
use amorphous_packing::aet::{FILM, film_centre};
use amorphous_packing::atoms::{Boundary, Vec3};
use amorphous_packing::data::tomography::{TiltSeries, read_angles_of};
use amorphous_packing::data::tracing::{read_peaks, read_unrefined_of};
use amorphous_packing::data::{DataStore, ReadError, Sample, at_hand};
use amorphous_packing::neighbours::CellList;
use amorphous_packing::progress::Silent;
use anyhow::Result;

use crate::panels::precision::{of_ball, of_film};
use crate::record::ledger::{Finding, Ours};

/// Two peaks of the areas nearer than this, in voxels, are one.
const MERGE_VOXELS: f64 = 3.0;
/// Places nearer than this, in voxels, are the same.
const SAME_VOXELS: f64 = 1e-6;
/// An atom without a peak within so many ångström was put there.
const PUT_ANGSTROM: f64 = 0.5;

/// What the images' side of the public data decides, and the committed trials of the precision; nothing
/// about what is not at hand.
///
/// # Errors
/// When a file is damaged.
pub fn of_experiment(store: &DataStore) -> Result<Vec<Finding>> {
    let mut found = of_precision()?;
    found.extend(of_angles(store)?);
    found.extend(of_peaks(store)?);
    Ok(found)
}

/// The precision: linear images of the whole film; of the ball with multislice images as the other way.
fn of_precision() -> Result<Vec<Finding>> {
    let (film, ball) = (of_film()?, of_ball()?);
    let file = "data/precision_atoms.csv";
    let multislice = "multislice images of a ball of some hundred atoms";
    Ok(vec![
        Finding::new("precision.rmsd", None, Ours::Number(film.rmsd_pm))
            .or(multislice, ball.rmsd_pm)
            .from_committed(file),
        Finding::new("precision.identical", None, Ours::Number(film.percent()))
            .or(multislice, ball.percent())
            .from_committed(file),
    ])
}

fn of_angles(store: &DataStore) -> Result<Option<Finding>, ReadError> {
    let read = at_hand(read_angles_of(store, TiltSeries::TaFilm, &Silent))?;
    Ok(read.map(|(angles, _)| {
        let count = Ours::Count(angles.len() as i64);
        Finding::new("tilt.count", Some("ta_film"), count)
    }))
}

/// The atoms of the model before its refinement that are no merged peak, in per cent: no more than those
/// were corrected by hand.
fn of_peaks(store: &DataStore) -> Result<Option<Finding>, ReadError> {
    let peaks = at_hand(read_peaks(store, &Silent))?;
    let model = at_hand(read_unrefined_of(store, Sample::TaFilm, &Silent))?;
    let (Some((peaks, _)), Some((model, _))) = (peaks, model) else {
        return Ok(None);
    };
    let pixel = TiltSeries::TaFilm.pixel_angstrom().unwrap_or(1.0);
    let in_bounds =
        |place: &Vec3| (0..3).all(|axis| (1.0..=FILM[axis] as f64 - 1.0).contains(&place[axis]));
    let inside: Vec<Vec3> = peaks.into_iter().filter(in_bounds).collect();
    let merged = merge(&inside, MERGE_VOXELS);
    let reach = PUT_ANGSTROM / pixel;
    let list = CellList::new(&merged, Boundary::Open, reach);
    let (mut changed, mut put) = (0, 0);
    for atom in &model {
        let mut nearest = f64::INFINITY;
        list.for_each_within(*atom / pixel + film_centre(), |peak| {
            nearest = nearest.min(peak.squared.sqrt());
        });
        changed += usize::from(nearest > SAME_VOXELS);
        put += usize::from(nearest > reach);
    }
    let percent = |count: usize| 100.0 * count as f64 / model.len() as f64;
    Ok(Some(
        Finding::new(
            "trace.manual",
            Some("ta_film"),
            Ours::Number(percent(changed)),
        )
        .or("atoms without a peak within 0.5 Å alone", percent(put)),
    ))
}
