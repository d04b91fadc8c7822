//! Key files as people upload them: what is plainly wrong is said before anybody is asked.

use bytes::Bytes;

use super::super::super::form::Upload;
use super::super::super::language::Language;

/// Certificates have a few kilobytes, containers some tens.
const LARGEST: usize = 64 * 1024;
/// What providers of keys give out.
const CONTAINERS: [&str; 4] = ["dat", "jks", "pfx", "zs2"];

/// A certificate: DER, or PEM text. `None`: no file was chosen.
pub(super) fn certificate(l: Language, file: Option<&Upload>) -> Result<Option<Bytes>, String> {
    let Some(file) = file else {
        return Ok(None);
    };
    size(l, file)?;
    let der = file.bytes.first() == Some(&0x30);
    let pem = file.bytes.starts_with(b"-----BEGIN CERTIFICATE");
    if der || pem {
        return Ok(Some(file.bytes.clone()));
    }
    Err(if file.bytes.starts_with(b"-----BEGIN") {
        l.say(
            "У цьому файлі ключ, а не сертифікат. Потрібен файл .cer або .crt.",
            "This file holds a key, not a certificate. A .cer or .crt file is needed.",
        )
    } else {
        l.say(
            "Це не сертифікат. Потрібен файл .cer або .crt.",
            "This is not a certificate. A .cer or .crt file is needed.",
        )
    }
    .to_owned())
}

/// A container with the private key. `None`: no file was chosen.
pub(super) fn private_key(l: Language, file: Option<&Upload>) -> Result<Option<Bytes>, String> {
    let Some(file) = file else {
        return Ok(None);
    };
    size(l, file)?;
    let ending = file
        .name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    let known = ending.is_some_and(|ending| CONTAINERS.contains(&ending.as_str()));
    if !known {
        return Err(l
            .say(
                "Контейнер ключа — це файл .dat (Key-6.dat), .jks, .pfx або .zs2.",
                "A key container is a .dat (Key-6.dat), .jks, .pfx or .zs2 file.",
            )
            .to_owned());
    }
    if file.bytes.starts_with(b"-----BEGIN CERTIFICATE") {
        return Err(l
            .say(
                "У цьому файлі сертифікат, а не ключ.",
                "This file holds a certificate, not a key.",
            )
            .to_owned());
    }
    Ok(Some(file.bytes.clone()))
}

fn size(l: Language, file: &Upload) -> Result<(), String> {
    match file.bytes.len() {
        0 => Err(l.say("Файл порожній.", "The file is empty.").to_owned()),
        1..=LARGEST => Ok(()),
        _ => Err(l
            .say(
                "Файл завеликий: ключі й сертифікати не бувають більші за 64 КіБ.",
                "The file is too large: keys and certificates have at most 64 KiB.",
            )
            .to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: impl Into<Vec<u8>>) -> Upload {
        Upload {
            name: name.to_owned(),
            bytes: Bytes::from(bytes.into()),
        }
    }

    #[test]
    fn certificates_of_the_wrong_kind_or_size_are_told_apart() {
        let mut large = vec![0x30];
        large.resize(LARGEST + 1, 0);
        let mut fits = large.clone();
        fits.truncate(LARGEST);
        let table: [(&str, Vec<u8>, Option<&str>); 8] = [
            ("key.cer", vec![0x30, 0x82, 1], None),
            ("key.crt", b"-----BEGIN CERTIFICATE-----\n".to_vec(), None),
            ("fits.cer", fits, None),
            ("key.cer", Vec::new(), Some("empty")),
            ("key.cer", large, Some("too large")),
            (
                "key.pem",
                b"-----BEGIN PRIVATE KEY-----\n".to_vec(),
                Some("holds a key"),
            ),
            ("photo.jpg", vec![0xff, 0xd8], Some("not a certificate")),
            ("key.jks", vec![0xfe, 0xed, 0xfe, 0xed], Some("not a certificate")),
        ];
        for (name, bytes, wrong) in table {
            let read = certificate(Language::En, Some(&file(name, bytes)));
            match wrong {
                None => assert!(read.unwrap().is_some(), "{name}"),
                Some(words) => assert!(
                    read.as_ref().is_err_and(|text| text.contains(words)),
                    "{name}: {read:?}"
                ),
            }
        }
        assert_eq!(certificate(Language::En, None), Ok(None));
    }

    #[test]
    fn containers_are_known_by_their_ending_whatever_its_case() {
        for name in ["Key-6.dat", "key.JKS", "a.b.pfx", "ключ.zs2"] {
            assert!(
                private_key(Language::En, Some(&file(name, [0x30]))).unwrap().is_some(),
                "{name}"
            );
        }
        let table: [(&str, Vec<u8>, &str); 6] = [
            ("key.cer", vec![0x30], "container"),
            ("key", vec![0x30], "container"),
            ("dat", vec![0x30], "container"),
            ("key.dat", Vec::new(), "empty"),
            ("key.pfx", vec![0x30; LARGEST + 1], "too large"),
            (
                "key.dat",
                b"-----BEGIN CERTIFICATE-----".to_vec(),
                "certificate, not a key",
            ),
        ];
        for (name, bytes, words) in table {
            let read = private_key(Language::En, Some(&file(name, bytes)));
            assert!(
                read.as_ref().is_err_and(|text| text.contains(words)),
                "{name}: {read:?}"
            );
        }
    }
}
