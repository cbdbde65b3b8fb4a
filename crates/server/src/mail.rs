//! Mail: notices leave the house through one SMTP server (submission, RFC 6409), with TLS that is verified.
//!
//! A task of its own claims what is due, sends it and says what became of it. No request waits for it, and no request
//! knows whether mail works: an outage delays mails and nothing else.

pub mod letter;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lettre::address::AddressError;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use primitives::entropy;
use primitives::time::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use service::deliver_passes;
use service::notify::{self, Outgoing};
use store::StoreError;
use tokio::sync::watch;

use self::letter::{House, Letter};
use crate::app::{App, Site};
use crate::config::{Mail, MailTls};

/// The longest that one mail may take, from the connection to the server's last word. Four of them in a row are less
/// than [`notify::LEASE`].
const LONGEST: Duration = Duration::from_secs(45);

/// How often the queue is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// How often the queue is looked at where no mail is sent, or after the database failed.
const SELDOM: Duration = Duration::from_secs(60);

/// Hands mails to the configured server.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    house: House,
}

impl Mailer {
    /// Reads what the configuration points at. Connects to nothing.
    pub fn new(mail: &Mail, site: &Site) -> Result<Self, MailError> {
        let from: Mailbox = mail.from.parse().map_err(|error| MailError::From(mail.from.clone(), error))?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&mail.host)
            .port(mail.port)
            .tls(tls(mail)?)
            .hello_name(ClientId::Domain(site.origin.host().to_owned()))
            .timeout(Some(LONGEST));
        if let (Some(user), Some(path)) = (&mail.user, &mail.password_file) {
            let password = std::fs::read_to_string(path)
                .map_err(|error| MailError::File(path.clone(), error.to_string()))?;
            builder = builder.credentials(Credentials::new(user.clone(), password.trim_end().to_owned()));
        }
        Ok(Self { transport: builder.build(), from, house: House::of(site) })
    }

    /// Tells somebody of a notice.
    pub async fn tell(&self, mail: &Outgoing) -> Result<(), NotSent> {
        let notice = &mail.claimed.notice;
        let letter = Letter::of_notice(&self.house, &mail.user, notice)?;
        self.send(&mail.claimed.to, letter, &notice.id.to_string(), notice.at).await
    }

    /// Sends one of the two mails of a pass.
    pub async fn deliver(&self, out: &deliver_passes::Outgoing) -> Result<(), NotSent> {
        let letter = Letter::of_pass(&self.house, out)?;
        self.send(&out.to, letter, &out.mail.id.to_string(), out.mail.at).await
    }

    /// Sends a mail that says that mail arrives.
    pub async fn test(&self, to: &str, id: &str, now: Timestamp) -> Result<(), NotSent> {
        self.send(to, Letter::test(&self.house, to)?, id, now).await
    }

    async fn send(&self, to: &str, letter: Letter, id: &str, at: Timestamp) -> Result<(), NotSent> {
        let to: Address = to.parse().map_err(|error: AddressError| NotSent(error.to_string()))?;
        let message = letter.message(&self.house, self.from.clone(), to, id, at)?;
        match tokio::time::timeout(LONGEST, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(NotSent(whole(&error))),
            Err(_) => Err(NotSent("the server did not take it in time".to_owned())),
        }
    }
}

fn tls(mail: &Mail) -> Result<Tls, MailError> {
    if mail.tls == MailTls::None {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(mail.host.clone());
    if let Some(path) = &mail.certificates {
        let unusable = |error: String| MailError::File(path.clone(), error);
        parameters = parameters.certificate_store(CertificateStore::None);
        let certificates =
            CertificateDer::pem_file_iter(path).map_err(|error| unusable(error.to_string()))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
            let certificate =
                Certificate::from_der(certificate.to_vec()).map_err(|error| unusable(whole(&error)))?;
            parameters = parameters.add_root_certificate(certificate);
        }
    }
    let parameters = parameters.build_rustls().map_err(|error| MailError::Tls(whole(&error)))?;
    Ok(match mail.tls {
        MailTls::Implicit => Tls::Wrapper(parameters),
        MailTls::StartTls | MailTls::None => Tls::Required(parameters),
    })
}

