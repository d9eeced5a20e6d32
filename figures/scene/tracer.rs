//! From a scene to a picture: visibility, light, ambient occlusion, depth cue.
//!
//! A first pass finds what is nearest at the centre of every pixel. In a second, bands of rows are
//! drawn: what a pixel sees is lit, darkened by what the first pass found to stand in front of it
//! nearby, faded towards the paper with its distance, and covered by the faces before it. Where a
//! pixel or one beside it sees more than one body, and at the borders of faces, the pixel is
//! sampled [`SIDE`] × [`SIDE`] times and the samples are averaged: edges are what needs them.

use std::ops::Range;

use rayon::prelude::*;

use super::light::{Light, PAPER, encoded, faded, linear, lit};
use super::occlusion::{Openness, Surroundings};
use super::solids::{Face, PASSED, Point, Solid};
use super::{Camera, Picture, Scene};

/// Samples along each side of a pixel at an edge, and in all.
const SIDE: usize = 4;
const SAMPLES: usize = SIDE * SIDE;
/// Sight lines that are followed side by side.
pub(super) const LANES: usize = 8;
/// Rows of pixels that one thread works on at a time.
const BAND: usize = 32;
/// Nothing is seen.
pub(super) const NOTHING: u32 = u32::MAX;

/// How far ambient occlusion reaches, in ångström.
const REACH_ANGSTROM: f64 = 2.5;
/// How much of the paper shines through at the far end of the scene; scenes less deep than
/// `DEEP_ANGSTROM` are faded less.
const FADE: f32 = 0.5;
const DEEP_ANGSTROM: f64 = 12.0;

/// A solid with its colour.
struct Body {
    solid: Solid,
    colour: Light,
}

/// A face with the light that it sends to the viewer and the share of light that it stops.
struct Pane {
    face: Face,
    light: Light,
    alpha: f32,
}

/// A scene as the camera sees it.
struct Stage {
    bodies: Vec<Body>,
    panes: Vec<Pane>,
    /// Distance of the front from the middle, and the depth over which things fade, in pixels.
    front: f32,
    depth: f32,
    reach: f64,
    size: (usize, usize),
}

/// What is nearest to the viewer at the centre of every pixel. Rows are padded to whole lanes.
pub(super) struct Seen {
    pub(super) size: (usize, usize),
    pub(super) stride: usize,
    pub(super) depth: Vec<f32>,
    body: Vec<u32>,
}

/// The samples of a pixel: how near to the viewer they are, and the light that they see.
type Samples = [(f32, Light); SAMPLES];

/// Draws the scene.
pub fn render(scene: &Scene, camera: &Camera) -> Picture {
    let stage = Stage::new(&scene.finite(), camera);
    let (width, height) = stage.size;
    let seen = stage.look();
    let around = Surroundings::new(&seen, stage.reach);
    let mut rgb = vec![u8::MAX; 3 * width * height];
    rgb.par_chunks_mut((3 * width * BAND).max(1))
        .enumerate()
        .for_each(|(band, rgb)| stage.draw(&seen, &around, band * BAND, rgb));
    Picture {
        width: width as u32,
        height: height as u32,
        rgb,
    }
}

impl Stage {
    fn new(scene: &Scene, camera: &Camera) -> Stage {
        let scale = camera.pixels_per_angstrom;
        let balls = scene.spheres.iter().map(|sphere| Body {
            solid: Solid::ball(camera.project(sphere.centre), sphere.radius * scale),
            colour: linear(sphere.colour),
        });
        let rods = scene.sticks.iter().map(|stick| Body {
            solid: Solid::rod(
                stick.ends.map(|end| camera.project(end)),
                stick.radius * scale,
            ),
            colour: linear(stick.colour),
        });
        let bodies: Vec<Body> = balls.chain(rods).collect();
        let panes = scene.triangles.iter().filter_map(|triangle| {
            let face = Face::new(triangle.corners.map(|corner| camera.project(corner)))?;
            let normal = face.normal.map(|x| x as f32);
            Some(Pane {
                light: lit(linear(triangle.colour), normal, 1.0),
                face,
                alpha: triangle.alpha.min(1.0) as f32,
            })
        });
        let solids = || bodies.iter().map(|body| body.solid);
        let front = solids().map(|solid| solid.front());
        let front = front.fold(f32::NEG_INFINITY, f32::max);
        let back = solids().map(|solid| solid.back());
        let back = back.fold(f32::INFINITY, f32::min);
        let front = if front.is_finite() { front } else { 0.0 };
        Stage {
            panes: panes.collect(),
            front,
            depth: (front - back).max((DEEP_ANGSTROM * scale) as f32),
            reach: REACH_ANGSTROM * scale,
            size: (camera.size.0 as usize, camera.size.1 as usize),
            bodies,
        }
    }

