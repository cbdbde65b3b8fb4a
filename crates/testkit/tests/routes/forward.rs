//! Forward authentication: what a proxy is answered, the way in on the application's host, and everything that is refused
//! (assurance A3).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use server::config::Network;
use testkit::{Answer, Browser, RelyingParty, TestApp, TestContext};

const WIKI: &str = "https://wiki.example.com";

async fn world() -> (TestApp, Browser, Browser) {
    let test = TestContext::sqlite().await;
    service::signing_keys::ensure(&test.cx).await.unwrap();
    let app = TestApp::on_site(test, |site| {
        site.trusted_proxies = vec!["127.0.0.1".parse::<Network>().unwrap()];
    });
    RelyingParty::add_with(&app, "wiki", |stored| {
        stored.application.guards = vec![WIKI.to_owned()];
        stored.client.redirect_uris = vec![format!("{WIKI}/.keyward/callback")];
    })
    .await;
    let (_, ana) = app.member("ana@example.com").await;
    // What the same browser holds on the application's host.
    let there = app.browser();
    (app, ana, there)
}

fn usual() -> Vec<(&'static str, String)> {
    [
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "wiki.example.com"),
        ("x-forwarded-uri", "/page?x=1&y=2"),
        ("x-forwarded-method", "GET"),
        ("sec-fetch-mode", "navigate"),
        ("accept", "text/html"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

fn headers(pairs: &[(&'static str, String)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    headers
}

async fn asked(there: &mut Browser, path: &str, pairs: &[(&'static str, String)]) -> Answer {
    let mut request = Request::builder().method(Method::GET).uri(path).body(Body::empty()).unwrap();
    *request.headers_mut() = headers(pairs);
    there.send(request).await
}

/// The whole way in, with the browser on both hosts.
async fn enter(ana: &mut Browser, there: &mut Browser) -> Answer {
    let led = asked(there, "/forward/redirect", &usual()).await;
    assert_eq!((led.status, led.location()), (StatusCode::FOUND, "/.keyward/start?rd=/page?x=1&y=2"));
    assert!(led.set_cookies().is_empty(), "{:?}", led.set_cookies());
    let begun = asked(there, led.location(), &usual()).await;
    assert_eq!(begun.status, StatusCode::FOUND, "{}", begun.body);
    let question = begun.location().strip_prefix("http://localhost:8080").unwrap();
    let answered = ana.get(question).await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.body);
    let back = answered.location().strip_prefix(WIKI).unwrap().to_owned();
    asked(there, &back, &usual()).await
}

#[tokio::test]
async fn in_by_the_ordinary_sign_in_and_out_at_once() {
    let (_app, mut ana, mut there) = world().await;
    assert_eq!(asked(&mut there, "/forward/check", &usual()).await.status, StatusCode::UNAUTHORIZED);
    let entered = enter(&mut ana, &mut there).await;
    assert_eq!((entered.status, entered.location()), (StatusCode::FOUND, "/page?x=1&y=2"));
    let names: Vec<&String> = there.cookies.keys().collect();
    assert_eq!(names, ["__Host-keyward-forward", "__Host-keyward-forward-browser"], "none of ours elsewhere");
    for path in ["/forward/check", "/forward/redirect"] {
        let checked = asked(&mut there, path, &usual()).await;
        assert_eq!(checked.status, StatusCode::OK);
        assert_eq!(checked.header("remote-user"), "ana@example.com");
        assert_eq!(checked.header("remote-name"), "Name of ana@example.com");
        assert_eq!(
            (checked.header("remote-email"), checked.header("remote-groups")),
            ("ana@example.com", "")
        );
        assert_eq!(checked.header("x-keyward-assertion").split('.').count(), 3);
        assert!(checked.set_cookies().is_empty());
    }
    ana.post("/signout", &[]).await;
    assert_eq!(asked(&mut there, "/forward/check", &usual()).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        asked(&mut there, "/.keyward/sign-out", &usual()).await.location(),
        "http://localhost:8080/oauth/end-session"
    );
}

#[tokio::test]
async fn a_page_that_is_loaded_anew_on_the_way_in_ends_nothing() {
    let (app, mut ana, mut there) = world().await;
    let begun = asked(&mut there, "/.keyward/start?rd=/page", &usual()).await;
    let answered = ana.get(begun.location().strip_prefix("http://localhost:8080").unwrap()).await;
    let back = answered.location().strip_prefix(WIKI).unwrap().to_owned();
    let before = there.clone();
    for _ in 0..2 {
        let entered = asked(&mut there, &back, &usual()).await;
        assert_eq!((entered.status, entered.location()), (StatusCode::FOUND, "/page"), "{}", entered.body);
        assert_eq!(asked(&mut there, "/forward/check", &usual()).await.status, StatusCode::OK);
    }
    // Nor does anybody's else browser that got hold of the address.
    let stolen = asked(&mut app.browser(), &back, &usual()).await;
    assert_ne!(stolen.location(), "/page");
    assert_eq!(asked(&mut there, "/forward/check", &usual()).await.status, StatusCode::OK);
    // Without what it was given the first time, a code that came back ends what it gave.
    let mut without = before;
    assert_ne!(asked(&mut without, &back, &usual()).await.location(), "/page");
    assert_eq!(asked(&mut there, "/forward/check", &usual()).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn only_a_browser_that_wants_a_page_is_led_away() {
    let (_app, _, mut there) = world().await;
    for (name, value) in
        [("sec-fetch-mode", "cors"), ("x-forwarded-method", "POST"), ("sec-fetch-mode", "websocket")]
    {
        let pairs: Vec<_> = usual()
            .into_iter()
            .map(|(other, usual)| (other, if other == name { value.to_owned() } else { usual }))
            .collect();
        let answer = asked(&mut there, "/forward/redirect", &pairs).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}: {value}");
        assert_eq!(answer.headers.get(header::LOCATION), None);
    }
}

#[tokio::test]
async fn what_is_missing_doubled_garbled_or_too_long_is_refused() {
    let (_app, mut ana, mut there) = world().await;
    enter(&mut ana, &mut there).await;
    assert_eq!(asked(&mut there, "/forward/check", &usual()).await.status, StatusCode::OK, "the control");
    let garbage = [
        "".to_owned(),
        " ".to_owned(),
        "\u{fc}".to_owned(),
        "wiki.example.com, evil.example".to_owned(),
        "wiki.example.com/x".to_owned(),
        "user@wiki.example.com".to_owned(),
        "wiki.example.com.".to_owned(),
        "*".to_owned(),
        "null".to_owned(),
        "a".repeat(64 * 1024),
    ];
    for path in
        ["/forward/check", "/forward/redirect", "/.keyward/start?rd=/", "/.keyward/callback?code=1&state=2"]
    {
        for name in ["x-forwarded-proto", "x-forwarded-host"] {
            let without: Vec<_> = usual().into_iter().filter(|(other, _)| *other != name).collect();
            let mut hostile = vec![without.clone()];
            let doubled = usual().into_iter().find(|(other, _)| *other == name).unwrap();
            hostile.push([usual(), vec![doubled]].concat());
            for value in &garbage {
                hostile.push([without.clone(), vec![(name, value.clone())]].concat());
            }
            for pairs in hostile {
                let answer = asked(&mut there, path, &pairs).await;
                let refused = answer.status == StatusCode::FORBIDDEN
                    || answer.status == StatusCode::UNAUTHORIZED
                    || answer.status == StatusCode::FOUND && answer.header("remote-user").is_empty();
                assert!(refused, "{path} {name}: {}", answer.status);
                assert_eq!(answer.headers.get("remote-user"), None);
            }
        }
    }
    for uri in ["page", "//x", "a".repeat(64 * 1024).as_str()] {
        let pairs: Vec<_> = usual()
            .into_iter()
            .map(|(name, value)| (name, if name == "x-forwarded-uri" { uri.to_owned() } else { value }))
            .collect();
        let answer = asked(&mut there, "/forward/redirect", &pairs).await;
        if uri == "//x" {
            assert_eq!(answer.status, StatusCode::OK);
        } else {
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
        }
    }
}

#[tokio::test]
async fn a_cookie_that_is_not_exactly_ours_lets_nobody_in() {
    let (_app, mut ana, mut there) = world().await;
    enter(&mut ana, &mut there).await;
    let ticket = there.cookies["__Host-keyward-forward"].clone();
    there.cookies.clear();
    let with = |cookies: &[String]| {
        let cookies = cookies.iter().map(|cookie| ("cookie", cookie.clone()));
        usual().into_iter().chain(cookies).collect::<Vec<_>>()
    };
    let own = format!("__Host-keyward-forward={ticket}");
    assert_eq!(
        asked(&mut there, "/forward/check", &with(std::slice::from_ref(&own))).await.status,
        StatusCode::OK
    );
    for (cookies, status) in [
        (vec![own.clone(), own.clone()], StatusCode::FORBIDDEN),
        (vec![format!("{own}; {own}")], StatusCode::FORBIDDEN),
        (vec![format!("__Host-keyward-forward={}", "A".repeat(64 * 1024))], StatusCode::FORBIDDEN),
        (vec![format!("__Host-keyward-forward={}", "A".repeat(5000))], StatusCode::UNAUTHORIZED),
        (vec!["__Host-keyward-forward=".to_owned()], StatusCode::UNAUTHORIZED),
        (vec!["__Host-keyward-forward=null".to_owned()], StatusCode::UNAUTHORIZED),
        (vec![format!("{own}A")], StatusCode::UNAUTHORIZED),
        (vec![format!("keyward-forward={ticket}")], StatusCode::UNAUTHORIZED),
        (vec![format!("__Host-keyward-session={ticket}")], StatusCode::UNAUTHORIZED),
    ] {
        let answer = asked(&mut there, "/forward/check", &with(&cookies)).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.headers.get("remote-user"), None);
    }
    let other: Vec<_> = with(std::slice::from_ref(&own))
        .into_iter()
        .map(|(name, value)| {
            (name, if name == "x-forwarded-host" { "other.example.com".to_owned() } else { value })
        })
        .collect();
    assert_eq!(asked(&mut there, "/forward/check", &other).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn only_a_configured_proxy_is_answered() {
    let app = TestApp::sqlite().await;
    let mut there = app.browser();
    for path in [
        "/forward/check",
        "/forward/redirect",
        "/.keyward/start?rd=/",
        "/.keyward/callback",
        "/.keyward/sign-out",
    ] {
        assert_eq!(asked(&mut there, path, &usual()).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn an_answer_to_nobodys_question_is_told_on_our_own_host() {
    let (_app, mut ana, mut there) = world().await;
    for (path, why) in [
        ("/.keyward/callback", "again"),
        ("/.keyward/callback?code=x&state=y&iss=http%3A%2F%2Flocalhost%3A8080", "again"),
    ] {
        let answer = asked(&mut there, path, &usual()).await;
        assert_eq!(answer.location(), format!("http://localhost:8080/forward/stopped?why={why}"));
    }
    let elsewhere: Vec<_> = usual()
        .into_iter()
        .map(|(name, value)| {
            (name, if name == "x-forwarded-host" { "nobody.example.com".to_owned() } else { value })
        })
        .collect();
    let answer = asked(&mut there, "/.keyward/start?rd=/", &elsewhere).await;
    let stopped = answer.location().strip_prefix("http://localhost:8080").unwrap().to_owned();
    assert_eq!(stopped, "/forward/stopped?why=origin");
    assert_eq!(ana.get(&stopped).await.status, StatusCode::BAD_REQUEST);
    let begun = asked(&mut there, "/.keyward/start?rd=https://evil.example/", &usual()).await;
    assert!(
        begun.location().starts_with("http://localhost:8080/authorize?")
            && !begun.location().contains("evil")
    );
}
