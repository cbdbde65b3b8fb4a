//! The names of somebody's groups, for pages that tell them what others would see.

use account::user::User;
use store::{StoreError, groups};

use crate::context::Context;

/// The names, in their order; groups that are gone meanwhile have none.
pub async fn name_groups(cx: &Context, user: &User) -> Result<Vec<String>, StoreError> {
    let ids = user.groups.to_vec();
    let named = cx.db.read(move |tx| {
        let mut named = Vec::new();
        for id in &ids {
            named.extend(groups::by_id(tx, *id)?.map(|group| group.name));
        }
        Ok::<_, StoreError>(named)
    });
    let mut named = named.await?;
    named.sort();
    Ok(named)
}