/// An error with all its causes, which alone say what went wrong.
fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = inner.source();
    }
    text
}

/// Why a mail was not taken; for the log and the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSent(String);

impl NotSent {
    pub(crate) fn because(cause: impl fmt::Display) -> Self {
        Self(cause.to_string())
    }
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotSent {}

/// Why mail cannot be sent at all as it is configured; each sentence says what to do.
#[derive(Debug)]
pub enum MailError {
    /// The sender is no address.
    From(String, AddressError),
    /// A file cannot be read.
    File(PathBuf, String),
    /// TLS cannot be spoken.
    Tls(String),
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::From(text, error) => {
                write!(
                    f,
                    "`mail.from` cannot be used ({text}: {error}): write an address such as id@example.com."
                )
            }
            Self::File(path, error) => {
                write!(
                    f,
                    "{} cannot be used for mail ({error}): correct the file or its permissions.",
                    path.display()
                )
            }
            Self::Tls(error) => {
                write!(f, "TLS to the mail server cannot be set up ({error}): correct `mail`.")
            }
        }
    }
}

impl std::error::Error for MailError {}

/// One turn of the sender: takes what is due, sends it, and says what became of it. Says how many mails were dealt with.
pub async fn turn(cx: &service::Context, mailer: &Mailer, holder: [u8; 16]) -> Result<usize, StoreError> {
    let claimed = notify::claim_mail(cx, holder).await?;
    for mail in &claimed {
        let (kind, attempt) = (mail.claimed.notice.kind.as_str(), mail.claimed.attempts);
        match mailer.tell(mail).await {
            Ok(()) => {
                let still_ours = notify::mail_sent(cx, holder, mail).await?;
                tracing::debug!(kind, attempt, still_ours, "a notice was mailed");
            }
            Err(error) => {
                let again = notify::mail_not_sent(cx, holder, mail, &error.to_string()).await?;
                let again = again.map(|at| at.to_string());
                tracing::warn!(kind, attempt, again, %error, "a notice was not mailed");
            }
        }
    }
    Ok(claimed.len())
}

/// One turn for passes: takes mails that are due, sends them, and says what became of them. Says how many there were.
pub async fn turn_of_passes(
    cx: &service::Context,
    mailer: &Mailer,
    holder: [u8; 16],
    caller: impl Fn() -> service::Caller,
) -> Result<usize, StoreError> {
    let claimed = deliver_passes::claim(cx, holder).await?;
    for out in &claimed {
        match mailer.deliver(out).await {
            Ok(()) => {
                deliver_passes::sent(cx, &mut caller(), holder, out).await?;
            }
            Err(error) => {
                let because = (out, error.to_string());
                let given_up =
                    deliver_passes::not_sent(cx, &mut caller(), holder, (because.0, &because.1)).await?;
                tracing::warn!(part = out.mail.part.as_str(), given_up, %error, "a pass was not mailed");
            }
        }
    }
    Ok(claimed.len())
}

/// Notices and passes, one turn of each.
async fn both(cx: &service::Context, mailer: &Mailer, holder: [u8; 16]) -> Result<usize, StoreError> {
    let passes = turn_of_passes(cx, mailer, holder, crate::node::operator).await?;
    Ok(passes.saturating_add(turn(cx, mailer, holder).await?))
}

/// Sends what is due until `stop` says so.
pub(crate) async fn run(app: Arc<App>, mailer: Option<Mailer>, mut stop: watch::Receiver<bool>) {
    // Names this process in the queue; never used again.
    let holder: [u8; 16] = entropy::array(app.ambient.entropy().as_mut());
    while !*stop.borrow() {
        let wait = match &mailer {
            None => match notify::without_mail(&app.service).await {
                Ok(_) => SELDOM,
                Err(error) => {
                    tracing::error!(%error, "notices could not be looked at");
                    SELDOM
                }
            },
            Some(mailer) => match both(&app.service, mailer, holder).await {
                Ok(0) => LOOK,
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    tracing::error!(%error, "notices could not be mailed");
                    SELDOM
                }
            },
        };
        let _ = tokio::time::timeout(wait, stop.changed()).await;
    }
}