    /// What is nearest to the viewer at the centre of every pixel.
    fn look(&self) -> Seen {
        let (width, height) = self.size;
        let stride = width.next_multiple_of(LANES);
        let mut seen = Seen {
            size: self.size,
            stride,
            depth: vec![PASSED; stride * height],
            body: vec![NOTHING; stride * height],
        };
        let mut within: Vec<Vec<u32>> = vec![Vec::new(); height.div_ceil(BAND)];
        for (index, body) in self.bodies.iter().enumerate() {
            let rows = covered(body.solid.rows(), 0..height);
            for band in &mut within[rows.start / BAND..rows.end.div_ceil(BAND)] {
                band.push(index as u32);
            }
        }
        let band = (stride * BAND).max(1);
        let bands = seen.depth.par_chunks_mut(band);
        bands
            .zip(seen.body.par_chunks_mut(band))
            .zip(within)
            .enumerate()
            .for_each(|(band, ((depth, body), within))| {
                let first = band * BAND;
                for index in within {
                    let solid = self.bodies[index as usize].solid;
                    for row in covered(solid.rows(), first..first + depth.len() / stride) {
                        let line = (row - first) * stride..(row - first + 1) * stride;
                        let (depth, body) = (&mut depth[line.clone()], &mut body[line]);
                        meet(solid, index, row, (depth, body));
                    }
                }
            });
        seen
    }

    /// Draws the rows of a band, the first of which is `first`, on white.
    fn draw(&self, seen: &Seen, around: &Surroundings<'_>, first: usize, rgb: &mut [u8]) {
        let width = self.size.0;
        let rows = first..first + rgb.len() / (3 * width);
        let openness = Openness::new(seen, rows.clone(), |at, body| {
            let point = seen.point(at);
            around.seen_from(at, point[2], self.normal(body, point))
        });
        let shaded = |at: (usize, usize), body: u32, point: Point| {
            let normal = self.normal(body, point);
            let open = openness.at(at, body);
            let open = open.unwrap_or_else(|| around.seen_from(at, point[2], normal));
            self.faded(
                lit(self.bodies[body as usize].colour, normal, open),
                point[2],
            )
        };
        let covers = self.covers(rows.clone());
        let mut covers = covers.as_slice();
        let mut whole = vec![false; width];
        for (row, line) in rows.zip(rgb.chunks_exact_mut(3 * width)) {
            seen.whole(row, &mut whole);
            for (column, pixel) in line.as_chunks_mut::<3>().0.iter_mut().enumerate() {
                let at = (column, row);
                let here = covers.iter().take_while(|cover| cover.at == (row, column));
                let (over, others) = covers.split_at(here.count());
                covers = others;
                let body = seen.body_at(at);
                if whole[column] && body == NOTHING && over.is_empty() {
                    continue;
                }
                let mean = if whole[column] && over.iter().all(|cover| self.even(cover, seen)) {
                    let point = seen.point(at);
                    let light = match body {
                        NOTHING => PAPER,
                        body => shaded(at, body, point),
                    };
                    let mut middle = [(point[2], light)];
                    self.cover(over, 1, &mut middle);
                    middle[0].1
                } else {
                    let mut samples = self.samples(seen, at, &shaded);
                    self.cover(over, SIDE, &mut samples);
                    let sum = samples.iter().fold([0.0; 3], |sum, (_, light)| {
                        [0, 1, 2].map(|k| sum[k] + light[k])
                    });
                    sum.map(|part| part / SAMPLES as f32)
                };
                *pixel = encoded(mean);
            }
        }
    }

