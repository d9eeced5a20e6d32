//! MAT-files: what is written is read, what is broken is one sentence.

use std::fs;
use std::path::{Path, PathBuf};

use amorphous_packing::formats::mat::{MatError, MatFile, read_matrix, read_scalar};
use matrw::{MatFile as Written, MatVariable, MatlabType, NumericArray, matvar};
use ndarray::array;
use tempfile::TempDir;

use acceptance::errors::sentence;

fn numeric(dim: &[usize], values: MatlabType) -> MatVariable {
    MatVariable::NumericArray(NumericArray::new(dim.to_vec(), values, None).unwrap())
}

fn write(directory: &Path, variables: Vec<(&str, MatVariable)>, compress: bool) -> PathBuf {
    let mut file = Written::new();
    for (name, variable) in variables {
        file.insert(name, variable);
    }
    let path = directory.join("sample.mat");
    matrw::save_matfile_v7(path.to_str().unwrap(), file, compress).unwrap();
    path
}

/// The columns (1, 2, 3) and (4, 5, 6), as MATLAB stores them: one column after the other.
fn two_columns() -> MatVariable {
    numeric(&[3, 2], MatlabType::F64(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]))
}

fn one_sentence(error: &MatError) -> String {
    let sentence = sentence(error);
    assert!(sentence.len() < 300, "{sentence}");
    sentence
}

