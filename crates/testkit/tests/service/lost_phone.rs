//! A lost phone: asking for a pass, the helpdesk's inbox, and making the phone useless; and who is told of it.

use account::action::Action;
use account::notice::{By, NoticeKind};
use account::pass_request::{Asked, Outcome, Reason};
use account::role::Role;
use account::temporary_pass::Wish;
use primitives::time::Span;
use service::request_pass::{self, RequestError};
use service::secure_account::{self, Chosen};
use service::{Authority, answer_requests, manage_passkeys, notify};
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

async fn ask(test: &TestContext, browser: &str, login: &str) -> Result<(), RequestError> {
    let asked = Asked::parse(login, "room 12", "", Reason::Lost).unwrap();
    request_pass::request(&test.cx, &mut test.caller(browser), asked).await
}

async fn kinds(test: &TestContext, user: account::user::UserId) -> Vec<NoticeKind> {
    notify::of_user(&test.cx, user).await.unwrap().iter().map(|notice| notice.kind).collect()
}

fn wish() -> Wish {
    Wish { reason: "ID card seen".to_owned(), ..Wish::default() }
}

async fn asking_tells_nothing_and_the_person_once_a_day(test: TestContext) {
    let user = test.add_user(ANA, Role::User).await;
    for login in [ANA, "nobody@example.com", " Ana@EXAMPLE.com", "nobody@example.com"] {
        assert_eq!(ask(&test, "phone", login).await, Ok(()), "{login}");
    }
    let waiting = answer_requests::list(&test.cx, Authority::Operator).await.unwrap();
    assert_eq!(waiting.len(), 2, "of names that are nobody's the inbox shows none");
    assert_eq!(waiting[0].user.id, user.id);
    assert_eq!(kinds(&test, user.id).await, [NoticeKind::PassRequested]);
    assert_eq!(notify::of_user(&test.cx, user.id).await.unwrap()[0].facts.by, By::Nobody);
    assert_eq!(test.count_events("pass_requested").await, 4, "known or not, the log has a line");
    for _ in 0..6 {
        ask(&test, "phone", "somebody@example.com").await.unwrap();
    }
    let refused = ask(&test, "another browser, same address", ANA).await.unwrap_err();
    assert_eq!(refused.code(), "too_many_tries");
    test.advance(Span::from_hours(1));
    ask(&test, "phone", ANA).await.unwrap();
    assert_eq!(answer_requests::list(&test.cx, Authority::Operator).await.unwrap().len(), 3);
    assert_eq!(kinds(&test, user.id).await.len(), 1);
    test.advance(Span::from_hours(24));
    ask(&test, "phone", ANA).await.unwrap();
    assert_eq!(kinds(&test, user.id).await, [NoticeKind::PassRequested; 2]);
}

async fn nobody_keeps_anothers_request_out(test: TestContext) {
    let user = test.add_user(ANA, Role::User).await;
    let mut references = Vec::new();
    for contact in ["the first", "a stranger", "again", "and again", "Ana herself"] {
        let asked = Asked::parse(ANA, contact, "", Reason::Lost).unwrap();
        let mut caller = test.caller(contact);
        references.push(caller.reference.clone());
        request_pass::request(&test.cx, &mut caller, asked).await.unwrap();
        test.advance(Span::from_minutes(1));
    }
    let waiting = answer_requests::list(&test.cx, Authority::Operator).await.unwrap();
    let contacts: Vec<&str> = waiting.iter().map(|one| one.request.contact.as_str()).collect();
    assert_eq!(contacts, ["the first", "again", "and again", "Ana herself"]);
    for reference in [&references[0], &references[4]] {
        let found = answer_requests::by_reference(&test.cx, reference).await.unwrap();
        assert_eq!(found.reference, *reference);
    }
    assert_eq!(kinds(&test, user.id).await, [NoticeKind::PassRequested], "one notice a day");
}

async fn closing_takes_a_confirmation(test: TestContext) {
    test.add_user(ANA, Role::User).await;
    ask(&test, "phone", ANA).await.unwrap();
    let mut help = Visitor::new(&test, "helpdesk");
    help.onboard("help@example.com", Role::Helpdesk).await;
    let waiting = answer_requests::list(&test.cx, Authority::Operator).await.unwrap();
    let (id, user) = (waiting[0].request.id, waiting[0].user.id);
    help.confirm(Action::IssuePass(user)).await.unwrap();
    let who = help.who().await;
    let refused = answer_requests::dismiss(&test.cx, &mut help.caller(), Authority::Person(&who), id).await;
    assert_eq!(refused.unwrap_err().code(), "confirm_needed");
    help.confirm(Action::DismissRequest(id)).await.unwrap();
    let who = help.who().await;
    answer_requests::dismiss(&test.cx, &mut help.caller(), Authority::Person(&who), id).await.unwrap();
    assert_eq!(test.count_events("pass_request_closed").await, 1);
}

