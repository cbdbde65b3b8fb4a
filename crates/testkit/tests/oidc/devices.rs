//! Devices without a sign-in page are let in by a passkey, and by nothing less (RFC 8628, assurance O9).

use account::action::Action;
use account::application::Consent;
use account::device_code::{LIFETIME, MOST_OF_ONE};
use account::policy::Needed;
use account::role::Role;
use account::strength::Strength;
use oidc::client::GrantType;
use primitives::time::Span;
use service::device_grant::{self, Ask, Begun, DeviceError, PollError, Typed};
use service::sign_out;
use service::tokens::Tokens;
use store::clients::Stored;
use testkit::race::{assert_one_winner, race};
use testkit::{TestContext, Visitor, on_both_databases};

use crate::world::{self, App, ISSUER, scopes};

fn takes_devices(stored: &mut Stored) {
    stored.client.grants = vec![GrantType::DeviceCode, GrantType::RefreshToken];
}

async fn television(test: &TestContext) -> App {
    world::app_with(test, "television", takes_devices).await
}

async fn begin(test: &TestContext, app: &App) -> Result<Begun, DeviceError> {
    let client = app.authenticated(test).await;
    let asked = scopes("openid profile offline_access unknown");
    device_grant::begin(&test.cx, &mut test.caller("television"), &client, asked, Vec::new()).await
}

async fn poll(test: &TestContext, app: &App, begun: &Begun) -> Result<Tokens, PollError> {
    let client = app.authenticated(test).await;
    let code = begun.device_code.encode();
    let ask = Ask { device_code: &code, resources: &[], proof: None };
    device_grant::exchange(&test.cx, &mut test.caller("television"), ISSUER, &client, ask).await
}

fn said<T>(polled: &Result<T, PollError>) -> &'static str {
    polled.as_ref().err().map_or("ok", |error| error.error().name())
}

async fn find(at: &Visitor<'_>, typed: &str) -> Result<Typed, DeviceError> {
    device_grant::find(at.cx(), &mut at.caller(), &at.who().await, typed).await
}

async fn approve(at: &Visitor<'_>, typed: &Typed) -> Result<(), DeviceError> {
    device_grant::approve(at.cx(), &mut at.caller(), &at.who().await, typed).await
}

fn action(typed: &Typed) -> Action {
    Action::ApproveDevice(device_grant::target(&typed.code))
}

/// The whole way, up to where the device may ask.
async fn let_in(test: &TestContext, app: &App, at: &mut Visitor<'_>) -> Begun {
    let begun = begin(test, app).await.unwrap();
    let typed = find(at, &begun.user_code).await.unwrap();
    at.confirm(action(&typed)).await.unwrap();
    approve(at, &typed).await.unwrap();
    begun
}

async fn a_device_is_let_in_and_out_with_the_person(test: TestContext) {
    let app = television(&test).await;
    let mut ana = world::ana(&test).await;
    let begun = begin(&test, &app).await.unwrap();
    assert_eq!((begun.expires_in, begun.interval), (Span::from_minutes(5), Span::from_secs(5)));
    assert_eq!(said(&poll(&test, &app, &begun).await), "authorization_pending");
    let typed = find(&ana, &begun.user_code.to_lowercase().replace('-', " ")).await.unwrap();
    let found = device_grant::look(ana.cx(), &mut ana.caller(), &typed).await.unwrap();
    assert_eq!(found.application.name, "Application television");
    assert_eq!(
        found.device.request.scopes, "offline_access openid profile",
        "what it may not ask for is left out"
    );
    assert_eq!((found.device.request.device.address.as_str(), found.same_network), ("192.0.2.1", true));
    ana.confirm(action(&typed)).await.unwrap();
    approve(&ana, &typed).await.unwrap();
    assert_eq!(test.count_events("device_approved").await, 1);

    test.advance(Span::from_secs(5));
    let tokens = poll(&test, &app, &begun).await.unwrap();
    let id = world::claims(&test, tokens.id_token.as_deref().unwrap(), "JWT");
    let who = ana.who().await;
    assert_eq!(
        (&id["sub"], &id["sid"]),
        (&who.user.id.to_string().into(), &who.session.sid.to_string().into())
    );
    assert_eq!(id["acr"], "phr");
    assert_eq!(said(&poll(&test, &app, &begun).await), "invalid_grant", "tokens are fetched once");
    assert_eq!(world::access(&world::userinfo(&test, &tokens).await), "ok");
    let next = app.refresh(&test, &tokens).await.unwrap();
    sign_out::sign_out(&test.cx, &mut ana.caller(), &who).await.unwrap();
    assert_eq!(world::outcome(&app.refresh(&test, &next).await), "grant_gone");
}

