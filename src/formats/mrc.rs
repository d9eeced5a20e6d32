//! The MRC2014 format of volumes and tilt series (Cheng et al., *J. Struct. Biol.* 192, 146, 2015):
//! a header of 1,024 bytes, then the voxels, x fastest.

use ndarray::{Array3, ArrayView3, Axis};

use super::error::FormatError;

/// Length of the header in bytes.
const HEADER: usize = 1024;
/// Voxels as 32-bit floats.
const MODE_F32: i32 = 2;
/// The version of the format.
const VERSION: i32 = 20140;

const NEGATIVE: FormatError = FormatError::Header("its header holds a negative length");

/// A volume with the axes x, y, z as a file, voxels in ångström (1 where `None`); `label` is a line
/// in the header, cut at 80 bytes.
pub fn to_mrc(volume: ArrayView3<'_, f32>, voxel_angstrom: Option<f64>, label: &str) -> Vec<u8> {
    let (nx, ny, nz) = volume.dim();
    let count = volume.len().max(1) as f64;
    let values = || volume.iter().map(|&value| f64::from(value));
    let mean = values().sum::<f64>() / count;
    let spread = (values().map(|v| (v - mean).powi(2)).sum::<f64>() / count).sqrt();
    let lowest = volume.iter().copied().fold(f32::INFINITY, f32::min);
    let highest = volume.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut header = [0_u8; HEADER];
    // Words are counted from 1, as in the definition of the format.
    let mut put =
        |word: usize, bytes: [u8; 4]| header[4 * (word - 1)..4 * word].copy_from_slice(&bytes);
    for (axis, length) in [nx, ny, nz].into_iter().enumerate() {
        put(1 + axis, (length as i32).to_le_bytes());
        put(8 + axis, (length as i32).to_le_bytes());
        let edge = voxel_angstrom.unwrap_or(1.0) * length as f64;
        put(11 + axis, (edge as f32).to_le_bytes());
        put(14 + axis, 90.0_f32.to_le_bytes());
        put(17 + axis, (axis as i32 + 1).to_le_bytes());
    }
    put(4, MODE_F32.to_le_bytes());
    put(20, lowest.to_le_bytes());
    put(21, highest.to_le_bytes());
    put(22, (mean as f32).to_le_bytes());
    // One volume.
    put(23, 1_i32.to_le_bytes());
    put(28, VERSION.to_le_bytes());
    put(53, *b"MAP ");
    put(54, [0x44, 0x44, 0, 0]);
    put(55, (spread as f32).to_le_bytes());
    put(56, 1_i32.to_le_bytes());
    let label: Vec<u8> = label.bytes().filter(u8::is_ascii).take(80).collect();
    header[224..304].fill(b' ');
    header[224..224 + label.len()].copy_from_slice(&label);
    let mut bytes = header.to_vec();
    bytes.reserve(4 * volume.len());
    for layer in volume.axis_iter(Axis(2)) {
        for line in layer.axis_iter(Axis(1)) {
            bytes.extend(line.iter().flat_map(|value| value.to_le_bytes()));
        }
    }
    bytes
}

