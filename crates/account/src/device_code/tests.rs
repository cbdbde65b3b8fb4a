use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

fn waiting() -> DeviceCode {
    DeviceCode {
        id: Id::from_bytes([1; 16]),
        client: "television".to_owned(),
        request: Request {
            scopes: "openid".to_owned(),
            resources: Vec::new(),
            device: ClientLabel { browser: String::new(), address: "192.0.2.1".to_owned() },
        },
        state: State::Waiting,
        polled: None,
        pause: FIRST_PAUSE,
        created: NOW,
        ends: NOW + LIFETIME,
    }
}

#[test]
fn asking_too_early_makes_the_pause_longer() {
    let code = waiting();
    assert_eq!(code.answer(NOW), Answer::Pending);
    let polled = DeviceCode { polled: Some(NOW), ..code };
    let early = NOW + Span::from_secs(4);
    assert_eq!(polled.answer(early), Answer::SlowDown { pause: Span::from_secs(10) });
    assert_eq!(polled.answer(NOW + FIRST_PAUSE), Answer::Pending);
    let slowed = DeviceCode { pause: Span::from_secs(10), ..polled };
    assert_eq!(slowed.answer(NOW + Span::from_secs(9)), Answer::SlowDown { pause: Span::from_secs(15) });
}

#[test]
fn five_minutes_end_it_whatever_was_made_of_it() {
    for state in [State::Waiting, State::Declined] {
        let code = DeviceCode { state, ..waiting() };
        assert_eq!(code.answer(NOW + LIFETIME), Answer::Expired);
        assert_eq!(code.answer(NOW - SKEW - Span::from_secs(1)), Answer::Expired);
    }
    assert_eq!(DeviceCode { state: State::Declined, ..waiting() }.answer(NOW), Answer::Denied);
}
