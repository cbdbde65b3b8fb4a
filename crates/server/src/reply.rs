//! How a visit is answered: pages, redirects and JSON, with the cookies that go along.

use account::policy::Area;
use account::role::Permission;
use account::session::Session;
use account::user::User;
use askama::Template;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use primitives::secret::Token;
use primitives::{encoding, seal};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use service::manage_passkeys::Methods;
use service::manage_sessions::Ending;
use service::notify::Bell;
use service::{SignedIn, Who};

use crate::context::{Facts, Visit};
use crate::cookies::{self, Keep};
use crate::destination::Destination;
use crate::pages::console::Nav;
use crate::pages::sign_in::SessionEnd;
use crate::pages::{Account, Ceremony, Flash, Shell};
use crate::problem::{Answer, Problem, Stop};
use crate::text::{Language, Text};

/// How long an errand before sign-in is remembered.
const INTERACTION: Keep = Keep::Seconds(3600);
/// How long a second step may take; the server has a limit of its own.
const STEP: Keep = Keep::Seconds(600);
/// How long the message about a step waits to be told.
const FLASH: Keep = Keep::Seconds(60);
/// Accounts that a browser remembers.
const KNOWN_ACCOUNTS: usize = 3;

/// The errand of one sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interaction {
    /// Who said they are signing in.
    pub identifier: Option<String>,
    /// How pages show it where a phone's errand named it: whoever took the errand up has proven nothing yet.
    #[serde(default)]
    pub masked: Option<String>,
    /// Where it continues to.
    pub continue_to: Option<Destination>,
}

impl Interaction {
    /// Who said they are signing in, as pages before the sign-in show it.
    pub fn shown(&self) -> Option<String> {
        self.masked.clone().or_else(|| self.identifier.clone())
    }

    /// What a text box for it holds at first: nothing where only its masked form is shown.
    pub fn prefilled(&self) -> String {
        self.identifier.clone().filter(|_| self.masked.is_none()).unwrap_or_default()
    }

    /// Who is meant by what a form sent: nothing, and what was shown, mean who was named before.
    pub fn meant(&self, typed: &str) -> String {
        let typed = typed.trim();
        if typed.is_empty() || self.masked.as_deref() == Some(typed) {
            self.identifier.clone().unwrap_or_default()
        } else {
            typed.to_owned()
        }
    }

    /// What a page shows of `typed`, or of who was named before, and whether that is who was named before.
    pub fn told(&self, typed: Option<String>) -> (String, bool) {
        match (typed, self.shown()) {
            (Some(typed), Some(shown)) if Some(&typed) == self.identifier.as_ref() => (shown, true),
            (Some(typed), _) => (typed, false),
            (None, Some(shown)) => (shown, true),
            (None, None) => (String::new(), false),
        }
    }
}

/// An account that this browser remembers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The login name.
    pub login: String,
    /// The display name.
    pub name: String,
}

impl Visit {
    /// The frame of a page for nobody in particular.
    pub fn shell(&mut self) -> Shell {
        let flash = self.take_flash();
        let frame =
            shell(self.app.site.organisation.name.clone(), &self.facts, self.path.clone(), flash, None);
        // The pages of the request itself show the application in a place of their own.
        let application = self.asked_by().filter(|_| !self.path.starts_with("/authorize"));
        Shell { application, ..frame }
    }

    /// The frame of a page for `who`.
    pub fn shell_for(&mut self, who: &Who) -> Shell {
        let mut shell = self.shell();
        self.met(who);
        shell.text = Text::new(self.facts.spoken());
        shell.account = Some(Account { bell: self.bell, ..account_of(&who.user, &who.session) });
        shell
    }

    /// Answers with a page.
    pub fn page(self, page: &impl Template) -> Answer {
        self.page_with(StatusCode::OK, page)
    }

