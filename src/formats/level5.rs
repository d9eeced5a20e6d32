//! The elements of a MAT-file of level 5: what a variable is called and holds, and its numbers.
//!
//! An element is a tag (data type and length) and content. A variable is an element of its own,
//! plain or compressed with zlib; inside are elements again: flags, lengths, name, numbers. The
//! numbers may be stored in a smaller type than that of their class. A variable is looked at when
//! the file is opened and its numbers are decoded when they are asked for, in pieces: no length of
//! a file is trusted before the bytes are there. Layout: MathWorks, "MAT-File Format", "MAT-File
//! Level 5".

use std::io::{self, Read};
use std::ops::Range;

use flate2::bufread::ZlibDecoder;

/// Length of a tag in bytes.
pub(super) const TAG: usize = 8;
/// Data type of a variable.
pub(super) const MI_MATRIX: u32 = 14;
/// Data type of a compressed variable.
pub(super) const MI_COMPRESSED: u32 = 15;

const MI_INT8: u32 = 1;
const MI_INT32: u32 = 5;
const MI_UINT32: u32 = 6;
const MI_UTF8: u32 = 16;

/// Bytes of a variable at most, as MATLAB's `save` has it for this version.
const MOST_BYTES: usize = 1 << 31;
/// So many numbers of an array at most: those of single precision that fit into as many bytes.
const MOST_NUMBERS: usize = MOST_BYTES / 4;
/// Axes of an array, and bytes of a name, at most; MATLAB's names have 63.
const MOST_AXES: usize = 32;
const LONGEST_NAME: usize = 1_024;
/// A byte of DEFLATE (RFC 1951) gives at most so many: 258 for two bits of code.
const MOST_INFLATION: usize = 1_032;
/// Bytes that are decoded at a time, a multiple of every size of a number.
const PIECE: usize = 64 * 1024;

/// The order of the bytes of a number, that of the machine that wrote the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// A variable of a file.
#[derive(Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) content: Content,
    /// Where its element lies in the file.
    pub(super) place: Range<usize>,
}

/// What a variable holds.
#[derive(Debug)]
pub(super) enum Content {
    Reals(Reals),
    /// Something else, in words.
    Other(&'static str),
}

/// Real numbers, by columns.
#[derive(Debug)]
pub(super) struct Reals {
    pub(super) shape: Vec<usize>,
    count: usize,
    stored: Stored,
    logical: bool,
}

/// What is wrong with an element, in words that follow "it cannot be decoded: ".
pub(super) type Flaw = &'static str;

const ENDS: Flaw = "its bytes end too early";
const DAMAGED: Flaw = "its compressed bytes are damaged";
const STRANGE: Flaw = "it does not begin as a variable does";
const TOO_LARGE: Flaw = "it announces more numbers than its bytes can hold";

const OBJECT: &str = "a MATLAB object";

/// How a number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stored {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    F32,
    F64,
    I64,
    U64,
}

impl Order {
    pub(super) fn word(self, bytes: [u8; 4]) -> u32 {
        match self {
            Order::Little => u32::from_le_bytes(bytes),
            Order::Big => u32::from_be_bytes(bytes),
        }
    }
}

impl Stored {
    fn of(data_type: u32) -> Option<Stored> {
        Some(match data_type {
            MI_INT8 => Stored::I8,
            2 => Stored::U8,
            3 => Stored::I16,
            4 => Stored::U16,
            MI_INT32 => Stored::I32,
            MI_UINT32 => Stored::U32,
            7 => Stored::F32,
            9 => Stored::F64,
            12 => Stored::I64,
            13 => Stored::U64,
            _ => return None,
        })
    }

    fn size(self) -> usize {
        match self {
            Stored::I8 | Stored::U8 => 1,
            Stored::I16 | Stored::U16 => 2,
            Stored::I32 | Stored::U32 | Stored::F32 => 4,
            Stored::F64 | Stored::I64 | Stored::U64 => 8,
        }
    }
}

