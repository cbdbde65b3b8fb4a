//! One test a rule of passes.

use primitives::id::Id;

use super::*;
use crate::samples::{Counting, NOW, id, pass};
use crate::user::{User, UserStatus};
use primitives::secret::SecretText;

const POLICY: fn() -> PassPolicy = PassPolicy::default;

#[test]
fn every_generated_value_reads_back_in_any_dress() {
    let mut entropy = Counting(0);
    for length in [8, 12, 13, 24, 48] {
        let value = generate(length, &mut entropy);
        assert_eq!(value.reveal().len(), usize::from(length));
        assert!(value.reveal().bytes().all(|byte| ALPHABET.contains(&byte)));
        assert_eq!(normalise(value.reveal()), Ok(value.clone()));
        let dressed = format!("  {} ", grouped(&value).reveal().to_lowercase().replace('-', " – "));
        assert_eq!(normalise(&dressed), Ok(value), "{dressed}");
    }
    assert_eq!(generate(3, &mut entropy).reveal().len(), 8);
    assert_eq!(generate(200, &mut entropy).reveal().len(), 48);
}

#[test]
fn values_are_shown_in_groups_of_four() {
    assert_eq!(grouped(&SecretText::new("ABCDEFGHJKMN")).reveal(), "ABCD-EFGH-JKMN");
    assert_eq!(grouped(&SecretText::new("ABCDEFGHJ")).reveal(), "ABCD-EFGH-J");
}

#[test]
fn every_wrong_character_and_every_swap_of_neighbours_is_a_slip() {
    for length in [8, 12, 48] {
        let value = generate(length, &mut Counting(length));
        let bytes = value.reveal().as_bytes();
        for place in 0..bytes.len() {
            for other in ALPHABET.iter().filter(|other| **other != bytes[place]) {
                let mut wrong = bytes.to_vec();
                wrong[place] = *other;
                assert_eq!(normalise(std::str::from_utf8(&wrong).unwrap()), Err(Slip::CheckCharacter));
            }
            if place > 0 && bytes[place] != bytes[place - 1] {
                let mut swapped = bytes.to_vec();
                swapped.swap(place, place - 1);
                assert_eq!(normalise(std::str::from_utf8(&swapped).unwrap()), Err(Slip::CheckCharacter));
            }
        }
    }
}

#[test]
fn what_cannot_be_a_pass_is_a_slip() {
    assert_eq!(normalise(""), Err(Slip::Empty));
    assert_eq!(normalise(" - — "), Err(Slip::Empty));
    assert_eq!(normalise("ABC"), Err(Slip::Length));
    assert_eq!(normalise(&"A".repeat(49)), Err(Slip::Length));
    assert_eq!(normalise(&"A".repeat(10_000_000)), Err(Slip::Length));
    for confusable in
        ["K7QX-MM4P-29T0", "K7QX-MM4P-29TO", "K7QX-MM4P-29T1", "K7QX-MM4P-29TI", "К7QX-MM4P-29TD", "\0"]
    {
        assert_eq!(normalise(confusable), Err(Slip::Character), "{confusable}");
    }
}

#[test]
fn what_ended_a_pass_is_told_before_what_time_does_to_it() {
    let late = NOW + Span::from_days(400);
    let mut one = pass();
    assert_eq!(one.usability(NOW, &POLICY()), Usability::Usable);
    assert_eq!(one.usability(NOW - Span::from_secs(1), &POLICY()), Usability::NotYetValid { from: NOW });
    assert_eq!(one.usability(one.ends - Span::from_micros(1), &POLICY()), Usability::Usable);
    assert_eq!(one.usability(one.ends, &POLICY()), Usability::Expired { at: one.ends });
    one.state = PassState::Revoked { at: NOW };
    assert_eq!(one.usability(late, &POLICY()), Usability::Revoked);
    one.state = PassState::Locked { at: NOW };
    assert_eq!(one.usability(late, &POLICY()), Usability::Locked);
    one.state = PassState::Spent { at: NOW };
    assert_eq!(one.usability(NOW, &POLICY()), Usability::Used { at: NOW });
    one.state = PassState::Reserved { session: id(7), at: NOW };
    assert_eq!(one.usability(NOW, &POLICY()), Usability::Used { at: NOW });
}

