//! An application asks that somebody be signed out (OpenID Connect RP-Initiated Logout 1.0), and what the person is shown
//! afterwards.
//!
//! An ID token of ours that was made for whoever is signed in shows that the application may ask; everybody else's
//! request is put to the person (ASVS V10.6.2). Nobody is led anywhere but to what the application has registered.

use account::session::SessionId;
use oidc::client::{Client, ClientId};
use oidc::jwt::JwtRefusal;
use oidc::logout::{self, HintedSession};
use oidc::parameters::{ParameterRefusal, Parameters};
use serde::{Deserialize, Serialize};
use store::{StoreError, clients};

use crate::context::{Context, Who};
use crate::sign_out::SignedOutOf;

/// Longest `state` that is handed back, in bytes: it travels in a cookie meanwhile.
pub const LONGEST_STATE: usize = 1000;

/// Where the person is led when it is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// The application that asks, if it says which it is.
    pub client: Option<ClientId>,
    /// The address that it wants, one that it had registered.
    pub to: Option<String>,
    /// `state`, which goes along.
    pub state: Option<String>,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ends the session: the application has shown that it may ask.
    End(Leaving),
    /// Asks the person.
    Ask {
        /// How people know the application.
        application: Option<String>,
        /// What comes afterwards.
        leaving: Leaving,
    },
    /// Nobody is signed in.
    Nobody {
        /// What comes afterwards.
        leaving: Leaving,
        /// Whether the application has shown an ID token of ours: nobody has to be asked whether to go on to it.
        proven: bool,
    },
}

/// Why an application's request is not followed. Nobody is led back: where to is what cannot be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndSessionError {
    /// The request cannot be read.
    Parameters(ParameterRefusal),
    /// `id_token_hint` is no ID token of ours.
    Hint(JwtRefusal),
    /// `client_id` is not that of the hint.
    OtherClient,
    /// There is no such application.
    ClientUnknown,
    /// `post_logout_redirect_uri` is not registered for it.
    Address,
    /// `state` is too long.
    State,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for EndSessionError {
    fn from(error: StoreError) -> Self {
        EndSessionError::Store(error)
    }
}

impl EndSessionError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            EndSessionError::Parameters(refusal) => refusal.code(),
            EndSessionError::Hint(refusal) => refusal.code(),
            EndSessionError::OtherClient => "hint_of_other_client",
            EndSessionError::ClientUnknown => "client_unknown",
            EndSessionError::Address => "post_logout_redirect_uri",
            EndSessionError::State => "state_too_long",
            EndSessionError::Store(_) => "unknown",
        }
    }
}

/// Reads the request and says what is to be done, while `who` is signed in here.
pub async fn read(
    cx: &Context,
    issuer: &str,
    parameters: &Parameters,
    who: Option<&Who>,
) -> Result<Step, EndSessionError> {
    let state = parameters.get("state");
    if state.is_some_and(|state| state.len() > LONGEST_STATE) {
        return Err(EndSessionError::State);
    }
    let hint = match parameters.get("id_token_hint").map(|text| hint(cx, issuer, text)) {
        Some(Ok(hint)) => Some(hint),
        // A key that signed it long ago may be gone by now: it says as much as none.
        Some(Err(JwtRefusal::UnknownKey)) | None => None,
        Some(Err(refusal)) => return Err(EndSessionError::Hint(refusal)),
    };
    let named = match parameters.get("client_id") {
        Some(id) => Some(ClientId::parse(id).map_err(|_| EndSessionError::ClientUnknown)?),
        None => None,
    };
    if let (Some(hint), Some(named)) = (&hint, &named)
        && hint.client != *named
    {
        return Err(EndSessionError::OtherClient);
    }
    let id = hint.as_ref().map(|hint| hint.client.clone()).or(named);
    let stored = match id {
        Some(id) => {
            let found = cx.db.read(move |tx| clients::by_id(tx, &id)).await?;
            // What was turned off ends nothing and leads nowhere.
            Some(found.filter(|stored| stored.enabled).ok_or(EndSessionError::ClientUnknown)?)
        }
        None => None,
    };
    let to = match (parameters.get("post_logout_redirect_uri"), &stored) {
        (Some(to), Some(stored)) if !is_registered(&stored.client, to) => {
            return Err(EndSessionError::Address);
        }
        // Where nothing says who asks, there is nothing to hold the address against.
        (to, stored) => to.filter(|_| stored.is_some()).map(str::to_owned),
    };
    let leaving = Leaving {
        client: stored.as_ref().map(|stored| stored.client.id.clone()),
        state: state.filter(|_| to.is_some()).map(str::to_owned),
        to,
    };
    let Some(who) = who else { return Ok(Step::Nobody { leaving, proven: hint.is_some() }) };
    // An ID token of another browser, or of an earlier time, says nothing of whoever sits here now.
    let sid = who.session.sid.to_string();
    let here = |hint: HintedSession| {
        hint.subject == who.user.id.to_string() && hint.sid.is_none_or(|hinted| hinted == sid)
    };
    if hint.is_some_and(here) {
        return Ok(Step::End(leaving));
    }
    Ok(Step::Ask { application: stored.map(|stored| stored.application.name), leaving })
}

