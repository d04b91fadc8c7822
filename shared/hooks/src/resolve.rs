use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::address::is_public;

/// All that a name leads to is not public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the address is not public")]
pub(crate) struct NotPublic;

/// Asks the system, and keeps public addresses only. The client connects to what it is given here and asks no second
/// time, so a name cannot lead to one address for the check and to another for the request.
pub(crate) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The client puts the port in place of the 0.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Addrs = Box::new(public(found)?.into_iter());
            Ok(public)
        })
    }
}

fn public(found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, NotPublic> {
    let (public, others): (Vec<_>, Vec<_>) = found.partition(|address| is_public(address.ip()));
    if public.is_empty() && !others.is_empty() {
        return Err(NotPublic);
    }
    Ok(public)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_connected_to() {
        let parse = |texts: &[&str]| -> Vec<SocketAddr> { texts.iter().map(|text| text.parse().unwrap()).collect() };
        for (found, kept) in [
            (vec!["8.8.8.8:0"], Ok(vec!["8.8.8.8:0"])),
            (
                vec!["127.0.0.1:0", "8.8.8.8:0", "[::1]:0", "[2a00::1]:0"],
                Ok(vec!["8.8.8.8:0", "[2a00::1]:0"]),
            ),
            (vec!["10.0.0.1:0", "[fd00::1]:0"], Err(NotPublic)),
            (vec![], Ok(vec![])),
        ] {
            let kept = kept.map(|kept| parse(&kept));
            assert_eq!(public(parse(&found).into_iter()), kept, "{found:?}");
        }
    }
}
