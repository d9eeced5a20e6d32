//! The commands, each run at least once without data.

use amorphous_packing::aet::{AtomImages, Rotation, TiltAngles, View, centre};
use amorphous_packing::atoms::{Element, ScatteringFactor, Vec3};
use amorphous_packing::formats::{mrc, npy};
use libtest_mimic::Trial;
use ndarray::Array3;
use serde_json::Value;

use crate::always;
use crate::run::{Data, Place};

/// The programs that draw no figure.
const COMMANDS: [(&str, &str); 11] = [
    ("analyze", env!("CARGO_BIN_EXE_analyze")),
    ("book", env!("CARGO_BIN_EXE_book")),
    ("fetch", env!("CARGO_BIN_EXE_fetch")),
    ("networks", env!("CARGO_BIN_EXE_networks")),
    ("precision", env!("CARGO_BIN_EXE_precision")),
    ("preprocess", env!("CARGO_BIN_EXE_preprocess")),
    ("quench", env!("CARGO_BIN_EXE_quench")),
    ("reconstruct", env!("CARGO_BIN_EXE_reconstruct")),
    ("refine", env!("CARGO_BIN_EXE_refine")),
    ("trace", env!("CARGO_BIN_EXE_trace")),
    ("verify", env!("CARGO_BIN_EXE_verify")),
];

pub(crate) fn trials() -> Vec<Trial> {
    let of_all = COMMANDS.into_iter().map(|(name, program)| {
        always(
            &format!("{name} describes itself and refuses what it does not know"),
            move || describes_itself(name, program),
        )
    });
    let single = [
        always("networks exports those of the liquid", networks),
        always("networks lists the largest", largest_networks),
        always(
            "trace, networks and refine take a volume and images of one's own",
            own_path,
        ),
        always("trace refuses a volume that cannot be right", trace_refuses),
        always("verify prints every claim as JSON", verify),
        always("quench prints the LAMMPS input", quench),
        always("fetch lists the public files", fetch),
        always("fetch offline names every file as absent", fetch_offline),
    ];
    of_all.chain(single).collect()
}

fn describes_itself(name: &str, program: &str) {
    let place = Place::new();
    let help = place.succeed(program, Data::None, &["--help"]);
    assert!(help.contains(&format!("Usage: {name}")), "{help}");
    let refused = place.run(program, Data::None, &["--no-such-option"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("--no-such-option"), "{said}");
}

fn networks() {
    let place = Place::new();
    let arguments = ["--export", "--offline", "--quiet", "--out", "out"];
    place.succeed(env!("CARGO_BIN_EXE_networks"), Data::None, &arguments);
    let sample = "ta_liquid_5200K";
    let kinds = ["bipyramids.parquet", "networks.extxyz", "networks.parquet"];
    assert_eq!(place.files(), kinds.map(|kind| format!("{sample}_{kind}")));
    let frame = place.lines(&format!("{sample}_networks.extxyz"));
    assert_eq!(frame[0].parse(), Ok(frame.len() - 2));
    assert!(frame[1].contains("Lattice="), "{}", frame[1]);
}

fn largest_networks() {
    let arguments = ["--offline", "--quiet"];
    let program = env!("CARGO_BIN_EXE_networks");
    let printed = Place::new().succeed(program, Data::None, &arguments);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[0], "sample,rank,bipyramids,atoms,length_angstrom");
    assert_eq!(lines.len(), 6);
}

/// Without data every claim keeps the value of the ledger.
fn verify() {
    let arguments = ["--json", "--offline", "--quiet"];
    let program = env!("CARGO_BIN_EXE_verify");
    let printed = Place::new().succeed(program, Data::None, &arguments);
    let rows: Vec<Value> = serde_json::from_str(&printed).unwrap();
    let (_, claims) = figures::record::ledger::read().unwrap();
    assert_eq!(rows.len(), claims.len());
    for (row, claim) in rows.iter().zip(&claims) {
        assert_eq!(row["id"], claim.id);
        assert_eq!(row["status"], serde_json::to_value(claim.status).unwrap());
        assert_eq!(row["ours"], serde_json::to_value(&claim.ours).unwrap());
    }
}

fn quench() {
    let program = env!("CARGO_BIN_EXE_quench");
    let printed = Place::new().succeed(program, Data::None, &["--dry-run"]);
    for command in ["pair_style", "velocity", "fix", "run"] {
        let given = printed.lines().any(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some(command)
        });
        assert!(given, "no {command} in\n{printed}");
    }
}

fn fetch() {
    let program = env!("CARGO_BIN_EXE_fetch");
    let listed = |group| {
        let place = Place::new();
        let printed = place.succeed(program, Data::None, &["--list", group]);
        printed.lines().map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let all = listed("all");
    let [models, tomography] = ["models", "tomography"].map(listed);
    assert!(!models.is_empty() && !tomography.is_empty());
    assert_eq!(models.len() + tomography.len(), all.len());
    assert!(models.iter().all(|line| all.contains(line)));
}

fn fetch_offline() {
    let place = Place::new();
    let program = env!("CARGO_BIN_EXE_fetch");
    let output = place.run(program, Data::None, &["models", "--offline", "--quiet"]);
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.lines().count() > 0);
    assert!(
        printed.lines().all(|line| line.starts_with("failed")),
        "{printed}"
    );
}

/// Side of the volume of one's own, and of a voxel in ångström.
const SIDE: usize = 57;
const PIXEL: f64 = 0.3216;

