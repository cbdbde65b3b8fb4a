//! The configuration as written: the shape of the file, and how environment and flags lie over it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use account::pass_order::{LetterCode, OrderRules};
use account::temporary_pass::PassPolicy;
use primitives::time::{Span, Timestamp};
use serde::Deserialize;
use store::Database;
use toml::{Table, Value};

use crate::admission::Bounds;

use super::export::{self, RawExport};
use super::keys::{KEYS, Kind};
use super::methods::{self, RawCodes, RawInterrupt, RawMail, RawPasswords, RawPhones};
use super::outward::{self, RawMetadata, RawOutbound};
use super::retention::{self, RawRetention};
use super::{
    Config, ConfigRefusal, Limits, Log, Network, Oidc, Organisation, Origin, Passkeys, Relay, Sessions,
    TlsFiles, is_host_name, loopback,
};

const DEFAULT_FILE: &str = "keyward.toml";
const DEFAULT_DATABASE: &str = "keyward.db";
const DEFAULT_PORT: u16 = 8080;
/// Idle ones cost some kilobytes each; there shall be more than any one sender opens.
const CONNECTIONS: usize = 16_384;
const PREFIX: &str = "KEYWARD_";
/// Variables of the command line and the tests themselves, which are no configuration keys.
const NOT_KEYS: [&str; 2] = ["KEYWARD_CONFIG", "KEYWARD_TEST_"];

