//! Notices as mails: over a real socket with verified TLS, tried again when they are refused, and never twice.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use account::notice::{Notice, NoticeKind};
use account::role::Role;
use account::temporary_pass::Wish;
use primitives::id::Id;
use primitives::time::Span;
use server::app::Site;
use server::config::{Mail, MailTls, Origin};
use server::mail::{self, Mailer};
use service::administer_passes::{self, Give};
use service::choose_language::choose_language;
use service::{Authority, notify};
use store::{StoreError, notices, users};
use testkit::smtp::SmtpSink;
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

fn site() -> Site {
    Site::at(Origin::parse("https://id.example.com").unwrap())
}

fn mailer(mail: &Mail) -> Mailer {
    Mailer::new(mail, &site()).unwrap()
}

async fn turns(test: &TestContext, mailer: &Mailer, holder: u8) {
    while mail::turn(&test.cx, mailer, [holder; 16]).await.unwrap() > 0 {}
}

async fn count(test: &TestContext, state: &'static str) -> u32 {
    test.cx.db.read(move |tx| notices::count_mail(tx, state)).await.unwrap()
}

async fn sql(test: &TestContext, sql: &'static str) {
    test.cx.db.write(move |tx| -> Result<(), StoreError> { tx.execute_raw(sql) }).await.unwrap();
}

async fn two_languages_two_ways(test: TestContext) {
    for (speaks, language) in [(MailTls::StartTls, "en"), (MailTls::Implicit, "de")] {
        let sink = SmtpSink::start(speaks).await;
        let login = format!("{language}@example.com");
        let user = test.add_user(&login, Role::User).await;
        if language == "de" {
            sql(&test, "UPDATE users SET language = 'de' WHERE login = 'de@example.com'").await;
        }
        test.issue(&user).await;
        turns(&test, &mailer(&sink.config()), 1).await;
        let taken = sink.take();
        let [mail] = taken.as_slice() else { panic!("{taken:?}") };
        assert!(mail.tls);
        assert_eq!(mail.to, [format!("RCPT TO:<{login}>")]);
        assert!(mail.headers().contains("Auto-Submitted: auto-generated"), "{}", mail.headers());
        assert!(mail.headers().contains("@id.example.com>"), "its id is that of the notice");
        let parts = mail.parts();
        let [text, html] = parts.as_slice() else { panic!("{parts:?}") };
        let words = match language {
            "de" => ["Ein befristeter Zugangspass wurde", "Wann: ", "Referenz: ", "Das war ich nicht"],
            _ => ["A temporary access pass was issued", "When: ", "Reference: ", "This wasn't me"],
        };
        for word in words {
            assert!(text.contains(word), "{language} {word}: {text}");
        }
        assert!(text.contains("UTC"), "the zone is named: {text}");
        assert!(text.contains("https://id.example.com/me/history"), "{text}");
        assert!(html.contains("href=\"https://id.example.com/me/history\""), "{html}");
        assert!(html.contains(words[0]) && !html.contains("<script") && !html.contains("<img"), "{html}");
        assert_eq!(text.matches("https://").count(), 1, "one link: {text}");
    }
    assert_eq!(count(&test, "sent").await, 2);
}

async fn a_pass_goes_in_two_mails_and_never_beside_a_name(test: TestContext) {
    let sink = SmtpSink::start(MailTls::StartTls).await;
    let mut user = test.add_user(ANA, Role::User).await;
    user.directory.private_email = Some("ana@private.example".to_owned());
    let (stored, id) = (user.clone(), user.id);
    assert!(test.cx.db.write(move |tx| users::update(tx, &stored)).await.unwrap());
    let operator = Authority::Operator;
    let wanted = (Wish::default(), Give::Mail);
    administer_passes::give(&test.cx, &mut test.operator(), operator, id, wanted).await.unwrap();
    let mailer = mailer(&sink.config());
    sink.refuse(1);
    while mail::turn_of_passes(&test.cx, &mailer, [1; 16], || test.operator()).await.unwrap() > 0 {}
    test.advance(Span::from_minutes(1));
    while mail::turn_of_passes(&test.cx, &mailer, [1; 16], || test.operator()).await.unwrap() > 0 {}
    let taken = sink.take();
    assert_eq!(taken.len(), 2, "{taken:?}");
    let mut values = 0;
    for mail in &taken {
        assert_eq!(mail.to, ["RCPT TO:<ana@private.example>"]);
        let parts = mail.parts().join(" ");
        let named = parts.contains(ANA) || parts.contains(&user.name);
        let valued = parts.contains("Nobody will ever ask you for it");
        assert!(named != valued, "name and pass never stand together: {parts}");
        values += usize::from(valued);
    }
    assert_eq!(values, 1);
    assert_eq!(test.count_events("pass_mailed").await, 1);
}

