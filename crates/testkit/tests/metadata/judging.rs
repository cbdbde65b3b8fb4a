//! What is taken holds, and what is reported reaches passkeys that there are already.

use std::sync::Arc;

use account::audit::{Actor, EventKind};
use account::model::{Aaguid, Broken, Certification};
use account::notice::NoticeKind;
use account::policy::{Compromised, Policy};
use account::role::Role;
use authenticator::attestation::Authority;
use primitives::time::Span;
use serde_json::{Value, json};
use service::metadata::{self, Delivery, TakeError, Taken};
use service::notify;
use testkit::deployment::Variation;
use testkit::metadata::{MetadataService, entry};
use testkit::{TestContext, Visitor};

const ROOT: [u8; 32] = [5; 32];

/// The model of the software authenticator that tests use, as metadata spell it.
async fn model_of(visitor: &Visitor<'_>) -> Aaguid {
    Aaguid(visitor.passkeys().await[0].aaguid)
}

fn named(model: Aaguid, statuses: &[&str]) -> Value {
    entry(&model.to_string(), "Test key", statuses, Authority::from_seed(ROOT).root())
}

async fn take(test: &TestContext, number: i64, entries: &[Value]) -> Result<Taken, TakeError> {
    let service = MetadataService::new(1);
    let delivery = service.delivery(number, test.now(), entries);
    metadata::take(&test.cx, &mut test.operator(), Actor::System, delivery, &service.terms()).await
}

fn refused(compromised: Compromised) -> Variation {
    let mut policy = Policy::default();
    policy.passkeys.terms.compromised = compromised;
    Variation { policy, ..Variation::default() }
}

async fn told(test: &TestContext, visitor: &Visitor<'_>) -> Vec<NoticeKind> {
    let user = visitor.who().await.user.id;
    notify::of_user(&test.cx, user).await.unwrap().into_iter().map(|notice| notice.kind).collect()
}

#[tokio::test]
async fn a_revoked_model_has_its_effect_within_one_refresh() {
    let test = TestContext::sqlite_with(refused(Compromised::Refuse)).await;
    let mut ada = Visitor::new(&test, "ada");
    ada.onboard("ada@example.com", Role::User).await;
    let model = model_of(&ada).await;
    take(&test, 1, &[named(model, &["FIDO_CERTIFIED_L2"])]).await.unwrap();
    let known = test.cx.settings().models.get(model).cloned().unwrap();
    assert_eq!((known.certification, known.broken, known.hardware), (Some(Certification::L2), None, true));
    ada.sign_in().await.unwrap();
    let before = told(&test, &ada).await;

    let taken = take(&test, 2, &[named(model, &["FIDO_CERTIFIED_L2", "REVOKED"])]).await.unwrap();
    assert_eq!((taken.changed, taken.told), (true, 1));
    let passkey = ada.passkeys().await[0].id;
    let expected = EventKind::PasskeyModelBroken { passkey, model, status: Broken::Revoked };
    assert!(test.events().await.contains(&expected));
    let after = told(&test, &ada).await;
    assert_eq!(after.len(), before.len() + 1);
    assert!(after.contains(&NoticeKind::PasskeyModelBroken));
    // What the policy says of broken models holds from the very next sign-in.
    assert!(ada.sign_in().await.is_err());
}

#[tokio::test]
async fn where_policy_only_marks_people_still_sign_in() {
    let test = TestContext::sqlite_with(refused(Compromised::Mark)).await;
    let mut ada = Visitor::new(&test, "ada");
    ada.onboard("ada@example.com", Role::User).await;
    let model = model_of(&ada).await;
    take(&test, 1, &[named(model, &["USER_VERIFICATION_BYPASS"])]).await.unwrap();
    assert_eq!(test.count_events("passkey_model_broken").await, 1);
    ada.sign_in().await.unwrap();
}

