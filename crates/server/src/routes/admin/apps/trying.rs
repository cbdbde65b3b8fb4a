//! Signing in to an application as oneself, to see what its tokens say.

use account::role::Permission;
use service::try_client::{self, Halt, Outcome, Said};

use super::{find, issuer, page};
use crate::context::Visit;
use crate::fields::Path;
use crate::pages::console::apps::{OneApp, Tab, Tried};
use crate::problem::{Answer, Problem};

pub(super) async fn show(mut visit: Visit, Path(id): Path<String>) -> Answer {
    let who = visit.console(Permission::EditApplications).await?;
    let stored = find(&visit, &id).await?;
    let page = page(&mut visit, &who, &stored, Tab::Try).await?;
    visit.page(&page)
}

/// What came of it is in the answer to this very POST and nowhere else.
pub(super) async fn submit(mut visit: Visit, Path(id): Path<String>) -> Answer {
    let who = visit.console(Permission::EditApplications).await?;
    let stored = find(&visit, &id).await?;
    let (mut caller, issuer) = (visit.caller(), issuer(&visit));
    let about = (&who, stored.client.id.clone());
    let outcome = try_client::try_as_oneself(&visit.app.service, &mut caller, &issuer, about).await?;
    let tried = Some(shown(outcome.ok_or_else(Problem::not_found)?));
    let page = page(&mut visit, &who, &stored, Tab::Try).await?;
    visit.page(&OneApp { tried, ..page })
}

fn shown(outcome: Outcome) -> Tried {
    let plain = |outcome| Tried { outcome, code: None, tokens: Vec::new() };
    match outcome {
        Outcome::Tokens(said) => {
            let Said { id_token, access_token, userinfo, refresh } = *said;
            let tokens = [
                ("apps-tried-id", id_token),
                ("apps-tried-access", access_token),
                ("apps-tried-userinfo", userinfo),
            ];
            let tokens = tokens.into_iter().filter_map(|(name, token)| Some((name, token?)));
            let outcome = if refresh { "apps-tried-refresh" } else { "apps-tried-tokens" };
            Tried { outcome, code: None, tokens: tokens.collect() }
        }
        Outcome::Step(Halt::StepUp) => plain("apps-tried-step-up"),
        Outcome::Step(Halt::AddPasskey) => plain("apps-tried-add-passkey"),
        Outcome::Step(Halt::Consent) => plain("apps-tried-consent"),
        Outcome::Step(Halt::NotAssigned) => plain("apps-tried-not-assigned"),
        Outcome::Step(Halt::SignIn) => plain("apps-tried-sign-in"),
        Outcome::NeedsItsKey => plain("apps-tried-key"),
        Outcome::NoCodes => plain("apps-tried-no-codes"),
        Outcome::Refused(code) => {
            Tried { outcome: "apps-tried-refused", code: Some(code.to_owned()), tokens: Vec::new() }
        }
    }
}
