//! What the configuration says about ways to sign in beside passkeys, about phones, and about mail.

use std::path::PathBuf;

use account::policy::{Audience, InterruptPolicy, PasswordPolicy, PhonePolicy, Policy};
use account::temporary_pass::PassPolicy;
use serde::Deserialize;

use super::raw::{moment, span, value};
use super::{ConfigRefusal, Mail, MailTls};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawPasswords {
    enabled: Option<bool>,
    shortest: Option<u16>,
    pub(super) breached: Option<PathBuf>,
    beside_passkeys: Option<bool>,
    alone_registers: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawCodes {
    enabled: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawPhones {
    link: Option<bool>,
    number: Option<bool>,
    hybrid: Option<bool>,
    android: Option<u16>,
    ios: Option<u16>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawInterrupt {
    enabled: Option<bool>,
    from: Option<String>,
    postponable: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMail {
    server: String,
    tls: Option<String>,
    user: Option<String>,
    password_file: Option<PathBuf>,
    from: String,
    certificates: Option<PathBuf>,
}

pub(super) fn policy(
    passwords: &RawPasswords,
    [codes, recovery_codes]: [&RawCodes; 2],
    phones: &RawPhones,
    interrupt: &RawInterrupt,
    passes: PassPolicy,
) -> Result<Policy, ConfigRefusal> {
    let (passwords, interrupt) = (parse_passwords(passwords)?, parse_interrupt(interrupt)?);
    Ok(Policy {
        passes: passes.into(),
        passwords: passwords.into(),
        codes: Audience::all(codes.enabled.unwrap_or(true)),
        recovery_codes: Audience::all(recovery_codes.enabled.unwrap_or(true)),
        phones: parse_phones(phones),
        interrupt: interrupt.into(),
        ..Policy::default()
    })
}

fn parse_passwords(raw: &RawPasswords) -> Result<PasswordPolicy, ConfigRefusal> {
    let usual = PasswordPolicy::default();
    let shortest = raw.shortest.unwrap_or(usual.shortest);
    if !(8..=64).contains(&shortest) {
        return Err(value("passwords.shortest", "write a number of characters from 8 to 64"));
    }
    Ok(PasswordPolicy {
        enabled: raw.enabled.unwrap_or(usual.enabled),
        shortest,
        beside_passkeys: raw.beside_passkeys.unwrap_or(usual.beside_passkeys),
        alone_registers: raw.alone_registers.unwrap_or(usual.alone_registers),
    })
}

fn parse_phones(raw: &RawPhones) -> PhonePolicy {
    let usual = PhonePolicy::default();
    PhonePolicy {
        link: raw.link.unwrap_or(usual.link),
        number: raw.number.unwrap_or(usual.number),
        hybrid: raw.hybrid.unwrap_or(usual.hybrid),
        android: raw.android.unwrap_or(usual.android),
        ios: raw.ios.unwrap_or(usual.ios),
    }
}

fn parse_interrupt(raw: &RawInterrupt) -> Result<InterruptPolicy, ConfigRefusal> {
    let usual = InterruptPolicy::default();
    Ok(InterruptPolicy {
        enabled: raw.enabled.unwrap_or(usual.enabled),
        from: raw.from.as_deref().map(|text| moment("interrupt.from", text)).transpose()?,
        postponable: span("interrupt.postponable", raw.postponable.as_deref(), usual.postponable)?,
        postponements: usual.postponements,
    })
}

/// `server` is `host:port`; without a port it is that of the kind of TLS.
pub(super) fn mail(raw: RawMail) -> Result<Mail, ConfigRefusal> {
    let tls = match raw.tls.as_deref() {
        None | Some("starttls") => MailTls::StartTls,
        Some("implicit") => MailTls::Implicit,
        Some("none") => MailTls::None,
        Some(_) => return Err(value("mail.tls", "write starttls, implicit or none")),
    };
    let (host, port) = match raw.server.rsplit_once(':') {
        None => (raw.server.clone(), tls.usual_port()),
        Some((host, port)) => {
            let port = port
                .parse()
                .map_err(|_| value("mail.server", "write host:port, such as smtp.example.com:587"))?;
            (host.to_owned(), port)
        }
    };
    if host.is_empty() || host.chars().any(char::is_whitespace) {
        return Err(value("mail.server", "write host:port, such as smtp.example.com:587"));
    }
    if tls == MailTls::None && !matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]") {
        return Err(value("mail.tls", "mail leaves this machine encrypted only: write starttls or implicit"));
    }
    if raw.user.is_some() != raw.password_file.is_some() {
        return Err(value("mail.user", "a user needs `mail.password_file`, and the other way round"));
    }
    Ok(Mail {
        host,
        port,
        tls,
        user: raw.user,
        password_file: raw.password_file,
        from: raw.from,
        certificates: raw.certificates,
    })
}
