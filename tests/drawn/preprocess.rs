//! `preprocess` on frames whose truth is known, killed and resumed, and on frames that cannot be used.

use std::fs;
use std::path::Path;

use amorphous_packing::aet::TiltAngles;
use amorphous_packing::aet::preprocess::{Conditions, Recorded, Rehearsal};
use amorphous_packing::atoms::{Element, ScatteringFactor, Vec3};
use amorphous_packing::formats::npy::{from_npy, to_npy};
use libtest_mimic::Trial;
use ndarray::{Array3, Axis};

use crate::always;
use crate::run::{Data, Place, checkout};

const PREPROCESS: &str = env!("CARGO_BIN_EXE_preprocess");
const PIXEL: f64 = 0.3216;
const SIDE: usize = 97;
const TILTS: usize = 7;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        always(
            "preprocess aligns a folder of frames, which reconstruct takes",
            a_folder_becomes_a_series,
        ),
        always(
            "preprocess goes on where it was, and keeps nothing when it is done",
            it_goes_on,
        ),
        always("preprocess refuses frames that cannot be used", refusals),
        always("preprocess says what too few frames cost", few_frames),
        always("figs4 compares images of one's own", own_images),
        always(
            "figx5 is as far from the truth as the committed table says",
            committed_errors,
        ),
    ]
}

/// Atoms at places that have no pattern, within a ball.
fn atoms() -> Vec<Vec3> {
    let mut found: Vec<Vec3> = Vec::new();
    for k in 0..4_000_u32 {
        let part = |step: f64| (f64::from(k) * step).fract() - 0.5;
        let at = 44.0
            * Vec3::new(
                part(0.754_877_666),
                part(0.569_840_291),
                part(0.324_717_957),
            );
        let is_apart = found.iter().all(|other| other.distance(at) > 8.0);
        if at.length() < 20.0 && is_apart {
            found.push(at);
        }
    }
    found
}

fn angles() -> Vec<TiltAngles> {
    let tilt = |k: usize| TiltAngles::tilt(20.0 * k as f64 - 60.0);
    (0..TILTS).map(tilt).collect()
}

/// The frames of every tilt.
fn recorded() -> Vec<Recorded> {
    let factor = ScatteringFactor::of(Element::Ta).unwrap();
    let size = (SIDE, SIDE);
    let conditions = Conditions {
        brightest: 400.0,
        ..Conditions::default()
    };
    let rehearsal = Rehearsal::new(&atoms(), &factor, PIXEL, size, &angles(), conditions);
    (0..TILTS).map(|tilt| rehearsal.record(tilt)).collect()
}

/// Frames as files, a stack for each tilt, and the angles beside the folder.
fn write(place: &Place, recorded: &[Recorded]) {
    let folder = place.path("frames");
    fs::create_dir(&folder).unwrap();
    for (tilt, recorded) in recorded.iter().enumerate() {
        let path = folder.join(format!("tilt_{}.npy", tilt + 1));
        fs::write(path, to_npy(recorded.frames.view())).unwrap();
    }
    let lines = angles()
        .iter()
        .map(|a| format!("{}\n", a.theta_deg))
        .collect::<String>();
    fs::write(place.path("angles.csv"), lines).unwrap();
}

const COMMON: [&str; 7] = [
    "frames",
    "--angles",
    "angles.csv",
    "--quiet",
    "--offline",
    "--out",
    "out",
];

fn a_folder_becomes_a_series() {
    let place = Place::new();
    let recorded = recorded();
    write(&place, &recorded);
    let arguments = [&COMMON[..], &["--pixel", "0.3216"]].concat();
    place.succeed(PREPROCESS, Data::None, &arguments);
    let expected = [
        "aligned.mrc",
        "aligned.npy",
        "angles.csv",
        "preprocess.json",
        "preprocess.png",
        "preprocess.svg",
        "preprocess_denoising.csv",
        "preprocess_tilts.csv",
    ];
    assert_eq!(place.files(), expected);
    // What was found is what is true, but for a shift of the whole object: along the axis it is the same for
    // all tilts.
    let rows = place.lines("preprocess_tilts.csv");
    let column = |name: &str| -> Vec<f64> {
        let index = rows[0]
            .split(',')
            .position(|column| column == name)
            .unwrap();
        rows[1..]
            .iter()
            .map(|row| row.split(',').nth(index).unwrap().parse().unwrap())
            .collect()
    };
    let off = column("shift_y_px")
        .iter()
        .zip(&recorded)
        .map(|(found, r)| found - r.centre[1])
        .collect::<Vec<_>>();
    let mean = off.iter().sum::<f64>() / TILTS as f64;
    assert!(off.iter().all(|off| (off - mean).abs() < 0.2), "{off:?}");
    for (found, recorded) in column("drift_x_px").iter().zip(&recorded) {
        assert!((found - recorded.shifts[2][0] / 2.0).abs() < 0.1);
    }
    assert!(column("gain").iter().all(|gain| (gain - 1.0).abs() < 0.2));
    let aligned = from_npy(&place.bytes("aligned.npy")).unwrap();
    assert_eq!(aligned.dim(), (TILTS, SIDE, SIDE));
    let reconstruct = env!("CARGO_BIN_EXE_reconstruct");
    let said = place.succeed(
        reconstruct,
        Data::None,
        &[
            "--images",
            "out/aligned.mrc",
            "--angles",
            "out/angles.csv",
            "--pixel",
            "0.3216",
            "--particle",
            "--padding",
            "2",
            "--iterations",
            "3",
            "--out",
            "volume",
        ],
    );
    assert!(said.contains("at iteration 3"), "{said}");
}

