//! Seconds per stage for the provenance, and progress on standard error.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A clock that knows which stage of the work took how long, and shows the stage that runs.
///
/// Nothing is shown when standard error is no terminal, or when the clock is quiet.
#[derive(Debug)]
pub struct Stages {
    quiet: bool,
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
            quiet,
            taken: Vec::new(),
        }
    }

    /// Runs `work` as the stage `name`, with a spinner beside it.
    pub fn time<T>(&mut self, name: &str, work: impl FnOnce() -> T) -> T {
        let spinner = ProgressBar::with_draw_target(None, self.target())
            .with_style(style("{spinner} {msg} {elapsed}"))
            .with_message(name.to_owned());
        spinner.enable_steady_tick(Duration::from_millis(100));
        self.clock(name, spinner, |_| work())
    }

    /// Runs `work` as the stage `name` of `steps` steps; `work` moves the bar that it is given
    /// (`bar.inc(1)`, also from several threads).
    pub fn count<T>(
        &mut self,
        name: &str,
        steps: usize,
        work: impl FnOnce(&ProgressBar) -> T,
    ) -> T {
        let bar = ProgressBar::with_draw_target(Some(steps as u64), self.target())
            .with_style(style("{bar:24} {human_pos}/{human_len} {msg} {eta}"))
            .with_message(name.to_owned());
        self.clock(name, bar, work)
    }

    /// Runs `work` as a series of stages: it names each as it begins.
    pub fn follow<T>(
        &mut self,
        subject: &str,
        work: impl FnOnce(&mut dyn FnMut(&'static str)) -> T,
    ) -> T {
        let spinner = ProgressBar::with_draw_target(None, self.target())
            .with_style(style("{spinner} {msg} {elapsed}"));
        spinner.enable_steady_tick(Duration::from_millis(100));
        let mut begun: Vec<(String, Instant)> = Vec::new();
        let result = work(&mut |name| {
            let stage = format!("{subject}: {name}");
            spinner.set_message(stage.clone());
            begun.push((stage, Instant::now()));
        });
        spinner.finish_and_clear();
        let ends = begun.iter().skip(1).map(|(_, start)| *start);
        let ends: Vec<Instant> = ends.chain([Instant::now()]).collect();
        for ((stage, start), end) in begun.into_iter().zip(ends) {
            self.taken.push(Stage {
                stage,
                seconds: (end - start).as_secs_f64(),
            });
        }
        result
    }

    /// The stages that are done, in order.
    pub fn taken(&self) -> &[Stage] {
        &self.taken
    }

    fn clock<T>(
        &mut self,
        name: &str,
        bar: ProgressBar,
        work: impl FnOnce(&ProgressBar) -> T,
    ) -> T {
        let start = Instant::now();
        let result = work(&bar);
        bar.finish_and_clear();
        self.taken.push(Stage {
            stage: name.to_owned(),
            seconds: start.elapsed().as_secs_f64(),
        });
        result
    }

    fn target(&self) -> ProgressDrawTarget {
        if self.quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_kept_in_order_and_results_are_handed_on() {
        let mut stages = Stages::new(true);
        let answer = stages.time("first", || 6)
            * stages.count("second", 7, |bar| {
                bar.inc(7);
                bar.position()
            });
        assert_eq!(answer, 42);
        let names: Vec<&str> = stages.taken().iter().map(|s| s.stage.as_str()).collect();
        assert_eq!(names, ["first", "second"]);
        assert!(stages.taken().iter().all(|s| s.seconds >= 0.0));
    }
}
