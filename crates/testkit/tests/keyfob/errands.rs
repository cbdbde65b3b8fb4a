//! The guide's path A with Keyfob: the computer's wizard waits and follows.

use account::audit::EventKind;
use keyfob::errand::unfinished::{Ended, resume};
use keyfob::errand::{self, ErrandError};
use keyfob::talk::Choice;
use service::enrol_phone::Stage;
use testkit::deployment::Variation;

use super::people::{ANA, Desk, Fob, Person, sign_in_only};

#[tokio::test]
async fn with_the_code_and_a_pass_the_passkey_is_made_and_the_computer_follows() {
    let desk = Desk::waiting(sign_in_only()).await;
    let code = desk.begun.code.as_ref().unwrap().to_string();
    let ticket = errand::find(&mut desk.server(), &code).await.unwrap();
    assert_eq!(ticket, desk.ticket());
    let (mut fob, mut person) =
        (Fob::new(1), Person { passes: vec![desk.pass.clone()], ..Person::default() });
    let created = desk.errand(&mut fob, &mut person).await.unwrap();
    assert_eq!((created.account.as_str(), created.followed), (ANA, true));
    assert!(!created.passkey.is_empty() && !created.name.is_empty());
    assert_eq!((desk.stage().await, fob.held()), (Stage::CreatedOk, 1));
    assert_eq!(person.heard[0], "ana•••@example.com", "masked before anything is proven");
}

#[tokio::test]
async fn a_number_typed_on_the_computer_is_enough() {
    let desk = Desk::waiting(Variation::default()).await;
    let (mut fob, mut person) = (Fob::new(2), Person { desk: Some(&desk), ..Person::default() });
    let created = desk.errand(&mut fob, &mut person).await.unwrap();
    assert_eq!((created.account.as_str(), desk.stage().await), (ANA, Stage::CreatedOk));
    assert!(person.heard.iter().any(|heard| heard.starts_with("Number(")), "{:?}", person.heard);
}

#[tokio::test]
async fn a_slip_is_said_and_may_be_mended() {
    let desk = Desk::waiting(sign_in_only()).await;
    let passes = vec![desk.pass.clone(), "K7QX-MM4P-29TD".to_owned()];
    let (mut fob, mut person) = (Fob::new(3), Person { passes, ..Person::default() });
    desk.errand(&mut fob, &mut person).await.unwrap();
    assert!(person.heard.contains(&"pass_check_character".to_owned()), "{:?}", person.heard);
}

#[tokio::test]
async fn who_did_not_start_it_stops_it_and_the_computer_says_so() {
    let desk = Desk::waiting(sign_in_only()).await;
    let (mut fob, mut person) = (Fob::new(4), Person { choice: Some(Choice::NotMine), ..Person::default() });
    let refused = desk.errand(&mut fob, &mut person).await.unwrap_err();
    assert!(matches!(refused, ErrandError::Declined));
    assert_eq!((desk.stage().await, fob.held()), (Stage::Declined, 0));
}

#[tokio::test]
async fn who_gives_up_is_missed_by_the_computer() {
    let desk = Desk::waiting(sign_in_only()).await;
    let (mut fob, mut person) = (Fob::new(5), Person::default());
    let refused = desk.errand(&mut fob, &mut person).await.unwrap_err();
    assert!(matches!(refused, ErrandError::Cancelled), "{refused}");
    assert_eq!((desk.stage().await, fob.held()), (Stage::PhoneCancelled, 0));

    let desk = Desk::waiting(Variation::default()).await;
    let mut person = Person { impatient: true, ..Person::default() };
    let refused = desk.errand(&mut fob, &mut person).await.unwrap_err();
    assert!(matches!(refused, ErrandError::Cancelled), "{refused}");
    assert_eq!(desk.stage().await, Stage::PhoneCancelled);
}

#[tokio::test]
async fn a_person_who_refuses_the_passkey_itself_leaves_nothing_behind() {
    let desk = Desk::waiting(sign_in_only()).await;
    let (mut fob, mut person) =
        (Fob::new(6), Person { passes: vec![desk.pass.clone()], ..Person::default() });
    fob.authenticator.person.present = false;
    let refused = desk.errand(&mut fob, &mut person).await.unwrap_err();
    assert!(matches!(refused, ErrandError::Cancelled), "{refused}");
    assert_eq!((desk.stage().await, fob.held()), (Stage::PhoneCancelled, 0));
}

