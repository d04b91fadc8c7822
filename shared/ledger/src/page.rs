//! Lists, a page at a time. A page continues after the last row of the one before, by key: what was
//! inserted meanwhile moves nothing.

use domain::ids::MerchantId;
use sea_orm::Value;

use crate::people::Reach;

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins: to be given back as it is. `None`: this was the last one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    pub(crate) const fn empty() -> Self {
        Self {
            rows: Vec::new(),
            next: None,
        }
    }

    /// Of rows that were asked for one too many: that one only tells that there are more.
    pub(crate) fn cut(mut rows: Vec<T>, limit: u32, key: impl FnOnce(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(key) } else { None };
        Self { rows, next }
    }
}

/// How many rows to ask for so that [`Page::cut`] knows whether there are more.
pub(crate) fn one_more(limit: u32) -> i64 {
    i64::from(limit).saturating_add(1)
}

/// A cursor that came from outside; a NUL is in none of ours, and PostgreSQL refuses it.
pub(crate) fn cursor(after: Option<&str>) -> Option<&str> {
    after.filter(|text| !text.contains('\0'))
}

/// The values of a statement, each with its placeholder.
#[derive(Default)]
pub(crate) struct Values(Vec<Value>);

impl Values {
    /// Takes a value; the placeholder to write.
    pub fn take(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }

    /// Placeholders of several, with commas.
    pub fn take_all(&mut self, values: impl IntoIterator<Item = String>) -> String {
        let places: Vec<String> = values.into_iter().map(|value| self.take(value)).collect();
        places.join(", ")
    }

    /// A condition on a column with a merchant's id.
    pub fn within(&mut self, reach: &Reach, column: &str) -> String {
        match reach {
            Reach::Everything => "1 = 1".to_owned(),
            Reach::Merchants(ids) if ids.is_empty() => "1 = 0".to_owned(),
            Reach::Merchants(ids) => {
                let ids = self.take_all(ids.iter().map(|id| id.as_str().to_owned()));
                format!("{column} IN ({ids})")
            }
        }
    }

    pub fn into_vec(self) -> Vec<Value> {
        self.0
    }
}

/// What is within reach and this merchant's, if one is named.
pub(crate) fn narrow(reach: &Reach, merchant: Option<&MerchantId>) -> Reach {
    match merchant {
        None => reach.clone(),
        Some(merchant) if reach.sees(merchant.as_str()) => Reach::Merchants(vec![merchant.clone()]),
        Some(_) => Reach::Merchants(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_cut_where_the_next_one_begins() {
        let page = |rows: &[&'static str]| Page::cut(rows.to_vec(), 2, |row| (*row).to_owned());
        assert_eq!((page(&["a"]).rows.len(), page(&["a"]).next), (1, None));
        assert_eq!((page(&["a", "b"]).rows.len(), page(&["a", "b"]).next), (2, None));
        let more = page(&["a", "b", "c"]);
        assert_eq!((more.rows, more.next.as_deref()), (vec!["a", "b"], Some("b")));
    }

    #[test]
    fn a_merchant_out_of_reach_narrows_to_nothing() {
        let own = MerchantId::parse("own").unwrap();
        let other = MerchantId::parse("other").unwrap();
        let reach = Reach::Merchants(vec![own.clone()]);
        assert_eq!(narrow(&reach, Some(&other)), Reach::Merchants(Vec::new()));
        assert_eq!(narrow(&reach, None), reach);
        assert_eq!(narrow(&Reach::Everything, Some(&own)), reach);
        let mut values = Values::default();
        assert_eq!(values.within(&Reach::Merchants(vec![own, other]), "m"), "m IN ($1, $2)");
        assert_eq!(values.within(&Reach::Merchants(Vec::new()), "m"), "1 = 0");
        assert_eq!(values.within(&Reach::Everything, "m"), "1 = 1");
    }
}
