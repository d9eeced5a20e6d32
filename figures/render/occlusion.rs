//! Ambient occlusion: how much of the paper's light reaches a surface past what stands in front
//! of it nearby, judged from the depths that are seen around it.

use super::seen::{LANES, NOTHING, Seen};
use super::solids::{PASSED, Point};

/// Pixels that occlusion is judged from.
const TAPS: usize = 9 * LANES;
/// The strength of occlusion.
const OCCLUSION: f32 = 1.5;
/// Pixels between the nodes at which occlusion is judged; between them it is interpolated.
const MESH: usize = 4;

/// What ambient occlusion is judged from.
pub(super) struct Surroundings<'a> {
    seen: &'a Seen,
    taps: Vec<Taps>,
    reach: f64,
}

/// Pixels around a pixel: columns to the right, rows down, and how much later they are stored.
struct Taps {
    right: [f32; LANES],
    down: [f32; LANES],
    later: [isize; LANES],
}

/// How open the surfaces of some rows are, at every node of the mesh.
pub(super) struct Openness {
    first: usize,
    columns: usize,
    /// The body that is seen at each node, and how open it is there.
    nodes: Vec<(u32, f32)>,
}

impl<'a> Surroundings<'a> {
    /// What lies within `reach` pixels.
    pub(super) fn new(seen: &'a Seen, reach: f64) -> Surroundings<'a> {
        let stride = seen.stride as isize;
        let of = |taps: &[[i32; 2]; LANES]| Taps {
            right: taps.map(|[right, _]| right as f32),
            down: taps.map(|[_, down]| down as f32),
            later: taps.map(|[right, down]| down as isize * stride + right as isize),
        };
        Surroundings {
            seen,
            taps: taps(reach).as_chunks().0.iter().map(of).collect(),
            reach,
        }
    }

    /// How much of its surroundings the surface that is seen in the middle of a pixel sees, from
    /// 0 to 1: what rises above its tangent plane nearby takes away from it, the less the farther
    /// away it is.
    pub(super) fn seen_from(&self, at: (usize, usize), z: f32, normal: Point) -> f32 {
        let softness = (self.reach * self.reach).recip() as f32;
        let inside = self.inside(at);
        let here = at.1 * self.seen.stride + at.0;
        let mut hidden = [0.0; LANES];
        for taps in &self.taps {
            let mut ups = [PASSED; LANES];
            for (k, up) in ups.iter_mut().enumerate() {
                if inside || self.holds(at, (taps.right[k], taps.down[k])) {
                    *up = self.seen.depth[here.wrapping_add_signed(taps.later[k])] - z;
                }
            }
            for k in 0..LANES {
                let to = Point::new(taps.right[k], taps.down[k], ups[k]);
                let squared = to.length_squared();
                let away = squared.sqrt();
                // Where nothing is seen, this is no number or −∞.
                let rise = to.dot(normal) - 0.1 * away;
                let hides = rise / (away * (1.0 + squared * softness));
                hidden[k] += if rise > 0.0 { hides } else { 0.0 };
            }
        }
        let share = hidden.iter().sum::<f32>() / TAPS as f32;
        (1.0 - OCCLUSION * share).max(0.0)
    }

    /// Whether all that lies within reach of a pixel is in the picture.
    fn inside(&self, (column, row): (usize, usize)) -> bool {
        let (width, height) = self.seen.size;
        let reach = self.reach.ceil() as usize;
        let fits = |place: usize, count: usize| place >= reach && place + reach < count;
        fits(column, width) && fits(row, height)
    }

    /// Whether the pixel (`right`, `down`) of another one is in the picture.
    fn holds(&self, (column, row): (usize, usize), (right, down): (f32, f32)) -> bool {
        let (width, height) = self.seen.size;
        let fits = |place: f32, count: usize| place >= 0.0 && place < count as f32;
        fits(column as f32 + right, width) && fits(row as f32 + down, height)
    }
}

impl Openness {
    /// The openness of some rows; `open` judges that of a body at a pixel.
    pub(super) fn new(
        seen: &Seen,
        rows: std::ops::Range<usize>,
        open: impl Fn((usize, usize), u32) -> f32,
    ) -> Openness {
        let (width, height) = seen.size;
        let columns = width.div_ceil(MESH) + 1;
        let lines = rows.len().div_ceil(MESH) + 1;
        let first = rows.start;
        let node = |k: usize| {
            let row = (first + k / columns * MESH).min(height - 1);
            let column = (k % columns * MESH).min(width - 1);
            match seen.body_at((column, row)) {
                NOTHING => (NOTHING, 1.0),
                body => (body, open((column, row), body)),
            }
        };
        Openness {
            first,
            columns,
            nodes: (0..lines * columns).map(node).collect(),
        }
    }

    /// How open a body is at a pixel, by the nodes around it at which the body is seen; `None`
    /// where there is none.
    #[inline]
    pub(super) fn at(&self, (column, row): (usize, usize), body: u32) -> Option<f32> {
        let down = row - self.first;
        let corner = down / MESH * self.columns + column / MESH;
        let (x, y) = (column % MESH, down % MESH);
        let nodes = [
            (corner, (MESH - x) * (MESH - y)),
            (corner + 1, x * (MESH - y)),
            (corner + self.columns, (MESH - x) * y),
            (corner + self.columns + 1, x * y),
        ];
        let (mut sum, mut weights) = (0.0, 0);
        for (node, weight) in nodes {
            let (known, open) = self.nodes[node];
            if known == body {
                sum += open * weight as f32;
                weights += weight;
            }
        }
        (weights > 0).then(|| sum / weights as f32)
    }
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