#[tokio::test]
async fn lost_answers_lose_no_passkey_and_store_no_two() {
    let desk = Desk::waiting(sign_in_only()).await;
    desk.listening.lose(3);
    let (mut fob, mut person) =
        (Fob::new(7), Person { passes: vec![desk.pass.clone()], ..Person::default() });
    desk.errand(&mut fob, &mut person).await.unwrap();
    assert_eq!((desk.stage().await, fob.held()), (Stage::CreatedOk, 1));
    assert_eq!(person.heard.iter().filter(|heard| *heard == "HandingInAgain").count(), 3);
    let events = desk.listening.app.test.events().await;
    let registered = events.iter().filter(|event| matches!(event, EventKind::PasskeyAdded { .. })).count();
    assert_eq!(registered, 1);
}

#[tokio::test]
async fn when_no_answer_ever_comes_the_passkey_is_kept_and_it_says_so() {
    let desk = Desk::waiting(sign_in_only()).await;
    desk.listening.lose(usize::MAX);
    let (mut fob, mut person) =
        (Fob::new(8), Person { passes: vec![desk.pass.clone()], ..Person::default() });
    let refused = desk.errand(&mut fob, &mut person).await.unwrap_err();
    assert!(matches!(refused, ErrandError::Unknown), "{refused}");
    assert_eq!((desk.stage().await, fob.held()), (Stage::CreatedOk, 1), "the server had taken it");
}

#[tokio::test]
async fn what_the_server_refuses_is_deleted_here() {
    let desk = Desk::waiting(sign_in_only()).await;
    let (mut fob, mut person) =
        (Fob::new(9), Person { passes: vec![desk.pass.clone()], ..Person::default() });
    // One that cannot be verified: the server wants that it was.
    fob.authenticator.person.verified = false;
    fob.lies_about_verification = true;
    let refused = desk.errand(&mut fob, &mut person).await.unwrap_err();
    assert_eq!(refused.code(), "uv_missing");
    assert_eq!(fob.held(), 0, "no half-registered passkey is left");
}

#[tokio::test]
async fn what_broke_off_before_its_answer_came_is_brought_to_an_end() {
    let desk = Desk::waiting(sign_in_only()).await;
    desk.listening.lose(usize::MAX);
    let (mut fob, mut person) =
        (Fob::new(10), Person { passes: vec![desk.pass.clone()], ..Person::default() });
    desk.errand(&mut fob, &mut person).await.unwrap_err();
    let since = fob.unfinished[0].since;
    let still = resume(&mut fob, "en", since, true).await.unwrap();
    assert!(matches!(still[0].ended, Ended::Unknown), "nobody answers yet: {still:?}");
    assert_eq!((fob.held(), fob.unfinished.len()), (1, 1));
    desk.listening.lose(0);
    let resumed = resume(&mut fob, "en", since, true).await.unwrap();
    assert!(matches!(&resumed[0].ended, Ended::Stored(name) if !name.is_empty()), "{resumed:?}");
    assert_eq!((fob.held(), fob.unfinished.len(), fob.about.len()), (1, 0, 1));
    assert_eq!(fob.about[0].server.as_deref(), Some(desk.listening.origin()));
    let events = desk.listening.app.test.events().await;
    let registered = events.iter().filter(|event| matches!(event, EventKind::PasskeyAdded { .. })).count();
    assert_eq!(registered, 1, "and stored once");
}

#[tokio::test]
async fn what_broke_off_long_ago_is_kept_and_asked_about_later() {
    let desk = Desk::waiting(sign_in_only()).await;
    desk.listening.lose(usize::MAX);
    let (mut fob, mut person) =
        (Fob::new(11), Person { passes: vec![desk.pass.clone()], ..Person::default() });
    desk.errand(&mut fob, &mut person).await.unwrap_err();
    let later = fob.unfinished[0].since + 2 * 3600;
    let resumed = resume(&mut fob, "en", later, true).await.unwrap();
    assert!(matches!(resumed[0].ended, Ended::Unknown), "{resumed:?}");
    assert_eq!((fob.held(), fob.unfinished.len()), (1, 0), "the server has it: deleted here, nobody had it");
    assert_eq!(fob.about[0].server.as_deref(), Some(desk.listening.origin()));
}
