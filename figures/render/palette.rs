//! The 256 colours that show a picture best, so that its file becomes small.
//!
//! A scene has few hues, each in many shades. White, the paper, is always one of the colours; the
//! others come from cutting the cloud of colours again and again where it is widest, at its mean.

use std::cmp::Ordering;

use rayon::prelude::*;

/// The number of colours of an indexed PNG.
const COLOURS: usize = 256;
/// How often the palette is moved to the colours nearest to it.
const ROUNDS: usize = 3;
const WHITE: Rgb = [255; 3];

type Rgb = [u8; 3];

/// A picture in indexed colours.
pub(super) struct Indexed {
    /// The colours, white first.
    pub(super) palette: Vec<Rgb>,
    /// The index of every pixel's colour.
    pub(super) pixels: Vec<u8>,
}

/// A part of the cloud of colours with the number of pixels of each.
struct Cloud {
    colours: Vec<(Rgb, u64)>,
    mean: [f64; 3],
    /// The channel in which it is widest, and the squared deviations in it, summed.
    widest: (usize, f64),
}

/// Chooses the colours of a picture (three bytes per pixel) and says which each pixel gets.
pub(super) fn indexed(rgb: &[u8]) -> Indexed {
    let pixels = rgb.as_chunks::<3>().0;
    let (cell_of, cells) = cells(pixels);
    let coloured: Vec<(Rgb, u64)> = cells
        .iter()
        .map(|&(sum, count)| (mean(sum, count), count))
        .collect();
    let clouds = parts(coloured.clone(), COLOURS - 1);
    let mut palette = vec![WHITE];
    palette.extend(
        clouds
            .iter()
            .map(|cloud| cloud.mean.map(|x| x.round() as u8)),
    );
    // Cutting leaves colours on the wrong side of a cut.
    for _ in 0..ROUNDS {
        palette = settled(&palette, &coloured);
    }
    let near: Vec<u8> = coloured
        .par_iter()
        .map(|&(colour, _)| nearest(&palette, colour))
        .collect();
    let index = |&colour: &Rgb| match colour {
        WHITE => 0,
        _ => near[cell_of[cell(colour)] as usize],
    };
    Indexed {
        pixels: pixels.par_iter().map(index).collect(),
        palette,
    }
}

/// The cell of a colour: one for all that differ by the last bit of a channel at most.
fn cell(colour: Rgb) -> usize {
    let [red, green, blue] = colour.map(|part| usize::from(part >> 1));
    (red << 14) | (green << 7) | blue
}

/// Which of the cells that the picture has, white left out, each cell is, and of each the sum and
/// the number of its pixels' colours.
fn cells(pixels: &[Rgb]) -> (Vec<u32>, Vec<([u64; 3], u64)>) {
    let mut known = vec![u32::MAX; cell([u8::MAX; 3]) + 1];
    let mut cells = Vec::new();
    for &colour in pixels.iter().filter(|&&colour| colour != WHITE) {
        let place = &mut known[cell(colour)];
        if *place == u32::MAX {
            *place = cells.len() as u32;
            cells.push(([0; 3], 0));
        }
        let (sum, count): &mut ([u64; 3], u64) = &mut cells[*place as usize];
        *sum = [0, 1, 2].map(|k| sum[k] + u64::from(colour[k]));
        *count += 1;
    }
    (known, cells)
}

/// The mean of `count` colours.
fn mean(sum: [u64; 3], count: u64) -> Rgb {
    sum.map(|part| ((part + count / 2) / count) as u8)
}

/// The palette moved to the means of the colours nearest to each of its own, white kept.
fn settled(palette: &[Rgb], coloured: &[(Rgb, u64)]) -> Vec<Rgb> {
    let near: Vec<u8> = coloured
        .par_iter()
        .map(|&(c, _)| nearest(palette, c))
        .collect();
    let mut sums = vec![([0_u64; 3], 0_u64); palette.len()];
    for (&(colour, count), &index) in coloured.iter().zip(&near) {
        let (sum, total) = &mut sums[index as usize];
        for (part, value) in sum.iter_mut().zip(colour) {
            *part += u64::from(value) * count;
        }
        *total += count;
    }
    let moved = palette
        .iter()
        .zip(sums)
        .map(|(&colour, (sum, total))| match total {
            0 => colour,
            _ => mean(sum, total),
        });
    std::iter::once(WHITE).chain(moved.skip(1)).collect()
}

