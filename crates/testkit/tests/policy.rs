//! The organisation's policy: judged before it is applied, applied, undone, followed.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

#[path = "service/policy/agreeing.rs"]
mod agreeing;
#[path = "service/policy/applying.rs"]
mod applying;
#[path = "service/policy/following.rs"]
mod following;
#[path = "service/policy/guarding.rs"]
mod guarding;

use std::sync::Arc;

use account::action::Action;
use service::administer_policy::{self, Application, Impact, PolicyError, Version};
use service::{Authority, Context};
use testkit::TestContext;

/// Passkeys that may be copied to other devices are not taken.
const DEVICE_BOUND: &str = "[[passkeys.profile]]\nname = \"own\"\nkinds = [\"device-bound\"]\n";
/// Passkeys that stay where they were made are not taken.
const BACKED_UP: &str = "[[passkeys.profile]]\nname = \"own\"\nkinds = [\"backed-up\"]\n";

async fn check(test: &TestContext, document: &str) -> Impact {
    administer_policy::check(&test.cx, document, None, Arc::new(|_, _| {})).await.unwrap()
}

async fn newest(cx: &Context) -> i64 {
    administer_policy::history(cx, None, 1).await.unwrap().first().map_or(0, |version| version.number)
}

/// What a person confirms who applies that.
async fn action(test: &TestContext, application: &Application) -> Action {
    let names = administer_policy::names(&test.cx).await.unwrap();
    application.action(&names).unwrap()
}

/// As the operator, locking out as many as that may be.
async fn apply(test: &TestContext, document: &str) -> Result<Version, PolicyError> {
    let impact = check(test, document).await;
    let application = Application {
        document: document.to_owned(),
        base: newest(&test.cx).await,
        locks_out: impact.summary.locked_out,
        ..Application::default()
    };
    administer_policy::apply(&test.cx, &mut test.operator(), Authority::Operator, application).await
}
