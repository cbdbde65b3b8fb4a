//! Whoever visits one deployment: signs people in who are drawn from all of them, looks at their pages, and issues
//! passes.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use account::session::{BrowserId, ClientLabel};
use account::temporary_pass::Wish;
use primitives::entropy::{self, SystemEntropy};
use service::{Authority, Caller, Context, administer_passes, administer_users};
use testkit::entropy::SeededEntropy;

use super::seeded::{PASSKEYS, Population};
use crate::failure::Failure;
use crate::http::{Body, Connection, Endpoint};
use crate::worker::{self, at, browser_cookie, expect};

/// Sessions that are looked at again, the one longest signed in first.
const SESSIONS: usize = 256;

/// What people wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A complete sign-in with a passkey: begin, finish, and the first page.
    SignIn,
    /// Security info, in a session.
    SecurityInfo,
    /// Issuing a pass.
    IssuePass,
}

impl Kind {
    /// All of them, in the order in which they are told.
    pub(crate) const ALL: [Kind; 3] = [Kind::SignIn, Kind::SecurityInfo, Kind::IssuePass];

    /// Its name in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::SignIn => "passkey sign-in",
            Kind::SecurityInfo => "Security info",
            Kind::IssuePass => "pass issue",
        }
    }
}

/// One visitor of one deployment.
pub(crate) struct Visitor {
    runtime: tokio::runtime::Runtime,
    site: Door,
    service: Context,
}

/// The HTTP side, apart from the runtime that drives it.
struct Door {
    endpoint: Endpoint,
    population: Arc<Population>,
    /// The `Cookie` header of a browser in which nobody is signed in.
    browser: String,
    /// Whose session it is, and its `Cookie` header.
    sessions: VecDeque<(u64, String)>,
    connection: Option<Connection>,
    draws: SeededEntropy,
}

impl Visitor {
    /// Nobody has visited yet.
    pub(crate) fn new(
        endpoint: Endpoint,
        population: Arc<Population>,
        service: Context,
    ) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Failure::because("cannot start a runtime"))?;
        let site = Door {
            endpoint,
            population,
            browser: String::new(),
            sessions: VecDeque::new(),
            connection: None,
            draws: SeededEntropy::new(1),
        };
        Ok(Self { runtime, site, service })
    }

    /// Opens a connection and makes sure that somebody is signed in. Servers close idle ones.
    pub(crate) fn arrive(&mut self) -> Result<(), Failure> {
        self.runtime.block_on(self.site.arrive()).map_err(Failure::because("a visit failed"))
    }

    /// Does it for somebody drawn from everybody; how long the server, or whoever issues the pass, took.
    pub(crate) fn visit(&mut self, kind: Kind) -> Result<Duration, Failure> {
        let taken = match kind {
            Kind::SignIn => self.runtime.block_on(self.site.sign_in()),
            Kind::SecurityInfo => self.runtime.block_on(self.site.security_info()),
            Kind::IssuePass => {
                let number = self.site.anybody();
                self.runtime.block_on(issue_pass(&self.service, number))
            }
        };
        taken.map_err(Failure::because(format!("a {} failed", kind.name())))
    }
}

impl Door {
    async fn arrive(&mut self) -> Result<(), String> {
        let mut connection = Connection::open(&self.endpoint).await.map_err(|error| at("connect", &error))?;
        if self.browser.is_empty() {
            self.browser = browser_cookie(&mut connection).await?;
        }
        self.connection = Some(connection);
        if self.sessions.is_empty() {
            self.sign_in().await?;
        }
        Ok(())
    }

    /// The number of somebody.
    fn anybody(&mut self) -> u64 {
        let drawn = u64::from_be_bytes(entropy::array(&mut self.draws));
        drawn % self.population.users().max(1)
    }

    async fn sign_in(&mut self) -> Result<Duration, String> {
        let number = self.anybody();
        let which = u64::from(entropy::array::<1>(&mut self.draws)[0]) % PASSKEYS;
        let (mut person, _) = self.population.person(number, which).map_err(|failure| failure.to_string())?;
        let connection = self.connection.as_mut().ok_or("connect: not connected")?;
        let (laps, session) = worker::sign_in(connection, &self.browser, &self.endpoint, &mut person).await?;
        // In one browser a person's new session takes the place of their old one.
        self.sessions.retain(|(other, _)| *other != number);
        self.sessions.push_back((number, session));
        if self.sessions.len() > SESSIONS {
            self.sessions.pop_front();
        }
        // The authenticator's signature between the requests is not the server's.
        Ok(laps.steps.iter().sum())
    }

    async fn security_info(&mut self) -> Result<Duration, String> {
        let (number, session) = self.sessions.pop_front().ok_or("page: nobody is signed in")?;
        let connection = self.connection.as_mut().ok_or("connect: not connected")?;
        let begun = Instant::now();
        let answer = connection.send("/me/security", &session, Body::None).await;
        let answer = answer.map_err(|error| at("page", &error))?;
        let taken = begun.elapsed();
        expect(&answer, 200, "page")?;
        self.sessions.push_back((number, session));
        Ok(taken)
    }
}

/// What `keyward pass issue` does once it is running: finds the account, and issues.
async fn issue_pass(service: &Context, number: u64) -> Result<Duration, String> {
    let mut caller = Caller {
        now: server::context::system_now(),
        entropy: Box::new(SystemEntropy),
        browser: BrowserId::from_bytes([0; 32]),
        client: ClientLabel::default(),
        reference: "BENC-HPAS".to_owned(),
    };
    let wish = Wish { one_time: true, reason: "bench".to_owned(), ..Wish::default() };
    let begun = Instant::now();
    let shown = administer_users::show(service, &Population::login(number)).await;
    let user = shown.map_err(|error| format!("find: {}", error.code()))?.user.id;
    let issued = administer_passes::issue(service, &mut caller, Authority::Operator, user, wish).await;
    let taken = begun.elapsed();
    issued.map(|_| taken).map_err(|error| format!("issue: {}", error.code()))
}
