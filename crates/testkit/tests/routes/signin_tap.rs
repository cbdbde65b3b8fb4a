//! `/signin/tap`: every state of SI-3.

use account::temporary_pass::Wish;
use axum::http::StatusCode;
use primitives::secret::SecretText;
use primitives::time::Span;
use serde_json::json;
use service::{Authority, administer_passes, administer_users};
use testkit::TestApp;
use testkit::clock::START;

const ANA: &str = "ana@example.com";
/// A value whose check character fits and which is nobody's.
fn wrong(pass: &SecretText, app: &TestApp) -> String {
    let mut entropy = app.test.caller("guess").entropy;
    let guess = account::temporary_pass::generate(12, entropy.as_mut());
    assert_ne!(&guess, pass);
    guess.reveal().to_owned()
}

fn says(body: &str, words: &str) {
    assert!(body.contains(words), "{words:?} is not in {body}");
}

#[tokio::test]
async fn a_pass_is_read_however_it_is_written() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter(ANA).await;
    let grouped = account::temporary_pass::grouped(&pass).reveal().to_lowercase();
    for typed in [grouped.clone(), grouped.replace('-', " "), format!("  {grouped}  ")] {
        let answer = app.browser().redeem("  ANA@Example.com ", &typed).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/welcome"), "{typed}");
    }
}

#[tokio::test]
async fn what_is_missing_or_slipped_costs_no_try() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter(ANA).await;
    let mut browser = app.browser();
    says(&browser.redeem("", "").await.body, "Enter your email or username");
    says(&browser.redeem(ANA, " ").await.body, "Enter your temporary access pass.");
    let mut slipped: Vec<char> = pass.reveal().chars().collect();
    slipped.swap(0, 1);
    if slipped[0] == slipped[1] {
        slipped[0] = if slipped[0] == 'A' { 'B' } else { 'A' };
    }
    for _ in 0..12 {
        let answer = browser.redeem(ANA, &slipped.iter().collect::<String>()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(browser.redeem(ANA, pass.reveal()).await.location(), "/welcome");
}

#[tokio::test]
async fn a_wrong_pass_is_told_with_the_tries_left_from_the_third_on_and_the_tenth_ends_it() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter(ANA).await;
    let mut browser = app.browser();
    for number in 1..=10 {
        let guess = wrong(&pass, &app);
        let answer = browser.redeem(ANA, &guess).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
        says(&answer.body, "not right");
        assert_eq!(answer.body.contains("left"), number >= 3, "{number}: {}", answer.body);
        assert!(!answer.body.contains(&guess), "what was typed is not shown again");
    }
    let answer = browser.redeem(ANA, pass.reveal()).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "the name has had its tries");
    app.advance(Span::from_minutes(16));
    let answer = browser.redeem(ANA, pass.reveal()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&answer.body, "too many wrong tries");
    assert_eq!(browser.session(), None);
}

#[tokio::test]
async fn a_victim_of_wrong_tries_still_signs_in_with_a_passkey() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    ana.post("/signout", &[]).await;
    let mut eve = app.browser();
    for _ in 0..12 {
        eve.redeem(ANA, &wrong(&SecretText::new(""), &app)).await;
    }
    ana.sign_in().await.json_ok();
}

#[tokio::test]
async fn a_pass_that_starts_later_says_when() {
    let app = TestApp::sqlite().await;
    let user = app.user(ANA).await;
    let starts = Some(START + Span::from_hours(24));
    let pass = app.test.issue_with(&user, Wish { starts, ..Wish::default() }).await;
    let answer = app.browser().redeem(ANA, pass.reveal()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&answer.body, "This pass works from");
    says(&answer.body, "2027-01-16T08:00:00Z");
    app.advance(Span::from_hours(24));
    assert_eq!(app.browser().redeem(ANA, pass.reveal()).await.location(), "/welcome");
}

