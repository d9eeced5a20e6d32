//! The formats, and how a file shows which one it is: by its name, or by its first lines.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// A format of files of atoms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// XYZ and extended XYZ, which differ in their comment line.
    Xyz,
    /// The text dump of LAMMPS.
    LammpsDump,
    /// The data file of LAMMPS.
    LammpsData,
    /// POSCAR and CONTCAR of VASP.
    Poscar,
    /// XDATCAR of VASP.
    Xdatcar,
    /// Crystallographic Information File.
    Cif,
    /// Protein Data Bank.
    Pdb,
    /// GROMACS.
    Gro,
    /// Apache Parquet: columns of a table.
    Parquet,
    /// MATLAB's MAT-file.
    Mat,
}

/// A name that is the name of no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no format '{name}'; it is one of {}", Format::names())]
pub struct NoSuchFormat {
    /// The name.
    pub name: String,
}

/// Whether the first lines that are not blank are those of a format.
type Tell = fn(&[&str]) -> bool;

/// Endings of names under which files are compressed.
const COMPRESSED: [&str; 4] = [".gz", ".zst", ".zstd", ".gzip"];

impl Format {
    /// All of them.
    pub const ALL: [Format; 10] = [
        Format::Xyz,
        Format::LammpsDump,
        Format::LammpsData,
        Format::Poscar,
        Format::Xdatcar,
        Format::Cif,
        Format::Pdb,
        Format::Gro,
        Format::Parquet,
        Format::Mat,
    ];

    /// Its name: `xyz`, `dump`, `data`, `poscar`, `xdatcar`, `cif`, `pdb`, `gro`, `parquet`, `mat`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Xyz => "xyz",
            Format::LammpsDump => "dump",
            Format::LammpsData => "data",
            Format::Poscar => "poscar",
            Format::Xdatcar => "xdatcar",
            Format::Cif => "cif",
            Format::Pdb => "pdb",
            Format::Gro => "gro",
            Format::Parquet => "parquet",
            Format::Mat => "mat",
        }
    }

    /// The names of all, for a sentence.
    pub(super) fn names() -> String {
        Format::ALL.map(Format::name).join(", ")
    }

    /// The format that a file's name tells, whatever the case of its letters and whether it is
    /// compressed: by its ending, or as the programs name their files (`POSCAR`, `dump.1000`).
    ///
    /// ```
    /// use std::path::Path;
    /// use amorphous_packing::formats::structure::Format;
    /// assert_eq!(Format::of_path(Path::new("melt/CuZr.XYZ.gz")), Some(Format::Xyz));
    /// assert_eq!(Format::of_path(Path::new("XDATCAR_300K")), Some(Format::Xdatcar));
    /// assert_eq!(Format::of_path(Path::new("notes.txt")), None);
    /// ```
    pub fn of_path(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let compression = COMPRESSED.iter().find_map(|end| name.strip_suffix(end));
        let name = compression.unwrap_or(&name);
        for (begin, format) in [
            ("poscar", Format::Poscar),
            ("contcar", Format::Poscar),
            ("xdatcar", Format::Xdatcar),
        ] {
            let rest = name.strip_prefix(begin);
            if rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric())) {
                return Some(format);
            }
        }
        let (stem, ending) = name.rsplit_once('.')?;
        match ending {
            "xyz" | "extxyz" | "exyz" => Some(Format::Xyz),
            "lammpstrj" | "dump" | "lammpsdump" => Some(Format::LammpsDump),
            "data" | "lmp" | "lammps" | "lammpsdata" => Some(Format::LammpsData),
            "vasp" | "poscar" | "contcar" => Some(Format::Poscar),
            "xdatcar" => Some(Format::Xdatcar),
            "cif" => Some(Format::Cif),
            "pdb" | "ent" => Some(Format::Pdb),
            "gro" => Some(Format::Gro),
            "parquet" => Some(Format::Parquet),
            "mat" => Some(Format::Mat),
            _ if stem == "dump" || stem.starts_with("dump.") => Some(Format::LammpsDump),
            _ if stem == "data" || stem.starts_with("data.") => Some(Format::LammpsData),
            _ => None,
        }
    }

    /// The format whose mark the first bytes of a file are; a mark counts more than a name.
    pub(super) fn of_mark(beginning: &[u8]) -> Option<Format> {
        if beginning.starts_with(b"PAR1") {
            return Some(Format::Parquet);
        }
        if beginning.starts_with(b"MATLAB 5.0 MAT-file") || beginning.starts_with(b"MATLAB 7.3 MAT")
        {
            return Some(Format::Mat);
        }
        let text = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning);
        let text = text.trim_ascii_start();
        let items: [&[u8]; 3] = [b"ITEM: TIMESTEP", b"ITEM: UNITS", b"ITEM: TIME"];
        let dump = items.iter().any(|item| text.starts_with(item));
        dump.then_some(Format::LammpsDump)
    }

    /// The format that the first lines of a file tell.
    pub fn of_content(beginning: &[u8]) -> Option<Format> {
        if let Some(marked) = Format::of_mark(beginning) {
            return Some(marked);
        }
        let text = String::from_utf8_lossy(beginning);
        let lines: Vec<&str> = text
            .trim_start_matches('\u{feff}')
            .split(['\n', '\r'])
            .filter(|line| !line.trim().is_empty())
            .collect();
        let tells: [(Tell, Format); 7] = [
            (is_cif, Format::Cif),
            (is_pdb, Format::Pdb),
            (is_xyz, Format::Xyz),
            (is_gro, Format::Gro),
            (is_data, Format::LammpsData),
            (is_xdatcar, Format::Xdatcar),
            (is_poscar, Format::Poscar),
        ];
        let told = tells.into_iter().find(|(tell, _)| tell(&lines));
        told.map(|(_, format)| format)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = NoSuchFormat;

    fn from_str(name: &str) -> Result<Format, NoSuchFormat> {
        let named =
            |format: &Format| format.name() == name || (name == "extxyz" && *format == Format::Xyz);
        Format::ALL
            .into_iter()
            .find(named)
            .ok_or_else(|| NoSuchFormat {
                name: name.to_owned(),
            })
    }
}

