//! A stage of BM3D: stacks of similar blocks are filtered together and put back, each pixel the weighted
//! mean of all blocks that cover it.

use rayon::prelude::*;

use super::blocks::{Block, Cosine, Plane, haar, haar_inverse, kaiser};
use super::matching::Matches;
use super::options::Stage;

/// Shape of the window of a block (Dabov et al. 2007).
const KAISER_BETA: f64 = 2.0;

/// How the coefficients of a stack are filtered; the noise has a variance of one.
#[derive(Clone, Copy)]
pub(super) enum Filter<'a> {
    /// Those below the threshold are set to zero.
    Hard(f32),
    /// Wiener's filter, from the coefficients of an estimate of the image.
    Wiener(&'a Plane),
}

/// Filters an image whose noise has a variance of one.
pub(super) fn filtered(noisy: &Plane, stage: &Stage, filter: Filter<'_>) -> Plane {
    match stage.block {
        4 => Job::<4>::new(noisy, stage, filter).run(),
        12 => Job::<12>::new(noisy, stage, filter).run(),
        16 => Job::<16>::new(noisy, stage, filter).run(),
        // No other passes the check of the options.
        _ => Job::<8>::new(noisy, stage, filter).run(),
    }
}

struct Job<'a, const N: usize> {
    noisy: &'a Plane,
    stage: &'a Stage,
    filter: Filter<'a>,
    cosine: Cosine<N>,
    window: Block<N>,
    /// First columns of the reference blocks.
    places: Vec<usize>,
}

/// What a row of references needs, and what it adds to the image.
struct Row<const N: usize> {
    matches: Matches,
    stack: Vec<Block<N>>,
    estimate: Vec<Block<N>>,
    /// The first row of the image that it adds to.
    first: usize,
    /// Sums of weighted values and of weights, from there on.
    sums: Vec<f32>,
    weights: Vec<f32>,
}

impl<'a, const N: usize> Job<'a, N> {
    fn new(noisy: &'a Plane, stage: &'a Stage, filter: Filter<'a>) -> Job<'a, N> {
        Job {
            noisy,
            stage,
            filter,
            cosine: Cosine::new(),
            window: kaiser(KAISER_BETA),
            places: places(noisy.dim.1 - N, stage.step),
        }
    }

    fn run(&self) -> Plane {
        let starts = places(self.noisy.dim.0 - N, self.stage.step);
        let mut sums = vec![0.0; self.noisy.values.len()];
        let mut weights = sums.clone();
        // So many rows at a time bound the memory; they are added in order, whatever their number.
        let count = (4 * rayon::current_num_threads()).min(starts.len());
        let mut rows: Vec<Row<N>> = (0..count).map(|_| self.empty_row()).collect();
        for starts in starts.chunks(count) {
            let rows = &mut rows[..starts.len()];
            let with_starts = rows.par_iter_mut().zip(starts).with_max_len(1);
            with_starts.for_each(|(row, &start)| self.fill(row, start));
            for row in rows {
                let from = row.first * self.noisy.dim.1;
                add(&mut sums[from..], &row.sums);
                add(&mut weights[from..], &row.weights);
            }
        }
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum /= weight;
        }
        Plane {
            dim: self.noisy.dim,
            values: sums,
        }
    }

    fn empty_row(&self) -> Row<N> {
        let pixels = self.window_pixels();
        let block = [[0.0; N]; N];
        Row {
            matches: Matches::new(self.places.len(), self.noisy.dim.1, self.stage.stack),
            stack: vec![block; self.stage.stack],
            estimate: vec![block; self.stage.stack],
            first: 0,
            sums: vec![0.0; pixels],
            weights: vec![0.0; pixels],
        }
    }

