//! How far one image lies from another (Methods, "Image preprocessing", steps 1 and 4): the maximum of
//! their cross-correlation, found among whole pixels by Fourier transform and between them by the
//! upsampled matrix transform of Guizar-Sicairos, Thurman & Fienup, Opt. Lett. 33, 156 (2008), doi
//! 10.1364/OL.33.000156.
//!
//! The paper scans by steps of 0.05 pixel; here the same steps are followed by a parabola. A tapered
//! border would pull every shift towards zero. So the taper of the second image moves with its whole
//! pixels, and half a pixel at most is left to be pulled (by 0.01 pixel or less).

use std::f64::consts::{FRAC_PI_2, TAU};

use ndarray::{Array2, ArrayView2, Axis, Slice};

use crate::numerics::fast_length;
use crate::numerics::{C64, Fourier2d, signed_frequency};

/// Samples of the correlation in a pixel, each way.
const UPSAMPLING: f64 = 20.0;
/// The upsampled correlation reaches so many pixels from the best whole one.
const REACH: f64 = 1.0;
/// The upsampled window is moved so often at most, where the maximum lies at its end.
const MOVES: usize = 4;
/// Lengths without a larger prime factor are transformed fast.
const LARGEST_PRIME: usize = 7;

/// Where and how the shift between two images is looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Search {
    /// The largest shift along x and y, in pixels; 0 where there is none to be found. Where a pattern
    /// repeats, it keeps the registration from locking on the next period.
    pub largest: [f64; 2],
    /// The part of each side of an image over which it fades towards its border: 0 not at all (for
    /// images that are zero there), 0.5 for a Hann window.
    pub taper: f64,
}

/// How one image lies to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Registered {
    /// Where in the image that lies which is at a pixel of the reference: that pixel plus the shift, along
    /// x and y in pixels. Moved by its opposite ([`shift_images`](crate::aet::shift_images)) the image
    /// lies on the reference.
    pub shift: [f64; 2],
    /// The coefficient of correlation at that shift, −1 to 1.
    pub coefficient: f64,
    /// Whether the correlation grows beyond the largest shift: the two then lie farther apart, or show
    /// different things.
    pub at_limit: bool,
}

/// Why two images cannot be registered.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RegistrationError {
    /// They have not one size.
    #[error(
        "images of {image:?} and of {reference:?} pixels cannot be registered; give two of one size"
    )]
    Sizes {
        /// Pixels of the image along x and y.
        image: [usize; 2],
        /// Pixels of the reference along x and y.
        reference: [usize; 2],
    },
    /// One of them shows nothing.
    #[error(
        "one of the two images is the same everywhere, or has pixels that are no finite numbers; both must show something"
    )]
    Nothing,
    /// The search is none.
    #[error(
        "the largest shift must be a number of pixels from 0 to less than the side of the image, and the taper a number from 0 to 0.5"
    )]
    Search,
}

/// Finds the shift of `image` from `reference`, images by x and y of one size.
///
/// Both are brought to zero mean and tapered. The result does not depend on the number of threads.
///
/// # Errors
/// [`RegistrationError`].
///
/// ```
/// use amorphous_packing::aet::preprocess::{Search, register};
/// use ndarray::Array2;
/// let spot = |x: f64, y: f64| (-(x * x + y * y) / 18.0).exp() as f32;
/// let at = |u: f64, v: f64| Array2::from_shape_fn((40, 50), |(x, y)| spot(x as f64 - u, y as f64 - v));
/// let search = Search { largest: [8.0, 8.0], taper: 0.0 };
/// let found = register(at(21.3, 22.6).view(), at(20.0, 25.0).view(), &search)?;
/// assert!((found.shift[0] - 1.3).abs() < 0.001 && (found.shift[1] + 2.4).abs() < 0.001);
/// assert!(found.coefficient > 0.999);
/// # Ok::<(), amorphous_packing::aet::preprocess::RegistrationError>(())
/// ```
pub fn register(
    image: ArrayView2<'_, f32>,
    reference: ArrayView2<'_, f32>,
    search: &Search,
) -> Result<Registered, RegistrationError> {
    let (sides, others) = (image.dim(), reference.dim());
    if sides != others {
        return Err(RegistrationError::Sizes {
            image: sides.into(),
            reference: others.into(),
        });
    }
    let sides: [usize; 2] = sides.into();
    let mut fits = sides.iter().zip(search.largest);
    let is_right = fits.all(|(&side, largest)| (0.0..side.max(1) as f64).contains(&largest));
    if !(is_right && (0.0..=0.5).contains(&search.taper)) {
        return Err(RegistrationError::Search);
    }
    find(image, reference, search).ok_or(RegistrationError::Nothing)
}

