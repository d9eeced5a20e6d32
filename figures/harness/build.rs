//! Tells the figures which compiler built them, for their provenance.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=harness/build.rs");
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = Command::new(rustc)
        .arg("--version")
        .output()
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env=FIGURES_RUSTC={}", version.trim());
}
