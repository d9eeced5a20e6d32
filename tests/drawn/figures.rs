//! The figures: which panels and tables each promises, and that it keeps the promise.

use acceptance::trials::{model, trial};
use amorphous_packing::data::EXPERIMENT;
use libtest_mimic::Trial;

use crate::run::{Data, Place, checkout};
use crate::{always, contents, page};

/// What a figure promises.
pub(crate) struct Figure {
    /// Its id, which names its files.
    pub(crate) id: &'static str,
    program: &'static str,
    without: Drawn,
    with: Drawn,
}

/// What a run leaves.
#[derive(Clone, Copy)]
pub(crate) struct Drawn {
    /// The letters of the panels.
    pub(crate) panels: &'static str,
    /// Those of them that hold a sentence: what would be shown is not at hand.
    pub(crate) sentences: &'static str,
    /// How many pictures there are, insets counted: scenes, heat maps, micrographs.
    pub(crate) pictures: usize,
    /// The tables, separated by blanks, without `.csv`.
    tables: &'static str,
}

const fn drawn(
    panels: &'static str,
    sentences: &'static str,
    pictures: usize,
    tables: &'static str,
) -> Drawn {
    Drawn {
        panels,
        sentences,
        pictures,
        tables,
    }
}

/// The same panels and tables with the data and without; or, after `;`, what there is with them.
macro_rules! figures {
    ($($id:literal: $without:expr $(; $with:expr)?),* $(,)?) => {
        &[$(Figure {
            id: $id,
            program: env!(concat!("CARGO_BIN_EXE_", $id)),
            without: $without,
            with: figures!(@with $without $(, $with)?),
        }),*]
    };
    (@with $without:expr) => { $without };
    (@with $without:expr, $with:expr) => { $with };
}

/// All figures. Without data the liquid stands for the samples: of a figure with a panel for each
/// sample one is left.
pub(crate) const FIGURES: &[Figure] = figures![
    "fig1": drawn("abcd", "", 2, "fig1c fig1d"); drawn("abcd", "", 3, "fig1c fig1d"),
    "fig2": drawn("abc", "", 4, "fig2b fig2c"),
    "fig3": drawn("abc", "", 3, "fig3a fig3a_mean"),
    "fig4": drawn("abcd", "", 2, "fig4a fig4b fig4c fig4c_mean fig4d"),
    "fig5": drawn("abcdefghij", "", 7, "fig5c fig5f fig5g fig5h fig5i fig5j"),
    "fig6": drawn("abcde", "", 3, "fig6a fig6b"),
    "figs1": drawn("", "", 0, ""); drawn("abc", "", 47, "figs1c"),
    "figs2": drawn("", "", 0, ""),
    "figs3": drawn("", "", 0, ""),
    "figs4": drawn("abcd", "", 3, "figs4_changes figs4d"),
    "figs5": drawn("ab", "", 1, "figs5a figs5b");
        drawn("abcd", "", 2, "figs5a figs5b figs5c figs5d"),
    "figs6": drawn("bc", "", 1, "figs6c"); drawn("abc", "", 2, "figs6c"),
    "figs7": drawn("a", "", 1, ""),
    "figs8": drawn("ab", "", 2, "figs8 figs8b"); drawn("abcd", "", 6, "figs8 figs8d"),
    "figs9": drawn("a", "", 0, "figs9"); drawn("abc", "", 0, "figs9"),
    "figs10": drawn("abc", "", 3, "figs10_mean figs10a");
        drawn("abcdef", "", 6, "figs10_mean figs10a figs10d"),
    "figs11": drawn("ab", "", 0, "figs11"); drawn("abcd", "", 0, "figs11"),
    "figs12": drawn("a", "", 0, "figs12"); drawn("ab", "", 0, "figs12"),
    "figs13": drawn("a", "", 0, "figs13"),
    "figs14": drawn("a", "", 0, "figs14"); drawn("abc", "", 0, "figs14"),
    "figs15": drawn("a", "", 0, "figs15"); drawn("abc", "", 0, "figs15"),
    "figs16": drawn("abcde", "", 5, "figs16"),
    "figs17": drawn("abcde", "", 5, "figs17"),
    "figs18": drawn("abcde", "", 5, "figs18"),
    "figs19": drawn("ab", "", 0, "figs19 figs19_second_peak"),
    "figs20": drawn("abcde", "", 5, "figs20"),
    "figs21": drawn("abc", "", 3, "figs21"),
    "figs22": drawn("a", "a", 0, "figs22 figs22_fit figs22_range");
        drawn("abc", "", 0, "figs22 figs22_fit figs22_range"),
    "figx1": drawn("abcd", "", 0, "figx1a figx1b figx1c"),
    "figx2": drawn("abcdefg", "bcdefg", 0, "figx2_areas figx2a");
        drawn("abcdefg", "", 5, "figx2_areas figx2a figx2b"),
    "figx3": drawn("ab", "", 0, ""),
    "figx4": drawn("", "", 0, ""); drawn("ab", "", 1, "figx4b"),
    "figx5": drawn("abcdef", "", 19, "figx5_denoising figx5_errors figx5_tilts"),
    "figx6": drawn("abcd", "", 2, "figx6c figx6d"),
    "table1": drawn("a", "", 0, "table1a"),
];

