//! The words and numbers of one line, and the sentences about them.

use std::str::SplitAsciiWhitespace;

use crate::atoms::{Element, MOST_ATOMS, Vec3};

use super::error::{StructureError, repeated};

/// One line of a file, with its number from 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) number: u64,
    pub(crate) text: &'a str,
}

impl<'a> Line<'a> {
    pub(super) fn words(self) -> SplitAsciiWhitespace<'a> {
        self.text.split_ascii_whitespace()
    }

    /// The line before a `#`.
    pub(super) fn without_comment(self) -> Line<'a> {
        let text = self.text.split('#').next().unwrap_or_default();
        Line { text, ..self }
    }

    /// That the line should hold something else.
    pub(crate) fn unexpected(self, expected: impl Into<String>) -> StructureError {
        StructureError::Unexpected {
            line: self.number,
            expected: expected.into(),
            found: repeated(self.text),
        }
    }

    /// That the line says what is not read.
    pub(super) fn unsupported(self, what: impl Into<String>) -> StructureError {
        StructureError::Unsupported {
            line: self.number,
            what: what.into(),
        }
    }

    /// A finite number; Fortran's `1.0D+00` too.
    pub(super) fn real(self, word: &str, expected: &str) -> Result<f64, StructureError> {
        let wrong = || match parse_real(&word.replace(',', ".")) {
            Some(_) if word.contains(',') => StructureError::Comma {
                line: self.number,
                found: repeated(word),
            },
            _ => self.unexpected(expected),
        };
        let value = parse_real(word).ok_or_else(wrong)?;
        match value.is_finite() {
            true => Ok(value),
            false => Err(StructureError::NotFinite {
                line: self.number,
                found: repeated(word),
            }),
        }
    }

    /// A number that counts or names: digits alone.
    pub(super) fn whole(self, word: &str, expected: &str) -> Result<u64, StructureError> {
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        let value = digits.then(|| word.parse().ok()).flatten();
        value.ok_or_else(|| self.unexpected(expected))
    }

    /// The number of a type.
    pub(super) fn type_number(self, word: &str) -> Result<u32, StructureError> {
        const TYPE: &str = "a whole number as the type of the atom";
        let number = self.whole(word, TYPE)?;
        u32::try_from(number).map_err(|_| self.unexpected(TYPE))
    }

    /// The number of atoms that are announced.
    pub(super) fn count(self, word: &str) -> Result<u64, StructureError> {
        let announced = self.whole(word, "the number of atoms, a whole number")?;
        match announced <= MOST_ATOMS as u64 {
            true => Ok(announced),
            false => Err(StructureError::TooMany {
                line: self.number,
                announced,
            }),
        }
    }

    /// The three numbers that come next.
    pub(super) fn place(
        self,
        mut words: impl Iterator<Item = &'a str>,
        expected: &str,
    ) -> Result<Vec3, StructureError> {
        let mut next = || {
            let word = words.next().ok_or_else(|| self.unexpected(expected))?;
            self.real(word, expected)
        };
        Ok(Vec3::new(next()?, next()?, next()?))
    }

    /// Exactly so many numbers, and nothing else.
    pub(super) fn reals<const N: usize>(self, expected: &str) -> Result<[f64; N], StructureError> {
        let mut values = [0.0; N];
        let mut words = self.words();
        for value in &mut values {
            let word = words.next().ok_or_else(|| self.unexpected(expected))?;
            *value = self.real(word, expected)?;
        }
        match words.next() {
            None => Ok(values),
            Some(_) => Err(self.unexpected(expected)),
        }
    }
}

/// A number as C and Fortran write it; also `nan` and `inf`.
pub(super) fn parse_real(word: &str) -> Option<f64> {
    if let Ok(value) = word.parse() {
        return Some(value);
    }
    let exponent = word.find(['d', 'D'])?;
    let digits = &word[..exponent];
    let plain = |b: u8| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.');
    if !digits.bytes().all(plain) {
        return None;
    }
    format!("{digits}e{}", &word[exponent + 1..]).parse().ok()
}

/// The elements of the symbols of a file; what was found once is not searched again.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    known: Vec<(String, Element)>,
}

impl Symbols {
    /// So many are remembered.
    const REMEMBERED: usize = 32;

