//! The beam stop: which pixels of a diffraction pattern it hides (Methods, "Electron diffraction
//! experiments": a mask by a threshold of the intensity).

use std::collections::VecDeque;

use ndarray::{Array2, ArrayView2, Axis};

use super::error::DiffractionError;

/// Fewer pixels a side show no rings.
pub(super) const LEAST_SIDE: usize = 64;
/// A stop that hides more than this part of the pattern leaves nothing.
const MOST_HIDDEN: f64 = 0.9;
/// How steeply the intensity of a pattern may fall towards its centre, between the first ring and the
/// valley before it, in e-folds over half a side of the pattern. The edge of a stop is steeper.
const STEEPEST_VALLEY: f64 = 35.0;
/// Masked pixels this near to the centre, in parts of a side, belong to the stop.
const STOP_REACH: f64 = 0.05;

/// How the beam stop is recognised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StopOptions {
    /// Pixels darker than this part of what is usual at their distance from the centre are hidden.
    pub darker_than: f64,
    /// By how many pixels the mask is grown, for the half-shadow at the edge.
    pub grow_px: usize,
    /// The pattern is averaged over a square of this side in pixels before it is thresholded, so that
    /// the noise of counting makes no holes; odd.
    pub smooth_px: usize,
}

impl Default for StopOptions {
    fn default() -> StopOptions {
        StopOptions {
            darker_than: 0.3,
            grow_px: 3,
            smooth_px: 5,
        }
    }
}

/// Checks a pattern: large enough, finite, not constant.
///
/// # Errors
/// [`DiffractionError`].
pub(super) fn check_pattern(pattern: ArrayView2<'_, f32>) -> Result<(), DiffractionError> {
    let (dim1, dim2) = pattern.dim();
    if dim1.min(dim2) < LEAST_SIDE {
        let least = LEAST_SIDE;
        return Err(DiffractionError::Small { dim1, dim2, least });
    }
    if let Some(((x, y), &value)) = pattern.indexed_iter().find(|(_, v)| !v.is_finite()) {
        let [x, y] = [x + 1, y + 1];
        return Err(DiffractionError::Pixel { x, y, value });
    }
    let first = pattern[[0, 0]];
    match pattern.iter().all(|&value| value == first) {
        true => Err(DiffractionError::Constant { value: first }),
        false => Ok(()),
    }
}

/// The pixels that the beam stop hides, true where it does: darker than a part of what is usual at
/// their distance from the `centre` (in pixels, of the array's indices), connected with the centre,
/// and what lies about them.
///
/// What is usual is the median over the azimuth. Where the stop covers all of it, about the centre,
/// the median farther out is carried inwards; it may fall there as steeply as the valley before a
/// first ring does, so that this valley is not taken for a shadow. A pattern without a stop has no
/// hidden pixels.
///
/// # Errors
/// [`DiffractionError`]: a pattern that shows nothing, or nothing beside its stop.
pub fn beam_stop(
    pattern: ArrayView2<'_, f32>,
    centre: [f64; 2],
    options: &StopOptions,
) -> Result<Array2<bool>, DiffractionError> {
    check_pattern(pattern)?;
    let smooth = box_mean(pattern, options.smooth_px / 2);
    let usual = usual_intensity(&smooth, centre);
    let mut dark = Array2::from_shape_fn(pattern.dim(), |place| {
        f64::from(smooth[place]) < options.darker_than * usual[distance(place, centre)]
    });
    fill_holes(&mut dark);
    let stop = connected(&dark, centre);
    let hidden = grown(&stop, options.grow_px);
    let count = hidden.iter().filter(|&&hides| hides).count();
    let part = count as f64 / hidden.len() as f64;
    if part > MOST_HIDDEN {
        let percent = 100.0 * part;
        return Err(DiffractionError::StopCoversAll { percent });
    }
    Ok(hidden)
}

/// The distance of a pixel from the centre, in whole pixels.
fn distance((x, y): (usize, usize), centre: [f64; 2]) -> usize {
    (x as f64 - centre[0]).hypot(y as f64 - centre[1]).round() as usize
}

/// The mean over the squares of side `2 half + 1` about each pixel; at the border over what is there.
fn box_mean(pattern: ArrayView2<'_, f32>, half: usize) -> Array2<f32> {
    let mut image = pattern.to_owned();
    for axis in [0, 1] {
        for mut lane in image.lanes_mut(Axis(axis)) {
            let line: Vec<f64> = lane.iter().map(|&value| f64::from(value)).collect();
            let mean = |k: usize| {
                let window = &line[k.saturating_sub(half)..(k + half + 1).min(line.len())];
                (window.iter().sum::<f64>() / window.len() as f64) as f32
            };
            lane.iter_mut()
                .enumerate()
                .for_each(|(k, value)| *value = mean(k));
        }
    }
    image
}

/// What is usual by distance from the centre in whole pixels: the median over the azimuth, or what is
/// carried inwards from farther out if that is more.
fn usual_intensity(smooth: &Array2<f32>, centre: [f64; 2]) -> Vec<f64> {
    let corners = [(0, 0), (0, 1), (1, 0), (1, 1)];
    let (dim1, dim2) = smooth.dim();
    let far = corners.map(|(i, j)| distance((i * (dim1 - 1), j * (dim2 - 1)), centre));
    let farthest = far.into_iter().max().unwrap_or_default();
    let mut at: Vec<Vec<f32>> = vec![Vec::new(); farthest + 1];
    for (place, &value) in smooth.indexed_iter() {
        at[distance(place, centre)].push(value);
    }
    let mut medians: Vec<f64> = at
        .into_iter()
        .map(|mut values| {
            let middle = values.len() / 2;
            match values.is_empty() {
                true => 0.0,
                false => f64::from(*values.select_nth_unstable_by(middle, f32::total_cmp).1),
            }
        })
        .collect();
    let keeps = (-2.0 * STEEPEST_VALLEY / dim1.min(dim2) as f64).exp();
    let mut carried = 0.0_f64;
    for median in medians.iter_mut().rev() {
        carried = median.max(carried * keeps);
        *median = carried;
    }
    medians
}

