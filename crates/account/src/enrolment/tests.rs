use super::*;
use crate::samples::{Counting, NOW, id};

const PHONE: Digest = [1; 32];
const OTHER: Digest = [2; 32];

fn device(browser: &str, at: Timestamp) -> Device {
    Device { browser: browser.to_owned(), address: "192.0.2.1".to_owned(), at }
}

fn begun(mode: Mode) -> Enrolment {
    Enrolment {
        id: id(1),
        user: id(2),
        session: id(3),
        mode,
        desktop: device("Edge on Windows", NOW),
        ends: NOW + LIFETIME,
        another_tried: false,
        sealed: String::new(),
        version: 0,
        state: State::Created,
    }
}

fn claimed(mode: Mode, step: Step) -> Enrolment {
    let device = device("Chrome on Android", NOW);
    begun(mode).claim(PHONE, device, step, &mut Counting(1)).unwrap()
}

fn stage(enrolment: &Enrolment, now: Timestamp) -> Stage {
    enrolment.stage(Around { now, session_stands: true, tried: false })
}

fn number(enrolment: &Enrolment) -> u8 {
    match &enrolment.state {
        State::Claimed { step: Step::Number { number, .. }, .. } => *number,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_browser_keeps_it() {
    let claimed = claimed(Mode::SignIn, Step::SigningIn);
    assert_eq!((stage(&claimed, NOW), claimed.version), (Stage::SigningIn, 1));
    let again =
        claimed.claim(PHONE, device("Chrome on Android", NOW), Step::Approved, &mut Counting(1)).unwrap();
    assert_eq!(again, claimed, "asking again changes nothing");
    let other = claimed.claim(OTHER, device("Safari on iOS", NOW), Step::Approved, &mut Counting(1));
    assert_eq!(other, Err(Refusal::Claimed));
    let noted = claimed.noting_another(NOW).unwrap();
    assert!(noted.another_tried && noted.state == claimed.state);
    assert_eq!(noted.noting_another(NOW), None, "once is enough");
    assert!(
        claimed.is_open_to(&PHONE) && !claimed.is_open_to(&OTHER) && begun(Mode::SignIn).is_open_to(&OTHER)
    );
}

#[test]
fn nothing_comes_of_it_after_five_minutes() {
    let claimed = claimed(Mode::SignIn, Step::Approved);
    let (last, over) = (NOW + LIFETIME - Span::from_micros(1), NOW + LIFETIME);
    assert_eq!((claimed.over(last), claimed.over(over)), (None, Some(Refusal::Expired)));
    assert_eq!(stage(&claimed, over), Stage::Expired);
    assert_eq!(claimed.done(&PHONE, over, id(9)), Err(Refusal::Expired));
    assert_eq!(claimed.stopped(over), Err(Refusal::Expired));
    let late = begun(Mode::SignIn).claim(PHONE, device("", over), Step::Opened, &mut Counting(1));
    assert_eq!(late, Err(Refusal::Expired));
}

#[test]
fn what_a_clock_that_was_ahead_began_is_over() {
    let ahead = NOW + Span::from_hours(1);
    let begun = Enrolment { desktop: device("", ahead), ends: ahead + LIFETIME, ..begun(Mode::SignIn) };
    assert_eq!(begun.over(NOW), Some(Refusal::Expired));
}

#[test]
fn a_number_has_two_digits_and_every_one_of_them_comes() {
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..=255 {
        let device = device("", NOW);
        let claimed = begun(Mode::Number).claim(PHONE, device, Step::Approved, &mut Counting(seed)).unwrap();
        assert_eq!(stage(&claimed, NOW), Stage::Approve, "a number is asked for whatever the session says");
        seen.insert(number(&claimed));
    }
    assert_eq!((seen.len(), seen.first(), seen.last()), (90, Some(&10), Some(&99)));
}

#[test]
fn the_third_wrong_number_ends_it() {
    let claimed = claimed(Mode::Number, Step::Opened);
    let (right, wrong) = (number(&claimed).to_string(), (10 + (number(&claimed) - 9) % 90).to_string());
    for slip in ["", "4", "470", "4a", "-7", "四七"] {
        assert_eq!(claimed.type_number(slip, NOW), Ok(Typed::Slip(3)), "{slip}");
    }
    let Ok(Typed::Wrong(second, 2)) = claimed.type_number(&wrong, NOW) else { panic!("first") };
    assert_eq!(second.tries_left(), 2);
    let Ok(Typed::Wrong(third, 1)) = second.type_number(&wrong, NOW) else { panic!("second") };
    let Ok(Typed::Right(approved)) = third.type_number(&format!(" {right} "), NOW) else { panic!("right") };
    assert_eq!(stage(&approved, NOW), Stage::Approved);
    let Ok(Typed::Locked(locked)) = third.type_number(&wrong, NOW) else { panic!("third") };
    assert_eq!((stage(&locked, NOW), locked.tries_left()), (Stage::NumberLocked, 0));
    assert_eq!(locked.type_number(&right, NOW), Err(Refusal::NumberLocked));
    assert_eq!(locked.prompting(&PHONE, NOW), Err(Refusal::NumberLocked));
    assert_eq!(approved.type_number(&right, NOW), Err(Refusal::NotApproved), "there is none any more");
    assert_eq!(begun(Mode::Number).type_number(&right, NOW), Err(Refusal::NotApproved));
}

#[test]
fn only_who_was_approved_creates() {
    for step in [Step::Opened, Step::SigningIn, Step::OtherAccount { login: "l••".to_owned() }] {
        let waiting = claimed(Mode::SignIn, step);
        assert_eq!(waiting.prompting(&PHONE, NOW), Err(Refusal::NotApproved));
        assert_eq!(waiting.done(&PHONE, NOW, id(9)), Err(Refusal::NotApproved));
    }
    let numbered = claimed(Mode::Number, Step::Opened);
    assert_eq!(numbered.done(&PHONE, NOW, id(9)), Err(Refusal::NotApproved));
    assert_eq!(numbered.signed_in(&PHONE, NOW, Step::Approved), Ok(None), "signing in is not the number");
    assert_eq!(begun(Mode::SignIn).done(&PHONE, NOW, id(9)), Err(Refusal::NotApproved));

    let approved = claimed(Mode::SignIn, Step::Approved);
    assert_eq!(approved.done(&OTHER, NOW, id(9)), Err(Refusal::Claimed));
    let creating = approved.prompting(&PHONE, NOW).unwrap();
    assert_eq!(stage(&creating, NOW), Stage::Creating);
    let done = creating.done(&PHONE, NOW, id(9)).unwrap();
    assert_eq!((done.passkey(), stage(&done, NOW)), (Some(id(9)), Stage::CreatedOk));
    assert_eq!(done.stage(Around { now: NOW, session_stands: false, tried: true }), Stage::Tried);
    for refused in [done.done(&PHONE, NOW, id(8)), done.stopped(NOW), done.declined(&PHONE, NOW)] {
        assert_eq!(refused, Err(Refusal::Done));
    }
}

#[test]
fn a_phone_signs_in_as_whom_it_likes_but_goes_on_as_one() {
    let other = claimed(Mode::SignIn, Step::OtherAccount { login: "l••@…".to_owned() });
    assert_eq!(stage(&other, NOW), Stage::OtherAccount);
    let opened = other.signed_in(&PHONE, NOW, Step::Opened).unwrap().unwrap();
    assert_eq!(stage(&opened, NOW), Stage::Opened);
    let approved = opened.signed_in(&PHONE, NOW, Step::Approved).unwrap().unwrap();
    assert_eq!(stage(&approved, NOW), Stage::Approved);
    assert_eq!(approved.signed_in(&PHONE, NOW, Step::SigningIn), Ok(None), "it does not go back");
}

#[test]
fn trouble_on_the_phone_ends_nothing() {
    let creating = claimed(Mode::SignIn, Step::Approved).prompting(&PHONE, NOW).unwrap();
    let troubles = [
        (Trouble::Cancelled, Stage::PhoneCancelled, None),
        (Trouble::Duplicate, Stage::Duplicate, None),
        (Trouble::Rejected("not_accepted".to_owned()), Stage::Rejected, Some("not_accepted")),
        (
            Trouble::Unsupported(UnsupportedReason::NoScreenLock),
            Stage::PhoneUnsupported,
            Some("no-screen-lock"),
        ),
    ];
    for (trouble, expected, reason) in troubles {
        assert_eq!(trouble.reason(), reason);
        let troubled = creating.troubled(&PHONE, NOW, trouble).unwrap();
        assert_eq!(stage(&troubled, NOW), expected);
        let again = troubled.prompting(&PHONE, NOW).unwrap();
        assert_eq!(stage(&again, NOW), Stage::Creating);
    }
    let waiting = claimed(Mode::SignIn, Step::SigningIn);
    let troubled = waiting.troubled(&PHONE, NOW, Trouble::Cancelled).unwrap();
    assert_eq!(troubled.prompting(&PHONE, NOW), Err(Refusal::NotApproved), "and approves nothing");
}

#[test]
fn either_end_ends_it() {
    let waiting = begun(Mode::SignIn);
    let declined = waiting.declined(&OTHER, NOW).unwrap();
    assert_eq!(stage(&declined, NOW), Stage::Declined);
    let claimed = claimed(Mode::SignIn, Step::Approved);
    assert_eq!(claimed.declined(&OTHER, NOW), Err(Refusal::Claimed));
    assert_eq!(claimed.declined(&PHONE, NOW).unwrap().over(NOW), Some(Refusal::Declined));
    let stopped = claimed.stopped(NOW).unwrap();
    assert_eq!((stage(&stopped, NOW), stopped.over(NOW)), (Stage::Stopped, Some(Refusal::Stopped)));
    assert_eq!(stopped.done(&PHONE, NOW, id(9)), Err(Refusal::Stopped));
    let alone = Around { now: NOW, session_stands: false, tried: false };
    assert_eq!((claimed.stage(alone), stopped.stage(alone)), (Stage::Ended, Stage::Stopped));
}

#[test]
fn a_heartbeat_is_written_every_twenty_seconds_and_missed_after_sixty() {
    let claimed = claimed(Mode::SignIn, Step::SigningIn);
    let soon = NOW + HEARTBEAT - Span::from_micros(1);
    assert_eq!(claimed.heard(&PHONE, soon), Ok(None));
    let heard = claimed.heard(&PHONE, NOW + HEARTBEAT).unwrap().unwrap();
    assert!(claimed.has_lost_contact(NOW + LOST_AFTER) && !heard.has_lost_contact(NOW + LOST_AFTER));
    assert!(!claimed.has_lost_contact(soon) && !begun(Mode::SignIn).has_lost_contact(NOW + LOST_AFTER));
    assert_eq!(heard.heard(&OTHER, NOW + LOST_AFTER), Err(Refusal::Claimed));
    assert!(!claimed.has_lost_contact(NOW + LIFETIME), "it is over then, not lost");
}

#[test]
fn codes_and_names_stay() {
    let refusals = [
        (Refusal::Expired, "ticket_expired"),
        (Refusal::Claimed, "ticket_claimed"),
        (Refusal::Stopped, "ticket_stopped"),
        (Refusal::Done, "ticket_done"),
        (Refusal::NumberLocked, "number_locked"),
        (Refusal::Declined, "declined"),
        (Refusal::NotApproved, "not_approved"),
    ];
    for (refusal, code) in refusals {
        assert_eq!(refusal.code(), code);
    }
    let stages: Vec<&str> = Stage::ALL.iter().map(|stage| stage.as_str()).collect();
    assert_eq!(
        stages.join(" "),
        "created opened signing-in approve approved creating created-ok tried expired number-locked declined \
         stopped phone-unsupported phone-cancelled duplicate rejected other-account ended"
    );
    let row = serde_json::to_string(&claimed(Mode::SignIn, Step::SigningIn).state).unwrap();
    assert!(row.starts_with(r#"{"state":"claimed","claim":{"browser":["#), "{row}");
    assert!(
        row.ends_with(r#""seen":1800000000000000,"trouble":null},"step":{"step":"signing-in"}}"#),
        "{row}"
    );
}