#[test]
fn a_matrix_is_read_by_columns_compressed_or_not() {
    let directory = TempDir::new().unwrap();
    for compress in [false, true] {
        let path = write(directory.path(), vec![("model", two_columns())], compress);
        let matrix = read_matrix(&path, "model", Some(3), None).unwrap();
        assert_eq!(matrix, array![[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]);
    }
}

#[test]
fn every_numeric_class_becomes_double_exactly() {
    let directory = TempDir::new().unwrap();
    let tenth = 0.1_f32;
    let classes = vec![
        ("f64", MatlabType::F64(vec![0.1]), 0.1),
        ("f32", MatlabType::F32(vec![tenth]), f64::from(tenth)),
        ("u8", MatlabType::U8(vec![255]), 255.0),
        ("i8", MatlabType::I8(vec![-128]), -128.0),
        ("u16", MatlabType::U16(vec![65_535]), 65_535.0),
        ("i16", MatlabType::I16(vec![-32_768]), -32_768.0),
        ("u32", MatlabType::U32(vec![u32::MAX]), 4_294_967_295.0),
        ("i32", MatlabType::I32(vec![i32::MIN]), -2_147_483_648.0),
        (
            "u64",
            MatlabType::U64(vec![1 << 53]),
            9_007_199_254_740_992.0,
        ),
        ("i64", MatlabType::I64(vec![-7]), -7.0),
        ("logical", MatlabType::BOOL(vec![true]), 1.0),
    ];
    let variables = classes
        .iter()
        .map(|(name, values, _)| (*name, numeric(&[1, 1], values.clone())))
        .collect();
    let path = write(directory.path(), variables, true);
    for (name, _, expected) in classes {
        assert_eq!(read_scalar(&path, name).unwrap(), expected, "{name}");
    }
}

#[test]
fn a_volume_keeps_its_axes() {
    let directory = TempDir::new().unwrap();
    let values = MatlabType::U8((0..24).collect());
    let path = write(
        directory.path(),
        vec![("volume", numeric(&[2, 3, 4], values))],
        true,
    );
    let volume = MatFile::open(&path).unwrap().volume("volume").unwrap();
    assert_eq!(volume.dim(), (2, 3, 4));
    // MATLAB's index of (x, y, z): x + 2 y + 6 z.
    assert_eq!(volume[[1, 2, 3]], 23.0);
    assert_eq!(volume[[1, 0, 2]], 13.0);
}

#[test]
fn a_wrong_shape_names_file_variable_and_both_shapes() {
    let directory = TempDir::new().unwrap();
    let values = MatlabType::F32(vec![0.0; 4 * 5]);
    let path = write(
        directory.path(),
        vec![("model", numeric(&[4, 5], values))],
        true,
    );
    let error = read_matrix(&path, "model", Some(3), None).unwrap_err();
    assert_eq!(
        one_sentence(&error),
        "sample.mat: variable 'model' should be 3×N, found 4×5"
    );
    let error = read_matrix(&path, "model", Some(4), Some(6)).unwrap_err();
    assert_eq!(
        one_sentence(&error),
        "sample.mat: variable 'model' should be 4×6, found 4×5"
    );
    let error = read_scalar(&path, "model").unwrap_err();
    assert_eq!(
        one_sentence(&error),
        "sample.mat: variable 'model' should be 1×1, found 4×5"
    );
}

#[test]
fn a_missing_variable_is_told_the_present_ones() {
    let directory = TempDir::new().unwrap();
    let variables = vec![("a", matvar!(1.0)), ("b", matvar!(2.0))];
    let path = write(directory.path(), variables, true);
    let error = read_matrix(&path, "model", None, None).unwrap_err();
    assert_eq!(
        one_sentence(&error),
        "sample.mat: expected a variable 'model', found a, b"
    );
}

#[test]
fn text_cells_structures_and_complex_numbers_are_no_matrix() {
    let directory = TempDir::new().unwrap();
    let variables = vec![
        ("cell", matvar!(["abc", 42.0])),
        ("structure", matvar!({ field: 1.0 })),
        ("complex", MatVariable::from((1.0, 2.0))),
    ];
    let path = write(directory.path(), variables, true);
    for (name, found) in [
        ("cell", "a cell array"),
        ("structure", "a structure"),
        ("complex", "complex numbers"),
    ] {
        let error = read_matrix(&path, name, None, None).unwrap_err();
        assert_eq!(
            one_sentence(&error),
            format!("sample.mat: variable '{name}' should hold real numbers, found {found}")
        );
    }
}

/// An element of the format: type, length, bytes, filled up to a multiple of eight.
fn element(data_type: u32, content: &[u8]) -> Vec<u8> {
    let mut bytes = data_type.to_le_bytes().to_vec();
    bytes.extend((content.len() as u32).to_le_bytes());
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes
}

/// A variable of MATLAB's opaque class, as `save` writes a `delaunayTriangulation`.
fn object(name: &str) -> Vec<u8> {
    const OPAQUE: u32 = 17;
    let flags: Vec<u8> = [OPAQUE, 0].into_iter().flat_map(u32::to_le_bytes).collect();
    let dimensions: Vec<u8> = [1_u32, 1].into_iter().flat_map(u32::to_le_bytes).collect();
    let reference: Vec<u8> = [
        element(6, &[&13_u32.to_le_bytes()[..], &[0; 4]].concat()),
        element(5, &dimensions),
        element(1, b""),
        element(6, &0xdd00_0000_u32.to_le_bytes()),
    ]
    .concat();
    // A name of up to four bytes is packed into its tag: length, type, bytes.
    let system = [&[1, 0, 4, 0][..], b"MCOS"].concat();
    let content = [
        element(6, &flags),
        element(1, name.as_bytes()),
        system,
        element(1, b"delaunayTriangulation"),
        element(14, &reference),
    ]
    .concat();
    element(14, &content)
}

/// A header, then elements.
fn file_of(elements: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![b' '; 124];
    bytes[116..].fill(0);
    bytes.extend([0, 1, b'I', b'M']);
    bytes.extend(elements.concat());
    bytes
}

/// An array by its class with the flags above it, its lengths, and its element of numbers.
fn array_of(class: u32, lengths: &[u32], name: &str, numbers: &[u8]) -> Vec<u8> {
    let words = |words: &[u32]| -> Vec<u8> { words.iter().flat_map(|w| w.to_le_bytes()).collect() };
    let content = [
        element(6, &words(&[class, 0])),
        element(5, &words(lengths)),
        element(1, name.as_bytes()),
        numbers.to_vec(),
    ];
    element(14, &content.concat())
}

const DOUBLE: u32 = 6;
const UINT8: u32 = 9;

/// A zlib stream (RFC 1950) that holds its bytes as they are, with their checksum.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let (mut a, mut b) = (1_u32, 0_u32);
    for &byte in bytes {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let length = u16::try_from(bytes.len()).unwrap();
    [
        &[0x78, 0x01, 0x01][..],
        &length.to_le_bytes(),
        &(!length).to_le_bytes(),
        bytes,
        &(b << 16 | a).to_be_bytes(),
    ]
    .concat()
}

/// A compressed variable, which is not filled up.
fn compressed(variable: &[u8]) -> Vec<u8> {
    let stream = stored(variable);
    let tag = [15, stream.len() as u32].map(u32::to_le_bytes).concat();
    [tag, stream].concat()
}

#[test]
fn doubles_that_were_saved_as_small_integers_are_read() {
    // MATLAB saves whole numbers in the smallest type that holds them, here packed into the tag.
    let packed = [2, 0, 3, 0, 7, 0, 255, 0];
    let unpacked = element(3, &[0xfe, 0xff, 0x00, 0x01, 5, 0, 6, 0, 7, 0, 8, 0]);
    // True, and zero in single precision.
    let tiny = element(9, &[1e-320, 0.0, 0.5_f64].map(f64::to_le_bytes).concat());
    let mat = MatFile::from_bytes(
        String::new(),
        file_of(&[
            array_of(UINT8 | 0x0200, &[1, 3, 1], "tiny", &tiny),
            array_of(DOUBLE, &[1, 3], "packed", &packed),
            array_of(DOUBLE, &[3, 2], "int16", &unpacked),
            array_of(UINT8 | 0x0200, &[1, 3], "logical", &packed),
        ]),
    )
    .unwrap();
    let matrix = |name| mat.matrix(name, None, None).unwrap();
    assert_eq!(matrix("packed"), array![[7.0, 0.0, 255.0]]);
    assert_eq!(
        matrix("int16"),
        array![[-2.0, 6.0], [256.0, 7.0], [5.0, 8.0]]
    );
    assert_eq!(matrix("logical"), array![[1.0, 0.0, 1.0]]);
    let single = mat.volume_f32("tiny").unwrap();
    assert_eq!(single, array![[[1.0], [0.0], [1.0]]]);
}

#[test]
fn a_file_of_a_machine_of_the_other_byte_order_is_read() {
    fn big(data_type: u32, content: &[u8]) -> Vec<u8> {
        let words = [data_type, content.len() as u32];
        let mut bytes: Vec<u8> = words.into_iter().flat_map(u32::to_be_bytes).collect();
        bytes.extend(content);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes
    }
    let words = |words: [u32; 2]| words.map(u32::to_be_bytes).concat();
    let variable = [
        big(6, &words([DOUBLE, 0])),
        big(5, &words([2, 1])),
        [&[0, 1, 0, 1][..], b"x\0\0\0"].concat(),
        big(9, &[1.5_f64, -0.1].map(f64::to_be_bytes).concat()),
    ];
    let variable = big(14, &variable.concat());
    let stream = stored(&variable);
    let tag = words([15, stream.len() as u32]);
    for element in [variable, [tag, stream].concat()] {
        let mut bytes = file_of(&[element]);
        bytes[124..128].copy_from_slice(&[1, 0, b'M', b'I']);
        let mat = MatFile::from_bytes(String::new(), bytes).unwrap();
        assert_eq!(mat.matrix("x", None, None).unwrap(), array![[1.5], [-0.1]]);
    }
}

#[test]
fn lengths_that_the_bytes_cannot_hold_are_no_variable() {
    let numbers = element(9, &1.0_f64.to_le_bytes());
    let mut announced = 0x0000_0009_u32.to_le_bytes().to_vec();
    announced.extend(u32::MAX.to_le_bytes());
    for (lengths, numbers) in [
        (&[1 << 30, 1 << 30][..], &numbers),
        (&[u32::MAX, 1], &numbers),
        (&[1 << 14, 1 << 15], &announced),
        (&[2, 1], &numbers),
        (&[1], &numbers),
        (&[1; 40], &numbers),
    ] {
        let plain = array_of(DOUBLE, lengths, "large", numbers);
        let packed = compressed(&plain);
        for variable in [plain, packed] {
            let mat = MatFile::from_bytes("a.mat".to_owned(), file_of(&[variable])).unwrap();
            assert_eq!(
                one_sentence(&mat.array("large").unwrap_err()),
                "a.mat: expected a variable 'large', found no variable and one that cannot be decoded"
            );
        }
    }
}

#[test]
fn an_array_without_numbers_is_one() {
    let empty = array_of(DOUBLE, &[3, 0], "empty", &element(9, b""));
    let mat = MatFile::from_bytes(String::new(), file_of(&[empty])).unwrap();
    assert_eq!(mat.matrix("empty", Some(3), None).unwrap().dim(), (3, 0));
}

#[test]
fn damaged_numbers_are_an_error_of_their_variable_alone() {
    let numbers = element(9, &[0.5_f64; 64].map(f64::to_le_bytes).concat());
    let first = compressed(&array_of(DOUBLE, &[64, 1], "first", &numbers));
    let last = array_of(DOUBLE, &[64, 1], "last", &numbers);
    let (checksum, ends) = (first.len() - 1, 300);
    for (at, flaw) in [
        (checksum, "its compressed bytes are damaged"),
        (ends, "its compressed bytes are damaged"),
    ] {
        let mut damaged = first.clone();
        damaged[at] ^= 1;
        let file = file_of(&[damaged, last.clone()]);
        let mat = MatFile::from_bytes("a.mat".to_owned(), file).unwrap();
        assert_eq!(mat.names().collect::<Vec<_>>(), ["first", "last"]);
        assert_eq!(mat.matrix("last", Some(64), None).unwrap()[[63, 0]], 0.5);
        assert_eq!(
            one_sentence(&mat.array("first").unwrap_err()),
            format!("a.mat: variable 'first' cannot be decoded: {flaw}; get the file again")
        );
    }
}

#[test]
fn an_object_does_not_hide_the_variables_around_it() {
    let directory = TempDir::new().unwrap();
    let path = write(directory.path(), vec![("model", two_columns())], false);
    let file = fs::read(&path).unwrap();
    let (header, model) = file.split_at(128);
    let mixed = [header, &object("DT"), model].concat();
    let mat = MatFile::from_bytes("mixed.mat".to_owned(), &mixed).unwrap();
    assert_eq!(mat.names().collect::<Vec<_>>(), ["DT", "model"]);
    assert_eq!(mat.matrix("model", Some(3), None).unwrap().ncols(), 2);
    assert_eq!(
        one_sentence(&mat.array("DT").unwrap_err()),
        "mixed.mat: variable 'DT' should hold real numbers, found a MATLAB object"
    );
}

#[test]
fn a_variable_that_cannot_be_decoded_is_counted() {
    let directory = TempDir::new().unwrap();
    let path = write(directory.path(), vec![("model", two_columns())], true);
    let mut file = fs::read(&path).unwrap();
    file.extend(element(15, b"this is not compressed!!"));
    let mat = MatFile::from_bytes("mixed.mat".to_owned(), &file).unwrap();
    assert_eq!(mat.matrix("model", Some(3), None).unwrap().ncols(), 2);
    assert_eq!(
        one_sentence(&mat.array("other").unwrap_err()),
        "mixed.mat: expected a variable 'other', found model and one that cannot be decoded"
    );
}

#[test]
fn a_file_truncated_anywhere_is_one_sentence() {
    let directory = TempDir::new().unwrap();
    for compress in [false, true] {
        let variables = vec![("first", matvar!(1.0)), ("last", two_columns())];
        let path = write(directory.path(), variables, compress);
        let whole = fs::read(&path).unwrap();
        assert!(MatFile::from_bytes(String::new(), &whole).is_ok());
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let error = read_matrix(&path, "last", Some(3), None).unwrap_err();
            assert!(one_sentence(&error).starts_with("sample.mat: "));
        }
    }
}