#[tokio::test]
async fn an_expired_pass_says_since_when() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter(ANA).await;
    app.advance(Span::from_minutes(60));
    let answer = app.browser().redeem(ANA, pass.reveal()).await;
    says(&answer.body, "ended");
    says(&answer.body, "2027-01-15T09:00:00Z");
}

#[tokio::test]
async fn a_used_one_time_pass_says_so() {
    let app = TestApp::sqlite().await;
    let user = app.user(ANA).await;
    let pass = app.test.issue_once(&user).await;
    assert_eq!(app.browser().redeem(ANA, pass.reveal()).await.location(), "/welcome");
    let other = app.browser().redeem(ANA, pass.reveal()).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&other.body, "used");
}

#[tokio::test]
async fn the_same_browser_takes_a_reserved_pass_up_again() {
    let app = TestApp::sqlite().await;
    let user = app.user(ANA).await;
    let pass = app.test.issue_once(&user).await;
    let mut ana = app.browser();
    ana.redeem(ANA, pass.reveal()).await;
    let first = ana.session().cloned();
    assert_eq!(ana.redeem(ANA, pass.reveal()).await.location(), "/welcome");
    assert_ne!(ana.session().cloned(), first);
    ana.register().await;
    assert_eq!(app.browser().redeem(ANA, pass.reveal()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_revoked_and_a_replaced_pass_say_so() {
    let app = TestApp::sqlite().await;
    let (user, first) = app.starter(ANA).await;
    let second = app.test.issue(&user).await;
    // A value that was replaced is like any other wrong one: only the newest pass is compared.
    says(&app.browser().redeem(ANA, first.reveal()).await.body, "not right");
    let mut ana = app.browser();
    assert_eq!(ana.redeem(ANA, second.reveal()).await.location(), "/welcome");
    let (cx, mut operator) = (&app.test.cx, app.test.operator());
    administer_passes::revoke(cx, &mut operator, Authority::Operator, user.id).await.unwrap();
    says(&app.browser().redeem(ANA, second.reveal()).await.body, "withdrawn or replaced");
    assert_eq!(ana.get("/welcome").await.status, StatusCode::SEE_OTHER, "its session ended with it");
}

#[tokio::test]
async fn a_disabled_account_is_told_only_to_who_has_its_pass() {
    let app = TestApp::sqlite().await;
    let (user, pass) = app.starter(ANA).await;
    let (cx, mut operator) = (&app.test.cx, app.test.operator());
    administer_users::disable(cx, &mut operator, Authority::Operator, user.id).await.unwrap();
    let wrong = app.browser().redeem(ANA, &wrong(&pass, &app)).await;
    says(&wrong.body, "not right");
    let right = app.browser().redeem(ANA, pass.reveal()).await;
    assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!right.body.contains("not right"), "{}", right.body);
}

#[tokio::test]
async fn known_and_unknown_names_get_the_same_page_at_every_try() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter("ana@example.com").await;
    let (mut known, mut unknown) = (app.browser(), app.browser());
    known.get("/signin/tap").await;
    unknown.get("/signin/tap").await;
    for number in 1..=12 {
        let guess = wrong(&pass, &app);
        let first = known.redeem("ana@example.com", &guess).await;
        let second = unknown.redeem("bob@example.com", &guess).await;
        assert_eq!(first.status, second.status, "{number}");
        assert_eq!(first.without_reference().replace("ana@", "bob@"), second.without_reference(), "{number}");
        let names = |answer: &testkit::Answer| -> Vec<String> {
            answer.headers.keys().map(|name| name.to_string()).collect()
        };
        assert_eq!(names(&first), names(&second));
    }
}

#[tokio::test]
async fn get_never_consumes() {
    let app = TestApp::sqlite().await;
    let user = app.user(ANA).await;
    let pass = app.test.issue_once(&user).await;
    let mut scanner = app.browser();
    for _ in 0..20 {
        let path = format!("/signin/tap?identifier={ANA}&pass={}", pass.reveal());
        let answer = scanner.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.body.contains("value=\"ana"), "nothing is taken from the address");
    }
    assert_eq!(scanner.session(), None);
    assert_eq!(app.browser().redeem(ANA, pass.reveal()).await.location(), "/welcome");
}

