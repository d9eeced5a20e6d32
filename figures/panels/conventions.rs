//! The conventions of the tomography, drawn: how an image looks through a film, and the areas of
//! scanning AET.

use amorphous_packing::aet::{Area, FILM, Rotation, TiltAngles, film_size};
use anyhow::Result;

use crate::page::canvas::Canvas;
use crate::page::panel::Panel;
use crate::page::style::{
    BLACK, CURVE_PT, EDGE_SHARING, GREY, LABEL_PT, LIGHT_GREY, MARK_PT, NOTE_PT, RING, mm,
};
use crate::page::text::Type;

/// The tilt that is drawn.
const TILT_DEG: f64 = 40.0;
/// Sides of the image, and thickness of the film, in the units of the drawing.
const IMAGE: usize = 101;
const THICKNESS: f64 = 38.0;
/// How far from the centre the image stands.
const AWAY: f64 = 78.0;
/// How far its rays go beyond.
const BEYOND: f64 = 74.0;
/// Half of what the drawing shows, along x and z.
const SHOWN: [f64; 2] = [122.0, 96.0];
/// Length of the dashes of a dashed line.
const DASH: f64 = 3.0;

/// A film seen along the tilt axis: the image, the voxels that it sees, the object that they need.
pub fn geometry() -> Panel {
    Panel::new(|canvas| {
        let scale = (f64::from(canvas.width()) / (2.0 * SHOWN[0]))
            .min(f64::from(canvas.height()) / (2.0 * SHOWN[1]));
        let place = |[x, z]: [f64; 2]| {
            (
                canvas.width() / 2 + (scale * x) as i32,
                canvas.height() / 2 - (scale * z) as i32,
            )
        };
        let rotation = Rotation::of(TiltAngles::tilt(TILT_DEG));
        let [u, _, w] = rotation.0.map(|row| [row[0], row[2]]);
        let at =
            |along_u: f64, along_w: f64| [0, 1].map(|axis| along_u * u[axis] + along_w * w[axis]);
        let half = IMAGE as f64 / 2.0;
        let wide =
            film_size((IMAGE, 1), IMAGE, &[rotation]).map_or(half, |size| size[0] as f64 / 2.0);
        let film = [[-wide, -THICKNESS / 2.0], [wide, THICKNESS / 2.0]].map(place);
        canvas.fill([(film[0].0, film[1].1), (film[1].0, film[0].1)], LIGHT_GREY)?;
        let square = |x: f64, z: f64| [[-x, -z], [x, -z], [x, z], [-x, z], [-x, -z]].map(place);
        canvas.line(&square(wide, half), GREY, MARK_PT)?;
        canvas.line(&square(half, half), RING, 1.4 * CURVE_PT)?;
        for end in [-half, half] {
            dashed(canvas, [at(end, -AWAY), at(end, BEYOND)], &place)?;
        }
        canvas.line(
            &[place(at(-half, -AWAY)), place(at(half, -AWAY))],
            EDGE_SHARING,
            3.0 * CURVE_PT,
        )?;
        let arrows = [
            ([0.0, 0.0], [30.0, 0.0], "*x*"),
            ([0.0, 0.0], [0.0, 30.0], "*z*"),
        ];
        let tilted = [
            (at(0.0, 0.0), at(30.0, 0.0), "*u*"),
            (at(0.0, 0.0), at(0.0, 30.0), "*w*, beam"),
        ];
        for ((from, to, name), colour) in arrows
            .into_iter()
            .map(|arrow| (arrow, BLACK))
            .chain(tilted.into_iter().map(|arrow| (arrow, EDGE_SHARING)))
        {
            arrow(canvas, [from, to], &place, colour)?;
            let beyond = [0, 1].map(|axis| 1.14 * to[axis]);
            let set = Type::size(LABEL_PT).colour(colour).level();
            let set = if to[1] > 1.0 && to[0] > 1.0 {
                set
            } else {
                set.centred()
            };
            canvas.text(name, place(beyond), set)?;
        }
        let note = |words: &str, spot: [f64; 2], colour| {
            let set = Type::size(NOTE_PT).colour(colour).centred().level();
            canvas.text(words, place(spot), set)
        };
        note("object", [-0.82 * wide, half + 5.0], GREY)?;
        note("volume that is kept", [-22.0, 5.0 - half], RING)?;
        let film_name = [0.92 * wide, 0.0];
        note("film", film_name, GREY)?;
        let [x, z] = at(0.0, -AWAY - 7.0);
        note(
            &format!("image at *θ* = {TILT_DEG}°"),
            [x - 19.0, z - 1.0],
            EDGE_SHARING,
        )?;
        note(
            "*y*, the tilt axis, points into the page",
            [0.66 * SHOWN[0], -SHOWN[1] + 4.0],
            BLACK,
        )
    })
}

