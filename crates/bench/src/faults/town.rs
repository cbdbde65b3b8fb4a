//! A few people with known sessions, passes and ceremonies, asked one question at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use primitives::time::Timestamp;
use store::Db;

use super::stand::Stand;
use crate::failure::Failure;
use crate::host;
use crate::http::{Body, Connection};
use crate::person::Person;
use crate::population::{self, Deployment};
use crate::worker::{self, SESSION, browser_cookie, parse};

/// The floor of the clock is stored about once a second, with the next commit.
const STORED_WITHIN: Duration = Duration::from_millis(1200);
/// Events are chained twice a second.
const CHAINED_WITHIN: Duration = Duration::from_millis(1500);
/// A probe's verdict is good for two seconds.
const VERDICT: Duration = Duration::from_millis(2200);

/// A ceremony that has begun: what the browser would send to finish it.
pub(crate) struct Begun(String);

/// The people.
pub(crate) struct Town {
    /// Where they are.
    pub(crate) stand: Stand,
    people: Vec<Person>,
    next: usize,
    runtime: tokio::runtime::Runtime,
    browser: String,
    /// A response that signed somebody in.
    used: Option<String>,
    /// What the floor was before it was taken away.
    floor: Option<Timestamp>,
}

impl Town {
    /// People in one browser.
    pub(crate) fn new(stand: Stand, people: Vec<Person>) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Failure::because("cannot start a runtime"))?;
        let endpoint = stand.host.endpoint.clone();
        let browser = runtime.block_on(async {
            let mut connection = Connection::open(&endpoint).await.map_err(|error| error.to_string())?;
            browser_cookie(&mut connection).await
        });
        let browser = browser.map_err(Failure::new)?;
        let town = Self { stand, people, next: 0, runtime, browser, used: None, floor: None };
        for name in ["early", "late", "guessed"] {
            town.command(&["user", "add", &login(name), "--name", name])?;
        }
        Ok(town)
    }

    fn command(&self, arguments: &[&str]) -> Result<serde_json::Value, Failure> {
        let host = &self.stand.host;
        let deployment = Deployment {
            config: host.config(),
            binary: host.binary.clone(),
            endpoint: host.endpoint.clone(),
        };
        population::command(&deployment, arguments)
    }

    fn send(
        &self,
        path: &str,
        session: Option<&str>,
        body: Body<'_>,
    ) -> Result<(u16, String, Option<String>), Failure> {
        let cookies = match session {
            Some(session) => format!("{}; {SESSION}={session}", self.browser),
            None => self.browser.clone(),
        };
        let endpoint = self.stand.host.endpoint.clone();
        let answered = self.runtime.block_on(async {
            let mut connection = Connection::open(&endpoint).await?;
            let answer = connection.send(path, &cookies, body).await?;
            let text = String::from_utf8_lossy(answer.body).into_owned();
            Ok::<_, crate::http::HttpError>((answer.status, text, answer.cookie(SESSION).map(str::to_owned)))
        });
        answered
            .map_err(|error| self.stand.host.explain(Failure::because(format!("no answer to {path}"))(error)))
    }

    /// Begins a sign-in and lets the authenticator do its part.
    pub(crate) fn begin(&mut self) -> Result<Begun, Failure> {
        let (_, body, _) = self.send("/signin/begin", None, Body::Json("{}"))?;
        let begun: worker::Begun<'_> = parse(body.as_bytes(), "begin").map_err(Failure::new)?;
        let origin = self.stand.host.endpoint.origin();
        let count = self.people.len().max(1);
        let person = self.people.get_mut(self.next % count).ok_or_else(|| Failure::new("nobody is there"))?;
        self.next += 1;
        let response = person.assert(begun.options.get(), &origin).map_err(Failure::new)?;
        Ok(Begun(format!("{{\"state\":\"{}\",\"response\":{response}}}", begun.state)))
    }

    /// Finishes it; whether it opened a session.
    pub(crate) fn finish(&self, begun: &Begun) -> Result<bool, Failure> {
        Ok(self.send("/signin/finish", None, Body::Json(&begun.0))?.2.is_some())
    }

    /// A whole sign-in; its session's token.
    pub(crate) fn sign_in(&mut self) -> Result<String, Failure> {
        let begun = self.begin()?;
        let (_, said, session) = self.send("/signin/finish", None, Body::Json(&begun.0))?;
        self.used = Some(begun.0);
        session.ok_or_else(|| self.stand.host.explain(Failure::new(format!("a sign-in was refused: {said}"))))
    }

    /// The last response that signed somebody in, again; whether it opens another session.
    pub(crate) fn sign_in_again_with_used_response(&self) -> Result<bool, Failure> {
        let Some(used) = &self.used else { return Ok(false) };
        Ok(self.send("/signin/finish", None, Body::Json(used))?.2.is_some())
    }

    /// Whether the session opens the person's page.
    pub(crate) fn is_live(&self, session: &str) -> Result<bool, Failure> {
        Ok(self.send("/me/security", Some(session), Body::None)?.0 == 200)
    }

    /// Issues a pass that works more than once.
    pub(crate) fn issue(&self, name: &str, lifetime: &str) -> Result<String, Failure> {
        let issued =
            self.command(&["pass", "issue", &login(name), "--lifetime", lifetime, "--reason", "clock"])?;
        let pass = issued.get("pass").and_then(serde_json::Value::as_str).map(str::to_owned);
        pass.ok_or_else(|| Failure::new("`keyward pass issue` gave no pass"))
    }

    /// Enters a pass: 303 when it opens a session, 422 when it does not, 429 when there were too many tries.
    pub(crate) fn redeem(&self, name: &str, pass: &str) -> Result<u16, Failure> {
        let form = format!("identifier={}&pass={pass}", login(name).replace('@', "%40"));
        Ok(self.send("/signin/tap", None, Body::Form(&form))?.0)
    }

    /// Guesses until the name has to wait.
    pub(crate) fn lock_out(&self, name: &str) -> Result<(), Failure> {
        for _ in 0..12 {
            let value = account::temporary_pass::generate(12, &mut primitives::entropy::SystemEntropy);
            if self.redeem(name, value.reveal())? == 429 {
                return Ok(());
            }
        }
        Err(Failure::new("a dozen guesses locked nobody out"))
    }

    /// What the probe for readiness says, asked anew.
    pub(crate) fn ready(&self) -> Result<(u16, String), Failure> {
        std::thread::sleep(VERDICT);
        host::fetch(&self.stand.host.endpoint, "/readyz").map_err(Failure::because("no answer to /readyz"))
    }

    /// The status once the verdict from before has run out.
    pub(crate) fn ready_again(&self) -> Result<u16, Failure> {
        Ok(self.ready()?.0)
    }

    /// How far the clock is behind by the metrics, in seconds.
    pub(crate) fn behind(&self) -> Result<i64, Failure> {
        let (_, metrics) =
            host::fetch(&self.stand.host.metrics, "/metrics").map_err(Failure::because("no metrics"))?;
        let line = metrics.lines().find_map(|line| line.strip_prefix("keyward_clock_behind_seconds "));
        let whole = line.and_then(|value| value.split('.').next()?.parse().ok());
        whole.ok_or_else(|| Failure::new("the metrics do not tell how far the clock is behind"))
    }

    /// Whether the log says so.
    pub(crate) fn logged(&self, what: &str) -> bool {
        std::fs::read_to_string(self.stand.folder().join("keyward.log")).is_ok_and(|log| log.contains(what))
    }

    /// Waits until the latest time would survive a crash.
    pub(crate) fn let_floor_be_stored(&mut self) -> Result<(), Failure> {
        std::thread::sleep(STORED_WITHIN);
        let begun = Instant::now();
        self.sign_in()?;
        std::thread::sleep(STORED_WITHIN.saturating_sub(begun.elapsed()));
        self.sign_in().map(|_| ())
    }

    /// What `keyward audit verify` complains of, once the last events are in the chain: by a clock that has just jumped
    /// they look as if they had waited for too long.
    pub(crate) fn audit(&self) -> Result<Option<String>, Failure> {
        std::thread::sleep(CHAINED_WITHIN);
        Ok(self.command(&["audit", "verify"]).err().map(|failure| failure.to_string()))
    }

    /// Starts the server with further arguments, once.
    pub(crate) fn start_with(&mut self, arguments: &[&str]) -> Result<(), Failure> {
        self.stand.host.start_with(arguments).map(|_| ())
    }

    fn open(&self) -> Result<Db, Failure> {
        let keys = store::key_file::load(&self.stand.folder().join("keyward.key"));
        let keys = Arc::new(keys.map_err(Failure::because("cannot read the keys"))?);
        let database = store::Database::parse(self.stand.database.url());
        self.runtime.block_on(Db::open(&database, keys)).map_err(Failure::because("cannot open the database"))
    }

    /// Takes the guard away: the latest time that was seen, while no server runs.
    pub(crate) fn take_floor_away(&mut self) -> Result<(), Failure> {
        let db = self.open()?;
        let seen = self.runtime.block_on(db.now()).map_err(Failure::because("cannot read the clock"))?;
        self.floor = Some(seen);
        self.set_floor(&db, server::context::system_now(), Timestamp::EPOCH)
    }

    /// Puts it back.
    pub(crate) fn restore_floor(&mut self) -> Result<(), Failure> {
        let Some(floor) = self.floor else { return Ok(()) };
        let db = self.open()?;
        self.set_floor(&db, server::context::system_now(), floor)
    }

    fn set_floor(&self, db: &Db, now: Timestamp, floor: Timestamp) -> Result<(), Failure> {
        // This program's own memory of the floor first, or it would store it again.
        db.reset_clock(now);
        let sql = format!("UPDATE time_floor SET floor = {}", floor.micros());
        let set = self.runtime.block_on(db.write(move |tx| tx.execute_raw(&sql)));
        set.map_err(Failure::because("cannot change the floor"))
    }
}

fn login(name: &str) -> String {
    format!("{name}@example.com")
}