/// A number as our arrays hold it.
pub(super) trait Real: Copy {
    fn of_f64(value: f64) -> Self;
    fn of_f32(value: f32) -> Self;
}

impl Real for f64 {
    fn of_f64(value: f64) -> f64 {
        value
    }

    fn of_f32(value: f32) -> f64 {
        f64::from(value)
    }
}

/// Doubles are rounded; singles are kept as they are.
impl Real for f32 {
    fn of_f64(value: f64) -> f32 {
        value as f32
    }

    fn of_f32(value: f32) -> f32 {
        value
    }
}

/// Looks at the variable whose element, tag included, lies at `place` of a file.
pub(super) fn look(bytes: &[u8], place: Range<usize>, order: Order) -> Result<Variable, Flaw> {
    let element = Element::of(&bytes[place.clone()], order)?;
    let most = element.most_bytes();
    let (name, content) = match element {
        Element::Plain(inside) => Cursor::new(inside, order)?.head(most)?,
        Element::Compressed(inside) => Cursor::new(inside, order)?.head(most)?,
    };
    Ok(Variable {
        name,
        content,
        place,
    })
}

/// The numbers of a variable that was looked at, in the order in which they are stored.
pub(super) fn reals<T: Real>(
    bytes: &[u8],
    place: Range<usize>,
    order: Order,
    reals: &Reals,
) -> Result<Vec<T>, Flaw> {
    let element = Element::of(&bytes[place], order)?;
    let most = element.most_bytes();
    match element {
        Element::Plain(inside) => {
            let mut cursor = Cursor::new(inside, order)?;
            cursor.head(most)?;
            cursor.numbers(reals)
        }
        Element::Compressed(inside) => {
            let mut cursor = Cursor::new(inside, order)?;
            cursor.head(most)?;
            let numbers = cursor.numbers(reals)?;
            // The checksum stands at the end.
            cursor.finish()?;
            Ok(numbers)
        }
    }
}

