//! The user's own tilt series: images as MRC, TIFF or NumPy files, angles as CSV.

use std::fs;
use std::io;
use std::path::Path;

use ndarray::Array3;

use crate::aet::TiltAngles;
use crate::formats::FormatError;
use crate::formats::mrc::from_mrc;
use crate::formats::npy::from_npy;
use crate::formats::tiff::from_tiff;

/// Why a tilt series cannot be read. Each names the file.
#[derive(Debug, thiserror::Error)]
pub enum SeriesError {
    /// The file cannot be read.
    #[error("'{file}' cannot be read")]
    Unreadable {
        /// Path as given.
        file: String,
        /// What the operating system says.
        #[source]
        cause: io::Error,
    },
    /// The name ends in no format that is read here.
    #[error("the format of '{file}' is not known; images are read from .mrc, .tif and .npy files")]
    UnknownFormat {
        /// Path as given.
        file: String,
    },
    /// The name ends in no format of volumes.
    #[error("the format of '{file}' is not known; volumes are read from .mrc and .npy files")]
    UnknownVolume {
        /// Path as given.
        file: String,
    },
    /// The content is not what the name says.
    #[error("'{file}' cannot be used")]
    Malformed {
        /// Path as given.
        file: String,
        /// What is wrong with it.
        #[source]
        cause: FormatError,
    },
    /// A line of the angles is none.
    #[error(
        "'{file}', line {line}: '{text}' should be three angles in degrees (phi, theta, psi), or theta alone"
    )]
    Angles {
        /// Path as given.
        file: String,
        /// Number of the line, from 1.
        line: usize,
        /// What stands there.
        text: String,
    },
}

/// Reads images by angle, x and y.
///
/// `.mrc` (also `.st`, `.ali`, `.mrcs`): x and y are the first two axes, the images the third;
/// `.tif`, `.tiff`: one page per image, x from left to right, y from the top; `.npy`: an array by
/// image, x and y.
///
/// # Errors
/// [`SeriesError`].
pub fn read_images(path: &Path) -> Result<Array3<f32>, SeriesError> {
    images_of(path, &read_file(path)?)
}

/// The images that [`read_images`] reads, from the content of the file.
///
/// # Errors
/// [`SeriesError`].
pub fn images_of(path: &Path, bytes: &[u8]) -> Result<Array3<f32>, SeriesError> {
    let file = path.display().to_string();
    let decode: fn(&[u8]) -> Result<Array3<f32>, FormatError> = match extension(path).as_deref() {
        Some("mrc" | "mrcs" | "st" | "ali") => |bytes| Ok(by_image(from_mrc(bytes)?)),
        Some("tif" | "tiff") => from_tiff,
        Some("npy") => from_npy,
        _ => return Err(SeriesError::UnknownFormat { file }),
    };
    decode(bytes).map_err(|cause| SeriesError::Malformed { file, cause })
}

/// Reads a volume with the axes x, y, z: an `.mrc` file, or an array of those axes as `.npy`.
///
/// # Errors
/// [`SeriesError`].
pub fn read_volume(path: &Path) -> Result<Array3<f32>, SeriesError> {
    volume_of(path, &read_file(path)?)
}

/// The volume that [`read_volume`] reads, from the content of the file.
///
/// # Errors
/// [`SeriesError`].
pub fn volume_of(path: &Path, bytes: &[u8]) -> Result<Array3<f32>, SeriesError> {
    let file = path.display().to_string();
    let decode: fn(&[u8]) -> Result<Array3<f32>, FormatError> = match extension(path).as_deref() {
        Some("mrc" | "map" | "rec") => from_mrc,
        Some("npy") => from_npy,
        _ => return Err(SeriesError::UnknownVolume { file }),
    };
    decode(bytes).map_err(|cause| SeriesError::Malformed { file, cause })
}

/// The content of a file of the user, for [`images_of`] and its like: what is hashed and what is
/// decoded are then the same bytes.
///
/// # Errors
/// [`SeriesError::Unreadable`].
pub fn read_file(path: &Path) -> Result<Vec<u8>, SeriesError> {
    fs::read(path).map_err(|cause| SeriesError::Unreadable {
        file: path.display().to_string(),
        cause,
    })
}

