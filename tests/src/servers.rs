//! Private servers. Each runs under a small shell supervisor that lives exactly as long as our end
//! of a pipe: when this process ends, in whatever way, the supervisor stops the server and removes
//! its directory. That also covers servers in statics, which are never dropped.

mod chromedriver;
mod postgres;
mod redis;
mod supervised;

pub use chromedriver::Chromedriver;
pub use postgres::Postgres;
pub use redis::{Redis, RedisMode};
