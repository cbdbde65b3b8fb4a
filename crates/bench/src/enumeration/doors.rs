//! The doors where somebody who is not signed in names an account, and knocking at them.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use account::{recovery_code, temporary_pass};
use primitives::entropy::{self, SystemEntropy};
use primitives::secret::SecretText;

use super::names::{FROM_ONE_ADDRESS, Names, WARM_UP};
use crate::failure::Failure;
use crate::http::{Body, Connection, Endpoint};
use crate::worker::browser_cookie;

/// Characters of a pass, as the server issues them by default.
const PASS_LENGTH: u8 = 10;
/// Guesses at one name that are checked; those behind them are refused.
const CHECKED: usize = 10;

/// Where a name is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// SI-1 and SI-2: who it is, and which ways there are.
    Method,
    /// SI-3: a wrong pass.
    Pass,
    /// SI-4: a wrong password.
    Password,
    /// A wrong recovery code.
    Recovery,
    /// LP-2: asking for a pass.
    Request,
}

impl Door {
    /// All of them. Those that guess share one bucket for each name. Nobody is guessed at more than once at each, so that
    /// every guess is one that is checked.
    pub(super) const ALL: [Door; 5] =
        [Door::Method, Door::Pass, Door::Password, Door::Recovery, Door::Request];

    /// Its name in reports.
    pub(super) fn name(self) -> &'static str {
        match self {
            Door::Method => "method",
            Door::Pass => "pass",
            Door::Password => "password",
            Door::Recovery => "recovery",
            Door::Request => "request",
        }
    }

    /// What it answers when a name meets it for the first time, whoever that is. With another answer it is not measured
    /// what should be: the guess was refused unchecked, or the page is not there.
    fn expected(self) -> u16 {
        match self {
            Door::Method => 200,
            Door::Pass | Door::Password | Door::Recovery => 422,
            Door::Request => 303,
        }
    }

    /// Where it is, and the form that a person of that name sends there.
    fn form(self, name: &str) -> (&'static str, String) {
        let name = name.replace('@', "%40");
        let secret = |value: SecretText| value.reveal().to_owned();
        match self {
            Door::Method => ("/signin", format!("identifier={name}")),
            Door::Pass => {
                let pass = secret(temporary_pass::generate(PASS_LENGTH, &mut SystemEntropy));
                ("/signin/tap", format!("identifier={name}&pass={pass}"))
            }
            Door::Password => ("/signin/password", format!("identifier={name}&password=not+the+right+one")),
            Door::Recovery => {
                let code = secret(recovery_code::generate(&mut SystemEntropy));
                ("/signin/recovery", format!("identifier={name}&code={code}"))
            }
            Door::Request => {
                ("/recover", format!("identifier={name}&what=lost&contact=%2B41+44+000+00+00&colleague="))
            }
        }
    }
}

/// What was met at one door.
#[derive(Default)]
pub(super) struct Met {
    /// Times of known names, milliseconds.
    pub(super) known: Vec<f64>,
    /// Times of unknown names, milliseconds.
    pub(super) unknown: Vec<f64>,
    /// Statuses of all of them.
    pub(super) statuses: BTreeSet<u16>,
    /// Pairs that differ after masking.
    pub(super) differing: usize,
    /// The first place where the first of them does.
    pub(super) first_difference: Option<String>,
}

/// One answer, masked.
struct Heard {
    took: Duration,
    status: u16,
    text: String,
}

/// Somebody at a browser who is not signed in.
pub(super) struct Knocker<'a> {
    endpoint: &'a Endpoint,
    names: &'a Names,
    connection: Connection,
    browser: String,
}

impl<'a> Knocker<'a> {
    /// Opens a connection and fetches the browser's cookie.
    pub(super) async fn new(endpoint: &'a Endpoint, names: &'a Names) -> Result<Self, Failure> {
        let connection = Connection::open(endpoint).await;
        let mut connection = connection.map_err(Failure::because("cannot connect"))?;
        let browser = browser_cookie(&mut connection).await;
        let browser = browser.map_err(Failure::because("the sign-in page gave no cookie"))?;
        Ok(Self { endpoint, names, connection, browser })
    }

    /// Knocks for every pair of names, after some that do not count.
    pub(super) async fn knock_in_turns(&mut self, door: Door) -> Result<Met, Failure> {
        let (names, mut met) = (self.names, Met::default());
        for (number, name) in names.warm_up.iter().enumerate() {
            self.come_from(door, number).await?;
            self.knock(door, name).await?;
        }
        for (number, pair) in names.known.iter().zip(&names.unknown).enumerate() {
            self.come_from(door, WARM_UP + number).await?;
            self.pair(door, pair, &mut met).await?;
        }
        met.only(door.expected())?;
        Ok(met)
    }

    /// What guesses meet that are refused because there were too many: `count` at a known name, and at an unknown one.
    pub(super) async fn guess_beyond(&mut self, count: usize) -> Result<Met, Failure> {
        let (known, unknown) = (&self.names.locked.0, &self.names.locked.1);
        for _ in 0..CHECKED {
            self.knock(Door::Pass, known).await?;
            self.knock(Door::Pass, unknown).await?;
        }
        let mut met = Met::default();
        for _ in 0..count {
            self.pair(Door::Pass, (known, unknown), &mut met).await?;
        }
        met.only(429)?;
        Ok(met)
    }

