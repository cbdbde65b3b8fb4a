//! The way in: to the authorization endpoint, and back with a code.

use oidc::client::{Client, ClientId, GrantType};
use oidc::parameters::{Parameters, encode};
use oidc::scope::{EMAIL, GROUPS, OPENID, PROFILE, Scopes};
use primitives::digest;
use primitives::encoding::base64url;
use primitives::id::Id;
use primitives::secret::Token;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use store::clients::Stored;
use store::{StoreError, Tx, clients};

use super::{CALLBACK, ForwardError, LONGEST_BACK, STATE, TICKET, Ticket, of_browser, open_of, seal_for};
use crate::client_authentication::AuthenticatedClient;
use crate::context::{Caller, Context};
use crate::exchange_code::{self, Exchange};
use crate::tokens;

/// How long the way in may take.
const LIFETIME: Span = Span::from_hours(1);

/// Clients that one read looks at.
const PAGE: u32 = 200;

/// What `state` holds. It opens only in the browser that began.
#[derive(Serialize, Deserialize)]
struct State {
    client: ClientId,
    verifier: String,
    back: String,
    begun: Timestamp,
}

/// The first step of the way in.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The authorization endpoint, with everything that it is asked.
    pub location: String,
}

/// Begins to let a browser in at `origin`; `back` is the address there that it wanted, a path of that host. `browser` is
/// what the browser holds on that host, so that nobody is signed in there by somebody else's answer.
pub async fn begin(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    (origin, browser): (&str, &Token),
    back: &str,
) -> Result<Begun, ForwardError> {
    let guarding = guarding(cx, origin).await?;
    let client = &guarding.client;
    let callback = format!("{origin}{CALLBACK}");
    let registered = client.may(GrantType::AuthorizationCode) && client.redirect_uris.contains(&callback);
    if !registered {
        return Err(ForwardError::NotRegistered);
    }
    let verifier = Token::generate(caller.entropy.as_mut()).encode();
    let challenge = base64url(&digest::sha256(verifier.as_bytes()));
    let state = State {
        client: client.id.clone(),
        verifier,
        back: if is_path(back) { back } else { "/" }.to_owned(),
        begun: cx.db.not_before(caller.now),
    };
    let state = seal_for(cx, caller, STATE, &of_browser(origin, browser), &state);
    let scopes = scopes(client).to_string();
    let parameters = [
        ("response_type", "code"),
        ("client_id", client.id.as_str()),
        ("redirect_uri", &callback),
        ("scope", &scopes),
        ("state", &state),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let query: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    Ok(Begun { location: format!("{issuer}/authorize?{}", query.join("&")) })
}

/// A browser that was let in.
#[derive(Clone, Debug)]
pub struct Entered {
    /// What it keeps on the application's host.
    pub ticket: String,
    /// Where it wanted to go, a path of that host.
    pub back: String,
}

/// Takes the authorization endpoint's answer.
pub async fn finish(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    (origin, browser): (&str, &Token),
    answer: &Parameters,
) -> Result<Entered, ForwardError> {
    let state: State = answer
        .get("state")
        .and_then(|state| open_of(cx, STATE, &of_browser(origin, browser), state))
        .ok_or(ForwardError::State)?;
    let now = cx.db.not_before(caller.now);
    if now >= state.begun + LIFETIME {
        return Err(ForwardError::State);
    }
    // Somebody else's server may answer as well (RFC 9207).
    if answer.get("iss") != Some(issuer) {
        return Err(ForwardError::State);
    }
    let code = answer.get("code").ok_or(ForwardError::Refused)?;
    let id = state.client.clone();
    let stored = cx.db.read(move |tx| clients::by_id(tx, &id)).await?;
    let stored = stored.filter(|stored| guards(stored, origin)).ok_or(ForwardError::Origin)?;
    let callback = format!("{origin}{CALLBACK}");
    let exchange = Exchange {
        code,
        redirect_uri: Some(&callback),
        verifier: Some(&state.verifier),
        proof: None,
        resources: &[],
    };
    let client = AuthenticatedClient::ourselves(stored);
    let given =
        exchange_code::exchange(cx, caller, issuer, &client, exchange).await.map_err(ForwardError::Code)?;
    let access = tokens::open(cx, &given.access_token, (issuer, now));
    let grant = access.ok().and_then(|access| access.grant).ok_or(ForwardError::State)?;
    let ticket = Ticket { grant: Id::from_bytes(grant), client: state.client };
    let ticket = seal_for(cx, caller, TICKET, origin.as_bytes(), &ticket);
    Ok(Entered { ticket, back: state.back })
}

/// Where a browser wanted to go that brings an answer again for which it has its ticket, `held`: somebody went back, or
/// loaded the page anew. The code is not used again, so nothing that came of it ends.
pub async fn again(
    cx: &Context,
    (origin, browser): (&str, &Token),
    answer: &Parameters,
    held: Option<&str>,
) -> Result<Option<String>, ForwardError> {
    let state = answer.get("state").and_then(|state| open_of(cx, STATE, &of_browser(origin, browser), state));
    let ticket = held.and_then(|held| open_of(cx, TICKET, origin.as_bytes(), held));
    let (Some::<State>(state), Some::<Ticket>(ticket), Some(code)) = (state, ticket, answer.get("code"))
    else {
        return Ok(None);
    };
    let same = exchange_code::came_of(cx, code).await? == Some(ticket.grant) && state.client == ticket.client;
    Ok(same.then_some(state.back))
}

/// The application that guards an origin.
async fn guarding(cx: &Context, origin: &str) -> Result<Stored, ForwardError> {
    let origin = origin.to_owned();
    let found = cx.db.read(move |tx| find(tx, &origin)).await?;
    found.ok_or(ForwardError::Origin)
}

fn find(tx: &mut Tx<'_>, origin: &str) -> Result<Option<Stored>, StoreError> {
    let mut after: Option<Stored> = None;
    loop {
        let behind = after.as_ref().map(|stored| (stored.application.name.as_str(), stored.id()));
        let page = clients::list(tx, behind, PAGE)?;
        if let Some(found) = page.iter().find(|stored| guards(stored, origin)) {
            return Ok(Some(found.clone()));
        }
        match page.into_iter().last() {
            Some(last) => after = Some(last),
            None => return Ok(None),
        }
    }
}

pub(super) fn guards(stored: &Stored, origin: &str) -> bool {
    stored.enabled && stored.application.guards.iter().any(|guarded| guarded == origin)
}

/// What its headers will hold, of what the application may be told.
fn scopes(client: &Client) -> Scopes {
    let all = Scopes::parse(&[OPENID, PROFILE, EMAIL, GROUPS].join(" ")).unwrap_or_default();
    all.and(&client.scopes)
}

/// A path of the same host, and by no reading another host's address.
fn is_path(back: &str) -> bool {
    back.len() <= LONGEST_BACK
        && back.starts_with('/')
        && !back.starts_with("//")
        && !back.starts_with("/.keyward/")
        && back.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\\"<>".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_the_same_host_is_come_back_to() {
        for path in ["/", "/wiki?x=1&y=%20", "/a/b;c", "/x#y"] {
            assert!(is_path(path), "{path}");
        }
        let long = format!("/{}", "a".repeat(LONGEST_BACK));
        for alien in [
            "",
            "wiki",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "https://evil.example/",
            "/a\r\nSet-Cookie: x",
            "/a b",
            "/ü",
            "/.keyward/start?rd=/",
            &long,
        ] {
            assert!(!is_path(alien), "{alien}");
        }
    }
}
