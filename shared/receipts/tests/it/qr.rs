use receipts::qr::{Qr, QrError};

use crate::read;

const LINK: &str = "https://cabinet.tax.gov.ua/cashregs/check?fn=4000999001&id=700010.2.3414&date=20261121&time=101541&sm=267.50\
                    &mac=1f2e3d4c5b6a79880a1b2c3d4e5f60718293a4b5c6d7e8f90011223344556677";

#[test]
fn a_reader_finds_the_link_in_the_png() {
    for pixels in [2, 5, 8] {
        let (light, side) = read::png(&Qr::of(LINK).unwrap().png(pixels).unwrap());
        assert_eq!(read::code(&light, side), LINK, "{pixels} pixels a module");
    }
}

#[test]
fn a_reader_finds_the_link_in_the_drawn_runs() {
    let qr = Qr::of("https://example.com/Чек №1").unwrap();
    let (scale, side) = (4, qr.side() * 4);
    let mut light = vec![true; side * side];
    for (column, row, length) in qr.runs() {
        for y in row * scale..(row + 1) * scale {
            light[y * side + column * scale..y * side + (column + length) * scale].fill(false);
        }
    }
    assert_eq!(read::code(&light, side), "https://example.com/Чек №1");
}

#[test]
fn the_svg_draws_every_run_and_nothing_else() {
    let qr = Qr::of(LINK).unwrap();
    let svg = qr.svg();
    let drawn: Vec<(usize, usize, usize)> = svg
        .split_once("d='M")
        .map(|_| svg.rsplit_once("d='").unwrap().1)
        .unwrap()
        .trim_end_matches("'/></svg>")
        .split('M')
        .filter(|step| !step.is_empty())
        .map(|step| {
            let (column, rest) = step.split_once(' ').unwrap();
            let (row, rest) = rest.split_once('h').unwrap();
            let length = rest.split_once('v').unwrap().0;
            (column.parse().unwrap(), row.parse().unwrap(), length.parse().unwrap())
        })
        .collect();
    assert_eq!(drawn, qr.runs());
    assert!(svg.contains(&format!("viewBox='0 0 {0} {0}'", qr.side())), "{svg}");
}

#[test]
fn the_margin_is_light_and_huge_modules_are_not_drawn() {
    let qr = Qr::of(LINK).unwrap();
    let inside = 4..qr.side() - 4;
    for (column, row, length) in qr.runs() {
        assert!(inside.contains(&column) && inside.contains(&row) && column + length <= qr.side() - 4);
    }
    let (_, side) = read::png(&qr.png(10_000).unwrap());
    assert_eq!(side, qr.side() * 64);
    let (_, side) = read::png(&qr.png(0).unwrap());
    assert_eq!(side, qr.side());
}

#[test]
fn a_text_too_long_for_a_code_is_refused() {
    assert!(matches!(Qr::of(&"x".repeat(3_000)), Err(QrError::TooLong)));
}
