//! The panel that shows a scene: the picture, and on it, as vectors, scale bar and labels.

use std::rc::Rc;

use amorphous_packing::atoms::Vec3;
use anyhow::Result;

use crate::page::canvas::Canvas;
use crate::page::panel::{Panel, STRIP_MM};
use crate::page::style::{BLACK, LABEL_PT, UNITS_PER_MM, mm, pt};
use crate::page::text::{CAPITAL_HEIGHT, Type};
use crate::render::{Camera, Picture, Scene, View, render};

/// Resolution of the pictures in dots per inch.
pub const SCENE_DPI: f64 = 600.0;
/// Pixels kept free around a scene.
const MARGIN_PIXELS: f64 = 2.0;
/// Width of a scale bar, in points.
const BAR_PT: f64 = 1.4;
/// Height of a scale bar with its label, and the space around them.
const BAR_HEIGHT_MM: f64 = 3.4;
const BAR_SPACE_MM: f64 = 0.8;
/// How far from its subject a label may stand, in steps of 0.4 mm.
const RINGS: u32 = 40;
/// Width of the line from a label to its subject, in points.
const LEADER_PT: f64 = 0.4;
/// Units of the page in a pixel.
const UNITS_PER_PIXEL: f64 = 25.4 * UNITS_PER_MM / SCENE_DPI;

/// A scene as a panel shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shot {
    scene: Scene,
    view: View,
    labels: Vec<Label>,
    bar_angstrom: Option<f64>,
    mm_per_angstrom: Option<f64>,
}

/// Words about a ball-shaped part of the scene.
#[derive(Debug, Clone, PartialEq)]
struct Label {
    centre: Vec3,
    radius: f64,
    words: String,
}

/// A rectangle on the canvas, in units: left, top, right, bottom.
type Area = [f64; 4];

impl Shot {
    /// The scene, seen from its broadest side.
    pub fn new(scene: Scene) -> Shot {
        let view = View::broadest(&scene);
        Shot {
            scene,
            view,
            labels: Vec::new(),
            bar_angstrom: None,
            mm_per_angstrom: None,
        }
    }

    /// Seen from elsewhere.
    pub fn seen(self, view: View) -> Shot {
        Shot { view, ..self }
    }

    /// Words beside what lies within `radius` (Å) of `centre`.
    pub fn label(mut self, centre: Vec3, radius: f64, words: &str) -> Shot {
        self.labels.push(Label {
            centre,
            radius,
            words: words.to_owned(),
        });
        self
    }

    /// Turned, no more than it takes, until what the labels are about lies side by side.
    pub fn labels_apart(self) -> Shot {
        let widest = self
            .labels
            .iter()
            .map(|label| label.radius)
            .fold(0.0, f64::max);
        let gap = |view: View| {
            let places: Vec<[f64; 2]> = self.labels.iter().map(|l| view.plane(l.centre)).collect();
            let pairs = places.iter().enumerate().flat_map(|(k, &[x, y])| {
                places[k + 1..]
                    .iter()
                    .map(move |other| (x - other[0]).hypot(y - other[1]))
            });
            pairs.fold(2.0 * widest, f64::min)
        };
        let mut turns: Vec<(i32, i32)> = (-9..9)
            .flat_map(|down| (-3..4).map(move |right| (10 * right, 10 * down)))
            .collect();
        turns.sort_by_key(|(right, down)| (right.abs() + down.abs(), *right, *down));
        let views = turns
            .into_iter()
            .map(|(right, down)| self.view.turned(f64::from(right), f64::from(down)));
        let best = views.reduce(|best, next| {
            if gap(next) > gap(best) + 1e-9 {
                next
            } else {
                best
            }
        });
        Shot {
            view: best.unwrap_or(self.view),
            ..self
        }
    }

    /// A scale bar of this length, in ångström.
    pub fn bar(self, angstrom: f64) -> Shot {
        Shot {
            bar_angstrom: Some(angstrom),
            ..self
        }
    }

    /// Millimetres on paper for an ångström, instead of as many as fit.
    pub fn scaled(self, mm_per_angstrom: f64) -> Shot {
        Shot {
            mm_per_angstrom: Some(mm_per_angstrom),
            ..self
        }
    }

