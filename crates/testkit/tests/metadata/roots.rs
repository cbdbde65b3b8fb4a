//! Own roots: added and removed by the operator or somebody who confirms, and what they do.

use account::action::Action;
use account::audit::Actor;
use account::model::Aaguid;
use account::role::Role;
use authenticator::attestation::Authority as Attestation;
use primitives::digest;
use primitives::encoding::base64;
use service::metadata::{self, NewRoot, RootRefusal, RootsError};
use service::{Authority, Unauthorised};
use testkit::metadata::{MetadataService, entry, pem};
use testkit::{TestContext, Visitor};

const MODEL: Aaguid = Aaguid([7; 16]);

fn new(models: &[Aaguid]) -> NewRoot {
    let certificate = pem(Attestation::from_seed([5; 32]).root());
    NewRoot { name: "Keyfob".to_owned(), certificate, models: models.to_vec(), ..NewRoot::default() }
}

#[tokio::test]
async fn a_root_is_an_anchor_for_its_models_on_every_node() {
    let test = TestContext::sqlite().await;
    let other = test.another_node().await;
    let before = metadata::version(&other.cx).await.unwrap();
    let terms = NewRoot { hardware: true, ..new(&[MODEL]) };
    let certificate = terms.certificate.clone();
    let root = metadata::add_root(&test.cx, &mut test.operator(), Authority::Operator, terms).await.unwrap();
    let settings = test.cx.settings();
    assert_eq!((settings.anchors.of(MODEL).len(), settings.anchors.of(Aaguid([8; 16])).len()), (1, 0));
    let model = settings.models.get(MODEL).unwrap();
    assert!(model.hardware && !model.biometric && model.name == "Keyfob");

    let after = metadata::version(&other.cx).await.unwrap();
    assert_ne!(before, after);
    metadata::load(&other.cx).await.unwrap();
    assert_eq!(other.cx.settings().anchors.of(MODEL).len(), 1);

    let again = NewRoot { certificate, ..new(&[]) };
    let again = metadata::add_root(&test.cx, &mut test.operator(), Authority::Operator, again).await;
    assert_eq!(again.unwrap_err().code(), "root_known");
    let (cx, mut operator) = (&test.cx, test.operator());
    metadata::remove_root(cx, &mut operator, Authority::Operator, root.digest()).await.unwrap();
    assert!(test.cx.settings().anchors.of(MODEL).is_empty() && test.cx.settings().models.is_empty());
    let gone = metadata::remove_root(cx, &mut operator, Authority::Operator, root.digest()).await;
    assert_eq!(gone.unwrap_err().code(), "not_found");
    assert_eq!((test.count_events("root_added").await, test.count_events("root_removed").await), (1, 1));
}

#[tokio::test]
async fn a_root_without_models_is_an_anchor_for_any() {
    let test = TestContext::sqlite().await;
    let der = NewRoot { certificate: base64(Attestation::from_seed([5; 32]).root()), ..new(&[]) };
    metadata::add_root(&test.cx, &mut test.operator(), Authority::Operator, der).await.unwrap();
    assert_eq!(test.cx.settings().anchors.of(MODEL).len(), 1);
    assert!(test.cx.settings().models.is_empty());
}

/// The key of a software authenticator's root lies where people can use it: it must not turn their keys into those of a
/// model that metadata knows (DESIGN 5a.13).
#[tokio::test]
async fn a_root_never_makes_a_known_model_of_what_it_does_not_say_is_hardware() {
    let test = TestContext::sqlite().await;
    let known = Aaguid([9; 16]);
    let service = MetadataService::new(1);
    let vendor = Attestation::from_seed([6; 32]);
    let entries = [entry(&known.to_string(), "Vendor key", &["FIDO_CERTIFIED_L2"], vendor.root())];
    let delivery = service.delivery(1, test.now(), &entries);
    let terms = service.terms();
    metadata::take(&test.cx, &mut test.operator(), Actor::System, delivery, &terms).await.unwrap();
    for (seed, models) in [(5, vec![]), (4, vec![MODEL, known])] {
        let certificate = pem(Attestation::from_seed([seed; 32]).root());
        let root = NewRoot { certificate, name: format!("Root {seed}"), ..new(&models) };
        metadata::add_root(&test.cx, &mut test.operator(), Authority::Operator, root).await.unwrap();
    }
    let settings = test.cx.settings();
    let of_known = settings.anchors.of(known);
    assert_eq!(of_known.len(), 1, "the vendor's alone");
    assert_eq!(of_known[0].certificate.der(), vendor.root());
    // Of models that nobody else knows both may speak; of the one that is named, only its own root.
    assert_eq!((settings.anchors.of(MODEL).len(), settings.anchors.of(Aaguid([8; 16])).len()), (1, 1));
    // An organisation that knows better says so, by name.
    let certificate = pem(Attestation::from_seed([3; 32]).root());
    let told = NewRoot { certificate, hardware: true, biometric: true, ..new(&[known]) };
    metadata::add_root(&test.cx, &mut test.operator(), Authority::Operator, told).await.unwrap();
    assert_eq!(test.cx.settings().anchors.of(known).len(), 2);
}

