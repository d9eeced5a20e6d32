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
    let mut all: Vec<Rgb> = rgb.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
    let pixels_of = all.clone();
    all.par_sort_unstable();
    let counts = all.chunk_by(|a, b| a == b);
    let counts = counts.map(|same| (same[0], same.len() as u64));
    let coloured: Vec<(Rgb, u64)> = counts.filter(|(colour, _)| *colour != WHITE).collect();
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
    let mut known = vec![(WHITE, 0)];
    let near = coloured.par_iter().map(|&(c, _)| (c, nearest(&palette, c)));
    known.par_extend(near);
    known.sort_unstable();
    let index = |colour: &Rgb| {
        let found = known.binary_search_by(|(other, _)| other.cmp(colour));
        found.map_or(0, |place| known[place].1)
    };
    Indexed {
        pixels: pixels_of.par_iter().map(index).collect(),
        palette,
    }
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
            _ => sum.map(|part| ((part + total / 2) / total) as u8),
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
