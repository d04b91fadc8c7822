//! Date and time as a receipt shows them.

/// `2026-11-21T10:15:41.123+02:00` is `21.11.2026 10:15:41`: the time is Kyiv's own already. Another form is shown as
/// it came, for a wrong time would be worse than an odd one.
pub(crate) fn shown(iso: &str) -> String {
    parts(iso).unwrap_or_else(|| iso.to_owned())
}

fn parts(iso: &str) -> Option<String> {
    let (date, rest) = iso.split_once(['T', ' '])?;
    let date = numbers(date, '-', [4, 2, 2])?;
    let time = rest.get(..8)?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let [year, month, day] = date;
    let fits_behind = rest[8..].starts_with(['.', ',', '+', '-', 'Z']) || rest.len() == 8;
    fits_behind.then(|| format!("{day}.{month}.{year} {hour}:{minute}:{second}"))
}

/// Three groups of digits of these lengths.
fn numbers(text: &str, sign: char, lengths: [usize; 3]) -> Option<[&str; 3]> {
    let groups: Vec<&str> = text.split(sign).collect();
    let groups: [&str; 3] = groups.try_into().ok()?;
    let fits =
        |(group, length): (&str, usize)| group.len() == length && group.bytes().all(|byte| byte.is_ascii_digit());
    groups.into_iter().zip(lengths).all(fits).then_some(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kyiv_time_is_shown_as_it_is() {
        for (iso, text) in [
            ("2026-11-21T10:15:41.123+02:00", "21.11.2026 10:15:41"),
            ("2026-11-21T10:15:41", "21.11.2026 10:15:41"),
            ("2026-07-01 00:00:09Z", "01.07.2026 00:00:09"),
            ("yesterday", "yesterday"),
            ("2026-11-21T10:15", "2026-11-21T10:15"),
            ("21-11-2026T10:15:41", "21-11-2026T10:15:41"),
            ("2026-11-21T10:15:411", "2026-11-21T10:15:411"),
            ("2026-11-21Tдев’ята", "2026-11-21Tдев’ята"),
            ("", ""),
        ] {
            assert_eq!(shown(iso), text);
        }
    }
}
