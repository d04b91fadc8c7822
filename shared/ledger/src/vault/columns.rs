//! Every column that is sealed. A rotation goes over these; a new secret belongs here first.

use vault::HEAD;

/// A sealed column and what names a row of it.
pub(crate) struct Column {
    /// Its table.
    pub table: &'static str,
    /// The columns that name a row.
    pub keys: &'static [&'static str],
    /// Where the sealed text is; it may be empty.
    pub column: &'static str,
}

/// How a register's documents are signed.
pub(crate) const REGISTER: Column = Column {
    table: "registers",
    keys: &["id"],
    column: "credentials",
};

/// A payment system's key.
pub(crate) const SOURCE: Column = Column {
    table: "sources",
    keys: &["id"],
    column: "secret",
};

/// The payment system's key until lately: callbacks signed with either are believed for a while.
pub(crate) const SOURCE_OLD: Column = Column {
    table: "sources",
    keys: &["id"],
    column: "old_secret",
};

/// What a shop's webhooks are signed with.
pub(crate) const WEBHOOK: Column = Column {
    table: "shop_webhooks",
    keys: &["merchant_id", "url"],
    column: "secret",
};

/// What they were signed with until lately: both are used while a shop changes from one to the next.
pub(crate) const WEBHOOK_OLD: Column = Column {
    table: "shop_webhooks",
    keys: &["merchant_id", "url"],
    column: "old_secret",
};

/// The second step of a user's sign-in.
pub(crate) const USER_TOTP: Column = Column {
    table: "users",
    keys: &["id"],
    column: "totp",
};

/// All of them.
pub(crate) const ALL: [&Column; 6] = [&REGISTER, &SOURCE, &SOURCE_OLD, &WEBHOOK, &WEBHOOK_OLD, &USER_TOTP];

impl Column {
    /// Whom a secret of this column is sealed for: `registers/flowers-1/credentials`. Different rows
    /// have different owners, for of several keys only the last may have a slash in it.
    pub fn owner(&self, keys: &[&str]) -> String {
        format!("{}/{}/{}", self.table, keys.join("/"), self.column)
    }

    /// The condition that names one row, with its first value at `$offset + 1`.
    pub fn place(&self, offset: usize) -> String {
        let condition = |(index, key): (usize, &&str)| format!("{key} = ${}", index + 1 + offset);
        let conditions: Vec<String> = self.keys.iter().enumerate().map(condition).collect();
        conditions.join(" AND ")
    }

    /// The condition that finds texts under none of `count` master keys, by their heads `$1` to
    /// `$count`; what is in clear is among them.
    pub fn under_none_of(&self, count: usize) -> String {
        let marks: Vec<String> = (1..=count).map(|number| format!("${number}")).collect();
        format!(
            "{0} IS NOT NULL AND substr({0}, 1, {HEAD}) NOT IN ({1})",
            self.column,
            marks.join(", ")
        )
    }
}