/// The index of the colour nearest to `colour`, the first of several.
fn nearest(palette: &[Rgb], colour: Rgb) -> u8 {
    let away = |other: &Rgb| -> i32 {
        (0..3)
            .map(|k| (i32::from(other[k]) - i32::from(colour[k])).pow(2))
            .sum()
    };
    let found = palette
        .iter()
        .enumerate()
        .min_by_key(|(_, other)| away(other));
    found.map_or(0, |(index, _)| index as u8)
}

/// Cuts the cloud into at most `count` parts.
fn parts(colours: Vec<(Rgb, u64)>, count: usize) -> Vec<Cloud> {
    if colours.is_empty() {
        return Vec::new();
    }
    let mut clouds = vec![Cloud::new(colours)];
    while clouds.len() < count {
        let spread = |cloud: &Cloud| cloud.widest.1;
        let widest = (0..clouds.len()).max_by(|&a, &b| {
            spread(&clouds[a])
                .total_cmp(&spread(&clouds[b]))
                .then(b.cmp(&a))
        });
        let Some(widest) = widest.filter(|&k| spread(&clouds[k]) > 0.0) else {
            break;
        };
        let (low, high) = clouds.swap_remove(widest).cut();
        clouds.extend([low, high]);
    }
    clouds
}

impl Cloud {
    fn new(colours: Vec<(Rgb, u64)>) -> Cloud {
        let total: u64 = colours.iter().map(|(_, count)| count).sum();
        let sum = |value: &dyn Fn(Rgb) -> f64| -> f64 {
            colours.iter().map(|&(c, n)| value(c) * n as f64).sum()
        };
        let mean = [0, 1, 2].map(|k| sum(&|c| f64::from(c[k])) / total as f64);
        let spread = |k: usize| sum(&|c| (f64::from(c[k]) - mean[k]).powi(2));
        let widest = [0, 1, 2]
            .map(|k| (k, spread(k)))
            .into_iter()
            .max_by(|a, b| -> Ordering { a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)) });
        // A cloud of one colour has no width, whatever rounding says.
        let widest = widest.filter(|_| colours.len() > 1).unwrap_or((0, 0.0));
        Cloud {
            colours,
            mean,
            widest,
        }
    }

    fn cut(self) -> (Cloud, Cloud) {
        let (k, mean) = (self.widest.0, self.mean[self.widest.0]);
        let (low, high) = self
            .colours
            .into_iter()
            .partition(|(colour, _)| f64::from(colour[k]) <= mean);
        (Cloud::new(low), Cloud::new(high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_are_kept_exactly() {
        let rgb = [[255, 255, 255], [0, 0, 0], [10, 20, 30], [255, 255, 255]].concat();
        let found = indexed(&rgb);
        assert_eq!(found.palette.len(), 3);
        let back: Vec<u8> = found
            .pixels
            .iter()
            .flat_map(|&k| found.palette[k as usize])
            .collect();
        assert_eq!(back, rgb);
    }

    #[test]
    fn many_colours_are_kept_nearly() {
        let rgb: Vec<u8> = (0..120_000_u32)
            .flat_map(|k| [(k % 251) as u8, (k / 251 % 199) as u8, 128])
            .collect();
        let found = indexed(&rgb);
        assert_eq!(found.palette.len(), COLOURS);
        let errors = found
            .pixels
            .iter()
            .zip(rgb.chunks_exact(3))
            .map(|(&k, pixel)| {
                let colour = found.palette[k as usize];
                (0..3)
                    .map(|k| colour[k].abs_diff(pixel[k]))
                    .max()
                    .unwrap_or(0)
            });
        assert!(errors.max() < Some(24), "one of 255 cells of about 16 × 13");
    }

    #[test]
    fn an_empty_picture_has_paper_only() {
        assert_eq!(indexed(&[]).palette, [WHITE]);
        assert_eq!(indexed(&[255; 12]).pixels, [0; 4]);
    }
}
