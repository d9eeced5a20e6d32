//! NumPy's format of one array (NEP 1, version 1.0): a header in the syntax of Python, then the
//! numbers.

use ndarray::{Array3, ArrayView3, ShapeBuilder};

use super::error::FormatError;

/// What a file begins with.
const MAGIC: &[u8] = b"\x93NUMPY";
/// The numbers begin at a multiple of this.
const ALIGNMENT: usize = 64;

const MALFORMED: FormatError = FormatError::Header("its header is not that of an .npy file");

/// An array as a file: 32-bit floats, little-endian, in C order.
pub fn to_npy(array: ArrayView3<'_, f32>) -> Vec<u8> {
    let (a, b, c) = array.dim();
    let mut header =
        format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({a}, {b}, {c}), }}");
    let before = MAGIC.len() + 4;
    let padding = (before + header.len() + 1).next_multiple_of(ALIGNMENT);
    header.push_str(&" ".repeat(padding - before - header.len() - 1));
    header.push('\n');
    let mut bytes = [MAGIC, &[1, 0], &(header.len() as u16).to_le_bytes()].concat();
    bytes.extend(header.as_bytes());
    bytes.extend(array.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

/// Reads an array of three dimensions of real numbers.
///
/// # Errors
/// [`FormatError`], what is wrong with it.
pub fn from_npy(bytes: &[u8]) -> Result<Array3<f32>, FormatError> {
    let (header, data) =
        split(bytes).ok_or(FormatError::Header("it does not begin as an .npy file"))?;
    let field = |name: &str| {
        let rest = header.split_once(&format!("'{name}':"))?.1;
        Some(rest.trim_start())
    };
    let quoted = field("descr").ok_or(MALFORMED)?;
    let descr = quoted.split('\'').nth(1).ok_or(MALFORMED)?;
    let fortran = field("fortran_order").ok_or(MALFORMED)?.starts_with("True");
    let shape = field("shape").ok_or(MALFORMED)?;
    let shape = shape
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
        .ok_or(MALFORMED)?
        .0;
    let lengths: Vec<usize> = shape
        .split(',')
        .map(str::trim)
        .filter(|length| !length.is_empty())
        .map(|length| length.parse().map_err(|_| MALFORMED))
        .collect::<Result<_, _>>()?;
    let [a, b, c] = lengths[..] else {
        return Err(FormatError::Unsupported(format!(
            "its shape is ({shape}); three lengths are needed"
        )));
    };
    if lengths.contains(&0) {
        return Err(FormatError::Empty {
            lengths: [a, b, c],
            of: "numbers",
        });
    }
    let (size, decode) = number_of(descr).ok_or_else(|| {
        FormatError::Unsupported(format!(
            "its numbers are of type '{descr}'; real numbers are read"
        ))
    })?;
    let count = [a, b, c]
        .iter()
        .try_fold(size, |product, &length| product.checked_mul(length));
    let Some(data) = count.and_then(|count| data.get(..count)) else {
        return Err(FormatError::Truncated {
            lengths: [a, b, c],
            of: "numbers",
            size,
            found: data.len(),
        });
    };
    let big = descr.starts_with('>');
    let values = data.chunks_exact(size).map(|chunk| {
        let mut number = [0; 8];
        number[..size].copy_from_slice(chunk);
        if big {
            number[..size].reverse();
        }
        decode(number)
    });
    let order = (a, b, c).set_f(fortran);
    Ok(Array3::from_shape_vec(order, values.collect())?)
}

/// The header and the numbers.
fn split(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (length, rest) = match rest {
        [1, _, a, b, rest @ ..] => (u32::from(u16::from_le_bytes([*a, *b])), rest),
        [2 | 3, _, a, b, c, d, rest @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]), rest),
        _ => return None,
    };
    let (header, data) = rest.split_at_checked(length as usize)?;
    Some((std::str::from_utf8(header).ok()?, data))
}

type Decode = fn([u8; 8]) -> f32;

/// Bytes of a number, and how a little-endian one is read.
fn number_of(descr: &str) -> Option<(usize, Decode)> {
    Some(match descr.trim_start_matches(['<', '>', '|', '=']) {
        "f4" => (4, |b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])),
        "f8" => (8, |b| f64::from_le_bytes(b) as f32),
        "u1" | "b1" => (1, |b| f32::from(b[0])),
        "i1" => (1, |b| f32::from(b[0] as i8)),
        "u2" => (2, |b| f32::from(u16::from_le_bytes([b[0], b[1]]))),
        "i2" => (2, |b| f32::from(i16::from_le_bytes([b[0], b[1]]))),
        "u4" => (4, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as f32),
        "i4" => (4, |b| i32::from_le_bytes([b[0], b[1], b[2], b[3]]) as f32),
        "u8" => (8, |b| u64::from_le_bytes(b) as f32),
        "i8" => (8, |b| i64::from_le_bytes(b) as f32),
        _ => return None,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn array() -> Array3<f32> {
        Array3::from_shape_fn((2, 3, 4), |(a, b, c)| {
            a as f32 - 10.0 * b as f32 + 0.5 * c as f32
        })
    }

    /// A file of version 1.0 with this header.
    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        let mut bytes = [MAGIC, &[1, 0], &(header.len() as u16).to_le_bytes()].concat();
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn what_is_written_is_read_in_either_order() {
        let bytes = to_npy(array().view());
        assert_eq!((bytes.len() - 4 * 24) % ALIGNMENT, 0);
        assert_eq!(from_npy(&bytes).unwrap(), array());
        let turned = array().reversed_axes();
        assert_eq!(from_npy(&to_npy(turned.view())).unwrap(), turned);
    }

    #[test]
    fn other_numbers_and_orders_are_read() {
        let numbers: Vec<u8> = [1_i16, 2, 3, -4]
            .iter()
            .flat_map(|n| n.to_be_bytes())
            .collect();
        let header = "{'descr': '>i2', 'fortran_order': True, 'shape': (1, 2, 2), }\n";
        let found = from_npy(&file(header, &numbers)).unwrap();
        assert_eq!(
            (found[[0, 1, 0]], found[[0, 0, 1]], found[[0, 1, 1]]),
            (2.0, 3.0, -4.0)
        );
    }

    #[test]
    fn damaged_files_are_told_apart() {
        let refusal = |bytes: &[u8]| from_npy(bytes).unwrap_err().to_string();
        assert!(refusal(b"PK").starts_with("it does not begin"));
        let bytes = to_npy(array().view());
        assert!(refusal(&bytes[..bytes.len() - 1]).contains("ends after 95 bytes"));
        let flat = "{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }\n";
        assert!(refusal(&file(flat, &[0; 24])).contains("three lengths"));
        let complex = "{'descr': '<c8', 'fortran_order': False, 'shape': (1, 1, 1), }\n";
        assert!(refusal(&file(complex, &[0; 8])).contains("'<c8'"));
        let huge =
            "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 9999999999, 9), }";
        assert!(refusal(&file(huge, &[])).starts_with("it announces"));
        let none = "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 0, 9), }";
        let said = "it announces 9999999999 × 0 × 9 numbers, which is none";
        assert_eq!(refusal(&file(none, &[])), said);
    }
}