/// The same for two images of one size and a search that fits them; nothing where one of them shows
/// nothing.
pub(super) fn find(
    image: ArrayView2<'_, f32>,
    reference: ArrayView2<'_, f32>,
    search: &Search,
) -> Option<Registered> {
    // Within a pixel the upsampled correlation sees all.
    let is_near = search.largest.iter().all(|&largest| largest <= REACH);
    let mut whole = match is_near {
        true => [0; 2],
        false => best_whole_shift(image, reference, search)?,
    };
    let mut found = None;
    for _ in 0..MOVES {
        let overlap = Overlap::new(image, reference, whole, search.taper)?;
        let (part, coefficient, move_by) = overlap.refine(search.largest);
        let shift = [0, 1].map(|axis| whole[axis] as f64 + part[axis]);
        let limits = search.largest;
        found = Some(Registered {
            shift: [0, 1].map(|axis| shift[axis].clamp(-limits[axis], limits[axis])),
            coefficient,
            at_limit: (0..2).any(|axis| limits[axis] > 0.0 && shift[axis].abs() >= limits[axis]),
        });
        let next = [0, 1].map(|axis| whole[axis] + move_by[axis]);
        let inside = (0..2).all(|axis| next[axis].abs() as f64 <= limits[axis]);
        if next == whole || !inside {
            break;
        }
        whole = next;
    }
    found
}

/// The shift by whole pixels at which the correlation of the tapered images is largest.
fn best_whole_shift(
    image: ArrayView2<'_, f32>,
    reference: ArrayView2<'_, f32>,
    search: &Search,
) -> Option<[isize; 2]> {
    let reach = search.largest.map(|largest| largest.floor() as usize);
    let sides: [usize; 2] = image.dim().into();
    // Zeros, so that no end comes round to the other.
    let grid = [0, 1].map(|axis| fast_length(sides[axis] + reach[axis], 1, LARGEST_PRIME));
    let (mut correlation, _) = cross_spectrum(image, reference, grid, search.taper)?;
    Fourier2d::new(grid).inverse(&mut correlation);
    let shifts = |axis: usize| -(reach[axis] as isize)..=reach[axis] as isize;
    let index = |shift: isize, axis: usize| shift.rem_euclid(grid[axis] as isize) as usize;
    let all = shifts(0).flat_map(|u| shifts(1).map(move |v| [u, v]));
    let values = all.map(|[u, v]| (correlation[index(u, 0) * grid[1] + index(v, 1)].re, [u, v]));
    values.max_by(|a, b| a.0.total_cmp(&b.0)).map(|best| best.1)
}

