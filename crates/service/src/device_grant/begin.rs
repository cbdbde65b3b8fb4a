//! A device asks for its codes.

use account::device_code::{DeviceCode, FIRST_PAUSE, LIFETIME, MOST, MOST_OF_ONE, Request, State};
use oidc::client::{Client, GrantType};
use oidc::device;
use oidc::scope::{OFFLINE_ACCESS, Scopes};
use primitives::id::Id;
use primitives::secret::Token;
use primitives::time::Span;
use store::{Tx, device_codes};

use super::DeviceError;
use crate::client_authentication::AuthenticatedClient;
use crate::context::{Caller, Context};
use crate::drawn::Drawn;

/// How often a code is drawn anew that another device shows already.
const DRAWS: usize = 8;

/// What a device is given (RFC 8628 section 3.2).
#[derive(Clone, Debug)]
pub struct Begun {
    /// What it asks with.
    pub device_code: Token,
    /// What it shows, such as `WDJB-MJHT`.
    pub user_code: String,
    /// How long both work.
    pub expires_in: Span,
    /// How long it waits between two questions.
    pub interval: Span,
}

/// Gives a device of that application its codes; where it asks from is what the person will be shown.
pub async fn begin(
    cx: &Context,
    caller: &mut Caller,
    authenticated: &AuthenticatedClient,
    scopes: Scopes,
    resources: Vec<String>,
) -> Result<Begun, DeviceError> {
    let client = &authenticated.stored.client;
    if !client.may(GrantType::DeviceCode) {
        return Err(DeviceError::NotAllowed);
    }
    if !resources.iter().all(|resource| client.resources.contains(resource)) {
        return Err(DeviceError::Resource);
    }
    let scopes = allowed(client, &scopes);
    let request = Request { scopes: scopes.to_string(), resources, device: caller.client.clone() };
    let (authenticated, drawn) = (authenticated.clone(), Drawn::from(caller));
    cx.db
        .write(move |tx| {
            if !authenticated.spend(tx)? {
                return Err(DeviceError::AssertionUsed);
            }
            store(tx, authenticated.id().as_str(), &request, drawn.clone())
        })
        .await
}

/// What the application did not register is left out, as at the authorization endpoint.
fn allowed(client: &Client, asked: &Scopes) -> Scopes {
    let scopes = asked.and(&client.scopes);
    let away = Scopes::parse(OFFLINE_ACCESS).unwrap_or_default();
    if client.may(GrantType::RefreshToken) { scopes } else { scopes.without(&away) }
}

fn store(tx: &mut Tx<'_>, client: &str, request: &Request, mut drawn: Drawn) -> Result<Begun, DeviceError> {
    let now = tx.now()?;
    let (all, here) = device_codes::count(tx, &request.device.address, MOST.max(MOST_OF_ONE))?;
    if all >= MOST || here >= MOST_OF_ONE {
        return Err(DeviceError::TooMany);
    }
    let device_code = Token::generate(&mut drawn);
    let code = DeviceCode {
        id: Id::new(now, &mut drawn),
        client: client.to_owned(),
        request: request.clone(),
        state: State::Waiting,
        polled: None,
        pause: FIRST_PAUSE,
        created: now,
        ends: now + LIFETIME,
    };
    for _ in 0..DRAWS {
        let user_code = device::user_code(&mut drawn);
        if device_codes::insert(tx, &code, &device_code, &user_code)? {
            return Ok(Begun { device_code, user_code, expires_in: LIFETIME, interval: FIRST_PAUSE });
        }
    }
    Err(DeviceError::TooMany)
}
