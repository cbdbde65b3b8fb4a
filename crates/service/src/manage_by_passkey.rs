//! What a person does to a passkey in the authenticator that holds it: the server is told by an assertion of that very
//! passkey, bound to what is to be done (DESIGN 5a.11).
//!
//! Nothing but that passkey is asked for, and no session is opened: whoever can use it could sign in and do the same.
//! Whether there is such a passkey is told only to whoever has answered with it.

use account::audit::{Actor, EventKind};
use account::evidence::Evidence;
use account::passkey::{self, Passkey, PasskeyId};
use account::policy::Area;
use account::user::{NameRefusal, User};
use fido::CredentialDescriptor;
use primitives::digest::{self, Digest};
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, passkeys};
use webauthn::{AuthenticationRequest, AuthenticationState, authentication};

use crate::assertion::{self, Failed, NewSession};
use crate::attest_devices::{self, AttestError, Certified, Issuing};
use crate::ceremony::{self, CeremonyError, Purpose, Started};
use crate::context::{Caller, Context, Settings};
use crate::events::Pen;
use crate::manage_passkeys::{self, ManagePasskeysError};
use crate::moved::Party;

/// What a person wants done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wish {
    /// To see the account's passkeys.
    List,
    /// To give this one another name.
    Rename(String),
    /// To remove this one.
    Remove,
    /// To have the device that holds it certified, or its certificate made anew.
    Attest,
}

impl Wish {
    /// A wish for that name; what is no name is none.
    pub fn rename(name: &str) -> Result<Self, NameRefusal> {
        passkey::parse_passkey_name(name).map(Wish::Rename)
    }

    /// The stable name.
    pub fn as_str(&self) -> &'static str {
        match self {
            Wish::List => "list",
            Wish::Rename(_) => "rename",
            Wish::Remove => "remove",
            Wish::Attest => "attest",
        }
    }

    fn digest(&self, credential: &[u8]) -> Digest {
        let name = if let Wish::Rename(name) = self { name.as_bytes() } else { &[] };
        let name = digest::sha256(name);
        digest::sha256_parts(&[
            b"keyward authenticator action v1\0",
            self.as_str().as_bytes(),
            &name,
            credential,
        ])
    }
}

#[derive(Serialize, Deserialize)]
struct State {
    ceremony: AuthenticationState,
    wish: Wish,
    credential: fido::credential::Base64Url,
}

/// What was done.
#[derive(Clone, Debug)]
pub enum Done {
    /// Everything that the account has, oldest first, and which of it answered.
    Listed {
        /// Whose they are.
        user: Box<User>,
        /// The passkeys.
        passkeys: Vec<Passkey>,
        /// The one that answered.
        this: PasskeyId,
    },
    /// It has that name.
    Renamed(Box<Passkey>),
    /// It is gone.
    Removed {
        /// What it was.
        passkey: Box<Passkey>,
        /// What is left.
        remaining: Vec<Passkey>,
    },
    /// The device is certified.
    Attested(Box<Certified>),
}

/// Why nothing was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManageError {
    /// The ceremony was refused.
    Ceremony(CeremonyError),
    /// The passkey stays as it is.
    Passkey(ManagePasskeysError),
    /// The device was not certified.
    Attest(AttestError),
    /// The store failed.
    Store(StoreError),
}

impl From<CeremonyError> for ManageError {
    fn from(error: CeremonyError) -> Self {
        match error {
            CeremonyError::Store(error) => ManageError::Store(error),
            other => ManageError::Ceremony(other),
        }
    }
}

impl From<ManagePasskeysError> for ManageError {
    fn from(error: ManagePasskeysError) -> Self {
        match error {
            ManagePasskeysError::Store(error) => ManageError::Store(error),
            other => ManageError::Passkey(other),
        }
    }
}

impl From<AttestError> for ManageError {
    fn from(error: AttestError) -> Self {
        match error {
            AttestError::Store(error) => ManageError::Store(error),
            AttestError::Ceremony(error) => error.into(),
            other => ManageError::Attest(other),
        }
    }
}

impl From<StoreError> for ManageError {
    fn from(error: StoreError) -> Self {
        ManageError::Store(error)
    }
}

impl ManageError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ManageError::Ceremony(error) => error.code(),
            ManageError::Passkey(error) => error.code(),
            ManageError::Attest(error) => error.code(),
            ManageError::Store(_) => "unknown",
        }
    }
}

/// Asks for an assertion by the passkey with that credential id, whether there is one or not.
pub fn begin(cx: &Context, caller: &mut Caller, credential: &[u8], wish: Wish) -> Started {
    let mut request = AuthenticationRequest::discoverable("manage");
    request.allow = vec![CredentialDescriptor::new(credential.to_vec(), Vec::new())];
    request.binding = wish.digest(credential);
    let (options, ceremony) =
        authentication::begin(&cx.relying_party, request, caller.now, caller.entropy.as_mut());
    let state = State { ceremony, wish, credential: credential.to_vec().into() };
    let state = ceremony::seal_state(cx, caller, Purpose::Manage, None, &state);
    Started { options: ceremony::json(&options), state }
}

