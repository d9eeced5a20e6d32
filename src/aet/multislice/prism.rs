//! PRISM (Ophus, Adv. Struct. Chem. Imaging 3, 13 (2017), doi 10.1186/s40679-017-0046-1): the beam is
//! a sum of plane waves, so the wave behind the sample is the sum of what the sample makes of each.
//!
//! Each plane wave goes through the sample once (the compact S-matrix), and the waves of all
//! positions are sums over it. With the factor `f` only every f-th plane wave along x and y is
//! used; a sum of those repeats itself `f` times across the cell, and one of the repetitions is cut out
//! in a window about the probe.
//!
//! The positions stand on a grid, so the sum over x is done once for all positions with the same x.

use rayon::prelude::*;

use super::cell::{Beam, Cell, beams, intensity};
use super::options::Microscope;
use super::probes::{Scan, collect, factor};
use super::slices::{Optics, Stack, Work};
use super::transform::{C32, Transform, add_scaled, index_of, signed};
use crate::numerics::fast_length;
use crate::progress::Progress;

/// The plane waves and windows of one cell.
pub(super) struct Prism {
    beams: Vec<Beam>,
    /// The grid on which the waves behind the sample are kept: as fine as the detector needs.
    kept: Transform,
    /// The grid of a window.
    window: Transform,
    /// By the frequencies of a window: its weight on the detector.
    weights: Vec<f32>,
}

/// The sides of the windows, in samples, and the largest frequency along y on the detector, in steps of
/// a window.
fn window(cell: &Cell, factor: usize, farthest: f64) -> ([usize; 2], usize) {
    // One step more: the edge of the detector is one step wide.
    let reach = cell
        .side
        .map(|side| (farthest * side / factor as f64).ceil() as usize + 1);
    (
        reach.map(|reach| fast_length(2 * reach + 2, 2, 7)),
        reach[1],
    )
}

/// The numbers that decide the memory.
pub(super) struct Sizes {
    beams: usize,
    groups: usize,
    window: [usize; 2],
    kept: [usize; 2],
}

impl Sizes {
    pub(super) fn of(
        cell: &Cell,
        factor: usize,
        wavelength: f64,
        microscope: &Microscope,
    ) -> Sizes {
        let (window, _) = window(cell, factor, farthest(wavelength, microscope));
        let beams = beams(cell, factor, wavelength, microscope.convergence_mrad);
        Sizes {
            groups: beams.chunk_by(same_row).count(),
            beams: beams.len(),
            window,
            kept: window.map(|side| side * factor),
        }
    }

    /// Complex numbers of the S-matrix, and those that each thread works with.
    pub(super) fn complex_numbers(&self) -> (u64, u64) {
        let product = |sides: &[usize]| sides.iter().map(|&side| side as u64).product::<u64>();
        let sums = product(&[self.groups, self.window[0], self.kept[1]]);
        let own = sums + product(&self.kept) + 3 * product(&self.window);
        (product(&[self.beams, self.kept[0], self.kept[1]]), own)
    }

    /// The number of plane waves.
    pub(super) fn beams(&self) -> usize {
        self.beams
    }
}

fn same_row(one: &Beam, other: &Beam) -> bool {
    one.k[1] == other.k[1]
}

/// The largest frequency that matters behind the sample, in 1/Å.
fn farthest(wavelength: f64, microscope: &Microscope) -> f64 {
    microscope.outer_mrad.max(microscope.convergence_mrad) * 1e-3 / wavelength
}

impl Prism {
    pub(super) fn new(optics: &Optics, factor: usize, microscope: &Microscope) -> Prism {
        let (cell, wavelength) = (&optics.cell, optics.wavelength);
        let (size, largest_y) = window(cell, factor, farthest(wavelength, microscope));
        let kept = size.map(|side| side * factor);
        let beams = beams(cell, factor, wavelength, microscope.convergence_mrad);
        let window = Transform::new(size, largest_y);
        let samples = (size[0] * size[1]) as f64;
        let whole = intensity(&beams) * samples * samples;
        let spacing = factor as i64;
        let mut weights = Vec::with_capacity(window.spectrum_len());
        for row in 0..window.rows() {
            let y = signed(row, window.rows()) * spacing;
            weights.extend((0..size[0]).map(|column| {
                let k = [signed(column, size[0]) * spacing, y];
                (cell.detected(k, factor, wavelength, microscope) / whole) as f32
            }));
        }
        Prism {
            beams,
            kept: Transform::new(kept, optics.waves.largest_y.min((kept[1] - 1) / 2)),
            window,
            weights,
        }
    }