/// A line of so many numbers, and nothing else.
fn reals(line: &str, count: usize) -> bool {
    let numbers = line.split_ascii_whitespace().map(str::parse::<f64>);
    let numbers: Vec<bool> = numbers.map(|number| number.is_ok()).collect();
    numbers.len() == count && numbers.iter().all(|&number| number)
}

fn whole(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit())
}

fn is_cif(lines: &[&str]) -> bool {
    let mut said = lines.iter().filter(|line| !line.starts_with('#'));
    said.next()
        .is_some_and(|line| line.trim_start().to_ascii_lowercase().starts_with("data_"))
}

fn is_pdb(lines: &[&str]) -> bool {
    const RECORDS: [&str; 4] = ["ATOM  ", "HETATM", "CRYST1", "MODEL "];
    let records = |line: &&&str| RECORDS.iter().any(|record| line.starts_with(record));
    lines.iter().take(100).filter(records).count() > 0
}

fn is_xyz(lines: &[&str]) -> bool {
    let atom = |line: &&str| {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        words.len() >= 4 && words[1..4].iter().all(|word| word.parse::<f64>().is_ok())
    };
    // Without its comment, which may be blank, the third line is the second.
    let extended = lines
        .get(1)
        .is_some_and(|line| line.contains("Properties="));
    lines.first().is_some_and(|line| whole(line))
        && (extended || lines.get(1).is_some_and(atom) || lines.get(2).is_some_and(atom))
}

fn is_gro(lines: &[&str]) -> bool {
    let count = lines.get(1).is_some_and(|line| whole(line));
    count && lines.get(2).is_some_and(|line| line.trim_end().len() >= 44)
}

