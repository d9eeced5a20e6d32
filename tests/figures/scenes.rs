//! The scene renderer, and the figures that show scenes.

use std::fs;
use std::path::Path;
use std::time::Instant;

use amorphous_packing::analysis::{Analysis, Region};
use amorphous_packing::atoms::{Atoms, Boundary, Element, Vec3};
use amorphous_packing::geometry::icosahedron;
use amorphous_packing::progress::Silent;
use amorphous_packing::report::{Networks, Rows};
use figures::page::style::BLACK;
use figures::render::{Camera, Picture, Scene, Sphere, Stick, Triangle, View, render};
use figures::scenes::network as network_scenes;
use figures::{Figure, Layout, Shot};
use plotters::style::RGBColor;
use resvg::tiny_skia::Pixmap;

const BLUE: RGBColor = RGBColor(30, 60, 220);
const RED: RGBColor = RGBColor(220, 40, 30);

fn ball(centre: impl Into<Vec3>, radius: f64, colour: RGBColor) -> Sphere {
    Sphere {
        centre: centre.into(),
        radius,
        colour,
    }
}

fn of_balls(spheres: Vec<Sphere>) -> Scene {
    Scene {
        spheres,
        ..Scene::default()
    }
}

/// Looks along −z with x to the right.
fn front(scene: &Scene, size: (u32, u32)) -> (Camera, Picture) {
    let view = View::along(Vec3::Z, Vec3::X);
    let camera = Camera::fit(scene, view, size, 10.0);
    (camera, render(scene, &camera))
}

/// Whether the colour is more red than blue.
fn is_red([red, _, blue]: [u8; 3]) -> bool {
    red > blue
}

/// A crowd of balls and sticks that hide each other.
fn crowd(count: usize) -> Scene {
    let steps = |k: usize| [29, 31, 37].map(|step: usize| ((k * step * step) % 1009) as f64);
    let place = |k: usize| Vec3::from(steps(k)) / 25.0;
    let balls = (0..count).map(|k| ball(place(k), 1.4, if k % 3 == 0 { RED } else { BLUE }));
    let sticks = (1..count.min(200)).map(|k| Stick {
        ends: [place(k - 1), place(k)],
        radius: 0.2,
        colour: RED,
    });
    let faces = (2..count.min(50)).map(|k| Triangle {
        corners: [k - 2, k - 1, k].map(place),
        colour: BLUE,
        alpha: 0.4,
    });
    Scene {
        spheres: balls.collect(),
        sticks: sticks.collect(),
        triangles: faces.collect(),
    }
}

#[test]
fn a_ball_is_a_disc_of_its_size_at_its_place() {
    let scene = of_balls(vec![
        ball(Vec3::ZERO, 3.0, BLUE),
        ball([20.0, 4.0, 0.0], 1.0, RED),
    ]);
    let (camera, picture) = front(&scene, (480, 200));
    let [x, y, _] = camera.project(Vec3::ZERO).to_array();
    // The darker a pixel of the edge, the more of it is covered: counted from half.
    let (mut area, mut middle) = (0.0, [0.0; 2]);
    for row in 0..200 {
        for column in 0..240 {
            if picture.pixel(column, row).iter().any(|&part| part < 200) {
                area += 1.0;
                middle[0] += f64::from(column) + 0.5;
                middle[1] += f64::from(row) + 0.5;
            }
        }
    }
    let radius = 3.0 * camera.pixels_per_angstrom;
    let disc = std::f64::consts::PI * radius * radius;
    assert!((area - disc).abs() < 0.03 * disc, "{area} for {disc}");
    assert!((middle[0] / area - x).abs() < 0.2, "{middle:?} / {area}");
    assert!((middle[1] / area - y).abs() < 0.2, "{middle:?} / {area}");
    assert_eq!(picture.pixel(479, 199), [255; 3]);
}

#[test]
fn the_nearer_ball_hides_the_farther() {
    for (red, blue) in [(5.0, 0.0), (0.0, 5.0)] {
        for reversed in [false, true] {
            let mut spheres = vec![
                ball([0.0, 0.0, red], 2.0, RED),
                ball([0.0, 0.0, blue], 2.0, BLUE),
            ];
            if reversed {
                spheres.reverse();
            }
            let (_, picture) = front(&of_balls(spheres), (100, 100));
            assert_eq!(is_red(picture.pixel(50, 50)), red > blue);
        }
    }
}

