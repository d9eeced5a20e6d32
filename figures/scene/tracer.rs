//! From a scene to a picture: visibility, light, ambient occlusion, depth cue.
//!
//! A first pass finds the depth at the centre of every pixel. In a second, bands of rows are
//! sampled [`SIDE`] × [`SIDE`] times per pixel; what a sample sees is lit, darkened by what the
//! first pass found to stand in front of it nearby, faded towards the paper with its distance,
//! covered by the faces before it, and averaged with the pixel's other samples. Light is added and
//! averaged in linear intensities, not in the values of the file.

use amorphous_packing::atoms::Vec3;
use amorphous_packing::geometry::dot;
use plotters::style::RGBColor;
use rayon::prelude::*;

use super::solids::{Face, Solid};
use super::{Camera, Picture, Scene};

/// Samples along each side of a pixel.
const SIDE: usize = 4;
/// Rows of pixels that one thread works on at a time.
const BAND: usize = 16;
/// Pixels along each side of a block in which occlusion is judged once for each body: it changes
/// over [`REACH_ANGSTROM`], many times as far.
const BLOCK: usize = 2;
/// The linear intensities of white paper.
const PAPER: [f64; 3] = [1.0; 3];
/// Nothing is seen.
const NOTHING: u32 = u32::MAX;

/// Where the light comes from: the left, above, and the viewer's side.
const LIGHT: Vec3 = [-0.371, -0.557, 0.743];
/// Halfway between the light and the viewer.
const GLOSS: Vec3 = [-0.199, -0.298, 0.934];
/// Parts of the light that come from everywhere and from one side, and the strength of the gloss.
const AMBIENT: f64 = 0.50;
const DIFFUSE: f64 = 0.62;
const SPECULAR: f64 = 0.16;

/// How far ambient occlusion reaches, in ångström, and the pixels that it is judged from.
const REACH_ANGSTROM: f64 = 2.5;
const TAPS: usize = 72;
const OCCLUSION: f64 = 1.5;

/// How much of the paper shines through at the far end of the scene; scenes less deep than
/// `DEEP_ANGSTROM` are faded less.
const FADE: f64 = 0.5;
const DEEP_ANGSTROM: f64 = 12.0;

/// A solid with its colour in linear intensities.
struct Body {
    solid: Solid,
    colour: [f64; 3],
}

/// A face with its colour.
struct Pane {
    face: Face,
    colour: [f64; 3],
    alpha: f64,
}

/// A scene as the camera sees it: solids from front to back.
struct Stage {
    bodies: Vec<Body>,
    panes: Vec<Pane>,
    /// Distance of the front from the middle, and the depth over which things fade, in pixels.
    front: f64,
    depth: f64,
    reach: f64,
    size: (usize, usize),
}

/// What the samples of some rows see.
struct Samples {
    depth: Vec<f32>,
    body: Vec<u32>,
}

