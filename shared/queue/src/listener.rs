//! Hears that another process rang, so that nobody has to poll.

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt;
use redis::{Client, RedisError, Value, aio::PubSub};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use crate::{
    doorbell::Keys,
    kind::Kind,
    link::{CONNECT_TIMEOUT, REPLY_TIMEOUT},
    outage::Outage,
    wakes::Wakes,
};

/// After this much silence the connection is asked whether it still lives.
const PING_AFTER: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
enum ListenError {
    #[error("could not subscribe")]
    Subscribe(#[source] RedisError),
    #[error("no answer in time")]
    TimedOut,
    #[error("the connection ended")]
    Ended,
}

/// Runs until the last doorbell is gone (`open` loses its sender).
pub(crate) async fn run(client: Client, keys: Keys, wakes: Arc<Wakes>, mut open: watch::Receiver<()>) {
    let mut outage = Outage::new("listener");
    loop {
        let error = tokio::select! {
            error = listen(&client, &keys, &wakes, &mut outage) => error,
            _ = open.changed() => return,
        };
        let pause = outage.failed(&error);
        tokio::select! {
            () = sleep(pause) => {}
            _ = open.changed() => return,
        }
    }
}

/// Subscribes and passes wake-ups on until something breaks.
async fn listen(client: &Client, keys: &Keys, wakes: &Wakes, outage: &mut Outage) -> ListenError {
    let subscribed = timeout(CONNECT_TIMEOUT, subscribe(client, keys)).await;
    let (mut sink, mut messages) = match subscribed {
        Ok(Ok(pubsub)) => pubsub.split(),
        Ok(Err(error)) => return ListenError::Subscribe(error),
        Err(_) => return ListenError::TimedOut,
    };
    outage.over();
    wakes.wake_all(); // for what was rung while nobody listened
    loop {
        match timeout(PING_AFTER, messages.next()).await {
            Ok(Some(message)) => {
                let channel = message.get_channel_name();
                Kind::ALL
                    .into_iter()
                    .filter(|kind| keys.wake(*kind) == channel)
                    .for_each(|kind| wakes.wake(kind));
            }
            Ok(None) => return ListenError::Ended,
            // A connection can die without a word; only a ping finds out.
            Err(_) => match timeout(REPLY_TIMEOUT, sink.ping::<Value>()).await {
                Ok(Ok(_)) => {}
                Ok(Err(_)) => return ListenError::Ended,
                Err(_) => return ListenError::TimedOut,
            },
        }
    }
}

async fn subscribe(client: &Client, keys: &Keys) -> Result<PubSub, RedisError> {
    let mut pubsub = client.get_async_pubsub().await?;
    for kind in Kind::ALL {
        pubsub.subscribe(keys.wake(kind)).await?;
    }
    Ok(pubsub)
}
