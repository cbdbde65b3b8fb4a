//! Delivers audit events to receivers, through the one way out.
//!
//! A task of its own takes what is due and gives each receiver a task with a connection of its own: one that is slow holds
//! up none of the others. No request waits for any of it.

use std::sync::Arc;
use std::time::Duration;

use account::hook::Hook;
use account::session::{BrowserId, ClientLabel};
use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use primitives::entropy;
use service::Caller;
use service::hooks::deliver::{self, Failure, Message, Prepared};
use store::StoreError;
use store::hooks::Failed;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::App;
use crate::context::Reference;
use crate::outbound::{Ask, Bounds, Outbound, OutboundError, Target};

/// What an answer may cost: its body is of no interest.
const BOUNDS: Bounds = Bounds { longest: 64 * 1024, deadline: Duration::from_secs(20) };

/// What the answer to a test may cost: somebody waits for it.
const TEST_BOUNDS: Bounds = Bounds { longest: 64 * 1024, deadline: Duration::from_secs(3) };

/// How often it is looked whether anything is due.
const LOOK: Duration = Duration::from_secs(1);

/// After the database failed.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// What a receiver did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It answered with success.
    Taken(StatusCode),
    /// It answered with something else.
    Refused(StatusCode),
    /// It did not answer.
    NoAnswer(OutboundError),
    /// Its address is none that can be asked.
    NoAddress,
}

impl Outcome {
    /// The stable code, with the status of HTTP behind it if there was one.
    pub fn status(&self) -> String {
        match self {
            Outcome::Taken(status) => format!("delivered {}", status.as_u16()),
            Outcome::Refused(status) => format!("refused {}", status.as_u16()),
            Outcome::NoAnswer(error) => error.code().to_owned(),
            Outcome::NoAddress => "hook_url".to_owned(),
        }
    }

    /// Whether it took what was sent.
    pub fn is_taken(&self) -> bool {
        matches!(self, Outcome::Taken(_))
    }
}

/// Sends a message once.
pub async fn send(outbound: &Outbound, url: &str, message: Message) -> Outcome {
    send_within(outbound, url, message, BOUNDS).await
}

async fn send_within(outbound: &Outbound, url: &str, message: Message, bounds: Bounds) -> Outcome {
    let Ok(target) = url.parse::<Target>() else { return Outcome::NoAddress };
    let mut headers = vec![(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    for (name, value) in [
        ("webhook-id", message.id),
        ("webhook-timestamp", message.timestamp.to_string()),
        ("webhook-signature", message.signature),
    ] {
        let Ok(value) = HeaderValue::try_from(value) else { return Outcome::NoAddress };
        headers.push((HeaderName::from_static(name), value));
    }
    let ask = Ask { method: Method::POST, target, headers, body: Bytes::from(message.body) };
    match outbound.send(ask, bounds).await {
        Ok(reply) if reply.status.is_success() => Outcome::Taken(reply.status),
        Ok(reply) => Outcome::Refused(reply.status),
        Err(error) => Outcome::NoAnswer(error),
    }
}

/// Sends a message that says that messages arrive.
pub async fn test(
    cx: &service::Context,
    caller: &mut Caller,
    outbound: &Outbound,
    id: account::hook::HookId,
) -> Result<(Hook, Outcome), service::hooks::HookError> {
    let (hook, message) = deliver::test(cx, caller, id).await?;
    let outcome = send_within(outbound, &hook.terms.url, message, TEST_BOUNDS).await;
    Ok((hook, outcome))
}

/// The server by itself: no browser, no address.
fn system(app: &App) -> Caller {
    let mut entropy = app.ambient.entropy();
    Caller {
        now: app.ambient.now(),
        browser: BrowserId::from_bytes([0; 32]),
        client: ClientLabel::default(),
        reference: Reference::generate(entropy.as_mut()).as_str().to_owned(),
        entropy,
    }
}

/// Delivers to one receiver that this node has: one message.
async fn deliver_to(
    app: Arc<App>,
    outbound: Outbound,
    holder: [u8; 16],
    hook: Hook,
) -> Result<(), StoreError> {
    let cx = &app.service;
    let (outcome, next) = match deliver::prepare(cx, holder, &hook).await? {
        Prepared::Nothing => return Ok(()),
        Prepared::Sealed => (Outcome::NoAddress, hook.delivery.next_seq),
        Prepared::Send(message, next) => (send(&outbound, &hook.terms.url, message).await, next),
    };
    let status = outcome.status();
    if outcome.is_taken() {
        let still_ours = deliver::taken(cx, holder, hook.id, (next, status)).await?;
        tracing::debug!(hook = %hook.id, next, still_ours, "events were delivered");
        return Ok(());
    }
    let for_good = outcome == Outcome::Refused(StatusCode::GONE);
    let failure = Failure { status: status.clone(), for_good };
    match deliver::not_taken(cx, &mut system(&app), holder, &hook, failure).await? {
        Failed::Again(at) => {
            tracing::warn!(hook = %hook.id, status, again = %at, "events were not delivered");
        }
        Failed::Disabled => tracing::error!(hook = %hook.id, status, "a receiver of events was turned off"),
        Failed::NotOurs => {}
    }
    Ok(())
}

/// Takes what is due now and starts delivering it; says how many receivers that were.
async fn begin(
    app: &Arc<App>,
    outbound: &Outbound,
    holder: [u8; 16],
    under_way: &mut JoinSet<Result<(), StoreError>>,
) -> Result<usize, StoreError> {
    let claimed = deliver::claim(&app.service, holder).await?;
    let count = claimed.len();
    for hook in claimed {
        under_way.spawn(deliver_to(Arc::clone(app), outbound.clone(), holder, hook));
    }
    Ok(count)
}

/// One turn: delivers one message to everyone who is due, and waits for all of them. Says how many there were.
pub async fn turn(app: &Arc<App>, outbound: &Outbound, holder: [u8; 16]) -> Result<usize, StoreError> {
    let mut under_way = JoinSet::new();
    let count = begin(app, outbound, holder, &mut under_way).await?;
    while let Some(ended) = under_way.join_next().await {
        ended.unwrap_or(Ok(()))?;
    }
    Ok(count)
}

/// Delivers until `stop` says so. What is under way then is given up, and sent again by whoever comes next.
pub(crate) async fn run(app: Arc<App>, outbound: Outbound, mut stop: watch::Receiver<bool>) {
    // Names this process in the leases; never used again.
    let holder: [u8; 16] = entropy::array(app.ambient.entropy().as_mut());
    let mut under_way = JoinSet::new();
    while !*stop.borrow() {
        let wait = match begin(&app, &outbound, holder, &mut under_way).await {
            Ok(_) => LOOK,
            Err(error) => {
                tracing::error!(%error, "receivers of events could not be looked at");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            _ = tokio::time::timeout(wait, stop.changed()) => {}
            // Whoever took a message may have the next one at once.
            Some(ended) = under_way.join_next() => tell(ended),
        }
        while let Some(ended) = under_way.try_join_next() {
            tell(ended);
        }
    }
}

fn tell(ended: Result<Result<(), StoreError>, tokio::task::JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "events could not be delivered"),
        Err(error) => tracing::error!(%error, "a delivery ended in the middle"),
    }
}
