//! A person with a browser and an authenticator, who uses the use cases as the pages would.

use account::action::Action;
use account::passkey::{Passkey, PasskeyId, Place};
use account::role::Role;
use account::user::User;
use authenticator::client::{self, Client};
use authenticator::{Authenticator, Settings};
use fido::options::UserVerification;
use primitives::secret::{SecretText, Token};
use serde_json::Value;
use service::manage_passkeys::{self, ManagePasskeysError, Reason, Removed, Tried};
use service::redeem_pass::{self, RedeemError};
use service::register_passkey::{self, Registered};
use service::{CeremonyError, SignedIn, Started, Who, confirm, manage_sessions, sign_in};

use crate::deployment::{ORIGIN, TestContext};

/// Somebody at a browser.
pub struct Visitor<'t> {
    test: &'t TestContext,
    browser: String,
    /// The authenticator at hand.
    pub authenticator: Authenticator,
    /// The session cookie.
    pub token: Option<Token>,
}

impl<'t> Visitor<'t> {
    /// Somebody at the browser of that name, with an empty platform authenticator.
    pub fn new(test: &'t TestContext, browser: &str) -> Self {
        let authenticator = Authenticator::new(Settings::platform());
        Self { test, browser: browser.to_owned(), authenticator, token: None }
    }

    /// With another kind of authenticator.
    pub fn with(mut self, settings: Settings) -> Self {
        self.authenticator = Authenticator::new(settings);
        self
    }

    /// The deployment that the browser is in front of.
    pub fn cx(&self) -> &service::Context {
        &self.test.cx
    }

    /// A request of this browser, now.
    pub fn caller(&self) -> service::Caller {
        self.test.caller(&self.browser)
    }

