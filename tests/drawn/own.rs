//! `analyze` on structures that are made here: its files, several frames, pieces joined, what it refuses,
//! its page in a browser.

use std::fmt::Write as _;
use std::fs::{self, File};

use amorphous_packing::formats::tables::from_parquet;
use amorphous_packing::formats::turn::Turn;
use libtest_mimic::Trial;
use serde_json::Value;

use crate::always;
use crate::chromium::{chromium, each_check_can_fail, opens_in_chromium};
use crate::run::{Data, Place, checkout};

const ANALYZE: &str = env!("CARGO_BIN_EXE_analyze");

/// What `analyze` writes beside the tables of the sheet.
const FILES: [&str; 13] = [
    ".analyze.lock",
    "atoms.parquet",
    "bipyramids.parquet",
    "frames.csv",
    "frames.parquet",
    "g.csv",
    "g.parquet",
    "networks.parquet",
    "sheet.json",
    "sheet.png",
    "sheet.svg",
    "structure.extxyz",
    "summary.json",
];

pub(crate) fn trials() -> Vec<Trial> {
    let no_browser = chromium().is_none();
    let page = always("the page of a structure turns in a browser, offline", page);
    let checks = always("what is wrong with a page is seen", || {
        each_check_can_fail().unwrap();
    });
    vec![
        always("analyze finds of the liquid what its figures show", liquid),
        always(
            "analyze averages frames, and its pieces join to the whole",
            frames,
        ),
        always("analyze follows the quench of a Cu–Zr melt", quench),
        always("analyze says in a sentence what it cannot take", refusals),
        always(
            "analyze leaves a directory to the run that has it",
            one_at_a_time,
        ),
        page.with_ignored_flag(no_browser),
        checks.with_ignored_flag(no_browser),
    ]
}

/// A number between −½ and ½, the next of a fixed series.
fn next(state: &mut u64) -> f64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
}

/// Frames of a disordered alloy in a box: extended XYZ.
fn alloy(frames: usize) -> String {
    const CELL: f64 = 4.0;
    const CELLS: usize = 5;
    let sites = [
        [0.0, 0.0, 0.0],
        [0.0, 0.5, 0.5],
        [0.5, 0.0, 0.5],
        [0.5, 0.5, 0.0],
    ];
    let mut state = 7;
    let mut text = String::new();
    let edge = CELL * CELLS as f64;
    for _ in 0..frames {
        let atoms = 4 * CELLS.pow(3);
        writeln!(text, "{atoms}").unwrap();
        writeln!(
            text,
            "Lattice=\"{edge} 0 0 0 {edge} 0 0 0 {edge}\" Properties=species:S:1:pos:R:3"
        )
        .unwrap();
        for k in 0..atoms {
            let cell = [k / 4 / CELLS / CELLS, k / 4 / CELLS % CELLS, k / 4 % CELLS];
            let site = sites[k % 4];
            let place = [0, 1, 2]
                .map(|axis| CELL * (cell[axis] as f64 + site[axis]) + 1.3 * next(&mut state));
            let symbol = if k % 3 == 0 { "Zr" } else { "Cu" };
            writeln!(
                text,
                "{symbol} {:.6} {:.6} {:.6}",
                place[0], place[1], place[2]
            )
            .unwrap();
        }
    }
    text
}

fn summary(place: &Place) -> Value {
    serde_json::from_slice(&place.bytes("summary.json")).unwrap()
}

/// By the paper's rules the same bipyramids and networks as `networks` exports.
fn liquid() {
    let frame = checkout("data/ta_liquid_5200K.parquet");
    let frame = frame.to_str().unwrap();
    let place = Place::new();
    let arguments = [frame, "--paper", "--quiet", "--out", "out"];
    let said = place.succeed(ANALYZE, Data::None, &arguments);
    assert!(said.contains("31250: Ta 31250 (100.0 %)"), "{said}");
    let other = Place::new();
    let arguments = ["--export", "--offline", "--quiet", "--out", "out"];
    other.succeed(env!("CARGO_BIN_EXE_networks"), Data::None, &arguments);
    for table in ["bipyramids", "networks"] {
        let own = from_parquet(&place.bytes(&format!("{table}.parquet"))).unwrap();
        let exported = other.bytes(&format!("ta_liquid_5200K_{table}.parquet"));
        let exported = from_parquet(&exported).unwrap();
        let names = exported.get_column_names_owned();
        assert_eq!(own.select(names).unwrap(), exported, "{table}");
    }
    for name in FILES.into_iter().chain(["view.html"]) {
        assert!(place.files().iter().any(|file| file == name), "no {name}");
    }
    let summary = summary(&place);
    let atoms = from_parquet(&place.bytes("atoms.parquet")).unwrap();
    assert_eq!(summary["last_frame"]["atoms"], atoms.height());
    let provenance = place.provenance("sheet");
    let listed = provenance["outputs"].as_array().unwrap();
    for name in FILES
        .into_iter()
        .skip(1)
        .filter(|name| *name != "sheet.json")
    {
        assert!(
            listed.iter().any(|output| output["file"] == name),
            "{name} is not listed"
        );
    }
}