/// The file's shape. Lists are lists, times are texts such as `2h`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    origin: Option<String>,
    rp_id: Option<String>,
    former_rp_id: Option<String>,
    related_origins: Vec<String>,
    listen: Option<String>,
    metrics_listen: Option<String>,
    database: Option<String>,
    key_file: Option<PathBuf>,
    trusted_proxies: Vec<String>,
    read_only_until: Option<String>,
    tls: Option<RawTls>,
    organisation: RawOrganisation,
    sessions: RawSessions,
    passes: RawPasses,
    passkeys: RawPasskeys,
    passwords: RawPasswords,
    codes: RawCodes,
    recovery_codes: RawCodes,
    phones: RawPhones,
    interrupt: RawInterrupt,
    mail: Option<RawMail>,
    outbound: RawOutbound,
    metadata: RawMetadata,
    export: RawExport,
    retention: RawRetention,
    oidc: Oidc,
    relay: Relay,
    log: RawLog,
    limits: RawLimits,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTls {
    certificate: PathBuf,
    key: PathBuf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawOrganisation {
    name: Option<String>,
    help: Option<String>,
    language: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawSessions {
    idle: Option<String>,
    absolute: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawPasses {
    shortest: Option<String>,
    longest: Option<String>,
    lifetime: Option<String>,
    length: Option<u8>,
    one_time_only: Option<bool>,
    contacts: Option<String>,
    letter_code: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawPasskeys {
    post_quantum: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawLog {
    format: Option<String>,
    filter: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawLimits {
    head: Option<String>,
    request: Option<String>,
    body: Option<String>,
    drain: Option<String>,
    requests: Option<usize>,
    connections: Option<usize>,
}

/// Keys set by flags, by their dotted names.
#[derive(Clone, Debug, Default)]
pub struct Overlay(Vec<(&'static str, String)>);

impl Overlay {
    /// Sets `key` where the flag was given.
    pub fn set(&mut self, key: &'static str, value: Option<&str>) {
        self.0.extend(value.map(|value| (key, value.to_owned())));
    }
}

/// The files and variables that [`super::Config::load`] would read, for `config check`.
pub fn sources(path: Option<&Path>) -> Vec<String> {
    let file = path
        .map(Path::to_path_buf)
        .or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|file| file.exists()));
    let variables =
        std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).filter(|name| is_key(name));
    file.map(|file| file.display().to_string()).into_iter().chain(variables).collect()
}

pub(super) fn load(path: Option<&Path>, flags: &Overlay) -> Result<Config, ConfigRefusal> {
    let mut table = read_file(path)?;
    for (name, value) in std::env::vars_os() {
        let Ok(name) = name.into_string() else { continue };
        if is_key(&name) {
            let value = value.into_string().map_err(|_| shape(&name, "the value is not UTF-8"))?;
            overlay_variable(&mut table, &name, &value)?;
        }
    }
    for (key, value) in &flags.0 {
        put(&mut table, key, Value::String(value.clone()));
    }
    parse(table)
}

fn is_key(name: &str) -> bool {
    name.starts_with(PREFIX) && !NOT_KEYS.iter().any(|other| name.starts_with(other))
}

fn read_file(path: Option<&Path>) -> Result<Table, ConfigRefusal> {
    let path = match path {
        Some(path) => path,
        None if Path::new(DEFAULT_FILE).exists() => Path::new(DEFAULT_FILE),
        None => return Ok(Table::new()),
    };
    let text = std::fs::read_to_string(path)
        .map_err(|cause| ConfigRefusal::File { path: path.to_owned(), cause })?;
    // Checked against the shape here already, where an error still knows its line.
    toml::from_str::<Raw>(&text).map_err(|error| shape(&path.display().to_string(), &one_line(&error)))?;
    toml::from_str(&text).map_err(|error| shape(&path.display().to_string(), &one_line(&error)))
}

fn one_line(error: &toml::de::Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shape(source: &str, message: &str) -> ConfigRefusal {
    ConfigRefusal::Shape { source: source.to_owned(), message: message.to_owned() }
}

fn overlay_variable(table: &mut Table, name: &str, text: &str) -> Result<(), ConfigRefusal> {
    let suffix = name.strip_prefix(PREFIX).unwrap_or(name);
    let (_, key, kind) = KEYS
        .iter()
        .find(|(variable, _, _)| *variable == suffix)
        .ok_or_else(|| shape(name, "there is no such configuration key; correct or remove the variable"))?;
    let value = match kind {
        Kind::Text => Value::String(text.to_owned()),
        Kind::List => Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| Value::String(item.to_owned()))
                .collect(),
        ),
        Kind::Number => {
            Value::Integer(text.parse().map_err(|_| shape(name, "the value must be a whole number"))?)
        }
        Kind::Flag => {
            Value::Boolean(text.parse().map_err(|_| shape(name, "the value must be true or false"))?)
        }
    };
    put(table, key, value);
    Ok(())
}

/// Sets a dotted key; keys have at most two parts.
fn put(table: &mut Table, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), value);
        }
        Some((section, key)) => {
            let section = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(section) = section {
                section.insert(key.to_owned(), value);
            }
        }
    }
}

