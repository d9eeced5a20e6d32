//! The harness of the figures, tried on synthetic tables.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod examples;
mod liquid;
mod scenes;
mod synthetic;

use std::fs;

use amorphous_packing::data::Sample;
use amorphous_packing::numerics::sha256;
use clap::Parser;
use figures::charts::plots;
use figures::harness::cli::{Options, sentence};
use figures::harness::provenance::Input;
use figures::page::panel::{picture, placeholder};
use figures::panels::density;
use figures::panels::order;
use figures::{Chart, Figure, Layout, Legend, Series, Stages};
use polars::df;
use polars::prelude::DataFrame;
use resvg::tiny_skia::Pixmap;

/// Writes a figure into a fresh directory.
fn written(figure: &Figure) -> tempfile::TempDir {
    let out = tempfile::tempdir().unwrap();
    figure
        .write(out.path(), &mut Stages::new(true))
        .unwrap_or_else(|error| panic!("{}", sentence(&error)));
    out
}

fn single(table: &DataFrame) -> Figure {
    let bars = plots::grouped_bars(
        table,
        "neighbours",
        vec![Series::column("vertex_fraction").label("Vertex")],
        Chart::new("Neighbours", "Fraction"),
    );
    Figure::new("fig0", "A single panel", Layout::grid(89.0, &[(60.0, "a")])).panel('a', bars)
}

#[test]
fn the_same_figure_has_the_same_bytes_whatever_the_threads() {
    let files = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let figure = synthetic::charts(&synthetic::tables());
            (figure.drawing().unwrap(), figure.csvs().unwrap())
        })
    };
    let one = files(1);
    assert_eq!(one, files(4));
    assert_eq!(one.1.len(), 4);
}

#[test]
fn svg_and_png_are_a_page_of_the_declared_size() {
    for (figure, name) in [
        (synthetic::charts(&synthetic::tables()), "charts"),
        (synthetic::sizes_by_motif(), "sizes"),
        (synthetic::lengths_by_motif(), "lengths"),
        (synthetic::liquid(), "figs0"),
    ] {
        let out = written(&figure);
        let svg = fs::read_to_string(out.path().join(format!("{name}.svg"))).unwrap();
        assert!(svg.contains("width=\"183mm\""), "{name}");
        assert!(
            !svg.contains("<text"),
            "{name}: text would need the reader's fonts"
        );
        assert!(svg.len() < 500_000, "{name}.svg has {} bytes", svg.len());
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
        let png = fs::read(out.path().join(format!("{name}.png"))).unwrap();
        let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info();
        let density = reader.unwrap().info().pixel_dims.unwrap();
        assert_eq!(density.xppu, 15_748, "400 dots per inch in dots per metre");
        let page = Pixmap::decode_png(&png).unwrap();
        assert_eq!(page.width(), 2882, "183 mm at 400 dots per inch");
        let inked = page
            .pixels()
            .iter()
            .filter(|pixel| pixel.red() < 250)
            .count();
        let share = inked as f64 / page.pixels().len() as f64;
        assert!(
            (0.005..0.6).contains(&share),
            "{name}: {share} of the page is inked"
        );
    }
}

#[test]
fn the_provenance_says_what_the_figure_was_made_from() {
    let figure = synthetic::charts(&synthetic::tables())
        .input(Input {
            sample: "ta_film".to_owned(),
            file: "model.mat".to_owned(),
            sha256: "00".to_owned(),
            bytes: 1,
        })
        .parameter("delta_max", 0.255);
    let out = written(&figure);
    let json = fs::read(out.path().join("charts.json")).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    for key in [
        "figure",
        "title",
        "command",
        "version",
        "source",
        "rustc",
        "libraries",
        "threads",
        "seconds",
        "inputs",
        "parameters",
        "footnotes",
        "outputs",
    ] {
        assert!(json.get(key).is_some(), "{key}");
    }
    assert_eq!(json["parameters"]["delta_max"], 0.255);
    assert_eq!(json["inputs"][0]["sample"], "ta_film");
    assert_eq!(json["seconds"][0]["stage"], "drawing");
    let outputs = json["outputs"].as_array().unwrap();
    let names: Vec<&str> = outputs
        .iter()
        .map(|file| file["file"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "charts.svg",
            "charts.png",
            "chartsc.csv",
            "chartsf.csv",
            "chartsg.csv",
            "chartsi.csv"
        ]
    );
    for file in outputs {
        let bytes = fs::read(out.path().join(file["file"].as_str().unwrap())).unwrap();
        assert_eq!(file["bytes"], bytes.len());
        assert_eq!(file["sha256"], sha256(&bytes));
    }
    let left_over = fs::read_dir(out.path()).unwrap().count();
    assert_eq!(
        left_over,
        names.len() + 1,
        "nothing but the figure's files is left"
    );
}

