//! The ideal and the average pentagonal bipyramid as balls and sticks, their bonds and the angle
//! theta named (Fig. 4a).

use amorphous_packing::atoms::Vec3;
use amorphous_packing::bipyramid::shape_of;
use amorphous_packing::geometry::best_plane;

use crate::Panel;
use crate::page::style::{ALPHA, BLACK, CAPPING, FACE, RING};
use crate::render::{Scene, Sphere, Stick, Triangle, View};
use crate::scenes::network::arc;
use crate::scenes::shot::Shot;

/// Radii in ångström.
const ATOM: f64 = 0.32;
const BOND: f64 = 0.045;
const LINE: f64 = 0.025;
/// How far alpha and the normal go on above the capping atom, in ångström.
const BEYOND: f64 = 1.1;
/// The dashes of the capping axis.
const DASHES: u32 = 11;
/// How far the label of a bond stands from its axis, in ångström.
const BESIDE: f64 = 0.12;

/// The ideal bipyramid: alpha, beta and gamma.
pub(crate) fn ideal_scene(caps: [Vec3; 2], ring: &[Vec3; 5]) -> Panel {
    let front = front(caps, ring);
    let shot = Shot::new(solid(caps, ring)).seen(view(caps, front.towards, 12.0));
    let [left, right] = front.nearest;
    let middle = |a: Vec3, b: Vec3, part: f64| a + part * (b - a);
    shot.label(middle(caps[0], caps[1], 0.36), BESIDE, "*α*")
        .label(middle(caps[1], right, 0.55), BESIDE, "*β*")
        .label(middle(left, right, 0.25), BESIDE, "*γ*")
        .panel()
}

/// The average bipyramid: the plane of its ring, the normal, and theta between it and alpha.
pub(crate) fn average_scene(caps: [Vec3; 2], ring: &[Vec3; 5]) -> Panel {
    let plane = best_plane(ring);
    let axis = caps[1] - caps[0];
    let normal = match plane.normal.dot(axis) < 0.0 {
        true => -plane.normal,
        false => plane.normal,
    };
    // Where alpha meets the plane of the ring.
    let part = (plane.centre - caps[0]).dot(normal) / axis.dot(normal);
    let foot = caps[0] + part * axis;
    let arm = caps[1].distance(foot) + BEYOND;
    let arms = [axis, normal].map(|along| arm * along / along.length());
    let from_foot = |to: Vec3| [foot, foot + to];
    let mut scene = solid(caps, ring);
    let colours = [ALPHA, BLACK];
    let lines = arms.into_iter().zip(colours);
    scene
        .sticks
        .extend(lines.map(|(to, colour)| stick(from_foot(to), LINE, colour)));
    let arc = arc(foot, arms, arm - 0.25);
    let steps = arc.windows(2);
    scene
        .sticks
        .extend(steps.map(|two| stick([two[0], two[1]], 0.6 * LINE, BLACK)));
    let on_plane = |place: Vec3| {
        let off = (place - plane.centre).dot(normal);
        place - off * normal
    };
    for k in 0..5 {
        let corners = [foot, on_plane(ring[k]), on_plane(ring[(k + 1) % 5])];
        let (colour, alpha) = (RING, 0.18);
        scene.triangles.push(Triangle {
            corners,
            colour,
            alpha,
        });
    }
    // The angle lies nearly in the plane of the picture.
    let sideways = normal.cross(axis);
    let towards = match sideways.length() > 1e-9 {
        true => sideways,
        false => front(caps, ring).towards,
    };
    let theta = format!("*θ* = {:.1}°", shape_of(caps, ring).theta_deg);
    Shot::new(scene)
        .seen(view(caps, towards, 20.0))
        .label(arc[arc.len() / 2], BESIDE, &theta)
        .panel()
}

/// The front of a bipyramid: its ring bond nearest to the viewer.
struct Front {
    towards: Vec3,
    nearest: [Vec3; 2],
}

fn front(caps: [Vec3; 2], ring: &[Vec3; 5]) -> Front {
    let nearest = [ring[0], ring[1]];
    let middle = |[a, b]: [Vec3; 2]| 0.5 * (a + b);
    Front {
        towards: middle(nearest) - middle(caps),
        nearest,
    }
}

/// Seen with the second capping atom above the first, turned about their axis, a little from
/// above.
fn view(caps: [Vec3; 2], towards: Vec3, turn_deg: f64) -> View {
    let axis = caps[1] - caps[0];
    let right = axis.cross(towards);
    View::along(right.cross(axis), right).turned(turn_deg, 18.0)
}

fn stick(ends: [Vec3; 2], radius: f64, colour: plotters::style::RGBColor) -> Stick {
    Stick {
        ends,
        radius,
        colour,
    }
}

/// Atoms, bonds, faces, and alpha dashed.
fn solid(caps: [Vec3; 2], ring: &[Vec3; 5]) -> Scene {
    let ball = |centre: Vec3, colour| Sphere {
        centre,
        radius: ATOM,
        colour,
    };
    let caps_and_ring = caps.map(|cap| ball(cap, CAPPING)).into_iter();
    let mut scene = Scene {
        spheres: caps_and_ring
            .chain(ring.map(|atom| ball(atom, RING)))
            .collect(),
        ..Scene::default()
    };
    for k in 0..5 {
        let [here, next] = [ring[k], ring[(k + 1) % 5]];
        scene.sticks.push(stick([here, next], BOND, BLACK));
        for cap in caps {
            scene.sticks.push(stick([here, cap], BOND, BLACK));
            let (corners, colour, alpha) = ([cap, here, next], FACE, 0.10);
            scene.triangles.push(Triangle {
                corners,
                colour,
                alpha,
            });
        }
    }
    let along = |step: u32| {
        let part = f64::from(step) / f64::from(DASHES);
        caps[0] + part * (caps[1] - caps[0])
    };
    let dashes = (0..DASHES).step_by(2);
    let dashes = dashes.map(|dash| stick([along(dash), along(dash + 1)], BOND, ALPHA));
    scene.sticks.extend(dashes);
    scene
}
