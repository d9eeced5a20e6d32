//! What a program says on standard output and standard error: the one place that writes to them.
//!
//! A reader that has seen enough (`verify --json | head -1`) closes its end. Then the rest is not
//! said, and the work goes on to its files and its exit code. Rust's own `println!` panics there.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use anyhow::{Context, Result};

/// Says one line on standard output.
///
/// # Errors
/// When it cannot be written, of a full disk say; not when nobody reads it.
pub fn line(text: impl Display) -> Result<()> {
    let mut out = io::stdout().lock();
    unless_closed(writeln!(out, "{text}").and_then(|()| out.flush()))
}

/// Says a text of whole lines on standard output.
///
/// # Errors
/// As [`line()`].
pub fn text(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    unless_closed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Says one line on standard error, if that is possible: there is no other place to complain.
pub fn note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

fn unless_closed(written: io::Result<()>) -> Result<()> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("the standard output cannot be written; make room there"),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_no_error_and_a_full_disk_is_one() {
        unless_closed(Err(io::Error::from(ErrorKind::BrokenPipe))).unwrap();
        let full = unless_closed(Err(io::Error::from(ErrorKind::StorageFull)));
        let said = full.unwrap_err().to_string();
        assert_eq!(
            said,
            "the standard output cannot be written; make room there"
        );
    }
}