#[test]
fn a_table_is_written_with_the_columns_of_its_contract() {
    let csvs = synthetic::charts(&synthetic::tables()).csvs().unwrap();
    let header = |index: usize| {
        let text = String::from_utf8(csvs[index].1.clone()).unwrap();
        text.lines().next().unwrap().to_owned()
    };
    assert_eq!(
        header(0),
        "sample,neighbours,vertex_count,edge_count,vertex_fraction,edge_fraction"
    );
    assert_eq!(header(1), "sample,phi_low_deg,phi_high_deg,count");
}

/// The options of a quiet run that writes to `out`.
fn options(out: &std::path::Path) -> Options {
    let out = out.to_str().unwrap();
    Options::try_parse_from(["fig5", "--quiet", "--out", out]).unwrap()
}

#[test]
fn an_output_directory_that_cannot_be_made_is_one_sentence_before_the_work() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let error = figures::produce(&options(&file.join("out")), |_, _| {
        panic!("the work has begun")
    });
    let text = sentence(&error.unwrap_err());
    assert!(text.starts_with("nothing can be written to '"), "{text}");
    assert!(!text.contains('\n') && text.contains("--out"), "{text}");
}

#[test]
fn a_figure_that_fails_leaves_no_file() {
    let out = tempfile::tempdir().unwrap();
    let nested = out.path().join("new/out");
    let failed = figures::produce(&options(&nested), |_, _| anyhow::bail!("no atoms"));
    assert_eq!(sentence(&failed.unwrap_err()), "no atoms");
    let undrawable = figures::produce(&options(&nested), |_, _| {
        Ok(Figure::new("fig0", "", Layout::even(89.0, 40.0, 1, 2)))
    });
    assert!(undrawable.is_err());
    assert_eq!(fs::read_dir(&nested).unwrap().count(), 0);
    let written = figures::produce(&options(&nested), |_, stages| {
        Ok(stages.time("work", synthetic::sizes_by_motif))
    });
    assert_eq!(written.unwrap().len(), 4);
    assert_eq!(fs::read_dir(&nested).unwrap().count(), 4);
}

#[test]
fn an_empty_table_is_an_empty_panel_with_a_sentence() {
    let full = synthetic::tables();
    let empty = synthetic::Tables {
        sharing: full.sharing.head(Some(0)),
        dihedral: full.dihedral.head(Some(0)),
        filling: full.filling.head(Some(0)),
        dihedral_mean_deg: None,
        sizes: full.sizes.head(Some(0)),
    };
    let figure = synthetic::charts(&empty);
    assert!(!figure.drawing().unwrap().svg.contains("NaN"));
    let csvs = figure.csvs().unwrap();
    assert!(
        csvs.iter()
            .all(|csv| csv.1.iter().filter(|&&byte| byte == b'\n').count() == 1)
    );
}

#[test]
fn values_without_a_place_on_the_axis_do_not_reach_the_page() {
    let table = df!(
        "neighbours" => [0_u32, 1, 2],
        "vertex_fraction" => [f64::NAN, f64::INFINITY, 0.5],
    )
    .unwrap();
    let svg = single(&table).drawing().unwrap().svg;
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
}

#[test]
fn a_missing_column_is_named_with_its_panel() {
    let table = df!("neighbours" => [1_u32], "share" => [1.0]).unwrap();
    let error = single(&table).drawing().unwrap_err();
    assert_eq!(
        sentence(&error),
        "panel a: the table has no column 'vertex_fraction'; it has neighbours, share"
    );
}

#[test]
fn panels_and_layout_belong_together() {
    let layout = || Layout::grid(183.0, &[(40.0, "ab")]);
    let note = || placeholder("nothing");
    let lacking = Figure::new("fig0", "", layout()).panel('a', note());
    assert!(sentence(&lacking.drawing().unwrap_err()).contains("panel b"));
    let homeless = Figure::new("fig0", "", layout())
        .panel('a', note())
        .panel('b', note())
        .panel('c', note());
    assert!(sentence(&homeless.drawing().unwrap_err()).contains("panel c"));
}

