//! SEC-2 to SEC-5: one passkey's details, name and removal.

use account::action::Action;
use account::audit::EventKind;
use account::methods::RemoveVerdict;
use account::passkey::{AttestationKind, Passkey, PasskeyId, parse_passkey_name};
use account::user::NameRefusal;
use axum::http::StatusCode;
use primitives::encoding;
use serde::Deserialize;
use service::Who;
use service::manage_passkeys::{self, ManagePasskeysError, Reason};
use store::audit::{Entry, Filter};

use super::security::id;
use super::{cards, passkeys_problem};
use crate::aaguid;
use crate::context::Visit;
use crate::fields::{Form, Path};
use crate::pages::Flash;
use crate::pages::security::{
    AttestationLine, NameProblem, PasskeyDetails, Removal, RemovePasskey, RenamePasskey, Use,
};
use crate::problem::{Answer, Stop};

/// Characters of a credential id that are enough to tell it from another.
const SHORT_ID: usize = 16;
/// Uses that are shown.
const USES: usize = 10;
/// Sign-ins among which they are looked for.
const SIGN_INS: u32 = 200;

async fn find(visit: &mut Visit, text: &str) -> Result<(Who, Passkey), Stop> {
    let who = visit.full().await?;
    let passkey_id: PasskeyId = id(text)?;
    let passkey =
        manage_passkeys::get(&visit.app.service, &who, passkey_id).await.map_err(passkeys_problem)?;
    Ok((who, passkey))
}

pub(super) async fn details(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let (who, passkey) = find(&mut visit, &text).await?;
    let uses = uses(&visit, &who, passkey.id).await?;
    let credential: String = encoding::base64url(&passkey.credential_id).chars().take(SHORT_ID).collect();
    let page = PasskeyDetails {
        shell: visit.shell_for(&who),
        aaguid: aaguid::spell(&passkey.aaguid),
        credential,
        transports: passkey.transports.clone(),
        attestation: match (passkey.attestation, passkey.attestation_trusted) {
            (_, true) => AttestationLine::Trusted,
            (AttestationKind::None | AttestationKind::SelfSigned, false) => AttestationLine::NotChecked,
            (_, false) => AttestationLine::Untrusted,
        },
        uses,
        passkey: cards::card(&visit.app.service.settings(), &passkey, &who),
    };
    visit.page(&page)
}

/// The latest sign-ins with this passkey, from the audit log.
async fn uses(visit: &Visit, who: &Who, id: PasskeyId) -> Result<Vec<Use>, Stop> {
    let kind = Some("signed_in".to_owned());
    let filter = Filter { subject: Some(who.user.id), kind, ..Filter::default() };
    let entries = service::read_audit::list(&visit.app.service, filter, SIGN_INS).await?;
    let of_this =
        |entry: &Entry| matches!(entry.event.kind, EventKind::SignedIn { passkey, .. } if passkey == id);
    let used = entries.into_iter().filter(of_this).map(|entry| {
        let client = entry.event.client.unwrap_or_default();
        Use { at: entry.event.at, device: client.browser, address: client.address }
    });
    Ok(used.take(USES).collect())
}

#[derive(Deserialize)]
pub(super) struct Name {
    #[serde(default)]
    pub(super) name: String,
}

pub(super) async fn rename_form(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let (who, passkey) = find(&mut visit, &text).await?;
    let shell = visit.shell_for(&who);
    visit.page(&RenamePasskey { shell, id: passkey.id.to_string(), name: passkey.name, problem: None })
}

