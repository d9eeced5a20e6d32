//! The store and its downloads, against a server on the loopback interface.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use amorphous_packing::data::manifest::{ContentHash, Group, Manifest, PublicFile};
use amorphous_packing::data::{DataError, DataStore, FoundIn, Located, Source, StoreOptions};
use amorphous_packing::numerics::sha256;
use amorphous_packing::progress::Silent;
use tempfile::TempDir;

use acceptance::errors::sentence;
use acceptance::http::{Answer, Server};
use acceptance::random::Random;

const FILE: &str = "models/a file.mat";
const OTHER: &str = "models/other.mat";
/// Enough for a loopback server on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);
/// For servers that never answer; a busy machine may need more.
const IMPATIENCE: Duration = Duration::from_millis(10);

/// 100,000 bytes without a period that a resumed download could hide in.
fn content() -> Vec<u8> {
    let mut random = Random(1);
    let bytes = std::iter::repeat_with(|| random.bits().to_le_bytes()).flatten();
    bytes.take(100_000).collect()
}

fn altered(mut content: Vec<u8>) -> Vec<u8> {
    content[0] ^= 1;
    content
}

fn manifest(bytes_known: bool) -> Manifest {
    let hex = sha256(&content());
    let row = |path: &str| PublicFile {
        path: path.to_owned(),
        bytes: bytes_known.then_some(100_000),
        hash: ContentHash::Sha256(hex.clone()),
        group: Group::Models,
    };
    Manifest {
        repository: "owner/name".to_owned(),
        commit: "commit".to_owned(),
        files: vec![row(FILE), row(OTHER)],
    }
}

/// A cache, a server and the store between them.
struct Bench {
    directory: TempDir,
    server: Server,
}

impl Bench {
    fn new(script: Vec<Answer>) -> Bench {
        Bench {
            directory: TempDir::new().unwrap(),
            server: Server::start(script),
        }
    }

    fn cache(&self) -> PathBuf {
        self.directory.path().join("cache")
    }

    /// Where the file lies after a download.
    fn target(&self) -> PathBuf {
        self.cache().join("commit").join(FILE)
    }

    fn part(&self) -> PathBuf {
        self.target().with_file_name("a file.mat.part")
    }

    fn put(&self, path: &Path, bytes: &[u8]) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn options(&self) -> StoreOptions {
        StoreOptions {
            data_dir: None,
            cache_dir: self.cache(),
            offline: false,
        }
    }

    fn store(&self) -> DataStore {
        self.store_with(self.options())
    }

    /// A store that gives up after `patience`.
    fn impatient_store(&self, patience: Duration) -> DataStore {
        let source = Source::new(self.server.base(), patience);
        DataStore::with_source(self.options(), manifest(true), source).unwrap()
    }

    fn store_with(&self, options: StoreOptions) -> DataStore {
        let source = Source::new(self.server.base(), PATIENCE);
        DataStore::with_source(options, manifest(true), source).unwrap()
    }

    fn locate(&self) -> Result<Located, DataError> {
        self.store().locate(FILE, &Silent)
    }

    /// The ranges of the requests so far.
    fn ranges(&self) -> Vec<Option<usize>> {
        let exchanges = self.server.exchanges();
        exchanges.iter().map(|exchange| exchange.range).collect()
    }

    fn assert_complete(&self) {
        assert!(fs::read(self.target()).unwrap() == content());
        assert!(!self.part().exists());
    }

    fn assert_nothing_kept(&self) {
        assert!(!self.target().exists());
        assert!(!self.part().exists());
    }
}

#[test]
fn a_download_is_checked_and_used_again() {
    let bench = Bench::new(vec![Answer::Whole(content())]);
    let located = bench.locate().unwrap();
    assert_eq!(located.path, bench.target());
    assert_eq!(located.bytes, 100_000);
    assert_eq!(located.found_in, FoundIn::Download);
    assert_eq!(located.hash, manifest(true).files[0].hash.to_string());
    bench.assert_complete();
    let again = bench.locate().unwrap();
    assert_eq!(again.found_in, FoundIn::Cache);
    let exchanges = bench.server.exchanges();
    assert_eq!(exchanges.len(), 1);
    assert_eq!(exchanges[0].path, "/models/a%20file.mat");
    assert_eq!(exchanges[0].range, None);
    assert!(exchanges[0].agent.starts_with("amorphous-packing/"));
}

