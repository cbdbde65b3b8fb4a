//! Ending a session ends what applications were granted in it, and tells those that want to know.

use account::audit::EventKind;
use oidc::logout::EVENT;
use oidc::parameters::Parameters;
use primitives::encoding::{base64url, from_base64url};
use primitives::time::Span;
use service::end_session::{self, Step};
use service::manage_passkeys::Reason;
use service::notify_logout::{self, Prepared};
use service::tokens::Tokens;
use service::{Authority, administer_users, manage_sessions, sign_out};
use store::logout_notices::{self as notices, Failed, LogoutNotice};
use testkit::{TestContext, Visitor, on_both_databases};

use crate::world::{self, App, ISSUER};

const HOLDER: [u8; 16] = [7; 16];
const BYE: &str = "https://payroll.example/bye";

async fn payroll(test: &TestContext) -> App {
    world::app_with(test, "payroll", |stored| {
        stored.client.backchannel_logout_uri = Some("https://payroll.example/logout".to_owned());
        stored.client.frontchannel_logout_uri = Some("https://payroll.example/front".to_owned());
        stored.client.frontchannel_session_required = true;
    })
    .await
}

async fn waiting(test: &TestContext) -> u32 {
    test.cx.db.read(notices::count).await.unwrap()
}

async fn claim(test: &TestContext) -> Vec<LogoutNotice> {
    notify_logout::claim(&test.cx, HOLDER, Default::default()).await.unwrap()
}

async fn signing_out_ends_grants_and_tells_who_wants_to_know(test: TestContext) {
    let (app, wiki) = (payroll(&test).await, world::app(&test, "wiki").await);
    let ana = world::ana(&test).await;
    let tokens = app.enter(&test, &ana, "openid offline_access").await;
    let deaf = wiki.enter(&test, &ana, "openid offline_access").await;
    let who = ana.who().await;
    let ended = sign_out::sign_out(&test.cx, &mut ana.caller(), &who).await.unwrap();
    assert_eq!(ended.sid, who.session.sid);
    assert_eq!(ended.clients.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["wiki", "payroll"]);
    for (app, tokens) in [(&app, &tokens), (&wiki, &deaf)] {
        assert_eq!(world::outcome(&app.refresh(&test, tokens).await), "grant_gone");
        assert_eq!(world::access(&world::userinfo(&test, tokens).await), "grant_gone");
    }
    let claimed = claim(&test).await;
    assert_eq!(claimed.len(), 1, "due at once, and only for who registered an address");
    let prepared = notify_logout::prepare(&test.cx, &mut test.operator(), ISSUER, &claimed[0]).await.unwrap();
    let Prepared::Send { url, token } = prepared else { panic!("{prepared:?}") };
    assert_eq!(url, "https://payroll.example/logout");
    let claims = world::claims(&test, &token, "logout+jwt");
    assert_eq!((&claims["iss"], &claims["aud"]), (&ISSUER.into(), &"payroll".into()));
    assert_eq!(claims["sub"], who.user.id.to_string());
    assert_eq!(claims["sid"], ended.sid.to_string());
    assert_eq!(claims["events"], serde_json::json!({ EVENT: {} }));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 120);
    assert!(claims.contains_key("jti") && !claims.contains_key("nonce"));
    assert!(notify_logout::told(&test.cx, HOLDER, claimed[0].id).await.unwrap());
    assert_eq!(waiting(&test).await, 0);
}

/// Whatever ends a session for good, or what it rests on.
#[derive(Clone, Copy, Debug)]
enum Way {
    SignOut,
    Revoke,
    RevokeOthers,
    Disable,
    RemovePasskey,
    RemoveOwnPasskey,
}

async fn every_way_of_ending_a_session_tells_them(test: TestContext) {
    let app = payroll(&test).await;
    let ways = [
        Way::SignOut,
        Way::Revoke,
        Way::RevokeOthers,
        Way::Disable,
        Way::RemovePasskey,
        Way::RemoveOwnPasskey,
    ];
    for (number, way) in ways.into_iter().enumerate() {
        let login = format!("person-{number}@example.com");
        let mut ana = Visitor::new(&test, &login);
        ana.onboard(&login, account::role::Role::User).await;
        let tokens = app.enter(&test, &ana, "openid offline_access").await;
        end(&test, &mut ana, way).await;
        assert_eq!(waiting(&test).await, u32::try_from(number).unwrap() + 1, "{way:?}");
        let refreshed = app.refresh(&test, &tokens).await;
        assert!(refreshed.is_err(), "{way:?}");
        assert_ne!(world::access(&world::userinfo(&test, &tokens).await), "ok", "{way:?}");
    }
}