pub(super) async fn rename(mut visit: Visit, Path(text): Path<String>, Form(form): Form<Name>) -> Answer {
    let (who, passkey) = find(&mut visit, &text).await?;
    let name = match parse_passkey_name(&form.name) {
        Ok(name) => name,
        Err(refusal) => {
            let (shell, id) = (visit.shell_for(&who), passkey.id.to_string());
            let page = RenamePasskey { shell, id, name: form.name, problem: Some(name_problem(refusal)) };
            return visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let mut caller = visit.caller();
    match manage_passkeys::rename(&visit.app.service, &mut caller, &who, passkey.id, &name).await {
        Ok(renamed) => {
            let all = manage_passkeys::list(&visit.app.service, &who).await.map_err(passkeys_problem)?;
            let duplicate = all.iter().filter(|other| other.name == renamed.name).count() > 1;
            visit.set_flash(&Flash::PasskeyRenamed { name, duplicate });
        }
        Err(error) => gone_or_problem(&mut visit, error)?,
    }
    visit.see_other("/me/security")
}

/// What is gone is told on the list, which is current again; anything else is a problem.
fn gone_or_problem(visit: &mut Visit, error: ManagePasskeysError) -> Result<(), Stop> {
    if error == ManagePasskeysError::NotFound {
        visit.set_flash(&Flash::AlreadyGone);
        Ok(())
    } else {
        Err(passkeys_problem(error))
    }
}

/// What the form says about a name that was not accepted.
pub(super) fn name_problem(refusal: NameRefusal) -> NameProblem {
    match refusal {
        NameRefusal::Empty => NameProblem::Empty,
        NameRefusal::TooLong => NameProblem::TooLong,
        NameRefusal::ControlCharacter => NameProblem::ControlCharacters,
    }
}

#[derive(Deserialize)]
pub(super) struct Removing {
    #[serde(default)]
    reason: String,
}

async fn remove_page(visit: &mut Visit, who: &Who, passkey: &Passkey) -> Result<RemovePasskey, Stop> {
    let verdict = manage_passkeys::remove_verdict(&visit.app.service, who, passkey.id)
        .await
        .map_err(passkeys_problem)?;
    let required =
        manage_passkeys::is_required(&visit.app.service, who, passkey.id).await.map_err(passkeys_problem)?;
    let digest = Action::RemovePasskey(passkey.id).digest(who.session.id);
    Ok(RemovePasskey {
        removal: match verdict {
            RemoveVerdict::LastMethod => Removal::LastWay,
            _ if required => Removal::TwoRequired,
            RemoveVerdict::Allowed | RemoveVerdict::LastPasskey | RemoveVerdict::NotFound => Removal::Allowed,
        },
        last_passkey: matches!(verdict, RemoveVerdict::LastPasskey),
        confirm: !who.session.has_confirmed(&digest, visit.now()),
        reason_missing: false,
        passkey: cards::card(&visit.app.service.settings(), passkey, who),
        shell: visit.shell_for(who),
    })
}

pub(super) async fn remove_form(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let (who, passkey) = find(&mut visit, &text).await?;
    let page = remove_page(&mut visit, &who, &passkey).await?;
    visit.page(&page)
}

pub(super) async fn remove(mut visit: Visit, Path(text): Path<String>, Form(form): Form<Removing>) -> Answer {
    let who = visit.full().await?;
    let passkey_id: PasskeyId = id(&text)?;
    let passkey = match manage_passkeys::get(&visit.app.service, &who, passkey_id).await {
        Ok(passkey) => passkey,
        Err(error) => {
            gone_or_problem(&mut visit, error)?;
            return visit.see_other("/me/security");
        }
    };
    let reason = match form.reason.as_str() {
        "lost" => Reason::Lost,
        "unused" => Reason::Unused,
        _ => {
            let page =
                RemovePasskey { reason_missing: true, ..remove_page(&mut visit, &who, &passkey).await? };
            return visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let mut caller = visit.caller();
    match manage_passkeys::remove(&visit.app.service, &mut caller, &who, passkey.id, reason).await {
        Ok(removed) if removed.signed_out => {
            visit.end_session();
            visit.see_other("/signed-out")
        }
        Ok(_) => {
            let (name, provider) = (passkey.name.clone(), cards::provider(&passkey));
            visit.set_flash(&Flash::PasskeyRemoved { name, provider, lost: reason == Reason::Lost });
            visit.see_other("/me/security")
        }
        Err(ManagePasskeysError::ConfirmNeeded) => {
            let reason = if reason == Reason::Lost { "lost" } else { "unused" };
            visit.see_other(&format!("/me/confirm?for=remove-passkey&target={}&reason={reason}", passkey.id))
        }
        Err(ManagePasskeysError::LastMethod) => {
            let page = remove_page(&mut visit, &who, &passkey).await?;
            visit.page_with(StatusCode::CONFLICT, &page)
        }
        Err(error) => {
            gone_or_problem(&mut visit, error)?;
            visit.see_other("/me/security")
        }
    }
}
