//! Every table: what goes in comes out, and state moves only from where it stands.

use account::evidence::Evidence;
use account::lockout::Bucket;
use account::passkey::PasskeyStatus;
use account::role::Role;
use account::session::{Confirmation, Session, SessionKind};
use account::temporary_pass::PassState;
use account::user::{User, UserStatus};
use primitives::entropy::SystemEntropy;
use primitives::keys::KeyRing;
use primitives::secret::Token;
use primitives::time::{Span, Timestamp};
use std::sync::Arc;
use store::spent::{SpentKey, Taken};
use store::{Db, guesses, passkeys, sessions, settings, spent, temporary_passes, users};

use crate::fixture::{self, Fixture, NOW};

pub(crate) async fn a_user_is_found_by_every_spelling(f: Fixture) {
    let user = f.user("Ädä@Example.com").await;
    for spelling in ["ädä@example.com", " ÄDÄ@EXAMPLE.COM ", "a\u{308}da\u{308}@example.com"] {
        let login = fixture::login(spelling);
        assert_eq!(f.write(move |tx| users::by_login(tx, &login)).await.as_ref(), Some(&user), "{spelling}");
    }
    let (id, handle) = (user.id, user.handle);
    assert_eq!(f.write(move |tx| users::by_id(tx, id)).await.as_ref(), Some(&user));
    assert_eq!(f.write(move |tx| users::lock(tx, id)).await.as_ref(), Some(&user));
    assert_eq!(f.write(move |tx| users::by_handle(tx, &handle)).await.as_ref(), Some(&user));
    assert_eq!(f.write(|tx| users::by_id(tx, fixture::id())).await, None);

    let changed = User {
        name: "Ada".to_owned(),
        email: None,
        role: Role::Administrator,
        status: UserStatus::Disabled,
        security_epoch: 2,
        language: None,
        ..user
    };
    let written = changed.clone();
    assert!(f.write(move |tx| users::update(tx, &written)).await);
    assert_eq!(f.write(move |tx| users::by_id(tx, id)).await.as_ref(), Some(&changed));
    assert_eq!(f.write(|tx| users::of_role(tx, Role::Administrator)).await, [changed]);
    assert_eq!(f.write(|tx| users::of_role(tx, Role::Helpdesk)).await, []);
}

pub(crate) async fn a_login_is_taken_once(f: Fixture) {
    f.user("ada").await;
    let bob = f.user("bob").await;
    let second = fixture::user("ADA");
    assert!(!f.write(move |tx| users::insert(tx, &second)).await);
    let renamed = User { login: fixture::login("Ada"), ..bob.clone() };
    assert!(!f.write(move |tx| users::update(tx, &renamed)).await);
    let id = bob.id;
    assert_eq!(f.write(move |tx| users::by_id(tx, id)).await, Some(bob));
    assert_eq!(f.write(users::count).await, 2);
}

pub(crate) async fn users_are_listed_in_pages(f: Fixture) {
    for login in ["carol", "ada", "bob"] {
        f.user(login).await;
    }
    let names = |users: Vec<User>| users.iter().map(|user| user.login.key().to_owned()).collect::<Vec<_>>();
    let first = f.write(|tx| users::list(tx, None, 2)).await;
    let after = first[1].login.clone();
    assert_eq!(names(first), ["ada", "bob"]);
    assert_eq!(names(f.write(move |tx| users::list(tx, Some(&after), 2)).await), ["carol"]);
}