#[tokio::test]
async fn look_alikes_and_nonsense_are_no_pass() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter(ANA).await;
    let long = "A".repeat(2_000);
    for nonsense in ["\u{0}", "null", "[]", "A", "ААААААААААА2", long.as_str(), "' OR 1=1 --"] {
        let answer = app.browser().redeem(ANA, nonsense).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{nonsense:?}");
    }
    assert_eq!(app.browser().redeem(ANA, pass.reveal()).await.location(), "/welcome");
}

#[tokio::test]
async fn no_spelling_address_or_browser_gives_more_tries() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter(ANA).await;
    let spellings = [
        "ana@example.com",
        "ANA@EXAMPLE.COM",
        "  Ana@Example.com\t",
        "\u{ff21}na@example.com",
        "ana\u{ff20}example.com",
        "ana@exampl\u{212f}.com",
        "\u{1d41a}na@example.com",
        "ana@example\u{2024}com",
        "\u{a0}ana@example.com\u{3000}",
        "anA@example.com",
    ];
    for (number, spelling) in spellings.iter().enumerate() {
        let mut browser = app.browser();
        for name in ["x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip"] {
            browser.headers.insert(name, format!("198.51.100.{number}").parse().unwrap());
        }
        let answer = browser.redeem(spelling, &wrong(&pass, &app)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{spelling}");
    }
    let answer = app.browser().redeem(ANA, pass.reveal()).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "all of them were tries at one account");
    assert_eq!(app.test.count_events("pass_locked").await, 1);
}

/// What an observer sees of an answer: its status, its headers with the lengths of their values, its text.
fn seen(answer: &testkit::Answer, name: &str) -> (StatusCode, Vec<(String, usize)>, String) {
    let mut headers: Vec<_> =
        answer.headers.iter().map(|(header, value)| (header.to_string(), value.len())).collect();
    headers.sort();
    (answer.status, headers, answer.without_reference().replace(name, "NAME"))
}

#[tokio::test]
async fn an_account_of_any_kind_looks_like_none() {
    let app = TestApp::sqlite().await;
    app.user("no-pass@example.com").await;
    app.starter("started@example.com").await;
    app.member("passkey@example.com").await;
    let (disabled, _) = app.starter("closed-@example.com").await;
    let operator = Authority::Operator;
    administer_users::disable(&app.test.cx, &mut app.test.operator(), operator, disabled.id).await.unwrap();
    let (_, revoked) = app.starter("revoked@example.com").await;
    let mut looks = Vec::new();
    // Names of one length, because what was typed is shown again.
    for name in ["nobody-@example.com", "no-pass@example.com", "started@example.com", "passkey@example.com"]
        .into_iter()
        .chain(["closed-@example.com", "revoked@example.com"])
    {
        let mut browser = app.browser();
        browser.get("/signin").await;
        let mut look = vec![seen(&browser.post("/signin", &[("identifier", name)]).await, name)];
        for path in ["/signin/method", "/signin/tap", "/signin", "/help"] {
            look.push(seen(&browser.get(path).await, name));
        }
        look.push(seen(&browser.redeem(name, &wrong(&revoked, &app)).await, name));
        look.push(seen(&browser.redeem("", &wrong(&revoked, &app)).await, name));
        let begun = browser.post_json("/signin/begin", &json!({})).await;
        assert_eq!(begun.json()["options"]["allowCredentials"], json!([]));
        looks.push((name, look));
    }
    let (_, nobody) = looks.remove(0);
    for (name, look) in looks {
        assert_eq!(look, nobody, "{name}");
    }
}