fn it_goes_on() {
    let place = Place::new();
    let recorded = recorded();
    write(&place, &recorded);
    let last = place.path(&format!("frames/tilt_{TILTS}.npy"));
    let good = fs::read(&last).unwrap();
    fs::write(&last, to_npy(Array3::<f32>::ones((3, SIDE, SIDE)).view())).unwrap();
    let arguments = [&COMMON[..], &["--denoise", "1"]].concat();
    let refused = place.run(PREPROCESS, Data::None, &arguments);
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("is 1 everywhere and shows nothing"), "{said}");
    fs::write(&last, &good).unwrap();
    // One thread takes the tilts in order, so that those before the last are kept.
    let kept = |place: &Place| -> usize {
        let files = fs::read_dir(place.out().join("unfinished"));
        files.map_or(0, Iterator::count)
    };
    let before = kept(&place);
    place.succeed(PREPROCESS, Data::None, &arguments);
    assert!(!place.out().join("unfinished").exists());
    let resumed = place.bytes("aligned.npy");
    let anew = Place::new();
    write(&anew, &recorded);
    anew.succeed(PREPROCESS, Data::None, &arguments);
    assert!(
        resumed == anew.bytes("aligned.npy"),
        "{before} files had been kept"
    );
}

fn refusals() {
    let recorded = recorded();
    let refusal = |change: &dyn Fn(&Path), arguments: &[&str]| {
        let place = Place::new();
        write(&place, &recorded);
        change(&place.path(""));
        let arguments = [&COMMON[..], &["--denoise", "none"], arguments].concat();
        let output = place.run(PREPROCESS, Data::None, &arguments);
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            said.lines()
                .filter(|line| line.starts_with("error"))
                .count(),
            1,
            "{said}"
        );
        assert!(!place.out().join("aligned.npy").exists());
        said
    };
    let with = |frames: Array3<f32>| {
        move |place: &Path| {
            fs::write(place.join("frames/tilt_1.npy"), to_npy(frames.view())).unwrap()
        }
    };
    let none: &dyn Fn(&Path) = &|_| ();
    let good = &recorded[0].frames;
    let smaller = good.slice_axis(Axis(1), (0..90).into()).to_owned();
    let said = refusal(&with(smaller), &[]);
    assert!(
        said.contains("all frames of a series must have one size"),
        "{said}"
    );
    let saturated = good.mapv(|value| value.min(60.0));
    let said = refusal(&with(saturated), &[]);
    assert!(said.contains("the detector was saturated"), "{said}");
    let mut holed = good.clone();
    holed[[1, 2, 3]] = f32::NAN;
    let said = refusal(&with(holed), &[]);
    assert!(said.contains("NaN at pixel (3, 4)"), "{said}");
    let said = refusal(none, &["--background=1e9"]);
    assert!(
        said.contains("no pixel is brighter than the threshold"),
        "{said}"
    );
    let said = refusal(none, &["--background=-1e9"]);
    assert!(said.contains("covers 100 % of the image"), "{said}");
    let said = refusal(none, &["--frames", "4"]);
    assert!(
        said.contains("no whole number of tilts of 4 frames"),
        "{said}"
    );
    let fewer = |place: &Path| fs::write(place.join("angles.csv"), "0\n10\n").unwrap();
    let said = refusal(&fewer, &[]);
    assert!(said.contains("there are 7 images and 2 angles"), "{said}");
    let empty = |place: &Path| {
        fs::remove_dir_all(place.join("frames")).unwrap();
        fs::create_dir(place.join("frames")).unwrap();
    };
    let said = refusal(&empty, &[]);
    assert!(said.contains("'frames' holds no images"), "{said}");
}

fn few_frames() {
    let place = Place::new();
    let mut recorded = recorded();
    for (tilt, frames) in [(0, 1), (3, 2)] {
        let fewer = recorded[tilt]
            .frames
            .slice_axis(Axis(0), (0..frames).into());
        recorded[tilt].frames = fewer.to_owned();
    }
    write(&place, &recorded);
    let arguments = [&COMMON[..], &["--denoise", "none"]].concat();
    let output = place.run(PREPROCESS, Data::None, &arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("note: 'tilt_1.npy' has one frame"), "{said}");
    assert!(said.contains("note: 'tilt_4.npy' has two frames"), "{said}");
}

fn committed_errors() {
    let place = Place::new();
    let program = env!("CARGO_BIN_EXE_figx5");
    place.succeed(
        program,
        Data::None,
        &["--offline", "--quiet", "--out", "out"],
    );
    let committed = fs::read_to_string(checkout("data/preprocessing.csv")).unwrap();
    assert_eq!(place.text("figx5_errors.csv"), committed);
}

fn own_images() {
    let place = Place::new();
    let recorded = recorded();
    for (name, frame) in [("before", 0), ("during", 1), ("after", 2)] {
        let image = recorded[3]
            .frames
            .slice_axis(Axis(0), (frame..frame + 1).into());
        fs::write(place.path(&format!("{name}.npy")), to_npy(image)).unwrap();
    }
    let program = env!("CARGO_BIN_EXE_figs4");
    let common = ["--offline", "--quiet", "--out", "out"];
    let files = ["--images", "before.npy", "during.npy", "after.npy"];
    place.succeed(program, Data::None, &[&files[..], &common].concat());
    let rows = place.lines("figs4_changes.csv");
    assert_eq!(rows.len(), 3);
    assert!(
        rows[1].starts_with("During,") && rows[2].starts_with("After,"),
        "{rows:?}"
    );
    let alone = place.run(program, Data::None, &[&files[..2], &common].concat());
    let said = String::from_utf8(alone.stderr).unwrap();
    assert!(
        said.contains("give at least two of the same tilt"),
        "{said}"
    );
}
