//! Forward authentication: the way in, and what every check reads again.

use account::policy::Needed;
use account::strength::Strength;
use oidc::parameters::{Parameters, encode};
use primitives::entropy::SystemEntropy;
use primitives::secret::Token;
use primitives::time::Span;
use service::authorize::{self, Step};
use service::forward_auth::{self, Admitted, ForwardError};
use service::sign_out;
use testkit::{TestContext, Visitor, on_both_databases};

use crate::world::{self, App, ISSUER};

const WIKI: &str = "https://wiki.example.com";

async fn wiki(test: &TestContext) -> App {
    world::app_with(test, "wiki", |stored| {
        stored.application.guards = vec![WIKI.to_owned(), "https://other.example.com".to_owned()];
        stored.client.redirect_uris = vec![format!("{WIKI}/.keyward/callback")];
    })
    .await
}

fn browser() -> Token {
    Token::generate(&mut SystemEntropy)
}

async fn begin(test: &TestContext, origin: &str, held: &Token, back: &str) -> Result<String, ForwardError> {
    let begun =
        forward_auth::begin(&test.cx, &mut test.caller("laptop"), ISSUER, (origin, held), back).await?;
    let query = begun.location.strip_prefix("http://localhost:8080/authorize?");
    Ok(query.unwrap_or_else(|| panic!("{}", begun.location)).to_owned())
}

/// The authorization endpoint's answer, as a query.
async fn answer(test: &TestContext, at: &Visitor<'_>, asked: &str) -> String {
    let pending = authorize::begin(&test.cx, test.now(), ISSUER, asked).await;
    let pending = pending.unwrap_or_else(|error| panic!("{error:?}"));
    let who = at.who_is_it().await;
    let step = authorize::next(at.cx(), &mut at.caller(), ISSUER, &pending, who.as_ref()).await.unwrap();
    let Step::Answer(answer) = step else { panic!("{step:?}") };
    answer.location().unwrap().split_once('?').unwrap().1.to_owned()
}

async fn finish(
    test: &TestContext,
    origin: &str,
    held: &Token,
    answer: &str,
) -> Result<(String, String), ForwardError> {
    let parameters = Parameters::parse(answer).unwrap();
    let mut caller = test.caller("laptop");
    let entered = forward_auth::finish(&test.cx, &mut caller, ISSUER, (origin, held), &parameters).await?;
    Ok((entered.ticket, entered.back))
}

async fn enter(test: &TestContext, at: &Visitor<'_>) -> String {
    let held = browser();
    let asked = begin(test, WIKI, &held, "/page?x=1").await.unwrap();
    let answered = answer(test, at, &asked).await;
    finish(test, WIKI, &held, &answered).await.unwrap().0
}

async fn check(test: &TestContext, origin: &str, ticket: Option<&str>) -> Result<Admitted, ForwardError> {
    forward_auth::check(&test.cx, &mut test.caller("proxy"), ISSUER, origin, ticket).await
}

async fn code(test: &TestContext, ticket: &str) -> &'static str {
    check(test, WIKI, Some(ticket)).await.err().map_or("ok", |error| error.code())
}

async fn who_comes_in_is_told_to_the_application(test: TestContext) {
    wiki(&test).await;
    let ana = world::ana(&test).await;
    let held = browser();
    let asked = begin(&test, WIKI, &held, "/page?x=1").await.unwrap();
    let answered = answer(&test, &ana, &asked).await;
    let (ticket, back) = finish(&test, WIKI, &held, &answered).await.unwrap();
    assert_eq!(back, "/page?x=1");
    let admitted = check(&test, WIKI, Some(&ticket)).await.unwrap();
    assert_eq!(
        (admitted.user.as_str(), admitted.name.as_deref()),
        (world::ANA, Some("Name of ana@example.com"))
    );
    assert!(admitted.groups.is_empty());
    let claims = world::claims(&test, &admitted.assertion, "keyward-assertion+jwt");
    let who = ana.who().await;
    assert_eq!((&claims["iss"], &claims["aud"]), (&ISSUER.into(), &WIKI.into()));
    assert_eq!(claims["sub"], who.user.id.to_string());
    assert_eq!((&claims["sid"], &claims["acr"]), (&who.session.sid.to_string().into(), &"phr".into()));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 60);
    assert_eq!(finish(&test, WIKI, &held, &answered).await.unwrap_err().code(), "code_used");
    assert_eq!(code(&test, &ticket).await, "grant_gone", "a code that came back ends what it gave");
}

