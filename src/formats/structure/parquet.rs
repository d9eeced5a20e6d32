//! Parquet: one row for each atom, its coordinates in columns.
//!
//! | columns | hold |
//! |---|---|
//! | `x`, `y`, `z`, or the same with `_angstrom` behind or `position_` before | the position in ångström |
//! | `species`, `element` or `symbol` | the symbol of the element |
//! | `type` | the type, a whole number |
//! | `frame` | the number of the frame; the rows of a frame stand together |
//!
//! The project's own snapshots also state the box and the element, in the metadata of the file.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::*;
use serde::Deserialize;

use crate::atoms::{Element, Vec3};
use crate::formats::seal::{self, Seal};

use super::error::{StructureError, repeated};
use super::format::Format;
use super::frame::{Kinds, ReadStructure, Structure, StructureCell};
use super::parquet_pages::are_sound;

/// The key under which a snapshot of the project holds its metadata.
pub(crate) const SNAPSHOT_KEY: &str = "amorphous_packing.snapshot";

/// The names of a coordinate: what stands before and behind `x`, `y`, `z`.
const COORDINATES: [(&str, &str); 3] = [("", ""), ("", "_angstrom"), ("position_", "")];
const SYMBOLS: [&str; 3] = ["species", "element", "symbol"];
const TYPE: &str = "type";
const FRAME: &str = "frame";
/// No file holds more rows than this for each of its bytes, except small ones.
const MOST_ROWS_PER_BYTE: usize = 64;
const MOST_ROWS_OF_FEW: usize = 10_000_000;

/// The frames of a table.
pub(super) struct Parquet {
    positions: Vec<Vec3>,
    kinds: Kinds,
    /// The number of each frame, and the row that follows its last.
    frames: Vec<(Option<i64>, usize)>,
    /// The frame that comes next, and its first row.
    next: usize,
    row: usize,
    snapshot: Option<Snapshot>,
}

/// What the metadata of a snapshot say.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Snapshot {
    element: Element,
    box_angstrom: [f64; 3],
}

impl Parquet {
    /// Decodes a file. The decoder trusts what it reads and may panic over damaged bytes; that ends
    /// here.
    pub(super) fn new(bytes: Vec<u8>) -> Result<Parquet, StructureError> {
        const MAGIC: &[u8] = b"PAR1";
        let ends = bytes.ends_with(MAGIC) && bytes.len() >= 3 * MAGIC.len();
        if !bytes.starts_with(MAGIC) {
            return Err(undecoded("it does not begin like one"));
        }
        if !ends {
            return Err(undecoded("its end is missing"));
        }
        if seal::check(&bytes) == Seal::Broken {
            return Err(undecoded("its checksum does not fit"));
        }
        let decoded = catch_unwind(AssertUnwindSafe(|| decode(bytes)));
        decoded.unwrap_or_else(|_| Err(undecoded("its decoder gave up")))
    }
}

