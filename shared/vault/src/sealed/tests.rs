use super::*;

const OWNER: &str = "registers/flowers-1/credentials";
const SET_AT: i64 = 1_800_000_000_000;

struct Bed {
    master: MasterKey,
    fingerprints: FingerprintKey,
}

impl Bed {
    fn new() -> Self {
        Self {
            master: MasterKey::generate(),
            fingerprints: FingerprintKey::generate(),
        }
    }

    fn seal(&self, owner: &str, secret: &str) -> String {
        let sealed = Sealed::seal(&self.master, owner, &secret.into(), &self.fingerprints, SET_AT);
        sealed.unwrap().text()
    }

    fn open(&self, owner: &str, text: &str) -> Result<String, VaultError> {
        let secret = Sealed::parse(text)?.open(&self.master, owner)?;
        Ok(secret.expose_secret().to_owned())
    }
}

#[test]
fn a_secret_comes_back_for_its_owner() {
    let bed = Bed::new();
    for secret in ["", "1234", "ключ з літерами", &"x".repeat(100_000)] {
        let text = bed.seal(OWNER, secret);
        assert_eq!(bed.open(OWNER, &text).unwrap(), secret);
        assert!(secret.is_empty() || !text.contains(secret));
    }
}

#[test]
fn the_header_can_be_read_without_a_key() {
    let bed = Bed::new();
    let text = bed.seal(OWNER, "1234");
    let header = Header::read(&text).unwrap();
    let expected = Header {
        key_id: bed.master.id(),
        set_at: SET_AT,
        fingerprint: bed.fingerprints.of(&"1234".into()),
    };
    assert_eq!(header, expected);
    assert_eq!(text[..HEAD], Header::head(bed.master.id()));
    assert_eq!(Sealed::parse(&text).unwrap().text(), text);
}

#[test]
fn a_part_that_was_changed_does_not_open() {
    let bed = Bed::new();
    let [text, other] = ["1234", "4321"].map(|secret| bed.seal(OWNER, secret));
    let parts: Vec<&str> = text.split('.').collect();
    let others: Vec<&str> = other.split('.').collect();
    let with = |place: usize, part: &str| {
        let mut parts = parts.clone();
        parts[place] = part;
        parts.join(".")
    };
    for (what, changed) in [
        ("set at", with(2, "1800000000001")),
        ("the fingerprint of another secret", with(3, others[3])),
        ("the key of another secret", with(4, others[4])),
        ("the text of another secret", with(5, others[5])),
    ] {
        let error = bed.open(OWNER, &changed).unwrap_err();
        assert!(matches!(error, VaultError::Tampered), "{what}: {error}");
    }
    let both = [&parts[..4], &others[4..]].concat().join(".");
    assert!(matches!(bed.open(OWNER, &both), Err(VaultError::Tampered)));
    // Every single character counts.
    for (place, old) in text.char_indices() {
        let new = if old == 'A' { "B" } else { "A" };
        let mut changed = text.clone();
        changed.replace_range(place..=place, new);
        assert!(bed.open(OWNER, &changed).is_err(), "character {place}");
    }
}

#[test]
fn a_secret_moved_to_another_owner_does_not_open() {
    let bed = Bed::new();
    let text = bed.seal(OWNER, "1234");
    for owner in [
        "registers/flowers-2/credentials",
        "sources/flowers-1/secret",
        "",
        "registers/flowers-1",
    ] {
        let error = bed.open(owner, &text).unwrap_err();
        assert!(matches!(error, VaultError::Tampered), "{owner}: {error}");
    }
}

#[test]
fn what_is_not_a_sealed_text_is_not_taken_for_one() {
    let bed = Bed::new();
    let text = bed.seal(OWNER, "1234");
    for length in 0..text.len() {
        // What is cut off near its end may still look whole; it does not open.
        assert!(bed.open(OWNER, &text[..length]).is_err(), "{length}");
    }
    for text in [
        "",
        "test",
        "{\"key_pin\":\"1234\"}",
        "k1.....",
        &text.replacen("k1", "k2", 1),
        &format!("{text}."),
        &format!("{text}="),
        &text.replacen(".1800000000000.", ".+1800000000000.", 1),
        &text.replacen(".1800000000000.", ".01800000000000.", 1),
    ] {
        assert_eq!(Header::read(text), None, "{text}");
        assert!(matches!(bed.open(OWNER, text), Err(VaultError::Malformed)), "{text}");
    }
}

#[test]
fn another_master_key_opens_it_only_after_it_was_wrapped_again() {
    let bed = Bed::new();
    let next = Bed {
        master: MasterKey::generate(),
        fingerprints: FingerprintKey::generate(),
    };
    let text = bed.seal(OWNER, "1234");
    assert!(matches!(next.open(OWNER, &text), Err(VaultError::Tampered)));
    let rewrap = |owner| Sealed::parse(&text).unwrap().rewrap(&bed.master, &next.master, owner);
    assert!(matches!(rewrap("somebody else"), Err(VaultError::Tampered)));
    let again = rewrap(OWNER).unwrap().text();
    assert_eq!(next.open(OWNER, &again).unwrap(), "1234");
    assert!(bed.open(OWNER, &again).is_err());
    let [old, new] = [&text, &again].map(|text| Header::read(text).unwrap());
    assert_eq!((old.set_at, &old.fingerprint), (new.set_at, &new.fingerprint));
    assert_eq!(new.key_id, next.master.id());
}