pub(crate) async fn a_passkey_lives_its_life(f: Fixture) {
    let user = f.user("ada").await;
    let (first, second) = (f.passkey(&user).await, f.passkey(&user).await);
    let (owner, id, credential_id) = (user.id, first.id, first.credential_id.clone());
    let again = account::passkey::Passkey { id: fixture::id(), ..first.clone() };
    assert!(!f.write(move |tx| passkeys::insert(tx, &again)).await);
    let found = f.write(move |tx| passkeys::by_credential_id(tx, &credential_id)).await;
    assert_eq!(found.as_ref(), Some(&first));
    let all = f.write(move |tx| passkeys::of_user(tx, owner)).await;
    assert!(all.len() == 2 && all.contains(&first) && all.contains(&second));

    let mut used = first.clone();
    used.sign_count = 8;
    used.backed_up = true;
    used.last_used = Some(NOW);
    used.last_used_on = Some("Firefox on Windows".to_owned());
    used.tried = true;
    used.counter_anomaly = true;
    let recorded = used.clone();
    assert!(f.write(move |tx| passkeys::record_use(tx, &recorded)).await);
    assert!(f.write(move |tx| passkeys::rename(tx, owner, id, "Work")).await);
    used.name = "Work".to_owned();
    assert_eq!(f.write(move |tx| passkeys::by_id(tx, owner, id)).await, Some(used));

    // Not by another user's name.
    assert_eq!(f.write(move |tx| passkeys::by_id(tx, fixture::id(), id)).await, None);
    assert!(!f.write(move |tx| passkeys::rename(tx, fixture::id(), id, "x")).await);
    assert!(!f.write(move |tx| passkeys::remove(tx, fixture::id(), id)).await);
    assert!(f.write(move |tx| passkeys::remove(tx, owner, id)).await);
    assert!(!f.write(move |tx| passkeys::remove(tx, owner, id)).await);
    assert_eq!(f.write(move |tx| passkeys::of_user(tx, owner)).await, [second]);
}

pub(crate) async fn a_disabled_passkey_records_no_use(f: Fixture) {
    let user = f.user("ada").await;
    let passkey = f.passkey(&user).await;
    let (owner, id) = (user.id, passkey.id);
    let moved = passkey.clone();
    assert!(f.write(move |tx| passkeys::set_status(tx, &moved, PasskeyStatus::Disabled)).await);
    let moved = passkey.clone();
    assert!(!f.write(move |tx| passkeys::set_status(tx, &moved, PasskeyStatus::Disabled)).await);
    assert!(!f.write(move |tx| passkeys::record_use(tx, &passkey)).await);
    let stored = f.write(move |tx| passkeys::by_id(tx, owner, id)).await.unwrap();
    assert!(!stored.is_enabled() && stored.last_used.is_none());
}

pub(crate) async fn spent_keeps_its_outcome(f: Fixture) {
    let key = SpentKey::new(NOW, b"challenge");
    let (first, second, asked) = (key.clone(), key.clone(), key);
    assert_eq!(f.write(move |tx| spent::take(tx, &first, b"passkey 1")).await, Taken::First);
    let again = f.write(move |tx| spent::take(tx, &second, b"passkey 2")).await;
    assert_eq!(again, Taken::Already(b"passkey 1".to_vec()));
    assert_eq!(f.write(move |tx| spent::outcome_of(tx, &asked)).await, Some(b"passkey 1".to_vec()));
    let other = SpentKey::new(NOW, b"other");
    assert_eq!(f.write(move |tx| spent::outcome_of(tx, &other)).await, None);
}

pub(crate) async fn spent_is_swept_an_hour_past_expiry(f: Fixture) {
    for seconds in [0, 1, 100] {
        let key = SpentKey::new(NOW + Span::from_secs(seconds), b"challenge");
        f.write(move |tx| spent::take(tx, &key, b"")).await;
    }
    f.db.pin_clock(Some(NOW + spent::KEPT));
    assert_eq!(f.write(spent::sweep).await, 0);
    f.db.pin_clock(Some(NOW + spent::KEPT + Span::from_secs(2)));
    assert_eq!(f.write(spent::sweep).await, 2);
}

