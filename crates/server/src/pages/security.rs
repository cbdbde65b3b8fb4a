//! Security info: SEC-1 to SEC-5.

use askama::Template;
use primitives::encoding;
use primitives::time::{Span, Timestamp};
use serde_json::json;

use super::methods::MethodRows;
use super::{Ceremony, Shell};
use crate::text::{Html, json_block};

/// Where a passkey lives, as the person chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// This computer, or a phone: a device.
    Device,
    /// A security key.
    SecurityKey,
}

/// Whether a passkey survives its device (experience R27).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backup {
    /// Backed up (BE and BS).
    BackedUp,
    /// Can be backed up, is not yet (BE, not BS).
    Possible,
    /// Stays where it is (not BE).
    Never,
}

/// A passkey on a card of SEC-1 or on SEC-2.
#[derive(Clone, Debug)]
pub struct PasskeyCard {
    /// Its id, as in the address.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its provider or model by AAGUID.
    pub provider: Option<String>,
    /// Where it lives.
    pub place: Place,
    /// When it was created.
    pub created: Timestamp,
    /// On what, such as `Chrome on Windows`; may be empty.
    pub created_on: String,
    /// When it last signed in.
    pub last_used: Option<Timestamp>,
    /// On what.
    pub last_used_on: Option<String>,
    /// Whether it survives its device.
    pub backup: Backup,
    /// It was tried once, or has signed in.
    pub tried: bool,
    /// Turned off by the organisation.
    pub disabled: bool,
    /// Not taken by policy any more.
    pub not_allowed: bool,
    /// Its model was reported broken.
    pub model_broken: bool,
    /// Its counter went backwards: it may have been copied.
    pub counter_anomaly: bool,
    /// It opened this session.
    pub this_session: bool,
    /// It was just created or changed: the card is marked.
    pub highlighted: bool,
}

impl PasskeyCard {
    fn is_key(&self) -> bool {
        self.place == Place::SecurityKey
    }

    /// Created in the last 72 hours.
    fn is_new(&self, shell: &Shell) -> bool {
        shell.now.since(self.created) < Span::from_hours(72)
    }

    /// Not used for 180 days.
    fn is_stale(&self, shell: &Shell) -> bool {
        shell.now.since(self.last_used.unwrap_or(self.created)) > Span::from_days(180)
    }

    fn backup_badge(&self, shell: &Shell) -> String {
        match (self.backup, &self.provider, self.place) {
            (Backup::BackedUp, Some(provider), _) => {
                shell.say("badge-backed-up-in").with("provider", provider)
            }
            (Backup::BackedUp, None, _) => shell.say("badge-backed-up"),
            (Backup::Possible, _, _) => shell.say("badge-not-yet-backed-up"),
            (Backup::Never, _, Place::Device) => shell.say("badge-only-this-device"),
            (Backup::Never, _, Place::SecurityKey) => shell.say("badge-only-this-key"),
        }
        .to_string()
    }

    fn created_line(&self, shell: &Shell) -> Html {
        if self.created_on.is_empty() {
            shell.say("passkey-created").on("date", &self.created).html()
        } else {
            shell.say("passkey-created-on").on("date", &self.created).with("device", &self.created_on).html()
        }
    }

    fn used_line(&self, shell: &Shell) -> Html {
        match (self.last_used, &self.last_used_on) {
            (Some(at), Some(device)) => {
                shell.say("passkey-used-on").at("date", &at).with("device", device).html()
            }
            (Some(at), None) => shell.say("passkey-used").at("date", &at).html(),
            (None, _) => shell.say("passkey-never-used").html(),
        }
    }
}

/// The temporary access pass as its owner sees it.
#[derive(Clone, Copy, Debug)]
pub struct PassRow {
    /// What can be done with it now.
    pub state: PassRowState,
    /// When it starts to work.
    pub starts: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
    /// Good for one use only.
    pub one_time: bool,
}

/// What can be done with a pass now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassRowState {
    /// It works.
    Usable,
    /// It starts later.
    NotYetValid,
    /// It is over.
    Expired,
    /// It was used.
    Used,
}

impl PassRow {
    fn line(&self, shell: &Shell) -> Html {
        match self.state {
            PassRowState::Usable if self.one_time => {
                shell.say("pass-usable-once").at("ends", &self.ends).html()
            }
            PassRowState::Usable => shell.say("pass-usable").at("ends", &self.ends).html(),
            PassRowState::NotYetValid => {
                shell.say("pass-not-yet").at("starts", &self.starts).at("ends", &self.ends).html()
            }
            PassRowState::Expired => shell.say("pass-expired").at("ends", &self.ends).html(),
            PassRowState::Used => shell.say("pass-used").html(),
        }
    }
}

/// A wizard that was left before its end.
#[derive(Clone, Debug)]
pub struct Resume {
    /// The passkey that waits for its name or its first try; `None` while a phone has still to create it.
    pub name: Option<String>,
    /// The step to go on with, a path of ours.
    pub next: String,
}

/// What the Signal API tells the browser's password managers (experience R29, R30): always the complete list.
#[derive(Clone, Debug)]
pub struct Signals {
    /// The relying party's id.
    pub rp_id: String,
    /// The WebAuthn user handle.
    pub user_handle: Vec<u8>,
    /// Login name.
    pub login: String,
    /// Display name.
    pub name: String,
    /// Every credential of the account, the disabled ones too.
    pub credential_ids: Vec<Vec<u8>>,
}