async fn refused_once_and_tried_again(test: TestContext) {
    let sink = SmtpSink::start(MailTls::StartTls).await;
    let user = test.add_user(ANA, Role::User).await;
    let mailer = mailer(&sink.config());
    test.issue(&user).await;
    sink.refuse(1);
    turns(&test, &mailer, 1).await;
    assert_eq!((sink.take().len(), count(&test, "waiting").await), (0, 1));
    turns(&test, &mailer, 1).await;
    assert_eq!(sink.take().len(), 0, "not before its time");
    test.advance(Span::from_minutes(1));
    turns(&test, &mailer, 1).await;
    assert_eq!((sink.take().len(), count(&test, "sent").await), (1, 1));
    turns(&test, &mailer, 1).await;
    assert_eq!(sink.take().len(), 0);
}

async fn a_dead_server_fails_in_the_end(test: TestContext) {
    let sink = SmtpSink::start(MailTls::StartTls).await;
    let config = sink.config();
    let mailer = mailer(&config);
    drop(sink);
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    for _ in 0..20 {
        turns(&test, &mailer, 1).await;
        ana.sign_in().await.unwrap();
        test.advance(Span::from_days(1));
    }
    assert_eq!((count(&test, "waiting").await, count(&test, "sent").await), (0, 0));
    assert!(count(&test, "failed").await >= 4, "passes, passkey and its first use");
    ana.sign_in().await.unwrap();
    let who = ana.who().await;
    assert!(!notify::list(&test.cx, &who).await.unwrap().is_empty(), "they stay on the pages");
}

async fn nobody_else_is_believed(test: TestContext) {
    let (sink, other) = (SmtpSink::start(MailTls::StartTls).await, SmtpSink::start(MailTls::Implicit).await);
    let user = test.add_user(ANA, Role::User).await;
    test.issue(&user).await;
    let lying = Mail { certificates: Some(other.certificates()), ..sink.config() };
    turns(&test, &mailer(&lying), 1).await;
    assert_eq!((sink.take().len(), count(&test, "waiting").await), (0, 1));
    let elsewhere = Mail { host: "127.0.0.1".to_owned(), ..sink.config() };
    test.advance(Span::from_minutes(1));
    turns(&test, &mailer(&elsewhere), 1).await;
    assert_eq!(sink.take().len(), 0, "the name is another");
    // A server that offers no TLS gets nothing either.
    let plain = SmtpSink::start(MailTls::None).await;
    test.advance(Span::from_minutes(5));
    let stripped = Mail { tls: MailTls::StartTls, ..plain.config() };
    turns(&test, &mailer(&stripped), 1).await;
    assert_eq!(plain.take().len(), 0);
}

async fn a_name_makes_no_header(test: TestContext) {
    let sink = SmtpSink::start(MailTls::Implicit).await;
    let user = test.add_user(ANA, Role::User).await;
    // No form of ours takes such a name; a directory might one day.
    let named = test.cx.db.write(move |tx| {
        tx.execute(
            "UPDATE users SET name = $2 WHERE id = $1",
            &[
                (&user.id).into(),
                "Ana\r\nBcc: eve@example.com\r\n\r\n.\r\nMAIL FROM:<eve@example.com>".into(),
            ],
        )
    });
    let _: u64 = named.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    let user = service::administer_users::show(&test.cx, ANA).await.unwrap().user;
    test.issue(&user).await;
    turns(&test, &mailer(&sink.config()), 1).await;
    let taken = sink.take();
    let [mail] = taken.as_slice() else { panic!("{taken:?}") };
    assert!(!mail.headers().to_lowercase().contains("bcc"), "{}", mail.headers());
    assert_eq!(mail.to.len(), 1);
    assert!(mail.parts()[0].starts_with("Hello Ana  Bcc: eve@example.com"), "{}", mail.parts()[0]);
}