pub(crate) async fn a_pass_moves_only_from_where_it_stands(f: Fixture) {
    let user = f.user("ada").await;
    let pass = f.pass(&user).await;
    let (owner, id) = (user.id, pass.id);
    assert_eq!(f.write(move |tx| temporary_passes::by_id(tx, id)).await.as_ref(), Some(&pass));
    let old = pass.clone();
    let tried = f.write(move |tx| temporary_passes::count_try(tx, &old)).await.unwrap();
    assert_eq!(tried.tries, 1);
    // Two who read the same count cannot both count.
    let old = pass.clone();
    assert_eq!(f.write(move |tx| temporary_passes::count_try(tx, &old)).await, None);

    let reserved = PassState::Reserved { session: fixture::id(), at: NOW };
    let from = tried.clone();
    let moved = f.write(move |tx| temporary_passes::set_state(tx, &from, reserved)).await.unwrap();
    let from = tried.clone();
    assert_eq!(f.write(move |tx| temporary_passes::set_state(tx, &from, reserved)).await, None);
    for state in [PassState::Spent { at: NOW }, PassState::Revoked { at: NOW }, PassState::Locked { at: NOW }]
    {
        let from = f.write(move |tx| temporary_passes::lock(tx, id)).await.unwrap();
        let moved = f.write(move |tx| temporary_passes::set_state(tx, &from, state)).await.unwrap();
        assert_eq!(f.write(move |tx| temporary_passes::newest(tx, owner)).await, Some(moved));
    }
    assert_eq!(moved.state, reserved);

    let newer = f.pass(&user).await;
    let all = f.write(move |tx| temporary_passes::of_user(tx, owner)).await;
    assert_eq!(all.len(), 2);
    let newest = f.write(move |tx| temporary_passes::newest(tx, owner)).await.unwrap();
    assert!([newer.id, id].contains(&newest.id));
    let page = f.write(|tx| temporary_passes::list(tx, None, 1)).await;
    let after = page[0].id;
    assert_eq!(page, [all[0].clone()]);
    assert_eq!(f.write(move |tx| temporary_passes::list(tx, Some(after), 9)).await, [all[1].clone()]);
}

pub(crate) async fn a_session_is_found_by_its_token(f: Fixture) {
    let user = f.user("ada").await;
    let passkey = f.passkey(&user).await;
    let (session, token) = f.session(&user, Evidence::from_assertion(&passkey, true, NOW)).await;
    let asked = token.clone();
    assert_eq!(f.db.read(move |tx| sessions::by_token(tx, &asked)).await, Ok(Some(session.clone())));
    let unknown = Token::generate(&mut SystemEntropy);
    assert_eq!(f.write(move |tx| sessions::by_token(tx, &unknown)).await, None);
    let (owner, id) = (user.id, session.id);
    assert_eq!(f.db.read(move |tx| sessions::by_id(tx, owner, id)).await, Ok(Some(session.clone())));

    let mut later = session.clone();
    later.last_seen = NOW + Span::from_minutes(3);
    later.confirmed = Some(Confirmation { digest: [8; 32], at: NOW });
    let written = Session { user: later.user, authenticated_at: NOW + Span::from_hours(9), ..later.clone() };
    assert!(f.write(move |tx| sessions::update(tx, &written)).await);
    // Only what may change did.
    let asked = token.clone();
    assert_eq!(f.write(move |tx| sessions::by_token(tx, &asked)).await, Some(later));

    // After a rotation of the keys too.
    let mut ring = KeyRing::parse(&f.keys.encode()).unwrap();
    ring.rotate(NOW, &mut SystemEntropy);
    let rotated = Db::open(&f.database, Arc::new(ring)).await.unwrap();
    let found = rotated.write(move |tx| sessions::by_token(tx, &token)).await.unwrap();
    assert_eq!(found.map(|session| session.id), Some(id));
    assert!(f.write(move |tx| sessions::remove(tx, owner, id)).await);
    assert!(!f.write(move |tx| sessions::remove(tx, owner, id)).await);
    assert!(!f.write(move |tx| sessions::update(tx, &session)).await);
}