    /// Filters the stacks of all references of the row that begins at `start`.
    fn fill(&self, row: &mut Row<N>, start: usize) {
        row.first = start.saturating_sub(self.stage.window / 2);
        // At the end of the image fewer rows are left.
        let pixels = self.noisy.values.len() - row.first * self.noisy.dim.1;
        for values in [&mut row.sums, &mut row.weights] {
            let length = self.window_pixels().min(pixels);
            values.clear();
            values.resize(length, 0.0);
        }
        let compared = match self.filter {
            Filter::Hard(_) => self.noisy,
            Filter::Wiener(estimate) => estimate,
        };
        row.matches
            .find::<N>(compared, start, &self.places, self.stage);
        for reference in 0..self.places.len() {
            self.filter_stack(row, reference);
        }
    }

    /// Of the rows of the window, and of the blocks that begin in its last.
    fn window_pixels(&self) -> usize {
        (self.stage.window - 1 + N).min(self.noisy.dim.0) * self.noisy.dim.1
    }

    fn filter_stack(&self, row: &mut Row<N>, reference: usize) {
        let similar = row.matches.of(reference);
        let stack = &mut row.stack[..similar.len()];
        self.load(self.noisy, similar.iter().map(|s| s.corner), stack);
        let weight = match self.filter {
            Filter::Hard(threshold) => hard_threshold(stack, threshold),
            Filter::Wiener(image) => {
                let estimate = &mut row.estimate[..similar.len()];
                self.load(image, similar.iter().map(|s| s.corner), estimate);
                wiener(stack, estimate)
            }
        };
        haar_inverse(stack);
        let width = self.noisy.dim.1;
        let window = self.window.map(|line| line.map(|value| value * weight));
        for (coefficients, similar) in stack.iter().zip(similar) {
            let [x, y] = similar.corner;
            let pixels = self.cosine.inverse(coefficients);
            for (line, (pixels, window)) in pixels.iter().zip(&window).enumerate() {
                let from = (x + line - row.first) * width + y;
                let sums = &mut row.sums[from..from + N];
                let weights = &mut row.weights[from..from + N];
                for k in 0..N {
                    sums[k] += window[k] * pixels[k];
                    weights[k] += window[k];
                }
            }
        }
    }

    /// The coefficients of a stack of blocks of an image.
    fn load(
        &self,
        image: &Plane,
        corners: impl Iterator<Item = [usize; 2]>,
        stack: &mut [Block<N>],
    ) {
        for (block, corner) in stack.iter_mut().zip(corners) {
            *block = self.cosine.forward(&image.block(corner));
        }
        haar(stack);
    }
}

/// Sets small coefficients to zero, but for the mean; the weight of the stack.
fn hard_threshold<const N: usize>(stack: &mut [Block<N>], threshold: f32) -> f32 {
    let mean = stack[0][0][0];
    let mut kept = 0.0_f32;
    for line in stack.iter_mut().flatten() {
        for value in line {
            let keep = if value.abs() > threshold { 1.0 } else { 0.0 };
            *value *= keep;
            kept += keep;
        }
    }
    stack[0][0][0] = mean;
    1.0 / kept.max(1.0)
}

// ANCHOR: wiener
/// Multiplies coefficients by the part of their power that is no noise, but for the mean; the weight of
/// the stack.
fn wiener<const N: usize>(stack: &mut [Block<N>], estimate: &[Block<N>]) -> f32 {
    let mean = stack[0][0][0];
    let mut squares = 0.0;
    for (line, estimate) in stack.iter_mut().flatten().zip(estimate.iter().flatten()) {
        for (value, estimate) in line.iter_mut().zip(estimate) {
            let power = estimate * estimate;
            let part = power / (power + 1.0);
            *value *= part;
            squares += part * part;
        }
    }
    stack[0][0][0] = mean;
    1.0 / squares.max(1e-3)
}
// ANCHOR_END: wiener

/// Every `step`th place from 0, and the last.
fn places(last: usize, step: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..last).step_by(step).collect();
    places.push(last);
    places
}

fn add(sums: &mut [f32], values: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}