#[tokio::test]
async fn each_passkey_is_told_once_for_each_report() {
    let test = TestContext::sqlite_with(refused(Compromised::Mark)).await;
    let mut model = Aaguid::UNKNOWN;
    for name in ["ada", "bea", "cleo"] {
        let mut visitor = Visitor::new(&test, name);
        visitor.onboard(&format!("{name}@example.com"), Role::User).await;
        model = model_of(&visitor).await;
    }
    let told = |number, statuses: &'static [&'static str]| {
        let (test, entries) = (&test, [named(model, statuses)]);
        async move { take(test, number, &entries).await.unwrap().told }
    };
    assert_eq!(told(1, &["REVOKED"]).await, 3);
    assert_eq!(told(2, &["REVOKED"]).await, 0);
    assert_eq!(metadata::rejudge(&test.cx, &mut test.operator()).await.unwrap(), 0);
    // Another node has nothing to tell either.
    let other = test.another_node().await;
    metadata::load(&other.cx).await.unwrap();
    assert_eq!(metadata::rejudge(&other.cx, &mut other.operator()).await.unwrap(), 0);
    assert_eq!(told(3, &[]).await, 0);
    assert_eq!(test.count_events("model_mended").await, 1);
    assert_eq!(told(4, &["ATTESTATION_KEY_COMPROMISE"]).await, 3);
    assert_eq!(test.count_events("passkey_model_broken").await, 6);
}

#[tokio::test]
async fn a_report_counts_from_its_day_on_without_another_blob() {
    let test = TestContext::sqlite().await;
    let mut ada = Visitor::new(&test, "ada");
    ada.onboard("ada@example.com", Role::User).await;
    let model = model_of(&ada).await;
    let mut later = named(model, &[]);
    let day = (test.now() + Span::from_days(3)).to_string();
    later["statusReports"] = json!([{ "status": "REVOKED", "effectiveDate": &day[..10] }]);
    assert_eq!(take(&test, 1, &[later]).await.unwrap().told, 0);
    test.advance(Span::from_days(3));
    metadata::load(&test.cx).await.unwrap();
    assert_eq!(metadata::rejudge(&test.cx, &mut test.operator()).await.unwrap(), 1);
}

#[tokio::test]
async fn the_number_never_goes_back_and_what_holds_stays() {
    let test = TestContext::sqlite().await;
    let model = Aaguid([7; 16]);
    // One certificate: ECDSA signs the same in another way each time.
    let entries = [named(model, &["REVOKED"])];
    take(&test, 5, &entries).await.unwrap();
    let error = take(&test, 4, &[named(model, &[])]).await.unwrap_err();
    assert_eq!((error.code(), &error), ("metadata_number", &TakeError::WentBack { stored: 5, came: 4 }));
    assert_eq!(test.cx.settings().models.get(model).unwrap().broken, Some(Broken::Revoked));
    let again = take(&test, 5, &entries).await.unwrap();
    assert!(!again.changed);
    assert_eq!(test.count_events("metadata_taken").await, 1);
    // Whatever else comes changes nothing either.
    let service = MetadataService::new(1);
    for (bytes, code) in [
        (b"nonsense".to_vec(), "jws_parts"),
        (MetadataService::new(2).blob(9, test.now(), &[]), "metadata_chain"),
        (service.blob(9, test.now() - Span::from_days(61), &[]), "metadata_overdue"),
    ] {
        let delivery = Delivery { bytes, etag: None };
        let (mut caller, terms) = (test.operator(), service.terms());
        let taken = metadata::take(&test.cx, &mut caller, Actor::System, delivery, &terms).await;
        assert_eq!(taken.unwrap_err().code(), code);
    }
    assert_eq!(test.cx.settings().models.get(model).unwrap().broken, Some(Broken::Revoked));
}

#[tokio::test]
async fn an_entry_that_became_unreadable_stays_as_it_was() {
    let test = TestContext::sqlite().await;
    let (good, bad) = (Aaguid([7; 16]), Aaguid([8; 16]));
    take(&test, 1, &[named(good, &[]), named(bad, &["REVOKED"])]).await.unwrap();
    let broken = json!({ "aaguid": bad.to_string(), "statusReports": "oops" });
    let taken = take(&test, 2, &[named(good, &[]), broken]).await.unwrap();
    assert_eq!((taken.entries, taken.faults.len()), (1, 1));
    let models = Arc::clone(&test.cx.settings().models);
    assert_eq!((models.len(), models.get(bad).unwrap().broken), (2, Some(Broken::Revoked)));
    let overview = metadata::overview(&test.cx).await.unwrap();
    assert_eq!(overview.faults.len(), 1);
    assert!(overview.faults[0].contains("its status reports cannot be read"), "{:?}", overview.faults);
    // One that is gone altogether is gone.
    take(&test, 3, &[named(good, &[])]).await.unwrap();
    assert_eq!(test.cx.settings().models.len(), 1);
}
