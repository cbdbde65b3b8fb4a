//! A request comes in, by the browser or pushed ahead by its client (RFC 9126).

use account::user::UserId;
use oidc::authorization::{self, Arrival, Refusal, Refused, Request};
use oidc::client::ClientId;
use oidc::dpop::Proof;
use oidc::logout;
use oidc::parameters::Parameters;
use oidc::pushed;
use oidc::redirect;
use oidc::request_object::{self, RequestObjectRefusal};
use oidc::response::AuthorizationResponse;
use primitives::seal;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use store::clients::{self, Stored};
use store::{StoreError, Tx};

use super::{Pending, ready};
use crate::client_authentication::{self, AuthenticatedClient, ClientError};
use crate::context::{Caller, Context};
use crate::tokens;

/// How long a pushed request is good for.
pub const PUSHED_FOR: Span = Span::from_secs(90);

/// What the seal of a pushed request is for.
const PURPOSE: &str = "keyward pushed request";

/// Why nothing waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BeginError {
    /// It is shown to the person (OC-4), with the application's name where there is one. The browser is led nowhere.
    Shown(Refusal, Option<String>),
    /// The application is answered.
    Answered(Refusal, AuthorizationResponse),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for BeginError {
    fn from(error: StoreError) -> Self {
        BeginError::Store(error)
    }
}

impl BeginError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            BeginError::Shown(refusal, _) | BeginError::Answered(refusal, _) => refusal.code(),
            BeginError::Store(_) => "unknown",
        }
    }
}

/// Reads a request as the browser brought it.
pub async fn begin(
    cx: &Context,
    now: Timestamp,
    issuer: &str,
    parameters: &str,
) -> Result<Pending, BeginError> {
    let shown = |refusal| BeginError::Shown(refusal, None);
    let parameters = Parameters::parse(parameters).map_err(|refusal| shown(Refusal::Parameters(refusal)))?;
    let id = authorization::client_id(&parameters).map_err(shown)?;
    let stored = known(cx, id).await?.ok_or(shown(Refusal::ClientUnknown))?;
    if !stored.enabled {
        // Its name says to people that it is known, and turned off.
        return Err(BeginError::Shown(Refusal::ClientUnknown, Some(stored.application.name)));
    }
    let now = cx.db.not_before(now);
    match read(cx, now, issuer, &stored, &parameters) {
        Ok(pending) => Ok(pending),
        Err(Refused::Shown(refusal)) => {
            Err(BeginError::Shown(refusal, Some(stored.application.name.clone())))
        }
        Err(Refused::Answered(refusal, answer)) => match ready(cx, now, &stored, answer) {
            Ok(answer) => Err(BeginError::Answered(refusal, answer)),
            // Where nobody can sign there is nothing that may leave.
            Err(_) => Err(BeginError::Shown(refusal, Some(stored.application.name.clone()))),
        },
    }
}

