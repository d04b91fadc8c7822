//! Takes due bells out of Redis in one step.

use redis::{RedisError, Script};

use crate::{
    doorbell::Keys,
    due::{Bell, Popped, Share},
    kind::Kind,
    link::Link,
};

/// Each line costs O(log of the backlog + bells taken). The second take runs after the first has
/// removed its bells, so none is taken twice. Scores leave as text, exact for whole numbers.
const POP: &str = r"
local key, now, taken = KEYS[1], ARGV[1], {}
local function take(bells)
  for i = 1, #bells, 2 do
    redis.call('ZREM', key, bells[i])
    taken[#taken + 1] = bells[i]
    taken[#taken + 1] = bells[i + 1]
  end
end
take(redis.call('ZRANGEBYSCORE', key, '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[2]))
take(redis.call('ZREVRANGEBYSCORE', key, now, '-inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3]))
local later = redis.call('ZRANGEBYSCORE', key, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
return {later[2] or '', taken}
";

pub(crate) struct RedisPop {
    pub(crate) link: Link,
    keys: Keys,
    script: Script,
}

impl RedisPop {
    pub(crate) fn new(link: Link, keys: Keys) -> Self {
        Self {
            link,
            keys,
            script: Script::new(POP),
        }
    }

    /// A reply that is lost takes its bells with it; the sweep rings for them again.
    pub(crate) async fn pop(&mut self, kind: Kind, share: Share, now_ms: i64) -> Result<Popped, RedisError> {
        let mut connection = self.link.connection().await?;
        let (later, taken): (String, Vec<(String, String)>) = self
            .script
            .key(self.keys.bells(kind))
            .arg(now_ms)
            .arg(share.oldest)
            .arg(share.newest)
            .invoke_async(&mut connection)
            .await?;
        // A score that is no whole number was not written by us: heard now, put back as now.
        let bells = taken
            .into_iter()
            .map(|(id, score)| Bell {
                id,
                due_ms: score.parse().unwrap_or(now_ms),
            })
            .collect();
        Ok(Popped {
            bells,
            next_due_ms: later.parse().ok(),
        })
    }
}
