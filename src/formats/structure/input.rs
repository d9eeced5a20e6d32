//! The bytes of a file, decompressed, and its lines: whatever ends them, none without bound.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use super::error::StructureError;
use super::line::Line;

/// The longest line that is read, in bytes.
pub const LONGEST_LINE: usize = 1 << 20;

/// So many bytes at the beginning of a file tell its compression and its format.
const BEGINNING: u64 = 1 << 14;

/// Bytes that are read once.
pub(super) type Bytes = Box<dyn BufRead + Send>;

/// The content of a file: decompressed, its beginning known.
pub(super) struct Content {
    /// The first bytes.
    pub(super) beginning: Vec<u8>,
    /// All of it.
    pub(super) bytes: Bytes,
    /// The compression that was undone.
    pub(super) compression: Option<&'static str>,
}

impl Content {
    /// What a file holds; gzip and zstd are known by their first bytes and undone while it is read.
    pub(super) fn of(raw: impl Read + Send + 'static) -> Result<Content, StructureError> {
        let (magic, raw) = begun(Box::new(raw), 16).map_err(StructureError::Read)?;
        let (bytes, compression) = decompressed(&magic, raw)?;
        let unread = |cause| unreadable(compression, cause);
        let (beginning, bytes) = begun(bytes, BEGINNING).map_err(unread)?;
        Ok(Content {
            beginning,
            bytes: Box::new(BufReader::with_capacity(1 << 16, bytes)),
            compression,
        })
    }

    #[cfg(any(feature = "tables", feature = "fetch"))]
    /// All bytes, of formats that cannot be read in a stream.
    pub(super) fn whole(self, most: u64) -> Result<Vec<u8>, StructureError> {
        let mut all = Vec::new();
        let compression = self.compression;
        let read = self.bytes.take(most + 1).read_to_end(&mut all);
        read.map_err(|cause| unreadable(compression, cause))?;
        match all.len() as u64 > most {
            true => Err(StructureError::TooLarge { most }),
            false => Ok(all),
        }
    }
}

fn unreadable(compression: Option<&'static str>, cause: io::Error) -> StructureError {
    match compression {
        Some(with) => StructureError::Decompress { with, cause },
        None => StructureError::Read(cause),
    }
}

type Stream = Box<dyn Read + Send>;

/// The first bytes, and the whole stream again.
fn begun(mut stream: Stream, length: u64) -> io::Result<(Vec<u8>, Stream)> {
    let mut beginning = Vec::new();
    stream.by_ref().take(length).read_to_end(&mut beginning)?;
    let again = Cursor::new(beginning.clone()).chain(stream);
    Ok((beginning, Box::new(again)))
}

fn decompressed(
    magic: &[u8],
    raw: Stream,
) -> Result<(Stream, Option<&'static str>), StructureError> {
    const OTHERS: [(&[u8], &str); 5] = [
        (b"BZh", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"PK\x03\x04", "zip"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"\x04\x22\x4d\x18", "lz4"),
    ];
    if let Some((_, with)) = OTHERS
        .iter()
        .find(|(magic_of, _)| magic.starts_with(magic_of))
    {
        return Err(StructureError::Compression { with });
    }
    if magic.starts_with(b"\x1f\x8b") {
        let decoder = flate2::bufread::MultiGzDecoder::new(BufReader::new(raw));
        return Ok((Box::new(decoder), Some("gzip")));
    }
    // A frame, or one of those that decoders skip.
    let skippable = magic.len() > 3 && magic[0] & 0xf0 == 0x50 && magic[1..4] == *b"\x2a\x4d\x18";
    if magic.starts_with(b"\x28\xb5\x2f\xfd") || skippable {
        return Ok((zstd_decoder(raw)?, Some("zstd")));
    }
    Ok((raw, None))
}

#[cfg(feature = "tables")]
fn zstd_decoder(raw: Stream) -> Result<Stream, StructureError> {
    let decoder = zstd::stream::read::Decoder::new(raw).map_err(StructureError::Read)?;
    Ok(Box::new(decoder))
}

#[cfg(not(feature = "tables"))]
fn zstd_decoder(_: Stream) -> Result<Stream, StructureError> {
    Err(StructureError::NotBuilt {
        what: "zstd",
        feature: "tables",
    })
}

