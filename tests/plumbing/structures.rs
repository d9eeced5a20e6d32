//! Files of atoms: every format against ASE, compressed, with other line ends, malformed and mutated.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use amorphous_packing::atoms::{Boundary, Element, Vec3};

use amorphous_packing::data::carried::embedded;
use amorphous_packing::data::snapshot::Snapshot;
use amorphous_packing::formats::structure::{
    Choice, Format, Kinds, Structure, StructureError, open, read,
};
use matrw::{MatFile as Written, MatVariable, MatlabType, NumericArray};
use tempfile::TempDir;

use acceptance::errors::sentence;
use acceptance::random::Random;

/// The atoms of `files/structures`, as ASE 3.29.0 states them, which also wrote the files (the dumps
/// were written by hand and read by it).
const ASE: [(Element, [f64; 3]); 12] = [
    (Element::Al, [0.700200, 2.957992, 4.642387]),
    (Element::Al, [3.662712, 0.644461, 1.099436]),
    (Element::Al, [0.550031, 5.722352, 6.187069]),
    (Element::Al, [4.979931, 4.649836, 4.759497]),
    (Element::Al, [2.171166, 6.307568, 7.228459]),
    (Element::Cu, [1.533942, 0.847259, 7.198931]),
    (Element::Cu, [2.695519, 3.831861, 2.043998]),
    (Element::Cu, [5.135074, 3.614133, 2.372461]),
    (Element::Zr, [2.974651, 2.077556, 7.542542]),
    (Element::Zr, [2.309367, 5.120175, 5.231811]),
    (Element::Zr, [3.348604, 3.673808, 8.969967]),
    (Element::Zr, [4.903516, 0.820477, 7.311767]),
];
const CELL: [[f64; 3]; 3] = [[8.0, 0.0, 0.0], [-1.5, 7.5, 0.0], [1.0, 0.75, 9.0]];

/// The files, how exactly they state positions and cell in ångström, how many frames they hold, and
/// the corner of the cell.
const FILES: [(&str, f64, usize, [f64; 3]); 11] = [
    ("plain.xyz", 1e-6, 1, [0.0; 3]),
    ("skew.extxyz", 1e-6, 1, [0.0; 3]),
    ("skew.lammpstrj", 1e-6, 1, [-2.0, 1.0, 0.5]),
    ("scaled.dump", 1e-6, 1, [-2.0, 1.0, 0.5]),
    ("skew.data", 1e-6, 1, [0.0; 3]),
    ("POSCAR", 1e-6, 1, [0.0; 3]),
    ("cartesian.vasp", 1e-6, 1, [0.0; 3]),
    ("XDATCAR", 1e-6, 2, [0.0; 3]),
    ("skew.cif", 1e-6, 1, [0.0; 3]),
    // Thousandths of an ångström, angles in hundredths of a degree; hundredths of an ångström.
    ("skew.pdb", 2e-3, 2, [0.0; 3]),
    ("skew.gro", 6e-3, 1, [0.0; 3]),
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("files")
        .join(name)
}

fn frames(path: &Path) -> Result<Vec<Structure>, StructureError> {
    open(path, None)?.collect()
}

/// The frames of bytes, whose format is that of a file.
fn frames_of(bytes: &[u8], format: Format) -> Result<Vec<Structure>, StructureError> {
    read(Cursor::new(bytes.to_vec()), Some(format))?.collect()
}

