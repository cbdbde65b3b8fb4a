//! From what the store knows to what the screens show.

use account::passkey::{Passkey, Place};
use account::policy::judge;
use service::{Settings, Who};

use crate::aaguid;
use crate::pages::security::{self, Backup, PasskeyCard};

/// A passkey as its card shows it to `who`.
pub(super) fn card(settings: &Settings, passkey: &Passkey, who: &Who) -> PasskeyCard {
    let session = &who.session;
    PasskeyCard {
        id: passkey.id.to_string(),
        name: passkey.name.clone(),
        provider: provider(passkey),
        place: match passkey.place {
            Place::SecurityKey => security::Place::SecurityKey,
            Place::ThisComputer | Place::Phone => security::Place::Device,
        },
        created: passkey.created,
        created_on: passkey.created_on.clone(),
        last_used: passkey.last_used,
        last_used_on: passkey.last_used_on.clone(),
        backup: match (passkey.backup_eligible, passkey.backed_up) {
            (true, true) => Backup::BackedUp,
            (true, false) => Backup::Possible,
            (false, _) => Backup::Never,
        },
        tried: passkey.tried,
        disabled: !passkey.is_enabled(),
        not_allowed: passkey.is_enabled() && settings.takes(&who.user, passkey).is_err(),
        model_broken: judge::reported(passkey, &settings.models).is_some(),
        counter_anomaly: passkey.counter_anomaly,
        this_session: session.evidence.passkey() == Some(passkey.id),
        highlighted: false,
    }
}

/// Its provider or model; a name to recognise it by, never a reason for anything.
pub(super) fn provider(passkey: &Passkey) -> Option<String> {
    aaguid::name(&passkey.aaguid).map(str::to_owned)
}