fn undecoded(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StructureError {
    StructureError::Undecoded {
        format: Format::Parquet,
        cause: cause.into(),
    }
}

/// Which columns hold what.
struct Columns {
    position: [String; 3],
    symbol: Option<String>,
    number: Option<String>,
    frame: Option<String>,
}

impl Columns {
    fn of(names: &[String]) -> Result<Columns, StructureError> {
        let there = |name: &str| names.iter().any(|known| known == name);
        let forms = COORDINATES
            .iter()
            .map(|(before, behind)| ["x", "y", "z"].map(|axis| format!("{before}{axis}{behind}")));
        let position = forms
            .into_iter()
            .find(|form| form.iter().all(|name| there(name)));
        let position = position.ok_or_else(|| {
            let listed = repeated(&names.join(", "));
            StructureError::Content(format!(
                "it holds no columns x, y and z (or x_angstrom …, position_x …), but {listed}"
            ))
        })?;
        let named = |name: &&str| there(name);
        let owned = |name: &str| name.to_owned();
        Ok(Columns {
            position,
            symbol: SYMBOLS.into_iter().find(named).map(owned),
            number: Some(TYPE).filter(named).map(owned),
            frame: Some(FRAME).filter(named).map(owned),
        })
    }

    fn all(&self) -> Vec<String> {
        let others = [&self.symbol, &self.number, &self.frame];
        let others = others.into_iter().flatten();
        self.position.iter().chain(others).cloned().collect()
    }
}

fn decode(bytes: Vec<u8>) -> Result<Parquet, StructureError> {
    let mut reader = ParquetReader::new(Cursor::new(&bytes));
    let metadata = reader.get_metadata().map_err(undecoded)?.clone();
    check_numbers(&metadata, &bytes)?;
    let mut pairs = metadata.key_value_metadata().iter().flatten();
    let snapshot = pairs.find(|pair| pair.key == SNAPSHOT_KEY);
    let snapshot: Option<Snapshot> = match snapshot.and_then(|pair| pair.value.as_deref()) {
        Some(json) => Some(serde_json::from_str(json).map_err(undecoded)?),
        None => None,
    };
    let schema = reader.schema().map_err(undecoded)?;
    let names: Vec<String> = schema.iter_names().map(|name| name.to_string()).collect();
    let columns = Columns::of(&names)?;
    let table = reader
        .with_columns(Some(columns.all()))
        .finish()
        .map_err(undecoded)?;
    let coordinate = |axis: usize| reals(&table, &columns.position[axis]);
    let (x, y, z) = (coordinate(0)?, coordinate(1)?, coordinate(2)?);
    let positions = x.into_iter().zip(y).zip(z);
    let positions: Vec<Vec3> = positions.map(|((x, y), z)| Vec3::new(x, y, z)).collect();
    let kinds = kinds(&table, &columns, snapshot)?;
    let frames = match &columns.frame {
        Some(name) => frames(&table, name)?,
        None => vec![(None, positions.len())],
    };
    let known = match &kinds {
        Kinds::Elements(elements) => elements.len(),
        Kinds::Types(types) => types.len(),
        Kinds::Unknown => positions.len(),
    };
    let numbered = frames.last().map_or(0, |(_, end)| *end);
    // The decoder does not see to it.
    if [positions.len(), known, numbered] != [metadata.num_rows; 3] {
        return Err(undecoded("its columns have different lengths"));
    }
    Ok(Parquet {
        positions,
        kinds,
        frames,
        next: 0,
        row: 0,
        snapshot,
    })
}

/// That the numbers of the footer agree with each other and with the size of the file. The decoder
/// allocates what they say, and a process ends that allocates too much.
fn check_numbers(metadata: &FileMetadata, bytes: &[u8]) -> Result<(), StructureError> {
    let length = bytes.len();
    let most = MOST_ROWS_OF_FEW.max(MOST_ROWS_PER_BYTE.saturating_mul(length));
    if metadata.num_rows > most || u32::try_from(metadata.num_rows).is_err() {
        return Err(StructureError::Content(format!(
            "it announces {} rows in {length} bytes, which cannot be; get or make it again",
            metadata.num_rows
        )));
    }
    let groups = &metadata.row_groups;
    let rows = groups
        .iter()
        .fold(0_usize, |sum, group| sum.saturating_add(group.num_rows()));
    let whole = groups.iter().all(|group| {
        group.parquet_columns().iter().all(|column| {
            let range = column.byte_range();
            let range = range.start as usize..range.end as usize;
            column.num_values() >= 0
                && column.num_values() as usize == group.num_rows()
                && bytes
                    .get(range)
                    .is_some_and(|pages| are_sound(pages, group.num_rows() as u64))
        })
    });
    // A nested column, a list say, has more values than rows; it is no column of ours.
    match whole && rows == metadata.num_rows {
        true => Ok(()),
        false => Err(undecoded(
            "its pages contradict its footer, or it has columns of lists",
        )),
    }
}

/// A column without empty places, as another type of numbers.
fn cast(table: &DataFrame, name: &str, to: &DataType) -> Result<Column, StructureError> {
    let column = table.column(name).map_err(undecoded)?;
    let wrong = |_| {
        StructureError::Content(format!(
            "its column '{name}' holds {}, which cannot be read as {to}",
            column.dtype()
        ))
    };
    let numbers = match (column.dtype(), to) {
        (DataType::String, DataType::Float64 | DataType::Int64) => Err(()),
        _ => column.strict_cast(to).map_err(|_| ()),
    };
    let numbers = numbers.map_err(wrong)?;
    match numbers.null_count() {
        0 => Ok(numbers),
        empty => Err(StructureError::Content(format!(
            "its column '{name}' has {empty} empty places; each atom needs a value"
        ))),
    }
}

fn reals(table: &DataFrame, name: &str) -> Result<Vec<f64>, StructureError> {
    let column = cast(table, name, &DataType::Float64)?;
    let values: Vec<f64> = column
        .f64()
        .map_err(undecoded)?
        .into_no_null_iter()
        .collect();
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(values),
        Some(row) => Err(StructureError::Content(format!(
            "its column '{name}' holds {} in row {} (counted from 1), which is not a finite number",
            values[row],
            row + 1
        ))),
    }
}