/// What is wrong with a file, read and used as a command would.
fn refusal(path: &Path) -> String {
    let used = || -> Result<(), StructureError> {
        for frame in open(path, None)? {
            let atoms = frame?.to_atoms(&Choice::default());
            atoms.map_err(|problem| problem.in_file(path))?;
        }
        Ok(())
    };
    let said = sentence(&used().expect_err(&path.display().to_string()));
    let named = format!("{}: ", path.display());
    said.strip_prefix(&named).unwrap_or(&said).to_owned()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_format_gives_the_atoms_that_ase_has() {
    for (name, exact, count, corner) in FILES {
        let frames = frames(&folder("structures").join(name)).unwrap();
        assert_eq!(frames.len(), count, "{name}");
        let frame = &frames[0];
        assert_eq!(frame.positions.len(), ASE.len());
        for (found, (_, place)) in frame.positions.iter().zip(ASE) {
            let off = (*found - Vec3::from(corner) - Vec3::from(place)).abs();
            let off = if name == "scaled.dump" || name == "skew.lammpstrj" {
                off
            } else {
                (*found - Vec3::from(place)).abs()
            };
            assert!(off.max_element() < exact, "{name}: {found} {place:?}");
        }
        let atoms = frame.to_atoms(&Choice::default()).unwrap();
        assert_eq!(
            atoms.composition(),
            [(Element::Al, 5), (Element::Cu, 3), (Element::Zr, 4)],
            "{name}"
        );
        if let Kinds::Elements(elements) = &frame.kinds {
            assert!(elements.iter().eq(ASE.iter().map(|(element, _)| element)));
        }
        if name == "plain.xyz" {
            assert_eq!(frame.cell, None);
            continue;
        }
        let cell = frame.cell.unwrap();
        for (vector, expected) in cell.vectors.iter().zip(CELL) {
            let off = (*vector - Vec3::from(expected)).abs().max_element();
            assert!(off < exact, "{name}: {vector} {expected:?}");
        }
        assert!((cell.origin - Vec3::from(corner)).length() < 1e-9, "{name}");
        let periodic = if name == "skew.extxyz" {
            [true, true, false]
        } else {
            [true; 3]
        };
        assert_eq!(cell.periodic, periodic, "{name}");
    }
}

#[test]
fn the_second_frame_of_a_trajectory_is_reached_without_the_first() {
    for name in ["XDATCAR", "skew.pdb"] {
        let path = folder("structures").join(name);
        let all = frames(&path).unwrap();
        let second = open(&path, None).unwrap().nth(1).unwrap().unwrap();
        assert_eq!(second, all[1]);
        let moved = second.positions[0] - all[0].positions[0];
        // In XDATCAR positions are folded into the cell.
        assert!(
            (moved - Vec3::splat(0.125)).length() < 2e-3,
            "{name} {moved}"
        );
        assert!(open(&path, None).unwrap().nth(2).is_none());
    }
}

#[test]
fn compression_line_ends_and_a_mark_change_nothing() {
    let directory = TempDir::new().unwrap();
    for (name, ..) in FILES {
        let path = folder("structures").join(name);
        let format = open(&path, None).unwrap().format();
        let plain = frames(&path).unwrap();
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        for packed in [gzip(&bytes), zstd::encode_all(&bytes[..], 3).unwrap()] {
            // Known by their bytes, not by the name.
            let misnamed = directory.path().join(name);
            fs::write(&misnamed, &packed).unwrap();
            assert_eq!(frames(&misnamed).unwrap(), plain, "{name}");
            let cut = frames_of(&packed[..packed.len() - 5], format).unwrap_err();
            assert!(sentence(&cut).contains("damaged or cut short"), "{name}");
        }
        let blanks = text.replace('\n', " \t\n");
        for other in [
            text.replace('\n', "\r\n"),
            text.replace('\n', "\r"),
            text.replacen('\n', "\r\n", 4),
            format!("\u{feff}{text}"),
            format!("{text}\n\n"),
            blanks,
        ] {
            assert_eq!(
                frames_of(other.as_bytes(), format).unwrap(),
                plain,
                "{name}"
            );
        }
    }
}

#[test]
fn names_do_not_matter_where_the_first_lines_tell_the_format() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("unnamed");
    for (name, ..) in FILES {
        let original = folder("structures").join(name);
        fs::copy(&original, &path).unwrap();
        let found = open(&path, None).unwrap().format();
        assert_eq!(found, open(&original, None).unwrap().format(), "{name}");
    }
}