fn parse(table: Table) -> Result<Config, ConfigRefusal> {
    let raw: Raw = table.try_into().map_err(|error| shape("configuration", &one_line(&error)))?;
    let database = parse_database(raw.database.as_deref().unwrap_or(DEFAULT_DATABASE))?;
    let key_file = store::key_file::location(&database, raw.key_file.as_deref()).ok_or_else(|| {
        value("key_file", "a PostgreSQL database has no folder beside it: say where the key file is")
    })?;
    if raw.rp_id.as_deref().is_some_and(|rp_id| !is_host_name(rp_id)) {
        return Err(value("rp_id", "write a host name in lower case, such as example.com"));
    }
    if raw.former_rp_id.as_deref().is_some_and(|rp_id| !is_host_name(rp_id)) {
        return Err(value("former_rp_id", "write a host name in lower case, such as old.example"));
    }
    let limits = parse_limits(&raw.limits)?;
    Ok(Config {
        origin: raw.origin.as_deref().map(|text| origin("origin", text)).transpose()?,
        rp_id: raw.rp_id,
        former_rp_id: raw.former_rp_id,
        related_origins: related_origins(&raw.related_origins)?,
        listen: address("listen", raw.listen.as_deref())?.unwrap_or_else(|| loopback(DEFAULT_PORT)),
        metrics_listen: address("metrics_listen", raw.metrics_listen.as_deref())?,
        database,
        key_file,
        trusted_proxies: raw
            .trusted_proxies
            .iter()
            .map(|text| {
                text.parse::<Network>().map_err(|error| value("trusted_proxies", &format!("{text}: {error}")))
            })
            .collect::<Result<_, _>>()?,
        read_only_until: raw
            .read_only_until
            .as_deref()
            .map(|text| moment("read_only_until", text))
            .transpose()?,
        tls: raw.tls.map(|tls| TlsFiles { certificate: tls.certificate, key: tls.key }),
        organisation: parse_organisation(raw.organisation)?,
        sessions: parse_sessions(&raw.sessions)?,
        passkeys: Passkeys { post_quantum: raw.passkeys.post_quantum.unwrap_or(false) },
        policy: methods::policy(
            &raw.passwords,
            [&raw.codes, &raw.recovery_codes],
            &raw.phones,
            &raw.interrupt,
            parse_passes(&raw.passes)?,
        )?,
        orders: parse_orders(&raw.passes)?,
        breached: raw.passwords.breached,
        mail: raw.mail.map(methods::mail).transpose()?,
        outbound: outward::outbound(raw.outbound)?,
        metadata: outward::metadata(raw.metadata)?,
        export: export::parse(raw.export)?,
        retention: retention::parse(&raw.retention)?,
        oidc: raw.oidc,
        relay: raw.relay.checked(limits.connections)?,
        log: parse_log(raw.log)?,
        limits,
    })
}

pub(super) fn value(key: &'static str, message: &str) -> ConfigRefusal {
    ConfigRefusal::Value { key, message: message.to_owned() }
}

fn origin(key: &'static str, text: &str) -> Result<Origin, ConfigRefusal> {
    Origin::parse(text).map_err(|error| value(key, &format!("{text}: {error}")))
}

fn related_origins(texts: &[String]) -> Result<Vec<Origin>, ConfigRefusal> {
    const KEY: &str = "related_origins";
    let origins: Vec<Origin> = texts.iter().map(|text| origin(KEY, text)).collect::<Result<_, _>>()?;
    webauthn::relying_party::check_related_origins(origins.iter().map(Origin::as_str))
        .map_err(|refusal| value(KEY, &refusal.to_string()))?;
    Ok(origins)
}

pub(super) fn moment(key: &'static str, text: &str) -> Result<Timestamp, ConfigRefusal> {
    Timestamp::parse_rfc3339(text).map_err(|error| value(key, &error.to_string()))
}

fn address(key: &'static str, text: Option<&str>) -> Result<Option<SocketAddr>, ConfigRefusal> {
    text.map(|text| text.parse().map_err(|_| value(key, "write address and port, such as 127.0.0.1:8080")))
        .transpose()
}

fn parse_database(text: &str) -> Result<Database, ConfigRefusal> {
    match Database::parse(text) {
        Database::Sqlite(path)
            if text.is_empty() || text.contains("://") || path.extension() == Some("key".as_ref()) =>
        {
            Err(value("database", "write the path of a SQLite file or postgres://…"))
        }
        database => Ok(database),
    }
}

fn parse_organisation(raw: RawOrganisation) -> Result<Organisation, ConfigRefusal> {
    let bounded = |key, text: String, longest: usize| {
        let fits = text.chars().count() <= longest && !text.chars().any(char::is_control);
        if fits { Ok(text) } else { Err(value(key, "it is too long or holds control characters")) }
    };
    Ok(Organisation {
        name: bounded("organisation.name", raw.name.unwrap_or_else(|| "Keyward".to_owned()), 80)?,
        help: bounded("organisation.help", raw.help.unwrap_or_default(), 500)?,
        language: raw.language.unwrap_or_else(|| "en".to_owned()),
    })
}