fn integers(table: &DataFrame, name: &str) -> Result<Vec<i64>, StructureError> {
    let column = cast(table, name, &DataType::Int64)?;
    Ok(column
        .i64()
        .map_err(undecoded)?
        .into_no_null_iter()
        .collect())
}

fn kinds(
    table: &DataFrame,
    columns: &Columns,
    snapshot: Option<Snapshot>,
) -> Result<Kinds, StructureError> {
    if let Some(name) = &columns.symbol {
        let column = cast(table, name, &DataType::String)?;
        let words = column.str().map_err(undecoded)?.iter().enumerate();
        let element = |(row, word): (usize, Option<&str>)| {
            let word = word.unwrap_or_default();
            Element::from_symbol(word.trim()).ok_or_else(|| {
                StructureError::Content(format!(
                    "its column '{name}' holds '{}' in row {} (counted from 1), which is not the \
                     symbol of a chemical element",
                    repeated(word),
                    row + 1
                ))
            })
        };
        let elements: Result<Vec<Element>, _> = words.map(element).collect();
        return elements.map(Kinds::Elements);
    }
    if let Some(name) = &columns.number {
        let numbers = integers(table, name)?.into_iter();
        let types: Option<Vec<u32>> = numbers.map(|number| u32::try_from(number).ok()).collect();
        return types.map(Kinds::Types).ok_or_else(|| {
            StructureError::Content(format!(
                "its column '{name}' holds a number that is no type"
            ))
        });
    }
    Ok(match snapshot {
        Some(snapshot) => Kinds::Elements(vec![snapshot.element; table.height()]),
        None => Kinds::Unknown,
    })
}

/// The frames: rows of one number that stand together.
fn frames(table: &DataFrame, name: &str) -> Result<Vec<(Option<i64>, usize)>, StructureError> {
    let numbers = integers(table, name)?;
    let runs = numbers.chunk_by(|a, b| a == b);
    let mut end = 0;
    let mut frames: Vec<(Option<i64>, usize)> = Vec::new();
    for run in runs {
        end += run.len();
        frames.push((run.first().copied(), end));
    }
    let mut sorted: Vec<Option<i64>> = frames.iter().map(|(number, _)| *number).collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(StructureError::Content(format!(
            "the rows of frame {} do not stand together; sort the table by '{name}'",
            pair[0].unwrap_or_default()
        ))),
        None => Ok(frames),
    }
}