/// Draws the scene.
pub fn render(scene: &Scene, camera: &Camera) -> Picture {
    let stage = Stage::new(&scene.finite(), camera);
    let (width, height) = stage.size;
    let coarse: Vec<f32> = stage.bands(1, |samples, _| samples.depth);
    let around = Surroundings {
        depth: &coarse,
        size: stage.size,
        taps: &taps(stage.reach),
        reach: stage.reach,
    };
    let rgb = stage.bands(SIDE, |samples, first| {
        stage.shade(&samples, first, |pixel, point, normal| {
            around.seen_from(pixel, point, normal)
        })
    });
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
            solid: Solid::Ball {
                centre: camera.project(sphere.centre),
                radius: sphere.radius * scale,
            },
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
        let panes = scene.triangles.iter().filter_map(|triangle| {
            Some(Pane {
                face: Face::new(triangle.corners.map(|corner| camera.project(corner)))?,
                colour: linear(triangle.colour),
                alpha: triangle.alpha.min(1.0),
            })
        });
        let solids = || bodies.iter().map(|body| body.solid);
        let front = solids()
            .map(|solid| solid.front())
            .fold(f64::NEG_INFINITY, f64::max);
        let back = solids()
            .map(|solid| solid.back())
            .fold(f64::INFINITY, f64::min);
        let front = if front.is_finite() { front } else { 0.0 };
        Stage {
            panes: panes.collect(),
            front,
            depth: (front - back).max(DEEP_ANGSTROM * scale),
            reach: REACH_ANGSTROM * scale,
            size: (camera.size.0 as usize, camera.size.1 as usize),
            bodies,
        }
    }

    /// What `work` makes of every band of rows, sampled `side` × `side` times per pixel, one band
    /// after the other. `work` is told the first row of the band.
    fn bands<T: Send + Sync>(
        &self,
        side: usize,
        work: impl Fn(Samples, usize) -> Vec<T> + Sync,
    ) -> Vec<T> {
        let (width, height) = self.size;
        let count = height.div_ceil(BAND);
        let mut within: Vec<Vec<u32>> = vec![Vec::new(); count];
        for (index, body) in self.bodies.iter().enumerate() {
            let rows = body.solid.rows();
            if rows.end < 0.0 || rows.start >= height as f64 {
                continue;
            }
            let first = rows.start.max(0.0) as usize / BAND;
            let last = (rows.end as usize / BAND).min(count - 1);
            for band in &mut within[first..=last] {
                band.push(index as u32);
            }
        }
        let parts: Vec<Vec<T>> = within
            .into_par_iter()
            .enumerate()
            .map(|(band, bodies)| {
                let first = band * BAND;
                let rows = BAND.min(height - first);
                work(self.look(&bodies, (first, rows), width, side), first)
            })
            .collect();
        parts.into_iter().flatten().collect()
    }

    /// What is nearest to the viewer at every sample.
    fn look(
        &self,
        bodies: &[u32],
        (first, rows): (usize, usize),
        width: usize,
        side: usize,
    ) -> Samples {
        let (columns, lines) = (width * side, rows * side);
        let step = 1.0 / side as f64;
        let mut samples = Samples {
            depth: vec![f32::NEG_INFINITY; columns * lines],
            body: vec![NOTHING; columns * lines],
        };
        for &index in bodies {
            let solid = self.bodies[index as usize].solid;
            let front = solid.front() as f32;
            let extent = solid.rows();
            for line in covered(
                extent.start - first as f64,
                extent.end - first as f64,
                step,
                lines,
            ) {
                let y = first as f64 + (line as f64 + 0.5) * step;
                let reach = solid.columns(y);
                for column in covered(reach.start, reach.end, step, columns) {
                    let at = line * columns + column;
                    if samples.depth[at] >= front {
                        continue;
                    }
                    let x = (column as f64 + 0.5) * step;
                    if let Some(z) = solid.hit(x, y)
                        && z as f32 > samples.depth[at]
                    {
                        samples.depth[at] = z as f32;
                        samples.body[at] = index;
                    }
                }
            }
        }
        samples
    }

    /// The pixels of a band. `open` says how much of the surroundings light a surface, from the
    /// pixel, the point and the normal.
    fn shade(
        &self,
        samples: &Samples,
        first: usize,
        open: impl Fn((usize, usize), Vec3, Vec3) -> f64,
    ) -> Vec<u8> {
        let width = self.size.0;
        let columns = width * SIDE;
        let lines = samples.depth.len() / columns.max(1);
        let covered = !self.panes.is_empty();
        let mut light = vec![PAPER; samples.depth.len()];
        // The colours of pixels of which all samples are alike.
        let mut flat = vec![None; width * (lines / SIDE)];
        let mut known: Vec<(u32, f64)> = Vec::with_capacity(SIDE * SIDE * BLOCK * BLOCK);
        let rows = lines / SIDE;
        for (top, left) in blocks(rows, width) {
            // The samples of a block that see the same body share its occlusion.
            known.clear();
            let mut shaded = |(i, j): (usize, usize), index: u32| {
                let body = &self.bodies[index as usize];
                let point = [
                    (i as f64 + 0.5) / SIDE as f64,
                    first as f64 + (j as f64 + 0.5) / SIDE as f64,
                    f64::from(samples.depth[j * columns + i]),
                ];
                let normal = body.solid.normal(point);
                let open = match known.iter().find(|(known, _)| *known == index) {
                    Some(&(_, open)) => open,
                    None => {
                        let open = open((i / SIDE, first + j / SIDE), point, normal);
                        known.push((index, open));
                        open
                    }
                };
                self.faded(lit(body.colour, normal, open), point[2])
            };
            let (bottom, right) = ((top + BLOCK).min(rows), (left + BLOCK).min(width));
            for (row, column) in (top..bottom).flat_map(|j| (left..right).map(move |i| (j, i))) {
                let corner = (column * SIDE, row * SIDE);
                let seen =
                    |k: usize| samples.body[(corner.1 + k / SIDE) * columns + corner.0 + k % SIDE];
                // Where a pixel sees one body, its middle stands for all of it: edges are what
                // needs many samples.
                let whole = (1..SIDE * SIDE).all(|k| seen(k) == seen(0));
                if whole {
                    let middle = (corner.0 + SIDE / 2, corner.1 + SIDE / 2);
                    let colour = match seen(0) {
                        NOTHING => PAPER,
                        index => shaded(middle, index),
                    };
                    if covered {
                        for j in corner.1..corner.1 + SIDE {
                            light[j * columns + corner.0..][..SIDE].fill(colour);
                        }
                    } else {
                        flat[row * width + column] = Some(colour);
                    }
                } else {
                    for k in (0..SIDE * SIDE).filter(|&k| seen(k) != NOTHING) {
                        let (i, j) = (corner.0 + k % SIDE, corner.1 + k / SIDE);
                        light[j * columns + i] = shaded((i, j), seen(k));
                    }
                }
            }
        }
        self.cover(samples, first, &mut light);
        let mut rgb = Vec::with_capacity(3 * width * rows);
        for row in 0..rows {
            for column in 0..width {
                let mean = flat[row * width + column].unwrap_or_else(|| {
                    let mut sum = [0.0; 3];
                    for j in row * SIDE..(row + 1) * SIDE {
                        for colour in &light[j * columns + column * SIDE..][..SIDE] {
                            sum = [0, 1, 2].map(|k| sum[k] + colour[k]);
                        }
                    }
                    sum.map(|part| part / (SIDE * SIDE) as f64)
                });
                if mean == PAPER {
                    rgb.extend([u8::MAX; 3]);
                } else {
                    rgb.extend(mean.map(encoded));
                }
            }
        }
        rgb
    }

    /// Lays the faces over the samples of a band, at every sample from back to front.
    fn cover(&self, samples: &Samples, first: usize, light: &mut [[f64; 3]]) {
        let columns = self.size.0 * SIDE;
        let lines = samples.depth.len() / columns.max(1);
        let step = 1.0 / SIDE as f64;
        let mut layers: Vec<(usize, f64, usize)> = Vec::new();
        for (index, pane) in self.panes.iter().enumerate() {
            let (rows, reach) = (pane.face.rows(), pane.face.columns());
            for line in covered(
                rows.start - first as f64,
                rows.end - first as f64,
                step,
                lines,
            ) {
                let y = first as f64 + (line as f64 + 0.5) * step;
                for column in covered(reach.start, reach.end, step, columns) {
                    let at = line * columns + column;
                    let hit = pane.face.hit((column as f64 + 0.5) * step, y);
                    if let Some(z) = hit.filter(|&z| z as f32 > samples.depth[at]) {
                        layers.push((at, z, index));
                    }
                }
            }
        }
        layers.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        for (at, z, index) in layers {
            let pane = &self.panes[index];
            let colour = self.faded(lit(pane.colour, pane.face.normal, 1.0), z);
            for k in 0..3 {
                light[at][k] += pane.alpha * (colour[k] - light[at][k]);
            }
        }
    }

    /// A colour mixed with the paper's white, the more the farther away it is: evenly to the eye,
    /// which sees about the square roots of intensities.
    fn faded(&self, colour: [f64; 3], z: f64) -> [f64; 3] {
        let share = FADE * ((self.front - z) / self.depth).clamp(0.0, 1.0);
        colour.map(|part| (part.sqrt() * (1.0 - share) + share).powi(2))
    }
}