pub(crate) fn trials() -> Vec<Trial> {
    let models = EXPERIMENT.map(model);
    let of_figures = FIGURES.iter().flat_map(|figure| {
        let name = figure.name();
        let with = format!("{name} is drawn from the public data");
        [
            always(&format!("{name} is drawn without data"), || {
                figure.check(Data::None);
            }),
            trial(&with, &models, || figure.check(Data::Public)),
        ]
    });
    let listed = always("Every program of a figure is among those drawn", || {
        let manifest = std::fs::read_to_string(checkout("figures/Cargo.toml")).unwrap();
        let ids = manifest.split("name = \"").filter_map(|rest| {
            let id = rest.split('"').next()?;
            let number = id.strip_prefix("fig").or(id.strip_prefix("table"))?;
            let number = number.trim_start_matches(['s', 'x']);
            number.parse::<u32>().is_ok().then_some(id)
        });
        let drawn: Vec<&str> = FIGURES.iter().map(|figure| figure.id).collect();
        assert_eq!(ids.collect::<Vec<_>>(), drawn);
    });
    of_figures.chain([listed]).collect()
}

impl Figure {
    /// The figure as a reader calls it: `Fig. 4`, `Supplementary Fig. 12`, `Fig. X1`.
    fn name(&self) -> String {
        if let Some(number) = self.id.strip_prefix("table") {
            return format!("Supplementary Table {number}");
        }
        let number = self.id.trim_start_matches("fig");
        match (number.strip_prefix('s'), number.strip_prefix('x')) {
            (Some(number), _) => format!("Supplementary Fig. {number}"),
            (_, Some(number)) => format!("Fig. X{number}"),
            _ => format!("Fig. {number}"),
        }
    }

    /// Whether it is a figure of the paper.
    pub(crate) fn is_of_the_paper(&self) -> bool {
        !self.id.starts_with("figx")
    }

    /// What it promises.
    pub(crate) fn promised(&self, data: Data) -> Drawn {
        match data {
            Data::None => self.without,
            Data::Public => self.with,
        }
    }

    fn check(&self, data: Data) {
        let (id, promised) = (self.id, self.promised(data));
        let place = Place::new();
        let mut arguments = vec!["--offline", "--quiet", "--out", "out"];
        arguments.extend((data == Data::Public).then_some("--require-data"));
        let printed = place.succeed(self.program, data, &arguments);
        assert_eq!(printed, "", "a quiet run prints nothing");

        let tables = promised.tables.split_whitespace();
        let mut files: Vec<String> = tables.map(|table| format!("{table}.csv")).collect();
        files.extend(["svg", "png", "json"].map(|kind| format!("{id}.{kind}")));
        files.sort_unstable();
        assert_eq!(place.files(), files);
        for table in files.iter().filter(|file| file.ends_with(".csv")) {
            // Where all panels say that there is nothing, the tables have no rows.
            let filled = promised.sentences != promised.panels;
            page::check_table(table, &place.text(table), filled);
        }
        page::check(&place, id, promised);
        contents::check(&place, id, data);
    }
}
