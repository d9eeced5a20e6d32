//! From a scene to a picture: visibility, light, ambient occlusion, depth cue.
//!
//! A first pass finds what is nearest at the centre of every pixel. In a second, bands of rows are
//! drawn: what a pixel sees is lit, darkened by what the first pass found to stand in front of it
//! nearby, faded towards the paper with its distance, and covered by the faces before it. Where a
//! pixel and those beside it do not all see one body, and at the borders of faces, the pixel is
//! sampled [`SIDE`] × [`SIDE`] times and the samples are averaged: edges are what needs them.

use std::ops::Range;

use rayon::prelude::*;

use super::light::{Light, PAPER, encoded, faded, linear, lit};
use super::occlusion::{Openness, Surroundings};
use super::seen::{LANES, NOTHING, Seen, covered, meet, nearest, place};
use super::solids::{Face, PASSED, Point, Solid};
use super::{Camera, Picture, Scene};

/// Samples along each side of a pixel at an edge, and in all.
const SIDE: usize = 4;
const SAMPLES: usize = SIDE * SIDE;
/// Bodies with a smaller radius, in pixels, may pass between the middles of pixels.
const THIN: f32 = 0.75;
/// Rows of pixels that one thread works on at a time.
const BAND: usize = 32;

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

/// A scene as the camera sees it: solids from front to back.
struct Setting {
    bodies: Vec<Body>,
    /// The bodies that each band of rows has a part of.
    within: Vec<Vec<u32>>,
    panes: Vec<Pane>,
    /// Distance of the front from the middle, and the depth over which things fade, in pixels.
    front: f32,
    depth: f32,
    reach: f64,
    size: (usize, usize),
}

/// What the samples of a pixel (column and row) see, and how near to the viewer it is.
struct Samples {
    at: (usize, usize),
    depth: [f32; SAMPLES],
    body: [u32; SAMPLES],
}

/// Draws the scene.
pub fn render(scene: &Scene, camera: &Camera) -> Picture {
    let setting = Setting::new(&scene.finite(), camera);
    let (width, height) = setting.size;
    let seen = setting.look();
    let around = Surroundings::new(&seen, setting.reach);
    let mut rgb = vec![u8::MAX; 3 * width * height];
    rgb.par_chunks_mut((3 * width * BAND).max(1))
        .enumerate()
        .for_each(|(band, rgb)| setting.draw(&seen, &around, band * BAND, rgb));
    Picture {
        width: width as u32,
        height: height as u32,
        rgb,
    }
}

