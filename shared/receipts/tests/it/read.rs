//! Reading back what was written.

use std::io::Cursor;

use lopdf::Document;

/// The text of a PDF's pages.
pub fn pdf(file: &[u8]) -> Vec<String> {
    let document = Document::load_mem(file).unwrap();
    document
        .get_pages()
        .keys()
        .map(|page| document.extract_text(&[*page]).unwrap())
        .collect()
}

/// Without white space: where lines break is the paper's matter.
pub fn letters(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// The text of HTML, without tags.
pub fn html(markup: &str) -> String {
    let mut text = String::new();
    for part in markup.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, behind)| behind));
        text.push(' ');
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// The pixels of a PNG of one bit a pixel, true for light, and its side.
pub fn png(file: &[u8]) -> (Vec<bool>, usize) {
    let mut reader = png::Decoder::new(Cursor::new(file)).read_info().unwrap();
    let mut rows = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut rows).unwrap();
    assert_eq!(
        (info.color_type, info.bit_depth),
        (png::ColorType::Grayscale, png::BitDepth::One)
    );
    let side = info.width as usize;
    let pixels = (0..info.height as usize)
        .flat_map(|y| (0..side).map(move |x| (x, y)))
        .map(|(x, y)| rows[y * info.line_size + x / 8] & (0x80 >> (x % 8)) != 0)
        .collect();
    (pixels, side)
}

/// What a QR reader sees in a picture.
pub fn code(light: &[bool], side: usize) -> String {
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if light[y * side + x] { 255 } else { 0 });
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1, "one code in the picture");
    grids[0].decode().unwrap().1
}
