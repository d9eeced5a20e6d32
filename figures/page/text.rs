//! Text in figures: a little markup, the bundled font, the width of a line.
//!
//! Markup: `*r*` is italic, `_{1}` a subscript, `^{−3}` a superscript; Unicode subscripts and
//! superscripts (`Pd₁`, `10⁻³`) mean the same. The font is Liberation Sans (SIL Open Font Licence,
//! `fonts/LICENSE-OFL.txt`), with the metrics of Arial; no font of the system is ever used.

use std::sync::{Arc, LazyLock};

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontFamily, FontStyle, FontTransform, IntoFont, RGBColor, TextStyle};
use resvg::usvg::{self, fontdb};

use crate::page::style::{self, pt};

/// Family of the bundled font.
pub const FAMILY: &str = "Liberation Sans";

const FONTS: [&[u8]; 3] = [
    include_bytes!("fonts/LiberationSans-Regular.ttf"),
    include_bytes!("fonts/LiberationSans-Bold.ttf"),
    include_bytes!("fonts/LiberationSans-Italic.ttf"),
];

/// Plotters' SVG backend divides a type size by this.
const PLOTTERS_SIZE_FACTOR: f64 = 1.24;
/// Height of a capital in parts of the type size.
pub const CAPITAL_HEIGHT: f64 = 0.716;

/// How a line of text is set; it starts as black regular type whose lower left corner is given.
#[derive(Clone, Copy)]
pub struct Type {
    size_pt: f64,
    bold: bool,
    colour: RGBColor,
    horizontal: HPos,
    vertical: VPos,
    upwards: bool,
}

impl Type {
    /// Type of `size_pt` points.
    pub fn size(size_pt: f64) -> Type {
        Type {
            size_pt,
            bold: false,
            colour: style::BLACK,
            horizontal: HPos::Left,
            vertical: VPos::Bottom,
            upwards: false,
        }
    }

    /// Bold.
    pub fn bold(self) -> Type {
        Type { bold: true, ..self }
    }

    /// In another colour.
    pub fn colour(self, colour: RGBColor) -> Type {
        Type { colour, ..self }
    }

    /// Centred on the point.
    pub fn centred(self) -> Type {
        Type {
            horizontal: HPos::Center,
            ..self
        }
    }

    /// Ending at the point.
    pub fn ending(self) -> Type {
        Type {
            horizontal: HPos::Right,
            ..self
        }
    }

    /// The point is at the top of the capitals.
    pub fn below(self) -> Type {
        Type {
            vertical: VPos::Top,
            ..self
        }
    }

    /// The point is at half the height of the capitals.
    pub fn level(self) -> Type {
        Type {
            vertical: VPos::Center,
            ..self
        }
    }

    /// Read from bottom to top.
    pub fn upwards(self) -> Type {
        Type {
            upwards: true,
            ..self
        }
    }

    /// The style that plotters draws.
    pub fn plotters(self) -> TextStyle<'static> {
        let size = f64::from(pt(self.size_pt)) * PLOTTERS_SIZE_FACTOR;
        let mut font = (FontFamily::Name(FAMILY), size).into_font();
        if self.bold {
            font = font.style(FontStyle::Bold);
        }
        if self.upwards {
            font = font.transform(FontTransform::Rotate270);
        }
        let mut style: TextStyle<'static> = font.into();
        style.color = self.colour.to_backend_color();
        style.pos = Pos::new(self.horizontal, self.vertical);
        style
    }

    /// Width of the line `content` in units of the page.
    pub fn width(self, content: &str) -> i32 {
        let weight = if self.bold { "bold" } else { "normal" };
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'>\
             <text font-family='{FAMILY}' font-weight='{weight}' font-size='{}'>{}</text></svg>",
            pt(self.size_pt),
            spans(&escaped(content)),
        );
        let tree = usvg::Tree::from_str(&svg, &OPTIONS);
        tree.map_or(0, |tree| tree.root().bounding_box().right().ceil() as i32)
    }

    /// Cuts `content` between words into lines not wider than `width` units.
    pub fn lines(self, content: &str, width: i32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in content.split_whitespace() {
            let longer = lines.last().map(|line| format!("{line} {word}"));
            match (lines.last_mut(), longer) {
                (Some(last), Some(longer)) if self.width(&longer) <= width => *last = longer,
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }
}

/// How SVG is read: the bundled font and nothing else.
pub(crate) static OPTIONS: LazyLock<usvg::Options<'static>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for font in FONTS {
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(font)));
    }
    usvg::Options {
        font_family: FAMILY.to_owned(),
        fontdb: Arc::new(fonts),
        ..usvg::Options::default()
    }
});