    /// Who the session cookie says this is, if it still says so.
    pub async fn who_is_it(&self) -> Option<Who> {
        let found = manage_sessions::authenticate(&self.test.cx, self.test.now(), self.token.as_ref()?).await;
        found.unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same, where it must be somebody.
    pub async fn who(&self) -> Who {
        self.who_is_it().await.unwrap_or_else(|| panic!("{} is not signed in", self.browser))
    }

    /// Types a pass.
    pub async fn redeem(&mut self, login: &str, pass: &SecretText) -> Result<SignedIn, RedeemError> {
        let signed_in = redeem_pass::redeem(&self.test.cx, &mut self.caller(), login, pass.reveal()).await?;
        self.token = Some(signed_in.token.clone());
        Ok(signed_in)
    }

    /// Begins to register a passkey in the place that the authenticator is.
    pub async fn begin_registration(&self) -> Result<Started, CeremonyError> {
        let place = match self.authenticator.settings.attachment {
            fido::credential::Attachment::Platform => Place::ThisComputer,
            fido::credential::Attachment::CrossPlatform => Place::SecurityKey,
        };
        register_passkey::begin(&self.test.cx, &mut self.caller(), &self.who().await, place).await
    }

    /// What the browser answers to creation options.
    pub fn create(&mut self, started: &Started) -> String {
        let mut entropy = self.caller().entropy;
        let created = client::create(&mut self.authenticator, ORIGIN, &started.options, entropy.as_mut());
        created.unwrap_or_else(|error| panic!("{error}")).to_string()
    }

    /// Sends the browser's answer.
    pub async fn finish_registration(
        &self,
        state: &str,
        response: &str,
    ) -> Result<Registered, CeremonyError> {
        let name = |_: [u8; 16]| "Passkey".to_owned();
        let who = self.who().await;
        register_passkey::finish(&self.test.cx, &mut self.caller(), &who, state, response, name).await
    }

    /// Registers a passkey from begin to end.
    pub async fn register(&mut self) -> Result<Passkey, CeremonyError> {
        let started = self.begin_registration().await?;
        let response = self.create(&started);
        Ok(self.finish_registration(&started.state, &response).await?.passkey)
    }

    /// What the browser answers to request options.
    pub fn get(&mut self, options: &Value) -> String {
        let got = client::get(&mut self.authenticator, ORIGIN, options);
        got.unwrap_or_else(|error| panic!("{error}")).to_string()
    }

    /// What a dishonest client answers, whose authenticator keeps to no `credProtect` and did not verify the person.
    pub fn get_unverified(&mut self, options: &Value) -> String {
        self.authenticator.vault.forget_protection();
        let client = Client { user_verification: Some(UserVerification::Discouraged), ..Client::new(ORIGIN) };
        let got = client.get(&mut self.authenticator, options);
        got.unwrap_or_else(|error| panic!("{error}")).to_string()
    }

    /// Begins a sign-in.
    pub fn begin_sign_in(&self) -> Started {
        sign_in::begin(&self.test.cx, &mut self.caller())
    }

    /// Sends the browser's answer.
    pub async fn finish_sign_in(&mut self, state: &str, response: &str) -> Result<SignedIn, CeremonyError> {
        let signed_in = sign_in::finish(&self.test.cx, &mut self.caller(), state, response).await?;
        self.token = Some(signed_in.token.clone());
        Ok(signed_in)
    }

    /// Signs in from begin to end.
    pub async fn sign_in(&mut self) -> Result<SignedIn, CeremonyError> {
        let started = self.begin_sign_in();
        let response = self.get(&started.options);
        self.finish_sign_in(&started.state, &response).await
    }

    /// Confirms an action from begin to end.
    pub async fn confirm(&mut self, action: Action) -> Result<(), CeremonyError> {
        let who = self.who().await;
        let started = confirm::begin(&self.test.cx, &mut self.caller(), &who, action).await?;
        let response = self.get(&started.options);
        let confirmed =
            confirm::finish(&self.test.cx, &mut self.caller(), &who, &started.state, &response).await?;
        self.token = Some(confirmed.signed_in.token);
        Ok(())
    }

    /// Goes all the way of somebody new: an account, a one-time pass, a passkey, and the try that signs in.
    pub async fn onboard(&mut self, login: &str, role: Role) -> User {
        let user = self.test.add_user(login, role).await;
        let pass = self.test.issue_once(&user).await;
        self.redeem(login, &pass).await.unwrap_or_else(|error| panic!("{error:?}"));
        let passkey = self.register().await.unwrap_or_else(|error| panic!("{error:?}"));
        self.try_passkey(passkey.id).await.unwrap_or_else(|error| panic!("{error:?}"));
        user
    }

    /// Adds another passkey with another authenticator, which stays at hand; gives the one used before.
    pub async fn add_another(&mut self, settings: Settings) -> (Passkey, Authenticator) {
        self.confirm(Action::AddPasskey).await.unwrap_or_else(|error| panic!("{error:?}"));
        let before = std::mem::replace(&mut self.authenticator, Authenticator::new(settings));
        let passkey = self.register().await.unwrap_or_else(|error| panic!("{error:?}"));
        (passkey, before)
    }

    /// The person's passkeys.
    pub async fn passkeys(&self) -> Vec<Passkey> {
        let listed = manage_passkeys::list(&self.test.cx, &self.who().await).await;
        listed.unwrap_or_else(|error| panic!("{error:?}"))
    }

    /// Removes a passkey, unconfirmed.
    pub async fn remove(&self, id: PasskeyId, reason: Reason) -> Result<Removed, ManagePasskeysError> {
        let who = self.who().await;
        manage_passkeys::remove(&self.test.cx, &mut self.caller(), &who, id, reason).await
    }

    /// Tries a passkey from begin to end.
    pub async fn try_passkey(&mut self, id: PasskeyId) -> Result<Tried, CeremonyError> {
        let who = self.who().await;
        let started = manage_passkeys::try_begin(&self.test.cx, &mut self.caller(), &who, id).await?;
        let response = self.get(&started.options);
        let tried =
            manage_passkeys::try_finish(&self.test.cx, &mut self.caller(), &who, &started.state, &response)
                .await?;
        if let Some(signed_in) = &tried.signed_in {
            self.token = Some(signed_in.token.clone());
        }
        Ok(tried)
    }
}