#[test]
fn a_stick_enters_a_ball_where_their_surfaces_meet() {
    let scene = Scene {
        spheres: vec![ball(Vec3::ZERO, 3.0, BLUE)],
        sticks: vec![Stick {
            ends: [Vec3::ZERO, 9.0 * Vec3::X],
            radius: 1.0,
            colour: RED,
        }],
        ..Scene::default()
    };
    let (camera, picture) = front(&scene, (900, 460));
    // On the axis the stick's surface has z = 1; the ball's has x² + z² = 9.
    let meet = camera.project(8.0_f64.sqrt() * Vec3::X);
    let row = meet[1] as u32;
    for column in 0..900 {
        let pixel = picture.pixel(column, row);
        if pixel != [255; 3] && (f64::from(column) + 0.5 - meet[0]).abs() > 1.5 {
            assert_eq!(is_red(pixel), f64::from(column) > meet[0], "{column}");
        }
    }
}

#[test]
fn a_face_tints_what_is_behind_it_and_nothing_before_it() {
    let square = |z: f64| {
        let corners = [[-9., -9., z], [9., -9., z], [9., 9., z], [-9., 9., z]];
        [[0, 1, 2], [0, 2, 3]].map(|three| Triangle {
            corners: three.map(|k: usize| Vec3::from(corners[k])),
            colour: RED,
            alpha: 0.5,
        })
    };
    let at_middle = |z: f64| {
        let mut scene = of_balls(vec![ball(Vec3::ZERO, 3.0, BLUE)]);
        scene.triangles.extend(square(z));
        front(&scene, (90, 90)).1.pixel(41, 44)
    };
    let bare = front(&of_balls(vec![ball(Vec3::ZERO, 9.0, BLUE)]), (90, 90)).1;
    assert!(!is_red(bare.pixel(41, 44)));
    let (before, behind) = (at_middle(5.0), at_middle(-5.0));
    assert!(before[0] > behind[0] + 60, "{before:?} {behind:?}");
    assert!(behind[2] > behind[0] + 60, "{behind:?}");
}

#[test]
fn what_peeps_out_by_less_than_a_pixel_is_an_even_line() {
    let stick = |z: f64, radius: f64| Stick {
        ends: [Vec3::new(-20.0, -1.3, z), Vec3::new(20.0, 1.3, z)],
        radius,
        colour: BLACK,
    };
    let scene = Scene {
        sticks: vec![stick(3.0, 2.0), stick(-3.0, 2.04)],
        ..Scene::default()
    };
    let (camera, picture) = front(&scene, (400, 80));
    let beside = 0.04 * camera.pixels_per_angstrom;
    assert!((0.2..0.5).contains(&beside), "{beside} pixels");
    let (least, most) = ink(&picture);
    assert!(most - least < 0.25, "{least} … {most} pixels");
}

#[test]
fn a_stick_thinner_than_a_pixel_is_an_even_line() {
    let scene = Scene {
        sticks: vec![Stick {
            ends: [Vec3::new(-20.0, -1.3, 0.0), Vec3::new(20.0, 1.3, 0.0)],
            radius: 0.03,
            colour: BLACK,
        }],
        ..Scene::default()
    };
    let (camera, picture) = front(&scene, (400, 80));
    let radius = 0.03 * camera.pixels_per_angstrom;
    assert!((0.2..0.4).contains(&radius), "{radius} pixels");
    let (least, most) = ink(&picture);
    // Samples are a quarter of a pixel apart.
    assert!(
        2.0 * radius - 0.25 < least && most < 2.0 * radius + 0.25,
        "{least} … {most} pixels"
    );
}

/// The least and the most that a column of a picture of 400 × 80 pixels crosses of the sticks in it,
/// in pixels, by intensity.
fn ink(picture: &Picture) -> (f64, f64) {
    let dark = |value: u8| 1.0 - (f64::from(value) / 255.0).powf(2.2);
    let ink = |x: u32| (0..80).map(|y| dark(picture.pixel(x, y)[0])).sum();
    let columns: Vec<f64> = (60..340).map(ink).collect();
    let most = columns.iter().copied().fold(0.0, f64::max);
    let least = columns.iter().copied().fold(f64::INFINITY, f64::min);
    (least, most)
}

#[test]
fn a_picture_has_the_same_bytes_whatever_the_threads() {
    let scene = crowd(400);
    let view = View::broadest(&scene);
    let files = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let camera = Camera::fit(&scene, view, (333, 217), 2.0);
            render(&scene, &camera).png().unwrap()
        })
    };
    let one = files(1);
    assert_eq!(one, files(4));
    let decoded = Pixmap::decode_png(&one).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (333, 217));
}