/// The element of a variable.
enum Element<'a> {
    Plain(&'a [u8]),
    Compressed(ZlibDecoder<&'a [u8]>),
}

impl<'a> Element<'a> {
    fn of(element: &'a [u8], order: Order) -> Result<Element<'a>, Flaw> {
        match element {
            [a, b, c, d, _, _, _, _, content @ ..] => match order.word([*a, *b, *c, *d]) {
                MI_MATRIX => Ok(Element::Plain(element)),
                MI_COMPRESSED => Ok(Element::Compressed(ZlibDecoder::new(content))),
                _ => Err(STRANGE),
            },
            _ => Err(ENDS),
        }
    }

    /// More bytes than this cannot come.
    fn most_bytes(&self) -> usize {
        let most = match self {
            Element::Plain(inside) => inside.len(),
            Element::Compressed(inside) => inside.get_ref().len().saturating_mul(MOST_INFLATION),
        };
        most.min(MOST_BYTES)
    }
}

/// Reads the elements inside a variable one after the other.
struct Cursor<R> {
    /// What is left of the variable.
    source: io::Take<R>,
    /// What was packed into a tag, and is read before it.
    packed: Vec<u8>,
    order: Order,
}

impl<R: Read> Cursor<R> {
    /// Begins at the tag of the variable.
    fn new(source: R, order: Order) -> Result<Cursor<R>, Flaw> {
        let mut cursor = Cursor {
            source: source.take(TAG as u64),
            packed: Vec::new(),
            order,
        };
        let data_type = cursor.word()?;
        let length = cursor.word()?;
        if data_type != MI_MATRIX {
            return Err(STRANGE);
        }
        cursor.source.set_limit(u64::from(length));
        Ok(cursor)
    }

    /// Flags, lengths and name, and the tag of the numbers; the cursor stands at the numbers, which
    /// have at most `most_bytes`.
    fn head(&mut self, most_bytes: usize) -> Result<(String, Content), Flaw> {
        const COMPLEX: u32 = 0x0800;
        const LOGICAL: u32 = 0x0200;
        let (data_type, flags) = self.element(8)?;
        let flags = match flags[..] {
            [a, b, c, d, ..] if data_type == MI_UINT32 => self.order.word([a, b, c, d]),
            _ => return Err(STRANGE),
        };
        let other = match flags & 0xff {
            1 => Some("a cell array"),
            2 => Some("a structure"),
            4 => Some("text"),
            5 => Some("a sparse matrix"),
            6..=15 if flags & COMPLEX != 0 => Some("complex numbers"),
            6..=15 => None,
            // An object of the new kind has no lengths.
            17 => return Ok((self.name()?, Content::Other(OBJECT))),
            3 | 16 => Some(OBJECT),
            _ => return Err(STRANGE),
        };
        let shape = self.shape()?;
        let name = self.name()?;
        let content = match other {
            Some(other) => Content::Other(other),
            None => Content::Reals(self.numbers_of(shape, flags & LOGICAL != 0, most_bytes)?),
        };
        Ok((name, content))
    }

    /// How numbers of this shape are stored, by their tag.
    fn numbers_of(
        &mut self,
        shape: Vec<usize>,
        logical: bool,
        most_bytes: usize,
    ) -> Result<Reals, Flaw> {
        let (data_type, length) = self.tag()?;
        let stored = Stored::of(data_type).ok_or("the type of its numbers is not known")?;
        let count = shape
            .iter()
            .try_fold(1, |count: usize, &length| count.checked_mul(length));
        let bytes = count.and_then(|count| count.checked_mul(stored.size()));
        match (count, bytes) {
            (Some(count), Some(bytes)) if bytes <= most_bytes && count <= MOST_NUMBERS => {
                if length != bytes {
                    return Err("its lengths do not fit its numbers");
                }
                Ok(Reals {
                    shape,
                    count,
                    stored,
                    logical,
                })
            }
            _ => Err(TOO_LARGE),
        }
    }

    /// The numbers at which the cursor stands; of truths 0 and 1.
    fn numbers<T: Real>(&mut self, reals: &Reals) -> Result<Vec<T>, Flaw> {
        if !reals.logical {
            return self.values(reals);
        }
        // Before they are rounded: what is not zero may become zero.
        let values: Vec<f64> = self.values(reals)?;
        let truth = |value| T::of_f64(f64::from(u8::from(value != 0.0)));
        Ok(values.into_iter().map(truth).collect())
    }

    fn values<T: Real>(&mut self, reals: &Reals) -> Result<Vec<T>, Flaw> {
        let mut values = Vec::new();
        values
            .try_reserve_exact(reals.count)
            .map_err(|_| "its numbers do not fit into the memory")?;
        let mut left = reals.count * reals.stored.size();
        let mut piece = vec![0; left.min(PIECE)];
        while left > 0 {
            let part = &mut piece[..left.min(PIECE)];
            self.fill(part)?;
            left -= part.len();
            append(&mut values, part, reals.stored, self.order);
        }
        Ok(values)
    }

    /// Reads on to the end, where a decoder compares its checksum; only padding may be left.
    fn finish(self) -> Result<(), Flaw> {
        let mut source = self.source.into_inner();
        let mut padding = [0; 2 * TAG];
        let mut left = &mut padding[..];
        loop {
            match source.read(left).map_err(|error| flaw(&error))? {
                0 if left.is_empty() => return Err(DAMAGED),
                0 => return Ok(()),
                read => left = &mut left[read..],
            }
        }
    }

    fn shape(&mut self) -> Result<Vec<usize>, Flaw> {
        let (data_type, lengths) = self.element(4 * MOST_AXES)?;
        let (lengths, rest) = lengths.as_chunks::<4>();
        if data_type != MI_INT32 || lengths.len() < 2 || !rest.is_empty() {
            return Err(STRANGE);
        }
        let length = |&bytes: &[u8; 4]| {
            let length = self.order.word(bytes);
            // They are signed.
            usize::try_from(length.cast_signed()).map_err(|_| "one of its lengths is negative")
        };
        lengths.iter().map(length).collect()
    }

    fn name(&mut self) -> Result<String, Flaw> {
        match self.element(LONGEST_NAME)? {
            (MI_INT8 | MI_UTF8, name) => Ok(String::from_utf8_lossy(&name).into_owned()),
            _ => Err(STRANGE),
        }
    }

    /// A whole element of at most `most` bytes: its data type and its content.
    fn element(&mut self, most: usize) -> Result<(u32, Vec<u8>), Flaw> {
        let (data_type, length) = self.tag()?;
        if length > most {
            return Err(STRANGE);
        }
        let is_packed = !self.packed.is_empty();
        let mut content = vec![0; length];
        self.fill(&mut content)?;
        if !is_packed {
            let padding = length.next_multiple_of(TAG) - length;
            self.fill(&mut [0; TAG][..padding])?;
        }
        Ok((data_type, content))
    }

    /// The data type of the next element and its length; a content of up to four bytes may be
    /// packed into the tag, together with a length in the upper half of the first word.
    fn tag(&mut self) -> Result<(u32, usize), Flaw> {
        let first = self.word()?;
        if first >> 16 == 0 {
            return Ok((first, self.word()? as usize));
        }
        let (data_type, length) = (first & 0xffff, (first >> 16) as usize);
        let mut packed = [0; 4];
        self.fill(&mut packed)?;
        self.packed = packed.get(..length).ok_or(STRANGE)?.to_vec();
        Ok((data_type, length))
    }

    fn word(&mut self) -> Result<u32, Flaw> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes)?;
        Ok(self.order.word(bytes))
    }

    /// The next bytes: those packed into the last tag, or those of the source.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Flaw> {
        if self.packed.is_empty() {
            return self.source.read_exact(bytes).map_err(|error| flaw(&error));
        }
        if bytes.len() != self.packed.len() {
            return Err(ENDS);
        }
        bytes.copy_from_slice(&self.packed);
        self.packed.clear();
        Ok(())
    }
}

