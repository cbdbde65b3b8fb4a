//! Applications administered: who may, on what terms, what their secrets open, and what ends with them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

#[path = "clients/api.rs"]
mod api;
#[path = "clients/pages.rs"]
mod pages;
#[path = "clients/registering.rs"]
mod registering;

use account::action::Action;
use account::application::{Application, Consent, Lifetimes, Mapping, Provenance, Source};
use account::policy::Needed;
use account::role::{Permission, Role};
use oidc::client::{Authentication, Client, ClientId, ClientKeys, GrantType, ResponseMode, SigningAlg};
use oidc::scope::Scopes;
use primitives::id::Id;
use primitives::time::Span;
use service::administer_clients::{self as clients, Change, ClientAdminError, Terms, digest_of};
use service::client_authentication::read_secret;
use service::try_client::{Halt, Outcome, try_as_oneself};
use service::{Authority, signing_keys};
use testkit::deployment::ORIGIN;
use testkit::{TestContext, Visitor, on_both_databases};

fn terms(id: &str) -> Terms {
    Terms {
        client: Client {
            id: ClientId::parse(id).unwrap(),
            authentication: Authentication::ClientSecretBasic,
            redirect_uris: vec!["https://payroll.example.com/callback".to_owned()],
            post_logout_redirect_uris: Vec::new(),
            grants: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
            response_modes: vec![ResponseMode::Query],
            scopes: Scopes::parse("openid profile email groups").unwrap(),
            id_token_alg: SigningAlg::Es256,
            userinfo_alg: None,
            response_alg: None,
            pushed_only: false,
            signed_only: false,
            dpop_bound: false,
            keys: ClientKeys::default(),
            resources: Vec::new(),
            default_max_age: None,
            default_acr_values: Vec::new(),
            backchannel_logout_uri: None,
            frontchannel_logout_uri: None,
            frontchannel_session_required: false,
        },
        application: Application {
            name: format!("Payroll {id}"),
            home: Some("https://payroll.example.com/".to_owned()),
            origin: Provenance::Organisation,
            template: None,
            groups: Vec::new(),
            needed: Needed::Anything,
            prefers: false,
            consent: Consent::PreApproved,
            lifetimes: Lifetimes::default(),
            claims: Vec::new(),
            profile_in_id_token: false,
            guards: Vec::new(),
        },
    }
}

async fn add(test: &TestContext, terms: Terms) -> Result<store::clients::Stored, ClientAdminError> {
    let added = clients::add(&test.cx, &mut test.operator(), Authority::Operator, terms).await;
    added.map(|(stored, _)| stored)
}

async fn change(test: &TestContext, wanted: Change) -> Result<store::clients::Stored, ClientAdminError> {
    clients::change(&test.cx, &mut test.operator(), Authority::Operator, wanted).await
}

async fn every_role_may_or_may_not(test: TestContext) {
    for role in Role::ALL.iter().copied() {
        let mut person = Visitor::new(&test, role.as_str());
        person.onboard(&format!("{role}@example.com"), role).await;
        let terms = terms(role.as_str());
        let confirmed = person.confirm(Action::AddClient(terms.digest())).await.is_ok();
        let who = person.who().await;
        let authority = Authority::Person(&who);
        let added = clients::add(&test.cx, &mut person.caller(), authority, terms.clone()).await;
        if !role.may(Permission::EditApplications) {
            let code = added.unwrap_err().code();
            assert_eq!(code, if confirmed { "role_too_low" } else { "confirm_needed" }, "{role}");
            continue;
        }
        let (stored, secret) = added.unwrap();
        assert!(secret.is_some());
        let off = Change { terms: terms.clone(), enabled: false, version: Some(stored.version) };
        let changed = clients::change(&test.cx, &mut person.caller(), authority, off.clone()).await;
        assert_eq!(changed.unwrap_err().code(), "confirm_needed");
        // Whoever confirmed to turn it on has not turned it off.
        person.confirm(Action::ChangeClient(terms.digest_for(true))).await.unwrap();
        let who = person.who().await;
        let changed =
            clients::change(&test.cx, &mut person.caller(), Authority::Person(&who), off.clone()).await;
        assert_eq!(changed.unwrap_err().code(), "confirm_needed");
        person.confirm(Action::ChangeClient(terms.digest_for(false))).await.unwrap();
        let who = person.who().await;
        let changed = clients::change(&test.cx, &mut person.caller(), Authority::Person(&who), off).await;
        assert!(!changed.unwrap().enabled);
        let about = digest_of(&stored.client.id);
        person.confirm(Action::NewClientSecret(about)).await.unwrap();
        let who = person.who().await;
        let asked = (stored.client.id.clone(), Span::ZERO);
        clients::new_secret(&test.cx, &mut person.caller(), Authority::Person(&who), asked).await.unwrap();
        person.confirm(Action::RemoveClient(about)).await.unwrap();
        let who = person.who().await;
        let (mut caller, authority) = (person.caller(), Authority::Person(&who));
        clients::remove(&test.cx, &mut caller, authority, stored.client.id).await.unwrap();
    }
    for kind in ["client_added", "client_changed", "client_secret_made", "client_removed"] {
        assert_eq!(test.count_events(kind).await, 1, "{kind}");
    }
}

