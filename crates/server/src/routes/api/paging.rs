//! Pages of lists, each with where the next one begins.

use axum::http::StatusCode;
use primitives::encoding;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;

/// As many as a page holds where nobody asks for another number.
const USUAL: u32 = 50;
/// The most that one holds.
pub(super) const MOST: u32 = 200;
/// Longest cursor.
const LONGEST: usize = 1500;

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// At most so many.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub(super) limit: Option<u32>,
    /// The `next` of the page before.
    #[param(max_length = 1500)]
    pub(super) cursor: Option<String>,
}

impl Paging {
    /// How many to look for: one more than is shown says whether there is a next page.
    pub(super) fn limit(&self) -> Result<u32, Problem> {
        limit(self.limit)
    }

    /// Where the page before ended.
    pub(super) fn after<T>(&self, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        after(self.cursor.as_deref(), read)
    }
}

/// How many are asked for.
pub(super) fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked.unwrap_or(USUAL) {
        limit @ 1..=MOST => Ok(limit),
        _ => Err(Problem::refused(StatusCode::BAD_REQUEST, "limit")),
    }
}

/// What a cursor holds.
pub(super) fn after<T>(
    cursor: Option<&str>,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    let text = Some(cursor).filter(|cursor| cursor.len() <= LONGEST).and_then(encoding::from_base64url);
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
    let read = text.and_then(|text| read(&text));
    read.map(Some).ok_or_else(|| Problem::refused(StatusCode::UNPROCESSABLE_ENTITY, "cursor"))
}

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct Page<T> {
    /// What is on it.
    pub(super) items: Vec<T>,
    /// The cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) next: Option<String>,
}

impl<T> Page<T> {
    /// The first `limit` of what was found; `key` says by what the next page goes on behind the last of them.
    pub(super) fn of<F>(
        mut found: Vec<F>,
        limit: u32,
        key: impl FnOnce(&F) -> String,
        shown: impl FnMut(F) -> T,
    ) -> Self {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > most;
        found.truncate(most);
        let next = found.last().filter(|_| more).map(|last| encoding::base64url(key(last).as_bytes()));
        Self { items: found.into_iter().map(shown).collect(), next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_where_the_next_one_begins() {
        let page = Page::of(vec![1, 2, 3], 2, i32::to_string, |number| number);
        assert_eq!(page.items, [1, 2]);
        let next = page.next.unwrap();
        assert_eq!(after(Some(&next), |text| text.parse::<i32>().ok()).unwrap(), Some(2));
        assert!(Page::of(vec![1, 2], 2, i32::to_string, |number| number).next.is_none());
        assert!(Page::of(vec![], 2, i32::to_string, |number| number).next.is_none());
    }

    #[test]
    fn sizes_at_the_bounds() {
        for (asked, given) in [(None, Some(50)), (Some(1), Some(1)), (Some(200), Some(200))] {
            assert_eq!(limit(asked).ok(), given);
        }
        for asked in [0, 201, u32::MAX] {
            assert_eq!(limit(Some(asked)).unwrap_err().code(), "limit");
        }
        for cursor in ["", "!", "AAAA=", &"A".repeat(1501)] {
            let read = after(Some(cursor), |text| text.parse::<u32>().ok());
            assert_eq!(read.unwrap_err().code(), "cursor", "{cursor}");
        }
    }
}
