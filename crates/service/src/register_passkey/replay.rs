//! The same answer sent again gets the same passkey: a lost reply loses nothing.

use account::passkey::{Passkey, PasskeyId};
use account::user::UserId;
use primitives::digest::{self, Digest};
use store::spent::{self, SpentKey};
use store::{Tx, passkeys};

use super::State;
use crate::ceremony::CeremonyError;
use crate::context::Context;

/// The passkey that this very answer stored before. Looked for first, because by now its challenge may have expired
/// and its pass is spent.
pub(super) async fn stored_before(
    cx: &Context,
    user: UserId,
    state: &State,
    answer: Digest,
) -> Result<Option<Passkey>, CeremonyError> {
    let (challenge, expires) = (state.ceremony.challenge.to_vec(), state.ceremony.expires);
    cx.db
        .read(move |tx| {
            let key = SpentKey::new(expires, &digest::sha256(&challenge));
            match spent::outcome_of(tx, &key)? {
                Some(outcome) => replayed(tx, user, &outcome, &answer).map(Some),
                None => Ok(None),
            }
        })
        .await
}

pub(crate) fn replayed(
    tx: &mut Tx<'_>,
    user: UserId,
    outcome: &[u8],
    answer: &Digest,
) -> Result<Passkey, CeremonyError> {
    let id = outcome
        .split_first_chunk::<16>()
        .filter(|(_, stored)| *stored == answer)
        .map(|(id, _)| PasskeyId::from_bytes(*id))
        .ok_or(CeremonyError::Replayed)?;
    passkeys::by_id(tx, user, id)?.ok_or(CeremonyError::NotFound)
}
