//! `/oauth/userinfo`: who the person behind an access token is (OpenID Connect Core section 5.3).

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use oidc::error::OAuthError;
use serde_json::Value;
use service::read_userinfo::{self, AccessRefused, Userinfo};

use super::program::{Answer, Program};
use super::refused::{Challenge, Refused};
use super::token;

const PATH: &str = "/oauth/userinfo";

/// How a token was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Bearer,
    Dpop,
}

pub(super) async fn read(program: Program) -> Response {
    let reference = program.reference();
    Program::reply(&reference, answer(&program).await)
}

async fn answer(program: &Program) -> Answer {
    // A token in a body or an address is one that ends up in logs (RFC 6750 sections 2.2 and 2.3).
    if program.parameters.get("access_token").is_some() {
        return Err(Refused::new(OAuthError::InvalidRequest, "token_in_body"));
    }
    let Some(authorization) = program.authorization.as_deref() else {
        let refused = Refused::new(OAuthError::InvalidToken, "token_missing");
        return Err(refused.asking(Challenge::Nothing));
    };
    let (scheme, access_token) = shown(authorization)
        .ok_or_else(|| Refused::new(OAuthError::InvalidToken, "token_scheme").asking(Challenge::Nothing))?;
    let challenge = match scheme {
        Scheme::Bearer => Challenge::Bearer,
        Scheme::Dpop => Challenge::Dpop,
    };
    let proof = match scheme {
        Scheme::Bearer => None,
        Scheme::Dpop => {
            let proof = program.proof(PATH, Some(access_token));
            let proof = proof.map_err(|refused| unauthorised(refused).asking(Challenge::Dpop))?;
            let missing = || {
                let refused = Refused::new(OAuthError::InvalidDpopProof, "dpop_missing");
                unauthorised(refused).asking(Challenge::Dpop)
            };
            Some(proof.ok_or_else(missing)?)
        }
    };
    let (service, now) = (&program.visit.app.service, program.visit.now());
    match read_userinfo::read(service, now, program.issuer(), access_token, proof.as_ref()).await {
        Ok(Userinfo::Json(claims)) => Ok(token::json(StatusCode::OK, Value::Object(claims))),
        Ok(Userinfo::Signed(jwt)) => {
            let headers = [(header::CONTENT_TYPE, "application/jwt"), (header::CACHE_CONTROL, "no-store")];
            Ok((headers, jwt).into_response())
        }
        Err(AccessRefused::Store(error)) => Err(error.into()),
        Err(error) => {
            let refused = Refused::new(error.error(), error.code());
            // A token that is bound to a key asks for the proof of it, however it was shown.
            let bound = matches!(error, AccessRefused::ProofMissing);
            let challenge = if bound { Challenge::Dpop } else { challenge };
            Err(match error.error() {
                OAuthError::ServerError => refused,
                OAuthError::InvalidDpopProof => unauthorised(refused).asking(challenge),
                _ => refused.asking(challenge),
            })
        }
    }
}

/// At a resource what does not prove is a 401 (RFC 9449 section 7.1).
fn unauthorised(refused: Refused) -> Refused {
    refused.with_status(StatusCode::UNAUTHORIZED)
}

/// The token and its scheme.
fn shown(authorization: &str) -> Option<(Scheme, &str)> {
    let (scheme, token) = authorization.split_once(' ')?;
    let scheme = match scheme {
        _ if scheme.eq_ignore_ascii_case("Bearer") => Scheme::Bearer,
        _ if scheme.eq_ignore_ascii_case("DPoP") => Scheme::Dpop,
        _ => return None,
    };
    let token = token.trim_matches(' ');
    (!token.is_empty() && !token.contains(' ')).then_some((scheme, token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_shown_by_one_of_two_schemes() {
        assert_eq!(shown("Bearer abc"), Some((Scheme::Bearer, "abc")));
        assert_eq!(shown("dpop abc"), Some((Scheme::Dpop, "abc")));
        for wrong in ["", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "abc"] {
            assert_eq!(shown(wrong), None, "{wrong}");
        }
    }
}