async fn secrets_are_shown_once_and_overlap(test: TestContext) {
    let added = clients::add(&test.cx, &mut test.operator(), Authority::Operator, terms("payroll")).await;
    let (stored, first) = added.unwrap();
    let (keys, id) = (&test.cx.keys, stored.client.id.clone());
    let first = read_secret(first.unwrap().reveal()).unwrap();
    assert!(stored.has_secret(keys, &first, test.now()));
    let rotate = async |keep| {
        let asked = (id.clone(), keep);
        clients::new_secret(&test.cx, &mut test.operator(), Authority::Operator, asked).await
    };
    let (stored, second) = rotate(Span::from_hours(1)).await.unwrap();
    let second = read_secret(second.reveal()).unwrap();
    let soon = test.now() + Span::from_minutes(59);
    let late = test.now() + Span::from_minutes(61);
    assert!(stored.has_secret(keys, &first, soon) && stored.has_secret(keys, &second, soon));
    assert!(!stored.has_secret(keys, &first, late) && stored.has_secret(keys, &second, late));
    let (stored, third) = rotate(Span::ZERO).await.unwrap();
    let third = read_secret(third.reveal()).unwrap();
    assert!(!stored.has_secret(keys, &first, test.now()) && !stored.has_secret(keys, &second, test.now()));
    assert!(stored.has_secret(keys, &third, test.now()));
    assert_eq!(rotate(Span::from_days(91)).await.unwrap_err().code(), "client_secret_overlap");
    // What became public has no secret any more, and needs none.
    let mut public = terms("payroll");
    public.client.authentication = Authentication::None;
    let stored = change(&test, Change { terms: public, enabled: true, version: None }).await.unwrap();
    assert!(stored.secrets.is_empty());
    assert_eq!(rotate(Span::ZERO).await.unwrap_err().code(), "client_secret_unused");
}

async fn refusals_keep_their_codes(test: TestContext) {
    add(&test, terms("payroll")).await.unwrap();
    assert_eq!(add(&test, terms("payroll")).await.unwrap_err().code(), "client_taken");
    let mut unknown = terms("other");
    unknown.application.groups = vec![Id::from_bytes([9; 16])];
    assert_eq!(add(&test, unknown.clone()).await.unwrap_err().code(), "client_group_unknown");
    unknown.application.groups.clear();
    let source =
        Source::InGroup { group: Id::from_bytes([9; 16]), member: "a".to_owned(), other: String::new() };
    unknown.application.claims = vec![Mapping { claim: "role".to_owned(), source, in_id_token: false }];
    assert_eq!(add(&test, unknown).await.unwrap_err().code(), "client_group_unknown");
    let mut unknown = terms("other");
    unknown.application.needed = Needed::Custom("our-keys".to_owned());
    assert_eq!(add(&test, unknown).await.unwrap_err().code(), "client_strength_unknown");
    let mut hostile = terms("other");
    hostile.client.redirect_uris = vec!["javascript:alert(1)".to_owned()];
    assert_eq!(add(&test, hostile).await.unwrap_err().code(), "client_redirect_uris");
    for name in ["Pay\u{202e}lorllap", "", "Pay\u{0}roll", "a\nb"] {
        let mut hostile = terms("other");
        hostile.application.name = name.to_owned();
        assert_eq!(add(&test, hostile).await.unwrap_err().code(), "client_name", "{name:?}");
    }
    let gone = ClientId::parse("gone").unwrap();
    let removed = clients::remove(&test.cx, &mut test.operator(), Authority::Operator, gone).await;
    assert_eq!(removed.unwrap_err().code(), "not_found");
    let stale = Change { terms: terms("payroll"), enabled: true, version: Some(7) };
    assert_eq!(change(&test, stale).await.unwrap_err().code(), "version_conflict");
    for (error, code) in [
        (ClientAdminError::Role, "role_too_low"),
        (ClientAdminError::TooMany, "too_many_clients"),
        (ClientAdminError::Logo("client_logo_svg"), "client_logo_svg"),
    ] {
        assert_eq!(error.code(), code);
    }
}

