//! The organisation's own attestation authority: shared devices, a lost key, several nodes, everything at once.

use account::attested_device::SOFTWARE;
use authenticator::{Authenticator, Settings};
use primitives::time::Span;
use serde_json::json;
use service::attest_devices::{self, Attested};
use store::attested_devices::{self, Authority};
use testkit::TestApp;
use testkit::deployment::Variation;
use testkit::device::Device;

use super::companion::both;
use super::companion_api::Program;
use super::companion_hostile::{add_attested, asking, is_trusted, make_authority, of_model, own, sign_in};

const ANA: &str = "ana@example.com";

#[tokio::test]
async fn a_device_that_two_accounts_share_is_revoked_for_both() {
    for app in both(Variation::default()).await {
        make_authority(&app).await;
        let (ana, boss) = (app.user(ANA).await, app.user("ana.admin@example.com").await);
        let mut device = Device::new(3);
        for user in [&ana, &boss] {
            let mut program = of_model(&app, SOFTWARE.0);
            sign_in(&mut program, &app, user).await;
            add_attested(&mut program, &mut device).await;
        }
        let lines = attest_devices::devices(&app.test.cx, None).await.unwrap();
        assert_eq!(lines.len(), 1, "it is one device");
        let id = lines[0].device.id;
        let revoked = attest_devices::revoke(&app.test.cx, &mut app.test.operator(), id).await.unwrap();
        assert_eq!(revoked.passkeys, 2);
        assert_eq!((is_trusted(&app, &ana).await, is_trusted(&app, &boss).await), (vec![false], vec![false]));
        // Nor does it get a certificate in the name of whoever is left.
        let mut program = of_model(&app, SOFTWARE.0);
        app.advance(Span::from_secs(1));
        sign_in(&mut program, &app, &boss).await;
        let begun = program.post(&own("begin"), json!({})).await;
        let refused = program.refused(&own("attestation"), asking(&device, &begun)).await;
        assert_eq!(refused, (403, "attestation_revoked".to_owned()));
    }
}

#[tokio::test]
async fn an_authority_whose_key_is_lost_certifies_nothing_and_stops_nobody() {
    let app = TestApp::sqlite().await;
    make_authority(&app).await;
    let ana = app.user(ANA).await;
    let mut device = Device::new(4);
    let mut program = of_model(&app, SOFTWARE.0);
    sign_in(&mut program, &app, &ana).await;
    add_attested(&mut program, &mut device).await;
    let lost = app.test.cx.db.write(|tx| {
        let authority = attested_devices::authority(tx)?.unwrap();
        attested_devices::reseal_authority(tx, &Authority { sealed: vec![1; 80], ..authority })
    });
    assert!(lost.await.unwrap());
    let resealed = attest_devices::reseal(&app.test.cx).await;
    assert_eq!(resealed.unwrap_err().code(), "attestation_sealed");

    app.advance(Span::from_secs(1));
    sign_in(&mut program, &app, &ana).await;
    let begun = program.post(&own("begin"), json!({})).await;
    let refused = program.refused(&own("attestation"), asking(&Device::new(5), &begun)).await;
    assert_eq!(refused, (403, "attestation_sealed".to_owned()));
    // The one that has its certificate goes on with it.
    program.authenticator = Authenticator::new(Settings { aaguid: SOFTWARE.0, ..Settings::platform() });
    let response = device.attest(program.made(&begun["options"]));
    program.post(&own("finish"), json!({ "state": begun["state"], "response": response })).await;
    assert_eq!(is_trusted(&app, &ana).await, [true, true]);
    // The operator begins again.
    attest_devices::remove(&app.test.cx, &mut app.test.operator(), Attested::Kept).await.unwrap();
    make_authority(&app).await;
    assert_eq!(attest_devices::reseal(&app.test.cx).await, Ok(()));
}

#[tokio::test]
async fn one_key_asked_for_often_at_once_is_one_device() {
    for app in both(Variation::default()).await {
        make_authority(&app).await;
        let ana = app.user(ANA).await;
        let mut program = Program::new(&app);
        sign_in(&mut program, &app, &ana).await;
        let begun = program.post(&own("begin"), json!({})).await;
        let ask = asking(&Device::new(6), &begun).to_string();
        let mut voices: Vec<Program<'_>> =
            (0..4).map(|_| Program { bearer: program.bearer.clone(), ..Program::new(&app) }).collect();
        let path = own("attestation");
        let [a, b, c, d] = voices.as_mut_slice() else { panic!("as many as asked for") };
        let (a, b, c, d) = tokio::join!(
            a.send("POST", &path, ask.clone()),
            b.send("POST", &path, ask.clone()),
            c.send("POST", &path, ask.clone()),
            d.send("POST", &path, ask.clone())
        );
        for other in [&b, &c, &d] {
            assert_eq!((&other.1["chain"], &other.1["device"]), (&a.1["chain"], &a.1["device"]));
        }
        assert!(a.1["chain"].is_array(), "{}", a.1);
        assert_eq!(app.test.count_events("device_attested").await, 1);
    }
}

#[tokio::test]
async fn another_node_believes_in_the_authority_once_it_has_looked_and_in_a_revocation_at_once() {
    for app in both(Variation::default()).await {
        let other = TestApp::on(app.test.another_node().await);
        make_authority(&app).await;
        let ana = other.user(ANA).await;
        assert!(other.test.cx.settings().anchors.authority.is_none());
        let (here, there) =
            (service::metadata::version(&other.test.cx).await, service::metadata::load(&other.test.cx).await);
        assert_eq!(here.unwrap(), there.unwrap());
        let mut device = Device::new(8);
        let mut program = of_model(&other, SOFTWARE.0);
        sign_in(&mut program, &other, &ana).await;
        let begun = program.post(&own("begin"), json!({})).await;
        device.keep(&program.post(&own("attestation"), asking(&device, &begun)).await);
        let id = attest_devices::devices(&app.test.cx, None).await.unwrap()[0].device.id;
        attest_devices::revoke(&app.test.cx, &mut app.test.operator(), id).await.unwrap();
        let response = device.attest(program.made(&begun["options"]));
        program.post(&own("finish"), json!({ "state": begun["state"], "response": response })).await;
        assert_eq!(is_trusted(&other, &ana).await, [false]);
    }
}
