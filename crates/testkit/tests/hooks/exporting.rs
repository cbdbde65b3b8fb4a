//! The log in a file and at syslog servers: nothing lost, nothing twice, across restarts, outages and nodes.

use std::path::Path;

use primitives::time::Span;
use serde_json::Value;
use server::config::{Export as Config, Outbound as OutboundConfig, SyslogWay};
use server::export::{Export, exports};
use server::outbound::Outbound;
use testkit::TestContext;
use testkit::syslog::SyslogSink;

use super::world::{happen, seqs};

fn export(config: &Config, certificates: Option<std::path::PathBuf>) -> Export {
    let outbound = Outbound::new(&OutboundConfig { certificates, ..OutboundConfig::default() }).unwrap();
    exports(config, &outbound, "id.example.com").pop().unwrap()
}

async fn write(test: &TestContext, export: &Export, holder: u8) {
    export.begin(&test.cx).await.unwrap();
    while export.turn(&test.cx, [holder; 16]).await.unwrap() > 0 {}
}

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn a_file_holds_all_of_the_log(test: TestContext) {
    happen(&test, &["before"]).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.ndjson");
    let config = Config { json: Some(path.clone()), ..Config::default() };
    write(&test, &export(&config, None), 1).await;
    happen(&test, &["ana", "ben"]).await;
    // Another process, after a restart.
    write(&test, &export(&config, None), 2).await;
    let all = lines(&path);
    let expected: Vec<i64> = (1..=i64::try_from(all.len()).unwrap()).collect();
    assert_eq!((seqs(&all), all.len()), (expected, test.events().await.len()));
    assert!(all.iter().all(|line| line.get("client").is_none() && line.get("note").is_none()));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains("example.com"), "ids and codes only: {text}");

    let moved = folder.path().join("audit.1");
    std::fs::rename(&path, &moved).unwrap();
    happen(&test, &["cleo"]).await;
    write(&test, &export(&config, None), 1).await;
    assert_eq!(lines(&moved).len(), all.len());
    assert_eq!(lines(&path)[0]["seq"].as_i64(), Some(i64::try_from(all.len()).unwrap() + 1));
}

async fn a_file_that_cannot_be_written_is_tried_again(test: TestContext) {
    happen(&test, &["ana"]).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("later").join("audit.ndjson");
    let export = export(&Config { json: Some(path.clone()), ..Config::default() }, None);
    write(&test, &export, 1).await;
    std::fs::create_dir(folder.path().join("later")).unwrap();
    write(&test, &export, 1).await;
    assert!(!path.exists(), "not before its time");
    test.advance(Span::from_secs(5));
    write(&test, &export, 1).await;
    assert_eq!(lines(&path).len(), test.events().await.len());
}

async fn two_nodes_write_each_once(test: TestContext) {
    let other = test.another_node().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.ndjson");
    let config = Config { json: Some(path.clone()), ..Config::default() };
    let (here, there) = (export(&config, None), export(&config, None));
    for round in 0..10 {
        happen(&test, &[&format!("user{round}")]).await;
        tokio::join!(write(&test, &here, 1), write(&other, &there, 2));
    }
    let all = lines(&path);
    assert!(seqs(&all).windows(2).all(|pair| pair[1] == pair[0] + 1), "{:?}", seqs(&all));
    assert_eq!(all.len(), test.events().await.len());
}

fn json(message: &str) -> Value {
    let (head, event) = message.split_once(" - {").unwrap();
    let fields: Vec<&str> = head.split(' ').collect();
    assert!(fields[0].ends_with(">1") && fields[0].starts_with("<10"), "{message}");
    assert_eq!((fields[2], fields[3], fields[4]), ("id.example.com", "keyward", "-"));
    let event: Value = serde_json::from_str(&format!("{{{event}")).unwrap();
    assert_eq!(event["kind"], fields[5]);
    event
}

async fn at_a_syslog_server(test: &TestContext, way: SyslogWay) {
    happen(test, &["before"]).await;
    let sink = SyslogSink::start(way, 0).await;
    let config = Config { syslog: Some(sink.server()), ..Config::default() };
    let certificates = (way != SyslogWay::Udp).then(|| sink.authority());
    let first = export(&config, certificates.clone());
    write(test, &first, 1).await;
    happen(test, &["ana", "ben"]).await;
    write(test, &first, 1).await;
    happen(test, &["cleo"]).await;
    // Another process, after a restart.
    write(test, &export(&config, certificates), 2).await;
    let mut messages = sink.take();
    while messages.len() < 3 {
        tokio::task::yield_now().await;
        messages.extend(sink.take());
    }
    let events: Vec<Value> = messages.iter().map(|message| json(message)).collect();
    assert!(events.iter().all(|event| event["kind"] == "user_added"), "{events:?}");
    assert_eq!(seqs(&events).len(), 3);
    assert!(
        seqs(&events).windows(2).all(|pair| pair[1] == pair[0] + 1),
        "nothing from before, nothing twice"
    );
}

async fn syslog_by_datagrams(test: TestContext) {
    at_a_syslog_server(&test, SyslogWay::Udp).await;
}

async fn syslog_by_tcp(test: TestContext) {
    at_a_syslog_server(&test, SyslogWay::Tcp).await;
}

async fn syslog_by_tls(test: TestContext) {
    at_a_syslog_server(&test, SyslogWay::Tls).await;
}

async fn a_syslog_server_that_is_down_and_up_again(test: TestContext) {
    let sink = SyslogSink::start(SyslogWay::Tcp, 0).await;
    let (port, config) = (sink.port(), Config { syslog: Some(sink.server()), ..Config::default() });
    let export = export(&config, None);
    write(&test, &export, 1).await;
    drop(sink);
    happen(&test, &["ana"]).await;
    write(&test, &export, 1).await;
    let sink = SyslogSink::start(SyslogWay::Tcp, port).await;
    happen(&test, &["ben"]).await;
    write(&test, &export, 1).await;
    assert!(sink.take().is_empty(), "not before its time");
    test.advance(Span::from_secs(5));
    write(&test, &export, 1).await;
    assert_eq!(sink.take().len(), 2);
}

async fn a_syslog_server_that_nobody_vouches_for_gets_nothing(test: TestContext) {
    let (sink, other) =
        (SyslogSink::start(SyslogWay::Tls, 0).await, SyslogSink::start(SyslogWay::Tls, 0).await);
    let config = Config { syslog: Some(sink.server()), ..Config::default() };
    let export = export(&config, Some(other.authority()));
    write(&test, &export, 1).await;
    happen(&test, &["ana"]).await;
    write(&test, &export, 1).await;
    assert!(sink.take().is_empty());
}

testkit::on_both_databases! {
    a_file_holds_all_of_the_log,
    a_file_that_cannot_be_written_is_tried_again,
    two_nodes_write_each_once,
    syslog_by_datagrams,
    syslog_by_tcp,
    syslog_by_tls,
    a_syslog_server_that_is_down_and_up_again,
    a_syslog_server_that_nobody_vouches_for_gets_nothing,
}