async fn end(test: &TestContext, ana: &mut Visitor<'_>, way: Way) {
    let (cx, who) = (&test.cx, ana.who().await);
    let operator = Authority::Operator;
    match way {
        Way::SignOut => drop(sign_out::sign_out(cx, &mut ana.caller(), &who).await.unwrap()),
        Way::Revoke => {
            manage_sessions::revoke(cx, &mut ana.caller(), &who, who.session.id).await.unwrap();
        }
        Way::RevokeOthers => {
            let mut elsewhere = Visitor::new(test, "elsewhere");
            std::mem::swap(&mut elsewhere.authenticator, &mut ana.authenticator);
            elsewhere.sign_in().await.unwrap();
            let there = elsewhere.who().await;
            manage_sessions::revoke_others(cx, &mut elsewhere.caller(), &there).await.unwrap();
        }
        Way::Disable => {
            administer_users::disable(cx, &mut test.operator(), operator, who.user.id).await.unwrap();
        }
        Way::RemovePasskey => {
            let passkey = ana.passkeys().await[0].id;
            administer_users::remove_passkey(cx, &mut test.operator(), operator, who.user.id, passkey)
                .await
                .unwrap();
        }
        Way::RemoveOwnPasskey => {
            let first = ana.passkeys().await[0].id;
            ana.add_another(authenticator::Settings::security_key()).await;
            ana.confirm(account::action::Action::RemovePasskey(first)).await.unwrap();
            ana.remove(first, Reason::Unused).await.unwrap();
        }
    }
}

async fn a_confirmation_ends_nothing(test: TestContext) {
    let app = payroll(&test).await;
    let mut ana = world::ana(&test).await;
    let tokens = app.enter(&test, &ana, "openid").await;
    ana.confirm(account::action::Action::AddPasskey).await.unwrap();
    ana.sign_in().await.unwrap();
    assert_eq!(waiting(&test).await, 0);
    assert_eq!(world::access(&world::userinfo(&test, &tokens).await), "ok");
}

async fn who_does_not_answer_is_tried_for_a_day(test: TestContext) {
    let app = payroll(&test).await;
    let ana = world::ana(&test).await;
    app.enter(&test, &ana, "openid").await;
    sign_out::sign_out(&test.cx, &mut ana.caller(), &ana.who().await).await.unwrap();
    let (begun, mut tries) = (test.now(), 0);
    loop {
        let notice = claim(&test).await.remove(0);
        tries += 1;
        match notify_logout::not_told(&test.cx, &mut test.operator(), HOLDER, notice).await.unwrap() {
            Failed::Again(at) => test.advance(at.since(test.now())),
            Failed::GivenUp => break,
            Failed::NotOurs => panic!("nobody else is there"),
        }
    }
    assert!(tries > 20 && test.now().since(begun) > Span::from_hours(22), "{tries} tries");
    let last = test.events().await.pop().unwrap();
    assert_eq!(last, EventKind::LogoutUndelivered { client: "payroll".to_owned() });
    assert_eq!(waiting(&test).await, 0);
}

async fn who_left_is_not_told(test: TestContext) {
    let app = payroll(&test).await;
    let ana = world::ana(&test).await;
    app.enter(&test, &ana, "openid").await;
    sign_out::sign_out(&test.cx, &mut ana.caller(), &ana.who().await).await.unwrap();
    app.change(&test, |stored| stored.client.backchannel_logout_uri = None).await;
    let claimed = claim(&test).await;
    let prepared = notify_logout::prepare(&test.cx, &mut test.operator(), ISSUER, &claimed[0]).await;
    assert_eq!(prepared.unwrap(), Prepared::Nobody);
}

fn hint(tokens: &Tokens) -> &str {
    tokens.id_token.as_deref().unwrap()
}

async fn asked(test: &TestContext, at: &Visitor<'_>, parameters: &[(&str, &str)]) -> String {
    let pairs = parameters.iter().map(|(name, value)| format!("{name}={}", oidc::parameters::encode(value)));
    let text = pairs.collect::<Vec<_>>().join("&");
    let who = at.who_is_it().await;
    let read = end_session::read(&test.cx, ISSUER, &Parameters::parse(&text).unwrap(), who.as_ref()).await;
    match read {
        Ok(Step::End(leaving)) => format!("end {}", leaving.to.unwrap_or_default()),
        Ok(Step::Ask { application, leaving }) => {
            format!("ask {} {}", application.unwrap_or_default(), leaving.to.unwrap_or_default())
        }
        Ok(Step::Nobody { leaving, proven }) => {
            format!("nobody {proven} {}", leaving.to.unwrap_or_default())
        }
        Err(error) => error.code().to_owned(),
    }
}

