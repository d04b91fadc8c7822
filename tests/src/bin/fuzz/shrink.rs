//! The least input that still fails.

/// Takes parts out as long as it fails without them.
pub fn least(input: Vec<u8>, fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    const TRIES: usize = 4_000;
    let (mut input, mut tries) = (input, 0);
    let mut part = input.len().div_ceil(2);
    while part > 0 && tries < TRIES {
        let mut at = 0;
        let mut shorter = false;
        while at < input.len() && tries < TRIES {
            let mut without = input.clone();
            without.drain(at..(at + part).min(input.len()));
            tries += 1;
            if fails(&without) {
                input = without;
                shorter = true;
            } else {
                at += part;
            }
        }
        if !shorter {
            part /= 2;
        }
    }
    input
}