#[test]
fn every_malformed_file_has_its_sentence() {
    let text = fs::read_to_string(folder("malformed").join("expected.toml")).unwrap();
    let expected: BTreeMap<String, String> = toml::from_str(&text).unwrap();
    let files = fs::read_dir(folder("malformed")).unwrap();
    let mut names: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "expected.toml")
        .collect();
    names.sort_unstable();
    assert!(names.len() >= 60 && names.iter().eq(expected.keys()));
    for (name, begins) in &expected {
        let said = refusal(&folder("malformed").join(name));
        assert!(said.starts_with(begins), "{name}: {said}");
        assert!(said.len() < 400, "{name}: {said}");
    }
}

#[test]
fn what_is_too_large_for_this_folder_is_refused_too() {
    let directory = TempDir::new().unwrap();
    let xyz = "5\n\nCu 1 1 1\nCu 4 1 1\nCu 1 4 1\nCu 1 1 4\nCu 4 4 4\n";
    let bomb = vec![b'7'; 64 << 20];
    for (name, bytes, said) in [
        (
            "long.xyz",
            [b"5\n", &bomb[..2 << 20]].concat(),
            "line 2 is longer than 1048576 bytes",
        ),
        (
            "bomb.xyz.gz",
            gzip(&bomb),
            "line 1 is longer than 1048576 bytes",
        ),
        (
            "bomb.dump.zst",
            zstd::encode_all(&bomb[..], 3).unwrap(),
            "line 1 is longer than 1048576 bytes",
        ),
        (
            "cut.xyz.gz",
            gzip(xyz.as_bytes())[..30].to_vec(),
            "its gzip data are damaged or cut short",
        ),
        (
            "twice.xyz.gz",
            gzip(&gzip(xyz.as_bytes())),
            "line 1 is no text in UTF-8",
        ),
    ] {
        let path = directory.path().join(name);
        fs::write(&path, bytes).unwrap();
        assert!(
            refusal(&path).starts_with(said),
            "{name}: {}",
            refusal(&path)
        );
    }
    let absent = refusal(&directory.path().join("absent.xyz"));
    assert!(absent.starts_with("it cannot be read: "), "{absent}");
    let folder = refusal(directory.path());
    assert!(folder.starts_with("it cannot be read: "), "{folder}");
}

#[test]
fn a_snapshot_of_the_project_states_its_box_and_its_seal_is_minded() {
    let bytes = embedded("ta_liquid_5200K.parquet").unwrap();
    let frame = frames_of(bytes, Format::Parquet).unwrap().remove(0);
    let atoms = frame.to_atoms(&Choice::default()).unwrap();
    assert_eq!(&atoms, Snapshot::from_parquet(bytes).unwrap().atoms());
    let mut damaged = bytes.to_vec();
    damaged[1000] ^= 1;
    let said = sentence(&frames_of(&damaged, Format::Parquet).unwrap_err());
    assert!(said.ends_with("its checksum does not fit"), "{said}");
}

