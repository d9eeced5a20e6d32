//! Claims of the measurement itself that the images and angles decide.

use amorphous_packing::data::tomography::{TiltSeries, read_angles_of};
use amorphous_packing::data::{DataStore, ReadError};
use amorphous_packing::progress::Silent;

use crate::record::ledger::{Finding, Ours};

/// What the angles of the tilt series decide; nothing where they are not at hand.
///
/// # Errors
/// When a file is damaged.
pub fn of_tilt_series(store: &DataStore) -> Result<Vec<Finding>, ReadError> {
    match read_angles_of(store, TiltSeries::TaFilm, &Silent) {
        Ok((angles, _)) => {
            let count = Ours::Count(angles.len() as i64);
            Ok(vec![Finding::new("tilt.count", Some("ta_film"), count)])
        }
        Err(error) if error.is_absent() => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