impl ReadStructure for Parquet {
    fn next_frame(&mut self) -> Result<Option<Structure>, StructureError> {
        let Some(&(number, end)) = self.frames.get(self.next).filter(|(_, end)| *end > 0) else {
            return Ok(None);
        };
        let rows = self.row..end;
        (self.next, self.row) = (self.next + 1, end);
        Ok(Some(Structure {
            positions: self.positions[rows.clone()].to_vec(),
            kinds: match &self.kinds {
                Kinds::Elements(elements) => Kinds::Elements(elements[rows].to_vec()),
                Kinds::Types(types) => Kinds::Types(types[rows].to_vec()),
                Kinds::Unknown => Kinds::Unknown,
            },
            cell: self.snapshot.map(|snapshot| {
                let [x, y, z] = snapshot.box_angstrom;
                StructureCell::repeated([x * Vec3::X, y * Vec3::Y, z * Vec3::Z])
            }),
            step: number.and_then(|number| u64::try_from(number).ok()),
            ..Structure::default()
        }))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use crate::formats::tables::to_parquet;
    use polars::df;

    fn read(table: &DataFrame) -> Result<Vec<Structure>, StructureError> {
        let mut parquet = Parquet::new(to_parquet(table).unwrap())?;
        let mut all = Vec::new();
        while let Some(frame) = parquet.next_frame()? {
            all.push(frame);
        }
        Ok(all)
    }

    #[test]
    fn columns_are_found_by_their_names() {
        let table = df!(
            "note" => ["a", "b", "c"],
            "z_angstrom" => [3_i32, 6, 9],
            "x_angstrom" => [1.0_f32, 4.0, 7.0],
            "y_angstrom" => [2.0, 5.0, 8.0],
            "frame" => [10_u8, 10, 20],
            "element" => ["Cu", "zr", "Cu"],
        );
        let frames = read(&table.unwrap()).unwrap();
        assert_eq!(frames.len(), 2);
        assert_eq!(
            frames[0].positions,
            [[1., 2., 3.], [4., 5., 6.]].map(Vec3::from)
        );
        assert_eq!(
            frames[0].kinds,
            Kinds::Elements(vec![Element::Cu, Element::Zr])
        );
        assert_eq!((frames[1].step, frames[1].cell), (Some(20), None));
        let table = df!("x" => [1.0], "y" => [2.0], "z" => [3.0], "type" => [2_i64]);
        assert_eq!(
            read(&table.unwrap()).unwrap()[0].kinds,
            Kinds::Types(vec![2])
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        let refusal =
            |table: PolarsResult<DataFrame>| read(&table.unwrap()).unwrap_err().to_string();
        let (one, two) = ([1.0, 2.0], [3.0, 4.0]);
        for (message, said) in [
            (
                refusal(df!("x" => one, "y" => two)),
                "it holds no columns x, y and z",
            ),
            (
                refusal(df!("x" => one, "y" => two, "z" => [Some(1.0), None])),
                "column 'z' has 1 empty places",
            ),
            (
                refusal(df!("x" => one, "y" => two, "z" => [1.0, f64::NAN])),
                "column 'z' holds NaN in row 2",
            ),
            (
                refusal(df!("x" => one, "y" => two, "z" => ["1", "2"])),
                "column 'z' holds str, which cannot be read as f64",
            ),
            (
                refusal(df!("x" => one, "y" => two, "z" => one, "species" => ["Cu", "Qq"])),
                "column 'species' holds 'Qq' in row 2",
            ),
            (
                refusal(df!("x" => one, "y" => two, "z" => one, "type" => [1, -1])),
                "column 'type' holds a number that is no type",
            ),
            (
                refusal(df!(
                    "x" => [1.0, 2.0, 3.0], "y" => [1.0, 2.0, 3.0], "z" => [1.0, 2.0, 3.0],
                    "frame" => [1, 2, 1]
                )),
                "the rows of frame 1 do not stand together",
            ),
        ] {
            assert!(message.contains(said), "{message}");
        }
    }

    #[test]
    fn damage_never_escapes() {
        let table = df!("x" => [1.0, 2.0], "y" => [1.0, 2.0], "z" => [1.0, 2.0], "type" => [1, 2]);
        let whole = to_parquet(&table.unwrap()).unwrap();
        // Every byte once, in three ways: an error or numbers, never a panic.
        std::panic::set_hook(Box::new(|_| {}));
        for place in 0..whole.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut damaged = whole.clone();
                damaged[place] ^= change;
                if let Ok(mut read) = Parquet::new(damaged) {
                    let _ = read.next_frame();
                }
            }
            let _ = Parquet::new(whole[..place].to_vec());
        }
        let _ = std::panic::take_hook();
    }
}