    /// What the samples of a pixel see of the bodies that are seen at the centres of this pixel
    /// and of those beside it. A body that none of them sees is narrower than a pixel there.
    fn samples(
        &self,
        seen: &Seen,
        at: (usize, usize),
        shaded: impl Fn((usize, usize), u32, Point) -> Light,
    ) -> Samples {
        let places: [_; SAMPLES] = std::array::from_fn(|k| place(at, SIDE, k));
        let (x, y) = (places.map(|p| p[0]), places.map(|p| p[1]));
        let (mut depth, mut nearest) = ([PASSED; SAMPLES], [NOTHING; SAMPLES]);
        let (mut bodies, mut count) = ([NOTHING; 9], 0);
        for body in seen.around(at) {
            if bodies[..count].contains(&body) {
                continue;
            }
            bodies[count] = body;
            count += 1;
            if body == NOTHING {
                continue;
            }
            let met = self.bodies[body as usize].solid.depths(x, y);
            for k in 0..SAMPLES {
                if met[k] > depth[k] {
                    (depth[k], nearest[k]) = (met[k], body);
                }
            }
        }
        let bodies = &bodies[..count];
        if !bodies.contains(&NOTHING) {
            // Through a gap that no centre looks through, something is seen nevertheless.
            let closed = (seen.point(at)[2], seen.body_at(at));
            for (depth, nearest) in depth.iter_mut().zip(&mut nearest) {
                if *nearest == NOTHING {
                    (*depth, *nearest) = closed;
                }
            }
        }
        let mut samples = depth.map(|z| (z, PAPER));
        for &body in bodies.iter().filter(|&&body| body != NOTHING) {
            // What the pixel sees of a body is lit as it is in its middle.
            let (mut sum, mut of) = ([0.0; 3], 0);
            for k in (0..SAMPLES).filter(|&k| nearest[k] == body) {
                sum = [sum[0] + x[k], sum[1] + y[k], sum[2] + depth[k]];
                of += 1;
            }
            if of > 0 {
                let light = shaded(at, body, sum.map(|part| part / of as f32));
                for k in (0..SAMPLES).filter(|&k| nearest[k] == body) {
                    samples[k].1 = light;
                }
            }
        }
        samples
    }

    /// The faces over the pixels of some rows, pixel by pixel.
    fn covers(&self, rows: Range<usize>) -> Vec<Cover> {
        let mut covers = Vec::new();
        for (pane, Pane { face, .. }) in self.panes.iter().enumerate() {
            let columns = face.columns();
            for row in covered(face.rows(), rows.clone()) {
                for column in covered(columns.clone(), 0..self.size.0) {
                    let [x, y] = place((column, row), 1, 0).map(f64::from);
                    if let Some(whole) = face.covers(x, y) {
                        let at = (row, column);
                        covers.push(Cover { at, pane, whole });
                    }
                }
            }
        }
        covers.sort_unstable();
        covers
    }

    /// Whether a face covers all of a pixel and goes through no surface in it.
    fn even(&self, cover: &Cover, seen: &Seen) -> bool {
        let (row, column) = cover.at;
        let at = (column, row);
        let face = &self.panes[cover.pane].face;
        let slope = match seen.body_at(at) {
            NOTHING => 0.0,
            body => {
                let normal = self.normal(body, seen.point(at));
                0.5 * (normal[0].abs() + normal[1].abs()) / normal[2]
            }
        };
        let [x, y, z] = seen.point(at).map(f64::from);
        let apart = |depth: f64| (depth - z).abs() > f64::from(slope) + face.slope();
        cover.whole && face.hit(x, y).is_some_and(apart)
    }

    /// Lays faces over samples of a pixel, `side` along each of its sides, from back to front.
    fn cover(&self, over: &[Cover], side: usize, samples: &mut [(f32, Light)]) {
        if over.is_empty() {
            return;
        }
        let mut layers: Vec<(f64, &Pane)> = Vec::with_capacity(over.len());
        for (k, (depth, light)) in samples.iter_mut().enumerate() {
            layers.clear();
            layers.extend(over.iter().filter_map(|cover| {
                let pane = &self.panes[cover.pane];
                let [x, y] = place((cover.at.1, cover.at.0), side, k).map(f64::from);
                let z = pane.face.hit(x, y)?;
                (z > f64::from(*depth)).then_some((z, pane))
            }));
            layers.sort_by(|a, b| a.0.total_cmp(&b.0));
            for &(z, pane) in &layers {
                let colour = self.faded(pane.light, z as f32);
                *light = [0, 1, 2].map(|k| light[k] + pane.alpha * (colour[k] - light[k]));
            }
        }
    }

