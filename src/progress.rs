//! How long work tells what it is doing: the binaries draw bars, the tests stay silent.

/// A listener to one piece of work at a time.
///
/// The library prints nothing; it calls these four, from any thread.
pub trait Progress: Send + Sync {
    /// Work on `what` begins (again); `total` is its size in bytes or steps where that is known.
    fn start(&self, what: &str, total: Option<u64>);
    /// `amount` more bytes or steps are done.
    fn advance(&self, amount: u64);
    /// What can be said meanwhile, the temperature for instance, in place of what was said before.
    fn note(&self, _what: &str) {}
    /// The work is over, done or failed.
    fn finish(&self);
}

/// Listens to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _what: &str, _total: Option<u64>) {}
    fn advance(&self, _amount: u64) {}
    fn finish(&self) {}
}
