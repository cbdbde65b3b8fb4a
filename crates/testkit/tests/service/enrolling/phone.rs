//! A computer and a phone, each a browser of its own.

use account::evidence::Evidence;
use account::passkey::Passkey;
use account::role::Role;
use account::session::{ClientLabel, Opening, Restriction, Session};
use account::user::User;
use primitives::id::Id;
use primitives::secret::Token;
use primitives::time::Span;
use service::Caller;
use service::enrol_phone::{
    self, Begun, EnrolError, EnrolmentId, OnPhone, PhoneReport, Progress, Stage, Ticket,
};
use service::register_passkey::Registered;
use store::sessions;
use testkit::{TestContext, Visitor};

pub(crate) const ANA: &str = "ana@example.com";

/// Somebody without a passkey, at the computer with a one-time pass.
pub(crate) async fn starter(test: &TestContext) -> Visitor<'_> {
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue_once(&user).await;
    let mut desktop = Visitor::new(test, "laptop");
    desktop.redeem(ANA, &pass).await.unwrap();
    desktop
}

/// Somebody with a passkey on the computer, just signed in there.
pub(crate) async fn settled(test: &TestContext) -> (User, Visitor<'_>) {
    let mut desktop = Visitor::new(test, "laptop");
    let user = desktop.onboard(ANA, Role::User).await;
    // What a session of a pass finds newer than itself, it takes for its own.
    test.advance(Span::from_secs(1));
    (user, desktop)
}

pub(crate) async fn begin(test: &TestContext, desktop: &Visitor<'_>) -> Result<Begun, EnrolError> {
    enrol_phone::begin(&test.cx, &mut desktop.caller(), &desktop.who().await).await
}

pub(crate) async fn follow(
    test: &TestContext,
    desktop: &Visitor<'_>,
    id: EnrolmentId,
) -> Result<Progress, EnrolError> {
    enrol_phone::follow(&test.cx, test.now(), &desktop.who().await, id).await
}

pub(crate) async fn stage(test: &TestContext, desktop: &Visitor<'_>, id: EnrolmentId) -> Stage {
    follow(test, desktop, id).await.unwrap().stage
}

pub(crate) async fn type_number(
    test: &TestContext,
    desktop: &Visitor<'_>,
    id: EnrolmentId,
    number: &str,
) -> Result<Progress, EnrolError> {
    enrol_phone::type_number(&test.cx, &mut desktop.caller(), &desktop.who().await, id, number).await
}

pub(crate) async fn stop(
    test: &TestContext,
    desktop: &Visitor<'_>,
    id: EnrolmentId,
) -> Result<(), EnrolError> {
    enrol_phone::stop(&test.cx, &mut desktop.caller(), &desktop.who().await, id).await
}

/// A request of the phone, which is no computer.
pub(crate) fn caller(phone: &Visitor<'_>) -> Caller {
    let client = ClientLabel { browser: "Chrome on Android".to_owned(), address: "198.51.100.7".to_owned() };
    Caller { client, ..phone.caller() }
}

pub(crate) async fn open(
    test: &TestContext,
    phone: &Visitor<'_>,
    ticket: &Ticket,
) -> Result<OnPhone, EnrolError> {
    enrol_phone::open(&test.cx, &mut caller(phone), ticket, phone.who_is_it().await.as_ref()).await
}

pub(crate) async fn claim(
    test: &TestContext,
    phone: &Visitor<'_>,
    ticket: &Ticket,
) -> Result<OnPhone, EnrolError> {
    enrol_phone::claim(&test.cx, &mut caller(phone), ticket, phone.who_is_it().await.as_ref()).await
}

pub(crate) async fn decline(
    test: &TestContext,
    phone: &Visitor<'_>,
    ticket: &Ticket,
) -> Result<(), EnrolError> {
    enrol_phone::decline(&test.cx, &mut caller(phone), ticket).await
}

pub(crate) async fn report(
    test: &TestContext,
    phone: &Visitor<'_>,
    ticket: &Ticket,
    what: PhoneReport,
) -> Result<(), EnrolError> {
    enrol_phone::report(&test.cx, &mut caller(phone), ticket, what).await
}

/// A ceremony that has begun on the phone: its state, and what the browser answers.
pub(crate) async fn begin_create(
    test: &TestContext,
    phone: &mut Visitor<'_>,
    ticket: &Ticket,
) -> Result<(String, String), EnrolError> {
    let who = phone.who_is_it().await;
    let started = enrol_phone::begin_create(&test.cx, &mut caller(phone), ticket, who.as_ref()).await?;
    let response = phone.create(&started);
    Ok((started.state, response))
}

pub(crate) async fn finish_create(
    test: &TestContext,
    phone: &Visitor<'_>,
    ticket: &Ticket,
    (state, response): &(String, String),
) -> Result<Registered, EnrolError> {
    let (name, who) = (|_| "Phone".to_owned(), phone.who_is_it().await);
    enrol_phone::finish_create(&test.cx, &mut caller(phone), ticket, who.as_ref(), state, response, name)
        .await
}

/// Creates the passkey on the phone, from begin to end.
pub(crate) async fn create(
    test: &TestContext,
    phone: &mut Visitor<'_>,
    ticket: &Ticket,
) -> Result<Passkey, EnrolError> {
    let begun = begin_create(test, phone, ticket).await?;
    Ok(finish_create(test, phone, ticket, &begun).await?.passkey)
}

/// The phone signs in with a multi-use pass.
pub(crate) async fn sign_in(test: &TestContext, phone: &mut Visitor<'_>, user: &User) {
    let pass = test.issue(user).await;
    phone.redeem(user.login.shown(), &pass).await.unwrap();
}

/// Opens a session on that evidence in the visitor's browser, as the ways to sign in without a passkey do.
pub(crate) async fn open_session(
    test: &TestContext,
    visitor: &mut Visitor<'_>,
    user: &User,
    evidence: Evidence,
    restriction: Option<Restriction>,
) {
    let mut caller = visitor.caller();
    let opening = Opening {
        id: Id::new(caller.now, caller.entropy.as_mut()),
        deployment_epoch: 1,
        browser: caller.browser.digest(),
        client: caller.client.clone(),
        now: caller.now,
    };
    let session = match restriction {
        Some(restriction) => Session::open_restricted(user, evidence, restriction, opening),
        None => Session::open(user, evidence, &test.cx.settings().sessions, opening),
    };
    let token = Token::generate(caller.entropy.as_mut());
    let stored = token.clone();
    test.cx.db.write(move |tx| sessions::insert(tx, &session, &stored)).await.unwrap();
    visitor.token = Some(token);
}

/// The code of what was refused.
pub(crate) fn code<T>(outcome: Result<T, EnrolError>) -> &'static str {
    outcome.err().map_or("done", |error| error.code())
}
