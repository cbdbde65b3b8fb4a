use super::*;

#[test]
fn every_refusal_has_its_code() {
    for (error, code) in [
        (ForwardError::Origin, "forward_origin"),
        (ForwardError::NotRegistered, "forward_not_registered"),
        (ForwardError::Nobody, "forward_nobody"),
        (ForwardError::Ticket, "forward_ticket"),
        (ForwardError::Ended(Ended::SessionEnded), "session_ended"),
        (ForwardError::State, "forward_state"),
        (ForwardError::Refused, "forward_refused"),
        (ForwardError::Code(TokenError::CodeUsed), "code_used"),
        (ForwardError::NoKey, "signing_key_missing"),
        (ForwardError::Store(StoreError::Panicked), "unknown"),
    ] {
        assert_eq!(error.code(), code);
    }
}