fn is_data(lines: &[&str]) -> bool {
    let counts = |line: &&str| {
        let words: Vec<&str> = line.split_ascii_whitespace().take(2).collect();
        matches!(words[..], [number, "atoms"] if whole(number))
    };
    lines.iter().take(20).any(counts)
}

fn is_poscar(lines: &[&str]) -> bool {
    // The comment, which may be blank, the scale, three vectors.
    (0..2).any(|at| {
        let scale = lines.get(at).is_some_and(|l| reals(l, 1) || reals(l, 3));
        scale && (1..4).all(|k| lines.get(at + k).is_some_and(|line| reals(line, 3)))
    })
}

fn is_xdatcar(lines: &[&str]) -> bool {
    is_poscar(lines)
        && lines
            .iter()
            .take(10)
            .any(|line| line.starts_with("Direct configuration"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn names_tell_formats() {
        for (name, format) in [
            ("a.xyz", Format::Xyz),
            ("a.extxyz.zst", Format::Xyz),
            ("dump.1000", Format::LammpsDump),
            ("dump.melt.10.gz", Format::LammpsDump),
            ("a.lammpstrj", Format::LammpsDump),
            ("data.CuZr", Format::LammpsData),
            ("a.lmp", Format::LammpsData),
            ("POSCAR", Format::Poscar),
            ("CONTCAR.relaxed", Format::Poscar),
            ("bulk.vasp", Format::Poscar),
            ("poscar.gz", Format::Poscar),
            ("1abc.ent", Format::Pdb),
            ("dump.xyz", Format::Xyz),
        ] {
            assert_eq!(Format::of_path(Path::new(name)), Some(format), "{name}");
        }
        for name in ["a", "a.txt", "poscards", "database", ".."] {
            assert_eq!(Format::of_path(Path::new(name)), None, "{name}");
        }
        for format in Format::ALL {
            assert_eq!(format.name().parse::<Format>().unwrap(), format);
        }
        let error = "pfb".parse::<Format>().unwrap_err().to_string();
        assert!(error.starts_with("there is no format 'pfb'; it is one of xyz, dump, data"));
    }

    #[test]
    fn first_lines_tell_formats() {
        for (text, format) in [
            ("2\n\nCu 0 0 0\nCu 1 1 1\n", Format::Xyz),
            (
                "\u{feff}2\r\nProperties=species:S:1:pos:R:3\r\nCu 0 0 0",
                Format::Xyz,
            ),
            ("\nITEM: TIMESTEP\n0\n", Format::LammpsDump),
            ("title\n\n5 atoms\n2 atom types\n", Format::LammpsData),
            (
                "Cu\n1.0\n3 0 0\n0 3 0\n0 0 3\nCu\n1\nDirect\n0 0 0\n",
                Format::Poscar,
            ),
            (
                "\n1.0\n3 0 0\n0 3 0\n0 0 3\nCu\n1\nDirect\n0 0 0\n",
                Format::Poscar,
            ),
            (
                "Cu\n1.0\n3 0 0\n0 3 0\n0 0 3\nCu\n1\nDirect configuration=     1\n0 0 0\n",
                Format::Xdatcar,
            ),
            ("# made by hand\ndata_a\n_cell_length_a 3\n", Format::Cif),
            ("REMARK  1\nATOM      1  CU  CU  A   1\n", Format::Pdb),
            (
                "melt\n    1\n    1CU      CU    1   0.100   0.200   0.300\n 1 1 1\n",
                Format::Gro,
            ),
            ("PAR1\u{1}", Format::Parquet),
        ] {
            assert_eq!(Format::of_content(text.as_bytes()), Some(format), "{text}");
        }
        assert_eq!(Format::of_content(b"Dear reader,\n"), None);
        assert_eq!(Format::of_content(b""), None);
    }
}