async fn only_an_id_token_of_the_person_ends_a_session_unasked(test: TestContext) {
    let (app, wiki) = (payroll(&test).await, world::app(&test, "wiki").await);
    let ana = world::ana(&test).await;
    let mut eve = Visitor::new(&test, "elsewhere");
    eve.onboard("eve@example.com", account::role::Role::User).await;
    let (own, others) = (app.enter(&test, &ana, "openid").await, app.enter(&test, &eve, "openid").await);
    let at_wiki = wiki.enter(&test, &ana, "openid").await;
    let nobody = Visitor::new(&test, "nobody");
    let name = "Application payroll";
    let to = ("post_logout_redirect_uri", BYE);
    assert_eq!(asked(&test, &ana, &[("id_token_hint", hint(&own)), to]).await, format!("end {BYE}"));
    assert_eq!(asked(&test, &ana, &[("id_token_hint", hint(&own))]).await, "end ");
    assert_eq!(
        asked(&test, &ana, &[("id_token_hint", hint(&others)), to]).await,
        format!("ask {name} {BYE}")
    );
    assert_eq!(asked(&test, &ana, &[("client_id", "payroll"), to]).await, format!("ask {name} {BYE}"));
    assert_eq!(asked(&test, &ana, &[]).await, "ask  ");
    assert_eq!(asked(&test, &ana, &[to]).await, "ask  ", "nothing says whose address that is");
    assert_eq!(
        asked(&test, &nobody, &[("id_token_hint", hint(&own)), to]).await,
        format!("nobody true {BYE}")
    );
    assert_eq!(asked(&test, &nobody, &[("client_id", "payroll"), to]).await, format!("nobody false {BYE}"));
    for (parameters, code) in [
        (&[("id_token_hint", hint(&at_wiki)), to][..], "post_logout_redirect_uri"),
        (&[("id_token_hint", hint(&at_wiki)), ("client_id", "payroll")], "hint_of_other_client"),
        (&[("client_id", "nobody-knows"), to], "client_unknown"),
        (&[("client_id", "not an id")], "client_unknown"),
        (&[("id_token_hint", own.access_token.as_str())], "jwt_type"),
        (&[("id_token_hint", "nonsense")], "jwt_parts"),
        (&[("state", &"s".repeat(end_session::LONGEST_STATE + 1))], "state_too_long"),
    ] {
        assert_eq!(asked(&test, &ana, parameters).await, code, "{parameters:?}");
    }
    for hostile in hostile() {
        let parameters = [("id_token_hint", hint(&own)), ("post_logout_redirect_uri", hostile.as_str())];
        assert_eq!(asked(&test, &ana, &parameters).await, "post_logout_redirect_uri", "{hostile}");
    }
    let forged = unsigned(hint(&own));
    assert_eq!(asked(&test, &ana, &[("id_token_hint", &forged)]).await, "jwt_unsigned");
    test.advance(Span::from_hours(1));
    assert_eq!(
        asked(&test, &ana, &[("id_token_hint", hint(&own)), to]).await,
        format!("end {BYE}"),
        "expired"
    );
}

/// What looks like the registered address and is another.
fn hostile() -> Vec<String> {
    [
        "https://payroll.example/bye/",
        "https://payroll.example/bye?x=1",
        "https://payroll.example/bye#x",
        "https://payroll.example/BYE",
        "https://PAYROLL.example/bye",
        "https://payroll.example:443/bye",
        "http://payroll.example/bye",
        "https://payroll.example./bye",
        "https://payroll.example/../bye",
        "https://payroll.example@evil.example/bye",
        "https://evil.example/?https://payroll.example/bye",
        "//payroll.example/bye",
        "/bye",
        "javascript:alert(1)",
        "https://payroll.example/callback",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// The same claims under `alg` none.
fn unsigned(token: &str) -> String {
    let header = String::from_utf8(from_base64url(token.split('.').next().unwrap()).unwrap()).unwrap();
    let header = header.replace("ES256", "none");
    format!("{}.{}.", base64url(header.as_bytes()), token.split('.').nth(1).unwrap())
}

async fn the_farewell_names_applications_and_loads_their_frames(test: TestContext) {
    let (app, wiki) = (payroll(&test).await, world::app(&test, "wiki").await);
    let ana = world::ana(&test).await;
    app.enter(&test, &ana, "openid").await;
    wiki.enter(&test, &ana, "openid").await;
    let ended = sign_out::sign_out(&test.cx, &mut ana.caller(), &ana.who().await).await.unwrap();
    let leaving = end_session::Leaving {
        client: Some(app.id.clone()),
        to: Some(BYE.to_owned()),
        state: Some("a&b".to_owned()),
    };
    let said = end_session::farewell(&test.cx, ISSUER, Some(&ended), &leaving).await.unwrap();
    assert_eq!(said.applications, ["Application wiki", "Application payroll"]);
    let frame = format!("https://payroll.example/front?iss=http%3A%2F%2Flocalhost%3A8080&sid={}", ended.sid);
    assert_eq!(said.frames, [("Application payroll".to_owned(), frame)]);
    assert_eq!(said.go_on, Some(("Application payroll".to_owned(), format!("{BYE}?state=a%26b"))));
    app.change(&test, |stored| stored.client.post_logout_redirect_uris.clear()).await;
    let said = end_session::farewell(&test.cx, ISSUER, None, &leaving).await.unwrap();
    assert_eq!(said, end_session::Farewell::default(), "it is registered no more");
}

on_both_databases! {
    signing_out_ends_grants_and_tells_who_wants_to_know,
    every_way_of_ending_a_session_tells_them,
    a_confirmation_ends_nothing,
    who_does_not_answer_is_tried_for_a_day,
    who_left_is_not_told,
    only_an_id_token_of_the_person_ends_a_session_unasked,
    the_farewell_names_applications_and_loads_their_frames,
}
