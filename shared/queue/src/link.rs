//! One connection to Redis that is thrown away at the first error and made anew.

use std::time::Duration;

use redis::{AsyncConnectionConfig, Client, RedisError, aio::MultiplexedConnection};

use crate::outage::Outage;

/// Longest time to connect, greeting included.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// Longest time to wait for a reply. The library's own default (500 ms) is shorter than an
/// ordinary stall of a server that saves to disk.
pub(crate) const REPLY_TIMEOUT: Duration = Duration::from_secs(2);

/// Why not the library's connection manager: it shares one reconnect among all users and retries
/// on its own schedule; here each side owns its connection, its pace and its warnings.
pub(crate) struct Link {
    client: Client,
    connection: Option<MultiplexedConnection>,
    outage: Outage,
}

impl Link {
    pub(crate) fn new(client: Client, side: &'static str) -> Self {
        Self {
            client,
            connection: None,
            outage: Outage::new(side),
        }
    }

    /// The connection, made now if there is none.
    pub(crate) async fn connection(&mut self) -> Result<MultiplexedConnection, RedisError> {
        if let Some(connection) = &self.connection {
            return Ok(connection.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(REPLY_TIMEOUT));
        let connection = self
            .client
            .get_multiplexed_async_connection_with_config(&config)
            .await?;
        Ok(self.connection.insert(connection).clone())
    }

    /// Notes the outcome of a command; after an error returns how long to wait.
    ///
    /// Every error ends the connection, also a plain refusal such as `LOADING`: after a time-out
    /// the reply may still be on its way, and a new connection is never wrong.
    pub(crate) fn note<T>(&mut self, outcome: &Result<T, RedisError>) -> Option<Duration> {
        match outcome {
            Ok(_) => {
                self.outage.over();
                None
            }
            Err(error) => {
                self.connection = None;
                Some(self.outage.failed(error))
            }
        }
    }
}