/// Atoms of a face-centred lattice of 4 Å, voxels from the centre.
fn lattice() -> Vec<Vec3> {
    let a = 4.0 / PIXEL;
    let basis = [
        [0.0, 0.0, 0.0],
        [0.5, 0.5, 0.0],
        [0.5, 0.0, 0.5],
        [0.0, 0.5, 0.5],
    ];
    let cells = (0..27).map(|k| Vec3::new((k % 3) as f64, (k / 3 % 3) as f64, (k / 9) as f64));
    let atoms =
        cells.flat_map(|cell| basis.map(|b| a * (cell + Vec3::from_array(b) - Vec3::splat(1.25))));
    atoms.collect()
}

fn volume(atoms: &[Vec3]) -> Array3<f32> {
    let middle = Vec3::splat(centre(SIDE) as f64);
    Array3::from_shape_fn((SIDE, SIDE, SIDE), |(x, y, z)| {
        let place = Vec3::new(x as f64, y as f64, z as f64) - middle;
        let value = atoms
            .iter()
            .map(|&atom| (-place.distance_squared(atom) / 6.0).exp());
        value.sum::<f64>() as f32
    })
}

/// Own `.mrc` -> atoms -> networks; the same atoms against images of one's own.
fn own_path() {
    let place = Place::new();
    let atoms = lattice();
    let bytes = mrc::to_mrc(volume(&atoms).view(), Some(PIXEL), "Gaussians");
    std::fs::write(place.path("own.mrc"), bytes).unwrap();
    let trace = env!("CARGO_BIN_EXE_trace");
    place.succeed(
        trace,
        Data::None,
        &[
            "own.mrc",
            "--pixel",
            "0.3216",
            "--support",
            "none",
            "--quiet",
            "--out",
            "out",
        ],
    );
    let lines = place.lines("atoms.extxyz");
    let header =
        "Properties=species:S:1:pos:R:3:voxel_x:R:1:voxel_y:R:1:voxel_z:R:1:flag:I:1:intensity:R:1";
    assert!(lines[1].starts_with(header), "{}", lines[1]);
    let kept: Vec<Vec<f64>> = lines[2..]
        .iter()
        .map(|line| {
            line.split_whitespace()
                .skip(1)
                .map(|n| n.parse().unwrap())
                .collect()
        })
        .filter(|row: &Vec<f64>| row[6] == 0.0)
        .collect();
    assert_eq!(kept.len(), atoms.len());
    for atom in &atoms {
        let nearest = kept
            .iter()
            .map(|row| Vec3::from_slice(&row[..3]).distance(*atom * PIXEL));
        let nearest = nearest.fold(9.0, f64::min);
        assert!(nearest < 0.05, "{nearest} Å");
    }
    let first = &kept[0];
    let middle = (centre(SIDE) + 1) as f64;
    assert!(
        ((first[3] - middle) * PIXEL - first[0]).abs() < 1e-5,
        "{first:?}"
    );

    let networks = env!("CARGO_BIN_EXE_networks");
    let listed = place.succeed(
        networks,
        Data::None,
        &["--atoms", "out/atoms.extxyz", "--quiet"],
    );
    assert!(listed.ends_with("108 atoms, 0 bipyramids\n"), "{listed}");

    let tilts: Vec<TiltAngles> = (-6..=6)
        .map(|k| TiltAngles::tilt(10.0 * f64::from(k)))
        .collect();
    let views: Vec<View> = tilts
        .iter()
        .map(|&tilt| Rotation::of(tilt).into())
        .collect();
    let drawing = AtomImages::new(
        (SIDE, SIDE),
        PIXEL,
        &ScatteringFactor::of(Element::Ta).unwrap(),
    );
    let images = drawing.images(&atoms, 5.0, &views);
    std::fs::write(place.path("images.npy"), npy::to_npy(images.view())).unwrap();
    let angles: String = tilts
        .iter()
        .map(|tilt| format!("{}\n", tilt.theta_deg))
        .collect();
    std::fs::write(place.path("angles.csv"), angles).unwrap();
    let said = place.succeed(
        env!("CARGO_BIN_EXE_refine"),
        Data::None,
        &[
            "--images",
            "images.npy",
            "--angles",
            "angles.csv",
            "--pixel",
            "0.3216",
            "--atoms",
            "out/atoms.extxyz",
            "--method",
            "exact",
            "--iterations",
            "10",
            "--quiet",
            "--out",
            "refined",
        ],
    );
    assert!(
        said.starts_with("108 atoms, R 0.0") && said.contains("B 5.0"),
        "{said}"
    );
}

fn trace_refuses() {
    let place = Place::new();
    let program = env!("CARGO_BIN_EXE_trace");
    let bytes = mrc::to_mrc(volume(&lattice()).view(), Some(PIXEL), "Gaussians");
    std::fs::write(place.path("own.mrc"), bytes).unwrap();
    let empty = mrc::to_mrc(Array3::<f32>::zeros((9, 9, 9)).view(), None, "nothing");
    std::fs::write(place.path("empty.mrc"), empty).unwrap();
    let refusal = |arguments: &[&str]| {
        let arguments = [arguments, &["--quiet", "--out", "out"]].concat();
        let output = place.run(program, Data::None, &arguments);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    let negative = refusal(&["own.mrc", "--pixel=-0.1"]);
    assert!(negative.contains("must be a positive number"), "{negative}");
    let none = refusal(&["empty.mrc", "--pixel", "0.3"]);
    assert!(none.contains("has no maximum above 0"), "{none}");
    let absent = refusal(&["absent.mrc", "--pixel", "0.3"]);
    assert!(absent.contains("'absent.mrc' cannot be read"), "{absent}");
    let unsaid = refusal(&["--sample", "ta_film"]);
    assert!(unsaid.contains("such as --area 12"), "{unsaid}");
}
