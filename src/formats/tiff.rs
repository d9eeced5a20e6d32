//! TIFF files of several pages: a stack of images.

use std::io::Cursor;

use ndarray::Array3;
use tiff::decoder::{Decoder, DecodingResult};

use super::error::FormatError;

/// Reads the pages: the array by page, x from left to right and y from the top.
///
/// # Errors
/// [`FormatError`], what is wrong with it.
pub fn from_tiff(bytes: &[u8]) -> Result<Array3<f32>, FormatError> {
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(FormatError::Tiff)?;
    let (mut values, mut first, mut pages) = (Vec::new(), None, 0);
    loop {
        pages += 1;
        let (width, height) = decoder.dimensions().map_err(FormatError::Tiff)?;
        let &mut (w, h) = first.get_or_insert((width, height));
        if (w, h) != (width, height) {
            return Err(FormatError::Unsupported(format!(
                "page {pages} has {width} × {height} pixels where the first has {w} × {h}"
            )));
        }
        let page = numbers(decoder.read_image().map_err(FormatError::Tiff)?);
        if page.len() != width as usize * height as usize {
            return Err(FormatError::Unsupported(format!(
                "page {pages} is coloured; images of one channel are read"
            )));
        }
        values.extend(page);
        if !decoder.more_images() {
            break;
        }
        decoder.next_image().map_err(FormatError::Tiff)?;
    }
    let (width, height) = first.unwrap_or_default();
    let rows = Array3::from_shape_vec((pages, height as usize, width as usize), values)?;
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use tiff::encoder::{TiffEncoder, colortype};

    use super::*;

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
}