fn frames() {
    let whole = Place::new();
    let text = alloy(6);
    let run = |place: &Place, arguments: &[&str]| {
        fs::write(place.path("melt.extxyz"), &text).unwrap();
        let arguments = [&["melt.extxyz", "--quiet"][..], arguments].concat();
        place.succeed(ANALYZE, Data::None, &arguments)
    };
    let said = run(&whole, &["--out", "out"]);
    assert!(said.contains("6 frames"), "{said}");
    let of_whole = summary(&whole);
    assert_eq!(of_whole["frames"], 6);
    let species = of_whole["last_frame"]["species"].as_array().unwrap();
    assert_eq!(
        (&species[0]["element"], &species[0]["atoms"]),
        (&"Cu".into(), &333.into())
    );
    let mean = &of_whole["means"]["pentagonal_bipyramids_per_atom"];
    let (low, high) = (
        mean["low"].as_f64().unwrap(),
        mean["high"].as_f64().unwrap(),
    );
    assert!(
        low < high && mean["standard_error"].as_f64().unwrap() > 0.0,
        "{mean}"
    );
    let header = whole.lines("g.csv").swap_remove(0);
    assert_eq!(header, "r_angstrom,g,g_Cu_Cu,g_Cu_Zr,g_Zr_Zr");
    let networks = from_parquet(&whole.bytes("networks.parquet")).unwrap();
    let by_element = ["atoms_Cu", "atoms_Zr"].map(|name| networks.column(name).unwrap().clone());
    let both = (&by_element[0] + &by_element[1]).unwrap();
    let numbers = |column: &polars::prelude::Column| {
        column.u32().unwrap().iter().collect::<Vec<Option<u32>>>()
    };
    assert_eq!(numbers(&both), numbers(networks.column("atoms").unwrap()));

    let threads = Place::new();
    run(&threads, &["--threads", "2", "--out", "out"]);
    for name in whole.files().iter().filter(|name| *name != "sheet.json") {
        assert_eq!(
            whole.bytes(name),
            threads.bytes(name),
            "{name} depends on the threads"
        );
    }

    let pieces = Place::new();
    for (piece, range) in [("b", "2:5"), ("a", ":2"), ("c", "5:")] {
        run(&pieces, &["--frames", range, "--out", piece]);
    }
    let arguments = ["--merge", "b", "a", "c", "--quiet", "--out", "out"];
    pieces.succeed(ANALYZE, Data::None, &arguments);
    for name in ["frames.csv", "frames.parquet", "summary.json"] {
        assert!(whole.bytes(name) == pieces.bytes(name), "{name} differs");
    }
    for name in ["bipyramids", "networks", "g"] {
        let [one, joined] = [&whole, &pieces].map(|place| {
            let table = from_parquet(&place.bytes(&format!("{name}.parquet"))).unwrap();
            table.sort(["frame"], Default::default()).unwrap()
        });
        assert_eq!(one.height(), joined.height(), "{name}");
        assert_eq!(one.get_column_names(), joined.get_column_names());
    }
    let again = pieces.run(
        ANALYZE,
        Data::None,
        &["--merge", "a", "a", "--out", "twice"],
    );
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(
        said.contains("frame 0 of 'melt.extxyz' is in two of the runs"),
        "{said}"
    );
    assert_eq!(again.status.code(), Some(1));
}

