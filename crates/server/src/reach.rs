//! Whether a session proved what policy asks for where it wants to go.

use account::evidence::Evidence;
use account::passkey::Passkey;
use account::policy::Area;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use service::Who;

use crate::context::Visit;
use crate::problem::{Problem, Stop};
use crate::reply::is_scripted;

impl Visit {
    /// Leads whoever proved less than the portal asks for to a first passkey, or to a sign-in with the one that they have.
    pub(crate) async fn must_reach(&self, who: &Who) -> Result<(), Stop> {
        let settings = self.app.service.settings();
        if who.session.is_limited() || !is_of_portal(&self.path) || settings.lets_into(who, Area::Portal) {
            return Ok(());
        }
        if is_scripted(&self.path) {
            return Err(Problem::forbidden("stronger_evidence_needed").into());
        }
        let passkeys = service::manage_passkeys::list(&self.app.service, who).await.unwrap_or_default();
        let enough = |passkey: &Passkey| {
            let proof = Evidence::from_assertion(passkey, true, self.facts.now);
            passkey.is_enabled() && settings.reaches(&who.user, Area::Portal, &proof)
        };
        let location = match settings.as_taken(&who.user, &passkeys).iter().any(enough) {
            true => "/signin?ended=stronger",
            false => "/me/security/add",
        };
        Err((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response().into())
    }
}

/// Whether that page asks for what policy asks of the portal. The wizard does not, or nobody could come to satisfy it: it
/// judges itself what it takes; nor does what makes a lost device useless.
fn is_of_portal(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let within =
        |place: &str| path == place || path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'));
    let free = [
        "/me/security/add",
        "/me/security/try",
        "/me/confirm",
        "/me/interrupt",
        "/me/offer",
        "/me/secure",
        "/me/language",
    ];
    within("/me") && !free.into_iter().any(within)
}