async fn nothing_less_than_a_passkey_for_this_very_device_lets_it_in(test: TestContext) {
    let app = television(&test).await;
    let mut ana = world::ana(&test).await;
    let (one, other) = (begin(&test, &app).await.unwrap(), begin(&test, &app).await.unwrap());
    let (typed, second) =
        (find(&ana, &one.user_code).await.unwrap(), find(&ana, &other.user_code).await.unwrap());
    assert!(ana.who().await.session.is_fresh(test.now()), "having just signed in is not enough");
    assert_eq!(approve(&ana, &typed).await, Err(DeviceError::ConfirmNeeded));
    ana.confirm(Action::AddPasskey).await.unwrap();
    assert_eq!(approve(&ana, &typed).await, Err(DeviceError::ConfirmNeeded), "that confirmed something else");
    ana.confirm(action(&second)).await.unwrap();
    assert_eq!(approve(&ana, &typed).await, Err(DeviceError::ConfirmNeeded), "that confirmed another device");
    ana.confirm(action(&typed)).await.unwrap();
    ana.sign_in().await.unwrap();
    assert_eq!(approve(&ana, &typed).await, Err(DeviceError::ConfirmNeeded), "another session");
    assert_eq!(said(&poll(&test, &app, &one).await), "authorization_pending");
    ana.confirm(action(&typed)).await.unwrap();
    // What is confirmed for a code is good for its own device and no other.
    let mixed = Typed { id: second.id, code: typed.code.clone() };
    assert_eq!(approve(&ana, &mixed).await, Err(DeviceError::Unknown));
    approve(&ana, &typed).await.unwrap();
    assert_eq!(approve(&ana, &typed).await, Err(DeviceError::ConfirmNeeded), "a confirmation is used up");
    ana.confirm(action(&typed)).await.unwrap();
    assert_eq!(approve(&ana, &typed).await, Err(DeviceError::Unknown), "somebody has answered");
}

async fn a_confirmation_five_minutes_ago_is_none(test: TestContext) {
    let app = television(&test).await;
    let mut ana = world::ana(&test).await;
    let begun = begin(&test, &app).await.unwrap();
    let typed = find(&ana, &begun.user_code).await.unwrap();
    ana.confirm(action(&typed)).await.unwrap();
    test.advance(LIFETIME);
    assert_eq!(approve(&ana, &typed).await, Err(DeviceError::ConfirmNeeded));
    ana.confirm(action(&typed)).await.unwrap();
    assert_eq!(approve(&ana, &typed).await, Err(DeviceError::Unknown), "its time is over");
    assert_eq!(said(&poll(&test, &app, &begun).await), "expired_token");
}

async fn a_device_that_asks_too_often_waits_longer(test: TestContext) {
    let app = television(&test).await;
    let mut ana = world::ana(&test).await;
    let begun = begin(&test, &app).await.unwrap();
    assert_eq!(said(&poll(&test, &app, &begun).await), "authorization_pending");
    test.advance(Span::from_secs(4));
    let slower = poll(&test, &app, &begun).await;
    assert_eq!(slower, Err(PollError::SlowDown { pause: Span::from_secs(10) }));
    let typed = find(&ana, &begun.user_code).await.unwrap();
    ana.confirm(action(&typed)).await.unwrap();
    approve(&ana, &typed).await.unwrap();
    test.advance(Span::from_secs(9));
    assert_eq!(poll(&test, &app, &begun).await, Err(PollError::SlowDown { pause: Span::from_secs(15) }));
    test.advance(Span::from_secs(15));
    assert_eq!(said(&poll(&test, &app, &begun).await), "ok");
}

async fn a_device_that_is_declined_gets_nothing(test: TestContext) {
    let app = television(&test).await;
    let mut ana = world::ana(&test).await;
    let begun = begin(&test, &app).await.unwrap();
    let typed = find(&ana, &begun.user_code).await.unwrap();
    device_grant::decline(ana.cx(), &mut ana.caller(), &ana.who().await, &typed).await.unwrap();
    assert_eq!(test.count_events("device_declined").await, 1);
    assert_eq!(said(&poll(&test, &app, &begun).await), "access_denied");
    ana.confirm(action(&typed)).await.unwrap();
    assert_eq!(approve(&ana, &typed).await, Err(DeviceError::Unknown));
}

