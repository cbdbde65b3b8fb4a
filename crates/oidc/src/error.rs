//! Error codes of OAuth 2 and OpenID Connect, each with the status it is answered with.

/// An error code as a client reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OAuthError {
    /// RFC 6749 section 4.1.2.1.
    InvalidRequest,
    /// RFC 6749 section 4.1.2.1.
    UnauthorizedClient,
    /// RFC 6749 section 4.1.2.1.
    AccessDenied,
    /// RFC 6749 section 4.1.2.1.
    UnsupportedResponseType,
    /// RFC 6749 section 4.1.2.1.
    InvalidScope,
    /// RFC 6749 section 4.1.2.1.
    ServerError,
    /// RFC 6749 section 4.1.2.1.
    TemporarilyUnavailable,
    /// RFC 6749 section 5.2.
    InvalidClient,
    /// RFC 6749 section 5.2.
    InvalidGrant,
    /// RFC 6749 section 5.2.
    UnsupportedGrantType,
    /// RFC 6750 section 3.1.
    InvalidToken,
    /// RFC 6750 section 3.1.
    InsufficientScope,
    /// RFC 7009 section 2.2.1.
    UnsupportedTokenType,
    /// RFC 7591 section 3.2.2.
    InvalidRedirectUri,
    /// RFC 7591 section 3.2.2.
    InvalidClientMetadata,
    /// RFC 8628 section 3.5.
    AuthorizationPending,
    /// RFC 8628 section 3.5.
    SlowDown,
    /// RFC 8628 section 3.5.
    ExpiredToken,
    /// RFC 8707 section 2.
    InvalidTarget,
    /// RFC 9101 section 6 and RFC 9126 section 2.3.
    InvalidRequestUri,
    /// RFC 9101 section 6.
    InvalidRequestObject,
    /// OpenID Connect Core section 3.1.2.6.
    RequestNotSupported,
    /// OpenID Connect Core section 3.1.2.6.
    RequestUriNotSupported,
    /// OpenID Connect Core section 3.1.2.6.
    RegistrationNotSupported,
    /// OpenID Connect Core section 3.1.2.6.
    InteractionRequired,
    /// OpenID Connect Core section 3.1.2.6.
    LoginRequired,
    /// OpenID Connect Core section 3.1.2.6.
    AccountSelectionRequired,
    /// OpenID Connect Core section 3.1.2.6.
    ConsentRequired,
    /// OpenID Connect Core Error Code unmet_authentication_requirements, section 2.
    UnmetAuthenticationRequirements,
    /// RFC 9449 section 5.
    InvalidDpopProof,
    /// RFC 9449 section 8.
    UseDpopNonce,
    /// RFC 9470 section 3.
    InsufficientUserAuthentication,
}

impl OAuthError {
    /// All.
    pub const ALL: [OAuthError; 32] = [
        OAuthError::InvalidRequest,
        OAuthError::UnauthorizedClient,
        OAuthError::AccessDenied,
        OAuthError::UnsupportedResponseType,
        OAuthError::InvalidScope,
        OAuthError::ServerError,
        OAuthError::TemporarilyUnavailable,
        OAuthError::InvalidClient,
        OAuthError::InvalidGrant,
        OAuthError::UnsupportedGrantType,
        OAuthError::InvalidToken,
        OAuthError::InsufficientScope,
        OAuthError::UnsupportedTokenType,
        OAuthError::InvalidRedirectUri,
        OAuthError::InvalidClientMetadata,
        OAuthError::AuthorizationPending,
        OAuthError::SlowDown,
        OAuthError::ExpiredToken,
        OAuthError::InvalidTarget,
        OAuthError::InvalidRequestUri,
        OAuthError::InvalidRequestObject,
        OAuthError::RequestNotSupported,
        OAuthError::RequestUriNotSupported,
        OAuthError::RegistrationNotSupported,
        OAuthError::InteractionRequired,
        OAuthError::LoginRequired,
        OAuthError::AccountSelectionRequired,
        OAuthError::ConsentRequired,
        OAuthError::UnmetAuthenticationRequirements,
        OAuthError::InvalidDpopProof,
        OAuthError::UseDpopNonce,
        OAuthError::InsufficientUserAuthentication,
    ];

    /// Its text in `error`.
    pub fn name(self) -> &'static str {
        match self {
            OAuthError::InvalidRequest => "invalid_request",
            OAuthError::UnauthorizedClient => "unauthorized_client",
            OAuthError::AccessDenied => "access_denied",
            OAuthError::UnsupportedResponseType => "unsupported_response_type",
            OAuthError::InvalidScope => "invalid_scope",
            OAuthError::ServerError => "server_error",
            OAuthError::TemporarilyUnavailable => "temporarily_unavailable",
            OAuthError::InvalidClient => "invalid_client",
            OAuthError::InvalidGrant => "invalid_grant",
            OAuthError::UnsupportedGrantType => "unsupported_grant_type",
            OAuthError::InvalidToken => "invalid_token",
            OAuthError::InsufficientScope => "insufficient_scope",
            OAuthError::UnsupportedTokenType => "unsupported_token_type",
            OAuthError::InvalidRedirectUri => "invalid_redirect_uri",
            OAuthError::InvalidClientMetadata => "invalid_client_metadata",
            OAuthError::AuthorizationPending => "authorization_pending",
            OAuthError::SlowDown => "slow_down",
            OAuthError::ExpiredToken => "expired_token",
            OAuthError::InvalidTarget => "invalid_target",
            OAuthError::InvalidRequestUri => "invalid_request_uri",
            OAuthError::InvalidRequestObject => "invalid_request_object",
            OAuthError::RequestNotSupported => "request_not_supported",
            OAuthError::RequestUriNotSupported => "request_uri_not_supported",
            OAuthError::RegistrationNotSupported => "registration_not_supported",
            OAuthError::InteractionRequired => "interaction_required",
            OAuthError::LoginRequired => "login_required",
            OAuthError::AccountSelectionRequired => "account_selection_required",
            OAuthError::ConsentRequired => "consent_required",
            OAuthError::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            OAuthError::InvalidDpopProof => "invalid_dpop_proof",
            OAuthError::UseDpopNonce => "use_dpop_nonce",
            OAuthError::InsufficientUserAuthentication => "insufficient_user_authentication",
        }
    }

    /// The HTTP status where it is the answer to a program. At a resource an `invalid_dpop_proof` is a 401 as well
    /// (RFC 9449 section 7.1); that is for the resource to say.
    pub fn status(self) -> u16 {
        match self {
            OAuthError::InvalidClient
            | OAuthError::InvalidToken
            | OAuthError::InsufficientUserAuthentication => 401,
            OAuthError::InsufficientScope => 403,
            OAuthError::ServerError => 500,
            OAuthError::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_a_name_of_its_own_and_a_status() {
        let names: std::collections::BTreeSet<_> = OAuthError::ALL.iter().map(|error| error.name()).collect();
        assert_eq!(names.len(), OAuthError::ALL.len());
        for error in OAuthError::ALL {
            assert!(error.name().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
            let expected = match error.name() {
                "invalid_client" | "invalid_token" | "insufficient_user_authentication" => 401,
                "insufficient_scope" => 403,
                "server_error" => 500,
                "temporarily_unavailable" => 503,
                _ => 400,
            };
            assert_eq!(error.status(), expected, "{}", error.name());
        }
    }
}
