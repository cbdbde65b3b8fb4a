//! `keyfob scan`: reads the code that another device shows, and signs in there with a passkey of this vault.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use hybrid::qr::{Hint, Qr, StaleQr};
use serde_json::{Value, json};

use super::init::place;
use super::tunnel_service::Relay;
use super::unlock::{self, Open};
use super::{Failure, print};
use crate::ambient::{self, Environment};
use crate::cli::Common;
use crate::cross_device::{self, Authority, CrossDeviceRefusal, OverHolder, Phone, Progress, Spent};
use crate::io::bluetooth::Bluetooth;
use crate::io::scan::{self, Camera, Programs, Source};
use crate::io::tunnel::Reach;
use crate::links;
use crate::text::Text;
use crate::used_codes::UsedCodes;

/// authenticatorGetInfo (CTAP 2.3 section 6.4).
const GET_INFO: u8 = 0x04;
/// What a command that did nothing says first.
const REFUSAL: &str = "Nothing was done";

/// Its arguments.
#[derive(Debug, Args)]
#[command(
    after_help = "Scan only what you have in front of you. A code that somebody sent you signs them in, not you."
)]
pub struct Arguments {
    #[command(flatten)]
    source: Place,
    #[command(flatten)]
    relay: Relay,
    /// Say what the code says, and do nothing
    #[arg(long)]
    show: bool,
    /// If the other device asks to be remembered, let it, by that name: it may then ask for a year without a code.
    /// Without this you are asked on the terminal, and where there is none it is not remembered
    #[arg(long, value_name = "NAME")]
    link: Option<String>,
}

/// Where the code is.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Place {
    /// The code's own text, or - to read it from standard input
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// A picture of it: PNG or JPEG
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
    /// It is on this screen
    #[arg(long)]
    screen: bool,
    /// It is before the camera; another device than /dev/video0 may be named
    #[arg(long, value_name = "DEVICE", num_args = 0..=1, default_missing_value = "/dev/video0")]
    camera: Option<PathBuf>,
}

/// Text that is read from standard input: more than any code, and not without end.
const MAX_STANDARD_INPUT: u64 = 16 * 1024;

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    super::now(scan(common, arguments))
}

async fn scan(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    let environment = Environment::read();
    let started = Instant::now();
    let programs = Programs::on(environment.path.clone());
    let code =
        scan::read(arguments.source.source()?, &programs).await.map_err(|why| not_done(why.code(), &why))?;
    let looking = started.elapsed();
    let qr = Qr::read(&code).map_err(|why| not_done(why.code(), &"this is no code of another device."))?;
    if arguments.show {
        return show(common, &qr);
    }
    if arguments.link.as_deref().is_some_and(|name| !links::is_name(name)) {
        return Err(Failure::usage("Nothing was done: a device's name has 1 to 60 characters."));
    }
    let Some((domain, reach)) = arguments.relay.chosen(REFUSAL)? else {
        return Err(Failure::usage(
            "Nothing was done: say by which relay the other device finds this one, with --relay-domain.",
        ));
    };
    // A code is used up by being scanned, whatever becomes of it.
    qr.age(ambient::now()).map_err(stale)?;
    let used = UsedCodes::beside(&place(common)?);
    let opening = Instant::now();
    let mut open = unlock::open(common, REFUSAL).await?;
    let opening = opening.elapsed();
    used.take(&qr, ambient::now()).map_err(|why| not_done(why.code(), &why))?;
    let name = remembered_as(&mut open, &qr, arguments.link.clone()).await?;
    let spent = answer(&open, qr, (domain, &reach), name).await?;
    report(common, open.text, spent, looking, opening)
}

/// By which name the other device may ask another time without a code, if it wants to and the person lets it.
async fn remembered_as(open: &mut Open, qr: &Qr, name: Option<String>) -> Result<Option<String>, Failure> {
    let text = open.text;
    if !qr.linking {
        if name.is_some() {
            let _ = writeln!(std::io::stderr(), "{}", text.say("link-not-wanted"));
        }
        return Ok(None);
    }
    let (None, Some(terminal)) = (&name, &mut open.terminal) else { return Ok(name) };
    if !terminal.ask_yes(&text.say("link-ask")).await {
        return Ok(None);
    }
    let devices = open.holder.devices().await.map_err(|error| not_done(error.code(), &error))?;
    let numbered = |number: usize| text.with("link-name-default", &[("number", &number.to_string())]);
    let free = |name: &String| devices.iter().all(|device| device.name != *name);
    // Of one more than there are, one is free.
    let default = (1..=devices.len() + 1).map(numbered).find(free).unwrap_or_default();
    let typed = terminal.ask_line(&text.with("link-name", &[("name", &default)])).await;
    Ok(typed.map(|typed| if links::is_name(&typed) { typed } else { default }))
}

