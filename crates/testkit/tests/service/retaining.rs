//! What was kept long enough goes, and the chain stays.

use account::role::Role;
use primitives::time::Span;
use service::read_audit;
use service::read_log::{self, Filter, Show, Sight};
use service::retention::{self, Erased, Retention};
use testkit::{TestContext, Visitor};

async fn clear_texts(test: &TestContext) -> (usize, usize) {
    let filter = |show| Filter { show, ..Filter::default() };
    let mut counts = Vec::new();
    for show in [Show::SignIns, Show::Changes] {
        let page = read_log::page(&test.cx, Sight::Everything, &filter(show), None, 200).await.unwrap();
        counts.push(page.lines.iter().filter(|line| !line.erased).count());
    }
    (counts[0], counts[1])
}

async fn swept(test: &TestContext) -> u64 {
    let mut events = 0;
    loop {
        let Erased { events: more, more: again } = retention::sweep(&test.cx).await.unwrap();
        events += more;
        if !again {
            return events;
        }
    }
}

async fn sign_ins_first_and_the_rest_later(test: TestContext) {
    let kept = Retention { sign_ins: Span::from_days(30), events: Span::from_days(60) };
    test.cx.change_settings(|settings| settings.retention = kept);
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    service::housekeeping::sequence_once(&test.cx, [7; 16]).await.unwrap();
    let before = clear_texts(&test).await;
    assert!(before.0 > 0 && before.1 > 0);
    assert_eq!(swept(&test).await, 0, "nothing is old enough");
    test.advance(Span::from_days(31));
    ana.sign_in().await.unwrap();
    service::housekeeping::sequence_once(&test.cx, [7; 16]).await.unwrap();
    assert_eq!(swept(&test).await, u64::try_from(before.0).unwrap());
    assert_eq!(clear_texts(&test).await, (1, before.1), "sign-ins have gone, but for the new one");
    assert_eq!(swept(&test).await, 0);
    test.advance(Span::from_days(31));
    assert_eq!(swept(&test).await, u64::try_from(before.1).unwrap() + 1);
    assert_eq!(clear_texts(&test).await, (0, 0));
    let report = read_audit::verify(&test.cx, vec![]).await.unwrap();
    assert_eq!(report.fault, None);
    assert!(report.events > 4);
}

#[tokio::test]
async fn on_sqlite_sign_ins_go_first_and_the_chain_stays() {
    sign_ins_first_and_the_rest_later(TestContext::sqlite().await).await;
}

#[tokio::test]
async fn on_postgres_sign_ins_go_first_and_the_chain_stays() {
    if let Some(test) = TestContext::postgres().await {
        sign_ins_first_and_the_rest_later(test).await;
    }
}
