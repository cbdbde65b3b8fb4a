//! What is asked of the log, and by which index it is found.

use std::net::IpAddr;

use account::audit::Event;
use account::model::Aaguid;
use account::passkey::PasskeyId;
use account::sign_in_log::{self, FAILURE_KINDS, Method, Outcome, SIGN_IN_KINDS, SUCCESS_KINDS};
use account::strength::Strength;
use account::user::UserId;
use primitives::time::Timestamp;
use store::audit::log::By;

use crate::read_history::network;

/// Which part of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// What is about signing in.
    #[default]
    SignIns,
    /// What changed.
    Changes,
    /// Everything.
    All,
}

/// What is asked for; everything that is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Which part of the log.
    pub show: Show,
    /// From then on.
    pub from: Option<Timestamp>,
    /// Before then.
    pub until: Option<Timestamp>,
    /// What happened to that person.
    pub user: Option<UserId>,
    /// Of that kind ([`account::audit::EventKind::name`]).
    pub kind: Option<String>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// With that method among those that were used.
    pub method: Option<Method>,
    /// Exactly so strong.
    pub strength: Option<Strength>,
    /// With that passkey.
    pub passkey: Option<PasskeyId>,
    /// With passkeys that say that they are of that model.
    pub model: Option<Aaguid>,
    /// From that address, or from addresses that begin so.
    pub address: Option<String>,
    /// Under that reference.
    pub reference: Option<String>,
}

impl Filter {
    /// Whether it asks for nothing but a span of time among the sign-ins, which is what is counted beforehand.
    pub fn is_plain(&self) -> bool {
        let plain = Self { from: self.from, until: self.until, ..Self::default() };
        *self == plain
    }

    /// By which index it is found.
    pub(super) fn by(&self) -> By {
        if self.reference.is_some() {
            return By::Time;
        }
        if let Some(user) = self.user {
            return By::Subject(user);
        }
        match self.kinds() {
            Some(kinds) if !kinds.contains(&"signed_in") => {
                By::Kinds(kinds.into_iter().map(str::to_owned).collect())
            }
            _ => match &self.kind {
                Some(kind) if kind != "signed_in" => By::Kinds(vec![kind.clone()]),
                _ => By::Time,
            },
        }
    }

    /// The kinds that can fit, where they are known beforehand.
    fn kinds(&self) -> Option<Vec<&'static str>> {
        let by_outcome: &[&'static str] = match (self.outcome, self.show) {
            (Some(Outcome::Success), _) => SUCCESS_KINDS,
            (Some(Outcome::Failure), _) => FAILURE_KINDS,
            (Some(Outcome::Interrupted), _) => &["first_step_passed"],
            (None, Show::SignIns) => SIGN_IN_KINDS,
            (Some(Outcome::Change), _) | (None, Show::Changes | Show::All) => return None,
        };
        let kinds = by_outcome.iter().copied();
        let fits = |kind: &&'static str| {
            self.method.is_none_or(|method| may_be_of(kind, method))
                && self.kind.as_deref().is_none_or(|wanted| wanted == *kind)
                && (self.strength.is_none() || SUCCESS_KINDS.contains(kind))
        };
        Some(kinds.filter(fits).collect())
    }

    /// Whether an event fits, as far as it alone says.
    pub(super) fn lets(&self, event: &Event) -> bool {
        let kind = &event.kind;
        let outcome = sign_in_log::outcome(kind);
        let shown = match self.show {
            Show::SignIns => SIGN_IN_KINDS.contains(&kind.name()),
            Show::Changes => outcome == Outcome::Change,
            Show::All => true,
        };
        shown
            && self.from.is_none_or(|from| event.at >= from)
            && self.until.is_none_or(|until| event.at < until)
            && self.user.is_none_or(|user| event.subject == Some(user))
            && self.kind.as_deref().is_none_or(|wanted| wanted == kind.name())
            && self.outcome.is_none_or(|wanted| wanted == outcome)
            && self.method.is_none_or(|method| sign_in_log::methods(kind).contains(&method))
            && self.strength.is_none_or(|strength| sign_in_log::strength(kind) == Some(strength))
            && self.passkey.is_none_or(|passkey| sign_in_log::passkey(kind) == Some(passkey))
            && (self.model.is_none() || sign_in_log::passkey(kind).is_some())
            && self.reference.as_deref().is_none_or(|reference| event.reference == reference)
            && self.address.as_deref().is_none_or(|wanted| {
                event
                    .client
                    .as_ref()
                    .is_some_and(|client| address_fits(wanted, &network(&client.address), true))
            })
    }
}

fn may_be_of(kind: &str, method: Method) -> bool {
    match method {
        Method::Passkey => matches!(kind, "signed_in" | "sign_in_refused"),
        Method::TemporaryPass => kind.starts_with("pass_"),
        Method::Password => !matches!(kind, "signed_in" | "sign_in_refused") && !kind.starts_with("pass_"),
        Method::AuthenticatorCode | Method::RecoveryCode => {
            matches!(kind, "signed_in_otherwise" | "second_step_refused" | "codes_locked")
        }
    }
}

/// Whether an address is that one, or begins so. Where the reader is shown only the network, only that is compared: a
/// filter says no more than the line does.
pub(super) fn address_fits(wanted: &str, shown: &str, shortened: bool) -> bool {
    let wanted = wanted.trim().trim_end_matches(['*', '…']);
    match (wanted.parse::<IpAddr>(), shortened) {
        (Ok(_), true) => network(wanted) == shown,
        (Ok(wanted), false) => shown.parse::<IpAddr>() == Ok(wanted),
        (Err(_), _) => !wanted.is_empty() && begins(shown, wanted),
    }
}

fn begins(shown: &str, wanted: &str) -> bool {
    let shown = shown.trim_end_matches('…');
    shown.starts_with(wanted) || !shown.is_empty() && shown.ends_with(['.', ':']) && wanted.starts_with(shown)
}
