//! Help: a page for each screen, the guide, and the language of the account.

use askama::Template;

use super::Shell;
use crate::pictures;
use crate::text::Language;

/// What a help page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// SI-1, SI-2 and the second step.
    SignIn,
    /// SI-3.
    Pass,
    /// WN-1, WN-2 and the first run.
    First,
    /// SEC-1 to SEC-5.
    Security,
    /// The wizard.
    Add,
    /// The wizard's phone and the companion.
    Phone,
    /// RA-1.
    Confirm,
    /// Password, authenticator app and recovery codes.
    Methods,
    /// PW-1 to PW-4.
    Passwordless,
    /// DS-1.
    Sessions,
    /// SH-1 to SH-3.
    History,
    /// Notices.
    Notices,
    /// LP-1 to LP-3.
    Lost,
}

impl Topic {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Topic; 13] = [
        Topic::SignIn,
        Topic::Pass,
        Topic::First,
        Topic::Security,
        Topic::Add,
        Topic::Phone,
        Topic::Confirm,
        Topic::Methods,
        Topic::Passwordless,
        Topic::Sessions,
        Topic::History,
        Topic::Notices,
        Topic::Lost,
    ];

    /// Its word in the address, `/help/{word}`.
    pub fn word(self) -> &'static str {
        match self {
            Topic::SignIn => "sign-in",
            Topic::Pass => "pass",
            Topic::First => "first",
            Topic::Security => "security",
            Topic::Add => "add",
            Topic::Phone => "phone",
            Topic::Confirm => "confirm",
            Topic::Methods => "methods",
            Topic::Passwordless => "passwordless",
            Topic::Sessions => "sessions",
            Topic::History => "history",
            Topic::Notices => "notices",
            Topic::Lost => "lost",
        }
    }

    /// The topic of that word.
    pub fn parse(word: &str) -> Option<Topic> {
        Topic::ALL.into_iter().find(|topic| topic.word() == word)
    }

    /// The topic of the page at `path`; none for pages that are help themselves.
    pub fn of(path: &str) -> Option<Topic> {
        /// The first that matches counts.
        const PAGES: &[(&str, Topic)] = &[
            ("/signin/tap", Topic::Pass),
            ("/signin", Topic::SignIn),
            ("/signed-out", Topic::SignIn),
            ("/welcome", Topic::First),
            ("/setup", Topic::First),
            ("/a", Topic::Phone),
            ("/me/confirm", Topic::Confirm),
            ("/me/security/add/phone", Topic::Phone),
            ("/me/security/add", Topic::Add),
            ("/me/security/password/off", Topic::Passwordless),
            ("/me/security/password", Topic::Methods),
            ("/me/security/codes", Topic::Methods),
            ("/me/security/recovery-codes", Topic::Methods),
            ("/me/security", Topic::Security),
            ("/me/sessions", Topic::Sessions),
            ("/me/history", Topic::History),
            ("/me/notices", Topic::Notices),
            ("/me/interrupt", Topic::Add),
            ("/me/offer", Topic::Add),
            ("/me/secure", Topic::Lost),
            ("/me/frozen", Topic::Lost),
            ("/recover", Topic::Lost),
        ];
        let path = path.split('?').next().unwrap_or_default();
        let below =
            |page: &str| path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        PAGES.iter().find(|(page, _)| below(page)).map(|(_, topic)| *topic)
    }

    /// Its heading, what it is about, and what to know.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Topic::SignIn => &[
                "topic-sign-in",
                "topic-sign-in-lead",
                "topic-sign-in-one",
                "topic-sign-in-two",
                "topic-sign-in-three",
                "topic-sign-in-four",
            ],
            Topic::Pass => {
                &["topic-pass", "topic-pass-lead", "topic-pass-one", "topic-pass-two", "topic-pass-three"]
            }
            Topic::First => &[
                "topic-first",
                "topic-first-lead",
                "topic-first-one",
                "topic-first-two",
                "topic-first-three",
            ],
            Topic::Security => &[
                "topic-security",
                "topic-security-lead",
                "topic-security-one",
                "topic-security-two",
                "topic-security-three",
                "topic-security-four",
            ],
            Topic::Add => &[
                "topic-add",
                "topic-add-lead",
                "topic-add-one",
                "topic-add-two",
                "topic-add-three",
                "topic-add-four",
            ],
            Topic::Phone => &[
                "topic-phone",
                "topic-phone-lead",
                "topic-phone-one",
                "topic-phone-two",
                "topic-phone-three",
                "topic-phone-four",
            ],
            Topic::Confirm => {
                &["topic-confirm", "topic-confirm-lead", "topic-confirm-one", "topic-confirm-two"]
            }
            Topic::Methods => &[
                "topic-methods",
                "topic-methods-lead",
                "topic-methods-one",
                "topic-methods-two",
                "topic-methods-three",
            ],
            Topic::Passwordless => &[
                "topic-passwordless",
                "topic-passwordless-lead",
                "topic-passwordless-one",
                "topic-passwordless-two",
                "topic-passwordless-three",
            ],
            Topic::Sessions => {
                &["topic-sessions", "topic-sessions-lead", "topic-sessions-one", "topic-sessions-two"]
            }
            Topic::History => &[
                "topic-history",
                "topic-history-lead",
                "topic-history-one",
                "topic-history-two",
                "topic-history-three",
            ],
            Topic::Notices => &[
                "topic-notices",
                "topic-notices-lead",
                "topic-notices-one",
                "topic-notices-two",
                "topic-notices-three",
            ],
            Topic::Lost => {
                &["topic-lost", "topic-lost-lead", "topic-lost-one", "topic-lost-two", "topic-lost-three"]
            }
        }
    }

    fn heading(self) -> &'static str {
        self.keys().first().copied().unwrap_or_default()
    }
}

