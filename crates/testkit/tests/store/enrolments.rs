//! Errands of phones: found by what the phone was shown, moved only from where they stand, and written by nobody else.

use account::enrolment::{Device, Ending, Enrolment, LIFETIME, Mode, State};
use account::user::User;
use primitives::entropy::SystemEntropy;
use primitives::keys::KeyRing;
use std::sync::Arc;
use store::{Db, enrolments};

use crate::fixture::{self, Fixture, NOW};
use crate::forged::each_is_forged;

const TICKET: [u8; 16] = [7; 16];
const CODE: &str = "4KD92M";

async fn stored(f: &Fixture, user: &User) -> Enrolment {
    let enrolment = Enrolment {
        id: fixture::id(),
        user: user.id,
        session: fixture::id(),
        mode: Mode::SignIn,
        desktop: Device { browser: "Edge on Windows".to_owned(), address: String::new(), at: NOW },
        ends: NOW + LIFETIME,
        another_tried: false,
        sealed: "sealed".to_owned(),
        version: 0,
        state: State::Created,
    };
    let written = enrolment.clone();
    f.write(move |tx| enrolments::insert(tx, &written, &TICKET, Some(CODE))).await;
    enrolment
}

pub(crate) async fn an_errand_is_found_by_what_the_phone_was_shown(f: Fixture) {
    let user = f.user("ada").await;
    let enrolment = stored(&f, &user).await;
    let (id, owner, session) = (enrolment.id, user.id, enrolment.session);
    for found in [
        f.write(move |tx| enrolments::by_id(tx, id)).await,
        f.write(move |tx| enrolments::lock(tx, id)).await,
        f.write(|tx| enrolments::by_ticket(tx, &TICKET)).await,
        f.write(|tx| enrolments::by_code(tx, CODE)).await,
    ] {
        assert_eq!(found.as_ref(), Some(&enrolment));
    }
    assert_eq!(f.write(move |tx| enrolments::of_user(tx, owner)).await, std::slice::from_ref(&enrolment));
    assert_eq!(f.write(|tx| enrolments::by_ticket(tx, &[8; 16])).await, None);
    assert_eq!(f.write(|tx| enrolments::by_code(tx, "4KD92N")).await, None);
    assert_eq!(session, enrolment.session);

    // Without a code there is none to find, not even the empty one.
    let other = Enrolment { id: fixture::id(), mode: Mode::Number, ..enrolment.clone() };
    f.write(move |tx| enrolments::insert(tx, &other, &[9; 16], None)).await;
    assert_eq!(f.write(|tx| enrolments::by_code(tx, "")).await, None);

    // Also under the next key.
    let mut keys = KeyRing::parse(&f.keys.encode()).unwrap();
    keys.rotate(NOW, &mut SystemEntropy);
    let db = Db::open(&f.database, Arc::new(keys)).await.unwrap();
    let found = db.read(|tx| enrolments::by_ticket(tx, &TICKET)).await.unwrap();
    assert_eq!(found, Some(enrolment.clone()));
    assert_eq!(db.read(|tx| enrolments::by_code(tx, CODE)).await.unwrap(), Some(enrolment));
}

pub(crate) async fn an_errand_moves_only_from_where_it_stands(f: Fixture) {
    let user = f.user("ada").await;
    let first = stored(&f, &user).await;
    let ended = State::Ended { claim: None, how: Ending::Stopped };
    let next = Enrolment { another_tried: true, version: 1, state: ended.clone(), ..first.clone() };
    let (from, to) = (first.clone(), next.clone());
    assert!(f.write(move |tx| enrolments::advance(tx, &from, &to)).await);
    assert_eq!(f.write(|tx| enrolments::by_ticket(tx, &TICKET)).await.as_ref(), Some(&next));
    let declined = State::Ended { claim: None, how: Ending::Declined };
    let to = Enrolment { state: declined, ..first.clone() };
    assert!(!f.write(move |tx| enrolments::advance(tx, &first, &to)).await, "somebody else was first");
    assert_eq!(f.write(|tx| enrolments::by_code(tx, CODE)).await, Some(next.clone()));
    let gone = Enrolment { id: fixture::id(), ..next };
    assert!(!f.write(move |tx| enrolments::advance(tx, &gone, &gone)).await);
}

pub(crate) async fn every_column_of_an_errand(f: Fixture) {
    let (ada, _) = (f.user("ada").await, f.user("eve").await);
    let id = stored(&f, &ada).await.id;
    let assignments = [
        "user_id = (SELECT id FROM users WHERE login_key = 'eve')",
        "session_id = user_id",
        "ticket = SUBSTR(mac, 1, 32)",
        "code = ticket",
        "ends = 9000000000000000000",
        "version = 7",
        "body = REPLACE(body, 'sign-in', 'number')",
        "body = REPLACE(body, 'false', 'true')",
    ];
    each_is_forged(&f, "enrolments", &assignments, move |tx| enrolments::by_id(tx, id)).await;
}
