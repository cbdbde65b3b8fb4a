//! The request of an application while somebody signs in: sealed in a cookie of its own, so that nothing is stored
//! before something is achieved.

use account::application::Provenance;
use axum::http::HeaderValue;
use primitives::{digest, encoding, entropy};
use serde::{Deserialize, Serialize};
use service::Who;
use service::authorize::{Pending, Shown};

use crate::context::Visit;
use crate::cookies::{self, Keep};
use crate::destination::Destination;
use crate::headers;
use crate::pages::application::Requester;
use crate::text::Language;

/// As long as a request waits.
const KEPT: Keep = Keep::Seconds(3600);

/// Longest sealed request in bytes: what a cookie holds, less its name, its seal and the spelling.
const LONGEST: usize = 2_700;

/// An application's request, and what pages show of the application.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Waiting {
    /// Tells this request from any other, also of the same application.
    pub(super) id: String,
    pub(crate) pending: Pending,
    pub(crate) seen: Seen,
}

/// What people see of an application while it waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) name: String,
    host: Option<String>,
    logo: Option<String>,
    ours: bool,
}

impl Seen {
    pub(in crate::routes) fn of(shown: &Shown) -> Self {
        let ours = shown.provenance == Provenance::Organisation;
        // What a stranger says of its own address is worth nothing.
        let home = shown.home.as_deref().filter(|_| ours).and_then(host);
        let host = home.or_else(|| host(shown.id.as_str()));
        Self {
            name: shown.name.clone(),
            host: host.map(str::to_owned),
            logo: shown.logo.as_ref().map(|digest| encoding::base64url(digest)),
            ours,
        }
    }

    /// The application as pages show it.
    pub(in crate::routes) fn requester(&self) -> Requester {
        Requester {
            name: self.name.clone(),
            host: self.host.clone(),
            logo: self.logo.as_ref().map(|digest| format!("/authorize/logo/{digest}")),
            ours: self.ours,
        }
    }
}

/// The host of an address of the web.
fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    (!host.is_empty()).then_some(host)
}

impl Waiting {
    /// What waits from now on.
    pub(super) fn new(visit: &Visit, pending: Pending, shown: &Shown) -> Self {
        let mut entropy = visit.app.ambient.entropy();
        let id: [u8; 16] = entropy::array(entropy.as_mut());
        let mut seen = Seen::of(shown);
        if !seen.ours && seen.host.is_none() {
            // Where the answer goes is what is known of it.
            seen.host = host(&pending.request.redirect_uri).map(str::to_owned);
        }
        Self { id: encoding::base64url(&id), pending, seen }
    }

    /// Names this request in the forms of its pages, and whose answer they send: what another tab has begun since, or
    /// another account, is answered by none of them.
    pub(super) fn name(&self, who: &Who) -> String {
        let mut name =
            encoding::base64url(&digest::sha256_parts(&[self.id.as_bytes(), who.user.id.as_bytes()]));
        name.truncate(22);
        name
    }
}

impl Visit {
    /// The request that waits.
    pub(crate) fn waiting(&self) -> Option<Waiting> {
        let waiting: Waiting = self.open(cookies::APPLICATION, self.sealed.application.as_deref())?;
        (!waiting.pending.is_over(self.now())).then_some(waiting)
    }

    /// Lets it wait; false where it is too long to.
    pub(super) fn let_wait(&mut self, waiting: &Waiting) -> bool {
        if serde_json::to_vec(waiting).is_ok_and(|json| json.len() > LONGEST) {
            return false;
        }
        self.seal(cookies::APPLICATION, waiting, KEPT);
        true
    }

    /// Nothing waits any more, and no sign-in leads to it.
    pub(super) fn end_waiting(&mut self) {
        if self.sealed.application.is_some() {
            self.set_cookies.push(cookies::remove(cookies::APPLICATION));
        }
        if self.interaction().continue_to == Some(Destination::Application) {
            self.set_cookies.push(cookies::remove(cookies::INTERACTION));
        }
    }

    /// Where the wizard leads at its end, if an application waits for the passkey: its path and the application's name.
    pub(crate) fn led_on(&self) -> Option<(String, String)> {
        self.waiting().map(|waiting| (Destination::Application.path(), waiting.seen.name))
    }

    /// The application behind this page's sign-in.
    pub(crate) fn asked_by(&self) -> Option<Requester> {
        self.waiting_here().map(|waiting| waiting.seen.requester())
    }

    /// The policy of a page whose forms may end at the application.
    pub(crate) fn leads_on(&self) -> Option<HeaderValue> {
        let waiting = self.waiting_here()?;
        headers::leading_to(&waiting.pending.origin_for_csp())
    }

    /// The languages that the application asks for (`ui_locales`), where this is a page on the way to it.
    pub(crate) fn asked_language(&self) -> Option<Language> {
        let waiting = self.waiting_here()?;
        waiting.pending.request.ui_locales.iter().find_map(|tag| Language::parse(tag))
    }

    fn waiting_here(&self) -> Option<Waiting> {
        self.sealed.application.as_ref()?;
        let path = self.path.split('?').next().unwrap_or_default();
        let below =
            |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let on_the_way = ["/signin", "/authorize", "/me/interrupt", "/me/offer"].into_iter().any(below);
        if !on_the_way {
            return None;
        }
        // A sign-in that has another errand does not end at the application.
        let elsewhere = self.interaction().continue_to.is_some_and(|to| to != Destination::Application);
        if elsewhere && !below("/authorize") { None } else { self.waiting() }
    }
}