#[test]
fn a_picture_is_in_both_formats() {
    let mut red = Pixmap::new(8, 8).unwrap();
    red.fill(resvg::tiny_skia::Color::from_rgba8(255, 0, 0, 255));
    let picture = picture(red.encode_png().unwrap());
    let figure = Figure::new("fig0", "", Layout::grid(40.0, &[(40.0, "a")])).panel('a', picture);
    let drawing = figure.drawing().unwrap();
    assert!(drawing.svg.contains("data:image/png;base64,"));
    let page = Pixmap::decode_png(&drawing.png).unwrap();
    let centre = page.pixel(page.width() / 2, page.height() / 2).unwrap();
    assert_eq!((centre.red(), centre.green(), centre.blue()), (255, 0, 0));
}

#[test]
fn every_kind_of_axis_and_legend_can_be_drawn() {
    let table = df!("x" => [1.0, 10.0, 100.0], "y" => [1e-6, 1e-3, 1.0]).unwrap();
    for legend in [
        Legend::TopRight,
        Legend::TopLeft,
        Legend::Above,
        Legend::None,
    ] {
        let series = vec![
            Series::column("y").label("y"),
            Series::column("x").label("x").dotted(),
        ];
        let chart = Chart::new("x", "y").log_x().log_y().legend(legend);
        let figure = Figure::new("fig0", "", Layout::grid(60.0, &[(40.0, "a")]))
            .panel('a', plots::curves(&table, "x", series, chart));
        figure.drawing().unwrap();
    }
}

#[test]
fn the_panels_of_order_and_density_take_any_table() {
    let indices = df!(
        "sample" => ["ta_film", "pd1"], "n3" => [0_u32, 0], "n4" => [2_u32, 2], "n5" => [8_u32, 8],
        "n6" => [1_u32, 1], "count" => [3_u64, 4], "fraction" => [0.5, 0.4],
    )
    .unwrap();
    let edges = df!("sample" => ["ta_film"], "edges" => [5_u32], "fraction" => [1.0]).unwrap();
    let deltas = df!(
        "sample" => ["pd2"], "delta_low" => [0.24], "delta_high" => [0.255], "count" => [7_u64],
    )
    .unwrap();
    let orders = df!(
        "sample" => ["ta_film"], "q4_low" => [0.1], "q4_high" => [0.104], "q6_low" => [0.3],
        "q6_high" => [0.31], "count" => [12_u64],
    )
    .unwrap();
    let densities = df!(
        "sample" => ["ta_film"], "region" => ["with"], "density_low" => [14.0],
        "density_high" => [14.1], "probability" => [1.0],
    )
    .unwrap();
    let means = df!(
        "sample" => ["ta_film", "ta_film"], "region" => ["with", "without"],
        "mean_g_cm3" => [Some(14.05), None],
    )
    .unwrap();
    for empty in [false, true] {
        let of = |table: &DataFrame| if empty { table.clear() } else { table.clone() };
        let map = order::bond_order_map(&of(&orders), Sample::TaFilm.id()).unwrap();
        let distributions = density::distributions(&of(&densities), &of(&means), Sample::TaFilm);
        let figure = Figure::new("fig0", "", Layout::even(120.0, 50.0, 2, 5))
            .panel('a', order::voronoi_bars(&of(&indices)).unwrap())
            .panel('b', order::edge_bars(&of(&edges)))
            .panel('c', order::distortion(&of(&deltas)))
            .panel('d', map)
            .panel('e', distributions.unwrap());
        let drawing = figure.drawing().unwrap();
        assert!(!drawing.svg.contains("NaN") && !drawing.svg.contains("inf"));
        assert_eq!(drawing.svg.contains("data:image/png;base64,"), !empty);
    }
}

/// Leaves the synthetic pages in `out/synthetic` for the eye: `cargo test -p figures -- --ignored`.
#[test]
#[ignore = "writes pages to look at"]
fn pages_to_look_at() {
    let out = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../out/synthetic");
    figures::harness::files::writable(&out).unwrap();
    for figure in [
        synthetic::charts(&synthetic::tables()),
        synthetic::sizes_by_motif(),
        synthetic::lengths_by_motif(),
        synthetic::liquid(),
    ] {
        figure.write(&out, &mut Stages::new(true)).unwrap();
    }
}
