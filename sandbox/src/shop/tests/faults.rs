//! Every fault as its client meets it.

use super::*;

#[tokio::test]
async fn a_fault_decides_what_is_heard_and_the_next_request_goes_well() {
    let redirect = |status| FaultKind::Redirect {
        status,
        to: "http://127.0.0.1:9/x".to_owned(),
    };
    let busy = FaultKind::Status {
        status: 429,
        retry_after: Some(7),
    };
    // Status 0 means that the connection ended without a byte.
    for (kind, status, header, whole) in [
        (FaultKind::status(400), 400, "", true),
        (FaultKind::status(410), 410, "", true),
        (FaultKind::status(500), 500, "", true),
        (busy, 429, "retry-after: 7", true),
        (redirect(301), 301, "location: http://127.0.0.1:9/x", true),
        (redirect(307), 307, "location: http://127.0.0.1:9/x", true),
        (FaultKind::DropBefore, 0, "", false),
        (FaultKind::DropAfter, 0, "", true),
    ] {
        let bed = Bed::new().await;
        bed.shop.inject(Fault::once(kind.clone()));
        let reply = bed.post("/fiscal", "{}").await;
        assert_eq!(reply.status(), status, "{kind:?}");
        assert!(header.is_empty() || reply.head().contains(header), "{kind:?} {reply:?}");
        let [request] = bed.shop.requests().try_into().unwrap();
        assert_eq!(
            (request.whole, request.answer.unwrap_or(0)),
            (whole, status),
            "{kind:?}"
        );
        assert!(bed.shop.acknowledged().is_empty(), "{kind:?}");
        assert_eq!(bed.post("/fiscal", "{}").await.status(), 200, "{kind:?}");
        assert!(bed.shop.faults().is_empty(), "{kind:?}");
    }
}

#[tokio::test]
async fn a_lasting_fault_of_one_path_leaves_the_others_alone() {
    let bed = Bed::new().await;
    bed.shop.inject(Fault::lasting(FaultKind::status(503)).only("/dead*"));
    for _ in 0..3 {
        assert_eq!(bed.post("/dead/fiscal", "").await.status(), 503);
        assert_eq!(bed.post("/alive/dead", "").await.status(), 200);
    }
    bed.shop.clear_faults();
    assert_eq!(bed.post("/dead", "").await.status(), 200);
}

#[tokio::test]
async fn a_hanging_request_is_kept_and_never_answered() {
    let bed = Bed::new().await;
    bed.shop.inject(Fault::once(FaultKind::Hang));
    let posted = tokio::time::timeout(Duration::from_millis(200), bed.post("/", "x")).await;
    assert!(posted.is_err(), "{posted:?}");
    let [request] = soon(bed.shop.wait_for(1)).await.try_into().unwrap();
    assert_eq!((request.body.as_ref(), request.answer), (b"x".as_slice(), None));
    assert_eq!(bed.post("/", "x").await.status(), 200);
}

#[tokio::test]
async fn slowness_goes_with_another_fault() {
    let bed = Bed::new().await;
    let by = Duration::from_millis(50);
    bed.shop.inject(Fault::once(FaultKind::Slow { by }).times(2));
    bed.shop.inject(Fault::once(FaultKind::status(500)));
    for status in [500, 200] {
        let begun = tokio::time::Instant::now();
        assert_eq!(bed.post("/", "").await.status(), status);
        assert!(begun.elapsed() >= by, "{:?}", begun.elapsed());
    }
    assert!(bed.shop.faults().is_empty());
}

#[tokio::test]
async fn an_answer_can_be_larger_than_anybody_wants() {
    let bed = Bed::new().await;
    bed.shop.inject(Fault::once(FaultKind::HugeAnswer {
        status: None,
        bytes: 100_000,
    }));
    let reply = bed.post("/", "").await;
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.body().bytes().filter(|byte| *byte == b'x').count(), 100_000);
    bed.shop.inject(Fault::once(FaultKind::HugeAnswer {
        status: Some(500),
        bytes: u64::MAX,
    }));
    let mut stream = TcpStream::connect(bed.address).await.unwrap();
    stream
        .write_all(b"POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n\r\n")
        .await
        .unwrap();
    let mut much = vec![0; 3_000_000];
    soon(stream.read_exact(&mut much)).await.unwrap();
    assert!(much.starts_with(b"HTTP/1.1 500"));
}

#[tokio::test]
async fn a_shut_shop_refuses_and_cuts_and_is_found_again_where_it_was() {
    let bed = Bed::new().await;
    bed.shop.inject(Fault::once(FaultKind::Hang));
    let hanging = bed.post("/", "x");
    let (reply, ()) = tokio::join!(hanging, async {
        soon(bed.shop.wait_for(1)).await;
        soon(bed.shop.shut()).await;
    });
    assert_eq!(reply.status(), 0);
    let refused = TcpStream::connect(bed.address).await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    soon(bed.shop.open()).await;
    assert_eq!(bed.post("/", "x").await.status(), 200);
}

#[tokio::test]
async fn chance_meets_some_requests_and_not_others() {
    let bed = Bed::new().await;
    bed.shop.set_chaos(Some(Chaos {
        seed: 5,
        rates: vec![Rate {
            kind: FaultKind::status(500),
            per_mille: 500,
        }],
    }));
    for _ in 0..20 {
        bed.post("/", "x").await;
    }
    let good = bed.shop.acknowledged().len();
    assert!((1..20).contains(&good), "{good}");
    bed.shop.set_chaos(None);
    assert_eq!(bed.post("/", "x").await.status(), 200);
}