async fn the_helpdesk_serves_neither_itself_nor_upwards(test: TestContext) {
    let mut help = Visitor::new(&test, "helpdesk");
    help.onboard("help@example.com", Role::Helpdesk).await;
    test.add_user(ANA, Role::User).await;
    test.add_user("admin@example.com", Role::Administrator).await;
    for login in [ANA, "help@example.com", "admin@example.com"] {
        ask(&test, "phone", login).await.unwrap();
    }
    let who = help.who().await;
    let waiting = answer_requests::list(&test.cx, Authority::Person(&who)).await.unwrap();
    for one in &waiting {
        let login = one.user.login.shown();
        assert_eq!(one.servable, login == ANA, "{login}");
        help.confirm(Action::IssuePass(one.user.id)).await.unwrap();
        let (who, mut caller) = (help.who().await, help.caller());
        let authority = Authority::Person(&who);
        let issued = answer_requests::issue(&test.cx, &mut caller, authority, one.request.id, wish()).await;
        let code = issued.as_ref().err().map(|error| error.code());
        let expected = match login {
            ANA => None,
            "help@example.com" => Some("not_for_oneself"),
            _ => Some("role_too_low"),
        };
        assert_eq!(code, expected, "{login}");
        help.confirm(Action::DismissRequest(one.request.id)).await.unwrap();
        let (who, mut caller) = (help.who().await, help.caller());
        let authority = Authority::Person(&who);
        let dismissed =
            answer_requests::dismiss(&test.cx, &mut caller, authority, one.request.id).await.unwrap_err();
        assert_eq!(dismissed.code(), expected.unwrap_or("not_found"), "{login}");
    }
    let mut plain = Visitor::new(&test, "plain");
    plain.onboard("plain@example.com", Role::User).await;
    let who = plain.who().await;
    let listed = answer_requests::list(&test.cx, Authority::Person(&who)).await;
    assert_eq!(listed.unwrap_err().code(), "role_too_low");
}

async fn a_request_is_served_once(test: TestContext) {
    let user = test.add_user(ANA, Role::User).await;
    ask(&test, "phone", ANA).await.unwrap();
    let mut help = Visitor::new(&test, "helpdesk");
    help.onboard("help@example.com", Role::Helpdesk).await;
    let waiting = answer_requests::list(&test.cx, Authority::Operator).await.unwrap();
    let id = waiting[0].request.id;
    let (who, mut caller) = (help.who().await, help.caller());
    let unconfirmed =
        answer_requests::issue(&test.cx, &mut caller, Authority::Person(&who), id, wish()).await;
    assert_eq!(unconfirmed.unwrap_err().code(), "confirm_needed");
    help.confirm(Action::IssuePass(user.id)).await.unwrap();
    let who = help.who().await;
    answer_requests::issue(&test.cx, &mut caller, Authority::Person(&who), id, wish()).await.unwrap();
    help.confirm(Action::IssuePass(user.id)).await.unwrap();
    let who = help.who().await;
    let again = answer_requests::issue(&test.cx, &mut caller, Authority::Person(&who), id, wish()).await;
    assert_eq!(again.unwrap_err().code(), "not_found", "the first pass is not replaced");
    let shown = answer_requests::show(&test.cx, Authority::Operator, id).await.unwrap();
    assert_eq!(shown.waiting.request.closed.map(|closed| closed.outcome), Some(Outcome::PassIssued));
    let told = kinds(&test, user.id).await;
    for kind in [NoticeKind::PassRequested, NoticeKind::PassIssued, NoticeKind::RequestClosed] {
        assert!(told.contains(&kind), "{kind} in {told:?}");
    }
}

