//! The samples of the golden tests; each is read and analysed once.

use std::path::PathBuf;
use std::sync::OnceLock;

use amorphous_packing::analysis::Analysis;
use amorphous_packing::data::{EXPERIMENT, Sample, read_published};
use amorphous_packing::progress::Silent;

use acceptance::trials::store;

/// The place of a public file; the trial that asks has checked that it is there.
pub(crate) fn file(path: &str) -> PathBuf {
    store().locate(path, &Silent).unwrap().path
}

/// The analysis of a published model.
pub(crate) fn analysis(sample: Sample) -> &'static Analysis {
    static ANALYSES: [OnceLock<Analysis>; 3] = [const { OnceLock::new() }; 3];
    let place = EXPERIMENT.iter().position(|other| *other == sample);
    ANALYSES[place.unwrap()].get_or_init(|| {
        let (atoms, _) = read_published(store(), sample, &Silent).unwrap();
        Analysis::new(atoms, sample.first_valley_angstrom(), &Silent).unwrap()
    })
}

/// The sample as the paper calls it.
pub(crate) fn called(sample: Sample) -> &'static str {
    of(sample, ["the Ta film", "Pd1", "Pd2"])
}

/// Chooses the sample's value.
pub(crate) fn of<T>(sample: Sample, [ta, pd1, pd2]: [T; 3]) -> T {
    match sample {
        Sample::TaFilm => ta,
        Sample::Pd1 => pd1,
        _ => pd2,
    }
}