    /// Answers with a page of another status, such as a form that was not accepted.
    pub fn page_with(self, status: StatusCode, page: &impl Template) -> Answer {
        let html = page.render()?;
        let policy = self.leads_on();
        let mut response = self.with_cookies((status, Html(html)).into_response());
        if let Some(policy) = policy {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        Ok(response)
    }

    /// Sends the browser to a page of ours. The path is always made here or by [`Destination`].
    pub fn see_other(self, path: &str) -> Answer {
        let location = HeaderValue::try_from(path).map_err(Problem::internal)?;
        Ok(self.with_cookies((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()))
    }

    /// Answers a script that its step succeeded, with `fields` beside `"ok":true`.
    pub fn ok(self, fields: Value) -> Answer {
        let mut body = Map::new();
        body.insert("ok".to_owned(), Value::Bool(true));
        if let Value::Object(fields) = fields {
            body.extend(fields);
        }
        Ok(self.with_cookies(Json(Value::Object(body)).into_response()))
    }

    /// Answers a script that its ceremony was refused: 200 with a code, for a refused passkey is no error of
    /// the page.
    pub fn refused(self, ceremony: Ceremony, code: &str) -> Answer {
        let text = Text::new(self.facts.spoken());
        let message = ceremony.message(text, code, self.facts.reference.as_str());
        self.refused_because(code, &message)
    }

    /// The same with a sentence of its own.
    pub fn refused_because(self, code: &str, message: &str) -> Answer {
        let reference = self.facts.reference.as_str();
        let body = json!({ "ok": false, "code": code, "message": message, "reference": reference });
        Ok(self.with_cookies(Json(body).into_response()))
    }

    /// Answers with what was made elsewhere.
    pub(crate) fn plain(self, response: Response) -> Answer {
        Ok(self.with_cookies(response))
    }

    fn with_cookies(mut self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        for cookie in self.set_cookies.drain(..) {
            headers.append(header::SET_COOKIE, cookie);
        }
        response
    }

    /// Who is signed in, if anybody is.
    pub async fn who(&mut self) -> Result<Option<Who>, Stop> {
        let Some(token) = &self.token else { return Ok(None) };
        let found = service::notify::authenticate(&self.app.service, self.facts.now, token).await?;
        let Some((who, bell)) = found else { return Ok(None) };
        self.bell = bell;
        self.met(&who);
        Ok(Some(who))
    }

    /// Whoever is signed in, with everything by which they sign in; otherwise the sign-in comes first.
    pub async fn anyone_with_methods(&mut self) -> Result<(Who, Methods), Stop> {
        let found = match &self.token {
            Some(token) => {
                service::manage_passkeys::methods(&self.app.service, self.facts.now, token).await?
            }
            None => None,
        };
        match found {
            Some((who, methods)) => {
                self.bell = methods.bell;
                self.met(&who);
                self.must_reach(&who).await?;
                Ok((who, methods))
            }
            None => Err(self.sign_in_first().await?),
        }
    }

    /// A problem's page shows them as signed in too.
    fn met(&self, who: &Who) {
        let _ = self.facts.signed_in.set(account_of(&who.user, &who.session));
        if let Some(language) = who.user.language.as_deref().and_then(Language::parse) {
            let _ = self.facts.account_language.set(language);
        }
    }

    /// Who is signed in, be it only by a pass; otherwise the sign-in comes first and leads back here.
    pub async fn anyone(&mut self) -> Result<Who, Stop> {
        match self.who().await? {
            Some(who) => {
                self.must_reach(&who).await?;
                Ok(who)
            }
            None => Err(self.sign_in_first().await?),
        }
    }

    /// Who is fully signed in; a pass does not reach here.
    pub async fn full(&mut self) -> Result<Who, Stop> {
        let who = self.anyone().await?;
        if who.session.is_limited() { Err(Problem::pass_not_enough().into()) } else { Ok(who) }
    }

    /// Whoever is signed in, if they may do that in the console and proved as much as policy asks for there.
    pub async fn console(&mut self, permission: Permission) -> Result<Who, Stop> {
        let who = self.full().await?;
        if !who.user.role.may(permission) {
            return Err(Problem::forbidden("role").into());
        }
        if !self.app.service.settings().lets_into(&who, Area::Console) {
            return Err(Problem::forbidden("stronger_evidence_needed").into());
        }
        Ok(who)
    }

    /// The navigation of the console.
    pub fn nav(&self, who: &Who) -> Nav {
        Nav::new(who.user.role, &self.path)
    }

    async fn sign_in_first(&mut self) -> Result<Stop, Stop> {
        let continue_to = Destination::of(&self.path);
        if self.token.is_some() {
            self.set_cookies.push(cookies::remove(cookies::SESSION));
        }
        if is_scripted(&self.path) {
            return Ok(Problem::session_ended_for_script().into());
        }
        let interaction = Interaction { continue_to, ..self.interaction() };
        self.set_interaction(&interaction);
        let cookies = std::mem::take(&mut self.set_cookies);
        // Told once on the page that they are led to: a session that they had is over.
        let location = match &self.token {
            Some(token) => {
                let ending =
                    service::manage_sessions::ending(&self.app.service, self.facts.now, token).await?;
                format!("/signin?ended={}", told(ending).code())
            }
            None => "/signin".to_owned(),
        };
        let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
        for cookie in cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(response.into())
    }

    /// Gives the browser the new session and remembers the account; the errand is done.
    /// Returns where the errand continues to.
    pub fn begin_session(&mut self, signed_in: &SignedIn) -> Option<Destination> {
        let interaction = self.interaction();
        self.set_session(&signed_in.token);
        if self.sealed.interaction.is_some() {
            self.set_cookies.push(cookies::remove(cookies::INTERACTION));
        }
        self.end_step();
        self.remember(Known {
            login: signed_in.user.login.shown().to_owned(),
            name: signed_in.user.name.clone(),
        });
        interaction.continue_to
    }

    /// Gives the browser the token of a session.
    pub fn set_session(&mut self, token: &Token) {
        self.set_cookies.push(cookies::set(cookies::SESSION, &token.encode(), Keep::Session));
    }

    /// Gives the browser the token of a sign-in whose second step is outstanding; it opens nothing else.
    pub fn set_step(&mut self, token: &Token) {
        self.set_cookies.push(cookies::set(cookies::STEP, &token.encode(), STEP));
    }

    /// Takes it from the browser.
    pub fn end_step(&mut self) {
        if self.sealed.step.is_some() {
            self.set_cookies.push(cookies::remove(cookies::STEP));
        }
    }

    /// Takes the session from the browser.
    pub fn end_session(&mut self) {
        self.set_cookies.push(cookies::remove(cookies::SESSION));
    }

    /// The errand of this sign-in.
    pub fn interaction(&self) -> Interaction {
        self.open(cookies::INTERACTION, self.sealed.interaction.as_deref()).unwrap_or_default()
    }

    /// Remembers the errand.
    pub fn set_interaction(&mut self, interaction: &Interaction) {
        self.seal(cookies::INTERACTION, interaction, INTERACTION);
    }

    /// Tells `flash` on the next page.
    pub fn set_flash(&mut self, flash: &Flash) {
        self.seal(cookies::FLASH, flash, FLASH);
    }

    fn take_flash(&mut self) -> Option<Flash> {
        let sealed = self.sealed.flash.take()?;
        self.set_cookies.push(cookies::remove(cookies::FLASH));
        self.open(cookies::FLASH, Some(&sealed))
    }

    /// The accounts that this browser remembers, last used first.
    pub fn known(&self) -> Vec<Known> {
        self.open(cookies::KNOWN, self.sealed.known.as_deref()).unwrap_or_default()
    }

    fn remember(&mut self, account: Known) {
        let mut known = self.known();
        if known.first() == Some(&account) {
            return;
        }
        known.retain(|other| other.login != account.login);
        known.insert(0, account);
        known.truncate(KNOWN_ACCOUNTS);
        self.seal(cookies::KNOWN, &known, cookies::LONG);
    }

    /// Forgets the account of that login name, or all of them.
    pub fn forget(&mut self, login: Option<&str>) {
        let mut known = self.known();
        known.retain(|account| login.is_some_and(|login| account.login != login));
        if known.is_empty() {
            self.set_cookies.push(cookies::remove(cookies::KNOWN));
        } else {
            self.seal(cookies::KNOWN, &known, cookies::LONG);
        }
    }

    pub(crate) fn seal(&mut self, name: &'static str, value: &impl Serialize, keep: Keep) {
        let Ok(plain) = serde_json::to_vec(value) else { return };
        let (now, mut entropy) = (self.facts.now, self.app.ambient.entropy());
        let binding = self.facts.browser.as_bytes();
        let sealed = seal::seal(&self.app.service.keys, name, binding, &plain, now, entropy.as_mut());
        self.set_cookies.push(cookies::set(name, &encoding::base64url(&sealed), keep));
    }

    /// What a sealed cookie holds; one that is not ours, or another browser's, holds nothing.
    pub(crate) fn open<T: DeserializeOwned>(&self, name: &'static str, sealed: Option<&str>) -> Option<T> {
        let sealed = encoding::from_base64url(sealed?)?;
        let plain = seal::open(&self.app.service.keys, name, self.facts.browser.as_bytes(), &sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

/// What a person is told of the end of their session.
fn told(ending: Ending) -> SessionEnd {
    match ending {
        Ending::TimedOut => SessionEnd::TimedOut,
        Ending::PassEnded => SessionEnd::PassEnded,
        Ending::AccountDisabled => SessionEnd::AccountDisabled,
        Ending::Over => SessionEnd::Over,
    }
}

/// Whether a script asks and JSON is the answer.
pub(crate) fn is_scripted(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let by_script = ["/begin", "/finish", "/stage", "/events", "/report"];
    crate::routes::oidc::is_for_programs(path)
        || by_script.iter().any(|ending| path.ends_with(ending))
        || path.starts_with("/api/")
        || path.starts_with("/graph/")
}

/// The account as pages show it.
pub(crate) fn account_of(user: &User, session: &Session) -> Account {
    Account {
        name: user.name.clone(),
        login: user.login.shown().to_owned(),
        pass_ends: session.is_limited().then_some(session.ends),
        restricted: session.restriction().is_some(),
        console: !session.is_limited() && user.role.may(Permission::ReadUsers),
        bell: Bell::default(),
    }
}

/// The frame of a page.
pub(crate) fn shell(
    organisation: String,
    facts: &Facts,
    path: String,
    flash: Option<Flash>,
    account: Option<Account>,
) -> Shell {
    Shell {
        text: Text::new(facts.spoken()),
        organisation,
        path,
        reference: facts.reference.as_str().to_owned(),
        now: facts.now,
        account,
        flash,
        read_only_until: facts.read_only_until,
        application: None,
    }
}