    fn normal(&self, body: u32, point: Point) -> Point {
        self.bodies[body as usize].solid.normal(point)
    }

    /// Light from the depth `z` mixed with the paper's white, the more the farther away it is.
    fn faded(&self, light: Light, z: f32) -> Light {
        let share = FADE * ((self.front - z) / self.depth).clamp(0.0, 1.0);
        faded(light, share)
    }
}

impl Seen {
    /// The body that is seen at the centre of a pixel.
    pub(super) fn body_at(&self, (column, row): (usize, usize)) -> u32 {
        self.body[row * self.stride + column]
    }

    /// The point that is seen at the centre of a pixel.
    fn point(&self, at: (usize, usize)) -> Point {
        let [x, y] = place(at, 1, 0);
        [x, y, self.depth[at.1 * self.stride + at.0]]
    }

    /// The bodies at the centres of a pixel, the first of all, and of those beside it.
    fn around(&self, (column, row): (usize, usize)) -> impl Iterator<Item = u32> {
        let columns = column.saturating_sub(1)..(column + 2).min(self.size.0);
        let rows = row.saturating_sub(1)..(row + 2).min(self.size.1);
        let beside = rows.flat_map(move |row| columns.clone().map(move |column| (column, row)));
        std::iter::once((column, row))
            .chain(beside)
            .map(|at| self.body_at(at))
    }

    /// Says of every pixel of a row whether it and those beside it see the same body, or nothing.
    fn whole(&self, row: usize, whole: &mut [bool]) {
        let (width, height) = self.size;
        let line = |row: usize| &self.body[row * self.stride..][..width];
        let (above, here, below) = (
            line(row.saturating_sub(1)),
            line(row),
            line((row + 1).min(height - 1)),
        );
        let mut before = true;
        let mut upright = here[0] == above[0] && here[0] == below[0];
        for column in 0..width {
            let next = (column + 1).min(width - 1);
            let after = here[next] == above[next] && here[next] == below[next];
            let beside = here[column] == here[next];
            whole[column] = before && upright && after && beside;
            (before, upright) = (upright && beside, after);
        }
    }
}

/// A face over a pixel (row and column), and whether it covers all of it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Cover {
    at: (usize, usize),
    pane: usize,
    whole: bool,
}

/// Enters a solid into a row of what is seen.
fn meet(solid: Solid, index: u32, row: usize, (depth, body): (&mut [f32], &mut [u32])) {
    let y = row as f32 + 0.5;
    let columns = covered(solid.columns(y), 0..depth.len());
    let lanes = columns.start / LANES..columns.end.div_ceil(LANES);
    let depth = &mut depth.as_chunks_mut::<LANES>().0[lanes.clone()];
    let body = &mut body.as_chunks_mut::<LANES>().0[lanes.clone()];
    for (lane, (depth, body)) in lanes.zip(depth.iter_mut().zip(body)) {
        let first = (lane * LANES) as f32 + 0.5;
        let met = solid.depths(std::array::from_fn(|k| first + k as f32), [y; LANES]);
        for k in 0..LANES {
            let nearer = met[k] > depth[k];
            depth[k] = if nearer { met[k] } else { depth[k] };
            body[k] = if nearer { index } else { body[k] };
        }
    }
}

/// Where sample number `k` of a pixel lies, of `side` along each side.
fn place((column, row): (usize, usize), side: usize, k: usize) -> [f32; 2] {
    let within = |k: usize| (k as f32 + 0.5) / side as f32;
    [
        column as f32 + within(k % side),
        row as f32 + within(k / side),
    ]
}

/// The pixels among `of` that lie at least in part between two places.
fn covered<T: Into<f64>>(places: Range<T>, of: Range<usize>) -> Range<usize> {
    let clamp = |place: f64| (place.max(0.0) as usize).clamp(of.start, of.end);
    let first = clamp(places.start.into().floor());
    first..clamp(places.end.into().ceil()).max(first)
}