fn flaw(error: &io::Error) -> Flaw {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ENDS,
        _ => DAMAGED,
    }
}

/// Appends the numbers that are stored in `bytes`.
fn append<T: Real>(values: &mut Vec<T>, bytes: &[u8], stored: Stored, order: Order) {
    let int = |value: i32| T::of_f64(f64::from(value));
    match stored {
        Stored::I8 => each(values, bytes, order, |b| int(i8::from_le_bytes(b).into())),
        Stored::U8 => each(values, bytes, order, |b| int(u8::from_le_bytes(b).into())),
        Stored::I16 => each(values, bytes, order, |b| int(i16::from_le_bytes(b).into())),
        Stored::U16 => each(values, bytes, order, |b| int(u16::from_le_bytes(b).into())),
        Stored::I32 => each(values, bytes, order, |b| int(i32::from_le_bytes(b))),
        Stored::U32 => each(values, bytes, order, |b| {
            T::of_f64(u32::from_le_bytes(b).into())
        }),
        Stored::F32 => each(values, bytes, order, |b| T::of_f32(f32::from_le_bytes(b))),
        Stored::F64 => each(values, bytes, order, |b| T::of_f64(f64::from_le_bytes(b))),
        // Beyond 2^53 the nearest double; no count or index of ours comes near.
        Stored::I64 => each(values, bytes, order, |b| {
            T::of_f64(i64::from_le_bytes(b) as f64)
        }),
        Stored::U64 => each(values, bytes, order, |b| {
            T::of_f64(u64::from_le_bytes(b) as f64)
        }),
    }
}

/// Appends what `number` makes of every `N` bytes, which it is given with the lowest first.
fn each<T, const N: usize>(
    values: &mut Vec<T>,
    bytes: &[u8],
    order: Order,
    number: impl Fn([u8; N]) -> T,
) {
    let (numbers, _) = bytes.as_chunks::<N>();
    match order {
        Order::Little => values.extend(numbers.iter().map(|&bytes| number(bytes))),
        Order::Big => values.extend(numbers.iter().map(|&bytes| {
            let mut bytes = bytes;
            bytes.reverse();
            number(bytes)
        })),
    }
}