    /// The image, by x and y: which part of the beam falls on the detector.
    pub(super) fn image(
        &self,
        stack: &Stack<'_>,
        scan: &Scan,
        microscope: &Microscope,
        progress: &dyn Progress,
    ) -> Vec<f32> {
        let waves = self.matrix(stack, progress);
        let factors: Vec<f64> = self
            .beams
            .iter()
            .map(|beam| stack.focus(beam.k, microscope.defocus_angstrom))
            .collect();
        let lines = scan.x.par_iter();
        let lines: Vec<Vec<f32>> = lines
            .map(|&x| self.line(&waves, &factors, x, &scan.y))
            .collect();
        lines.concat()
    }

    /// The wave behind the sample for each plane wave in front of it, by plane wave, x and y.
    fn matrix(&self, stack: &Stack<'_>, progress: &dyn Progress) -> Vec<C32> {
        let mut waves = vec![C32::default(); self.beams.len() * self.kept.space_len()];
        let behind = waves.par_chunks_mut(self.kept.space_len());
        behind.zip(&self.beams).for_each_init(
            || (stack.work(), self.kept_work()),
            |(work, (spectrum, scratch)), (wave, beam)| {
                self.pass(stack, beam, work, spectrum);
                self.kept.to_space(spectrum, wave, scratch);
                progress.advance(1);
            },
        );
        waves
    }

    fn kept_work(&self) -> (Vec<C32>, Vec<C32>) {
        let zeros = |count| vec![C32::default(); count];
        (
            zeros(self.kept.spectrum_len()),
            zeros(self.kept.scratch_len()),
        )
    }

    /// Takes one plane wave through the sample; its spectrum behind it, as far as it is kept.
    fn pass(&self, stack: &Stack<'_>, beam: &Beam, work: &mut Work, behind: &mut [C32]) {
        let (nx, rows) = (stack.optics.cell.size[0], stack.optics.waves.rows());
        work.spectrum.fill(C32::default());
        work.spectrum[index_of(beam.k[1], rows) * nx + index_of(beam.k[0], nx)] =
            C32::new(1.0, 0.0);
        stack.pass(work);
        let (mx, kept_rows) = (self.kept.size[0], self.kept.rows());
        let most = (nx.min(mx) as i64 - 1) / 2;
        behind.fill(C32::default());
        for (row, line) in behind.chunks_mut(mx).enumerate() {
            let from = index_of(signed(row, kept_rows), rows) * nx;
            for k in -most..=most {
                line[index_of(k, mx)] = work.spectrum[from + index_of(k, nx)];
            }
        }
    }

    /// The pixels at one x (in turns of the cell).
    fn line(&self, waves: &[C32], focus: &[f64], x: f64, y: &[f64]) -> Vec<f32> {
        let [wx, wy] = self.window.size;
        let [mx, my] = self.kept.size;
        let groups: Vec<&[Beam]> = self.beams.chunk_by(same_row).collect();
        // The sum over x, by row of the aperture, x in the window and y in the cell.
        let first = start(x, mx, wx);
        let mut sums = vec![C32::default(); groups.len() * wx * my];
        let mut number = 0;
        for (group, sums) in groups.iter().zip(sums.chunks_mut(wx * my)) {
            for beam in *group {
                let factor = factor(beam.amplitude, focus[number], beam.k[0], x);
                let wave = &waves[number * mx * my..(number + 1) * mx * my];
                for (column, sum) in sums.chunks_mut(my).enumerate() {
                    let from = (first + column) % mx * my;
                    add_scaled(sum, factor, &wave[from..from + my]);
                }
                number += 1;
            }
        }
        let mut wave = vec![C32::default(); wx * wy];
        let mut spectrum = vec![C32::default(); self.window.spectrum_len()];
        let mut scratch = vec![C32::default(); self.window.scratch_len()];
        y.iter()
            .map(|&y| {
                wave.fill(C32::default());
                let first = start(y, my, wy);
                let before_end = wy.min(my - first);
                for (group, sums) in groups.iter().zip(sums.chunks(wx * my)) {
                    let factor = factor(1.0, 0.0, group[0].k[1], y);
                    for (line, sum) in wave.chunks_mut(wy).zip(sums.chunks(my)) {
                        let (head, tail) = line.split_at_mut(before_end);
                        add_scaled(head, factor, &sum[first..]);
                        add_scaled(tail, factor, sum);
                    }
                }
                self.window
                    .to_spectrum(&mut wave, &mut spectrum, &mut scratch);
                collect(&spectrum, &self.weights) as f32
            })
            .collect()
    }
}

/// The first of `window` samples of `count` about a place in turns of the cell.
fn start(turns: f64, count: usize, window: usize) -> usize {
    let middle = (turns * count as f64).round() as i64;
    index_of(middle - (window / 2) as i64, count)
}
