use super::*;

fn passkey(name: &str) -> Key {
    Key::Passkey(name.to_owned())
}

fn effect(key: Key, to: &str) -> Effect {
    (key, to.to_owned())
}

fn found<const N: usize>(things: [(Key, &str); N]) -> BTreeMap<Key, Value> {
    things.into_iter().map(|(key, value)| (key, value.to_owned())).collect()
}

/// A history of one call that ended so.
fn one(end: End, effects: Vec<Effect>) -> History {
    let mut history = History::default();
    let call = history.invoke("passkey_added", effects);
    history.end(call, end, Vec::new());
    history
}

#[test]
fn what_was_acknowledged_must_be_there() {
    let history = one(End::Acknowledged, vec![effect(passkey("a"), PRESENT)]);
    assert_eq!(history.check(&found([(passkey("a"), PRESENT)])), []);
    let lost = Broken::Impossible {
        key: passkey("a"),
        possible: vec![PRESENT.to_owned()],
        found: ABSENT.to_owned(),
        acknowledged: true,
    };
    assert_eq!(history.check(&found([(passkey("a"), ABSENT)])), [lost]);
}

#[test]
fn what_was_refused_must_not_be_there() {
    let history = one(End::Refused, vec![effect(passkey("a"), PRESENT)]);
    assert_eq!(history.check(&found([(passkey("a"), ABSENT)])), []);
    assert_eq!(history.check(&found([(passkey("a"), PRESENT)])).len(), 1);
}

#[test]
fn the_unknown_may_be_done_or_not_but_not_in_part() {
    let pass = Key::Pass("p".to_owned());
    let mut history = one(End::Unknown, vec![effect(passkey("a"), PRESENT), effect(pass.clone(), "spent")]);
    history.given(pass.clone(), "reserved");
    assert_eq!(history.check(&found([(passkey("a"), PRESENT), (pass.clone(), "spent")])), []);
    assert_eq!(history.check(&found([(passkey("a"), ABSENT), (pass.clone(), "reserved")])), []);
    let half = history.check(&found([(passkey("a"), PRESENT), (pass.clone(), "reserved")]));
    assert!(matches!(half.as_slice(), [Broken::Half { event: "passkey_added", .. }]), "{half:?}");
    let third = history.check(&found([(passkey("a"), ABSENT), (pass, "issued")]));
    assert!(matches!(third.as_slice(), [Broken::Impossible { .. }]), "{third:?}");
}

#[test]
fn a_revocation_must_not_come_undone() {
    let mut history = History::default();
    history.given(passkey("a"), PRESENT);
    let call = history.invoke("passkey_removed", vec![effect(passkey("a"), ABSENT)]);
    history.end(call, End::Acknowledged, Vec::new());
    assert_eq!(history.check(&found([(passkey("a"), ABSENT)])), []);
    assert_eq!(history.check(&found([(passkey("a"), PRESENT)])).len(), 1);
}

#[test]
fn what_an_answer_names_counts_from_then_on() {
    let mut history = History::default();
    let call = history.invoke("signed_in", Vec::new());
    let session = Key::Session("token".to_owned());
    history.end(call, End::Acknowledged, vec![effect(session.clone(), PRESENT)]);
    assert_eq!(history.keys(false), BTreeSet::from([session.clone()]));
    assert_eq!(history.check(&found([(session, ABSENT)])).len(), 1);
}

#[test]
fn what_was_settled_holds_in_later_rounds() {
    let mut history = one(End::Unknown, vec![effect(passkey("a"), PRESENT)]);
    history.settle(found([(passkey("a"), PRESENT)]));
    assert!(history.keys(false).is_empty() && history.keys(true).len() == 1);
    assert_eq!(history.check(&found([(passkey("a"), ABSENT)])).len(), 1);
}

#[test]
fn an_acknowledgement_after_the_moment_was_no_promise_yet() {
    let mut history = one(End::Acknowledged, vec![effect(passkey("a"), PRESENT)]);
    for call in &mut history.calls {
        (call.invoked, call.ended) = (10, 20);
    }
    let judged = |moment, value| history.as_of(moment).check(&found([(passkey("a"), value)])).len();
    assert_eq!([judged(10, PRESENT), judged(10, ABSENT)], [1, 0], "not invoked yet");
    assert_eq!([judged(20, PRESENT), judged(20, ABSENT)], [0, 0], "not answered yet");
    assert_eq!([judged(21, PRESENT), judged(21, ABSENT)], [0, 1], "promised");
}

#[test]
fn a_name_counts_from_the_first_one_that_was_acknowledged() {
    let name = Key::Name("a".to_owned());
    let history = one(End::Unknown, vec![effect(name.clone(), "new")]);
    assert_eq!(history.check(&found([(name.clone(), "as it came")])), []);
    let history = one(End::Acknowledged, vec![effect(name.clone(), "new")]);
    assert_eq!(history.check(&found([(name, "as it came")])).len(), 1);
}