/// Does it. `request` is the key that [`Wish::Attest`] wants certified.
pub async fn finish(
    cx: &Context,
    caller: &mut Caller,
    state: &str,
    response: &str,
    request: Option<&attest_devices::Request>,
) -> Result<Done, ManageError> {
    let state: State = ceremony::open_state(cx, caller, Purpose::Manage, None, state)?;
    if state.ceremony.binding != state.wish.digest(&state.credential) {
        return Err(CeremonyError::Seal.into());
    }
    let proven = match (&state.wish, request) {
        (Wish::Attest, Some(request)) => Some(attest_devices::proven(request, &state.ceremony.challenge)?),
        (Wish::Attest, None) => return Err(AttestError::Key.into()),
        _ => None,
    };
    let issuing = proven.map(|proven| {
        let pen = Pen::new(caller, Actor::System);
        Issuing::new(cx, caller, proven, pen)
    });
    match attempt(cx, caller, &state, response, issuing).await {
        Ok(done) => Ok(done),
        Err(Refused::Ceremony(failed)) => {
            let action = format!("authenticator-{}", state.wish.as_str());
            let kind = |code, _| EventKind::ConfirmRefused { action, code };
            assertion::record(cx, caller, &failed, None, kind).await;
            Err(failed.error.into())
        }
        Err(Refused::Other(error)) => Err(error),
    }
}

/// Refused by the ceremony, which is recorded, or by the rules of what was asked for.
enum Refused {
    Ceremony(Box<Failed>),
    Other(ManageError),
}

impl From<Failed> for Refused {
    fn from(failed: Failed) -> Self {
        Refused::Ceremony(Box::new(failed))
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Refused::Other(error.into())
    }
}

impl From<ManagePasskeysError> for Refused {
    fn from(error: ManagePasskeysError) -> Self {
        Refused::Other(error.into())
    }
}

async fn attempt(
    cx: &Context,
    caller: &mut Caller,
    state: &State,
    response: &str,
    issuing: Option<Issuing>,
) -> Result<Done, Refused> {
    let asserted =
        assertion::verify(cx, caller.now, (Party::Current, &state.ceremony), response, None).await?;
    let owner = asserted.id().1;
    let (new, pen) = (NewSession::new(cx, caller), Pen::new(caller, Actor::User(owner)));
    let (wish, settings) = (state.wish.clone(), cx.settings());
    let issuing = issuing.map(|issuing| issuing.by(pen.clone()));
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let mut pen = pen.clone();
            let (user, passkey) = asserted.settle(tx, now, &new, &mut pen)?;
            let proven = Evidence::from_assertion(&passkey, asserted.user_verified, now);
            // As much as the pages ask of who does the same there.
            let place = match wish {
                Wish::Remove | Wish::Attest => Area::SecurityInfo,
                Wish::List | Wish::Rename(_) => Area::Portal,
            };
            if !settings.reaches(&user, place, &proven) {
                return Err(asserted.failed(CeremonyError::TooWeak).into());
            }
            match &wish {
                Wish::List => {
                    let passkeys = passkeys::of_user(tx, user.id)?;
                    Ok(Done::Listed { user: Box::new(user), passkeys, this: passkey.id })
                }
                Wish::Rename(name) => rename(tx, now, passkey, name, &mut pen),
                Wish::Remove => remove(tx, (now, &settings), &user, passkey.id, &mut pen),
                Wish::Attest => match issuing.clone() {
                    Some(mut issuing) => {
                        let certified =
                            issuing.run(tx, &user).map_err(|error| Refused::Other(error.into()))?;
                        Ok(Done::Attested(Box::new(certified)))
                    }
                    None => Err(Refused::Other(AttestError::Key.into())),
                },
            }
        })
        .await
}

fn rename(
    tx: &mut Tx<'_>,
    now: Timestamp,
    passkey: Passkey,
    name: &str,
    pen: &mut Pen,
) -> Result<Done, Refused> {
    if passkey.name != name {
        if !passkeys::rename(tx, passkey.user, passkey.id, name)? {
            return Err(ManagePasskeysError::NotFound.into());
        }
        let kind = EventKind::PasskeyRenamed { passkey: passkey.id };
        pen.write(tx, now, Some(passkey.user), kind)?;
    }
    Ok(Done::Renamed(Box::new(Passkey { name: name.to_owned(), ..passkey })))
}

fn remove(
    tx: &mut Tx<'_>,
    (now, settings): (Timestamp, &Settings),
    user: &User,
    id: PasskeyId,
    pen: &mut Pen,
) -> Result<Done, Refused> {
    manage_passkeys::may_remove(tx, now, settings, user, id)?;
    let (passkey, remaining, _) = manage_passkeys::take_away(tx, now, user, (id, false, None), pen)?;
    Ok(Done::Removed { passkey: Box::new(passkey), remaining })
}