    /// Requests are counted for each address: a few pairs, and the next come from another one.
    async fn come_from(&mut self, door: Door, number: usize) -> Result<(), Failure> {
        if door != Door::Request || !number.is_multiple_of(FROM_ONE_ADDRESS) {
            return Ok(());
        }
        let own = self.names.addresses.get(number / FROM_ONE_ADDRESS).copied().unwrap_or(Ipv4Addr::LOCALHOST);
        let connection = Connection::open_from(own, self.endpoint).await;
        self.connection = connection.map_err(Failure::because(format!("cannot connect from {own}")))?;
        // So that the server's side of the connection is there before anything is timed.
        self.browser = browser_cookie(&mut self.connection)
            .await
            .map_err(Failure::because("the sign-in page gave no cookie"))?;
        Ok(())
    }

    /// Knocks with both names, in an order that chance decides.
    async fn pair(
        &mut self,
        door: Door,
        (known, unknown): (&String, &String),
        met: &mut Met,
    ) -> Result<(), Failure> {
        let [chance] = entropy::array(&mut SystemEntropy);
        let (one, other) = if chance & 1 == 0 {
            let one = self.knock(door, known).await?;
            (one, self.knock(door, unknown).await?)
        } else {
            let other = self.knock(door, unknown).await?;
            (self.knock(door, known).await?, other)
        };
        met.add(&one, &other);
        Ok(())
    }

    async fn knock(&mut self, door: Door, name: &str) -> Result<Heard, Failure> {
        let (path, form) = door.form(name);
        let begun = Instant::now();
        let answer = self.connection.send(path, &self.browser, Body::Form(&form)).await;
        let took = begun.elapsed();
        let answer = answer.map_err(Failure::because("the server did not answer"))?;
        let interaction = answer.cookie("__Host-keyward-interaction").map(str::to_owned);
        let heard = Heard { took, status: answer.status, text: masked(&answer, name) };
        if door != Door::Method {
            return Ok(heard);
        }
        // The page that follows is a part of the door: it could show what an account has.
        let interaction =
            interaction.map_or(String::new(), |value| format!("; __Host-keyward-interaction={value}"));
        let cookies = format!("{}{interaction}", self.browser);
        let begun = Instant::now();
        let page = self.connection.send("/signin/method", &cookies, Body::None).await;
        let took = took + begun.elapsed();
        let page = page.map_err(Failure::because("the server did not answer"))?;
        let text = format!("{}\n\n{}", heard.text, masked(&page, name));
        Ok(Heard { took, status: page.status, text })
    }
}

impl Met {
    fn add(&mut self, known: &Heard, unknown: &Heard) {
        self.known.push(millis(known.took));
        self.unknown.push(millis(unknown.took));
        self.statuses.extend([known.status, unknown.status]);
        if known.status == unknown.status && known.text == unknown.text {
            return;
        }
        self.differing += 1;
        self.first_difference.get_or_insert_with(|| difference(known, unknown));
    }

    /// Refuses times of anything but what was to be measured.
    fn only(&self, status: u16) -> Result<(), Failure> {
        match self.statuses.iter().find(|met| **met != status) {
            None => Ok(()),
            Some(met) => Err(Failure::new(format!("{met} was answered where {status} was to be measured"))),
        }
    }
}

fn difference(known: &Heard, unknown: &Heard) -> String {
    let lines = known.text.lines().zip(unknown.text.lines());
    match lines.into_iter().find(|(one, other)| one != other) {
        Some((one, other)) => format!("{} {one:?} against {} {other:?}", known.status, unknown.status),
        None => format!(
            "{} and {} bytes, statuses {} and {}",
            known.text.len(),
            unknown.text.len(),
            known.status,
            unknown.status
        ),
    }
}

/// The whole answer without what differs between any two: the name, the request's reference, the date, sealed cookies
/// (their lengths stay).
fn masked(answer: &crate::http::Answer<'_>, name: &str) -> String {
    let reference = answer.header("x-request-id").unwrap_or("no reference").to_owned();
    let mut text = String::new();
    for line in answer.head().split("\r\n").filter(|line| !line.is_empty()) {
        let lower = line.to_ascii_lowercase();
        if lower.starts_with("date:") {
            continue;
        }
        match lower.starts_with("set-cookie:").then(|| line.split_once('=')).flatten() {
            Some((cookie, value)) => {
                let (value, attributes) = value.split_once(';').unwrap_or((value, ""));
                text.push_str(&format!("{cookie}={} characters;{attributes}\n", value.len()));
            }
            None => text.push_str(&format!("{line}\n")),
        }
    }
    text.push_str(&String::from_utf8_lossy(answer.body));
    text.replace(&reference, "REFERENCE").replace(name, "NAME").replace(&name.replace('@', "%40"), "NAME")
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
