//! A person in front of Keyfob, a vault behind it, and a computer whose wizard waits.

use std::time::Duration;

use account::policy::{PhonePolicy, Policy};
use authenticator::{Authenticator, Settings};
use axum::http::HeaderValue;
use fido::ctap::make_credential;
use keyfob::errand::unfinished::Unfinished;
use keyfob::errand::{Created, Enrolment, Errand, ErrandError, Pace, Ticket};
use keyfob::holder::About;
use keyfob::keeper::{Certificate, Keeper, KeeperError};
use keyfob::server::{Origin, Server, ServerError};
use keyfob::talk::{Choice, Proof, SecondStep, Talk, Told};
use primitives::encoding;
use primitives::secret::{SecretText, Token};
use service::enrol_phone::{self, Begun, Stage};
use service::{Who, manage_sessions};
use testkit::app::Browser;
use testkit::deployment::Variation;
use testkit::entropy::SeededEntropy;
use testkit::listening::Listening;

pub(crate) const ANA: &str = "ana.meier@example.com";

/// Without waiting where nothing has to be waited for.
pub(crate) const PACE: Pace =
    Pace { alive: Duration::from_secs(20), look: Duration::from_millis(5), again: Duration::from_millis(5) };

/// Without the number, so that Keyfob signs in itself whoever begins.
pub(crate) fn sign_in_only() -> Variation {
    let phones = PhonePolicy { number: false, ..PhonePolicy::default() };
    Variation { policy: Policy { phones, ..Policy::default() }, ..Variation::default() }
}

/// Somebody at a computer in their first sign-in by pass, whose wizard waits.
pub(crate) struct Desk {
    pub(crate) listening: Listening,
    pub(crate) browser: Browser,
    pub(crate) pass: String,
    pub(crate) begun: Begun,
}

impl Desk {
    pub(crate) async fn waiting(variation: Variation) -> Self {
        let listening = Listening::start(variation).await;
        let (_, pass) = listening.app.starter(ANA).await;
        let mut browser = listening.app.browser();
        // Its pages are where this deployment listens.
        browser.headers.insert("origin", HeaderValue::from_str(listening.origin()).unwrap());
        browser.redeem(ANA, pass.reveal()).await;
        let who = who(&listening, &browser).await;
        let mut caller = listening.app.test.caller("desk");
        let begun = enrol_phone::begin(&listening.app.test.cx, &mut caller, &who).await.unwrap();
        Self { listening, browser, pass: pass.reveal().to_owned(), begun }
    }

    pub(crate) fn server(&self) -> Server {
        Server::new(Origin::parse(self.listening.origin()).unwrap(), None, "en").unwrap()
    }

    pub(crate) fn ticket(&self) -> Ticket {
        Ticket::parse(&self.begun.ticket.to_string()).unwrap()
    }

    /// What the wizard shows now.
    pub(crate) async fn stage(&self) -> Stage {
        let who = who(&self.listening, &self.browser).await;
        let test = &self.listening.app.test;
        enrol_phone::follow(&test.cx, test.now(), &who, self.begun.id).await.unwrap().stage
    }

    /// Has Keyfob carry the errand out.
    pub(crate) async fn errand(
        &self,
        fob: &mut Fob,
        person: &mut Person<'_>,
    ) -> Result<Created, ErrandError> {
        let enrolment = Enrolment {
            server: self.server(),
            keeper: fob,
            talk: person,
            pace: PACE,
            name: None,
            ca: None,
            key: None,
        };
        enrolment.run(&self.ticket()).await
    }
}

pub(crate) async fn who(listening: &Listening, browser: &Browser) -> Who {
    let token = Token::parse(browser.session().unwrap()).unwrap();
    let test = &listening.app.test;
    manage_sessions::authenticate(&test.cx, test.now(), &token).await.unwrap().unwrap()
}

/// A vault in memory, and a person in front of it who is there or not.
pub(crate) struct Fob {
    pub(crate) authenticator: Authenticator,
    /// Makes passkeys without verifying anybody, whatever it was asked for.
    pub(crate) lies_about_verification: bool,
    /// The errands that have not ended.
    pub(crate) unfinished: Vec<Unfinished>,
    /// What it is to remember of servers.
    pub(crate) about: Vec<About>,
    seed: u64,
}

