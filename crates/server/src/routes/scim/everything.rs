//! `/scim/v2/.search`: people first, then groups (RFC 7644 section 3.4.2.1).

use axum::http::StatusCode;
use scim::message;
use scim::schema::{GROUPS, USERS};

use super::answer::{Answer, Look, Program, Sent, json};
use super::{groups, people};

/// A filter that names what only the other type has finds none of this one.
pub(super) async fn search(program: Program, Sent(body): Sent) -> Answer {
    let (of_people, of_groups) = (Look::of_body(&USERS, &body), Look::of_body(&GROUPS, &body));
    if let (Err(refusal), Err(_)) = (&of_people, &of_groups) {
        return Err(refusal.clone().into());
    }
    let (mut total, mut resources, mut start) = (0_u64, Vec::new(), 1);
    if let Ok(look) = of_people {
        start = look.start;
        (total, resources) = people::found(&program, &look, start.saturating_sub(1), look.count).await?;
    }
    if let Ok(look) = of_groups {
        start = look.start;
        let skip = start.saturating_sub(1).saturating_sub(total);
        let room = look.count.saturating_sub(u32::try_from(resources.len()).unwrap_or(u32::MAX));
        let (more, found) = groups::found(&program, &look, skip, room).await?;
        total = total.saturating_add(more);
        resources.extend(found);
    }
    Ok(json(StatusCode::OK, &message::list(total, start, resources)))
}