/// Reads a file: the array by x, y and z (of a tilt series, by image).
///
/// # Errors
/// [`FormatError`], what is wrong with it.
pub fn from_mrc(bytes: &[u8]) -> Result<Array3<f32>, FormatError> {
    let Some((header, rest)) = bytes.split_at_checked(HEADER) else {
        return Err(FormatError::Short {
            found: bytes.len(),
            header: HEADER,
        });
    };
    if &header[208..211] != b"MAP" {
        return Err(FormatError::Header(
            "it lacks the word MAP of an MRC2014 file",
        ));
    }
    let big = header[212] == 0x11;
    let word = |number: usize| {
        let at = 4 * (number - 1);
        let word = [header[at], header[at + 1], header[at + 2], header[at + 3]];
        if big {
            i32::from_be_bytes(word)
        } else {
            i32::from_le_bytes(word)
        }
    };
    let length = |number: usize| usize::try_from(word(number)).map_err(|_| NEGATIVE);
    let shape = [length(1)?, length(2)?, length(3)?];
    if shape.contains(&0) {
        return Err(FormatError::Empty {
            lengths: shape,
            of: "voxels",
        });
    }
    // Many programs leave the order of the axes zero, and mean the usual one.
    if !matches!([word(17), word(18), word(19)], [1, 2, 3] | [0, 0, 0]) {
        return Err(FormatError::Unsupported(
            "its axes are not stored in the order x, y, z".to_owned(),
        ));
    }
    let extra = length(24)?;
    let data = rest.get(extra..).unwrap_or_default();
    let ordered = |chunk: &[u8]| {
        let mut value = [0; 4];
        for (place, &byte) in value.iter_mut().zip(chunk) {
            *place = byte;
        }
        if big {
            value[..chunk.len()].reverse();
        }
        value
    };
    let decode: (usize, fn([u8; 4]) -> f32) = match word(4) {
        0 => (1, |b| f32::from(b[0] as i8)),
        1 => (2, |b| f32::from(i16::from_le_bytes([b[0], b[1]]))),
        MODE_F32 => (4, f32::from_le_bytes),
        6 => (2, |b| f32::from(u16::from_le_bytes([b[0], b[1]]))),
        mode => {
            return Err(FormatError::Unsupported(format!(
                "its mode is {mode}; 0, 1, 2 and 6 are read (integers of 1 and 2 bytes, floats of 4)"
            )));
        }
    };
    let count = shape
        .iter()
        .try_fold(decode.0, |product, &length| product.checked_mul(length));
    let Some(data) = count.and_then(|count| data.get(..count)) else {
        return Err(FormatError::Truncated {
            lengths: shape,
            of: "voxels",
            size: decode.0,
            found: data.len(),
        });
    };
    let values = data
        .chunks_exact(decode.0)
        .map(|chunk| decode.1(ordered(chunk)));
    let stored = Array3::from_shape_vec([shape[2], shape[1], shape[0]], values.collect())?;
    Ok(stored.permuted_axes([2, 1, 0]))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn volume() -> Array3<f32> {
        Array3::from_shape_fn((3, 2, 4), |(x, y, z)| {
            x as f32 + 10.0 * y as f32 + 100.0 * z as f32
        })
    }

    #[test]
    fn what_is_written_is_read_and_x_runs_fastest() {
        let bytes = to_mrc(volume().view(), Some(0.5), "a volume");
        assert_eq!(bytes.len(), 1024 + 4 * 24);
        assert_eq!(bytes[1024 + 4..1024 + 8], 1.0_f32.to_le_bytes());
        assert_eq!(bytes[40..44], 1.5_f32.to_le_bytes());
        assert_eq!(&bytes[224..232], b"a volume");
        assert_eq!(from_mrc(&bytes).unwrap(), volume());
    }

    #[test]
    fn integers_and_the_other_byte_order_are_read() {
        let mut bytes = to_mrc(volume().view(), None, "");
        bytes.truncate(1024);
        bytes[12..16].copy_from_slice(&1_i32.to_le_bytes());
        bytes.extend((0..24_i16).flat_map(|value| (value - 5).to_le_bytes()));
        assert_eq!(from_mrc(&bytes).unwrap()[[1, 1, 0]], -1.0);
        let mut turned = bytes.clone();
        for word in turned[..208].chunks_exact_mut(4) {
            word.reverse();
        }
        turned[212] = 0x11;
        for value in turned[1024..].chunks_exact_mut(2) {
            value.reverse();
        }
        assert_eq!(from_mrc(&turned).unwrap(), from_mrc(&bytes).unwrap());
    }

    #[test]
    fn axes_that_are_not_named_are_x_y_z_and_others_are_refused() {
        let mut bytes = to_mrc(volume().view(), None, "");
        bytes[64..76].fill(0);
        assert_eq!(from_mrc(&bytes).unwrap(), volume());
        for (at, axis) in [(64, 2), (68, 1), (72, 3)] {
            bytes[at] = axis;
            let refusal = from_mrc(&bytes).unwrap_err().to_string();
            assert!(refusal.contains("order x, y, z"), "{refusal}");
        }
    }

    #[test]
    fn damaged_files_are_told_apart() {
        let bytes = to_mrc(volume().view(), None, "");
        let refusal = |bytes: &[u8]| from_mrc(bytes).unwrap_err().to_string();
        assert!(refusal(&bytes[..1000]).starts_with("it has 1000 bytes"));
        assert!(refusal(&bytes[..1100]).contains("ends after 76 bytes"));
        assert!(refusal(&[0; 2000]).contains("MAP"));
        let mut mode = bytes.clone();
        mode[12] = 4;
        assert!(refusal(&mode).starts_with("its mode is 4"));
        let mut huge = bytes;
        huge[0..12].fill(0x7f);
        assert!(refusal(&huge).starts_with("it announces"));
        huge[0..4].fill(0);
        let none = "it announces 0 × 2139062143 × 2139062143 voxels, which is none";
        assert_eq!(refusal(&huge), none);
    }
}