    /// The largest scale at which the scene fits in a panel of this size (its title included).
    pub fn largest_scale(&self, width_mm: f64, height_mm: f64) -> f64 {
        let size = [width_mm, height_mm - STRIP_MM].map(|side| pixels(f64::from(mm(side))));
        let camera = Camera::fit(&self.scene, self.view, size.into(), MARGIN_PIXELS);
        camera.pixels_per_angstrom * UNITS_PER_PIXEL / UNITS_PER_MM
    }

    /// The panel.
    pub fn panel(self) -> Panel {
        Panel::new(move |canvas| {
            let whole = Shown::new(&self, canvas, 0);
            let Some(bar) = self.bar_angstrom else {
                return whole.draw(&self, canvas, None);
            };
            match whole.free_corner(bar) {
                Some(place) => whole.draw(&self, canvas, Some(place)),
                None => {
                    // The scene makes room for its scale bar at the bottom.
                    let strip = mm(BAR_HEIGHT_MM);
                    let smaller = Shown::new(&self, canvas, strip);
                    let place = smaller.bar_at(bar, (0.0, f64::from(canvas.height() - strip)));
                    smaller.draw(&self, canvas, Some(place))
                }
            }
        })
    }
}

fn pixels(units: f64) -> u32 {
    (units / UNITS_PER_PIXEL).floor().max(1.0) as u32
}

/// A shot taken for a canvas.
struct Shown {
    camera: Camera,
    picture: Rc<Picture>,
    /// Units per pixel of the picture, and where its corner lies.
    zoom: f64,
    corner: (f64, f64),
    size: (i32, i32),
}

impl Shown {
    /// Takes the shot for a canvas of which `below` units at the bottom stay free.
    fn new(shot: &Shot, canvas: &Canvas<'_>, below: i32) -> Shown {
        let size = (canvas.width(), canvas.height() - below);
        let pixels = (pixels(f64::from(size.0)), pixels(f64::from(size.1)));
        let mut camera = Camera::fit(&shot.scene, shot.view, pixels, MARGIN_PIXELS);
        if let Some(scale) = shot.mm_per_angstrom {
            let wanted = scale * UNITS_PER_MM / UNITS_PER_PIXEL;
            camera = camera.scaled(wanted.min(camera.pixels_per_angstrom));
        }
        // As the canvas lays a picture: as large as fits, centred.
        let wide = f64::from(size.0) / f64::from(pixels.0);
        let high = f64::from(size.1) / f64::from(pixels.1);
        let zoom = wide.min(high);
        let rest = |side: i32, pixels: u32| 0.5 * (f64::from(side) - zoom * f64::from(pixels));
        Shown {
            picture: Rc::new(render(&shot.scene, &camera)),
            camera,
            zoom,
            corner: (rest(size.0, pixels.0), rest(size.1, pixels.1)),
            size,
        }
    }

    fn draw(&self, shot: &Shot, canvas: &Canvas<'_>, bar: Option<Area>) -> Result<()> {
        let place = canvas.part(0, 0, self.size.0, self.size.1);
        place.picture(&self.picture)?;
        let mut taken = Vec::new();
        if let (Some(place), Some(angstrom)) = (bar, shot.bar_angstrom) {
            draw_bar(canvas, place, angstrom, self.units(angstrom))?;
            taken.push(place);
        }
        for (index, label) in shot.labels.iter().enumerate() {
            let place = self.room_for(&shot.labels, index, &taken);
            draw_label(canvas, label, place, self.centre(label))?;
            taken.push(place);
        }
        Ok(())
    }

    /// Units of the page for a length in ångström.
    fn units(&self, angstrom: f64) -> f64 {
        angstrom * self.camera.pixels_per_angstrom * self.zoom
    }

    fn centre(&self, label: &Label) -> (f64, f64) {
        let [x, y, _] = self.camera.project(label.centre).to_array();
        (self.corner.0 + x * self.zoom, self.corner.1 + y * self.zoom)
    }

    /// How dark the picture is on average within a rectangle of the canvas.
    fn ink(&self, [left, top, right, bottom]: Area) -> f64 {
        let x = |x: f64| (x - self.corner.0) / self.zoom;
        let y = |y: f64| (y - self.corner.1) / self.zoom;
        self.picture.ink([x(left), y(top), x(right), y(bottom)])
    }

    /// The rectangle of a scale bar and its label with the given corner.
    fn bar_at(&self, angstrom: f64, (left, top): (f64, f64)) -> Area {
        let wide = self.units(angstrom) + 2.0 * f64::from(mm(BAR_SPACE_MM));
        [left, top, left + wide, top + f64::from(mm(BAR_HEIGHT_MM))]
    }