#[test]
fn a_cut_is_taken_up_where_it_broke() {
    let bench = Bench::new(vec![
        Answer::CutAfter(30_000, content()),
        Answer::Whole(content()),
    ]);
    bench.locate().unwrap();
    bench.assert_complete();
    let exchanges = bench.server.exchanges();
    let told: Vec<_> = exchanges.iter().map(|e| (e.range, e.sent)).collect();
    assert_eq!(told, [(None, 30_000), (Some(30_000), 70_000)]);
}

/// The server must have sent its part before the store gives up, however busy the machine: what comes
/// too late is tried again with twice the patience.
#[test]
fn a_stall_keeps_what_came_for_the_next_run() {
    let mut patience = IMPATIENCE;
    let (bench, error) = loop {
        let bench = Bench::new(vec![
            Answer::StallAfter(40_000, content()),
            Answer::Whole(content()),
        ]);
        let store = bench.impatient_store(patience);
        let error = store.locate(FILE, &Silent).unwrap_err();
        let part = fs::metadata(bench.part()).map_or(0, |part| part.len());
        if part == 40_000 || patience > PATIENCE {
            break (bench, error);
        }
        patience *= 2;
    };
    assert!(error.is_absent());
    let message = sentence(&error);
    assert!(message.contains("broke after 40000 bytes"), "{message}");
    assert!(!bench.target().exists());
    assert_eq!(fs::metadata(bench.part()).unwrap().len(), 40_000);
    bench.locate().unwrap();
    bench.assert_complete();
    assert_eq!(bench.ranges(), [None, Some(40_000)]);
    assert_eq!(bench.server.exchanges()[1].sent, 60_000);
}

#[test]
fn a_server_that_always_cuts_is_given_up() {
    let bench = Bench::new(vec![Answer::CutAfter(10, content())]);
    assert!(bench.locate().unwrap_err().is_absent());
    assert_eq!(bench.ranges().len(), 5);
    let bench = Bench::new(vec![Answer::CutAfter(0, content())]);
    assert!(bench.locate().unwrap_err().is_absent());
    assert_eq!(bench.ranges().len(), 1);
}

#[test]
fn a_server_that_ignores_ranges_starts_afresh() {
    let bench = Bench::new(vec![Answer::IgnoreRange(content())]);
    bench.put(&bench.part(), &content()[..50_000]);
    bench.locate().unwrap();
    bench.assert_complete();
    assert_eq!(bench.ranges(), [Some(50_000)]);
}

#[test]
fn a_rotten_partial_file_is_thrown_away() {
    let bench = Bench::new(vec![Answer::Whole(content())]);
    bench.put(&bench.part(), &altered(content())[..50_000]);
    bench.locate().unwrap();
    bench.assert_complete();
    assert_eq!(bench.ranges(), [Some(50_000), None]);
}

#[test]
fn a_partial_file_that_is_too_long_is_thrown_away() {
    let bench = Bench::new(vec![Answer::Whole(content())]);
    bench.put(&bench.part(), &[0; 100_001]);
    bench.locate().unwrap();
    bench.assert_complete();
    assert_eq!(bench.ranges(), [Some(100_001), None]);
}

#[test]
fn a_partial_file_that_is_complete_needs_no_request() {
    let bench = Bench::new(vec![Answer::Status(500)]);
    bench.put(&bench.part(), &content());
    bench.locate().unwrap();
    bench.assert_complete();
    assert_eq!(bench.ranges(), []);
}

#[test]
fn a_file_of_unknown_length_is_fetched_too() {
    for answer in [Answer::Whole(content()), Answer::LengthUntold(content())] {
        let bench = Bench::new(vec![answer]);
        let source = Source::new(bench.server.base(), PATIENCE);
        let store = DataStore::with_source(bench.options(), manifest(false), source).unwrap();
        assert_eq!(store.locate(FILE, &Silent).unwrap().bytes, 100_000);
        bench.assert_complete();
    }
}