/// The neighbours of a pixel across its sides.
fn beside(
    (x, y): (usize, usize),
    (dim1, dim2): (usize, usize),
) -> impl Iterator<Item = (usize, usize)> {
    let steps = [(-1, 0), (1, 0), (0, -1), (0, 1)];
    steps.into_iter().filter_map(move |(i, j)| {
        let place = (x.checked_add_signed(i)?, y.checked_add_signed(j)?);
        (place.0 < dim1 && place.1 < dim2).then_some(place)
    })
}

/// The pixels of one kind that can be reached from some of them.
fn reached(
    mask: &Array2<bool>,
    kind: bool,
    from: impl Iterator<Item = (usize, usize)>,
) -> Array2<bool> {
    let mut found = Array2::from_elem(mask.dim(), false);
    let mut front = VecDeque::new();
    for place in from.filter(|&place| mask[place] == kind) {
        found[place] = true;
        front.push_back(place);
    }
    while let Some(place) = front.pop_front() {
        for next in beside(place, mask.dim()) {
            if mask[next] == kind && !found[next] {
                found[next] = true;
                front.push_back(next);
            }
        }
    }
    found
}

/// Masks what is surrounded by the mask.
fn fill_holes(mask: &mut Array2<bool>) {
    let (dim1, dim2) = mask.dim();
    let rows = (0..dim1).flat_map(|x| [(x, 0), (x, dim2 - 1)]);
    let border = rows.chain((0..dim2).flat_map(|y| [(0, y), (dim1 - 1, y)]));
    *mask = reached(mask, false, border).mapv(|outside| !outside);
}

/// The part of the mask that is connected with the centre.
fn connected(mask: &Array2<bool>, centre: [f64; 2]) -> Array2<bool> {
    let (dim1, dim2) = mask.dim();
    let reach = STOP_REACH * dim1.min(dim2) as f64;
    let near = mask.indexed_iter().map(|(place, _)| place);
    let near = near.filter(|&place| distance(place, centre) as f64 <= reach);
    reached(mask, true, near)
}

/// The mask and the pixels within a distance of it, a square about each.
fn grown(mask: &Array2<bool>, by: usize) -> Array2<bool> {
    let mut image = mask.to_owned();
    for axis in [0, 1] {
        for mut lane in image.lanes_mut(Axis(axis)) {
            let line = lane.to_vec();
            let near = |k: usize| {
                let window = &line[k.saturating_sub(by)..(k + by + 1).min(line.len())];
                window.contains(&true)
            };
            lane.iter_mut()
                .enumerate()
                .for_each(|(k, value)| *value = near(k));
        }
    }
    image
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::super::known::{counted, sphere_profile, stop};
    use super::super::simulated::draw_pattern;
    use super::*;

    const SIDE: usize = 400;
    const CENTRE: [f64; 2] = [205.3, 190.8];

    fn pattern(electrons: f64, with_stop: bool) -> Array2<f32> {
        let profile = sphere_profile(17.5 / std::f64::consts::PI / SIDE as f64);
        let ring = profile(30.0);
        let stop = with_stop.then(|| stop(CENTRE, SIDE));
        let drawn = draw_pattern([SIDE, SIDE], CENTRE, stop, profile);
        counted(&drawn, ring, electrons, 3)
    }

    #[test]
    fn the_stop_is_masked_and_little_else() {
        let stop = stop(CENTRE, SIDE);
        let truth = |(x, y): (usize, usize)| stop.hides([x as f64, y as f64]);
        for electrons in [50.0, 1e4] {
            let hidden = beam_stop(
                pattern(electrons, true).view(),
                CENTRE,
                &StopOptions::default(),
            );
            let hidden = hidden.unwrap();
            let all = hidden.indexed_iter();
            let missed = all
                .clone()
                .filter(|(place, hides)| truth(*place) && !**hides)
                .count();
            let extra = all
                .filter(|(place, hides)| !truth(*place) && **hides)
                .count();
            // The stop is some 2700 pixels; about its edge of 700 pixels the mask is grown by three.
            assert!(
                missed <= 5 && extra < 2700,
                "{electrons}: {missed} missed, {extra} extra"
            );
        }
    }

    #[test]
    fn without_a_stop_nothing_is_hidden() {
        let hidden = beam_stop(
            pattern(100.0, false).view(),
            CENTRE,
            &StopOptions::default(),
        );
        assert!(hidden.unwrap().iter().all(|&hides| !hides));
    }

    #[test]
    fn a_stop_that_covers_all_and_a_pattern_of_nothing_are_refused() {
        let pattern = pattern(1e4, true);
        let options = StopOptions {
            darker_than: 20.0,
            ..StopOptions::default()
        };
        let refused = beam_stop(pattern.view(), CENTRE, &options).unwrap_err();
        assert!(matches!(refused, DiffractionError::StopCoversAll { .. }));
        let flat = Array2::from_elem((80, 80), 4.0);
        let refused = beam_stop(flat.view(), [40.0; 2], &StopOptions::default()).unwrap_err();
        assert_eq!(refused, DiffractionError::Constant { value: 4.0 });
        let mut wrong = pattern;
        wrong[[7, 9]] = f32::NAN;
        let refused = beam_stop(wrong.view(), CENTRE, &StopOptions::default()).unwrap_err();
        assert!(refused.to_string().contains("at pixel (8, 10)"));
    }
}