/// The first rows and columns of the blocks of a band.
fn blocks(rows: usize, width: usize) -> impl Iterator<Item = (usize, usize)> {
    let lefts = move || (0..width).step_by(BLOCK);
    (0..rows)
        .step_by(BLOCK)
        .flat_map(move |top| lefts().map(move |left| (top, left)))
}

/// The samples, `step` apart, whose centres lie between two places.
fn covered(from: f64, to: f64, step: f64, count: usize) -> std::ops::Range<usize> {
    let index = |place: f64| (place / step - 0.5).ceil().clamp(0.0, count as f64) as usize;
    index(from)..index(to + step * 1e-6).max(index(from))
}

/// The light that a surface sends to the viewer.
fn lit(colour: [f64; 3], normal: Vec3, open: f64) -> [f64; 3] {
    let diffuse = dot(normal, LIGHT).max(0.0);
    let gloss = dot(normal, GLOSS).max(0.0).powi(48);
    // Surfaces that turn away from the viewer darken, so that every ball has its outline.
    let rim = (normal[2] / 0.5).clamp(0.0, 1.0);
    let outline = 0.45 + 0.55 * rim * rim * (3.0 - 2.0 * rim);
    let strength = (AMBIENT * open + DIFFUSE * diffuse * (0.4 + 0.6 * open)) * outline;
    colour.map(|part| (part * strength + SPECULAR * gloss * open).min(1.0))
}