impl Setting {
    fn new(scene: &Scene, camera: &Camera) -> Setting {
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
        let mut bodies: Vec<Body> = balls.chain(rods).collect();
        // What is in front hides much of the rest before it is looked at. The sort is stable.
        bodies.sort_by(|a, b| b.solid.front().total_cmp(&a.solid.front()));
        let size = (camera.size.0 as usize, camera.size.1 as usize);
        let mut within = vec![Vec::new(); size.1.div_ceil(BAND)];
        for (index, body) in bodies.iter().enumerate() {
            let rows = covered(body.solid.rows(), 0..size.1);
            for band in &mut within[rows.start / BAND..rows.end.div_ceil(BAND)] {
                band.push(index as u32);
            }
        }
        let panes = scene.triangles.iter().filter_map(|triangle| {
            let face = Face::new(triangle.corners.map(|corner| camera.project(corner)))?;
            let normal = face.normal.as_vec3();
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
        Setting {
            panes: panes.collect(),
            front,
            depth: (front - back).max((DEEP_ANGSTROM * scale) as f32),
            reach: REACH_ANGSTROM * scale,
            size,
            bodies,
            within,
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
        let band = (stride * BAND).max(1);
        let bands = seen.depth.par_chunks_mut(band);
        bands
            .zip(seen.body.par_chunks_mut(band))
            .zip(&self.within)
            .enumerate()
            .for_each(|(band, ((depth, body), within))| {
                let first = band * BAND;
                for &index in within {
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
            around.seen_from(at, point.z, self.normal(body, point))
        });
        let shaded = |at: (usize, usize), body: u32, point: Point| {
            let normal = self.normal(body, point);
            let open = openness.at(at, body);
            let open = open.unwrap_or_else(|| around.seen_from(at, point.z, normal));
            self.faded(
                lit(self.bodies[body as usize].colour, normal, open),
                point.z,
            )
        };
        let covers = self.covers(rows.clone());
        let edges = self.edges(seen, rows.clone(), &covers);
        let mut covers = covers.as_slice();
        let mut edges = edges.as_slice();
        for (row, line) in rows.zip(rgb.chunks_exact_mut(3 * width)) {
            for (column, pixel) in line.as_chunks_mut::<3>().0.iter_mut().enumerate() {
                let at = (column, row);
                let here = covers.iter().take_while(|cover| cover.at == (row, column));
                let (over, others) = covers.split_at(here.count());
                covers = others;
                let mean = match edges.split_first() {
                    Some((edge, others)) if edge.at == at => {
                        edges = others;
                        let mut light = self.light(edge, shaded);
                        self.cover(over, SIDE, &edge.depth, &mut light);
                        mean(&light)
                    }
                    _ => {
                        let point = seen.point(at);
                        let body = seen.body_at(at);
                        if body == NOTHING && over.is_empty() {
                            continue;
                        }
                        let mut light = [PAPER];
                        if body != NOTHING {
                            light = [shaded(at, body, point)];
                        }
                        self.cover(over, 1, &[point.z], &mut light);
                        light[0]
                    }
                };
                *pixel = encoded(mean);
            }
        }
    }

    /// The pixels of some rows that have to be sampled, row by row, with their samples.
    fn edges(&self, seen: &Seen, rows: Range<usize>, covers: &[Cover]) -> Vec<Samples> {
        const NONE: u32 = u32::MAX;
        let width = self.size.0;
        let mut slots = vec![NONE; rows.len() * width];
        for (row, slots) in rows.clone().zip(slots.chunks_exact_mut(width)) {
            seen.mark_edges(row, |column| slots[column] = 0);
        }
        for cover in covers.iter().filter(|cover| !self.even(cover, seen)) {
            slots[(cover.at.0 - rows.start) * width + cover.at.1] = 0;
        }
        // What is narrower than the distance of the middles may lie between them all.
        for (row, columns) in self
            .pixels_of(rows.clone(), |solid| solid.radius() < THIN)
            .map(|(_, at)| at)
        {
            slots[(row - rows.start) * width..][columns].fill(0);
        }
        let mut edges = Vec::new();
        for (k, slot) in slots.iter_mut().enumerate() {
            if *slot != NONE {
                *slot = edges.len() as u32;
                edges.push(Samples {
                    at: (k % width, rows.start + k / width),
                    depth: [PASSED; SAMPLES],
                    body: [NOTHING; SAMPLES],
                });
            }
        }
        for (index, (row, columns)) in self.pixels_of(rows.clone(), |_| true) {
            for &slot in &slots[(row - rows.start) * width..][columns] {
                if slot != NONE {
                    edges[slot as usize].meet(self.bodies[index as usize].solid, index);
                }
            }
        }
        edges
    }

    /// The bodies of a kind in a band of rows, with the columns of each row that they may be seen in.
    fn pixels_of(
        &self,
        rows: Range<usize>,
        is_meant: impl Fn(Solid) -> bool,
    ) -> impl Iterator<Item = (u32, (usize, Range<usize>))> {
        let bodies = self.within[rows.start / BAND].iter();
        let solids = bodies.map(|&index| (index, self.bodies[index as usize].solid));
        let meant = solids.filter(move |(_, solid)| is_meant(*solid));
        meant.flat_map(move |(index, solid)| {
            covered(solid.rows(), rows.clone()).map(move |row| {
                let columns = solid.columns(row as f32..(row + 1) as f32);
                (index, (row, covered(columns, 0..self.size.0)))
            })
        })
    }

    /// The light that the samples of a pixel see. What the pixel sees of a body is lit as it is
    /// in the middle of that part.
    fn light(
        &self,
        samples: &Samples,
        shaded: impl Fn((usize, usize), u32, Point) -> Light,
    ) -> [Light; SAMPLES] {
        let mut light = [PAPER; SAMPLES];
        let mut left = samples.body;
        while let Some(&body) = left.iter().find(|&&body| body != NOTHING) {
            let (mut sum, mut of) = (Point::ZERO, 0);
            for k in (0..SAMPLES).filter(|&k| samples.body[k] == body) {
                let [x, y] = place(samples.at, SIDE, k);
                sum += Point::new(x, y, samples.depth[k]);
                of += 1;
            }
            let shade = shaded(samples.at, body, sum / of as f32);
            for k in (0..SAMPLES).filter(|&k| samples.body[k] == body) {
                (light[k], left[k]) = (shade, NOTHING);
            }
        }
        light
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
                0.5 * (normal.x.abs() + normal.y.abs()) / normal.z.abs()
            }
        };
        let [x, y, z] = seen.point(at).to_array().map(f64::from);
        let apart = |depth: f64| (depth - z).abs() > f64::from(slope) + face.slope();
        cover.whole && face.hit(x, y).is_some_and(apart)
    }

    /// Lays faces over the samples of a pixel, `side` along each of its sides, from back to front.
    fn cover(&self, over: &[Cover], side: usize, depth: &[f32], light: &mut [Light]) {
        if over.is_empty() {
            return;
        }
        let mut layers: Vec<(f64, &Pane)> = Vec::with_capacity(over.len());
        for (k, (&depth, light)) in depth.iter().zip(light).enumerate() {
            layers.clear();
            for cover in over {
                let pane = &self.panes[cover.pane];
                let [x, y] = place((cover.at.1, cover.at.0), side, k).map(f64::from);
                let hit = pane.face.hit(x, y).filter(|&z| z > f64::from(depth));
                layers.extend(hit.map(|z| (z, pane)));
            }
            layers.sort_by(|a, b| a.0.total_cmp(&b.0));
            for &(z, pane) in &layers {
                let colour = self.faded(pane.light, z as f32);
                *light = [0, 1, 2].map(|k| light[k] + pane.alpha * (colour[k] - light[k]));
            }
        }
    }

    #[inline]
    fn normal(&self, body: u32, point: Point) -> Point {
        self.bodies[body as usize].solid.normal(point)
    }

    /// Light from the depth `z` mixed with the paper's white, the more the farther away it is.
    #[inline]
    fn faded(&self, light: Light, z: f32) -> Light {
        let share = FADE * ((self.front - z) / self.depth).clamp(0.0, 1.0);
        faded(light, share)
    }
}

impl Samples {
    /// Enters a solid into the samples of a pixel.
    fn meet(&mut self, solid: Solid, index: u32) {
        let front = solid.front();
        if self.depth.iter().all(|&depth| depth >= front) {
            return;
        }
        let places: [_; SAMPLES] = std::array::from_fn(|k| place(self.at, SIDE, k));
        let met = solid.depths(places.map(|at| at[0]), places.map(|at| at[1]));
        nearest(&met, index, &mut self.depth, &mut self.body);
    }
}

/// A face over a pixel (row and column), and whether it covers all of it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Cover {
    at: (usize, usize),
    pane: usize,
    whole: bool,
}

/// The mean of some light.
fn mean(light: &[Light]) -> Light {
    let sum = light
        .iter()
        .fold([0.0; 3], |sum, light| [0, 1, 2].map(|k| sum[k] + light[k]));
    sum.map(|part| part / light.len() as f32)
}
