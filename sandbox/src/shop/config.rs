//! Settings fixed for the life of a shop.

/// How a shop is made.
#[derive(Clone, Debug)]
pub struct Config {
    /// The status of its answers where no fault says otherwise. Default 200; 204 is as good.
    pub status: u16,
    /// Largest body it takes, in octets; 413 above. Default 4 MiB.
    pub size_limit: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            status: 200,
            size_limit: 4 * 1024 * 1024,
        }
    }
}
