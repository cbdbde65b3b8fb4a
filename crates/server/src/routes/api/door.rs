//! Who is let in to the programs' faces: whoever shows a key, and pages of ours with a session.

use std::sync::Arc;

use account::api_key;
use account::policy::Area;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use primitives::secret::Token;
use service::{administer_keys, manage_sessions};

use super::call::Principal;
use super::idempotent;
use crate::admission::BodyRefused;
use crate::app::App;
use crate::context::Facts;
use crate::problem::Problem;
use crate::{cookies, same_origin};

/// The layer around every operation.
pub(in crate::routes) async fn admit(mut request: Request, next: Next) -> Response {
    let app = request.extensions().get::<Arc<App>>().cloned();
    let facts = request.extensions().get::<Facts>().cloned();
    let (Some(app), Some(facts)) = (app, facts) else {
        return Problem::internal("a program's request came without the middleware").into_response();
    };
    let refused = request.extensions().get::<BodyRefused>().copied();
    let safe = same_origin::is_safe(request.method());
    let principal = match judge(&app, &facts, request.headers().clone(), (safe, refused)).await {
        Ok(principal) => principal,
        Err(problem) => return problem.into_response(),
    };
    let client = principal.client();
    request.extensions_mut().insert(principal);
    idempotent::run(&app, &facts, client, request, next).await
}

/// Who calls comes first: nothing else is said to a stranger.
async fn judge(
    app: &App,
    facts: &Facts,
    headers: HeaderMap,
    (safe, refused): (bool, Option<BodyRefused>),
) -> Result<Principal, Problem> {
    let principal = principal(app, facts, &headers).await?;
    if !safe {
        let by_cookie = matches!(principal, Principal::Person(_));
        if by_cookie && !same_origin::is_same_origin(&headers, app.site.origin.as_str()) {
            return Err(Problem::origin());
        }
        if let Some(until) = facts.read_only_until {
            return Err(Problem::read_only(until));
        }
    }
    match refused {
        Some(BodyRefused(status)) => Err(Problem::body(status)),
        None => Ok(principal),
    }
}

async fn principal(app: &App, facts: &Facts, headers: &HeaderMap) -> Result<Principal, Problem> {
    let stranger = || Problem::refused(StatusCode::UNAUTHORIZED, "unauthenticated");
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let (first, second) = (given.next(), given.next());
    if let Some(header) = first {
        // Whoever shows a key is nobody else, whatever cookies came along.
        let value = header.to_str().ok().filter(|_| second.is_none()).and_then(bearer);
        let value = value.ok_or_else(stranger)?;
        let known = administer_keys::bearer(&app.service, facts.now, &value).await?;
        return known.map(|bearer| Principal::Key(Box::new(bearer))).ok_or_else(stranger);
    }
    let token = cookies::read(headers, cookies::SESSION).and_then(Token::parse).ok_or_else(stranger)?;
    let who = manage_sessions::authenticate(&app.service, facts.now, &token).await?;
    let who = who.ok_or_else(stranger)?;
    if who.session.is_limited() {
        return Err(Problem::pass_not_enough());
    }
    // What the console asks for, its programs' faces ask for too, also of whoever only reads.
    if !app.service.settings().lets_into(&who, Area::Console) {
        return Err(Problem::forbidden("stronger_evidence_needed"));
    }
    Ok(Principal::Person(Box::new(who)))
}

/// The value of `Bearer kwk_…` (RFC 6750 section 2.1).
fn bearer(header: &str) -> Option<Token> {
    let (scheme, text) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| api_key::read(text)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bearer_of_a_key_is_one() {
        let text = format!("kwk_{}", "A".repeat(43));
        assert!(bearer(&format!("Bearer {text}")).is_some());
        assert!(bearer(&format!("bearer {text}")).is_some());
        for wrong in ["", "Bearer", "Bearer ", &format!("Basic {text}"), &format!("Bearer  {text}"), &text] {
            assert!(bearer(wrong).is_none(), "{wrong}");
        }
    }
}
