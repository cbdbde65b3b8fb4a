//! `oidcc-rp-initiated-logout-certification-test-plan`.

use axum::http::StatusCode;
use testkit::app::Answer;
use testkit::application::RelyingParty;

use crate::world::{Mode, Tokens, World, attribute, query};

const BYE: &str = "https://plan.example/bye";

/// Somebody who is signed in at the client.
pub(crate) async fn signed_in() -> (World, Tokens) {
    let mut world = World::new(Mode::Default).await;
    let tokens = world.tokens(&[]).await;
    (world, tokens)
}

/// The address that a client leads the browser to.
pub(crate) fn end_session(parameters: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", oidc::parameters::encode(value)))
        .collect();
    if pairs.is_empty() {
        "/oauth/end-session".to_owned()
    } else {
        format!("/oauth/end-session?{}", pairs.join("&"))
    }
}

/// Goes on as a person would who wants to sign out; gives the page that the browser stays at, or where it leaves for.
pub(crate) async fn sign_out(world: &mut World, parameters: &[(&str, &str)]) -> Answer {
    let mut answer = world.browser.get(&end_session(parameters)).await;
    for _ in 0..4 {
        if let Some(request) = attribute(&answer.body, "name=\"request\" value=\"") {
            answer = world.browser.post("/signout/asked", &[("request", &request)]).await;
        } else if answer.location().starts_with('/') {
            answer = world.browser.get(answer.location()).await;
        } else {
            break;
        }
    }
    answer
}

/// The suite's last step: silent authentication finds nobody.
pub(crate) async fn is_signed_out(world: &mut World) {
    let told = world.ask(&[("prompt", "none")]).await;
    assert_eq!(told["error"], "login_required");
}

async fn is_signed_in(world: &mut World) {
    assert!(world.ask(&[("prompt", "none")]).await.contains_key("code"));
}

/// A page that says what is wrong with the request, and leads nowhere.
async fn is_refused(world: &mut World, parameters: &[(&str, &str)]) {
    let answer = world.browser.get(&end_session(parameters)).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::BAD_REQUEST, ""), "{}", answer.body);
    is_signed_in(world).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout() {
    let (mut world, tokens) = signed_in().await;
    let asked =
        [("id_token_hint", tokens.text("id_token")), ("post_logout_redirect_uri", BYE), ("state", "out-1")];
    let left = sign_out(&mut world, &asked).await;
    assert!(left.location().starts_with(BYE), "{left:?}");
    let told = query(left.location());
    assert_eq!(told.get("state").map(String::as_str), Some("out-1"));
    assert_eq!(told.len(), 1, "nothing else is told: {told:?}");
    is_signed_out(&mut world).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_post_logout_redirect_uri() {
    let (mut world, tokens) = signed_in().await;
    let asked = [
        ("id_token_hint", tokens.text("id_token")),
        ("post_logout_redirect_uri", "https://evil.example/bye"),
    ];
    is_refused(&mut world, &asked).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri() {
    let (mut world, tokens) = signed_in().await;
    let added = format!("{BYE}?foo=bar");
    is_refused(
        &mut world,
        &[("id_token_hint", tokens.text("id_token")), ("post_logout_redirect_uri", &added)],
    )
    .await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_modified_id_token_hint() {
    let (mut world, tokens) = signed_in().await;
    let hint = tokens.text("id_token");
    let (start, signature) = hint.rsplit_once('.').unwrap();
    let modified: String = signature.chars().rev().collect();
    let modified = format!("{start}.{modified}");
    is_refused(&mut world, &[("id_token_hint", &modified), ("post_logout_redirect_uri", BYE)]).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_id_token_hint() {
    // An ID token of another provider, for the same client and the same address of a person.
    let mut elsewhere = World::new(Mode::Default).await;
    let foreign = elsewhere.tokens(&[]).await.text("id_token").to_owned();
    let (mut world, _) = signed_in().await;
    // A key that is not known says as much as no hint: the person is asked, and led nowhere.
    let asked = [("id_token_hint", foreign.as_str()), ("post_logout_redirect_uri", BYE)];
    let page = world.browser.get(&end_session(&asked)).await;
    assert_eq!((page.status, page.location()), (StatusCode::OK, ""));
    is_signed_in(&mut world).await;
    let left = sign_out(&mut world, &asked).await;
    assert_eq!((left.status, left.location()), (StatusCode::OK, ""));
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_id_token_hint() {
    let (mut world, _) = signed_in().await;
    // Who asks cannot be told, and so not where to: the person is not led there.
    let asked = [("post_logout_redirect_uri", BYE), ("state", "out-1")];
    let left = sign_out(&mut world, &asked).await;
    assert!(!left.location().starts_with(BYE), "{left:?}");
}

/// Section 3 lets a client name itself instead; the person is asked first.
#[tokio::test]
async fn a_client_that_only_names_itself_has_the_person_asked() {
    let (mut world, _) = signed_in().await;
    let asked = [("client_id", "plan"), ("post_logout_redirect_uri", BYE), ("state", "out-1")];
    let page = world.browser.get(&end_session(&asked)).await;
    assert_eq!((page.status, page.location()), (StatusCode::OK, ""));
    is_signed_in(&mut world).await;
    let left = sign_out(&mut world, &asked).await;
    assert_eq!(left.location(), format!("{BYE}?state=out-1"));
    is_signed_out(&mut world).await;
}

async fn stays_here(parameters: &[(&str, &str)], with_hint: bool) {
    let (mut world, tokens) = signed_in().await;
    let mut asked = parameters.to_vec();
    if with_hint {
        asked.push(("id_token_hint", tokens.text("id_token")));
    }
    let page = sign_out(&mut world, &asked).await;
    assert_eq!((page.status, page.location()), (StatusCode::OK, ""), "{}", page.body);
    is_signed_out(&mut world).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_params() {
    stays_here(&[], false).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_post_logout_redirect_uri() {
    stays_here(&[("state", "out-1")], true).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_only_state() {
    stays_here(&[("state", "out-1")], false).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_state() {
    let (mut world, tokens) = signed_in().await;
    let asked = [("id_token_hint", tokens.text("id_token")), ("post_logout_redirect_uri", BYE)];
    assert_eq!(sign_out(&mut world, &asked).await.location(), BYE);
    is_signed_out(&mut world).await;
}

/// What a sign-out ends besides: the refresh tokens of every client that the person used in this session.
#[tokio::test]
async fn signing_out_ends_what_other_clients_hold() {
    let (mut world, tokens) = signed_in().await;
    let first = std::mem::replace(&mut world.party, RelyingParty::add(&world.app, "second").await);
    let other = world.tokens(&[]).await;
    assert_eq!(world.party.refresh(other.text("refresh_token")).await.status, StatusCode::OK);
    sign_out(&mut world, &[("id_token_hint", tokens.text("id_token")), ("post_logout_redirect_uri", BYE)])
        .await;
    let kept = other.text("access_token");
    assert_eq!(world.party.userinfo(kept).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(first.userinfo(tokens.text("access_token")).await.status, StatusCode::UNAUTHORIZED);
}