/// Turns the markup within the text elements that plotters wrote into spans, and its vertical
/// anchors into multiples of the capitals' height.
pub(crate) fn typeset(svg: &str) -> String {
    let mut result = String::with_capacity(svg.len());
    let mut rest = svg;
    while let Some((before, after)) = rest.split_once("<text ") {
        let (attributes, after) = after.split_once('>').unwrap_or((after, ""));
        let (content, after) = after.split_once("</text>").unwrap_or((after, ""));
        let attributes = attributes
            .replace(r#"dy="0.76em""#, &format!(r#"dy="{CAPITAL_HEIGHT}em""#))
            .replace(
                r#"dy="0.5ex""#,
                &format!(r#"dy="{}em""#, CAPITAL_HEIGHT / 2.0),
            )
            .replace(r#"dy="-0.5ex""#, r#"dy="0""#);
        result.push_str(before);
        result.push_str(&format!(
            "<text {attributes}>{}</text>",
            spans(content.trim())
        ));
        rest = after;
    }
    result.push_str(rest);
    result
}

/// The markup of `content` (already escaped for XML) as `tspan` elements.
fn spans(content: &str) -> String {
    const CLOSE: &str = "</tspan>";
    let mut result = String::new();
    let mut italic = false;
    let mut characters = content.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '*' => {
                italic = !italic;
                result.push_str(if italic {
                    "<tspan font-style=\"italic\">"
                } else {
                    CLOSE
                });
            }
            '_' | '^' if characters.peek() == Some(&'{') => {
                characters.next();
                let raised: String = characters.by_ref().take_while(|&c| c != '}').collect();
                result.push_str(&shifted(&raised, character == '^'));
            }
            _ => match plain_digit(character) {
                Some((first, above)) => {
                    let mut digits = String::from(first);
                    while let Some((digit, _)) = characters
                        .peek()
                        .and_then(|&c| plain_digit(c))
                        .filter(|d| d.1 == above)
                    {
                        digits.push(digit);
                        characters.next();
                    }
                    result.push_str(&shifted(&digits, above));
                }
                None => result.push(character),
            },
        }
    }
    if italic {
        result.push_str(CLOSE);
    }
    result
}

fn shifted(content: &str, above: bool) -> String {
    let shift = if above { "0.5em" } else { "-0.2em" };
    format!("<tspan baseline-shift=\"{shift}\" font-size=\"70%\">{content}</tspan>")
}

/// The digit or sign that a Unicode subscript or superscript stands for, and whether it is above.
fn plain_digit(character: char) -> Option<(char, bool)> {
    const BELOW: &str = "₀₁₂₃₄₅₆₇₈₉";
    const ABOVE: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let digit = |set: &str| {
        let index = set.chars().position(|c| c == character)?;
        char::from_digit(index as u32, 10)
    };
    match character {
        '⁻' => Some(('−', true)),
        _ => digit(BELOW)
            .map(|below| (below, false))
            .or_else(|| digit(ABOVE).map(|above| (above, true))),
    }
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_spans() {
        assert_eq!(
            spans("*r* (Å)"),
            "<tspan font-style=\"italic\">r</tspan> (Å)"
        );
        assert_eq!(spans("Pd₁"), format!("Pd{}", shifted("1", false)));
        assert_eq!(spans("10⁻³"), format!("10{}", shifted("−3", true)));
        assert_eq!(spans("10⁻³"), spans("10^{−3}"));
        assert_eq!(spans("*open"), "<tspan font-style=\"italic\">open</tspan>");
    }

    #[test]
    fn the_width_of_a_line_grows_with_its_words_and_its_size() {
        let small = Type::size(7.0);
        assert!(small.width("Ta film") > 0);
        assert!(small.width("Ta film, liquid") > small.width("Ta film"));
        let (large, type_) = (Type::size(14.0).width("Ta film"), small.width("Ta film"));
        assert!((large - 2 * type_).abs() <= 4);
        assert_eq!(small.width(""), 0);
    }

    #[test]
    fn lines_are_as_wide_as_allowed_and_lose_no_word() {
        let words = "three networks of pentagonal bipyramids in the film of tantalum";
        let lines = Type::size(6.0).lines(words, 2_000);
        assert!(lines.len() > 1);
        assert!(
            lines
                .iter()
                .all(|line| Type::size(6.0).width(line) <= 2_000)
        );
        assert_eq!(lines.join(" "), words);
    }

    #[test]
    fn the_font_has_the_characters_of_the_field() {
        let face = OPTIONS.fontdb.faces().next().map(|face| face.id);
        assert!(face.is_some());
        // A character without a glyph is drawn as the same empty box as any other such character.
        let outline = |text: &str| {
            let svg = format!(
                "<svg xmlns='http://www.w3.org/2000/svg' width='99' height='99'>\
                 <text y='50' font-family='{FAMILY}'>{text}</text></svg>"
            );
            let tree = usvg::Tree::from_str(&svg, &OPTIONS).expect("the SVG is well formed");
            tree.to_string(&usvg::WriteOptions::default())
        };
        let missing = outline("\u{2fff}");
        for character in "Åαβγδθφ≤≥°–−×·±Σµ".chars() {
            assert_ne!(outline(&character.to_string()), missing, "{character}");
        }
    }
}