#[test]
fn policy_blocks_passes_that_it_no_longer_accepts() {
    let mut one = pass();
    assert_eq!(one.usability(NOW, &PassPolicy { enabled: false, ..POLICY() }), Usability::BlockedByPolicy);
    let one_time_only = PassPolicy { one_time_only: true, ..POLICY() };
    assert_eq!(one.usability(NOW, &one_time_only), Usability::Usable);
    one.one_time = false;
    assert_eq!(one.usability(NOW, &one_time_only), Usability::BlockedByPolicy);
}

#[test]
fn the_session_of_a_one_time_pass_lasts_ten_minutes_from_its_first_use() {
    let mut one = pass();
    assert_eq!(one.session_ends(NOW), NOW + ONE_TIME_SESSION);
    one.state = PassState::Reserved { session: id(7), at: NOW };
    assert_eq!(
        one.session_ends(NOW + Span::from_minutes(9)),
        NOW + ONE_TIME_SESSION,
        "resuming does not prolong it"
    );
    one.state = PassState::Issued;
    let just_before = one.ends - Span::from_minutes(2);
    assert_eq!(one.session_ends(just_before), one.ends, "never longer than the pass");
    one.one_time = false;
    assert_eq!(one.session_ends(NOW), one.ends);
}

#[test]
fn an_onboarding_session_ends_with_its_pass() {
    let session: Id<_> = id(7);
    let mut one = pass();
    one.state = PassState::Reserved { session, at: NOW };
    assert!(one.carries(session, NOW, &POLICY()));
    assert!(!one.carries(id(8), NOW, &POLICY()), "another session has it");
    assert!(!one.carries(session, one.ends, &POLICY()), "time ended it");
    assert!(!one.carries(session, NOW, &PassPolicy { enabled: false, ..POLICY() }), "passes were turned off");
    one.state = PassState::Revoked { at: NOW };
    assert!(!one.carries(session, NOW, &POLICY()), "it was taken back");
    one.state = PassState::Locked { at: NOW };
    assert!(!one.carries(session, NOW, &POLICY()), "wrong tries ended it");
}

#[test]
fn a_spent_pass_carries_its_session_but_registers_nothing_more() {
    let session = id(7);
    let mut one = pass();
    one.state = PassState::Reserved { session, at: NOW };
    assert!(one.allows_registration(session, NOW, &POLICY()));
    one.state = PassState::Spent { at: NOW };
    assert!(one.carries(session, NOW, &POLICY()));
    assert!(!one.allows_registration(session, NOW, &POLICY()));
}

fn wish() -> Wish {
    Wish { reason: "new phone".to_owned(), ..Wish::default() }
}

#[test]
fn terms_follow_the_policy() {
    let terms = POLICY().terms(wish(), NOW).unwrap();
    assert_eq!((terms.starts, terms.ends, terms.one_time), (NOW, NOW + Span::from_minutes(60), false));
    let one_time_only = PassPolicy { one_time_only: true, ..POLICY() };
    assert!(one_time_only.terms(wish(), NOW).unwrap().one_time);
}

