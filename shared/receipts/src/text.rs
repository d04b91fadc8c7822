//! The receipt as a printer's text: monospaced, a line is never longer than the paper.

use crate::language::Language;
use crate::paper::Paper;
use crate::slip::{self, Row};
use crate::words::Said;
use crate::wrap::wrap;

/// What fits on a roll of 80 mm in the usual font.
pub const COLUMNS: usize = 42;
/// Narrower paper than this is no paper.
const NARROWEST: usize = 16;

/// The receipt in lines of at most `columns` characters (at least 16), in Ukrainian, each ended by a line feed. Names
/// are wrapped, sums are at the right edge. The link is in it as text, broken where the paper ends.
pub fn print(paper: &Paper, columns: usize) -> String {
    let columns = columns.max(NARROWEST);
    let said = Said::of(paper, Language::Uk);
    let lines: Vec<String> = slip::rows(&said).iter().flat_map(|row| lines(row, columns)).collect();
    lines.iter().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn lines(row: &Row, columns: usize) -> Vec<String> {
    match row {
        Row::Centered(text) | Row::Loud(text) => centered(text, columns),
        Row::Text(text) | Row::Link(text) => broken(text, columns),
        Row::Pair(left, right) | Row::Total(left, right) => pair(left, right, columns),
        Row::Lettered(left, sum, letter) => pair(left, &format!("{sum} {letter:1}"), columns),
        Row::Test(text) => test(text, columns),
        Row::Rule => vec!["-".repeat(columns)],
        Row::Gap => Vec::new(),
    }
}

fn broken(text: &str, columns: usize) -> Vec<String> {
    wrap(text, i32::try_from(columns).unwrap_or(i32::MAX), |_| 1)
}

fn centered(text: &str, columns: usize) -> Vec<String> {
    let middle = |line: String| format!("{line:>width$}", width = (columns + length(&line)) / 2);
    broken(text, columns).into_iter().map(middle).collect()
}

/// Between stars: a printer has no larger letters.
fn test(text: &str, columns: usize) -> Vec<String> {
    let stars = "*".repeat(columns);
    let mut lines = vec![stars.clone()];
    lines.extend(centered(text, columns));
    lines.push(stars);
    lines
}

/// The right part shares the last line of the left one where both fit, and has lines of its own otherwise.
fn pair(left: &str, right: &str, columns: usize) -> Vec<String> {
    let mut lines = broken(left, columns);
    let last = lines.pop().unwrap_or_default();
    let room = columns.saturating_sub(length(&last));
    if length(right) < room {
        lines.push(format!("{last}{right:>room$}"));
        return lines;
    }
    lines.push(last);
    if length(right) <= columns {
        // As it is: a space behind a sum keeps it in its column.
        lines.push(format!("{right:>columns$}"));
    } else {
        let to_the_right = |line: String| format!("{line:>columns$}");
        lines.extend(broken(right, columns).into_iter().map(to_the_right));
    }
    lines
}

fn length(text: &str) -> usize {
    text.chars().count()
}
