//! The headers of the pages of a Parquet file, looked at before it is decoded.
//!
//! The decoder allocates what these headers say, and a process ends that allocates too much; no
//! catching of panics helps. So the sizes and numbers of all pages are first added up.
//!
//! Layout: Apache Parquet, `parquet.thrift` (PageHeader), in Thrift's compact protocol.

/// Structures within structures of a header; the format has fewer.
const DEEPEST: usize = 8;
/// No page is larger than this many times its compressed size, except small ones: zstd and the
/// run lengths of a page of equal numbers stay below.
const MOST_EXPANDED: u64 = 1 << 15;
const SMALL_PAGE: u64 = 16 << 20;

/// What a page says of itself; 0 what it does not say.
#[derive(Debug, Default, PartialEq)]
struct Page {
    expanded: i64,
    compressed: i64,
    values: i64,
    is_dictionary: bool,
}

/// Whether the pages of a column fill its bytes and hold as many values as it has.
pub(super) fn are_sound(mut column: &[u8], values: u64) -> bool {
    let mut found = 0_u64;
    while !column.is_empty() {
        let mut reader = Compact { bytes: column };
        let Some(page) = reader.page() else {
            return false;
        };
        let [Ok(expanded), Ok(compressed), Ok(inside)] =
            [page.expanded, page.compressed, page.values].map(u64::try_from)
        else {
            return false;
        };
        let most = SMALL_PAGE.max(compressed.saturating_mul(MOST_EXPANDED));
        let data = usize::try_from(compressed).ok();
        let Some(rest) = data.and_then(|length| reader.bytes.get(length..)) else {
            return false;
        };
        // Every value of a dictionary is written.
        if expanded > most || (page.is_dictionary && inside > expanded) {
            return false;
        }
        if !page.is_dictionary {
            found = found.saturating_add(inside);
        }
        column = rest;
    }
    found == values
}

/// A reader of Thrift's compact protocol.
struct Compact<'a> {
    bytes: &'a [u8],
}

impl Compact<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(first)
    }

    fn skip(&mut self, length: u64) -> Option<()> {
        self.bytes = self.bytes.get(usize::try_from(length).ok()?..)?;
        Some(())
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    /// The next field of a structure: its number and type; the type 0 ends it.
    fn field(&mut self, last: i64) -> Option<(i64, u8)> {
        let byte = self.byte()?;
        let number = match byte >> 4 {
            0 if byte != 0 => self.signed()?,
            step => last.checked_add(i64::from(step))?,
        };
        Some((number, byte & 0x0f))
    }

    fn page(&mut self) -> Option<Page> {
        let mut page = Page::default();
        let mut number = 0;
        loop {
            let kind;
            (number, kind) = self.field(number)?;
            match (number, kind) {
                (_, 0) => return Some(page),
                (2, 5) => page.expanded = self.signed()?,
                (3, 5) => page.compressed = self.signed()?,
                // The headers of data pages of both versions, and of a dictionary.
                (5 | 7 | 8, 12) => {
                    page.values = self.values()?;
                    page.is_dictionary = number == 7;
                }
                _ => self.pass(kind, 0)?,
            }
        }
    }

    /// The number of values, the first field of each header within a header.
    fn values(&mut self) -> Option<i64> {
        let mut values = 0;
        let mut number = 0;
        loop {
            let kind;
            (number, kind) = self.field(number)?;
            match (number, kind) {
                (_, 0) => return Some(values),
                (1, 5) => values = self.signed()?,
                // The lengths of the levels, and numbers of nulls and rows: none is negative.
                (_, 5) if self.signed()? < 0 => return None,
                (_, 5) => {}
                _ => self.pass(kind, 0)?,
            }
        }
    }

    /// Goes past a value.
    fn pass(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match kind {
            1 | 2 => {}
            3 => self.skip(1)?,
            4..=6 => drop(self.varint()?),
            7 => self.skip(8)?,
            8 => {
                let length = self.varint()?;
                self.skip(length)?;
            }
            9 | 10 => {
                let byte = self.byte()?;
                let length = match byte >> 4 {
                    15 => self.varint()?,
                    short => u64::from(short),
                };
                for _ in 0..length {
                    // A truth within a list takes a byte.
                    match byte & 0x0f {
                        1 | 2 => self.skip(1)?,
                        kind => self.pass(kind, depth + 1)?,
                    }
                }
            }
            12 => {
                let mut number = 0;
                loop {
                    let kind;
                    (number, kind) = self.field(number)?;
                    if kind == 0 {
                        break;
                    }
                    self.pass(kind, depth + 1)?;
                }
            }
            // No header has a map.
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Type 0, 10 bytes from 4, {3 values, encodings}, then 4 bytes.
    const PAGE: [u8; 19] = [
        0x15, 0, 0x15, 20, 0x15, 8, 0x2c, 0x15, 6, 0x15, 0, 0x15, 0, 0, 0, 1, 2, 3, 4,
    ];

    #[test]
    fn pages_are_added_up() {
        assert!(are_sound(&PAGE, 3));
        assert!(are_sound(&[PAGE, PAGE].concat(), 6));
        assert!(are_sound(&[], 0));
        assert!(!are_sound(&PAGE, 4));
        assert!(!are_sound(&PAGE[..18], 3));
        assert!(!are_sound(&PAGE[..9], 3));
    }

    #[test]
    fn negative_numbers_and_monstrous_pages_are_not_sound() {
        let mut page = PAGE;
        page[8] = 5;
        assert!(!are_sound(&page, 3));
        let huge = [&PAGE[..3], &[0xfe, 0xff, 0xff, 0xff, 0x0f], &PAGE[4..]].concat();
        assert!(!are_sound(&huge, 3));
    }
}
