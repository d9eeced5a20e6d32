//! A picture laid onto the pixels of a page: cubic interpolation (Catmull and Rom), stretched to
//! the pixels of the page where these are the larger ones, so that nothing is skipped.

use std::ops::Range;

use rayon::prelude::*;
use resvg::tiny_skia::Pixmap;

use crate::render::Picture;

/// What a pixel of the page takes of a row or a column of the picture.
struct Taps {
    first: usize,
    weights: Vec<f32>,
}

/// Lays `picture` onto `page`, its corner at (`left`, `top`) and `zoom` times as large, in pixels.
pub(crate) fn lay(picture: &Picture, page: &mut Pixmap, (left, top): (f64, f64), zoom: f64) {
    let (page_width, page_height) = (page.width() as usize, page.height() as usize);
    let (columns, across) = taps(left, zoom, picture.width as usize, page_width);
    let (rows, down) = taps(top, zoom, picture.height as usize, page_height);
    let lines: Vec<&[u8]> = picture
        .rgb
        .chunks_exact(3 * picture.width as usize)
        .collect();
    let inked: Vec<Option<Range<usize>>> = lines.iter().map(|line| inked(line)).collect();
    let page = &mut page.data_mut()[4 * page_width * rows.start..4 * page_width * rows.end];
    page.par_chunks_exact_mut(4 * page_width)
        .zip(&down)
        .for_each(|(target, taps)| {
            let target = &mut target.as_chunks_mut::<4>().0[columns.clone()];
            target.fill([u8::MAX; 4]);
            let span = taps.first..taps.first + taps.weights.len();
            let inked = || inked[span.clone()].iter().flatten();
            let start = inked().map(|of| of.start).min();
            let end = inked().map(|of| of.end).max();
            let Some((start, end)) = start.zip(end) else {
                return;
            };
            let ink = start..end;
            let mut line = vec![0.0_f32; 3 * ink.len()];
            for (source, weight) in lines[span].iter().zip(&taps.weights) {
                let source = &source[3 * ink.start..3 * ink.end];
                for (sum, part) in line.iter_mut().zip(source) {
                    *sum += weight * f32::from(*part);
                }
            }
            let line = line.as_chunks::<3>().0;
            for (pixel, taps) in target.iter_mut().zip(&across) {
                if taps.first >= ink.end || taps.first + taps.weights.len() <= ink.start {
                    continue;
                }
                let mut sum = [0.0; 3];
                for (column, weight) in (taps.first..).zip(&taps.weights) {
                    // Beside the ink there is paper.
                    let part = match column.checked_sub(ink.start) {
                        Some(place) if place < line.len() => line[place],
                        _ => [255.0; 3],
                    };
                    sum = [0, 1, 2].map(|k| sum[k] + weight * part[k]);
                }
                let [red, green, blue] = sum.map(|part| (part + 0.5) as u8);
                *pixel = [red, green, blue, u8::MAX];
            }
        });
}

/// The pixels of a line from the first to the last that is not white; none where all are.
fn inked(line: &[u8]) -> Option<Range<usize>> {
    let dark = |part: &u8| *part != u8::MAX;
    let first = line.iter().position(dark)?;
    let last = line.iter().rposition(dark)?;
    Some(first / 3..last / 3 + 1)
}

/// The pixels of the page that `count` pixels of a picture cover, and what each takes of them.
fn taps(start: f64, zoom: f64, count: usize, page: usize) -> (Range<usize>, Vec<Taps>) {
    let clamp = |place: f64| (place.round().max(0.0) as usize).min(page);
    let covered = clamp(start)..clamp(start + count as f64 * zoom);
    let stretch = zoom.recip().max(1.0);
    let taps = |pixel: usize| {
        let middle = (pixel as f64 + 0.5 - start) / zoom - 0.5;
        let last = count.saturating_sub(1);
        let first = ((middle - 2.0 * stretch).ceil().max(0.0) as usize).min(last);
        let end = ((middle + 2.0 * stretch).floor().max(0.0) as usize).min(last) + 1;
        let weight = |k: usize| cubic((k as f64 - middle).abs() / stretch);
        let total: f64 = (first..end).map(weight).sum();
        Taps {
            first,
            weights: (first..end).map(|k| (weight(k) / total) as f32).collect(),
        }
    };
    (covered.clone(), covered.map(taps).collect())
}

/// The weight of a point at the distance `x`.
fn cubic(x: f64) -> f64 {
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else {
        (((2.5 - 0.5 * x) * x - 4.0) * x + 2.0) * f64::from(u8::from(x < 2.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use resvg::tiny_skia::Color;

    fn laid(rgb: Vec<u8>, width: u32, zoom: f64) -> Vec<[u8; 3]> {
        let height = rgb.len() as u32 / 3 / width;
        let picture = Picture { width, height, rgb };
        let mut page = Pixmap::new(12, 12).expect("a page");
        page.fill(Color::BLACK);
        lay(&picture, &mut page, (2.0, 3.0), zoom);
        let pixels = page.pixels().iter();
        pixels.map(|p| [p.red(), p.green(), p.blue()]).collect()
    }

    #[test]
    fn a_picture_of_the_pages_resolution_is_copied() {
        let rgb: Vec<u8> = (0..5 * 4 * 3).map(|k| (k * 29 % 256) as u8).collect();
        let page = laid(rgb.clone(), 5, 1.0);
        for (k, pixel) in rgb.chunks_exact(3).enumerate() {
            assert_eq!(page[12 * (3 + k / 5) + 2 + k % 5], pixel);
        }
        assert_eq!(page[12 * 3 + 1], [0; 3]);
        assert_eq!(page[12 * 7 + 2], [0; 3]);
    }

    #[test]
    fn a_ramp_stays_a_ramp_at_any_size() {
        let rgb: Vec<u8> = (0..9)
            .flat_map(|_| (0..9).flat_map(|x| [20 * x; 3]))
            .collect();
        for zoom in [0.5, 2.0 / 3.0, 1.25, 2.0] {
            let page = laid(rgb.clone(), 9, zoom);
            let ends = (4.0 * zoom) as usize;
            for x in ends..(5.0 * zoom) as usize {
                let expected = 20.0 * ((x as f64 + 0.5) / zoom - 0.5);
                let [red, ..] = page[12 * 5 + 2 + x];
                assert!((f64::from(red) - expected).abs() <= 1.0, "{red} {expected}");
            }
        }
    }

    #[test]
    fn paper_stays_white_and_a_line_keeps_its_ink() {
        let mut rgb = vec![255; 12 * 12 * 3];
        for row in 0..12 {
            rgb[3 * (12 * row + 5)..][..3].fill(0);
        }
        let page = laid(rgb, 12, 2.0 / 3.0);
        let row = &page[12 * 6..12 * 7];
        let ink: f64 = row[2..10].iter().map(|p| 255.0 - f64::from(p[0])).sum();
        // Overshoots beyond white are lost.
        assert!((ink - 170.0).abs() < 25.0, "{ink}");
        assert_eq!(row[2], [255; 3]);
        assert_eq!(row[9], [255; 3]);
    }
}