async fn known(cx: &Context, id: ClientId) -> Result<Option<Stored>, StoreError> {
    cx.db.read(move |tx: &mut Tx<'_>| clients::by_id(tx, &id)).await
}

fn read(
    cx: &Context,
    now: Timestamp,
    issuer: &str,
    stored: &Stored,
    parameters: &Parameters,
) -> Result<Pending, Refused> {
    let client = &stored.client;
    let refuse = |refusal| authorization::refuse(parameters, client, issuer, refusal);
    let request = match parameters.get("request_uri") {
        Some(_) if parameters.get("request").is_some() => {
            return Err(refuse(Refusal::RequestObject(RequestObjectRefusal::Nested)));
        }
        Some(uri) => {
            let sealed = pushed::sealed_of(uri).ok_or_else(|| refuse(Refusal::RequestUriForeign))?;
            let request = open(cx, now, &client.id, &sealed);
            let request = request.ok_or_else(|| refuse(Refusal::RequestUriInvalid))?;
            // What was registered then may be gone now.
            let registered =
                client.redirect_uris.iter().any(|uri| redirect::matches(uri, &request.redirect_uri));
            if !registered {
                return Err(Refused::Shown(Refusal::RedirectUriMismatch));
            }
            request
        }
        None => read_parameters(cx, now, stored, parameters, (issuer, false))?,
    };
    let hinted = hinted(cx, issuer, stored, &request).map_err(|refusal| {
        let to = request.recipient(issuer);
        let answer = AuthorizationResponse::error(to, refusal.error(), refusal.description());
        Refused::Answered(refusal, answer)
    })?;
    // The hint is long, and nobody needs it any more.
    let request = Request { id_token_hint: None, ..request };
    Ok(Pending { request, received: now, hinted, chosen: false, without: false })
}

/// The request of parameters, or of the object among them that the client signed.
fn read_parameters(
    cx: &Context,
    now: Timestamp,
    stored: &Stored,
    parameters: &Parameters,
    (issuer, pushed): (&str, bool),
) -> Result<Request, Refused> {
    let client = &stored.client;
    let Some(object) = parameters.get("request") else {
        return authorization::read(parameters, client, Arrival { issuer, pushed, signed: false });
    };
    let refuse = |refusal| authorization::refuse(parameters, client, issuer, Refusal::RequestObject(refusal));
    let keys =
        client_authentication::keys_of(cx, client).map_err(|_| refuse(RequestObjectRefusal::KeysMissing))?;
    let signed = request_object::verify(client, &keys, object, issuer, now).map_err(refuse)?;
    authorization::read(&signed, client, Arrival { issuer, pushed, signed: true })
}

/// Whom the request is about: by an ID token of ours for this client, or by `sub` among its claims.
fn hinted(cx: &Context, issuer: &str, stored: &Stored, request: &Request) -> Result<Option<UserId>, Refusal> {
    let mut subjects: Vec<String> = request.claims.subjects().map(str::to_owned).collect();
    if let Some(hint) = &request.id_token_hint {
        let keys = cx.signing.current().verifying();
        let hint = logout::hint(hint, &keys, issuer).map_err(|_| Refusal::IdTokenHint)?;
        if hint.client != *stored.id() {
            return Err(Refusal::IdTokenHint);
        }
        subjects = vec![hint.subject];
    }
    match subjects.as_slice() {
        [] => Ok(None),
        // Nobody has an id that is none.
        [one] => Ok(Some(one.parse().unwrap_or(UserId::from_bytes([0; 16])))),
        _ => Err(Refusal::IdTokenHint),
    }
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    request: Request,
    made: Timestamp,
}

fn open(cx: &Context, now: Timestamp, client: &ClientId, sealed: &[u8]) -> Option<Request> {
    let plain = seal::open(&cx.keys, PURPOSE, client.as_str().as_bytes(), sealed).ok()?;
    let sealed: Sealed = serde_json::from_slice(&plain).ok()?;
    (now < sealed.made + PUSHED_FOR).then_some(sealed.request)
}

/// A request that was pushed ahead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// What the browser brings in its place.
    pub request_uri: String,
    /// How long it is good for.
    pub expires_in: Span,
}

/// Why a request was not taken ahead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushError {
    /// It breaks a rule.
    Refused(Refusal),
    /// The client's assertion was used before.
    Client(ClientError),
    /// The proof of possession was used before, or is of another key.
    Proof(tokens::TokenError),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for PushError {
    fn from(error: StoreError) -> Self {
        PushError::Store(error)
    }
}

impl PushError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            PushError::Refused(refusal) => refusal.code(),
            PushError::Client(error) => error.code(),
            PushError::Proof(error) => error.code(),
            PushError::Store(_) => "unknown",
        }
    }
}

/// Takes a request ahead of the browser. Nothing is stored: what the client gets back is the request itself, sealed to it.
pub async fn push(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    authenticated: &AuthenticatedClient,
    (parameters, proof): (&Parameters, Option<&Proof>),
) -> Result<Pushed, PushError> {
    let (stored, now) = (&authenticated.stored, cx.db.not_before(caller.now));
    let refused = |refused: Refused| PushError::Refused(refused.refusal());
    let mut request = read_parameters(cx, now, stored, parameters, (issuer, true)).map_err(refused)?;
    if let Some(proof) = proof {
        tokens::proves(request.dpop_jkt.as_deref(), Some(proof)).map_err(PushError::Proof)?;
        request.dpop_jkt = Some(proof.jkt.clone());
    }
    spend(cx, authenticated, proof).await?;
    let plain = serde_json::to_vec(&Sealed { request, made: now })
        .unwrap_or_else(|_| unreachable!("requests hold only what JSON can say"));
    let client = stored.id().as_str().as_bytes();
    let sealed = seal::seal(&cx.keys, PURPOSE, client, &plain, caller.now, caller.entropy.as_mut());
    if sealed.len() > pushed::LONGEST {
        return Err(PushError::Refused(Refusal::Parameters(oidc::parameters::ParameterRefusal::TooLong)));
    }
    Ok(Pushed { request_uri: pushed::request_uri(&sealed), expires_in: PUSHED_FOR })
}

/// Uses up what works once, in a commit of its own where nothing else is written.
async fn spend(
    cx: &Context,
    authenticated: &AuthenticatedClient,
    proof: Option<&Proof>,
) -> Result<(), PushError> {
    if !authenticated.is_once() && proof.is_none() {
        return Ok(());
    }
    let (authenticated, proof) = (authenticated.clone(), proof.cloned());
    cx.db
        .write(move |tx| {
            if !authenticated.spend(tx)? {
                return Err(PushError::Client(ClientError::AssertionUsed));
            }
            match &proof {
                Some(proof) if !tokens::spend_proof(tx, proof)? => {
                    Err(PushError::Proof(tokens::TokenError::ProofUsed))
                }
                _ => Ok(()),
            }
        })
        .await
}