pub(super) fn span(key: &'static str, text: Option<&str>, default: Span) -> Result<Span, ConfigRefusal> {
    match text {
        None => Ok(default),
        Some(text) => match text.parse::<Span>() {
            Ok(span) if span > Span::ZERO => Ok(span),
            Ok(_) => Err(value(key, "it must be longer than nothing")),
            Err(error) => Err(value(key, &error.to_string())),
        },
    }
}

fn parse_sessions(raw: &RawSessions) -> Result<Sessions, ConfigRefusal> {
    let sessions = Sessions {
        idle: span("sessions.idle", raw.idle.as_deref(), Span::from_hours(2))?,
        absolute: span("sessions.absolute", raw.absolute.as_deref(), Span::from_hours(12))?,
    };
    if sessions.idle > sessions.absolute {
        return Err(value("sessions.idle", "it must not be longer than `sessions.absolute`"));
    }
    Ok(sessions)
}

fn parse_orders(raw: &RawPasses) -> Result<OrderRules, ConfigRefusal> {
    let contacts = match &raw.contacts {
        Some(name) => Some(
            account::group::parse_group_name(name)
                .map_err(|_| value("passes.contacts", "write the name of a group"))?,
        ),
        None => None,
    };
    let letter_code = match &raw.letter_code {
        Some(text) => LetterCode::parse(text)
            .ok_or_else(|| value("passes.letter_code", "write `address`, `login` or `pass`"))?,
        None => OrderRules::default().letter_code,
    };
    Ok(OrderRules { contacts, letter_code })
}

fn parse_passes(raw: &RawPasses) -> Result<PassPolicy, ConfigRefusal> {
    let passes = PassPolicy {
        enabled: true,
        shortest: span("passes.shortest", raw.shortest.as_deref(), Span::from_minutes(10))?,
        longest: span("passes.longest", raw.longest.as_deref(), Span::from_days(30))?,
        default: span("passes.lifetime", raw.lifetime.as_deref(), Span::from_minutes(60))?,
        length: raw.length.unwrap_or(12),
        one_time_only: raw.one_time_only.unwrap_or(false),
    };
    if !(8..=48).contains(&passes.length) {
        return Err(value("passes.length", "a pass has 8 to 48 characters"));
    }
    if passes.longest > Span::from_days(30) || passes.shortest < Span::from_minutes(10) {
        return Err(value("passes.longest", "a pass lives 10 minutes to 30 days"));
    }
    if !(passes.shortest..=passes.longest).contains(&passes.default) {
        return Err(value("passes.lifetime", "it must lie between `passes.shortest` and `passes.longest`"));
    }
    Ok(passes)
}

fn parse_log(raw: RawLog) -> Result<Log, ConfigRefusal> {
    let json = match raw.format.as_deref() {
        None | Some("text") => false,
        Some("json") => true,
        Some(_) => return Err(value("log.format", "write text or json")),
    };
    Ok(Log { json, filter: raw.filter.unwrap_or_else(|| "info".to_owned()) })
}

fn parse_limits(raw: &RawLimits) -> Result<Limits, ConfigRefusal> {
    let seconds = |key, text: Option<&str>, default| {
        span(key, text, Span::from_secs(default))
            .map(|span| Duration::from_secs(u64::try_from(span.secs()).unwrap_or(u64::MAX).min(600)))
    };
    let count = |key, number: Option<usize>, default, least| match number.unwrap_or(default) {
        number if (least..=1_000_000).contains(&number) => Ok(number),
        _ => Err(value(key, &format!("write a number from {least} to 1000000"))),
    };
    Ok(Limits {
        head: seconds("limits.head", raw.head.as_deref(), 30)?,
        request: seconds("limits.request", raw.request.as_deref(), 4)?,
        body: seconds("limits.body", raw.body.as_deref(), 10)?,
        drain: seconds("limits.drain", raw.drain.as_deref(), 10)?,
        requests: count("limits.requests", raw.requests, Bounds::default().requests, 4)?,
        connections: count("limits.connections", raw.connections, CONNECTIONS, 16)?,
    })
}
