//! An application's picture. What was uploaded is drawn anew before it comes here; it decides nothing.

use account::action::Action;
use account::audit::EventKind;
use oidc::client::ClientId;
use primitives::digest::{self, Digest};
use store::StoreError;
use store::clients::{self, Stored};

use super::{ClientAdminError, Doing, digest_of};
use crate::context::{Authority, Caller, Context};

/// Longest picture in bytes, as it is kept.
const LONGEST: usize = 512 * 1024;

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// PNG.
    pub png: Vec<u8>,
    /// Its digest, which its address holds.
    pub digest: Digest,
}

/// That application's picture.
pub async fn logo(cx: &Context, client: ClientId) -> Result<Option<Logo>, StoreError> {
    let found = cx.db.read(move |tx| clients::logo(tx, &client)).await?;
    Ok(found.map(|(png, digest)| Logo { png, digest }))
}

/// Gives an application another picture, or none. A picture decides nothing, so that it needs the confirmation of no
/// terms: the one of the application is enough.
pub async fn set_logo(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    (client, png): (ClientId, Option<Vec<u8>>),
) -> Result<(), ClientAdminError> {
    if png.as_ref().is_some_and(|png| png.len() > LONGEST) {
        return Err(ClientAdminError::Logo("client_logo_too_long"));
    }
    let doing = Doing::new(cx, caller, authority);
    cx.db
        .write(move |tx| {
            let (now, doing) = (tx.now()?, doing.clone());
            doing.authorise(tx, now, Action::ChangeClient(digest_of(&client)))?;
            let stored = clients::lock(tx, &client)?.ok_or(ClientAdminError::NotFound)?;
            let digest = png.as_deref().map(digest::sha256);
            clients::set_logo(tx, &client, png.as_deref().zip(digest.as_ref()))?;
            // The row says when it last changed: an older one put back shows against the event.
            clients::update(tx, &Stored { changed: now, ..stored.clone() })?;
            let kind = EventKind::ClientChanged { client: client.to_string(), enabled: stored.enabled };
            doing.write(tx, now, kind, &stored.application.name)?;
            Ok(())
        })
        .await
}