impl Fob {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            authenticator: Authenticator::new(Settings::platform()),
            lies_about_verification: false,
            unfinished: Vec::new(),
            about: Vec::new(),
            seed,
        }
    }

    /// How many passkeys it holds.
    pub(crate) fn held(&self) -> usize {
        self.authenticator.vault.all().len()
    }
}

impl Keeper for Fob {
    async fn command(&mut self, _origin: &Origin, request: Vec<u8>) -> Result<Vec<u8>, KeeperError> {
        self.seed += 1;
        let made = match request[0] {
            1 => {
                let mut request = make_credential::Request::parse(&request[1..]).unwrap();
                request.user_verification &= !self.lies_about_verification;
                let made = self.authenticator.make_credential(&request, &mut SeededEntropy::new(self.seed));
                made.map(|made| made.response().encode())
            }
            _ => {
                let request = fido::ctap::get_assertion::Request::parse(&request[1..]).unwrap();
                self.authenticator.get_assertion(&request).map(|signed| signed.encode())
            }
        };
        Ok(match made {
            Ok(body) => [&[0], body.as_slice()].concat(),
            Err(status) => vec![status.byte()],
        })
    }

    async fn forget(&mut self, id: &str) -> Result<(), KeeperError> {
        let id = encoding::from_base64url(id).unwrap();
        self.authenticator.vault.remove(&id).map(drop).ok_or(KeeperError::Unknown)
    }

    async fn know(&mut self, _id: &str, about: About) -> Result<(), KeeperError> {
        self.about.push(about);
        Ok(())
    }

    async fn note(&mut self, unfinished: &Unfinished) -> Result<(), KeeperError> {
        self.settle(&unfinished.name).await?;
        self.unfinished.push(unfinished.clone());
        Ok(())
    }

    async fn settle(&mut self, name: &str) -> Result<(), KeeperError> {
        self.unfinished.retain(|other| other.name != name);
        Ok(())
    }

    async fn unfinished(&mut self) -> Result<Vec<Unfinished>, KeeperError> {
        Ok(self.unfinished.clone())
    }

    async fn orphans(&mut self, _unfinished: &Unfinished) -> Result<Vec<String>, KeeperError> {
        let ids = self.authenticator.vault.all().iter().map(|passkey| encoding::base64url(&passkey.id));
        Ok(ids.collect())
    }

    async fn certificate_key(&mut self, _rp_id: &str, _challenge: &str) -> Result<Certificate, KeeperError> {
        Err(KeeperError::Gone)
    }

    async fn certified(&mut self, _rp_id: &str, _chain: Vec<String>) -> Result<(), KeeperError> {
        Err(KeeperError::Gone)
    }
}

/// What a person does.
#[derive(Default)]
pub(crate) struct Person<'a> {
    pub(crate) choice: Option<Choice>,
    pub(crate) login: Option<String>,
    /// What they type, last first.
    pub(crate) passes: Vec<String>,
    /// Reads the number off Keyfob and types it at the desk.
    pub(crate) desk: Option<&'a Desk>,
    /// What they were told, and refused.
    pub(crate) heard: Vec<String>,
    pub(crate) impatient: bool,
}

impl Talk for Person<'_> {
    async fn choose(&mut self, _origin: &Origin, errand: &Errand) -> Choice {
        self.heard.push(errand.account.clone());
        self.choice.unwrap_or(Choice::GoOn)
    }

    async fn login(&mut self) -> Option<String> {
        self.login.clone()
    }

    async fn prove(&mut self, _errand: &Errand, refused: Option<&ServerError>) -> Option<Proof> {
        self.heard.extend(refused.map(|refused| refused.code().to_owned()));
        self.passes.pop().map(|pass| Proof::Pass(SecretText::new(pass)))
    }

    async fn second_step(&mut self, _methods: &[SecondStep]) -> Option<(SecondStep, SecretText)> {
        None
    }

    async fn pin(&mut self) -> Option<SecretText> {
        None
    }

    async fn tell(&mut self, told: Told<'_>) {
        self.heard.push(format!("{told:?}"));
        if let (Told::Number(number), Some(desk)) = (told, self.desk) {
            assert_eq!(desk.stage().await, Stage::Approve);
            let who = who(&desk.listening, &desk.browser).await;
            let test = &desk.listening.app.test;
            let mut caller = test.caller("desk");
            enrol_phone::type_number(&test.cx, &mut caller, &who, desk.begun.id, number).await.unwrap();
        }
    }

    async fn given_up(&mut self) {
        if !self.impatient {
            std::future::pending::<()>().await;
        }
    }
}
