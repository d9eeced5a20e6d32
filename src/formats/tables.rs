//! Tables as CSV (comma separated, a header, floats with six significant digits) and as Parquet.

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::*;

/// Number of significant digits of a float in a table.
pub const SIGNIFICANT_DIGITS: usize = 6;

/// The table as CSV: a header line, one line per row, `\n` at the end of each.
///
/// Integers and text are written as they are, floats by [`format_significant`], what is missing
/// as an empty field.
///
/// # Errors
/// When the table holds a type that CSV cannot (a list, say).
pub fn to_csv(table: &DataFrame) -> PolarsResult<Vec<u8>> {
    let mut plain = table.clone();
    for column in table.columns() {
        if !matches!(column.dtype(), DataType::Float32 | DataType::Float64) {
            continue;
        }
        let wide = column.cast(&DataType::Float64)?;
        let text: Vec<Option<String>> = wide
            .f64()?
            .iter()
            .map(|value| value.map(format_significant))
            .collect();
        plain.with_column(Series::new(column.name().clone(), text).into_column())?;
    }
    let mut bytes = Vec::new();
    CsvWriter::new(&mut bytes).finish(&mut plain)?;
    Ok(bytes)
}

/// The table that a CSV text holds: a header line, one line per row.
///
/// # Errors
/// When it is no CSV.
pub fn from_csv(bytes: &[u8]) -> PolarsResult<DataFrame> {
    CsvReader::new(std::io::Cursor::new(bytes.to_vec())).finish()
}

/// The table that a CSV text holds, every field as the text that it is; an empty field is an empty
/// text, and an empty text a table without columns.
///
/// # Errors
/// When it is no CSV.
pub fn texts_of_csv(text: &str) -> PolarsResult<DataFrame> {
    if text.is_empty() {
        return Ok(DataFrame::empty());
    }
    let parse = CsvParseOptions::default().with_missing_is_null(false);
    CsvReadOptions::default()
        .with_infer_schema_length(Some(0))
        .with_parse_options(parse)
        .into_reader_with_file_handle(std::io::Cursor::new(text.to_owned().into_bytes()))
        .finish()
}

/// The table as a Parquet file (zstd); the same table gives the same bytes.
///
/// # Errors
/// When the table holds a type that Parquet cannot.
pub fn to_parquet(table: &DataFrame) -> PolarsResult<Vec<u8>> {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .with_compression(ParquetCompression::Zstd(None))
        .set_parallel(false)
        .finish(&mut table.clone())?;
    Ok(bytes)
}

/// A Parquet file (zstd) that is written table by table: each table is a group of rows.
pub struct ParquetParts<W: std::io::Write> {
    writer: Option<BatchedWriter<W>>,
    to: Option<W>,
}

impl<W: std::io::Write> ParquetParts<W> {
    /// A file without rows yet; the first table decides about the columns.
    pub fn new(to: W) -> ParquetParts<W> {
        ParquetParts {
            writer: None,
            to: Some(to),
        }
    }

    /// Adds the rows of a table.
    ///
    /// # Errors
    /// When the table has other columns than the first, holds a type that Parquet cannot, or cannot be
    /// written.
    pub fn add(&mut self, table: &DataFrame) -> PolarsResult<()> {
        if let Some(to) = self.to.take() {
            let options = ParquetWriter::new(to)
                .with_compression(ParquetCompression::Zstd(None))
                .set_parallel(false);
            self.writer = Some(options.batched(table.schema())?);
        }
        // Chunks that do not lie alike would make the writer panic.
        let mut aligned = table.clone();
        aligned.rechunk_mut();
        match &mut self.writer {
            Some(writer) => writer.write_batch(&aligned),
            None => Ok(()),
        }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> PolarsResult<()> {
        match self.writer {
            Some(writer) => writer.finish().map(drop),
            None => Ok(()),
        }
    }
}

/// The table of a Parquet file.
///
/// # Errors
/// When it is none, or a damaged one.
pub fn from_parquet(bytes: &[u8]) -> PolarsResult<DataFrame> {
    ParquetReader::new(std::io::Cursor::new(bytes.to_vec())).finish()
}

/// A float with six significant digits and no trailing zeros: `0.123457`, `116.565`, `3`,
/// `1.23457e-7`; scientific below 10⁻⁴ and from 10⁶ on.
pub fn format_significant(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return value.to_string();
    }
    let scientific = format!("{value:.*e}", SIGNIFICANT_DIGITS - 1);
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..SIGNIFICANT_DIGITS as i32).contains(&exponent) {
        let decimals = (SIGNIFICANT_DIGITS as i32 - 1 - exponent).max(0) as usize;
        trimmed(&format!("{value:.decimals$}")).to_owned()
    } else {
        format!("{}e{exponent}", trimmed(mantissa))
    }
}

fn trimmed(decimal: &str) -> &str {
    if decimal.contains('.') {
        decimal.trim_end_matches('0').trim_end_matches('.')
    } else {
        decimal
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use polars::df;

    #[test]
    fn floats_have_six_significant_digits() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (0.1 + 0.2, "0.3"),
            (0.123_456_789, "0.123457"),
            (116.565_051, "116.565"),
            (-116.565_051, "-116.565"),
            (1.234_567_89e-7, "1.23457e-7"),
            (0.000_123_456_789, "0.000123457"),
            (999_999.96, "1e6"),
            (0.999_999_9, "1"),
            (1_234_567.8, "1.23457e6"),
            (52_308.0, "52308"),
            (7_625_238.0, "7.62524e6"),
        ] {
            assert_eq!(format_significant(value), text);
        }
    }

    #[test]
    fn what_is_written_reads_back_to_six_digits() {
        for exponent in -12..12 {
            let value = 1.234_567_891 * 10_f64.powi(exponent);
            let back: f64 = format_significant(value).parse().unwrap();
            assert!((back / value - 1.0).abs() < 5e-6, "{value} became {back}");
        }
    }

    #[test]
    fn a_table_becomes_csv_with_plain_integers_and_empty_fields() {
        let table = df!(
            "sample" => ["ta_film", "pd, 1"],
            "n" => [12_u32, 5],
            "fraction" => [Some(1.0 / 3.0), None],
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(to_csv(&table).unwrap()).unwrap(),
            "sample,n,fraction\nta_film,12,0.333333\n\"pd, 1\",5,\n"
        );
    }
}
