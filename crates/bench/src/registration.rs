//! One registration over HTTP, as a new colleague does it: pass, onboarding session, ceremony.

use crate::http::{Body, Connection, Endpoint};
use crate::person::Person;
use crate::worker::{Begun, SESSION, at, browser_cookie, expect, parse, succeeded};

/// Signs in with the pass and registers a passkey on "this computer". The error is `step: code`.
pub(crate) async fn register(
    endpoint: &Endpoint,
    person: &mut Person,
    email: &str,
    pass: &str,
) -> Result<(), String> {
    let mut connection = Connection::open(endpoint).await.map_err(|error| at("connect", &error))?;
    let browser = browser_cookie(&mut connection).await?;
    let form = format!("identifier={}&pass={pass}", email.replace('@', "%40"));
    let answer = connection.send("/signin/tap", &browser, Body::Form(&form)).await;
    let answer = answer.map_err(|error| at("pass", &error))?;
    expect(&answer, 303, "pass")?;
    let session = answer.cookie(SESSION).ok_or("pass: no session cookie")?;
    let cookies = format!("{browser}; {SESSION}={session}");

    let begin = Body::Json("{\"place\":\"this-computer\"}");
    let answer = connection.send("/me/security/add/begin", &cookies, begin).await;
    let answer = answer.map_err(|error| at("add begin", &error))?;
    succeeded(&answer, "add begin")?;
    let started: Begun<'_> = parse(answer.body, "add begin")?;
    let response = person.register(started.options.get(), &endpoint.origin())?;
    let body = format!("{{\"state\":\"{}\",\"response\":{response}}}", started.state);
    let answer = connection.send("/me/security/add/finish", &cookies, Body::Json(&body)).await;
    let answer = answer.map_err(|error| at("add finish", &error))?;
    succeeded(&answer, "add finish")
}
