//! Tells applications that somebody signed out (OpenID Connect Back-Channel Logout 1.0), through the one way out.
//!
//! A task of its own looks twice a second whether any of them has to be told, so that all know within two seconds. Each
//! gets a connection of its own, and no application may have more than a few under way: one that does not answer holds up
//! none of the others. No request waits for any of it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use account::session::{BrowserId, ClientLabel};
use axum::body::Bytes;
use axum::http::{HeaderValue, Method, StatusCode, header};
use primitives::entropy;
use service::Caller;
use service::notify_logout::{self, Prepared};
use store::StoreError;
use store::logout_notices::{Failed, LogoutNotice};
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};

use crate::app::App;
use crate::context::Reference;
use crate::outbound::{Ask, Bounds, Outbound, OutboundError, Target};

/// What an answer may cost: its body is of no interest.
const BOUNDS: Bounds = Bounds { longest: 64 * 1024, deadline: Duration::from_secs(10) };

/// How often it is looked whether anybody has to be told.
pub const LOOK: Duration = Duration::from_millis(500);

/// After the database failed.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// What an application did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It knows.
    Told,
    /// It answered with something else than success.
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
            Outcome::Told => "told".to_owned(),
            Outcome::Refused(status) => format!("refused {}", status.as_u16()),
            Outcome::NoAnswer(error) => error.code().to_owned(),
            Outcome::NoAddress => "logout_uri".to_owned(),
        }
    }
}

/// Sends a logout token once (section 2.5).
async fn send(outbound: &Outbound, url: &str, token: &str) -> Outcome {
    let Ok(target) = url.parse::<Target>() else { return Outcome::NoAddress };
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    let ask = Ask {
        method: Method::POST,
        target,
        headers: vec![(header::CONTENT_TYPE, form)],
        // A JWT is of characters that stand for themselves in a form.
        body: Bytes::from(format!("logout_token={token}")),
    };
    match outbound.send(ask, BOUNDS).await {
        Ok(reply) if reply.status.is_success() => Outcome::Told,
        Ok(reply) => Outcome::Refused(reply.status),
        Err(error) => Outcome::NoAnswer(error),
    }
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

/// Tells one application, for a notice that this node has.
async fn tell(
    app: Arc<App>,
    outbound: Outbound,
    holder: [u8; 16],
    notice: LogoutNotice,
) -> Result<(), StoreError> {
    let (cx, issuer) = (&app.service, app.site.origin.as_str());
    let mut caller = system(&app);
    let outcome = match notify_logout::prepare(cx, &mut caller, issuer, &notice).await? {
        Prepared::Nobody => Outcome::Told,
        Prepared::NoKey => Outcome::NoAddress,
        Prepared::Send { url, token } => send(&outbound, &url, &token).await,
    };
    if outcome == Outcome::Told {
        notify_logout::told(cx, holder, notice.id).await?;
        return Ok(());
    }
    let (client, status) = (notice.client.clone(), outcome.status());
    match notify_logout::not_told(cx, &mut caller, holder, notice).await? {
        Failed::Again(at) => {
            tracing::warn!(client, status, again = %at, "an application was not told of a sign-out");
        }
        Failed::GivenUp => tracing::error!(client, status, "an application could not be told of a sign-out"),
        Failed::NotOurs => {}
    }
    Ok(())
}

/// What is under way, and whose.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<Result<(), StoreError>>,
    whose: HashMap<Id, String>,
}

impl UnderWay {
    /// Takes what is due now and starts telling it; says how many that were.
    async fn begin(
        &mut self,
        app: &Arc<App>,
        outbound: &Outbound,
        holder: [u8; 16],
    ) -> Result<usize, StoreError> {
        let mut of = BTreeMap::<String, u32>::new();
        for client in self.whose.values() {
            let count = of.entry(client.clone()).or_default();
            *count = count.saturating_add(1);
        }
        let claimed = notify_logout::claim(&app.service, holder, of).await?;
        let count = claimed.len();
        for notice in claimed {
            let client = notice.client.clone();
            let task = self.tasks.spawn(tell(Arc::clone(app), outbound.clone(), holder, notice));
            self.whose.insert(task.id(), client);
        }
        Ok(count)
    }

    /// Notes that one has ended.
    fn ended(&mut self, ended: Result<(Id, Result<(), StoreError>), JoinError>) -> Result<(), StoreError> {
        match ended {
            Ok((id, outcome)) => {
                self.whose.remove(&id);
                outcome
            }
            Err(error) => {
                self.whose.remove(&error.id());
                tracing::error!(%error, "telling an application ended in the middle");
                Ok(())
            }
        }
    }
}

fn complain(outcome: Result<(), StoreError>) {
    if let Err(error) = outcome {
        tracing::error!(%error, "an application could not be told of a sign-out");
    }
}

/// One turn: tells everybody who is to be told now, and waits for all of them. Says how many there were.
pub async fn turn(app: &Arc<App>, outbound: &Outbound, holder: [u8; 16]) -> Result<usize, StoreError> {
    let mut under_way = UnderWay::default();
    let count = under_way.begin(app, outbound, holder).await?;
    while let Some(ended) = under_way.tasks.join_next_with_id().await {
        under_way.ended(ended)?;
    }
    Ok(count)
}

/// Tells until `stop` says so. What is under way then is given up, and told again by whoever comes next.
pub(crate) async fn run(app: Arc<App>, outbound: Outbound, mut stop: watch::Receiver<bool>) {
    // Names this process in the leases; never used again.
    let holder: [u8; 16] = entropy::array(app.ambient.entropy().as_mut());
    let mut under_way = UnderWay::default();
    while !*stop.borrow() {
        let wait = match under_way.begin(&app, &outbound, holder).await {
            Ok(_) => LOOK,
            Err(error) => {
                tracing::error!(%error, "who has to be told of sign-outs could not be looked at");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            _ = tokio::time::timeout(wait, stop.changed()) => {}
            // There may be more for whoever was told.
            Some(ended) = under_way.tasks.join_next_with_id() => complain(under_way.ended(ended)),
        }
        while let Some(ended) = under_way.tasks.try_join_next_with_id() {
            complain(under_way.ended(ended));
        }
    }
}