async fn an_answer_belongs_to_the_browser_and_the_origin_that_asked(test: TestContext) {
    wiki(&test).await;
    let ana = world::ana(&test).await;
    let held = browser();
    let asked = begin(&test, WIKI, &held, "/").await.unwrap();
    let answered = answer(&test, &ana, &asked).await;
    assert_eq!(finish(&test, WIKI, &browser(), &answered).await.unwrap_err(), ForwardError::State);
    assert_eq!(
        finish(&test, "https://other.example.com", &held, &answered).await.unwrap_err(),
        ForwardError::State
    );
    let mixed_up = answered.replace(&encode(ISSUER), &encode("https://evil.example"));
    assert_ne!(mixed_up, answered);
    assert_eq!(finish(&test, WIKI, &held, &mixed_up).await.unwrap_err(), ForwardError::State);
    let ticket = finish(&test, WIKI, &held, &answered).await.unwrap().0;
    assert_eq!(check(&test, "https://other.example.com", Some(&ticket)).await, Err(ForwardError::Ticket));
    test.advance(Span::from_minutes(1));
    let late = begin(&test, WIKI, &held, "/").await.unwrap();
    let late = answer(&test, &ana, &late).await;
    test.advance(Span::from_hours(1));
    assert_eq!(finish(&test, WIKI, &held, &late).await.unwrap_err(), ForwardError::State);
}

async fn every_check_reads_again_what_it_rests_on(test: TestContext) {
    let app = wiki(&test).await;
    let mut ana = world::ana(&test).await;
    let ticket = enter(&test, &ana).await;
    assert_eq!(code(&test, &ticket).await, "ok");
    app.change(&test, |stored| stored.application.guards.clear()).await;
    assert_eq!(code(&test, &ticket).await, "forward_origin");
    app.change(&test, |stored| stored.application.guards = vec![WIKI.to_owned()]).await;
    app.change(&test, |stored| stored.application.groups = vec![primitives::id::Id::from_bytes([9; 16])])
        .await;
    assert_eq!(code(&test, &ticket).await, "not_assigned");
    app.change(&test, |stored| stored.application.groups.clear()).await;
    app.change(&test, |stored| {
        stored.application.needed = Needed::BuiltIn(Strength::PhishingResistantHardware);
    })
    .await;
    assert_eq!(code(&test, &ticket).await, "stronger_evidence_needed");
    app.change(&test, |stored| stored.application.needed = Needed::Anything).await;
    app.change(&test, |stored| stored.enabled = false).await;
    assert_eq!(code(&test, &ticket).await, "client_disabled");
    app.change(&test, |stored| stored.enabled = true).await;
    // Using the application keeps the session alive, as using the portal does.
    test.advance(Span::from_minutes(90));
    assert_eq!(code(&test, &ticket).await, "ok");
    test.advance(Span::from_minutes(90));
    assert_eq!(code(&test, &ticket).await, "ok");
    ana.confirm(account::action::Action::AddPasskey).await.unwrap();
    assert_eq!(code(&test, &ticket).await, "ok", "the line of sessions goes on");
    sign_out::sign_out(&test.cx, &mut ana.caller(), &ana.who().await).await.unwrap();
    assert_eq!(code(&test, &ticket).await, "grant_gone", "signing out is effective with the next request");
    ana.sign_in().await.unwrap();
    let ticket = enter(&test, &ana).await;
    test.advance(Span::from_hours(2));
    assert_eq!(code(&test, &ticket).await, "session_ended");
}

async fn only_what_the_application_may_know_is_told(test: TestContext) {
    let app = wiki(&test).await;
    app.change(&test, |stored| stored.client.scopes = world::scopes("openid email")).await;
    let ana = world::ana(&test).await;
    let ticket = enter(&test, &ana).await;
    let admitted = check(&test, WIKI, Some(&ticket)).await.unwrap();
    assert_eq!((admitted.user.as_str(), admitted.name), (world::ANA, None));
}

async fn what_is_no_ticket_lets_nobody_in(test: TestContext) {
    let app = wiki(&test).await;
    let ana = world::ana(&test).await;
    let ticket = enter(&test, &ana).await;
    assert_eq!(check(&test, WIKI, None).await, Err(ForwardError::Nobody));
    let mut garbage: Vec<String> = ["", " ", "null", "{}", "=", "%00", "ü"].map(str::to_owned).to_vec();
    garbage.extend([
        ticket.to_uppercase(),
        format!("{ticket}A"),
        ticket[1..].to_owned(),
        "A".repeat(64 * 1024),
    ]);
    for place in (0..ticket.len()).step_by(7) {
        let mut changed = ticket.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        garbage.push(String::from_utf8(changed).unwrap());
    }
    for text in garbage {
        assert_eq!(check(&test, WIKI, Some(&text)).await, Err(ForwardError::Ticket), "{}", text.len());
    }
    for (origin, code) in [
        ("https://nobody.example.com", "forward_origin"),
        ("https://other.example.com", "forward_not_registered"),
    ] {
        assert_eq!(begin(&test, origin, &browser(), "/").await.unwrap_err().code(), code);
    }
    app.change(&test, |stored| stored.enabled = false).await;
    assert_eq!(begin(&test, WIKI, &browser(), "/").await.unwrap_err(), ForwardError::Origin);
}

on_both_databases! {
    who_comes_in_is_told_to_the_application,
    an_answer_belongs_to_the_browser_and_the_origin_that_asked,
    every_check_reads_again_what_it_rests_on,
    only_what_the_application_may_know_is_told,
    what_is_no_ticket_lets_nobody_in,
}