async fn answer(
    open: &Open,
    qr: Qr,
    (domain, reach): (u16, &Reach),
    name: Option<String>,
) -> Result<Spent, Failure> {
    let authority = OverHolder { holder: &open.holder, remember: name.clone().map(|name| (name, domain)) };
    let name = name.unwrap_or_default();
    let Some((0, get_info)) =
        authority.handle(vec![GET_INFO]).await.split_first().map(|(s, i)| (*s, i.to_vec()))
    else {
        return Err(Failure::refused("Nothing was done: what holds the vault does not answer."));
    };
    let bluetooth = Bluetooth::of_this_computer();
    let phone = Phone { get_info, domain, reach, bluetooth: &bluetooth, clock: ambient::now, near: None };
    let mut refused = None;
    let mut tell = |progress| {
        let id = match progress {
            Progress::Advertising => "scan-advertising",
            Progress::Connected => "scan-connected",
            Progress::Linked(true) => "link-kept",
            Progress::Linked(false) => "link-not-kept",
            Progress::Answered(status) => {
                refused = (status != 0).then_some(status);
                "scan-answered"
            }
        };
        let _ = writeln!(std::io::stderr(), "{}", open.text.with(id, &[("name", &name)]));
    };
    let spent = cross_device::answer(qr, phone, &authority, &mut tell).await;
    let spent = spent.map_err(|why| not_done(why.code(), &why))?;
    match refused {
        // The last answer was a refusal: the other device shows that in its own words.
        Some(status) => Err(Failure::refused(format!(
            "Nothing was done: the other device was told that it does not work (ctap_0x{status:02x})"
        ))),
        None => Ok(spent),
    }
}

fn report(
    common: &Common,
    text: Text,
    spent: Spent,
    looking: Duration,
    opening: Duration,
) -> Result<(), Failure> {
    let milliseconds = |time: Duration| (time.as_secs_f64() * 10_000.0).round() / 10.0;
    let json = json!({
        "milliseconds": {
            "reading": milliseconds(looking),
            "vault": milliseconds(opening),
            "tunnel": milliseconds(spent.tunnel),
            "advertising": milliseconds(spent.advertising),
            "computing": milliseconds(spent.computing),
            "answering": milliseconds(spent.answering),
            "own": milliseconds(looking + opening + spent.total()),
        },
    });
    print(common, &json, || text.say("scan-done"))
}

/// What a code says, without its secret.
fn show(common: &Common, qr: &Qr) -> Result<(), Failure> {
    let age = qr.time.map(|made| ambient::now().secs() - i64::try_from(made).unwrap_or(i64::MAX));
    let wants = match qr.hint {
        Hint::Create => "create a passkey",
        Hint::Get => "sign in",
        Hint::PresentDigital | Hint::IssueDigital => "exchange a digital credential",
    };
    let json: Value = json!({
        "hint": qr.hint.text(),
        "ageSeconds": age,
        "linking": qr.linking,
        "assignedDomains": qr.domains,
        "channels": qr.channels,
    });
    print(common, &json, || match age {
        Some(age) => format!("Another device wants to {wants}. The code is {age} seconds old."),
        None => format!("Another device wants to {wants}. The code does not say how old it is."),
    })
}

fn not_done(code: &str, why: &dyn std::fmt::Display) -> Failure {
    Failure::refused(format!("Nothing was done: {why} ({code})"))
}

fn stale(why: StaleQr) -> Failure {
    not_done(why.code(), &CrossDeviceRefusal::Transport(hybrid::responder::ResponderRefusal::Stale(why)))
}

impl Place {
    fn source(&self) -> Result<Source, Failure> {
        Ok(match self {
            Place { text: Some(text), .. } if text == "-" => Source::Text(standard_input()?),
            Place { text: Some(text), .. } => Source::Text(text.clone()),
            Place { picture: Some(file), .. } => Source::Picture(file.clone()),
            Place { camera: Some(device), .. } => Source::Camera(Camera { device: device.clone() }),
            Place { .. } => Source::Screen,
        })
    }
}

fn standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().lock().take(MAX_STANDARD_INPUT).read_to_string(&mut text);
    read.map_err(|why| Failure::usage(format!("Nothing was done: standard input cannot be read: {why}.")))?;
    Ok(text)
}