async fn a_lost_passkey_signs_nobody_in(test: TestContext) {
    let mut phone = Visitor::new(&test, "phone");
    let user = phone.onboard(ANA, Role::User).await;
    let lost = phone.passkeys().await[0].id;
    // A passkey made at the very moment of a session would count as made in it.
    test.advance(Span::from_minutes(1));
    ask(&test, "desk", ANA).await.unwrap();
    let pass = test.issue(&user).await;
    let mut desk = Visitor::new(&test, "desk");
    desk.redeem(ANA, &pass).await.unwrap();
    let who = desk.who().await;
    assert_eq!(secure_account::is_due(&test.cx, test.now(), &who).await, Ok(true));
    let choices = secure_account::choices(&test.cx, test.now(), &who).await.unwrap();
    assert_eq!((choices.passkeys.len(), choices.sessions.len(), choices.confirm), (1, 1, false));
    let nothing = secure_account::secure(&test.cx, &mut desk.caller(), &who, Chosen::default()).await;
    assert_eq!(nothing.unwrap_err().code(), "nothing_chosen");
    let chosen = Chosen {
        passkeys: vec![lost],
        sessions: choices.sessions.iter().map(|session| session.id).collect(),
    };
    let done = secure_account::secure(&test.cx, &mut desk.caller(), &who, chosen.clone()).await.unwrap();
    assert_eq!((done.disabled.len(), done.sessions, done.gone), (1, 1, 1), "its session went with it");
    assert!(phone.who_is_it().await.is_none());
    assert_eq!(phone.sign_in().await.unwrap_err().code(), "disabled_credential");
    let again = secure_account::secure(&test.cx, &mut desk.caller(), &who, chosen).await.unwrap();
    assert_eq!((again.disabled.len(), again.gone), (0, 2), "what is done already is told");
    let removed = desk.remove(lost, manage_passkeys::Reason::Lost).await;
    assert_eq!(removed.unwrap_err().code(), "onboarding_session", "removing takes the new one");
    let new = desk.register().await.unwrap();
    desk.try_passkey(new.id).await.unwrap();
    desk.confirm(Action::RemovePasskey(lost)).await.unwrap();
    desk.remove(lost, manage_passkeys::Reason::Lost).await.unwrap();
    assert!(kinds(&test, user.id).await.contains(&NoticeKind::PasskeyDisabled));
}

async fn a_full_session_confirms_and_keeps_one(test: TestContext) {
    let mut ana = Visitor::new(&test, "desk");
    ana.onboard(ANA, Role::User).await;
    let only = ana.passkeys().await[0].id;
    let chosen = Chosen { passkeys: vec![only], sessions: Vec::new() };
    let who = ana.who().await;
    let refused = secure_account::secure(&test.cx, &mut ana.caller(), &who, chosen.clone()).await;
    assert_eq!(refused.unwrap_err().code(), "confirm_needed");
    ana.confirm(Action::SecureAccount).await.unwrap();
    let who = ana.who().await;
    let refused = secure_account::secure(&test.cx, &mut ana.caller(), &who, chosen.clone()).await;
    assert_eq!(refused.unwrap_err().code(), "last_method");
    service::sign_out::sign_out(&test.cx, &mut ana.caller(), &who).await.unwrap();
    let refused = secure_account::secure(&test.cx, &mut ana.caller(), &who, chosen).await;
    assert_eq!(refused.unwrap_err().code(), "session_ended");
}

async fn another_browser_is_news_once(test: TestContext) {
    let mut desk = Visitor::new(&test, "desk");
    let user = desk.onboard(ANA, Role::User).await;
    desk.sign_in().await.unwrap();
    assert!(!kinds(&test, user.id).await.contains(&NoticeKind::NewBrowser), "the first one is no news");
    let mut other = Visitor::new(&test, "other");
    std::mem::swap(&mut other.authenticator, &mut desk.authenticator);
    for _ in 0..2 {
        other.sign_in().await.unwrap();
    }
    let news = kinds(&test, user.id).await;
    assert_eq!(news.iter().filter(|kind| **kind == NoticeKind::NewBrowser).count(), 1);
    let who = other.who().await;
    let listed = notify::list(&test.cx, &who).await.unwrap();
    let oldest = listed.last().unwrap().id;
    assert_eq!(notify::mark_seen(&test.cx, &who, oldest).await, Ok(1), "later ones stay new");
}

testkit::on_both_databases! {
    asking_tells_nothing_and_the_person_once_a_day,
    nobody_keeps_anothers_request_out,
    closing_takes_a_confirmation,
    the_helpdesk_serves_neither_itself_nor_upwards,
    a_request_is_served_once,
    a_lost_passkey_signs_nobody_in,
    a_full_session_confirms_and_keeps_one,
    another_browser_is_news_once,
}
