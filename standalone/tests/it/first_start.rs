//! `kasyr run` in an empty folder: a link, a password, and from then on the pages.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStdout};

use crate::shop::Shop;

struct Kasyr {
    lines: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Kasyr {
    async fn run(shop: &Shop, admin: &str) -> Self {
        let variables = [("KASYR_PUBLIC_ADDR", "127.0.0.1:0"), ("KASYR_ADMIN_ADDR", admin)];
        let mut command = shop.command(&["run"], &variables);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { lines, _child: child }
    }

    /// The first line with this in it; the program's end is a failure.
    async fn says(&mut self, text: &str) -> String {
        loop {
            let line = self.lines.next_line().await.unwrap();
            let line = line.unwrap_or_else(|| panic!("it ended before it said {text:?}"));
            if line.contains(text) {
                return line.trim().to_owned();
            }
        }
    }
}

async fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().to_string()
}

#[tokio::test]
async fn the_first_start_prints_a_link_that_lets_somebody_in_once() {
    program::install_tls();
    let shop = Shop::empty();
    let admin = free_address().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();

    let mut kasyr = Kasyr::run(&shop, &admin).await;
    let link = kasyr.says("/welcome/").await;
    assert!(link.starts_with(&format!("http://{admin}/welcome/")), "{link}");
    kasyr.says("No cash register is set up yet").await;
    let page = http.get(&link).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let cookie = page.headers()["set-cookie"].to_str().unwrap().to_owned();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let body = page.text().await.unwrap();
    let (_, token) = body.split_once("name=\"csrf\" value=\"").unwrap();
    let token = token.split('"').next().unwrap();
    let form = format!("csrf={token}&password=correct+horse+battery&again=correct+horse+battery");
    let send = || {
        http.post(&link)
            .header("cookie", &cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.clone())
            .send()
    };
    let entered = send().await.unwrap();
    assert_eq!(
        entered.url().path(),
        "/sign-in",
        "no cookies are kept here, so the first page asks for them"
    );
    assert_eq!(send().await.unwrap().status(), 409, "the link was used");
    drop(kasyr);

    let mut again = Kasyr::run(&shop, &admin).await;
    let pages = again.says("admin pages").await;
    assert_eq!(
        pages,
        format!("admin pages: http://{admin}/"),
        "nobody is let in by a link any more"
    );
}
