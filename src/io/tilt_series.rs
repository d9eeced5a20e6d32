//! The user's own tilt series: images as MRC, TIFF or NumPy files, angles as CSV.

use std::fs;
use std::io::{self, Cursor};
use std::path::Path;

use ndarray::Array3;
use tiff::decoder::{Decoder, DecodingResult};

use super::mrc::from_mrc;
use super::npy::from_npy;
use crate::aet::TiltAngles;

/// Why a tilt series cannot be read. Each is one sentence that names the file.
#[derive(Debug, thiserror::Error)]
pub enum SeriesError {
    /// The file cannot be read.
    #[error("'{file}' cannot be read ({cause})")]
    Unreadable {
        /// Path as given.
        file: String,
        /// What the operating system says.
        cause: io::Error,
    },
    /// The name ends in no format that is read here.
    #[error("the format of '{file}' is not known; images are read from .mrc, .tif and .npy files")]
    UnknownFormat {
        /// Path as given.
        file: String,
    },
    /// The content is not what the name says.
    #[error("'{file}' cannot be used: {why}")]
    Malformed {
        /// Path as given.
        file: String,
        /// In words.
        why: String,
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
    let file = path.display().to_string();
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let decode: fn(&[u8]) -> Result<Array3<f32>, String> = match extension.as_deref() {
        Some("mrc" | "mrcs" | "st" | "ali") => |bytes| Ok(by_image(from_mrc(bytes)?)),
        Some("tif" | "tiff") => from_tiff,
        Some("npy") => from_npy,
        _ => return Err(SeriesError::UnknownFormat { file }),
    };
    let bytes = fs::read(path).map_err(|cause| SeriesError::Unreadable {
        file: file.clone(),
        cause,
    })?;
    decode(&bytes).map_err(|why| SeriesError::Malformed { file, why })
}

/// A stack by x, y and image, by image, x and y.
pub(super) fn by_image(stack: Array3<f32>) -> Array3<f32> {
    let turned = stack.permuted_axes([2, 0, 1]);
    turned.as_standard_layout().into_owned()
}

/// The pages of a TIFF file.
fn from_tiff(bytes: &[u8]) -> Result<Array3<f32>, String> {
    let said = |error: tiff::TiffError| error.to_string();
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(said)?;
    let (mut values, mut first, mut pages) = (Vec::new(), None, 0);
    loop {
        pages += 1;
        let (width, height) = decoder.dimensions().map_err(said)?;
        let &mut (w, h) = first.get_or_insert((width, height));
        if (w, h) != (width, height) {
            return Err(format!(
                "page {pages} has {width} × {height} pixels where the first has {w} × {h}"
            ));
        }
        let page = numbers(decoder.read_image().map_err(said)?);
        if page.len() != width as usize * height as usize {
            return Err(format!(
                "page {pages} is coloured; images of one channel are read"
            ));
        }
        values.extend(page);
        if !decoder.more_images() {
            break;
        }
        decoder.next_image().map_err(said)?;
    }
    let (width, height) = first.unwrap_or_default();
    let rows = Array3::from_shape_vec((pages, height as usize, width as usize), values);
    let rows = rows.map_err(|error| error.to_string())?;
    let turned = rows.permuted_axes([0, 2, 1]);
    Ok(turned.as_standard_layout().into_owned())
}

fn numbers(page: DecodingResult) -> Vec<f32> {
    match page {
        DecodingResult::U8(v) => v.into_iter().map(f32::from).collect(),
        DecodingResult::I8(v) => v.into_iter().map(f32::from).collect(),
        DecodingResult::U16(v) => v.into_iter().map(f32::from).collect(),
        DecodingResult::I16(v) => v.into_iter().map(f32::from).collect(),
        DecodingResult::U32(v) => v.into_iter().map(|x| x as f32).collect(),
        DecodingResult::I32(v) => v.into_iter().map(|x| x as f32).collect(),
        DecodingResult::U64(v) => v.into_iter().map(|x| x as f32).collect(),
        DecodingResult::I64(v) => v.into_iter().map(|x| x as f32).collect(),
        DecodingResult::F16(v) => v.into_iter().map(f32::from).collect(),
        DecodingResult::F32(v) => v,
        DecodingResult::F64(v) => v.into_iter().map(|x| x as f32).collect(),
    }
}

/// Reads angles in degrees: a line for each image, three columns phi, theta, psi or one column
/// theta, separated by commas or blanks; a first line that holds no number is a header.
///
/// # Errors
/// [`SeriesError`].
pub fn read_angles(path: &Path) -> Result<Vec<TiltAngles>, SeriesError> {
    let file = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|cause| SeriesError::Unreadable {
        file: file.clone(),
        cause,
    })?;
    parse_angles(&text).map_err(|(line, text)| SeriesError::Angles { file, line, text })
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
    use tiff::encoder::{TiffEncoder, colortype};

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
    fn pages_of_a_tiff_are_images_with_x_to_the_right() {
        let mut bytes = Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut bytes).unwrap();
        for page in 0..2_u16 {
            let pixels: Vec<u16> = (0..6).map(|k| 10 * page + k).collect();
            encoder
                .write_image::<colortype::Gray16>(3, 2, &pixels)
                .unwrap();
        }
        let images = from_tiff(bytes.get_ref()).unwrap();
        assert_eq!(images.dim(), (2, 3, 2));
        assert_eq!((images[[0, 2, 0]], images[[1, 0, 1]]), (2.0, 13.0));
        assert!(from_tiff(b"II").is_err());
    }

    #[test]
    fn a_format_is_known_by_its_name_and_a_wrong_content_named() {
        let directory = tempfile::tempdir().unwrap();
        let refusal = |name: &str| {
            let path = directory.path().join(name);
            fs::write(&path, b"nothing").unwrap();
            read_images(&path).unwrap_err().to_string()
        };
        assert!(refusal("series.dm3").contains("is not known; images are read from .mrc"));
        assert!(refusal("series.mrc").contains("cannot be used: it has 7 bytes"));
        assert!(refusal("series.npy").contains("cannot be used: it does not begin"));
        assert!(refusal("series.TIF").contains("cannot be used"));
        let absent = read_images(&directory.path().join("none.mrc")).unwrap_err();
        assert!(absent.to_string().contains("cannot be read"));
    }
}