pub(crate) async fn sessions_end_in_groups(f: Fixture) {
    let user = f.user("ada").await;
    let owner = user.id;
    let (first, second) = (f.passkey(&user).await, f.passkey(&user).await);
    let pass = f.pass(&user).await;
    let (kept, _) = f.session(&user, Evidence::from_assertion(&first, true, NOW)).await;
    f.session(&user, Evidence::from_assertion(&first, true, NOW)).await;
    f.session(&user, Evidence::from_assertion(&second, true, NOW)).await;
    let token = Token::generate(&mut SystemEntropy);
    let mut onboarding = fixture::session(&user, Evidence::from_pass(&pass, NOW));
    onboarding.kind = SessionKind::Onboarding { pass: pass.id };
    f.write(move |tx| sessions::insert(tx, &onboarding, &token)).await;

    assert_eq!(f.write(move |tx| sessions::of_user(tx, owner)).await.len(), 4);
    let (passkey, keep) = (first.id, kept.id);
    assert_eq!(f.write(move |tx| sessions::remove_of_passkey(tx, owner, passkey, Some(keep))).await, 1);
    assert_eq!(f.write(move |tx| sessions::remove_of_pass(tx, owner, pass.id)).await, 1);
    assert_eq!(f.write(move |tx| sessions::remove_of_user(tx, owner, Some(keep))).await, 1);
    assert_eq!(f.write(move |tx| sessions::of_user(tx, owner)).await, [kept]);
    assert_eq!(f.write(move |tx| sessions::remove_of_user(tx, owner, None)).await, 1);
}

pub(crate) async fn sessions_are_swept_after_their_end(f: Fixture) {
    let user = f.user("ada").await;
    let pass = f.pass(&user).await;
    let (session, token) = f.session(&user, Evidence::from_pass(&pass, NOW)).await;
    f.db.pin_clock(Some(session.ends));
    assert_eq!(f.write(sessions::sweep).await, 0);
    f.db.pin_clock(Some(session.ends + Span::from_secs(1)));
    assert_eq!(f.write(sessions::sweep).await, 1);
    assert_eq!(f.write(move |tx| sessions::by_token(tx, &token)).await, None);
}

pub(crate) async fn guesses_count_by_name(f: Fixture) {
    let bucket = Bucket { since: NOW, count: 3 };
    assert_eq!(f.write(|tx| guesses::load(tx, "ada")).await, None);
    f.write(move |tx| guesses::store(tx, "ada", bucket)).await;
    let more = Bucket { count: 4, ..bucket };
    f.write(move |tx| guesses::store(tx, "ada", more)).await;
    assert_eq!(f.write(|tx| guesses::load(tx, "ada")).await, Some(more));
    f.write(|tx| guesses::clear(tx, "ada")).await;
    assert_eq!(f.write(|tx| guesses::load(tx, "ada")).await, None);
}

pub(crate) async fn there_is_one_first_administrator(f: Fixture) {
    let (ada, bob) = (f.user("ada").await.id, f.user("bob").await.id);
    assert!(f.write(move |tx| settings::mark_first_administrator(tx, ada)).await);
    assert!(!f.write(move |tx| settings::mark_first_administrator(tx, bob)).await);
    let deployment = f.write(settings::deployment).await;
    assert_eq!((deployment.epoch, deployment.first_administrator), (1, Some(ada)));
    f.write(|tx| settings::put(tx, "test", "1")).await;
    f.write(|tx| settings::put(tx, "test", "2")).await;
    assert_eq!(f.write(|tx| settings::get(tx, "test")).await.as_deref(), Some("2"));
}

pub(crate) async fn the_clock_never_goes_back(f: Fixture) {
    let later = NOW + Span::from_hours(1);
    f.db.pin_clock(Some(later));
    assert_eq!(f.write(|tx| tx.now()).await, later);
    f.db.pin_clock(Some(NOW));
    assert_eq!(f.write(|tx| tx.now()).await, later);
    // The floor outlives the process: the stored one lies ahead of the real clock of whoever opens it next.
    let ahead = Timestamp::from_secs(4_000_000_000);
    f.db.pin_clock(Some(ahead));
    f.write(|tx| tx.now()).await;
    let reopened = Db::open(&f.database, Arc::clone(&f.keys)).await.unwrap();
    assert!(reopened.now().await.unwrap() >= ahead);
}