/// Five frames from 2,000 to 300 K, as `examples/own/in.cuzr` made them: types without symbols,
/// compressed. Bipyramids become many and link to one network through the box.
fn quench() {
    let melt = checkout("tests/files/own/cuzr_quench.lammpstrj.gz");
    let place = Place::new();
    let arguments = [
        melt.to_str().unwrap(),
        "--types",
        "Cu,Zr",
        "--quiet",
        "--out",
        "out",
    ];
    place.succeed(ANALYZE, Data::None, &arguments);
    let frames = from_parquet(&place.bytes("frames.parquet")).unwrap();
    let column = frames.column("pentagonal_bipyramids_per_atom").unwrap();
    let per_atom: Vec<f64> = column.f64().unwrap().iter().flatten().collect();
    assert_eq!(per_atom.len(), 5);
    assert!(
        per_atom.is_sorted() && per_atom[0] < 0.6 && per_atom[4] > 2.0,
        "{per_atom:?}"
    );
    let last = &summary(&place)["last_frame"];
    assert_eq!(
        last["largest_network_spans"],
        serde_json::json!([true, true, true])
    );
    assert_eq!(last["species"][0]["element"], "Cu");
    // Copper is the smaller atom: it sits in the middle of icosahedra more often than its share.
    let copper = &last["species"][0];
    assert!(copper["cap_fraction"].as_f64() > copper["fraction"].as_f64());
}

fn refusals() {
    let place = Place::new();
    let good = alloy(1);
    fs::write(place.path("good.xyz"), &good).unwrap();
    fs::write(place.path("empty.xyz"), "").unwrap();
    fs::write(place.path("cut.xyz"), &good[..good.len() / 2]).unwrap();
    fs::write(place.path("nan.xyz"), good.replacen("Cu ", "Cu nan ", 1)).unwrap();
    let unnamed = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n5\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\n\
                   ITEM: ATOMS id type x y z\n1 1 1 1 1\n2 2 4 1 1\n3 1 1 4 1\n4 1 1 1 4\n5 2 4 4 4\n";
    fs::write(place.path("types.dump"), unnamed).unwrap();
    fs::create_dir(place.path("folder")).unwrap();
    for (arguments, expected) in [
        (&["absent.xyz"][..], "absent.xyz"),
        (&["folder"], "folder"),
        (&["empty.xyz"], "empty.xyz"),
        (&["cut.xyz"], "cut.xyz"),
        (&["nan.xyz"], "nan.xyz"),
        (&["types.dump"], "give the elements with --types"),
        (&["types.dump", "--types", "Cu"], "1 elements were given"),
        (
            &["good.xyz", "--cutoff", "40"],
            "the first-neighbour distance of 40 Å",
        ),
        (
            &["good.xyz", "--frames", "3:"],
            "no frame in the range of --frames",
        ),
        (
            &["good.xyz", "--open", "a", "--periodic", "ab"],
            "both among --open and",
        ),
        (
            &["--merge", "folder"],
            "--merge joins directories that analyze wrote",
        ),
    ] {
        let arguments = [arguments, &["--quiet", "--out", "out"]].concat();
        let refused = place.run(ANALYZE, Data::None, &arguments);
        let said = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(
            said.starts_with("error: ") && said.contains(expected),
            "{said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
        assert_eq!(
            place.files(),
            [".analyze.lock"],
            "{arguments:?} left something"
        );
    }
    for arguments in [
        &["good.xyz", "--delta", "wide"][..],
        &["good.xyz", "--frames", "5:5"],
    ] {
        let refused = place.run(ANALYZE, Data::None, arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
    }
}

fn one_at_a_time() {
    let place = Place::new();
    fs::write(place.path("good.xyz"), alloy(1)).unwrap();
    fs::create_dir(place.out()).unwrap();
    let names = [".analyze.lock", ".analyze.running"];
    let turn = Turn::take(&place.out(), names, File::try_lock).unwrap();
    let arguments = ["good.xyz", "--quiet", "--out", "out"];
    let refused = place.run(ANALYZE, Data::None, &arguments);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        said.contains("another run of analyze is writing into 'out'"),
        "{said}"
    );
    drop(turn);
    place.succeed(ANALYZE, Data::None, &arguments);
}

fn page() {
    let place = Place::new();
    fs::write(place.path("alloy.xyz"), alloy(1)).unwrap();
    place.succeed(
        ANALYZE,
        Data::None,
        &["alloy.xyz", "--quiet", "--out", "out"],
    );
    let report = opens_in_chromium(&place.out().join("view.html")).unwrap();
    assert_eq!(report.faults(), [""; 0]);
}
