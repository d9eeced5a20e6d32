//! What the library carries: the snapshots of the simulated frames, and the tables of their runs.

use polars::prelude::*;

use super::frames::SimulatedFrame;
use crate::formats::tables::from_csv;
use crate::order::PairDistribution;

macro_rules! carried {
    ($($name:literal)*) => {
        /// A file of `data/` that the library carries, by its name.
        ///
        /// ```
        /// use amorphous_packing::data::carried::embedded;
        /// assert!(embedded("ta_liquid_5200K.parquet").is_some());
        /// assert!(embedded("unobtainium.parquet").is_none());
        /// ```
        pub fn embedded(file_name: &str) -> Option<&'static [u8]> {
            match file_name {
                $($name => Some(include_bytes!(concat!("../../data/", $name))),)*
                _ => None,
            }
        }
    };
}

carried! {
    "ta_liquid_5200K.parquet"
    "ta_liquid_4500K.parquet"
    "ta_liquid_4000K.parquet"
    "ta_liquid_3500K.parquet"
    "ta_liquid_3000K.parquet"
    "ta_liquid_2500K.parquet"
    "ta_liquid_2000K.parquet"
    "ta_glass_1500K.parquet"
    "ta_glass_1000K.parquet"
    "ta_glass_500K.parquet"
    "ta_glass_300K_quenched.parquet"
    "ta_glass_300K.parquet"
    "ta_pair_distribution.csv"
    "ta_states.csv"
    "ta_zhou_liquid_5200K.parquet"
    "ta_zhou_liquid_2500K.parquet"
    "ta_zhou_glass_300K.parquet"
    "ta_zhou_pair_distribution.csv"
    "ta_zhou_states.csv"
    "pd_liquid_2900K.parquet"
    "pd_liquid_1400K.parquet"
    "pd_glass_300K.parquet"
    "pd_pair_distribution.csv"
    "pd_states.csv"
}

/// The averaged pair distributions of a run as CSV, by the name of the run.
pub fn embedded_pair_distributions(run: &str) -> Option<&'static [u8]> {
    embedded(&format!("{run}_pair_distribution.csv"))
}

/// The states of a run (density, energy) as CSV, by the name of the run.
pub fn embedded_states(run: &str) -> Option<&'static [u8]> {
    embedded(&format!("{run}_states.csv"))
}

/// Why a carried table does not give what was asked of it.
#[derive(Debug, thiserror::Error)]
pub enum CarriedError {
    /// No run of this name is carried.
    #[error("the library carries no run '{run}'")]
    NoRun {
        /// The run.
        run: &'static str,
    },
    /// The table cannot be read, or lacks a column.
    #[error("the carried table of the run '{run}' cannot be used")]
    Table {
        /// The run.
        run: &'static str,
        /// What the reader says.
        #[source]
        cause: PolarsError,
    },
    /// The table lacks the curve of a frame, or a part of it.
    #[error("the carried table of the run '{run}' has no whole curve of {frame}")]
    NoCurve {
        /// The run.
        run: &'static str,
        /// The frame's name in tables.
        frame: &'static str,
    },
}

/// The averaged g(r) of a frame that the library carries.
///
/// # Errors
/// [`CarriedError`] if the table of its run lacks it.
pub fn carried_pair_distribution(frame: &SimulatedFrame) -> Result<PairDistribution, CarriedError> {
    let (run, bytes) = (frame.run, embedded_pair_distributions(frame.run));
    let bytes = bytes.ok_or(CarriedError::NoRun { run })?;
    let curve = curve_of(bytes, frame.id).map_err(|cause| CarriedError::Table { run, cause })?;
    if curve.g.is_empty() || curve.g.len() != curve.r_angstrom.len() {
        return Err(CarriedError::NoCurve {
            run,
            frame: frame.id,
        });
    }
    Ok(curve)
}

/// The rows of one frame in a table of curves.
fn curve_of(bytes: &'static [u8], frame: &str) -> PolarsResult<PairDistribution> {
    let table = from_csv(bytes)?;
    let rows = table.column("sample")?.str()?.equal(frame);
    let rows = table.filter(&rows)?;
    let column = |name: &str| -> PolarsResult<Vec<f64>> {
        let column = rows.column(name)?.cast(&DataType::Float64)?;
        Ok(column.f64()?.iter().flatten().collect())
    };
    Ok(PairDistribution {
        r_angstrom: column("r_angstrom")?,
        g: column("g")?,
    })
}

/// The states of a run that the library carries, a row each.
///
/// # Errors
/// [`CarriedError`] if there is none.
pub fn carried_states(run: &'static str) -> Result<DataFrame, CarriedError> {
    let bytes = embedded_states(run).ok_or(CarriedError::NoRun { run })?;
    from_csv(bytes).map_err(|cause| CarriedError::Table { run, cause })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Origin, Sample};
    use super::*;

    #[test]
    fn every_simulated_frame_is_carried_with_the_tables_of_its_run() {
        for sample in Sample::all() {
            let (Sample::Simulated(frame), Origin::Embedded { file }) = (sample, sample.origin())
            else {
                continue;
            };
            assert!(embedded(file).is_some(), "{file}");
            assert!(embedded_pair_distributions(frame.run).is_some(), "{sample}");
            assert!(embedded_states(frame.run).is_some(), "{sample}");
        }
    }
}
