//! How a browser test fails, and that nothing outlives it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use futures_util::FutureExt as _;
use tests::bed::PATIENCE;
use tests::browser::Browser;
use tests::eventually;

use super::site;

/// Processes that name this directory.
fn processes(dir: &Path) -> usize {
    let dir = dir.display().to_string();
    let all = std::fs::read_dir("/proc").unwrap().map_while(Result::ok);
    all.filter(|process| {
        let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(&dir)
    })
    .count()
}

#[tokio::test]
async fn a_verb_that_cannot_be_done_says_why_and_leaves_a_picture() {
    let site = site::open("<h1>Каси</h1><button>Зберегти</button>").await;
    let page = site.page.patient(Duration::from_millis(200));
    let failed = AssertUnwindSafe(page.press("Видалити"))
        .catch_unwind()
        .await
        .unwrap_err();
    let told = failed.downcast_ref::<String>().unwrap();
    assert!(
        told.contains(file!()) && told.contains("cannot press “Видалити”"),
        "{told}"
    );
    assert!(told.contains("there are: Зберегти"), "{told}");
    let picture = Path::new(told.split_once("picture: ").unwrap().1);
    assert!(
        picture.to_string_lossy().contains("a_verb_that_cannot_be_done"),
        "{told}"
    );
    assert!(std::fs::read(picture).unwrap().starts_with(b"\x89PNG"));
    std::fs::remove_file(picture).unwrap();
}

#[tokio::test]
async fn nothing_is_pressed_that_is_not_meant_clearly() {
    let site = site::open(
        "<ul><li>A <button>Так</button></li><li>B <button>Так</button></li></ul><button disabled>Ні</button>",
    )
    .await;
    let page = site.page.patient(Duration::from_millis(200));
    for (name, reason) in [("Так", "2 of kind press are called “Так”"), ("Ні", "“Ні” is disabled")] {
        let failed = AssertUnwindSafe(page.press(name)).catch_unwind().await.unwrap_err();
        let told = failed.downcast_ref::<String>().unwrap();
        assert!(told.contains(reason), "{told}");
        std::fs::remove_file(told.split_once("picture: ").unwrap().1).unwrap();
    }
    page.inside("B").press("Так").await;
}

#[tokio::test]
async fn a_browser_goes_with_its_driver() {
    let site = site::open("<h1>Каси</h1>").await;
    let dir = site.browser.dir().to_owned();
    assert!(processes(&dir) > 1);
    drop(site);
    eventually(PATIENCE, async || processes(&dir) == 0 && !dir.exists()).await;
}

#[tokio::test]
#[ignore = "a part of no_browser_outlives_its_test_process, which starts it in a process of its own"]
async fn a_process_to_be_ended() {
    if std::env::var_os("KASYR_TEST_END").is_none() {
        return;
    }
    let browser = Browser::start().await;
    let _page = browser.open("about:blank").await;
    println!("browser: {}", browser.dir().display());
    // Until the other process kills us.
    std::io::stdin().read_to_end(&mut Vec::new()).map(drop).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_browser_outlives_its_test_process() {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ends::a_process_to_be_ended", "--ignored", "--nocapture"])
        .env("KASYR_TEST_END", "kill")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let told = lines
        .map_while(Result::ok)
        .find_map(|line| Some(line.split_once("browser: ")?.1.to_owned()))
        .unwrap();
    let dir = Path::new(&told);
    assert!(processes(dir) > 1);
    child.kill().unwrap();
    child.wait().unwrap();
    eventually(PATIENCE, async || processes(dir) == 0 && !dir.exists()).await;
}
