//! Looking for a newer blob, in a file and at an address, and what an outage does: nothing.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use account::audit::Actor;
use account::model::{Aaguid, Broken};
use account::role::Role;
use primitives::entropy::Entropy;
use primitives::time::Span;
use server::app::{App, Site};
use server::config::{Allowed, Metadata, MetadataSource, Origin, Outbound as OutboundConfig};
use server::context::Ambient;
use server::metadata::{Loaded, LookError, Looked, Watch, turn};
use server::outbound::Outbound;
use service::metadata;
use testkit::deployment::ORIGIN;
use testkit::https::{HttpsServer, Scripted};
use testkit::metadata::{MetadataService, SIGNER, entry};
use testkit::{SeededEntropy, TestContext, Visitor};

const MODEL: &str = "07070707-0707-0707-0707-070707070707";

fn app(test: &TestContext) -> Arc<App> {
    let clock = test.clock.clone();
    let seeds = AtomicU64::new(1 << 40);
    let entropy =
        move || -> Box<dyn Entropy> { Box::new(SeededEntropy::new(seeds.fetch_add(1, Ordering::SeqCst))) };
    let ambient = Ambient::new(move || clock.now(), entropy);
    App::new(Arc::clone(&test.cx), Site::at(Origin::parse(ORIGIN).unwrap()), ambient)
}

fn watch(
    service: &MetadataService,
    folder: &Path,
    source: MetadataSource,
    outbound: OutboundConfig,
) -> Watch {
    let roots = folder.join("roots.pem");
    std::fs::write(&roots, service.root_pem()).unwrap();
    let signer = Some(SIGNER.to_owned());
    let config = Metadata { source: Some(source), roots: Some(roots), signer, ..Metadata::default() };
    Watch::new(&config, Outbound::new(&outbound).unwrap()).unwrap()
}

fn model(test: &TestContext) -> Option<Option<Broken>> {
    let model: Aaguid = MODEL.parse().unwrap();
    test.cx.settings().models.get(model).map(|model| model.broken)
}

async fn last_error(test: &TestContext) -> Option<String> {
    metadata::overview(&test.cx).await.unwrap().fido.and_then(|source| source.last_error)
}

