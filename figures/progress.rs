//! Progress bars on stderr for the work of the library.

use std::io::{self, IsTerminal};
use std::sync::Mutex;
use std::time::Duration;

use amorphous_packing::io::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// One bar at a time on stderr; none where stderr is no terminal or the user wants quiet.
#[derive(Debug)]
pub struct Bars {
    visible: bool,
    unit: Unit,
    bar: Mutex<Option<ProgressBar>>,
}

/// What a bar counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of a download.
    Bytes,
    /// Steps of a computation.
    Steps,
}

impl Bars {
    /// Bars that count `unit`; `quiet` hides them.
    pub fn new(unit: Unit, quiet: bool) -> Bars {
        Bars {
            visible: !quiet && io::stderr().is_terminal(),
            unit,
            bar: Mutex::new(None),
        }
    }

    fn replace(&self, bar: Option<ProgressBar>) {
        // A poisoned lock only means that another bar's thread failed.
        let mut current = self.bar.lock().unwrap_or_else(|lock| lock.into_inner());
        if let Some(old) = std::mem::replace(&mut *current, bar) {
            old.finish_and_clear();
        }
    }

    fn style(&self, total: Option<u64>) -> ProgressStyle {
        let template = match (self.unit, total) {
            (Unit::Bytes, Some(_)) => {
                "{wide_msg} {bar:24} {bytes}/{total_bytes} {bytes_per_sec} {eta}"
            }
            (Unit::Bytes, None) => "{wide_msg} {spinner} {bytes} {bytes_per_sec}",
            (Unit::Steps, Some(_)) => "{wide_msg} {bar:24} {pos}/{len} {eta}",
            (Unit::Steps, None) => "{wide_msg} {spinner} {pos}",
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
        bar.enable_steady_tick(Duration::from_millis(200));
        self.replace(Some(bar));
    }

    fn advance(&self, amount: u64) {
        let current = self.bar.lock().unwrap_or_else(|lock| lock.into_inner());
        if let Some(bar) = current.as_ref() {
            bar.inc(amount);
        }
    }

    fn finish(&self) {
        self.replace(None);
    }
}
