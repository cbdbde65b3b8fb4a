use primitives::time::Span;

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn days_ago(days: i64) -> Option<Timestamp> {
    Some(NOW - Span::from_days(days))
}

#[test]
fn the_highest_certification_in_force_counts() {
    let two = [("FIDO_CERTIFIED_L2", days_ago(9)), ("FIDO_CERTIFIED", days_ago(2))];
    assert_eq!(standing(two, NOW), (Some(Certification::L2), None));
    let taken = [("NOT_FIDO_CERTIFIED", days_ago(1)), ("FIDO_CERTIFIED_L3plus", days_ago(5))];
    assert_eq!(standing(taken, NOW), (None, None));
    let given = [("FIDO_CERTIFIED_L1plus", days_ago(1)), ("NOT_FIDO_CERTIFIED", days_ago(5))];
    assert_eq!(standing(given, NOW), (Some(Certification::L1Plus), None));
    assert_eq!(standing([("WHATEVER_COMES", None)], NOW), (None, None));
}

#[test]
fn every_status_of_a_broken_model_breaks_it_and_nothing_mends_it() {
    for broken in Broken::ALL {
        let reports = [
            ("FIDO_CERTIFIED_L1", days_ago(9)),
            (broken.as_str(), days_ago(4)),
            ("UPDATE_AVAILABLE", days_ago(3)),
            ("FIDO_CERTIFIED_L1", days_ago(2)),
        ];
        assert_eq!(standing(reports, NOW), (Some(Certification::L1), Some(*broken)));
    }
    let both = [("USER_VERIFICATION_BYPASS", days_ago(9)), ("REVOKED", days_ago(1))];
    assert_eq!(standing(both, NOW), (None, Some(Broken::Revoked)));
}

#[test]
fn a_report_counts_from_its_day_on_and_without_one_at_once() {
    let tomorrow = NOW + Span::from_days(1);
    let reports = [("REVOKED", Some(tomorrow))];
    assert_eq!(standing(reports, NOW), (None, None));
    assert_eq!(standing(reports, tomorrow), (None, Some(Broken::Revoked)));
    assert_eq!(standing([("REVOKED", None)], NOW), (None, Some(Broken::Revoked)));
}