impl Signals {
    fn block(&self) -> Html {
        let ids: Vec<String> = self.credential_ids.iter().map(|id| encoding::base64url(id)).collect();
        json_block(&json!({
            "rpId": self.rp_id,
            "userId": encoding::base64url(&self.user_handle),
            "name": self.login,
            "displayName": self.name,
            "allAcceptedCredentialIds": ids,
        }))
    }
}

/// SEC-1, `/me/security`; SEC-5 is its flash.
#[derive(Template)]
#[template(path = "security/info.html")]
pub struct SecurityInfo {
    /// The frame.
    pub shell: Shell,
    /// All passkeys, newest first.
    pub passkeys: Vec<PasskeyCard>,
    /// The account's pass, if there is one to show.
    pub pass: Option<PassRow>,
    /// What stands beside passkeys and the pass.
    pub methods: MethodRows,
    /// A full sign-in with a password has just ended: the browser may save a passkey by itself (experience R18).
    pub silent: bool,
    /// Passkeys are frozen since something was reported, and this session may lift that.
    pub frozen: bool,
    /// A wizard that waits to be finished.
    pub resume: Option<Resume>,
    /// Say that one passkey is one too few; "Later" posts to `/me/security/later`.
    pub nudge: bool,
    /// The greatest number of passkeys.
    pub limit: i64,
    /// The person orders or picks up passes for others.
    pub orders: bool,
    /// What to tell the browser; `None` in an onboarding session without a passkey.
    pub signals: Option<Signals>,
}

impl SecurityInfo {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("security-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn count(&self) -> i64 {
        i64::try_from(self.passkeys.len()).unwrap_or(i64::MAX)
    }

    fn full(&self) -> bool {
        self.count() >= self.limit
    }

    fn on_devices(&self) -> Vec<&PasskeyCard> {
        self.passkeys.iter().filter(|card| !card.is_key()).collect()
    }

    fn on_keys(&self) -> Vec<&PasskeyCard> {
        self.passkeys.iter().filter(|card| card.is_key()).collect()
    }

    /// All passkeys, more than one, hang on one provider's account.
    fn one_provider(&self) -> Option<&str> {
        let first = self.passkeys.first()?.provider.as_deref()?;
        let all = self.passkeys.iter().all(|card| !card.is_key() && card.provider.as_deref() == Some(first));
        (all && self.passkeys.len() > 1).then_some(first)
    }
}

/// SEC-2, `/me/security/passkeys/{id}`.
#[derive(Template)]
#[template(path = "security/details.html")]
pub struct PasskeyDetails {
    /// The frame.
    pub shell: Shell,
    /// The passkey.
    pub passkey: PasskeyCard,
    /// Its AAGUID, spelt in five groups.
    pub aaguid: String,
    /// The beginning of its credential id.
    pub credential: String,
    /// Transports, as the browser named them.
    pub transports: Vec<String>,
    /// What the attestation says.
    pub attestation: AttestationLine,
    /// Its latest uses, newest first, at most ten.
    pub uses: Vec<Use>,
}

/// What is known about a passkey's make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestationLine {
    /// None was given, or it proves nothing.
    NotChecked,
    /// It chains to a trusted root.
    Trusted,
    /// It was given, and chains to no trusted root.
    Untrusted,
}

/// One use of a passkey.
#[derive(Clone, Debug)]
pub struct Use {
    /// When.
    pub at: Timestamp,
    /// On what, such as `Chrome on Windows`.
    pub device: String,
    /// From where: an address.
    pub address: String,
}

impl PasskeyDetails {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.passkey.name.clone()
    }

    fn failed(&self) -> bool {
        false
    }

    fn attestation_key(&self) -> &'static str {
        match self.attestation {
            AttestationLine::NotChecked => "attestation-not-checked",
            AttestationLine::Trusted => "attestation-trusted",
            AttestationLine::Untrusted => "attestation-untrusted",
        }
    }
}

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// Nothing was typed.
    Empty,
    /// More than 60 characters.
    TooLong,
    /// Control characters.
    ControlCharacters,
}

impl NameProblem {
    /// Its message.
    pub fn key(self) -> &'static str {
        match self {
            NameProblem::Empty => "name-empty",
            NameProblem::TooLong => "name-too-long",
            NameProblem::ControlCharacters => "name-control-characters",
        }
    }
}

/// SEC-3, `/me/security/passkeys/{id}/rename`.
#[derive(Template)]
#[template(path = "security/rename.html")]
pub struct RenamePasskey {
    /// The frame.
    pub shell: Shell,
    /// The passkey's id.
    pub id: String,
    /// What the text box holds.
    pub name: String,
    /// What is wrong with it.
    pub problem: Option<NameProblem>,
}

impl RenamePasskey {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("rename-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }
}

/// What removing a passkey means (SEC-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It may go.
    Allowed,
    /// It is the last way to sign in: it must stay.
    LastWay,
    /// The organisation asks for two: it must stay.
    TwoRequired,
}

/// SEC-4, `/me/security/passkeys/{id}/remove`.
#[derive(Template)]
#[template(path = "security/remove.html")]
pub struct RemovePasskey {
    /// The frame.
    pub shell: Shell,
    /// The passkey.
    pub passkey: PasskeyCard,
    /// Whether it may go.
    pub removal: Removal,
    /// It is the last passkey, though not the last way in.
    pub last_passkey: bool,
    /// The script confirms in the same click; false if a confirmation is alive already.
    pub confirm: bool,
    /// No reason was chosen.
    pub reason_missing: bool,
}

impl RemovePasskey {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("remove-heading").with("name", &self.passkey.name).to_string()
    }

    fn failed(&self) -> bool {
        self.reason_missing
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