/// The product of the spectra of two tapered images on a grid, whose inverse transform is their
/// correlation, and the root of the product of their squares, both about their means.
fn cross_spectrum(
    image: ArrayView2<'_, f32>,
    reference: ArrayView2<'_, f32>,
    grid: [usize; 2],
    taper: f64,
) -> Option<(Vec<C64>, f64)> {
    let transform = Fourier2d::new(grid);
    let (first, second) = (Tapered::of(image, taper), Tapered::of(reference, taper));
    let norm = (first.squares * second.squares).sqrt();
    if !(norm.is_finite() && norm > 0.0) {
        return None;
    }
    // One transform for the two, which are real: one is its even, the other its odd part.
    let mut both = vec![C64::default(); transform.len()];
    for ((x, y), &value) in first.pixels.indexed_iter() {
        both[x * grid[1] + y] = C64::new(value, second.pixels[[x, y]]);
    }
    transform.forward(&mut both);
    let product = (0..both.len()).map(|index| {
        let [x, y] = [index / grid[1], index % grid[1]];
        let opposite = (grid[0] - x) % grid[0] * grid[1] + (grid[1] - y) % grid[1];
        let (here, there) = (both[index], both[opposite].conj());
        let image = 0.5 * (here + there);
        let reference = C64::new(0.0, -0.5) * (here - there);
        image * reference.conj()
    });
    let mut product: Vec<C64> = product.collect();
    let of_means = first.mean_left * second.mean_left * image.len() as f64;
    product[0] -= of_means * transform.len() as f64;
    Some((product, norm))
}

/// An image that is zero at its border.
struct Tapered {
    pixels: Array2<f64>,
    /// The sum of the squares about the mean.
    squares: f64,
    /// The mean, if it was not taken off.
    mean_left: f64,
}

impl Tapered {
    /// A taper takes the (weighted) mean off and lets what is left fade. Without a taper the image must be
    /// zero at its border; without its mean it would not be, and the border would hold it where it is.
    fn of(image: ArrayView2<'_, f32>, taper: f64) -> Tapered {
        let (dim1, dim2) = image.dim();
        let (along_x, along_y) = (fade(dim1, taper), fade(dim2, taper));
        let weights = Array2::from_shape_fn((dim1, dim2), |(x, y)| along_x[x] * along_y[y]);
        let weighted = image.iter().zip(&weights);
        let sum: f64 = weighted
            .map(|(&value, weight)| f64::from(value) * weight)
            .sum();
        let mean = sum / weights.sum();
        let (taken, mean_left) = if taper > 0.0 {
            (mean, 0.0)
        } else {
            (0.0, mean)
        };
        let mut pixels = weights;
        pixels.zip_mut_with(&image, |weight, &value| *weight *= f64::from(value) - taken);
        let squares = pixels.iter().map(|value| (value - mean_left).powi(2)).sum();
        Tapered {
            pixels,
            squares,
            mean_left,
        }
    }
}

/// Weights that rise as the square of a sine over the given part of each end.
pub(super) fn fade(length: usize, part: f64) -> Vec<f64> {
    let border = part * length as f64;
    let weight = |place: f64| match place < border {
        true => (FRAC_PI_2 * place / border).sin().powi(2),
        false => 1.0,
    };
    let places = (0..length).map(|i| (i as f64 + 0.5).min((length - i) as f64 - 0.5));
    match length {
        1 => vec![1.0],
        _ => places.map(weight).collect(),
    }
}

/// What two images have in common after a shift by whole pixels: the product of the spectra of it.
struct Overlap {
    grid: [usize; 2],
    product: Vec<C64>,
    norm: f64,
}