async fn five_codes_may_be_typed_in_a_quarter_of_an_hour(test: TestContext) {
    let app = television(&test).await;
    let ana = world::ana(&test).await;
    let begun = begin(&test, &app).await.unwrap();
    for nonsense in ["", "WDJB", "WDJB-MJHTX", "AEIO-UAEI", "WDJB-MJH1", &"W".repeat(10_000)] {
        assert_eq!(find(&ana, nonsense).await, Err(DeviceError::Malformed), "costs no try");
    }
    for _ in 0..5 {
        assert_eq!(find(&ana, "WDJB-MJHT").await, Err(DeviceError::Unknown));
    }
    let refused = find(&ana, &begun.user_code).await;
    assert!(matches!(refused, Err(DeviceError::TooManyTries { .. })), "{refused:?}");
    // Another browser of the same account has none either, another account in another browser has.
    let mut elsewhere = Visitor::new(&test, "elsewhere");
    elsewhere.token = ana.token.clone();
    assert!(matches!(find(&elsewhere, &begun.user_code).await, Err(DeviceError::TooManyTries { .. })));
    let mut eve = Visitor::new(&test, "laptop");
    eve.onboard("eve@example.com", Role::User).await;
    assert!(
        matches!(find(&eve, &begun.user_code).await, Err(DeviceError::TooManyTries { .. })),
        "one browser"
    );
    let mut bob = Visitor::new(&test, "desk");
    bob.onboard("bob@example.com", Role::User).await;
    find(&bob, &begun.user_code).await.unwrap();
    test.advance(Span::from_minutes(15));
    assert_eq!(find(&ana, "WDJB-MJHT").await, Err(DeviceError::Unknown), "a new window");
}

async fn only_clients_with_the_grant_and_only_their_own_devices(test: TestContext) {
    let app = television(&test).await;
    let other = world::app_with(&test, "radio", takes_devices).await;
    let without = world::app(&test, "payroll").await;
    assert_eq!(begin(&test, &without).await.unwrap_err(), DeviceError::NotAllowed);
    let mut ana = world::ana(&test).await;
    let begun = let_in(&test, &app, &mut ana).await;
    assert_eq!(poll(&test, &other, &begun).await, Err(PollError::Unknown));
    assert_eq!(said(&poll(&test, &without, &begun).await), "unauthorized_client");
    for _ in 1..MOST_OF_ONE {
        begin(&test, &app).await.unwrap();
    }
    assert_eq!(begin(&test, &app).await.unwrap_err(), DeviceError::TooMany);
    app.change(&test, |stored| stored.enabled = false).await;
    assert_eq!(find(&ana, &begun.user_code).await, Err(DeviceError::Unknown));
}

async fn what_the_approval_rests_on_is_read_again(test: TestContext) {
    let app = world::app_with(&test, "television", |stored| {
        takes_devices(stored);
        stored.application.consent = Consent::Remembered;
        stored.application.needed = Needed::BuiltIn(Strength::PhishingResistant);
    })
    .await;
    let mut ana = world::ana(&test).await;
    let begun = let_in(&test, &app, &mut ana).await;
    assert_eq!(test.count_events("consent_given").await, 1, "letting it in allows what the page said");
    sign_out::sign_out(&test.cx, &mut ana.caller(), &ana.who().await).await.unwrap();
    let polled = poll(&test, &app, &begun).await;
    assert_eq!(polled.unwrap_err().code(), "session_ended");
    ana.sign_in().await.unwrap();

    let begun = let_in(&test, &app, &mut ana).await;
    app.change(&test, |stored| stored.application.groups = vec![primitives::id::Id::from_bytes([9; 16])])
        .await;
    assert_eq!(poll(&test, &app, &begun).await.unwrap_err().code(), "not_assigned");
    let waiting = begin(&test, &app).await.unwrap();
    let typed = find(&ana, &waiting.user_code).await.unwrap();
    ana.confirm(action(&typed)).await.unwrap();
    assert_eq!(approve(&ana, &typed).await, Err(DeviceError::NotAssigned));
    app.change(&test, |stored| {
        stored.application.groups.clear();
        stored.application.needed = Needed::BuiltIn(Strength::PhishingResistantHardware);
    })
    .await;
    ana.confirm(action(&typed)).await.unwrap();
    assert_eq!(approve(&ana, &typed).await, Err(DeviceError::TooWeak));
}

async fn of_many_who_fetch_one_is_given_tokens(test: TestContext) {
    let app = television(&test).await;
    let mut ana = world::ana(&test).await;
    let begun = let_in(&test, &app, &mut ana).await;
    let client = app.authenticated(&test).await;
    let racers = (0..16).map(|_| {
        let (cx, mut caller) = (test.cx.clone(), test.caller("television"));
        let (client, code) = (client.clone(), begun.device_code.encode());
        async move {
            let ask = Ask { device_code: &code, resources: &[], proof: None };
            let polled = device_grant::exchange(&cx, &mut caller, ISSUER, &client, ask).await;
            polled.map_err(|error| error.code())
        }
    });
    assert_one_winner(&race(racers).await, &["device_code_invalid"]);
    assert_eq!(test.count_events("application_entered").await, 1);
}

on_both_databases! {
    a_device_is_let_in_and_out_with_the_person,
    nothing_less_than_a_passkey_for_this_very_device_lets_it_in,
    a_confirmation_five_minutes_ago_is_none,
    a_device_that_asks_too_often_waits_longer,
    a_device_that_is_declined_gets_nothing,
    five_codes_may_be_typed_in_a_quarter_of_an_hour,
    only_clients_with_the_grant_and_only_their_own_devices,
    what_the_approval_rests_on_is_read_again,
    of_many_who_fetch_one_is_given_tokens,
}