#[test]
fn a_truncated_variable_tells_where_and_how_much() {
    let directory = TempDir::new().unwrap();
    let path = write(directory.path(), vec![("model", two_columns())], false);
    let whole = fs::read(&path).unwrap();
    let error = MatFile::from_bytes("a.mat".to_owned(), &whole[..150]).unwrap_err();
    assert_eq!(
        one_sentence(&error),
        format!(
            "a.mat: is truncated: a variable at byte 128 needs {} bytes, found 22",
            whole.len() - 128
        )
    );
}

#[test]
fn no_wrong_byte_makes_the_reader_panic() {
    let directory = TempDir::new().unwrap();
    for compress in [false, true] {
        let path = write(directory.path(), vec![("model", two_columns())], compress);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            for wrong in [0x00, 0x01, 0x7f, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] ^= wrong;
                let read = MatFile::from_bytes("a.mat".to_owned(), &bytes)
                    .and_then(|file| file.matrix("model", Some(3), Some(2)));
                if let Err(error) = read {
                    one_sentence(&error);
                }
            }
        }
    }
}

#[test]
fn other_files_are_told_from_mat_files() {
    let mut newer = vec![b' '; 600];
    newer[..19].copy_from_slice(b"MATLAB 7.3 MAT-file");
    let page = [b'<'; 600];
    for (content, found) in [
        (&newer[..], "version 7.3"),
        (&page[..], "no header of a MAT-file"),
        (b"short", "5 bytes, fewer than the 128 of the header"),
    ] {
        let error = MatFile::from_bytes("a.mat".to_owned(), content).unwrap_err();
        assert_eq!(
            one_sentence(&error),
            format!(
                "a.mat: expected a MAT-file of version 5 (`save` without -v7.3), found {found}"
            )
        );
    }
    let nowhere = MatFile::open(Path::new("no/such/file.mat")).unwrap_err();
    assert!(one_sentence(&nowhere).starts_with("no/such/file.mat: cannot be read"));
}
