//! Codes of devices are found by what each side holds, decided once, and taken once.

use account::device_code::{Approval, DeviceCode, FIRST_PAUSE, LIFETIME, Request, State};
use account::evidence::{Evidence, Proof};
use account::lockout::Bucket;
use account::session::ClientLabel;
use primitives::entropy::SystemEntropy;
use primitives::secret::Token;
use primitives::time::Span;
use store::device_codes;
use store::device_guesses::{self, Whose};

use crate::fixture::{self, Fixture, NOW};
use crate::forged::each_is_forged;

fn waiting() -> DeviceCode {
    DeviceCode {
        id: fixture::id(),
        client: "television".to_owned(),
        request: Request {
            scopes: "openid".to_owned(),
            resources: Vec::new(),
            device: ClientLabel { browser: "A television".to_owned(), address: "192.0.2.9".to_owned() },
        },
        state: State::Waiting,
        polled: None,
        pause: FIRST_PAUSE,
        created: NOW,
        ends: NOW + LIFETIME,
    }
}

fn approved() -> State {
    State::Approved(Box::new(Approval {
        user: fixture::id(),
        sid: fixture::id(),
        evidence: Evidence::try_from(vec![Proof::Password { at: NOW }]).unwrap(),
        security_epoch: 1,
        deployment_epoch: 1,
        at: NOW,
    }))
}

async fn stored(f: &Fixture, user_code: &'static str) -> (DeviceCode, Token) {
    let (code, token) = (waiting(), Token::generate(&mut SystemEntropy));
    let (written, kept) = (code.clone(), token.clone());
    assert!(f.write(move |tx| device_codes::insert(tx, &written, &kept, user_code)).await);
    (code, token)
}

pub(crate) async fn a_device_is_found_decided_once_and_taken_once(f: Fixture) {
    let (code, token) = stored(&f, "WDJBMJHT").await;
    let (other, second) = (waiting(), Token::generate(&mut SystemEntropy));
    assert!(!f.write(move |tx| device_codes::insert(tx, &other, &second, "WDJBMJHT")).await, "taken");
    let id = code.id;
    assert_eq!(f.write(|tx| device_codes::by_user_code(tx, "WDJBMJHT")).await.as_ref(), Some(&code));
    assert_eq!(f.write(|tx| device_codes::by_user_code(tx, "WDJBMJHS")).await, None);
    let kept = token.clone();
    let by_device = f.write(move |tx| device_codes::by_device_code(tx, &kept)).await;
    assert_eq!(by_device.as_ref(), Some(&code));
    assert_eq!(f.write(|tx| device_codes::count(tx, "192.0.2.9", 9)).await, (1, 1));
    assert_eq!(f.write(|tx| device_codes::count(tx, "192.0.2.10", 9)).await, (1, 0));

    f.write(move |tx| device_codes::polled(tx, id, NOW, Span::from_secs(10))).await;
    let approval = approved();
    let state = approval.clone();
    assert!(f.write(move |tx| device_codes::decide(tx, id, state.clone())).await);
    assert!(!f.write(move |tx| device_codes::decide(tx, id, State::Declined)).await, "somebody was first");
    let found = f.write(move |tx| device_codes::lock(tx, id)).await.unwrap();
    assert_eq!((found.state, found.polled, found.pause), (approval, Some(NOW), Span::from_secs(10)));

    assert!(f.write(move |tx| device_codes::take(tx, id)).await);
    assert!(!f.write(move |tx| device_codes::take(tx, id)).await, "its tokens are fetched once");
}

pub(crate) async fn a_device_is_swept_an_hour_after_its_end(f: Fixture) {
    stored(&f, "WDJBMJHT").await;
    f.db.pin_clock(Some(NOW + LIFETIME + device_codes::KEPT));
    assert_eq!(f.write(device_codes::sweep).await, 0);
    f.db.pin_clock(Some(NOW + LIFETIME + device_codes::KEPT + Span::from_secs(1)));
    assert_eq!(f.write(device_codes::sweep).await, 1);
}

pub(crate) async fn every_authority_column_of_a_device(f: Fixture) {
    let (code, _) = stored(&f, "WDJBMJHT").await;
    let id = code.id;
    each_is_forged(
        &f,
        "device_codes",
        &[
            "device_code = user_code",
            "user_code = device_code",
            "client_id = 'other'",
            "request = replace(request, 'openid', 'openid offline_access')",
            "state = '{\"state\":\"declined\"}'",
            "state = 'nonsense'",
            "created = created + 1",
            "ends = ends + 1",
        ],
        move |tx| device_codes::lock(tx, id).map(|_| ()),
    )
    .await;
}

pub(crate) async fn tries_at_devices_are_counted_apart(f: Fixture) {
    let ada = Bucket { since: NOW, count: 3 };
    let everybody = Bucket { since: NOW, count: 99 };
    f.write(move |tx| {
        device_guesses::store(tx, Whose::Of(b"ada"), ada)?;
        device_guesses::store(tx, Whose::Everybody, everybody)
    })
    .await;
    assert_eq!(f.write(|tx| device_guesses::load(tx, Whose::Of(b"ada"))).await, Some(ada));
    assert_eq!(f.write(|tx| device_guesses::load(tx, Whose::Of(b"eve"))).await, None);
    assert_eq!(f.write(|tx| device_guesses::load(tx, Whose::Everybody)).await, Some(everybody));
}
