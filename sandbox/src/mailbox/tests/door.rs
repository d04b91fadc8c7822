//! A mailbox that is not there for a while.

use tokio::net::TcpStream;

use super::*;

#[tokio::test]
async fn a_shut_mailbox_refuses_and_cuts_and_is_found_again_where_it_was() {
    let bed = Bed::new().await;
    for round in 1..=3 {
        let mut client = bed.client().await;
        assert!(!bed.mailbox.is_shut());
        soon(bed.mailbox.shut()).await;
        assert!(client.has_ended().await, "round {round}");
        let refused = TcpStream::connect(bed.address).await.unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused, "round {round}");
        assert!(bed.mailbox.is_shut());
        soon(bed.mailbox.open()).await;
        assert_eq!(bed.client().await.send(&["a@b.example"], "one").await, 250);
        assert_eq!(bed.mailbox.messages().len(), round);
    }
}

#[tokio::test]
async fn a_door_shut_before_its_server_ran_is_shut() {
    let mailbox = Mailbox::new(Config::default());
    let (listener, address) = listen().await;
    let served = serve(listener, mailbox.clone(), pending());
    let server = tokio::spawn(served);
    soon(mailbox.shut()).await;
    assert!(TcpStream::connect(address).await.is_err());
    server.abort();
}

#[tokio::test]
async fn a_stopped_server_leaves_its_port() {
    let mailbox = Mailbox::new(Config::default());
    let (listener, address) = listen().await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stopped = async { drop(stopped.await) };
    let server = tokio::spawn(serve(listener, mailbox.clone(), stopped));
    let mut client = Client::connect(address).await;
    assert_eq!(client.reply().await.0, 220);
    stop.send(()).unwrap();
    soon(server).await.unwrap().unwrap();
    assert!(client.has_ended().await);
    assert!(TcpStream::connect(address).await.is_err());
    soon(mailbox.shut()).await;
}