async fn two_nodes_send_each_once(test: TestContext) {
    let sink = SmtpSink::start(MailTls::StartTls).await;
    for number in 0..32 {
        let user = test.add_user(&format!("user{number}@example.com"), Role::User).await;
        test.issue(&user).await;
    }
    let nodes = [1_u8, 2].map(|holder| {
        let (cx, mailer) = (Arc::clone(&test.cx), mailer(&sink.config()));
        tokio::spawn(async move { while mail::turn(&cx, &mailer, [holder; 16]).await.unwrap() > 0 {} })
    });
    for node in nodes {
        node.await.unwrap();
    }
    turns(&test, &mailer(&sink.config()), 3).await;
    let taken = sink.take();
    let people: BTreeSet<&String> = taken.iter().flat_map(|mail| &mail.to).collect();
    assert_eq!((taken.len(), people.len()), (32, 32));
    assert_eq!(count(&test, "sent").await, 32);
}

async fn what_a_dead_node_took_is_taken_over(test: TestContext) {
    let sink = SmtpSink::start(MailTls::StartTls).await;
    let user = test.add_user(ANA, Role::User).await;
    test.issue(&user).await;
    let taken = notify::claim_mail(&test.cx, [1; 16]).await.unwrap();
    assert_eq!(taken.len(), 1);
    turns(&test, &mailer(&sink.config()), 2).await;
    assert_eq!(sink.take().len(), 0, "it is the other one's for now");
    test.advance(notify::LEASE);
    turns(&test, &mailer(&sink.config()), 2).await;
    assert_eq!(sink.take().len(), 1);
    assert_eq!(notify::mail_sent(&test.cx, [1; 16], &taken[0]).await, Ok(false), "too late");
}

async fn without_mail_old_news_stay_on_the_pages(test: TestContext) {
    let user = test.add_user(ANA, Role::User).await;
    test.issue(&user).await;
    assert_eq!(notify::without_mail(&test.cx).await, Ok(0));
    test.advance(Span::from_hours(1));
    assert_eq!(notify::without_mail(&test.cx).await, Ok(1));
    let sink = SmtpSink::start(MailTls::StartTls).await;
    turns(&test, &mailer(&sink.config()), 1).await;
    assert_eq!(sink.take().len(), 0);
    let told = notify::of_user(&test.cx, user.id).await.unwrap();
    assert_eq!(told[0].kind, NoticeKind::PassIssued);
    test.advance(Span::from_days(91));
    service::housekeeping::sweep(&test.cx).await.unwrap();
    assert!(notify::of_user(&test.cx, user.id).await.unwrap().is_empty(), "for 90 days");
}

async fn nobody_pushes_news_out(test: TestContext) {
    let sink = SmtpSink::start(MailTls::StartTls).await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let who = ana.who().await;
    for number in 0..150 {
        let language = (number % 2 == 0).then_some("de");
        choose_language(&test.cx, &mut ana.caller(), &who, language).await.unwrap();
    }
    let told = notify::list(&test.cx, &who).await.unwrap();
    assert!(told.iter().all(|notice| notice.kind != NoticeKind::AccountChanged), "a language is no news");
    // What others can cause does not push changes of methods out either.
    let like = told.iter().find(|notice| notice.kind == NoticeKind::PasskeyAdded).unwrap().clone();
    let written = test.cx.db.write(move |tx| {
        for number in 0..150_u8 {
            let mut id = [0xff; 16];
            id[15] = number;
            let kind = NoticeKind::EnrolmentEnded;
            let notice = Notice { id: Id::from_bytes(id), kind, event: None, ..like.clone() };
            notices::insert(tx, &notice, Some("ana@example.com"))?;
        }
        Ok::<_, StoreError>(())
    });
    written.await.unwrap();
    let shown = notify::list(&test.cx, &who).await.unwrap();
    assert_eq!(shown.len(), 100);
    assert!(shown.iter().any(|notice| notice.kind == NoticeKind::PasskeyAdded));
    turns(&test, &mailer(&sink.config()), 1).await;
    let taken = sink.take();
    let about = |mail: &testkit::smtp::Received| mail.parts()[0].contains("passkey was added");
    assert_eq!(taken.iter().filter(|mail| about(mail)).count(), 1, "the mail still left");
}

testkit::on_both_databases! {
    two_languages_two_ways,
    a_pass_goes_in_two_mails_and_never_beside_a_name,
    refused_once_and_tried_again,
    a_dead_server_fails_in_the_end,
    nobody_else_is_believed,
    a_name_makes_no_header,
    two_nodes_send_each_once,
    what_a_dead_node_took_is_taken_over,
    without_mail_old_news_stay_on_the_pages,
    nobody_pushes_news_out,
}
