use super::*;

#[test]
fn every_refusal_has_its_code() {
    for (error, code) in [
        (EndSessionError::Parameters(ParameterRefusal::Duplicate), "parameter_duplicate"),
        (EndSessionError::Hint(JwtRefusal::Unsigned), JwtRefusal::Unsigned.code()),
        (EndSessionError::OtherClient, "hint_of_other_client"),
        (EndSessionError::ClientUnknown, "client_unknown"),
        (EndSessionError::Address, "post_logout_redirect_uri"),
        (EndSessionError::State, "state_too_long"),
        (EndSessionError::Store(StoreError::Panicked), "unknown"),
    ] {
        assert_eq!(error.code(), code);
    }
}

#[test]
fn state_goes_along_as_it_came() {
    assert_eq!(with_state("https://a.example/", None), "https://a.example/");
    assert_eq!(with_state("https://a.example/", Some("a&b=c")), "https://a.example/?state=a%26b%3Dc");
    assert_eq!(with_state("https://a.example/?x=1", Some("s")), "https://a.example/?x=1&state=s");
}
