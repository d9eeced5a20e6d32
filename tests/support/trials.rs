//! Trials that need the public data: run where it is there, reported as ignored where it is not.

use std::path::PathBuf;
use std::sync::OnceLock;

use amorphous_packing::data::{DataStore, Origin, Sample, StoreOptions, user_cache_dir};
use amorphous_packing::progress::Silent;
use libtest_mimic::Trial;

/// The data directory or the cache; tests never use the network.
pub fn store() -> &'static DataStore {
    static STORE: OnceLock<DataStore> = OnceLock::new();
    STORE.get_or_init(|| {
        DataStore::new(StoreOptions {
            data_dir: std::env::var_os("AMORPHOUS_PACKING_DATA")
                .filter(|directory| !directory.is_empty())
                .map(PathBuf::from),
            cache_dir: user_cache_dir(),
            offline: true,
        })
        .unwrap()
    })
}

/// A trial that needs these public files. Where one is absent it is ignored, with the command that
/// gets it in its name; with `AMORPHOUS_PACKING_REQUIRE_DATA=1` it fails.
pub fn trial(name: &str, files: &[&str], run: impl FnOnce() + Send + 'static) -> Trial {
    let absent = files.iter().copied().find(|path| {
        let located = store().locate(path, &Silent);
        located.is_err_and(|error| error.is_absent())
    });
    let required = std::env::var("AMORPHOUS_PACKING_REQUIRE_DATA").is_ok_and(|v| v == "1");
    match absent {
        None => Trial::test(name, move || {
            run();
            Ok(())
        }),
        Some(path) if required => {
            let message = format!("{path} is needed and not there");
            Trial::test(name, move || Err(message.into()))
        }
        Some(path) => {
            let group = store().manifest().file(path).map(|file| file.group.id());
            let group = group.unwrap_or("all");
            let name = format!("{name} (needs data: cargo run --bin fetch -- {group})");
            Trial::test(name, || Ok(())).with_ignored_flag(true)
        }
    }
}

/// The file of a published model.
pub fn model(sample: Sample) -> &'static str {
    match sample.origin() {
        Origin::Published { file, .. } => file,
        Origin::Embedded { .. } => unreachable!("a published sample"),
    }
}