    /// The element that a word names: its leading letters, so that `Cu`, `Cu2+` and `Cu_pv` are copper.
    pub(super) fn element(
        &mut self,
        line: Line<'_>,
        word: &str,
    ) -> Result<Element, StructureError> {
        self.by(line, word, element_of_symbol)
    }

    /// The element that `find` finds in a word.
    pub(super) fn by(
        &mut self,
        line: Line<'_>,
        word: &str,
        find: impl FnOnce(&str) -> Option<Element>,
    ) -> Result<Element, StructureError> {
        if let Some((_, element)) = self.known.iter().find(|(known, _)| known == word) {
            return Ok(*element);
        }
        let element = find(word).ok_or_else(|| StructureError::UnknownSymbol {
            line: line.number,
            found: repeated(word),
        })?;
        if self.known.len() < Symbols::REMEMBERED {
            self.known.push((word.to_owned(), element));
        }
        Ok(element)
    }
}

/// The element whose symbol the leading letters of a word are; deuterium is hydrogen.
pub(super) fn element_of_symbol(word: &str) -> Option<Element> {
    match leading_letters(word) {
        "D" => Some(Element::H),
        letters => Element::from_symbol(letters),
    }
}

/// The element of the label of a site or of the name of an atom, such as `Cu1` or `OW2`: its first two
/// letters if these are a symbol, else its first.
pub(super) fn element_of_label(word: &str) -> Option<Element> {
    let letters = leading_letters(word.trim_start_matches(|c: char| c.is_ascii_digit()));
    let two = letters.get(..2).and_then(element_of_symbol);
    two.or_else(|| letters.get(..1).and_then(element_of_symbol))
}

/// The letters with which a word begins.
pub(super) fn leading_letters(word: &str) -> &str {
    let end = word.find(|c: char| !c.is_ascii_alphabetic());
    &word[..end.unwrap_or(word.len())]
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    const LINE: Line<'_> = Line {
        number: 7,
        text: "a line",
    };

    #[test]
    fn numbers_are_read_as_programs_write_them() {
        for (word, value) in [
            ("1", 1.0),
            ("-1.5", -1.5),
            ("+.5", 0.5),
            ("5.", 5.0),
            ("1e3", 1000.0),
            ("1.25D+01", 12.5),
            ("-2d-1", -0.2),
        ] {
            assert_eq!(LINE.real(word, "a number").unwrap(), value, "{word}");
        }
        let refusal = |word: &str| LINE.real(word, "a number").unwrap_err().to_string();
        assert_eq!(
            refusal("1,25"),
            "line 7: '1,25' uses a comma for the decimal point; write a point"
        );
        for word in ["nan", "-inf", "1e999", "NaN"] {
            assert!(refusal(word).contains("is not a finite number"), "{word}");
        }
        for word in [
            "", "a", "1,2,3", "1.2.3", "0x10", "1_000", "d5", "D", "1d", "µ",
        ] {
            assert_eq!(
                refusal(word),
                "line 7 should hold a number, but reads 'a line'",
                "{word}"
            );
        }
    }

    #[test]
    fn counts_are_whole_and_can_be_numbered() {
        assert_eq!(LINE.count("75000000").unwrap(), 75_000_000);
        assert!(LINE.count("75000001").is_err());
        let refusal = |word: &str| LINE.count(word).unwrap_err().to_string();
        assert!(refusal("1000000000000000000").contains("announces 1000000000000000000 atoms"));
        for word in ["-1", "1e3", "3.0", "99999999999999999999999", "+1", ""] {
            assert!(
                refusal(word).contains("the number of atoms, a whole number"),
                "{word}"
            );
        }
    }

    #[test]
    fn symbols_are_leading_letters() {
        let mut symbols = Symbols::default();
        for (word, element) in [
            ("Cu", Element::Cu),
            ("Zr2+", Element::Zr),
            ("D", Element::H),
        ] {
            assert_eq!(symbols.element(LINE, word).unwrap(), element);
            assert_eq!(symbols.element(LINE, word).unwrap(), element);
        }
        let refusal = symbols.element(LINE, "Xx1").unwrap_err().to_string();
        assert_eq!(
            refusal,
            "line 7: 'Xx1' is not the symbol of a chemical element"
        );
    }
}
