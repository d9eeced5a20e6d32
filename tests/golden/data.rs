//! Where the golden tests get their samples from; each is read and analysed once.

use std::path::PathBuf;
use std::sync::OnceLock;

use amorphous_packing::analysis::Analysis;
use amorphous_packing::io::{DataStore, Silent, StoreOptions, read_published, user_cache_dir};
use amorphous_packing::sample::Sample;
use libtest_mimic::Trial;

/// The data directory or the cache; tests never use the network.
fn store() -> &'static DataStore {
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

/// The place of a public file; the trial that asks has checked that it is there.
pub(crate) fn file(path: &str) -> PathBuf {
    store().locate(path, &Silent).unwrap().path
}

/// The analysis of a published model.
pub(crate) fn analysis(sample: Sample) -> &'static Analysis {
    static ANALYSES: [OnceLock<Analysis>; 3] = [const { OnceLock::new() }; 3];
    ANALYSES[sample as usize].get_or_init(|| {
        let (atoms, _) = read_published(store(), sample, &Silent).unwrap();
        Analysis::new(atoms, sample.first_valley_angstrom(), |_| ()).unwrap()
    })
}

/// A trial that needs these public files.
pub(crate) fn trial(name: &str, files: &[&str], run: impl FnOnce() + Send + 'static) -> Trial {
    let absent = files.iter().find(|path| {
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
        Some(_) => {
            let name = format!("{name} (needs data: cargo run --bin fetch -- models)");
            Trial::test(name, || Ok(())).with_ignored_flag(true)
        }
    }
}

/// The file of a published model.
pub(crate) fn model(sample: Sample) -> &'static str {
    match sample.origin() {
        amorphous_packing::sample::Origin::Published { file, .. } => file,
        amorphous_packing::sample::Origin::Embedded { .. } => unreachable!("a published sample"),
    }
}
