//! Progress bars on stderr for the work of the library.

use std::io::{self, IsTerminal};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use amorphous_packing::progress::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// One bar at a time on stderr; none where stderr is no terminal or the user wants quiet.
#[derive(Debug)]
pub struct Bars {
    visible: bool,
    unit: Unit,
    shown: Mutex<Option<Shown>>,
}

/// What a bar counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of a download.
    Bytes,
    /// Steps of a computation.
    Steps,
}

/// A bar and the work that it stands for.
#[derive(Debug)]
struct Shown {
    what: String,
    bar: ProgressBar,
}

impl Bars {
    /// Bars that count `unit`; `quiet` hides them.
    pub fn new(unit: Unit, quiet: bool) -> Bars {
        Bars {
            visible: !quiet && io::stderr().is_terminal(),
            unit,
            shown: Mutex::new(None),
        }
    }

    fn shown(&self) -> MutexGuard<'_, Option<Shown>> {
        // A poisoned lock only means that another bar's thread failed.
        self.shown.lock().unwrap_or_else(|lock| lock.into_inner())
    }

    fn replace(&self, next: Option<Shown>) {
        if let Some(old) = std::mem::replace(&mut *self.shown(), next) {
            old.bar.finish_and_clear();
        }
    }

    fn style(&self, total: Option<u64>) -> ProgressStyle {
        let template = match (self.unit, total) {
            (Unit::Bytes, Some(_)) => {
                "{wide_msg} {bar:24} {bytes}/{total_bytes} {bytes_per_sec} {eta}"
            }
            (Unit::Bytes, None) => "{wide_msg} {spinner} {bytes} {bytes_per_sec}",
            (Unit::Steps, Some(_)) => "{bar:24} {human_pos}/{human_len} {msg} {eta}",
            (Unit::Steps, None) => "{spinner} {msg} {elapsed}",
        };
        ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("=> ")
    }
}

impl Progress for Bars {
    fn start(&self, what: &str, total: Option<u64>) {
        if !self.visible {
            return;
        }
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
        bar.set_style(self.style(total));
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        self.replace(Some(Shown {
            what: what.to_owned(),
            bar,
        }));
    }

    fn advance(&self, amount: u64) {
        if let Some(shown) = self.shown().as_ref() {
            shown.bar.inc(amount);
        }
    }

    fn note(&self, what: &str) {
        if let Some(shown) = self.shown().as_ref() {
            shown.bar.set_message(format!("{}: {what}", shown.what));
        }
    }

    fn finish(&self) {
        self.replace(None);
    }
}