impl Overlap {
    fn new(
        image: ArrayView2<'_, f32>,
        reference: ArrayView2<'_, f32>,
        shift: [isize; 2],
        taper: f64,
    ) -> Option<Overlap> {
        let sides: [usize; 2] = image.dim().into();
        // Pixel `p` of the reference is pixel `p + shift` of the image.
        let range = |axis: usize, shift: isize| {
            let length = sides[axis] as isize;
            Slice::from((-shift).max(0)..length.min(length - shift))
        };
        let cut = |view: ArrayView2<'_, f32>, of: [Slice; 2]| {
            view.slice_axis(Axis(0), of[0])
                .slice_axis(Axis(1), of[1])
                .to_owned()
        };
        let reference = cut(reference, [0, 1].map(|axis| range(axis, shift[axis])));
        let image = cut(image, [0, 1].map(|axis| range(axis, -shift[axis])));
        let sides: [usize; 2] = image.dim().into();
        if sides.contains(&0) {
            return None;
        }
        let zeros = 2 * REACH as usize;
        let grid = sides
            .map(|side| fast_length(if side > 1 { side + zeros } else { 1 }, 1, LARGEST_PRIME));
        let (product, norm) = cross_spectrum(image.view(), reference.view(), grid, taper)?;
        Some(Overlap {
            grid,
            product,
            norm,
        })
    }

    /// The maximum within a pixel of no shift: where it is, the coefficient there, and the whole pixels by
    /// which to begin anew where it lies at the end.
    fn refine(&self, largest: [f64; 2]) -> ([f64; 2], f64, [isize; 2]) {
        let steps = largest.map(|largest| {
            if largest > 0.0 {
                (REACH * UPSAMPLING) as isize
            } else {
                0
            }
        });
        let [along_x, along_y] = [0, 1].map(|axis| self.waves(axis, steps[axis]));
        let correlation = self.upsampled(&along_x, &along_y);
        let width = along_y.len();
        let at = |u: isize, v: isize| {
            correlation[(u + steps[0]) as usize * width + (v + steps[1]) as usize]
        };
        let best =
            (0..correlation.len()).max_by(|&a, &b| correlation[a].total_cmp(&correlation[b]));
        let best = best.unwrap_or(0);
        let [u, v] = [
            (best / width) as isize - steps[0],
            (best % width) as isize - steps[1],
        ];
        let move_by = [(u, steps[0]), (v, steps[1])].map(|(place, end)| match place.abs() == end {
            true => place.signum(),
            false => 0,
        });
        let inside = move_by == [0, 0];
        let part = match inside {
            true => [
                vertex([-1, 0, 1].map(|d| if steps[0] > 0 { at(u + d, v) } else { 0.0 })),
                vertex([-1, 0, 1].map(|d| if steps[1] > 0 { at(u, v + d) } else { 0.0 })),
            ],
            false => [0.0; 2],
        };
        let place = [
            (u as f64 + part[0]) / UPSAMPLING,
            (v as f64 + part[1]) / UPSAMPLING,
        ];
        (place, at(u, v) / self.norm, move_by)
    }

    /// `exp(2πi k s)` for the shifts `s` of the window (one after the other) and the frequencies `k` of an
    /// axis.
    fn waves(&self, axis: usize, steps: isize) -> Vec<Vec<C64>> {
        let count = self.grid[axis];
        let wave = |step: isize| {
            let shift = step as f64 / UPSAMPLING;
            let turns = |k: usize| signed_frequency(k, count) * shift / count as f64;
            (0..count)
                .map(|k| C64::from_polar(1.0, TAU * turns(k)))
                .collect()
        };
        (-steps..=steps).map(wave).collect()
    }

    // ANCHOR: upsampled
    /// The correlation at the shifts of the window, by the product of three matrices.
    fn upsampled(&self, along_x: &[Vec<C64>], along_y: &[Vec<C64>]) -> Vec<f64> {
        let samples = self.product.len() as f64;
        let mut correlation = Vec::with_capacity(along_x.len() * along_y.len());
        let mut line = vec![C64::default(); self.grid[1]];
        for wave in along_x {
            line.fill(C64::default());
            for (factor, row) in wave.iter().zip(self.product.chunks(self.grid[1])) {
                for (sum, value) in line.iter_mut().zip(row) {
                    *sum += factor * value;
                }
            }
            correlation.extend(along_y.iter().map(|wave| {
                let terms = wave.iter().zip(&line);
                terms.map(|(a, b)| a.re * b.re - a.im * b.im).sum::<f64>() / samples
            }));
        }
        correlation
    }
    // ANCHOR_END: upsampled
}

