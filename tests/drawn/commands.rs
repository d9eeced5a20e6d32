//! The commands, each run at least once without data.

use libtest_mimic::Trial;
use serde_json::Value;

use crate::always;
use crate::run::{Data, Place};

/// The programs that draw no figure.
const COMMANDS: [(&str, &str); 6] = [
    ("book", env!("CARGO_BIN_EXE_book")),
    ("fetch", env!("CARGO_BIN_EXE_fetch")),
    ("networks", env!("CARGO_BIN_EXE_networks")),
    ("quench", env!("CARGO_BIN_EXE_quench")),
    ("reconstruct", env!("CARGO_BIN_EXE_reconstruct")),
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