    /// A corner of the canvas in which the scene leaves room for the scale bar.
    fn free_corner(&self, angstrom: f64) -> Option<Area> {
        let [_, _, wide, high] = self.bar_at(angstrom, (0.0, 0.0));
        let (right, low) = (f64::from(self.size.0) - wide, f64::from(self.size.1) - high);
        let corners = [(0.0, low), (right, low), (right, 0.0), (0.0, 0.0)];
        let places = corners.map(|corner| self.bar_at(angstrom, corner));
        places.into_iter().find(|&place| self.ink(place) == 0.0)
    }

    /// Where the words of the label number `own` hide least of the picture, beside nothing that
    /// another label is about, and on nothing in `taken`.
    fn room_for(&self, labels: &[Label], own: usize, taken: &[Area]) -> Area {
        let label = &labels[own];
        let set = Type::size(LABEL_PT);
        let half = (
            0.5 * f64::from(set.width(&label.words)) + f64::from(mm(0.3)),
            0.5 * f64::from(pt(LABEL_PT * CAPITAL_HEIGHT)) + f64::from(mm(0.35)),
        );
        let (x, y) = self.centre(label);
        let around = |direction: u32, ring: u32| {
            let (sine, cosine) = (f64::from(direction) * 22.5_f64.to_radians()).sin_cos();
            let away = self.units(label.radius) + f64::from(mm(0.4)) * f64::from(ring);
            let (x, y) = (x + cosine * (away + half.0), y - sine * (away + half.1));
            [x - half.0, y - half.1, x + half.0, y + half.1]
        };
        let impossible = |[left, top, right, bottom]: Area| {
            let (width, height) = (f64::from(self.size.0), f64::from(self.size.1));
            let meets = |b: &Area| left < b[2] && b[0] < right && top < b[3] && b[1] < bottom;
            left < 0.0 || top < 0.0 || right > width || bottom > height || taken.iter().any(meets)
        };
        let ambiguous = |[left, top, right, bottom]: Area| {
            labels.iter().enumerate().any(|(index, other)| {
                let (x, y) = self.centre(other);
                let gap = (x - x.clamp(left, right)).hypot(y - y.clamp(top, bottom));
                index != own && gap < self.units(other.radius)
            })
        };
        let cost = |place: Area, ring: u32| {
            let refused = if impossible(place) { 100.0 } else { 0.0 };
            let unclear = if ambiguous(place) { 1.0 } else { 0.0 };
            refused + unclear + 4.0 * self.ink(place) + 0.02 * f64::from(ring)
        };
        let mut best = (f64::INFINITY, around(0, 0));
        for ring in 0..RINGS {
            for direction in 0..16 {
                let place = around(direction, ring);
                let cost = cost(place, ring);
                if cost < best.0 {
                    best = (cost, place);
                }
            }
        }
        best.1
    }
}

fn draw_bar(canvas: &Canvas<'_>, place: Area, angstrom: f64, length: f64) -> Result<()> {
    let space = mm(BAR_SPACE_MM);
    let (left, bottom) = (
        place[0].round() as i32 + space,
        place[3].round() as i32 - space / 2,
    );
    let (right, thick) = (left + length.round() as i32, pt(BAR_PT));
    canvas.fill([(left, bottom - thick), (right, bottom)], BLACK)?;
    let words = if angstrom < 10.0 {
        format!("{angstrom} Å")
    } else {
        format!("{} nm", angstrom / 10.0)
    };
    let at = ((left + right) / 2, bottom - thick - mm(0.5));
    canvas.text(&words, at, Type::size(LABEL_PT).centred())
}

fn draw_label(canvas: &Canvas<'_>, label: &Label, place: Area, centre: (f64, f64)) -> Result<()> {
    let [left, top, right, bottom] = place;
    // A line from the words to what they are about, where they are not beside it.
    let end = (centre.0.clamp(left, right), centre.1.clamp(top, bottom));
    let whole = |(x, y): (f64, f64)| (x.round() as i32, y.round() as i32);
    canvas.line(&[whole(centre), whole(end)], BLACK, LEADER_PT)?;
    let middle = whole((0.5 * (left + right), 0.5 * (top + bottom)));
    canvas.text(&label.words, middle, Type::size(LABEL_PT).centred().level())
}
