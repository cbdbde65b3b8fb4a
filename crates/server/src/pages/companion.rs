//! The companion, the pages that a phone opens: PH-0 to PH-8 and their errors.

use account::policy::PhonePolicy;
use askama::Template;
use primitives::time::Timestamp;
use serde_json::{Map, Value};

use super::{Ceremony, Shell};
use crate::text::{Html, Text, json_block};

mod ended;
mod home;

pub use ended::{Ended, PhoneEnded};
pub use home::{CodeProblem, Home, MadeHere, Offline, OtherAccount, Start};

/// What the pages of one errand share.
#[derive(Clone, Debug)]
pub struct Errand {
    /// The ticket, as in the address.
    pub ticket: String,
    /// The login name, with only its ends readable.
    pub login: String,
    /// Whether this browser has the errand: only then the computer hears of what goes wrong here.
    pub claimed: bool,
    /// What the page waits for, so that the script notices when it changes.
    pub need: &'static str,
    /// The oldest versions that pages ask for.
    pub versions: Versions,
}

/// The oldest versions that pages ask for.
#[derive(Clone, Copy, Debug)]
pub struct Versions {
    /// Of Android.
    pub android: i64,
    /// Of iOS.
    pub ios: i64,
}

impl Versions {
    /// Those of the policy.
    pub fn of(policy: &PhonePolicy) -> Self {
        Self { android: i64::from(policy.android), ios: i64::from(policy.ios) }
    }

    /// A phrase that names both.
    fn phrase(&self, shell: &Shell, key: &str) -> String {
        shell.say(key).count("android", &self.android).count("ios", &self.ios).to_string()
    }
}

/// PH-1, `/a/e/{ticket}`: the first look. Opening it changes nothing.
#[derive(Template)]
#[template(path = "companion/add.html")]
pub struct AddThisPhone {
    /// The frame.
    pub shell: Shell,
    /// The errand.
    pub errand: Errand,
    /// The computer that began it, such as `Edge on Windows`.
    pub device: String,
    /// Its network address.
    pub address: String,
    /// When it began.
    pub started: Timestamp,
    /// Until when it can be used.
    pub ends: Timestamp,
}

impl AddThisPhone {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("ph-add-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn started_on(&self) -> Html {
        self.shell.say("ph-add-started-on").at("when", &self.started).strong("device", &self.device).html()
    }

    fn words(&self) -> Html {
        words(self.shell.text, &self.errand.versions)
    }
}

/// PH-2: the sign-in comes first.
#[derive(Template)]
#[template(path = "companion/sign_in.html")]
pub struct SignInHere {
    /// The frame.
    pub shell: Shell,
    /// The errand.
    pub errand: Errand,
}

impl SignInHere {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("ph-sign-in-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn words(&self) -> Html {
        words(self.shell.text, &self.errand.versions)
    }
}

/// PH-2 for somebody who is signed in already: the action is confirmed (RA-1).
#[derive(Template)]
#[template(path = "companion/confirm.html")]
pub struct ConfirmHere {
    /// The frame.
    pub shell: Shell,
    /// The errand.
    pub errand: Errand,
}

impl ConfirmHere {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("ph-confirm-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }

    fn words(&self) -> Html {
        words(self.shell.text, &self.errand.versions)
    }
}

/// PH-3: the number that is typed on the computer.
#[derive(Template)]
#[template(path = "companion/number.html")]
pub struct ShowNumber {
    /// The frame.
    pub shell: Shell,
    /// The errand.
    pub errand: Errand,
    /// The number.
    pub number: String,
}

impl ShowNumber {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("ph-number-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn words(&self) -> Html {
        words(self.shell.text, &self.errand.versions)
    }
}

/// PH-5: the button behind which the phone asks for its screen lock. PH-4, the check of what this browser can do, is
/// the script's and shows only what fails.
#[derive(Template)]
#[template(path = "companion/create.html")]
pub struct CreateHere {
    /// The frame.
    pub shell: Shell,
    /// The errand.
    pub errand: Errand,
}

impl CreateHere {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("ph-create-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn versions_text(&self) -> String {
        self.errand.versions.phrase(&self.shell, "ph-other-app-text")
    }

    fn messages(&self) -> Html {
        Ceremony::Create.block(self.shell.text, &self.shell.reference)
    }

    fn words(&self) -> Html {
        words(self.shell.text, &self.errand.versions)
    }
}

/// PH-7: it is stored; now it is tried.
#[derive(Template)]
#[template(path = "companion/made.html")]
pub struct Made {
    /// The frame.
    pub shell: Shell,
    /// The errand.
    pub errand: Errand,
    /// The passkey, if this browser is signed in to its account: then it is tried by name.
    pub passkey: Option<String>,
}

impl Made {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("ph-made-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }

    fn words(&self) -> Html {
        words(self.shell.text, &self.errand.versions)
    }
}

/// PH-8: tried.
#[derive(Template)]
#[template(path = "companion/done.html")]
pub struct PhoneDone {
    /// The frame.
    pub shell: Shell,
    /// What the passkey is called.
    pub name: String,
}

impl PhoneDone {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("ph-done-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn text(&self) -> Html {
        self.shell.say("ph-done-text").strong("name", &self.name).html()
    }
}

/// What the companion's script says beside the outcomes of ceremonies.
fn words(text: Text, versions: &Versions) -> Html {
    let said = [
        ("saving", text.say("ph-saving")),
        ("savingOffline", text.say("ph-saving-offline")),
        ("notSaved", text.say("ph-not-saved")),
        ("notSavedGone", text.say("ph-not-saved-gone")),
        ("works", text.say("ph-works")),
        ("waiting", text.say("ph-number-waiting")),
        ("linkCopied", text.say("passkey-copied")),
    ];
    let mut block: Map<String, Value> =
        said.into_iter().map(|(name, phrase)| (name.to_owned(), Value::String(phrase.to_string()))).collect();
    // The script puts what the phone says of itself in the place of the mark.
    let old = text.say("ph-old-version").with("version", "{}");
    let old = old.count("android", &versions.android).count("ios", &versions.ios).to_string();
    block.insert("oldVersion".to_owned(), Value::String(old));
    json_block(&Value::Object(block))
}