#[tokio::test]
async fn a_file_is_read_when_it_is_time_or_when_somebody_asks() {
    let (test, service, folder) =
        (TestContext::sqlite().await, MetadataService::new(1), tempfile::tempdir().unwrap());
    let path = folder.path().join("blob.jwt");
    std::fs::write(&path, service.blob(1, test.now(), &[entry(MODEL, "A", &[], &[])])).unwrap();
    let source = MetadataSource::File(path.clone());
    let watch = watch(&service, folder.path(), source, OutboundConfig::default());
    let (app, mut loaded) = (app(&test), Loaded::default());
    turn(&app, &watch, &mut loaded).await.unwrap();
    assert_eq!(model(&test), Some(None));

    let next = service.blob(2, test.now(), &[entry(MODEL, "A longer name", &["REVOKED"], &[])]);
    std::fs::write(&path, next).unwrap();
    turn(&app, &watch, &mut loaded).await.unwrap();
    assert_eq!(model(&test), Some(None), "it is not time yet");
    metadata::ask_for_look(&test.cx).await.unwrap();
    turn(&app, &watch, &mut loaded).await.unwrap();
    assert_eq!(model(&test), Some(Some(Broken::Revoked)));

    // A file that is worthless, or gone, leaves what there is.
    for bad in [Some("nonsense"), None] {
        match bad {
            Some(text) => std::fs::write(&path, text).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        test.advance(Span::from_hours(7));
        turn(&app, &watch, &mut loaded).await.unwrap();
        assert!(last_error(&test).await.is_some(), "{bad:?}");
        assert_eq!(model(&test), Some(Some(Broken::Revoked)));
    }
    // After a failure the next look comes sooner, and a good blob mends it.
    std::fs::write(&path, service.blob(3, test.now(), &[entry(MODEL, "A", &[], &[])])).unwrap();
    test.advance(Span::from_minutes(16));
    turn(&app, &watch, &mut loaded).await.unwrap();
    assert_eq!((model(&test), last_error(&test).await), (Some(None), None));
}

#[tokio::test]
async fn an_address_is_asked_on_condition() {
    let (test, service, folder) =
        (TestContext::sqlite().await, MetadataService::new(1), tempfile::tempdir().unwrap());
    let server = HttpsServer::start(Scripted::ok("")).await;
    let blob = service.blob(1, test.now(), &[entry(MODEL, "A", &[], &[])]);
    let answer = Scripted { body: blob, etag: Some("\"one\"".to_owned()), ..Scripted::ok("") };
    server.script(answer.clone());
    let outbound = OutboundConfig {
        allow: vec![Allowed::Host("localhost".to_owned())],
        certificates: Some(server.authority()),
        proxy: None,
    };
    let source = MetadataSource::Url(server.url("/").parse().unwrap());
    let watch = watch(&service, folder.path(), source, outbound);
    let look = || async { watch.look(&test.cx, &mut test.operator(), Actor::System).await };
    let Ok(Some(Looked::Taken(taken))) = look().await else { panic!("not taken") };
    assert!(taken.changed);
    assert!(matches!(look().await, Ok(Some(Looked::Same))), "the server was not told what is here");
    for (script, code) in [
        (Scripted { status: 500, etag: None, ..answer.clone() }, "metadata_status"),
        (Scripted { status: 302, etag: None, ..answer.clone() }, "metadata_status"),
        (Scripted { body: b"<html>".to_vec(), etag: None, ..answer.clone() }, "jws_parts"),
    ] {
        server.script(script);
        let error = look().await.unwrap_err();
        assert_eq!(error.code(), code);
        assert!(last_error(&test).await.is_some());
        assert_eq!(model(&test), Some(None));
    }
    assert_eq!(server.requests(), 5);
}

/// Assurance R19: whoever gives metadata is gone for good; people sign in as before.
#[tokio::test]
async fn an_outage_does_not_touch_sign_in() {
    let (test, service, folder) =
        (TestContext::sqlite().await, MetadataService::new(1), tempfile::tempdir().unwrap());
    let mut ada = Visitor::new(&test, "ada");
    ada.onboard("ada@example.com", Role::User).await;
    let path = folder.path().join("blob.jwt");
    std::fs::write(&path, service.blob(1, test.now(), &[entry(MODEL, "A", &[], &[])])).unwrap();
    let source = MetadataSource::File(path.clone());
    let watch = watch(&service, folder.path(), source, OutboundConfig::default());
    let (app, mut loaded) = (app(&test), Loaded::default());
    turn(&app, &watch, &mut loaded).await.unwrap();
    std::fs::remove_file(&path).unwrap();
    // Long past the next update and every grace.
    for _ in 0..4 {
        test.advance(Span::from_days(60));
        turn(&app, &watch, &mut loaded).await.unwrap();
        ada.sign_in().await.unwrap();
    }
    assert_eq!(model(&test), Some(None));
    let overview = metadata::overview(&test.cx).await.unwrap();
    assert!(overview.fido.unwrap().next_update < overview.now);
}

#[tokio::test]
async fn one_node_looks_for_all() {
    let (test, service, folder) =
        (TestContext::sqlite().await, MetadataService::new(1), tempfile::tempdir().unwrap());
    let other = test.another_node().await;
    let path = folder.path().join("blob.jwt");
    std::fs::write(&path, service.blob(1, test.now(), &[entry(MODEL, "A", &[], &[])])).unwrap();
    let source = MetadataSource::File(path);
    let watch = watch(&service, folder.path(), source, OutboundConfig::default());
    let (mine, theirs) = (app(&test), app(&other));
    let (mut my, mut their) = (Loaded::default(), Loaded::default());
    turn(&mine, &watch, &mut my).await.unwrap();
    assert!(!metadata::is_look_due(&other.cx, Span::from_hours(6)).await.unwrap());
    turn(&theirs, &watch, &mut their).await.unwrap();
    assert_eq!((model(&test), model(&other)), (Some(None), Some(None)));
    assert_eq!(test.count_events("metadata_taken").await, 1);
    let error = LookError::File(std::io::Error::other("x"));
    assert_eq!(
        (error.code(), LookError::Status(axum::http::StatusCode::OK).code()),
        ("metadata_file", "metadata_status")
    );
}