#[tokio::test]
async fn a_person_confirms_that_very_root_on_those_very_terms() {
    let test = TestContext::sqlite().await;
    let mut admin = Visitor::new(&test, "admin");
    admin.onboard("admin@example.com", Role::PolicyAdministrator).await;
    let (narrow, wide) = (new(&[MODEL]), new(&[]));
    let wide = NewRoot { certificate: narrow.certificate.clone(), ..wide };
    admin.confirm(Action::AddRoot(narrow.digest(test.now()).unwrap())).await.unwrap();
    let who = admin.who().await;
    let authority = Authority::Person(&who);
    let added = metadata::add_root(&test.cx, &mut admin.caller(), authority, wide).await;
    assert_eq!(added.unwrap_err(), RootsError::Unauthorised(Unauthorised::ConfirmNeeded));
    let root = metadata::add_root(&test.cx, &mut admin.caller(), authority, narrow).await.unwrap();

    let removed = metadata::remove_root(&test.cx, &mut admin.caller(), authority, root.digest()).await;
    assert_eq!(removed.unwrap_err().code(), "confirm_needed");
    admin.confirm(Action::RemoveRoot(root.digest())).await.unwrap();
    let who = admin.who().await;
    let authority = Authority::Person(&who);
    metadata::remove_root(&test.cx, &mut admin.caller(), authority, root.digest()).await.unwrap();
}

#[tokio::test]
async fn who_may_not_change_policy_may_not_change_roots() {
    let test = TestContext::sqlite().await;
    let mut help = Visitor::new(&test, "help");
    help.onboard("help@example.com", Role::AuthenticationAdministrator).await;
    let root = new(&[MODEL]);
    // The confirmation itself may be refused already; either way nothing happens.
    let confirmed = help.confirm(Action::AddRoot(root.digest(test.now()).unwrap())).await;
    let who = help.who().await;
    let added = metadata::add_root(&test.cx, &mut help.caller(), Authority::Person(&who), root).await;
    let code = added.unwrap_err().code();
    assert!(if confirmed.is_ok() { code == "role_too_low" } else { code == "confirm_needed" }, "{code}");
    assert!(metadata::roots(&test.cx).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_no_root_is_refused_by_its_code() {
    let test = TestContext::sqlite().await;
    let late = test.now() + primitives::time::Span::from_days(365 * 60);
    for (root, code) in [
        (NewRoot { name: " ".to_owned(), ..new(&[]) }, "root_name"),
        (NewRoot { name: "a\nb".to_owned(), ..new(&[]) }, "root_name"),
        (NewRoot { certificate: "nonsense".to_owned(), ..new(&[]) }, "root_certificate"),
        (NewRoot { certificate: pem(b"nonsense"), ..new(&[]) }, "root_certificate"),
        (NewRoot { hardware: true, ..new(&[]) }, "root_models"),
        (new(&[Aaguid::UNKNOWN]), "root_models"),
    ] {
        let added = metadata::add_root(&test.cx, &mut test.operator(), Authority::Operator, root).await;
        assert_eq!(added.unwrap_err().code(), code);
    }
    assert_eq!(new(&[]).check(late).unwrap_err(), RootRefusal::NotValidNow);
    assert_eq!(RootRefusal::NotValidNow.code(), "root_not_valid");
    assert_eq!(RootsError::TooMany.code(), "roots_too_many");
    let digests: Vec<_> = [
        NewRoot { single: true, ..new(&[MODEL]) },
        NewRoot { hardware: true, ..new(&[MODEL]) },
        NewRoot { biometric: true, ..new(&[MODEL]) },
        NewRoot { name: "Other".to_owned(), ..new(&[MODEL]) },
    ]
    .map(|root| NewRoot { certificate: new(&[]).certificate, ..root }.digest(test.now()).unwrap())
    .to_vec();
    assert!(digests.iter().all(|digest| *digest != digest::sha256(b"")));
    assert_ne!(digests[0], digests[1]);
    assert_ne!(digests[1], digests[2]);
}

/// What is stored is checked where it enters (DESIGN 5a.1): a row of its own, and all of them together.
#[tokio::test]
async fn forged_and_missing_rows_are_found() {
    let test = TestContext::sqlite().await;
    metadata::add_root(&test.cx, &mut test.operator(), Authority::Operator, new(&[MODEL])).await.unwrap();
    for sql in [
        "UPDATE metadata_entries SET body = '{}'",
        "UPDATE metadata_entries SET source = 'fido'",
        "DELETE FROM metadata_entries",
        "UPDATE metadata_sources SET number = 7",
        "UPDATE metadata_sources SET next_update = 1",
        "UPDATE metadata_sources SET digest = SUBSTR(mac, 1, 32)",
    ] {
        let found: Result<(), store::StoreError> = test
            .cx
            .db
            .write(move |tx| {
                tx.execute_raw(sql)?;
                for source in store::metadata::sources(tx)? {
                    store::metadata::entries(tx, &source)?;
                }
                // Rolled back, so that every change is seen alone.
                Err(store::StoreError::Database("not found".to_owned()))
            })
            .await;
        assert_eq!(found.unwrap_err().code(), "store_forged", "{sql}");
    }
    metadata::load(&test.cx).await.unwrap();
}