fn dashed(
    canvas: &Canvas<'_>,
    [a, b]: [[f64; 2]; 2],
    place: &impl Fn([f64; 2]) -> (i32, i32),
) -> Result<()> {
    let length = (b[0] - a[0]).hypot(b[1] - a[1]);
    let count = (length / (2.0 * DASH)) as i32;
    let on = |part: f64| place([0, 1].map(|axis| a[axis] + part * (b[axis] - a[axis])));
    for dash in 0..count {
        let from = f64::from(dash) / f64::from(count);
        let to = from + 0.5 / f64::from(count);
        canvas.line(&[on(from), on(to)], EDGE_SHARING, MARK_PT)?;
    }
    Ok(())
}

fn arrow(
    canvas: &Canvas<'_>,
    [a, b]: [[f64; 2]; 2],
    place: &impl Fn([f64; 2]) -> (i32, i32),
    colour: plotters::style::RGBColor,
) -> Result<()> {
    let length = (b[0] - a[0]).hypot(b[1] - a[1]);
    let along = [0, 1].map(|axis| (b[axis] - a[axis]) / length);
    let across = [-along[1], along[0]];
    let head = |side: f64| {
        place([0, 1].map(|axis| b[axis] - 4.0 * along[axis] + side * 1.8 * across[axis]))
    };
    canvas.line(&[place(a), place(b)], colour, CURVE_PT)?;
    canvas.line(&[head(1.0), place(b), head(-1.0)], colour, CURVE_PT)
}

/// The part of the film in which each area counts, with its number; later areas over earlier ones.
pub fn areas() -> Panel {
    Panel::new(|canvas| {
        let below = mm(4.0);
        let scale = (f64::from(canvas.width()) / FILM[0] as f64)
            .min(f64::from(canvas.height() - below) / FILM[1] as f64);
        let left = (canvas.width() - (scale * FILM[0] as f64) as i32) / 2;
        let place = |x: usize, y: usize| {
            (
                left + (scale * x as f64) as i32,
                (scale * (FILM[1] - y) as f64) as i32,
            )
        };
        for area in Area::all() {
            let [x, y, _] = area.window();
            let corners = [place(x.start, y.end), place(x.end, y.start)];
            let shade = if area.number % 2 == 0 { 236 } else { 250 };
            canvas.fill(corners, plotters::style::RGBColor(shade, shade, shade))?;
            canvas.outline(corners, GREY, 0.4)?;
        }
        for area in Area::all() {
            let [x, y, _] = area.window();
            let set = Type::size(4.6).centred().level();
            let middle = place((x.start + x.end) / 2, (y.start + y.end) / 2);
            canvas.text(&area.number.to_string(), middle, set)?;
        }
        let set = Type::size(NOTE_PT).colour(GREY).centred().level();
        let words = format!("*x*, {} voxels to the right; *y*, {}, up", FILM[0], FILM[1]);
        let under = (scale * FILM[1] as f64) as i32 + mm(2.4);
        canvas.text(&words, (canvas.width() / 2, under), set)
    })
}