/// The lines of a text, numbered from 1: ended by LF, CR LF or CR, in any mixture.
pub(crate) struct Lines {
    bytes: Bytes,
    compression: Option<&'static str>,
    number: u64,
    text: String,
    /// The line in `text` was looked at and not taken.
    held: bool,
    /// The last line ended with CR: an LF that follows belongs to it.
    after_cr: bool,
}

impl Lines {
    pub(super) fn of(content: Content) -> Result<Lines, StructureError> {
        match content.beginning[..] {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Err(StructureError::Utf16),
            _ => {}
        }
        Ok(Lines {
            bytes: content.bytes,
            compression: content.compression,
            number: 0,
            text: String::new(),
            held: false,
            after_cr: false,
        })
    }

    /// The lines of a text in memory.
    pub(crate) fn of_text(text: &str) -> Result<Lines, StructureError> {
        Lines::of(Content::of(Cursor::new(text.as_bytes().to_vec()))?)
    }

    /// The number of the line that was read last.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The line that was read last.
    pub(super) fn last(&self) -> Line<'_> {
        Line {
            number: self.number,
            text: &self.text,
        }
    }

    /// The next line, without its end; `None` at the end of the text.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, StructureError> {
        let there = std::mem::take(&mut self.held) || self.read()?;
        Ok(there.then(|| self.last()))
    }

    /// The next line that is not blank.
    pub(super) fn next_filled(&mut self) -> Result<Option<Line<'_>>, StructureError> {
        Ok(match self.skip_blank()? {
            true => self.next()?,
            false => None,
        })
    }

    /// The next line, which stays the next.
    pub(super) fn peek(&mut self) -> Result<Option<Line<'_>>, StructureError> {
        let there = self.held || self.read()?;
        self.held = there;
        Ok(there.then(|| self.last()))
    }

    /// The next line that is not blank, which stays the next.
    pub(super) fn peek_filled(&mut self) -> Result<Option<Line<'_>>, StructureError> {
        match self.skip_blank()? {
            true => self.peek(),
            false => Ok(None),
        }
    }

    /// Goes past blank lines; whether a line follows.
    pub(super) fn skip_blank(&mut self) -> Result<bool, StructureError> {
        while let Some(line) = self.peek()? {
            if !line.text.trim().is_empty() {
                return Ok(true);
            }
            self.held = false;
        }
        Ok(false)
    }

    /// The next line, which must be there.
    pub(super) fn expect(
        &mut self,
        expected: impl FnOnce() -> String,
    ) -> Result<Line<'_>, StructureError> {
        match self.peek()? {
            Some(_) => {}
            None => return Err(self.ends(expected())),
        }
        self.held = false;
        Ok(self.last())
    }

    /// The next line that is not blank, which must be there.
    pub(super) fn expect_filled(
        &mut self,
        expected: impl FnOnce() -> String,
    ) -> Result<Line<'_>, StructureError> {
        self.skip_blank()?;
        self.expect(expected)
    }

    /// That the text ends where something should stand.
    pub(super) fn ends(&self, expected: String) -> StructureError {
        StructureError::Ends {
            line: self.number + 1,
            expected,
        }
    }

    /// Reads a line into `text`.
    fn read(&mut self) -> Result<bool, StructureError> {
        let mut line = std::mem::take(&mut self.text).into_bytes();
        line.clear();
        let mut any = false;
        loop {
            let compression = self.compression;
            let unread = |cause| unreadable(compression, cause);
            let mut bytes = match self.bytes.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(unread(error)),
            };
            let mut swallowed = 0;
            if std::mem::take(&mut self.after_cr) && bytes.first() == Some(&b'\n') {
                (bytes, swallowed) = (&bytes[1..], 1);
            }
            if bytes.is_empty() && swallowed == 0 {
                if !any {
                    return Ok(false);
                }
                break;
            }
            if bytes.is_empty() {
                self.bytes.consume(swallowed);
                continue;
            }
            any = true;
            let end = bytes.iter().position(|&b| b == b'\n' || b == b'\r');
            line.extend_from_slice(&bytes[..end.unwrap_or(bytes.len())]);
            self.after_cr = end.is_some_and(|end| bytes[end] == b'\r');
            let used = swallowed + end.map_or(bytes.len(), |end| end + 1);
            self.bytes.consume(used);
            if line.len() > LONGEST_LINE {
                return Err(StructureError::LongLine {
                    line: self.number + 1,
                    most: LONGEST_LINE,
                });
            }
            if end.is_some() {
                break;
            }
        }
        self.number += 1;
        if self.number == 1 && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        let line_number = self.number;
        let not_text = |_| StructureError::NotText { line: line_number };
        self.text = String::from_utf8(line).map_err(not_text)?;
        Ok(true)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    /// Gives its bytes one at a time, as the slowest pipe would.
    struct Dripping(Vec<u8>);

    impl Read for Dripping {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() || buffer.is_empty() {
                return Ok(0);
            }
            buffer[0] = self.0.remove(0);
            Ok(1)
        }
    }

    fn all(bytes: &[u8]) -> Result<Vec<String>, StructureError> {
        let mut lines = Lines::of(Content::of(Dripping(bytes.to_vec()))?)?;
        let mut found = Vec::new();
        while let Some(line) = lines.next()? {
            assert_eq!(line.number, found.len() as u64 + 1);
            found.push(line.text.to_owned());
        }
        Ok(found)
    }

    #[test]
    fn lines_end_in_every_way() {
        let text = b"\xef\xbb\xbfone\ntwo\r\nthree\r\rfive\r\n\nseven";
        assert_eq!(
            all(text).unwrap(),
            ["one", "two", "three", "", "five", "", "seven"]
        );
        assert_eq!(all(b"").unwrap(), [""; 0]);
        assert_eq!(all(b"\n").unwrap(), [""]);
        assert_eq!(all(b"a\r\n").unwrap(), ["a"]);
        assert_eq!(all(b"a\r").unwrap(), ["a"]);
    }

    #[test]
    fn a_held_line_comes_again_and_blank_ones_are_gone_past() {
        let mut lines = Lines::of_text("\n  \na\nb").unwrap();
        assert!(lines.skip_blank().unwrap());
        assert_eq!(lines.peek().unwrap().unwrap().text, "a");
        assert_eq!(lines.next().unwrap().unwrap().number, 3);
        assert_eq!(lines.next_filled().unwrap().unwrap().text, "b");
        assert!(lines.next_filled().unwrap().is_none());
        let end = lines.expect(|| "more".to_owned()).err().unwrap();
        assert!(
            end.to_string()
                .contains("ends before line 5, which should hold more")
        );
    }

    #[test]
    fn what_is_no_text_is_said() {
        let refusal = |bytes: &[u8]| all(bytes).unwrap_err().to_string();
        assert!(refusal(b"a\n\xff\xfeb").contains("line 2 is no text"));
        assert!(refusal(b"\xff\xfea\0").contains("UTF-16"));
        assert!(refusal(b"BZh91AY").contains("bzip2"));
        assert!(refusal(b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01").contains("gzip data are damaged"));
    }

    #[test]
    fn compressed_text_is_read_and_a_line_without_end_is_refused() {
        use flate2::{Compression, write::GzEncoder};
        use std::io::Write;
        let packed = |bytes: &[u8]| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        };
        // Two members one after the other are one file.
        let two = [packed(b"one\ntw"), packed(b"o\n")].concat();
        assert_eq!(all(&two).unwrap(), ["one", "two"]);
        let cut = packed(b"one\ntwo\nthree");
        let error = all(&cut[..cut.len() - 9]).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("gzip data are damaged or cut short")
        );
        // 64 MiB of one line in 64 kB.
        let bomb = packed(&vec![b' '; 64 << 20]);
        assert!(bomb.len() < 100_000);
        let error = all(&bomb).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("line 1 is longer than 1048576 bytes"),
            "{error}"
        );
    }

    #[cfg(feature = "tables")]
    #[test]
    fn zstd_is_read_too() {
        let packed = zstd::encode_all(&b"one\ntwo\n"[..], 1).unwrap();
        assert_eq!(all(&packed).unwrap(), ["one", "two"]);
        let error = all(&packed[..packed.len() - 3]).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("zstd data are damaged or cut short")
        );
    }
}
