//! From marks to bytes: the only place that counts in floats, because the library's coordinates are floats.
#![expect(
    clippy::float_arithmetic,
    reason = "PDF coordinates are floats; money and sums never come here as numbers"
)]

use std::num::NonZeroU16;

use krilla::Document;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::{Page, PageSettings};
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, Tag, TagGroup, TagTree};
use krilla::text::{GlyphId, KrillaGlyph};

use super::PdfError;
use super::font::{Fonts, Ink, Look, UNITS};
use super::mark::{Mark, Role, Strip};
use super::pages::Sheet;
use crate::qr::Qr;
use crate::words::{PRODUCER, Said, is_web};

pub(super) fn draw(sheets: &[Sheet], said: &Said, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let mut document = Document::new();
    let mut tags = TagTree::new().with_lang(Some(said.language.code().to_owned()));
    for sheet in sheets {
        let settings = PageSettings::from_wh(points(sheet.width), points(sheet.height)).ok_or(PdfError::Page)?;
        let mut page = document.start_page_with(settings);
        let mut codes = Vec::new();
        let mut surface = page.surface();
        for (x, y, strip) in &sheet.strips {
            let mut pen = Pen {
                surface: &mut surface,
                fonts,
                codes: &mut codes,
            };
            tags.push(pen.strip(strip, *x, *y));
        }
        surface.finish();
        for code in codes {
            tags.push(code.linked(&mut page, said));
        }
        page.finish();
    }
    document.set_tag_tree(tags);
    document.set_metadata(metadata(said));
    document.finish().map_err(PdfError::NotWritten)
}

/// No time and no id of its own: the same receipt gives the same bytes.
fn metadata(said: &Said) -> Metadata {
    let number = said.numbers.first().map(|fact| fact.value.as_str()).unwrap_or_default();
    let seller = said.seller.first().map(String::as_str).unwrap_or_default();
    Metadata::new()
        .title(format!("{} {number}, {seller}", said.title))
        .language(said.language.code().to_owned())
        .creator(PRODUCER.to_owned())
}

/// Draws strips; what it draws is tagged for those who hear the document read.
struct Pen<'page, 'surface> {
    surface: &'page mut Surface<'surface>,
    fonts: &'page Fonts,
    codes: &'page mut Vec<Code>,
}

impl Pen<'_, '_> {
    fn strip(&mut self, strip: &Strip, x: i32, y: i32) -> TagGroup {
        let mut group = match strip.role {
            Role::Heading => TagGroup::new(Tag::Hn(NonZeroU16::MIN, None)),
            Role::Paragraph | Role::Furniture => TagGroup::new(Tag::P),
        };
        for mark in &strip.marks {
            match mark.clone().moved(x, y) {
                Mark::Text { x, y, look, text } => {
                    let tag = match strip.role {
                        Role::Heading | Role::Paragraph => ContentTag::Span(SpanTag::empty()),
                        Role::Furniture => ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)),
                    };
                    let id = self.surface.start_tagged(tag);
                    self.text(x, y, look, &text);
                    self.surface.end_tagged();
                    match strip.role {
                        Role::Heading | Role::Paragraph => group.push(id),
                        Role::Furniture => {}
                    }
                }
                Mark::Rule { x, y, width } => {
                    let ornament = Artifact::with_kind(ArtifactType::Layout);
                    self.surface.start_tagged(ContentTag::Artifact(ornament));
                    self.rectangles(&[(x, y, width, 60)], Ink::Soft);
                    self.surface.end_tagged();
                }
                Mark::Qr { x, y, side, qr } => self.code(x, y, side, &qr),
            }
        }
        group
    }

    fn text(&mut self, x: i32, y: i32, look: Look, text: &str) {
        let letters = self.fonts.of(look.face);
        let glyphs: Vec<KrillaGlyph> = text
            .char_indices()
            .map(|(place, letter)| {
                let glyph = letters.glyph(letter);
                KrillaGlyph::new(
                    GlyphId::new(glyph.id),
                    glyph.advance as f32 / UNITS as f32,
                    0.0,
                    0.0,
                    0.0,
                    place..place + letter.len_utf8(),
                    None,
                )
            })
            .collect();
        self.surface.set_fill(Some(fill(look.ink)));
        let start = Point::from_xy(points(x), points(y));
        self.surface
            .draw_glyphs(start, &glyphs, letters.font.clone(), text, points(look.size), false);
    }

    fn code(&mut self, x: i32, y: i32, side: i32, qr: &Qr) {
        let module = side / i32::try_from(qr.side()).unwrap_or(i32::MAX);
        let at = |count: usize| i32::try_from(count).unwrap_or(0) * module;
        let runs: Vec<_> = qr
            .runs()
            .into_iter()
            .map(|(column, row, length)| (x + at(column), y + at(row), at(length), module))
            .collect();
        let id = self.surface.start_tagged(ContentTag::Other);
        self.rectangles(&runs, Ink::Black);
        self.surface.end_tagged();
        let area = Rect::from_xywh(points(x), points(y), points(side), points(side));
        self.codes.extend(area.map(|area| Code { area, id }));
    }

    fn rectangles(&mut self, places: &[(i32, i32, i32, i32)], ink: Ink) {
        let mut path = PathBuilder::new();
        for (x, y, width, height) in places {
            if let Some(place) = Rect::from_xywh(points(*x), points(*y), points(*width), points(*height)) {
                path.push_rect(place);
            }
        }
        self.surface.set_fill(Some(fill(ink)));
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
    }
}

/// A drawn code; it gets its link when the page's surface is done.
struct Code {
    area: Rect,
    id: Identifier,
}

impl Code {
    fn linked(self, page: &mut Page<'_>, said: &Said) -> TagGroup {
        let alt = said
            .language
            .say("QR-код із посиланням на чек", "QR code with the receipt’s link");
        let picture = TagGroup::with_children(Tag::Figure(Some(alt.to_owned())), vec![self.id.into()]);
        let Some(link) = said.link.as_ref().filter(|link| is_web(link)) else {
            return picture;
        };
        let target = Target::Action(Action::Link(LinkAction::new(link.clone())));
        let annotation = Annotation::new_link(LinkAnnotation::new(self.area, target), Some(alt.to_owned()));
        let id = page.add_tagged_annotation(annotation);
        TagGroup::with_children(Tag::Link, vec![picture.into(), id.into()])
    }
}

fn fill(ink: Ink) -> Fill {
    let grey = match ink {
        Ink::Black => 0,
        Ink::Soft => 90,
    };
    Fill {
        paint: luma::Color::new(grey).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

/// Hundredths of a point as points.
fn points(hundredths: i32) -> f32 {
    hundredths as f32 / 100.0
}