#[test]
fn an_empty_scene_is_white_paper() {
    let shot = || Shot::new(Scene::default()).bar(4.0).labels_apart();
    let figure = Figure::new("fig0", "", Layout::grid(40.0, &[(40.0, "a")]));
    figure.panel('a', shot().panel()).drawing().unwrap();
    let (_, picture) = front(&Scene::default(), (20, 10));
    assert!(picture.rgb.iter().all(|&part| part == 255));
}

#[test]
fn what_has_no_place_does_not_reach_the_picture() {
    let (_, clean) = front(&of_balls(vec![ball(Vec3::ZERO, 1.0, BLUE)]), (50, 50));
    let mut scene = of_balls(vec![
        ball([f64::NAN, 0.0, 0.0], 1.0, RED),
        ball(Vec3::ZERO, 1.0, BLUE),
        ball(Vec3::ZERO, f64::INFINITY, RED),
        ball(Vec3::ZERO, -2.0, RED),
    ]);
    scene.sticks.push(Stick {
        ends: [Vec3::ZERO, Vec3::new(f64::INFINITY, 0.0, 0.0)],
        radius: 1.0,
        colour: RED,
    });
    scene.triangles.push(Triangle {
        corners: [Vec3::NAN; 3],
        colour: RED,
        alpha: 1.0,
    });
    let (_, picture) = front(&scene, (50, 50));
    assert_eq!(picture, clean);
}

#[test]
fn the_scale_bar_has_the_scale_of_the_scene() {
    let ends = [-10.0 * Vec3::X, 10.0 * Vec3::X];
    let scene = of_balls(ends.map(|end| ball(end, 0.5, BLUE)).to_vec());
    let view = View::along(Vec3::Z, Vec3::X);
    let shot = Shot::new(scene).seen(view).bar(4.0);
    // 86 mm between the margins for 21 Å.
    let largest = shot.largest_scale(86.0, 60.0);
    assert!((largest - 86.0 / 21.0).abs() < 0.02, "{largest}");
    let figure = |shot: Shot| {
        let layout = Layout::grid(89.0, &[(60.0, "a")]);
        let drawing = Figure::new("fig0", "", layout).panel('a', shot.panel());
        drawing.drawing().unwrap()
    };
    for (shot, mm_per_angstrom) in [(shot.clone(), largest), (shot.scaled(2.0), 2.0)] {
        let page = Pixmap::decode_png(&figure(shot).png).unwrap();
        let per_mm = 400.0 / 25.4;
        let black = |x: u32, y: u32| {
            page.pixel(x, y)
                .is_some_and(|p| p.red() < 20 && p.blue() < 20)
        };
        let longest = (0..page.height())
            .map(|y| (0..page.width()).filter(|&x| black(x, y)).count())
            .max();
        let length = longest.unwrap() as f64 / per_mm;
        assert!((length - 4.0 * mm_per_angstrom).abs() < 0.15, "{length} mm");
        let blue = |x: &u32| {
            (0..page.height()).any(|y| {
                page.pixel(*x, y)
                    .is_some_and(|p| p.red() < 120 && p.blue() > 150)
            })
        };
        let (first, last) = (
            (0..page.width()).find(blue),
            (0..page.width()).rev().find(blue),
        );
        let extent = f64::from(last.unwrap() - first.unwrap() + 1) / per_mm;
        assert!((extent - 21.0 * mm_per_angstrom).abs() < 0.3, "{extent} mm");
    }
}

#[test]
fn labels_lie_on_the_page_and_beside_each_other() {
    let place = |k: i32| 4.0 * Vec3::new(f64::from(k % 3), f64::from(k / 3), 0.0);
    let scene = of_balls((0..9).map(|k| ball(place(k), 1.0, BLUE)).collect());
    let shot = (0..9).fold(Shot::new(scene), |shot, k| {
        shot.label(place(k), 1.0, &format!("*n* = {k}"))
    });
    let layout = Layout::grid(89.0, &[(60.0, "a")]);
    let figure = Figure::new("fig0", "", layout).panel('a', shot.labels_apart().panel());
    let svg = figure.drawing().unwrap().svg;
    let words = words(&svg);
    assert_eq!(words.len(), 9);
    // A hundredth of a millimetre is a unit; the page has a margin of 1.5 mm on all sides.
    let (width, height) = (8900.0, 6300.0);
    for (k, a) in words.iter().enumerate() {
        assert!(a[0] > 0.0 && a[1] > 0.0, "{k}: {a:?}");
        assert!(a[2] < width && a[3] < height, "{k}: {a:?}");
        assert!(a[2] - a[0] > 200.0 && a[3] - a[1] > 100.0, "{k}: {a:?}");
        for b in &words[k + 1..] {
            let apart = a[2] < b[0] || b[2] < a[0] || a[3] < b[1] || b[3] < a[1];
            assert!(apart, "{a:?} lies on {b:?}");
        }
    }
}

