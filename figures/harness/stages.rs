//! Seconds per stage for the provenance, and progress on standard error.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use amorphous_packing::progress::Progress;

use crate::harness::progress::{Bars, Unit};

/// A clock that knows which stage of the work took how long, and shows the stage that runs.
///
/// Nothing is shown when standard error is no terminal, or when the clock is quiet.
#[derive(Debug)]
pub struct Stages {
    bars: Bars,
    taken: Vec<Stage>,
}

/// A stage that is done.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Stage {
    /// What was done.
    pub stage: String,
    /// The wall-clock time that it took.
    pub seconds: f64,
}

impl Stages {
    /// A clock at zero; a quiet one shows no progress.
    pub fn new(quiet: bool) -> Stages {
        Stages {
            bars: Bars::new(Unit::Steps, quiet),
            taken: Vec::new(),
        }
    }

    /// Runs `work` as the stage `name`, with a spinner beside it.
    pub fn time<T>(&mut self, name: &str, work: impl FnOnce() -> T) -> T {
        self.watch(name, |progress| {
            progress.start(name, None);
            work()
        })
    }

    /// Runs `work` as the one stage `name`; how far it is, it tells the listener that it is given,
    /// and that is shown under this name.
    pub fn watch<T>(&mut self, name: &str, work: impl FnOnce(&dyn Progress) -> T) -> T {
        let start = Instant::now();
        let result = work(&Watched {
            name,
            bars: &self.bars,
        });
        self.bars.finish();
        self.taken.push(Stage {
            stage: name.to_owned(),
            seconds: start.elapsed().as_secs_f64(),
        });
        result
    }

    /// Runs `work` as a series of stages: it tells the listener of each as it begins, and the stage
    /// is named `subject: what`.
    pub fn follow<T>(&mut self, subject: &str, work: impl FnOnce(&dyn Progress) -> T) -> T {
        let followed = Followed {
            subject,
            bars: &self.bars,
            clock: Mutex::default(),
        };
        let result = work(&followed);
        followed.finish();
        let clock = followed.clock.into_inner();
        let clock = clock.unwrap_or_else(PoisonError::into_inner);
        self.taken.extend(clock.taken);
        result
    }

    /// The stages that are done, in order.
    pub fn taken(&self) -> &[Stage] {
        &self.taken
    }
}

/// A listener to work that is one stage.
struct Watched<'a> {
    name: &'a str,
    bars: &'a Bars,
}

impl Progress for Watched<'_> {
    fn start(&self, _what: &str, total: Option<u64>) {
        self.bars.start(self.name, total);
    }

    fn advance(&self, amount: u64) {
        self.bars.advance(amount);
    }

    fn note(&self, what: &str) {
        self.bars.note(what);
    }

    fn finish(&self) {
        self.bars.finish();
    }
}

/// A listener to work that is a series of stages.
struct Followed<'a> {
    subject: &'a str,
    bars: &'a Bars,
    clock: Mutex<Clock>,
}

/// The stage that runs, with its beginning, and those that are done.
#[derive(Default)]
struct Clock {
    running: Option<(String, Instant)>,
    taken: Vec<Stage>,
}

impl Followed<'_> {
    /// Ends the stage that runs and begins the next, if there is one.
    fn turn_to(&self, next: Option<String>) {
        let now = Instant::now();
        let mut clock = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((stage, start)) = clock.running.take() {
            let seconds = (now - start).as_secs_f64();
            clock.taken.push(Stage { stage, seconds });
        }
        clock.running = next.map(|stage| (stage, now));
    }
}

impl Progress for Followed<'_> {
    fn start(&self, what: &str, total: Option<u64>) {
        let stage = format!("{}: {what}", self.subject);
        self.bars.start(&stage, total);
        self.turn_to(Some(stage));
    }

    fn advance(&self, amount: u64) {
        self.bars.advance(amount);
    }

    fn note(&self, what: &str) {
        self.bars.note(what);
    }

    fn finish(&self) {
        self.turn_to(None);
        self.bars.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(stages: &Stages) -> Vec<&str> {
        stages.taken().iter().map(|s| s.stage.as_str()).collect()
    }

    #[test]
    fn stages_are_kept_in_order_and_results_are_handed_on() {
        let mut stages = Stages::new(true);
        let answer = stages.time("first", || 6)
            * stages.watch("second", |progress| {
                progress.start("what the work calls itself", Some(7));
                progress.advance(7);
                progress.finish();
                7
            });
        assert_eq!(answer, 42);
        assert_eq!(names(&stages), ["first", "second"]);
        assert!(stages.taken().iter().all(|s| s.seconds >= 0.0));
    }

    #[test]
    fn work_that_is_followed_names_its_own_stages() {
        let mut stages = Stages::new(true);
        let answer = stages.follow("pd1", |progress| {
            progress.start("bond order", None);
            progress.start("triangulation", Some(2));
            progress.advance(1);
            progress.note("half of it");
            progress.finish();
            progress.start("tetrahedra", None);
            42
        });
        assert_eq!(answer, 42);
        let expected = ["pd1: bond order", "pd1: triangulation", "pd1: tetrahedra"];
        assert_eq!(names(&stages), expected);
    }
}
