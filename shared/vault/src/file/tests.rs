use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

/// A folder of its own, removed with everything in it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("kasyr-vault-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self) -> KeyFile {
        KeyFile::new(self.0.join("kasyr.key"))
    }

    fn names(&self) -> Vec<String> {
        let names = std::fs::read_dir(&self.0).unwrap();
        names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn mode(file: &KeyFile) -> u32 {
    file.path().metadata().unwrap().mode() & 0o777
}

#[test]
fn a_new_file_is_its_owners_alone_and_never_replaces_one() {
    let folder = Folder::new();
    let file = folder.file();
    assert!(matches!(file.read(), Err(KeyError::Missing { .. })));
    let id = file.create().unwrap();
    assert_eq!(mode(&file), 0o600);
    assert_eq!(file.read().unwrap().ids(), [id]);
    assert!(matches!(file.create(), Err(KeyError::Exists { .. })));
    assert_eq!(file.read().unwrap().ids(), [id]);
    assert_eq!(folder.names(), ["kasyr.key"]);
}

#[test]
fn a_rotation_adds_a_key_and_then_drops_the_old_one() {
    let folder = Folder::new();
    let file = folder.file();
    let old = file.create().unwrap();
    std::fs::set_permissions(file.path(), Permissions::from_mode(0o400)).unwrap();
    // What a crash left of an earlier try.
    std::fs::write(folder.0.join("kasyr.key.new"), "half").unwrap();
    let lock = file.lock().unwrap();
    let new = lock.add_key().unwrap();
    assert_eq!(file.read().unwrap().ids(), [new, old]);
    assert!(matches!(file.lock(), Err(KeyError::Busy { .. })));
    lock.drop_old_keys().unwrap();
    assert_eq!(file.read().unwrap().ids(), [new]);
    assert_eq!(mode(&file), 0o400, "its mode stays");
    assert_eq!(folder.names(), ["kasyr.key"]);
    drop(lock);
    assert!(file.lock().is_ok());
}

#[test]
fn behind_a_link_the_file_itself_is_changed() {
    let folder = Folder::new();
    let file = folder.file();
    file.create().unwrap();
    let link = KeyFile::new(folder.0.join("link"));
    std::os::unix::fs::symlink(file.path(), link.path()).unwrap();
    let new = link.lock().unwrap().add_key().unwrap();
    assert_eq!(file.read().unwrap().current().id(), new);
    assert!(link.path().symlink_metadata().unwrap().is_symlink());
}

#[test]
fn a_file_that_others_can_read_is_refused_with_what_to_do() {
    let folder = Folder::new();
    let file = folder.file();
    file.create().unwrap();
    std::fs::set_permissions(file.path(), Permissions::from_mode(0o644)).unwrap();
    let error = file.read().err().unwrap().to_string();
    assert!(error.contains("make it private: chmod 600"), "{error}");
    for (mode, owner, private) in [
        (0o100600, 1000, true),
        (0o100400, 1000, true),
        (0o100440, 0, true),
        (0o100640, 0, true),
        (0o100400, 0, true),
        (0o100440, 1000, false),
        (0o100640, 1000, false),
        (0o100660, 0, false),
        (0o100644, 0, false),
        (0o100604, 1000, false),
        (0o100601, 1000, false),
        (0o100444, 0, false),
    ] {
        assert_eq!(is_private(mode, owner), private, "{mode:o} of {owner}");
    }
}

#[test]
fn what_is_not_a_key_file_is_told_apart() {
    let folder = Folder::new();
    let of_it = KeyFile::new(&folder.0);
    assert!(matches!(of_it.read(), Err(KeyError::NotAFile { .. })));
    let file = folder.file();
    std::fs::write(file.path(), "# no key\n").unwrap();
    std::fs::set_permissions(file.path(), Permissions::from_mode(0o600)).unwrap();
    assert!(matches!(file.read(), Err(KeyError::Empty { .. })));
    let nowhere = KeyFile::new(folder.0.join("nowhere").join("kasyr.key"));
    assert!(matches!(nowhere.create(), Err(KeyError::Unwritable { .. })));
}