async fn two_changes_at_once_make_one(test: TestContext) {
    let stored = add(&test, terms("payroll")).await.unwrap();
    let wanted = |name: &str| {
        let mut terms = terms("payroll");
        terms.application.name = name.to_owned();
        Change { terms, enabled: true, version: Some(stored.version) }
    };
    let (one, other) = tokio::join!(change(&test, wanted("One")), change(&test, wanted("Other")));
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
    let lost = one.err().or(other.err()).unwrap();
    assert_eq!(lost.code(), "version_conflict");
}

async fn where_it_came_from_is_not_for_a_change_to_say(test: TestContext) {
    let mut stranger = terms("stranger");
    stranger.application.origin = Provenance::Registered;
    add(&test, stranger.clone()).await.unwrap();
    stranger.application.origin = Provenance::Organisation;
    let stored = change(&test, Change { terms: stranger, enabled: true, version: None }).await.unwrap();
    assert_eq!(stored.application.origin, Provenance::Registered);
}

async fn an_administrator_tries_an_application(test: TestContext) {
    signing_keys::ensure_of(&test.cx, &[SigningAlg::Es256]).await.unwrap();
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard("ana@example.com", Role::Administrator).await;
    let mut wanted = terms("payroll");
    let constant = Source::Constant("blue".to_owned());
    wanted.application.claims =
        vec![Mapping { claim: "team".to_owned(), source: constant, in_id_token: true }];
    add(&test, wanted.clone()).await.unwrap();
    ana.sign_in().await.unwrap();
    let who = ana.who().await;
    let id = ClientId::parse("payroll").unwrap();
    let tried = async |id: &ClientId| {
        let about = (&who, id.clone());
        try_as_oneself(&test.cx, &mut ana.caller(), ORIGIN, about).await.unwrap()
    };
    let Some(Outcome::Tokens(said)) = tried(&id).await else { panic!("no tokens") };
    let id_token = said.id_token.unwrap();
    assert_eq!(id_token["sub"], user.id.to_string());
    assert_eq!((&id_token["aud"], &id_token["team"]), (&"payroll".into(), &"blue".into()));
    assert_eq!(said.userinfo.unwrap()["team"], "blue");
    assert!(said.refresh);
    // What is shown of the access token opens nothing, and nothing stays behind.
    let access_token = said.access_token.unwrap();
    assert!(access_token.get("jti").is_none() && access_token.get("mac").is_none());
    let left = test.cx.db.read(move |tx| store::grants::of_user(tx, user.id, None, 10)).await.unwrap();
    assert!(left.is_empty());
    assert_eq!(test.count_events("grant_revoked").await, 1);

    wanted.application.consent = Consent::Always;
    change(&test, Change { terms: wanted.clone(), enabled: true, version: None }).await.unwrap();
    assert_eq!(tried(&id).await, Some(Outcome::Step(Halt::Consent)));
    wanted.client.dpop_bound = true;
    change(&test, Change { terms: wanted.clone(), enabled: true, version: None }).await.unwrap();
    assert_eq!(tried(&id).await, Some(Outcome::NeedsItsKey));
    change(&test, Change { terms: wanted, enabled: false, version: None }).await.unwrap();
    assert_eq!(tried(&id).await, Some(Outcome::Refused("client_disabled")));
    assert_eq!(tried(&ClientId::parse("gone").unwrap()).await, None);
}

on_both_databases! {
    every_role_may_or_may_not,
    secrets_are_shown_once_and_overlap,
    refusals_keep_their_codes,
    two_changes_at_once_make_one,
    where_it_came_from_is_not_for_a_change_to_say,
    an_administrator_tries_an_application,
}