fn extension(path: &Path) -> Option<String> {
    path.extension().map(|e| e.to_string_lossy().to_lowercase())
}

/// A stack by x, y and image, by image, x and y.
pub(super) fn by_image(stack: Array3<f32>) -> Array3<f32> {
    let turned = stack.permuted_axes([2, 0, 1]);
    turned.as_standard_layout().into_owned()
}

/// Reads angles in degrees: a line for each image, three columns phi, theta, psi or one column
/// theta, separated by commas or blanks; a first line that holds no number is a header.
///
/// # Errors
/// [`SeriesError`].
pub fn read_angles(path: &Path) -> Result<Vec<TiltAngles>, SeriesError> {
    angles_of(path, &read_file(path)?)
}

/// The angles that [`read_angles`] reads, from the content of the file.
///
/// # Errors
/// [`SeriesError`].
pub fn angles_of(path: &Path, bytes: &[u8]) -> Result<Vec<TiltAngles>, SeriesError> {
    let file = path.display().to_string();
    let text = str::from_utf8(bytes).map_err(|cause| SeriesError::Unreadable {
        file: file.clone(),
        cause: io::Error::new(io::ErrorKind::InvalidData, cause),
    })?;
    parse_angles(text).map_err(|(line, text)| SeriesError::Angles { file, line, text })
}

/// The angles, or the number and the text of the first line that is wrong.
fn parse_angles(text: &str) -> Result<Vec<TiltAngles>, (usize, String)> {
    let mut angles = Vec::new();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let fields: Vec<&str> = line
            .split(|c: char| c == ',' || c == ';' || c.is_whitespace())
            .filter(|field| !field.is_empty())
            .collect();
        let numbers: Vec<Option<f64>> = fields.iter().map(|field| field.parse().ok()).collect();
        match numbers[..] {
            [] => {}
            [Some(theta_deg)] => angles.push(TiltAngles::tilt(theta_deg)),
            [Some(phi_deg), Some(theta_deg), Some(psi_deg)] => angles.push(TiltAngles {
                phi_deg,
                theta_deg,
                psi_deg,
            }),
            _ if angles.is_empty() && numbers.iter().all(Option::is_none) => {}
            _ => return Err((number, line.trim().to_owned())),
        }
    }
    Ok(angles)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn angles_have_one_column_or_three_and_may_have_a_header() {
        let three = parse_angles("phi,theta,psi\n0.2, -63, 0\n\n-0.2,1e1,0.4\n").unwrap();
        assert_eq!(three.len(), 2);
        assert_eq!((three[0].theta_deg, three[1].psi_deg), (-63.0, 0.4));
        let one = parse_angles("-60\n-57.5\r\n0\n").unwrap();
        assert_eq!(one[1], TiltAngles::tilt(-57.5));
        assert_eq!(parse_angles("1\n2,3\n"), Err((2, "2,3".to_owned())));
        assert_eq!(parse_angles("1\nx\n"), Err((2, "x".to_owned())));
    }

    #[test]
    fn a_format_is_known_by_its_name_and_a_wrong_content_named() {
        let directory = tempfile::tempdir().unwrap();
        let refusal = |name: &str| {
            let path = directory.path().join(name);
            fs::write(&path, b"nothing").unwrap();
            let error = read_images(&path).unwrap_err();
            let cause = error.source().map(ToString::to_string);
            format!("{error}: {}", cause.unwrap_or_default())
        };
        assert!(refusal("series.dm3").contains("is not known; images are read from .mrc"));
        assert!(refusal("series.mrc").contains("cannot be used: it has 7 bytes"));
        assert!(refusal("series.npy").contains("cannot be used: it does not begin"));
        assert!(refusal("series.TIF").contains("cannot be used"));
        let absent = read_images(&directory.path().join("none.mrc")).unwrap_err();
        assert!(absent.to_string().contains("cannot be read"));
    }
}