#[test]
fn each_bound_of_the_terms_has_its_refusal() {
    let refused = |wish: Wish| POLICY().terms(wish, NOW).unwrap_err();
    let lasting = |span: Span| Wish { lifetime: Some(span), ..wish() };
    assert_eq!(refused(lasting(Span::from_secs(599))), IssueRefusal::LifetimeTooShort);
    assert_eq!(refused(lasting(Span::from_secs(30 * 86_400 + 1))), IssueRefusal::LifetimeTooLong);
    let starting = |starts: Timestamp| Wish { starts: Some(starts), ..wish() };
    assert_eq!(refused(starting(NOW + Span::from_days(91))), IssueRefusal::StartTooLate);
    assert_eq!(refused(starting(NOW - Span::from_minutes(60))), IssueRefusal::EndsInThePast);
    assert_eq!(refused(Wish { reason: "x".repeat(501), ..wish() }), IssueRefusal::ReasonTooLong);
    assert_eq!(refused(Wish { reason: "a\nb".to_owned(), ..wish() }), IssueRefusal::ReasonControlCharacter);
    let off = PassPolicy { enabled: false, ..POLICY() };
    assert_eq!(off.terms(wish(), NOW), Err(IssueRefusal::PassesOff));
}

#[test]
fn a_pass_issued_by_a_clock_that_is_ahead_waits_for_it() {
    let mut ahead = pass();
    ahead.created = NOW + SKEW + Span::from_micros(1);
    ahead.ends = NOW + Span::from_days(3652);
    assert_eq!(ahead.usability(NOW, &POLICY()), Usability::NotYetValid { from: ahead.created });
    assert!(!ahead.carries(id(40), NOW, &POLICY()));
    ahead.created = NOW + SKEW;
    assert_eq!(ahead.usability(NOW, &POLICY()), Usability::Usable);
}

#[test]
fn a_stated_reason_is_read_back() {
    for (why, check, note, text) in [
        ("new-starter", Some("id-card"), "", "new-starter, id-card"),
        ("other", Some("call-back"), "lost: both", "other, call-back: lost: both"),
        ("lost-phone", None, "", "lost-phone"),
    ] {
        let stated = Stated::parse(why, check, note).unwrap();
        assert_eq!(stated.text(), text);
        assert_eq!(Stated::of(text), Some(stated));
    }
    for other in ["", "demonstration", "new-starter, by chance", "id-card: x"] {
        assert_eq!(Stated::of(other), None, "{other}");
    }
}

#[test]
fn each_part_of_a_reason_has_its_refusal() {
    let code =
        |why: &str, check: Option<&str>, note: &str| Stated::parse(why, check, note).unwrap_err().code();
    assert_eq!(code("", Some("id-card"), ""), "reason_missing");
    assert_eq!(code("lost-phone", Some(""), ""), "identity_check_missing");
    assert_eq!(code("other", Some("id-card"), " "), "note_missing");
    assert_eq!(code("other", None, &"x".repeat(401)), "note_too_long");
    assert_eq!(code("other", None, "a\nb"), "note_control_character");
}

#[test]
fn who_could_not_use_a_pass_is_told_to_the_issuer() {
    use crate::policy::{Audience, Policy};
    let user = crate::samples::user;
    let on = Policy::default();
    assert_eq!(blocked(&on, &user()), None);
    let disabled = User { status: UserStatus::Disabled, ..user() };
    let deleted = User { deleted: Some(NOW), ..user() };
    let out = || Audience::Everybody { except: vec![id(5)] };
    let member = User { groups: vec![id(5)], ..user() };
    let with = |change: &dyn Fn(&mut Policy)| {
        let mut policy = Policy::default();
        change(&mut policy);
        policy
    };
    let off = with(&|policy| policy.passes.audience = Audience::Nobody);
    let excluded = with(&|policy| policy.passes.audience = out());
    let no_passkeys = with(&|policy| policy.passkeys.audience = out());
    for (policy, user, code) in [
        (&on, &disabled, "disabled_user"),
        (&on, &deleted, "deleted_user"),
        (&off, &member, "passes_off"),
        (&excluded, &member, "pass_out_of_audience"),
        (&no_passkeys, &member, "pass_without_passkeys"),
    ] {
        assert_eq!(blocked(policy, user).map(PassBlocked::code), Some(code));
    }
    assert_eq!(blocked(&excluded, &user()), None, "the others can");
}