/// Pixels around a pixel, evenly spread along a spiral of golden angles.
fn taps(reach: f64) -> Vec<[i32; 2]> {
    const GOLDEN_ANGLE: f64 = 2.399_963_229_728_653;
    (0..TAPS)
        .map(|tap| {
            let radius = reach * ((tap as f64 + 0.5) / TAPS as f64).sqrt();
            let (sine, cosine) = (tap as f64 * GOLDEN_ANGLE).sin_cos();
            [cosine, sine].map(|x| (radius * x).round() as i32)
        })
        .collect()
}

/// What ambient occlusion is judged from.
struct Surroundings<'a> {
    depth: &'a [f32],
    size: (usize, usize),
    taps: &'a [[i32; 2]],
    reach: f64,
}

impl Surroundings<'_> {
    /// How much of its surroundings a point sees, from 0 to 1: what rises above its tangent plane
    /// nearby takes away from it, the less the farther away it is.
    fn seen_from(&self, (column, row): (usize, usize), point: Vec3, normal: Vec3) -> f64 {
        let (width, height) = (self.size.0 as i32, self.size.1 as i32);
        let (column, row) = (column as i32, row as i32);
        let normal = normal.map(|part| part as f32);
        let (here, softness) = (point[2] as f32, (self.reach * self.reach).recip() as f32);
        let mut hidden = 0.0_f32;
        for &[dx, dy] in self.taps {
            let (x, y) = (column + dx, row + dy);
            if x < 0 || y < 0 || x >= width || y >= height {
                continue;
            }
            let up = self.depth[(y * width + x) as usize] - here;
            let across = [dx as f32, dy as f32];
            let above = across[0] * normal[0] + across[1] * normal[1] + up * normal[2];
            // Where nothing is seen, `up` is infinitely far below.
            if above > 0.0 && up.is_finite() {
                let squared = across[0] * across[0] + across[1] * across[1] + up * up;
                let rise = above / squared.sqrt() - 0.1;
                hidden += rise.max(0.0) / (1.0 + squared * softness);
            }
        }
        let share = f64::from(hidden) / self.taps.len().max(1) as f64;
        (1.0 - OCCLUSION * share).max(0.0)
    }
}

/// Linear intensities of a colour (IEC 61966-2-1).
fn linear(colour: RGBColor) -> [f64; 3] {
    [colour.0, colour.1, colour.2].map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    })
}

/// The value of a linear intensity in the file.
fn encoded(part: f64) -> u8 {
    let part = part.clamp(0.0, 1.0);
    let value = if part <= 0.003_130_8 {
        12.92 * part
    } else {
        1.055 * part.powf(1.0 / 2.4) - 0.055
    };
    (255.0 * value).round() as u8
}
