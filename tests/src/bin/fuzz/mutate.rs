//! How an input is spoiled.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::dice::Dice;
use crate::tree::Tree;

/// Nothing longer comes in: the ingress stops reading there.
const LONGEST: usize = 256 * 1024;

/// What has hurt decoders before.
const TOKENS: &[&[u8]] = &[
    b"null",
    b"true",
    b"-1",
    b"-0",
    b"0.000000000000000000001",
    b"1e999999999",
    b"-1e-999999999",
    b"1E+2",
    b"01",
    b"99999999999999999999",
    b"18446744073709551616",
    b"9223372036854775808",
    b"92233720368547758.08",
    b"\"\"",
    b"\"\\u0000\"",
    b"\"\\ud800\"",
    b"\"\\udc00\\ud800\"",
    b"{}",
    b"[]",
    b"{\"\":\"\"}",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\0",
    b"|",
    b"&",
    b"=",
    b"%",
    b"%zz",
    b"%00",
    b"+",
    b"==",
    b"\\",
    b"\"",
    b",",
    b":",
    b"\r\n",
    b"\t",
    b"-",
    b"_",
    b"/*",
    b"signature",
    b"response",
    b"{\"response\":",
    b"products",
];

/// Numbers as they are written where one was.
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "-1",
    "0.005",
    "0.1e1",
    "1e400",
    "-1e400",
    "1e-400",
    "9007199254740993",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999999999999999999999",
    "0.333333333333333333333333",
    "1.00000",
    "1e2",
    "NaN",
    "00",
    "1.",
    ".5",
    "0x10",
];

/// One of the corpus, spoiled a few times over.
pub fn mutated(corpus: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut input = dice.one_of(corpus).clone();
    for _ in 0..=dice.below(5) {
        input = match Tree::read(&input) {
            Some(tree) if !dice.once_in(4) => structure(tree, dice, 0).text().into_bytes(),
            Some(_) | None => bytes(input, corpus, dice),
        };
    }
    input.truncate(LONGEST);
    input
}

fn bytes(mut input: Vec<u8>, corpus: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let at = dice.below(input.len() + 1);
    match dice.below(9) {
        0 if !input.is_empty() => {
            let at = dice.below(input.len());
            input[at] ^= 1 << dice.below(8);
        }
        1 => input.insert(at, dice.byte()),
        2 => {
            let part = dice.part(input.len());
            input.drain(part);
        }
        3 => {
            let copy = input[dice.part(input.len())].to_vec();
            input.splice(at..at, copy);
        }
        4 | 5 => {
            let token = dice.one_of(TOKENS).to_vec();
            input.splice(at..at, token);
        }
        6 => {
            let other = dice.one_of(corpus).clone();
            let part = other[dice.part(other.len())].to_vec();
            input.truncate(at);
            input.extend(part);
        }
        7 => {
            let many = dice.size(17);
            let one = *dice.one_of(b"[{\"a0 \\%\xff");
            input.splice(at..at, vec![one; many]);
        }
        _ => input.truncate(at),
    }
    input
}

fn structure(mut tree: Tree, dice: &mut Dice, depth: usize) -> Tree {
    let number = dice.below(tree.size());
    let node = tree.at(number);
    match dice.below(10) {
        0 => *node = another_type(node, dice),
        1 => *node = Tree::Bare((*dice.one_of(NUMBERS)).to_owned()),
        2 => *node = Tree::Text((*dice.one_of(NUMBERS)).to_owned()),
        3 => *node = nested(node.clone(), dice),
        4 | 5 => fields(node, dice),
        6 => *node = long_text(dice),
        _ => inside(node, dice, depth),
    }
    tree
}

fn another_type(node: &Tree, dice: &mut Dice) -> Tree {
    match dice.below(6) {
        0 => Tree::Bare("null".to_owned()),
        1 => Tree::Bare("true".to_owned()),
        2 => Tree::List(vec![node.clone()]),
        3 => Tree::Object(vec![("products".to_owned(), node.clone())]),
        4 => Tree::Text(node.text()),
        _ => match node {
            Tree::Text(text) => Tree::Bare(text.clone()),
            Tree::Bare(text) => Tree::Text(text.clone()),
            Tree::List(_) | Tree::Object(_) => Tree::Bare("0".to_owned()),
        },
    }
}

/// Deep enough for a reader that calls itself for each bracket.
fn nested(node: Tree, dice: &mut Dice) -> Tree {
    let depth = dice.size(16);
    let (open, close) = *dice.one_of(&[("[", "]"), ("{\"a\":", "}")]);
    // As text: a tree so deep could not be walked either.
    Tree::Bare(format!("{}{}{}", open.repeat(depth), node.text(), close.repeat(depth)))
}

fn fields(node: &mut Tree, dice: &mut Dice) {
    match node {
        Tree::Object(fields) if !fields.is_empty() => {
            let at = dice.below(fields.len());
            match dice.below(4) {
                0 => {
                    fields.remove(at);
                }
                1 => {
                    let twice = fields[at].clone();
                    fields.insert(dice.below(fields.len() + 1), twice);
                }
                2 => fields[at].0 = dice.one_of(&["", "products", "signature", "ї\u{0}", "a"]).to_string(),
                _ => {
                    let other = dice.below(fields.len());
                    let value = fields[other].1.clone();
                    fields[at].1 = value;
                }
            }
        }
        Tree::List(items) if !items.is_empty() => {
            let at = dice.below(items.len());
            match dice.below(3) {
                0 => {
                    items.remove(at);
                }
                1 => {
                    let again = vec![items[at].clone(); 1 << dice.below(9)];
                    items.splice(at..at, again);
                }
                _ => items.reverse(),
            }
        }
        Tree::Object(fields) => fields.push(("products".to_owned(), Tree::List(Vec::new()))),
        Tree::List(items) => items.push(Tree::Bare("1".to_owned())),
        Tree::Bare(_) | Tree::Text(_) => *node = another_type(node, dice),
    }
}

fn long_text(dice: &mut Dice) -> Tree {
    let many = dice.size(16);
    Tree::Text(
        dice.one_of(&["a", "ї", "🌷", "\u{0}", "\"", "\\", "|", "1", " "])
            .repeat(many),
    )
}

/// What a text holds: JSON, or base64 of something, or base64 of base64.
fn inside(node: &mut Tree, dice: &mut Dice, depth: usize) {
    let Tree::Text(text) = node else {
        *node = another_type(node, dice);
        return;
    };
    if depth < 4
        && let Some(inner) = Tree::read(text.as_bytes())
        && matches!(inner, Tree::List(_) | Tree::Object(_))
    {
        *text = structure(inner, dice, depth + 1).text();
        return;
    }
    match STANDARD.decode(text.as_bytes()) {
        Ok(held) if depth < 4 && !held.is_empty() && !dice.once_in(4) => {
            let held = match Tree::read(&held) {
                Some(inner) => structure(inner, dice, depth + 1).text().into_bytes(),
                None => bytes(held, &[b"eyJwcm9kdWN0cyI6W119".to_vec()], dice),
            };
            *text = STANDARD.encode(held);
        }
        Ok(_) | Err(_) => match dice.below(3) {
            0 => *text = STANDARD.encode(text.as_bytes()),
            1 => *text = text.chars().rev().collect(),
            _ => {
                let spoiled = bytes(text.as_bytes().to_vec(), &[b"0".to_vec()], dice);
                *text = String::from_utf8_lossy(&spoiled).into_owned();
            }
        },
    }
}