/// Left, top, right and bottom of all words on a page, which are outlines of absolute coordinates.
fn words(svg: &str) -> Vec<[f64; 4]> {
    let groups = svg.split("<g>").skip(1);
    let groups = groups.filter_map(|group| group.split_once("</g>"));
    let boxes = groups.filter_map(|(group, _)| {
        let outlines = group.split(" d=\"").skip(1);
        let numbers: Vec<f64> = outlines
            .filter_map(|outline| outline.split('"').next())
            .flat_map(|outline| outline.split(|c: char| !(c.is_ascii_digit() || ".-".contains(c))))
            .filter_map(|number| number.parse().ok())
            .collect();
        let start = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        let around = |[left, top, right, bottom]: [f64; 4], at: &[f64]| {
            [
                left.min(at[0]),
                top.min(at[1]),
                right.max(at[0]),
                bottom.max(at[1]),
            ]
        };
        let points = numbers.chunks_exact(2);
        (!numbers.is_empty()).then(|| points.fold(start, around))
    });
    boxes.collect()
}

/// The chain from atoms to networks.
pub(crate) fn analysed(positions: Vec<Vec3>, w: f64) -> Analysis {
    let atoms = Atoms::new(Element::Ta, positions, Boundary::Open).unwrap();
    Analysis::new(atoms, Some(w), &Silent).unwrap()
}

#[test]
fn what_a_sample_does_not_have_is_said_in_a_sentence() {
    let corners = icosahedron().into_iter().chain([Vec3::ZERO]);
    let full = corners.map(|corner| 2.8 * corner).collect();
    let bare = (0..8).map(|k| [k % 2, k / 2 % 2, k / 4].map(|x| 2.9 * f64::from(x)));
    let bare = bare
        .map(|[x, y, z]| Vec3::new(x + 0.1 * y, y + 0.2 * z, z + 0.1 * x * y))
        .collect();
    // An icosahedron has no vertex-sharing pair and one partial icosahedron of twelve.
    for (positions, pictures) in [(full, 4), (bare, 0)] {
        let analysis = analysed(positions, 3.6);
        let found = analysis.networks(5, Region::All);
        let networks = Networks {
            analysis: &analysis,
            found: &found,
        };
        let rows = Rows::new("ta_film", networks);
        let note = || figures::page::panel::placeholder("a chart");
        let figure = Figure::new("fig0", "", Layout::even(183.0, 40.0, 3, 7))
            .panel('a', network_scenes::vertex_pair(rows))
            .panel('b', network_scenes::edge_pair(rows))
            .panel('c', network_scenes::vertex_cluster(&[rows]))
            .panel('d', network_scenes::edge_cluster(&[rows]))
            .panel('e', network_scenes::representative(&[rows]).unwrap())
            .panel('f', network_scenes::largest(&[rows]).unwrap())
            .panel('g', network_scenes::with_dihedral_inset(note(), rows));
        let svg = figure.drawing().unwrap().svg;
        assert_eq!(svg.matches("<image ").count(), pictures);
        let tables = figure.csvs().unwrap();
        assert_eq!(
            tables[0],
            ("fig0e.csv".to_owned(), b"sample,atom,n\n".to_vec())
        );
        let five = network_scenes::five_largest("figs0", &[rows]).unwrap();
        let images = five.drawing().unwrap().svg.matches("<image ").count();
        assert_eq!(images, found.networks.len());
    }
}

/// Says how long a scene of as many balls as the largest sample has takes:
/// `cargo test -p figures -- --ignored --nocapture`.
#[test]
#[ignore = "prints a time"]
fn the_time_of_a_whole_sample() {
    let steps = |k: u32| [k % 43, k / 43 % 43, k / 1849].map(f64::from);
    let place = |k: u32| 2.6 * Vec3::from(steps(k));
    let scene = of_balls((0..76_238).map(|k| ball(place(k), 1.3, BLUE)).collect());
    let view = View::broadest(&scene).turned(25.0, 20.0);
    // 89 mm at 600 dots per inch.
    let camera = Camera::fit(&scene, view, (2102, 2102), 2.0);
    let start = Instant::now();
    let picture = render(&scene, &camera);
    let rendered = start.elapsed();
    let bytes = picture.png().unwrap().len();
    println!(
        "rendered in {rendered:.2?}, encoded in {:.2?}, {bytes} bytes",
        start.elapsed() - rendered
    );
    fs::write(
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("sample.png"),
        picture.png().unwrap(),
    )
    .unwrap();
}
