//! How long a piece of work took, on the clock and on the processor, as Linux counts it.

use std::fs;
use std::time::Instant;

/// Seconds that passed, and seconds that the threads of this process ran.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Took {
    /// On the clock.
    pub seconds: f64,
    /// On processors, all threads together; NaN where the system does not tell. On a machine that does
    /// other work too this is the better measure.
    pub cpu_seconds: f64,
}

/// Does the work, and tells how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Took) {
    let (start, busy) = (Instant::now(), cpu_seconds());
    let result = work();
    let took = Took {
        seconds: start.elapsed().as_secs_f64(),
        cpu_seconds: cpu_seconds() - busy,
    };
    (result, took)
}

/// What the threads that now are ran so far.
fn cpu_seconds() -> f64 {
    let Ok(threads) = fs::read_dir("/proc/self/task") else {
        return f64::NAN;
    };
    let nanoseconds = threads.map(|thread| -> Option<f64> {
        let counts = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        counts.split_whitespace().next()?.parse().ok()
    });
    let nanoseconds: Option<f64> = nanoseconds.sum();
    nanoseconds.map_or(f64::NAN, |nanoseconds| nanoseconds / 1e9)
}
