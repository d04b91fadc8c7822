//! A port that can be shut and opened again while its server runs.
//!
//! Shut means what a client sees of a program that is not there: connections are refused, and those that were open are
//! cut. The port itself stays ours meanwhile, bound but not listening, so that no other test is given it.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The shutter of all listeners of one simulator. Clones move together.
#[derive(Clone)]
pub(crate) struct Door(Arc<watch::Sender<Posture>>);

#[derive(Clone, Copy, Default)]
struct Posture {
    shut: bool,
    /// Listeners that are served.
    served: usize,
    /// Those of them that listen now.
    listening: usize,
}

impl Door {
    pub(crate) fn open() -> Self {
        Self(Arc::new(watch::Sender::new(Posture::default())))
    }

    pub(crate) fn is_shut(&self) -> bool {
        self.0.borrow().shut
    }

    /// Returns when every listener is as wanted; one that cannot listen again has ended with its error.
    pub(crate) async fn set_shut(&self, shut: bool) {
        self.0.send_modify(|posture| posture.shut = shut);
        let mut posture = self.0.subscribe();
        let reached = |posture: &Posture| posture.shut != shut || posture.listening == listeners(*posture);
        // The sender is ours, so the only other outcome, a closed channel, cannot be.
        let _ = posture.wait_for(reached).await;
    }

    /// Gives each connection to `handle` until `shutdown` is done; what is still open then is cut.
    ///
    /// The listener counts from this call on, not from the first poll: a door shut right after it was given a listener
    /// shuts that one too.
    pub(crate) fn serve<S, H, F>(
        &self,
        listener: TcpListener,
        shutdown: S,
        handle: H,
    ) -> impl Future<Output = io::Result<()>> + Send + use<S, H, F>
    where
        S: Future<Output = ()> + Send,
        H: Fn(TcpStream) -> F + Send + Sync,
        F: Future<Output = ()> + Send + 'static,
    {
        let place = Place::taken(self);
        async move {
            let address = listener.local_addr()?;
            let tasks = TaskTracker::new();
            let served = serve(place, listener, address, shutdown, handle, &tasks).await;
            tasks.close();
            tasks.wait().await;
            served
        }
    }
}

async fn serve<F>(
    mut place: Place,
    mut listener: TcpListener,
    address: SocketAddr,
    shutdown: impl Future<Output = ()>,
    handle: impl Fn(TcpStream) -> F,
    tasks: &TaskTracker,
) -> io::Result<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut posture = place.door.0.subscribe();
    tokio::pin!(shutdown);
    loop {
        let cut = CancellationToken::new();
        let cutting = cut.clone().drop_guard();
        loop {
            tokio::select! {
                biased;
                () = &mut shutdown => return Ok(()),
                _ = posture.wait_for(|posture| posture.shut) => break,
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        // Answers are small and written at once; nothing is gained by holding them back.
                        let _ = stream.set_nodelay(true);
                        tasks.spawn(until_cut(cut.clone(), handle(stream)));
                    }
                    // Out of file descriptors, or reset before it was taken: the next one may do better.
                    Err(error) => tracing::debug!(%error, "Could not accept a connection"),
                },
            }
        }
        drop(listener);
        drop(cutting);
        tasks.close();
        tasks.wait().await;
        tasks.reopen();
        let kept = bound(address)?;
        place.listens(false);
        tokio::select! {
            () = &mut shutdown => return Ok(()),
            _ = posture.wait_for(|posture| !posture.shut) => {}
        }
        listener = kept.listen(BACKLOG)?;
        place.listens(true);
    }
}

const BACKLOG: u32 = 1024;

async fn until_cut(cut: CancellationToken, handled: impl Future<Output = ()>) {
    tokio::select! {
        // Dropping the handler closes its socket.
        () = cut.cancelled() => {}
        () = handled => {}
    }
}

/// A socket that has the port and refuses: connections of before may linger at it, hence the reuse.
fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// How many listeners listen when the door is as wanted.
fn listeners(posture: Posture) -> usize {
    if posture.shut { 0 } else { posture.served }
}

/// A listener's place in the door's counts.
struct Place {
    door: Door,
    listening: bool,
}

impl Place {
    fn taken(door: &Door) -> Self {
        door.0.send_modify(|posture| {
            posture.served += 1;
            posture.listening += 1;
        });
        Self {
            door: door.clone(),
            listening: true,
        }
    }

    fn listens(&mut self, listening: bool) {
        self.listening = listening;
        self.door.0.send_modify(|posture| match listening {
            true => posture.listening += 1,
            false => posture.listening -= 1,
        });
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.door.0.send_modify(|posture| {
            posture.served -= 1;
            posture.listening -= usize::from(self.listening);
        });
    }
}