#[test]
fn wrong_content_is_an_error_and_leaves_nothing() {
    let too_long = [content(), vec![0]].concat();
    for wrong in [
        Answer::Whole(altered(content())),
        Answer::Whole(too_long.clone()),
        Answer::LengthUntold(too_long),
    ] {
        let bench = Bench::new(vec![wrong, Answer::Whole(content())]);
        let error = bench.locate().unwrap_err();
        assert!(matches!(error, DataError::WrongDownload { .. }));
        assert!(!error.is_absent());
        sentence(&error);
        bench.assert_nothing_kept();
        bench.locate().unwrap();
        bench.assert_complete();
        assert_eq!(bench.ranges(), [None, None]);
    }
}

#[test]
fn a_file_that_the_server_lacks_is_absent() {
    let bench = Bench::new(vec![Answer::Status(404)]);
    let error = bench.locate().unwrap_err();
    assert!(error.is_absent());
    assert_eq!(
        sentence(&error),
        format!(
            "models/a file.mat is not in the cache '{}', and was not downloaded: \
             {} answered with the status 404",
            bench.cache().join("commit").display(),
            bench.server.base().trim_start_matches("http://")
        )
    );
    assert!(!bench.target().exists());
}

#[test]
fn a_silent_server_is_absent_in_time_and_asked_once() {
    // A second question would be answered.
    let bench = Bench::new(vec![Answer::Silence, Answer::Whole(content())]);
    let store = bench.impatient_store(IMPATIENCE);
    let began = Instant::now();
    let error = store.locate(FILE, &Silent).unwrap_err();
    assert!(error.is_absent());
    assert!(sentence(&error).contains("no answer within 0.01 s"));
    assert!(store.locate(OTHER, &Silent).unwrap_err().is_absent());
    assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
    // The server may read the question after the store has given up.
    bench.server.wait_for_requests(1, PATIENCE);
    assert_eq!(bench.ranges(), [None]);
}

#[test]
fn a_port_where_nobody_listens_is_absent() {
    let base = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let directory = TempDir::new().unwrap();
    let options = StoreOptions {
        data_dir: None,
        cache_dir: directory.path().to_owned(),
        offline: false,
    };
    let source = Source::new(base, PATIENCE);
    let store = DataStore::with_source(options, manifest(true), source).unwrap();
    let error = store.locate(FILE, &Silent).unwrap_err();
    assert!(error.is_absent());
    assert!(sentence(&error).contains("cannot be reached"));
}

#[test]
fn offline_asks_nobody() {
    let bench = Bench::new(vec![Answer::Whole(content())]);
    let offline = StoreOptions {
        offline: true,
        ..bench.options()
    };
    let error = bench.store_with(offline).locate(FILE, &Silent).unwrap_err();
    assert!(error.is_absent());
    assert!(sentence(&error).contains("downloads are switched off"));
    assert_eq!(bench.ranges(), []);
    assert!(!bench.cache().exists());
}

#[test]
fn the_data_directory_comes_first() {
    let bench = Bench::new(vec![Answer::Status(500)]);
    let data_dir = bench.directory.path().join("data");
    bench.put(&data_dir.join(FILE), &content());
    bench.put(&bench.target(), b"not looked at");
    let options = StoreOptions {
        data_dir: Some(data_dir.clone()),
        ..bench.options()
    };
    let located = bench.store_with(options).locate(FILE, &Silent).unwrap();
    assert_eq!(located.path, data_dir.join(FILE));
    assert_eq!(located.found_in, FoundIn::DataDir);
    assert_eq!(bench.ranges(), []);
}

#[test]
fn a_damaged_file_in_the_data_directory_ends_the_search() {
    let bench = Bench::new(vec![Answer::Whole(content())]);
    bench.put(&bench.target(), &content());
    let data_dir = bench.directory.path().join("data");
    for damaged in [altered(content()), content()[..99_999].to_vec(), Vec::new()] {
        bench.put(&data_dir.join(FILE), &damaged);
        let options = StoreOptions {
            data_dir: Some(data_dir.clone()),
            ..bench.options()
        };
        let error = bench.store_with(options).locate(FILE, &Silent).unwrap_err();
        assert!(matches!(error, DataError::Damaged { .. }));
        assert!(!error.is_absent());
        assert!(sentence(&error).contains("replace it by the published file"));
        assert!(fs::read(data_dir.join(FILE)).unwrap() == damaged);
    }
    assert_eq!(bench.ranges(), []);
}

