//! The reader of LAMMPS dumps: its column forms, and what it refuses.

use amorphous_packing::atoms::{Boundary, Element, Vec3};
use amorphous_packing::formats::dump::{DumpError, DumpReader, Frame, read_dump};
use amorphous_packing::numerics::Bounds;

use acceptance::errors::sentence;

/// Five atoms in a box of 10 × 20 × 30 Å whose lower corner is (−1, 0, 5), out of order.
const PLAIN: &str = "\
ITEM: TIMESTEP
400
ITEM: NUMBER OF ATOMS
5
ITEM: BOX BOUNDS pp pp pp
-1.0000000000000000e+00 9.0000000000000000e+00
0.0 20.0
5.0 35.0
ITEM: ATOMS id type x y z
2 1 1.5 2 8
1 1 -0.5 1 6.5
4 1 4 5 12.5
3 1 2 4 9.5
5 1 9.25 19 35.5
";

const SCALED: &str = "\
ITEM: TIMESTEP
400
ITEM: NUMBER OF ATOMS
5
ITEM: BOX BOUNDS pp pp pp
-1 9
0 20
5 35
ITEM: ATOMS zs id xs ys
0.05 1 0.05 0.05
0.1 2 0.25 0.1
0.15 3 0.3 0.2
0.25 4 0.5 0.25
1.0166666666666666 5 1.025 0.95
";

fn frames(text: &str) -> Result<Vec<Frame>, DumpError> {
    DumpReader::new(text.as_bytes()).collect()
}

fn refusal(text: &str) -> String {
    sentence(&frames(text).unwrap_err())
}

#[test]
fn plain_positions_are_read_in_the_order_of_their_identifiers() {
    let frame = frames(PLAIN).unwrap().remove(0);
    assert_eq!(frame.step, 400);
    let bounds = Bounds {
        low: Vec3::new(-1.0, 0.0, 5.0),
        high: Vec3::new(9.0, 20.0, 35.0),
    };
    assert_eq!(frame.bounds, bounds);
    assert_eq!(frame.periodic, [true; 3]);
    assert_eq!(frame.positions[0], Vec3::new(-0.5, 1.0, 6.5));
    assert_eq!(frame.positions[4], Vec3::new(9.25, 19.0, 35.5));
}

#[test]
fn unwrapped_and_scaled_positions_are_the_same_places() {
    let plain = frames(PLAIN).unwrap().remove(0);
    let unwrapped = frames(&PLAIN.replace("x y z", "xu yu zu")).unwrap();
    assert_eq!(unwrapped[0], plain);
    let scaled = frames(SCALED).unwrap().remove(0);
    for (a, b) in plain.positions.iter().zip(&scaled.positions) {
        assert!((*a - *b).abs().max_element() <= 1e-12, "{a} {b}");
    }
}

#[test]
fn atoms_are_moved_to_the_origin_and_wrapped_into_the_box() {
    let atoms = frames(PLAIN).unwrap()[0].to_atoms(Element::Ta).unwrap();
    let edges = Vec3::new(10.0, 20.0, 30.0);
    assert_eq!(atoms.boundary(), Boundary::periodic(edges));
    assert_eq!(atoms.positions()[0], Vec3::new(0.5, 1.0, 1.5));
    assert_eq!(atoms.positions()[4], Vec3::new(0.25, 19.0, 0.5));
    let open = frames(&PLAIN.replace("pp pp pp", "ff ff ss")).unwrap();
    let open = open[0].to_atoms(Element::Ta).unwrap();
    assert_eq!(open.boundary(), Boundary::Open);
    let mixed = frames(&PLAIN.replace("pp pp pp", "pp pp ff")).unwrap();
    assert!(matches!(
        mixed[0].to_atoms(Element::Ta),
        Err(DumpError::MixedBoundary { step: 400 })
    ));
}

#[test]
fn a_trajectory_gives_its_frames_in_order() {
    let text = format!(
        "{PLAIN}ITEM: UNITS\nmetal\nITEM: TIME\n1.5\n{}",
        PLAIN.replace("400", "800")
    );
    let steps: Vec<u64> = frames(&text).unwrap().iter().map(|f| f.step).collect();
    assert_eq!(steps, [400, 800]);
    assert_eq!(frames("").unwrap(), []);
}

#[test]
fn a_triclinic_box_is_refused_by_name() {
    let text = PLAIN.replace("BOX BOUNDS pp", "BOX BOUNDS xy xz yz pp");
    assert_eq!(
        refusal(&text),
        "line 5 of the dump describes a triclinic box; only orthogonal boxes can be read"
    );
    let general = PLAIN.replace("BOX BOUNDS pp", "BOX BOUNDS abc origin pp");
    assert!(refusal(&general).contains("triclinic"));
}

#[test]
fn errors_name_their_line() {
    for (from, to, line, words) in [
        ("ITEM: TIMESTEP", "hello", 1, "ITEM: TIMESTEP"),
        ("400", "-4", 2, "the number of the time step"),
        ("ATOMS\n5", "ATOMS\nfive", 4, "the number of atoms"),
        ("pp pp pp", "pp pp", 5, "three boundary flags"),
        ("0.0 20.0", "20.0 0.0", 7, "the lower one first"),
        ("id type x y z", "id type vx vy vz", 9, "no positions"),
        (
            "1.5 2 8",
            "1.5 2",
            10,
            "one finite number per listed column",
        ),
        ("1.5 2 8", "1.5 NaN 8", 10, "one finite number"),
        ("1.5 2 8", "1.5 two 8", 10, "one finite number"),
        ("3 1 2 4", "3.5 1 2 4", 13, "a whole number as identifier"),
    ] {
        assert!(PLAIN.contains(from));
        let message = refusal(&PLAIN.replacen(from, to, 1));
        assert!(
            message.contains(&format!("line {line} ")) && message.contains(words),
            "{to:?}: {message}"
        );
    }
}

#[test]
fn a_dump_cut_short_anywhere_is_an_error() {
    let lines: Vec<&str> = PLAIN.lines().collect();
    for kept in 1..lines.len() {
        let message = refusal(&lines[..kept].join("\n"));
        assert!(
            message.contains(&format!("ends before line {}", kept + 1)),
            "{message}"
        );
    }
    // A stated count beyond the file must not be believed.
    let more = PLAIN.replace("ATOMS\n5", "ATOMS\n18446744073709551615");
    assert!(refusal(&more).contains("ends before line 15"));
}

#[test]
fn an_identifier_that_comes_twice_is_refused() {
    assert_eq!(
        refusal(&PLAIN.replace("3 1 2 4", "4 1 2 4")),
        "the frame of step 400 holds the atom identifier 4 twice"
    );
}

#[test]
fn a_file_is_named_in_its_errors() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("some.dump");
    std::fs::write(&path, PLAIN).unwrap();
    assert_eq!(read_dump(&path).unwrap().len(), 1);
    std::fs::write(&path, "").unwrap();
    let message = sentence(&read_dump(&path).unwrap_err());
    assert!(message.contains("some.dump: the dump ends"), "{message}");
    let absent = directory.path().join("absent.dump");
    let message = sentence(&read_dump(&absent).unwrap_err());
    assert!(message.contains("absent.dump: cannot read"), "{message}");
}
