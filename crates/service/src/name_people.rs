//! What people are called, for lists that hold their ids.

use std::collections::BTreeMap;

use account::user::UserId;
use store::{StoreError, users};

use crate::context::Context;

/// Most names that are looked up at once.
const MOST: usize = 200;

/// The names of those of `ids` whom there still is, at most 200 of them.
pub async fn name_people(cx: &Context, ids: Vec<UserId>) -> Result<BTreeMap<UserId, String>, StoreError> {
    cx.db
        .read(move |tx| {
            let mut names = BTreeMap::new();
            for id in ids.iter().take(MOST) {
                if !names.contains_key(id)
                    && let Some(user) = users::by_id(tx, *id)?
                {
                    names.insert(*id, user.name);
                }
            }
            Ok(names)
        })
        .await
}
