//! The errand does not go on here: PH-E1 to PH-E5, PH-E10 to PH-E12.

use askama::Template;

use crate::pages::{Ceremony, Shell};
use crate::text::Html;

/// Why an errand does not go on on this phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// PH-E1: five minutes are over, or there never was such a code.
    Expired,
    /// PH-E2: another browser has it.
    Claimed,
    /// PH-E3: the computer stopped it.
    Stopped,
    /// PH-E4: three wrong numbers.
    NumberLocked,
    /// PH-E5: this phone said no.
    Declined,
    /// PH-E10: this phone has a passkey of the account.
    Duplicate,
    /// PH-E11: policy does not accept the passkey.
    Rejected,
    /// PH-E12: this browser is signed in as somebody else.
    OtherAccount {
        /// As whom.
        current: String,
    },
    /// PH-E12 once it is known on the computer.
    OtherAccountTold,
    /// Policy has turned this way off.
    Off,
    /// The computer's session is over.
    SessionEnded,
    /// The passkey was stored, and this is not the browser that did it or it is long ago.
    Used,
}

impl Ended {
    fn keys(&self) -> (&'static str, &'static str) {
        match self {
            Ended::Expired => ("ph-expired", "ph-expired-text"),
            Ended::Claimed => ("ph-claimed", "ph-claimed-text"),
            Ended::Stopped => ("ph-stopped", "ph-stopped-text"),
            Ended::NumberLocked => ("ph-locked", "ph-locked-text"),
            Ended::Declined => ("ph-declined", "ph-declined-text"),
            Ended::Duplicate => ("ph-duplicate-heading", "ph-duplicate-text"),
            Ended::Rejected => ("ph-rejected", "ph-rejected-text"),
            Ended::OtherAccount { .. } => ("ph-other", "ph-other-text"),
            Ended::OtherAccountTold => ("ph-other", "ph-other-ended-text"),
            Ended::Off => ("ph-off", "ph-off-text"),
            Ended::SessionEnded => ("ph-session-ended", "ph-session-ended-text"),
            Ended::Used => ("ph-used", "ph-used-text"),
        }
    }
}

/// PH-E1 to PH-E5, PH-E10 to PH-E12.
#[derive(Template)]
#[template(path = "companion/ended.html")]
pub struct PhoneEnded {
    /// The frame.
    pub shell: Shell,
    /// Why.
    pub ended: Ended,
    /// The ticket, where something can still be done with it.
    pub ticket: Option<String>,
    /// Whose errand it is, masked.
    pub login: Option<String>,
}

impl PhoneEnded {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say(self.ended.keys().0).to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    /// What is said, without markup.
    pub fn sentence(&self) -> String {
        self.shell.say(self.ended.keys().1).with("organisation", &self.shell.organisation).to_string()
    }

    fn text(&self) -> Html {
        let mut phrase = self.shell.say(self.ended.keys().1).with("organisation", &self.shell.organisation);
        if let Ended::OtherAccount { current } = &self.ended {
            phrase =
                phrase.strong("login", self.login.as_deref().unwrap_or_default()).strong("current", current);
        }
        phrase.html()
    }

    fn reference(&self) -> Html {
        self.shell.say("ph-reference").strong("reference", &self.shell.reference).html()
    }

    /// The ticket, where this browser may still sign in as somebody else.
    fn switch(&self) -> Option<&str> {
        let other = matches!(self.ended, Ended::OtherAccount { .. } | Ended::OtherAccountTold);
        self.ticket.as_deref().filter(|_| other)
    }

    /// The ticket that another browser has: the script tells the computer that it was opened here too.
    fn elsewhere(&self) -> Option<&str> {
        self.ticket.as_deref().filter(|_| self.ended == Ended::Claimed)
    }

    fn is_duplicate(&self) -> bool {
        self.ended == Ended::Duplicate
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