fn hint(cx: &Context, issuer: &str, text: &str) -> Result<HintedSession, JwtRefusal> {
    logout::hint(text, &cx.signing.current().verifying(), issuer)
}

/// As registered, to the letter (RP-Initiated Logout section 3).
fn is_registered(client: &Client, to: &str) -> bool {
    client.post_logout_redirect_uris.iter().any(|registered| registered == to)
}

/// What the signed-out page says and does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Farewell {
    /// Names of the applications that were signed out along with the session.
    pub applications: Vec<String>,
    /// What is loaded in frames, by name and address (OpenID Connect Front-Channel Logout 1.0).
    pub frames: Vec<(String, String)>,
    /// The application that asked, by name, and where it wants the person to be.
    pub go_on: Option<(String, String)>,
}

/// What is still to be said and done once a session has ended. Addresses are read again: those that are registered now.
pub async fn farewell(
    cx: &Context,
    issuer: &str,
    ended: Option<&SignedOutOf>,
    leaving: &Leaving,
) -> Result<Farewell, StoreError> {
    let (issuer, ended, leaving) = (issuer.to_owned(), ended.cloned(), leaving.clone());
    cx.db
        .read(move |tx| {
            let mut farewell = Farewell::default();
            if let Some(SignedOutOf { sid, clients: ids }) = &ended {
                for id in ids {
                    let Some(stored) = clients::by_id(tx, id)? else { continue };
                    let name = stored.application.name.clone();
                    if let Some(url) = frame(&stored.client, &issuer, *sid).filter(|_| stored.enabled) {
                        farewell.frames.push((name.clone(), url));
                    }
                    farewell.applications.push(name);
                }
            }
            if let (Some(id), Some(to)) = (&leaving.client, &leaving.to)
                && let Some(stored) = clients::by_id(tx, id)?
                && stored.enabled
                && is_registered(&stored.client, to)
            {
                farewell.go_on = Some((stored.application.name, with_state(to, leaving.state.as_deref())));
            }
            Ok(farewell)
        })
        .await
}

fn frame(client: &Client, issuer: &str, sid: SessionId) -> Option<String> {
    let uri = client.frontchannel_logout_uri.as_deref()?;
    let sid = sid.to_string();
    let session = client.frontchannel_session_required.then_some((issuer, sid.as_str()));
    Some(logout::frontchannel_url(uri, session))
}

/// The address with `state` in its query (section 3).
fn with_state(to: &str, state: Option<&str>) -> String {
    let Some(state) = state else { return to.to_owned() };
    let joint = if to.contains('?') { '&' } else { '?' };
    format!("{to}{joint}state={}", oidc::parameters::encode(state))
}

#[cfg(test)]
mod tests;