/// Where the parabola through three values at −1, 0 and 1 is largest; 0 where they are on a line.
fn vertex([before, here, after]: [f64; 3]) -> f64 {
    let bend = before - 2.0 * here + after;
    if bend < 0.0 {
        (0.5 * (before - after) / bend).clamp(-1.0, 1.0)
    } else {
        0.0
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    /// A pattern without a period, moved.
    fn pattern(u: f64, v: f64, sides: (usize, usize)) -> Array2<f32> {
        let value = |x: f64, y: f64| {
            (0.41 * x + 0.13 * y).sin()
                + (0.17 * x - 0.52 * y + 0.4 * (0.05 * x * y / 40.0).sin()).cos()
                + (0.007 * (x * x + 1.3 * y * y)).sin()
        };
        Array2::from_shape_fn(sides, |(x, y)| {
            value(x as f64 - u - 40.0, y as f64 - v - 30.0) as f32
        })
    }

    #[test]
    fn a_shift_is_found_to_a_fiftieth_of_a_pixel_with_either_sign() {
        let sides = (90, 70);
        let search = Search {
            largest: [9.0, 9.0],
            taper: 0.2,
        };
        for [u, v] in [[0.0, 0.0], [0.53, -0.27], [-3.72, 5.18], [7.49, 0.51]] {
            let image = pattern(u, v, sides);
            let found = register(image.view(), pattern(0.0, 0.0, sides).view(), &search).unwrap();
            let error = (found.shift[0] - u).hypot(found.shift[1] - v);
            assert!(error < 0.02, "{u} {v}: {:?}", found.shift);
            assert!(found.coefficient > 0.99 && !found.at_limit);
        }
    }

    #[test]
    fn a_lattice_does_not_lock_on_the_next_period_and_what_lies_beyond_is_told() {
        // A period of 12 pixels, moved by 7: within 6 pixels the next one is at −5.
        let lattice = |u: f64| {
            Array2::from_shape_fn((72, 72), |(x, y)| {
                let wave = |place: f64| (std::f64::consts::TAU * place / 12.0).cos();
                (wave(x as f64 - u) + wave(y as f64)) as f32
            })
        };
        let search = |largest: f64| Search {
            largest: [largest, 3.0],
            taper: 0.25,
        };
        let found = |u: f64, largest: f64| {
            register(lattice(u).view(), lattice(0.0).view(), &search(largest)).unwrap()
        };
        assert!((found(2.3, 6.0).shift[0] - 2.3).abs() < 0.02);
        assert!((found(7.0, 6.0).shift[0] + 5.0).abs() < 0.05);
        assert!(found(5.0, 3.0).at_limit && !found(5.0, 6.0).at_limit);
    }

    #[test]
    fn a_line_is_an_image_of_one_row_and_no_border_holds_what_is_zero_there() {
        let line = |v: f64| {
            Array2::from_shape_fn((1, 80), |(_, y)| {
                let from = y as f64 - 41.0 - v;
                (900.0 - from * from).max(0.0) as f32
            })
        };
        let search = Search {
            largest: [0.0, 5.0],
            taper: 0.0,
        };
        for v in [-3.4, 0.2, 1.75] {
            let found = register(line(v).view(), line(0.0).view(), &search).unwrap();
            assert_eq!(found.shift[0], 0.0);
            assert!((found.shift[1] - v).abs() < 0.005, "{v}: {:?}", found.shift);
        }
    }

    #[test]
    fn what_cannot_be_registered_is_refused() {
        let image = pattern(0.0, 0.0, (20, 20));
        let search = Search {
            largest: [3.0, 3.0],
            taper: 0.1,
        };
        let with =
            |other: &Array2<f32>, search: &Search| register(image.view(), other.view(), search);
        let sizes = with(&pattern(0.0, 0.0, (20, 21)), &search);
        assert!(matches!(sizes, Err(RegistrationError::Sizes { .. })));
        assert_eq!(
            with(&Array2::ones((20, 20)), &search),
            Err(RegistrationError::Nothing)
        );
        let nan = Array2::from_elem((20, 20), f32::NAN);
        assert_eq!(with(&nan, &search), Err(RegistrationError::Nothing));
        for largest in [-1.0, 20.0, f64::NAN] {
            let search = Search {
                largest: [largest, 1.0],
                ..search
            };
            assert_eq!(with(&image, &search), Err(RegistrationError::Search));
        }
    }
}
