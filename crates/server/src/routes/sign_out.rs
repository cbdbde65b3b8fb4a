//! Signing out.

use crate::context::Visit;
use crate::pages::sign_in::SignedOut;
use crate::problem::Answer;

pub(super) async fn submit(mut visit: Visit) -> Answer {
    if let Some(who) = visit.who().await? {
        let mut caller = visit.caller();
        service::sign_out::sign_out(&visit.app.service, &mut caller, &who).await?;
    }
    // Whoever had no session any more wants none either.
    visit.end_session();
    visit.see_other("/signed-out")
}

pub(super) async fn show(mut visit: Visit) -> Answer {
    let shell = visit.shell();
    visit.page(&SignedOut { shell })
}