impl Shell {
    /// Where "Help" leads from this page.
    pub fn help(&self) -> String {
        Topic::of(&self.path).map_or_else(|| "/help".to_owned(), |topic| format!("/help/{}", topic.word()))
    }
}

/// `/help/{topic}`: the same for everybody, and looks nothing up.
#[derive(Template)]
#[template(path = "help/topic.html")]
pub struct TopicPage {
    /// The frame.
    pub shell: Shell,
    /// What it is about.
    pub topic: Topic,
    /// How to reach the people who can help, as the organisation configured it.
    pub contact: Option<String>,
}

impl TopicPage {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say(self.topic.heading()).to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn points(&self) -> &'static [&'static str] {
        self.topic.keys().get(2..).unwrap_or_default()
    }

    fn lead(&self) -> &'static str {
        self.topic.keys().get(1).copied().unwrap_or_default()
    }

    fn others(&self) -> Vec<Topic> {
        Topic::ALL.into_iter().filter(|topic| *topic != self.topic).collect()
    }
}

/// `/help/passkeys`: the user guide.
#[derive(Template)]
#[template(path = "help/guide.html")]
pub struct Guide {
    /// The frame.
    pub shell: Shell,
    /// The oldest Android that the organisation accepts.
    pub android: u16,
    /// The oldest iOS that the organisation accepts.
    pub ios: u16,
}

impl Guide {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("guide-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    /// The picture of that name, in the reader's language or in English.
    fn picture(&self, name: &str) -> Option<pictures::Shown> {
        pictures::find(name, self.shell.text.language)
    }

    /// Whether the pictures speak another language than the page.
    fn foreign_pictures(&self) -> bool {
        !matches!(self.shell.text.language, Language::English | Language::German)
    }
}

/// `/me/language`.
#[derive(Template)]
#[template(path = "help/language.html")]
pub struct ChooseLanguage {
    /// The frame.
    pub shell: Shell,
    /// What the account says.
    pub chosen: Option<Language>,
}

impl ChooseLanguage {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("language-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn is(&self, language: &Language) -> bool {
        self.chosen == Some(*language)
    }
}

#[cfg(test)]
mod tests {
    use super::Topic;

    #[test]
    fn every_page_has_its_own_topic_and_the_more_precise_address_counts() {
        for (path, topic) in [
            ("/signin", Topic::SignIn),
            ("/signin/password", Topic::SignIn),
            ("/signin/tap?x=1", Topic::Pass),
            ("/welcome/done", Topic::First),
            ("/me/security/add/phone/0198/number", Topic::Phone),
            ("/me/security/add/this-computer/create", Topic::Add),
            ("/me/security/passkeys/0198/remove", Topic::Security),
            ("/me/security/password/off", Topic::Passwordless),
            ("/me/security/password", Topic::Methods),
            ("/a/e/abc", Topic::Phone),
        ] {
            assert_eq!(Topic::of(path), Some(topic), "{path}");
        }
        assert_eq!(Topic::of("/help"), None);
        assert_eq!(Topic::of("/admin/requests"), None);
        for topic in Topic::ALL {
            assert_eq!(Topic::parse(topic.word()), Some(topic));
        }
    }
}