#[test]
fn a_damaged_file_in_the_cache_is_to_be_deleted() {
    let bench = Bench::new(vec![Answer::Whole(content())]);
    bench.put(&bench.target(), &altered(content()));
    let error = bench.locate().unwrap_err();
    assert!(matches!(error, DataError::Damaged { .. }));
    assert!(sentence(&error).contains("delete it"));
    assert_eq!(bench.ranges(), []);
    fs::remove_file(bench.target()).unwrap();
    bench.locate().unwrap();
    bench.assert_complete();
}

#[test]
fn a_mistyped_data_directory_is_an_error() {
    let bench = Bench::new(vec![Answer::Whole(content())]);
    let options = StoreOptions {
        data_dir: Some(bench.directory.path().join("dtaa")),
        ..bench.options()
    };
    let error = DataStore::new(options).unwrap_err();
    assert!(matches!(error, DataError::NoDataDir { .. }));
    assert!(!error.is_absent());
    assert!(sentence(&error).contains("dtaa"));
}

#[test]
fn an_unlisted_file_is_an_error() {
    let bench = Bench::new(vec![Answer::Whole(content())]);
    let error = bench.store().locate("models/b.mat", &Silent).unwrap_err();
    assert!(matches!(error, DataError::Unlisted { .. }));
    assert!(!error.is_absent());
}

#[test]
fn an_unwritable_cache_is_named() {
    let bench = Bench::new(vec![Answer::Whole(content())]);
    // A directory below a file cannot be made, not even by a superuser.
    fs::write(bench.cache(), b"a file").unwrap();
    let error = bench.locate().unwrap_err();
    let named = format!(
        "the cache directory '{}' cannot be written",
        bench.cache().join("commit").display()
    );
    assert!(sentence(&error).contains(&named), "{error}");
    assert!(error.is_absent());
    assert_eq!(bench.ranges(), []);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_cache_is_named() {
    let bench = Bench::new(vec![Answer::Whole(content())]);
    fs::create_dir_all(bench.target().parent().unwrap()).unwrap();
    // Every write to /dev/full fails as on a full disk.
    std::os::unix::fs::symlink("/dev/full", bench.part()).unwrap();
    let error = bench.locate().unwrap_err();
    let named = format!(
        "the disk of the cache directory '{}' is full",
        bench.cache().join("commit").display()
    );
    assert!(sentence(&error).contains(&named), "{error}");
    assert!(!bench.target().exists());
}

#[test]
fn threads_that_want_the_same_file_take_turns() {
    let bench = Bench::new(vec![Answer::Slowly(content())]);
    let together = Barrier::new(4);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let store = bench.store();
                together.wait();
                let located = store.locate(FILE, &Silent).unwrap();
                assert!(fs::read(located.path).unwrap() == content());
            });
        }
    });
    bench.assert_complete();
    assert_eq!(bench.ranges(), [None]);
}

/// The test that a child process runs, by its full name.
const CHILD: &str = "download::one_of_two_processes";
const CHILD_BASE: &str = "DOWNLOAD_TEST_BASE";
const CHILD_CACHE: &str = "DOWNLOAD_TEST_CACHE";

#[test]
fn processes_that_want_the_same_file_take_turns() {
    let bench = Bench::new(vec![Answer::Slowly(content())]);
    let start = || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", CHILD, "--include-ignored"])
            .env(CHILD_BASE, bench.server.base())
            .env(CHILD_CACHE, bench.cache())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let children = [start(), start()];
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    bench.assert_complete();
    assert_eq!(bench.ranges(), [None]);
}

#[test]
#[ignore = "started by processes_that_want_the_same_file_take_turns"]
fn one_of_two_processes() {
    let (Some(base), Some(cache)) = (std::env::var_os(CHILD_BASE), std::env::var_os(CHILD_CACHE))
    else {
        return;
    };
    let options = StoreOptions {
        data_dir: None,
        cache_dir: PathBuf::from(cache),
        offline: false,
    };
    let source = Source::new(base.into_string().unwrap(), PATIENCE);
    let store = DataStore::with_source(options, manifest(true), source).unwrap();
    let located = store.locate(FILE, &Silent).unwrap();
    assert!(fs::read(located.path).unwrap() == content());
}