#[test]
fn a_model_is_found_among_the_variables_of_a_mat_file() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("some.mat");
    let places: Vec<f64> = (0..18).map(|k| f64::from(k * k % 31)).collect();
    let matrix = |dim: [usize; 2], values: Vec<f64>| {
        let array = NumericArray::new(dim.to_vec(), MatlabType::F64(values), None);
        MatVariable::NumericArray(array.unwrap())
    };
    let write = |variables: Vec<(&str, MatVariable)>| {
        let mut file = Written::new();
        for (name, variable) in variables {
            file.insert(name, variable);
        }
        matrw::save_matfile_v7(path.to_str().unwrap(), file, true).unwrap();
    };
    let by_columns: Vec<Vec3> = places.chunks(3).map(Vec3::from_slice).collect();
    let square = || matrix([2, 2], vec![1.0; 4]);
    write(vec![
        ("a", square()),
        ("atoms", matrix([3, 6], places.clone())),
    ]);
    let frame = frames(&path).unwrap().remove(0);
    assert_eq!(
        (&frame.positions, &frame.kinds),
        (&by_columns, &Kinds::Unknown)
    );
    let atoms = frame
        .to_atoms(&Choice::of_types(vec![Element::Pd]))
        .unwrap();
    assert_eq!(atoms.boundary(), Boundary::Open);
    let rows: Vec<f64> = (0..3)
        .flat_map(|axis| by_columns.iter().map(move |p| p[axis]))
        .collect();
    let more = matrix([3, 2], vec![0.0; 6]);
    write(vec![("a", more.clone()), ("model", matrix([6, 3], rows))]);
    assert_eq!(frames(&path).unwrap()[0].positions, by_columns);
    write(vec![("a", square())]);
    assert!(refusal(&path).starts_with("it holds no matrix with three rows or columns"));
    write(vec![("a", more.clone()), ("b", more)]);
    assert!(refusal(&path).starts_with("it holds several matrices with three rows"));
}

/// Changes some bytes of a file, as damage and mistakes do.
fn mutated(random: &mut Random, original: &[u8], other: &[u8]) -> Vec<u8> {
    const WORDS: [&[u8]; 16] = [
        b"-1",
        b"1e308",
        b"nan",
        b"99999999999999999999",
        b"4294967295",
        b"0",
        b"\n",
        b"\r",
        b" ",
        b"\xff",
        b"\0",
        b"'",
        b";",
        b"#",
        b"_",
        b"ITEM: ",
    ];
    let mut bytes = original.to_vec();
    for _ in 0..=random.bits() % 3 {
        let mut below = |bound: usize| (random.bits() % bound.max(1) as u64) as usize;
        let place = below(bytes.len());
        let end = (place + below(40)).min(bytes.len());
        match below(6) {
            0 => bytes.insert(place, below(256) as u8),
            1 => drop(bytes.drain(place..end)),
            2 => {
                let again = bytes[place..end].to_vec();
                let to = below(bytes.len());
                bytes.splice(to..to, again);
            }
            3 => drop(bytes.splice(place..end.min(place + below(4)), WORDS[below(16)].to_vec())),
            4 => bytes.truncate(place),
            _ => {
                let from = below(other.len());
                let until = (from + below(80)).min(other.len());
                bytes.splice(place..end, other[from..until].to_vec());
            }
        }
    }
    bytes
}

#[test]
fn a_hundred_thousand_mutations_are_read_or_refused() {
    const EACH: usize = 10_000;
    let files: Vec<(Format, Vec<u8>)> = FILES
        .iter()
        .map(|(name, ..)| {
            let path = folder("structures").join(name);
            let format = open(&path, None).unwrap().format();
            (format, fs::read(path).unwrap())
        })
        .collect();
    let mut random = Random(2022);
    let (mut good, mut refused) = (0_usize, 0_usize);
    for k in 0..EACH * files.len() {
        let (format, bytes) = &files[k % files.len()];
        let other = &files[(random.bits() % files.len() as u64) as usize].1;
        let changed = mutated(&mut random, bytes, other);
        let begun = Instant::now();
        match frames_of(&changed, *format) {
            Ok(frames) => {
                good += 1;
                for frame in &frames {
                    if let Err(error) = frame.to_atoms(&Choice::of_types(vec![Element::Ta])) {
                        let _ = sentence(&error);
                    }
                }
            }
            Err(error) => {
                refused += 1;
                let said = sentence(&error);
                assert!(said.len() < 600, "{said}");
            }
        }
        let seconds = begun.elapsed().as_secs_f64();
        assert!(
            seconds < 5.0,
            "{format}: {seconds} s\n{}",
            String::from_utf8_lossy(&changed)
        );
    }
    assert!(good > 5_000 && refused > 10_000, "{good} {refused}");
}
