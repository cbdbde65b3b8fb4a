//! AP-1: the applications that a person let in, and taking it back.

use oidc::client::ClientId;
use primitives::encoding;
use service::apps_with_access::{self, Access, AccessError};

use crate::context::Visit;
use crate::fields::Form;
use crate::pages::Flash;
use crate::pages::apps::{AccessCard, AppsWithAccess};
use crate::pages::passes::percent_encoded;
use crate::policy_form::Fields;
use crate::problem::{Answer, Problem};

pub(super) async fn show(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let found = apps_with_access::list(&visit.app.service, &who).await?;
    let shell = visit.shell_for(&who);
    visit.page(&AppsWithAccess { shell, apps: found.into_iter().map(card).collect() })
}

fn card(access: Access) -> AccessCard {
    let address = |digest| {
        let version: String = encoding::hex(digest).chars().take(16).collect();
        format!("/logo/{}?v={version}", percent_encoded(access.client.as_str()))
    };
    AccessCard {
        picture: access.logo.as_ref().map(|digest| address(digest)),
        id: access.client.to_string(),
        name: access.name,
        home: access.home,
        scopes: access.scopes.iter().map(str::to_owned).collect(),
        since: access.since,
        last_used: access.last_used,
        consented: access.consented,
    }
}

/// The application stands in the form, not in the address: some are called by a URL.
pub(super) async fn remove(mut visit: Visit, Form(sent): Form<Vec<(String, String)>>) -> Answer {
    let who = visit.full().await?;
    let fields = Fields::from(sent);
    let client = ClientId::parse(fields.one("client")).map_err(|_| Problem::not_found())?;
    let mut caller = visit.caller();
    match apps_with_access::withdraw(&visit.app.service, &mut caller, &who, &client).await {
        Ok(()) => visit.set_flash(&Flash::Application { done: "access".to_owned(), name: String::new() }),
        Err(AccessError::NotFound) => visit.set_flash(&Flash::AlreadyGone),
        Err(AccessError::SessionEnded) => return Err(Problem::session_ended().into()),
        Err(AccessError::Store(error)) => return Err(Problem::from(error).into()),
    }
    visit.see_other("/me/apps")
}
