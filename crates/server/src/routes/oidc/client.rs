//! Which application asks: it proves it in the header, in the body or by an assertion (RFC 6749 section 2.3).

use std::time::Duration;

use axum::http::StatusCode;
use oidc::client::ClientId;
use oidc::client_authentication::Presented;
use oidc::dpop::{self, Proof};
use oidc::error::OAuthError;
use service::client_authentication::{self, AuthenticatedClient, ClientError};
use store::StoreError;

use super::program::Program;
use super::refused::{Challenge, Refused};
use crate::context::Visit;
use crate::outbound::{Ask, Bounds, Outbound};

/// A key set of somebody else's.
const KEY_SET: Bounds = Bounds { longest: 64 * 1024, deadline: Duration::from_secs(3) };

impl Program {
    /// Which application asks at the endpoint at `path`.
    pub(in crate::routes) async fn client(&self, path: &str) -> Result<AuthenticatedClient, Refused> {
        let presented = Presented::read(self.authorization.as_deref(), &self.parameters)
            .map_err(|refusal| self.unproven(&ClientError::Presented(refusal)))?;
        let fetched = match &presented {
            Presented::Assertion { id, .. } => fetch_keys(&self.visit, id, false).await?,
            _ => false,
        };
        match self.prove(&presented, path).await {
            // The client may have turned to another key since.
            Err(ClientError::Assertion(_))
                if !fetched && fetch_keys(&self.visit, presented.id(), true).await? =>
            {
                self.prove(&presented, path).await.map_err(|error| self.unproven(&error))
            }
            proven => proven.map_err(|error| self.unproven(&error)),
        }
    }

    /// The same, where nobody is taken at their word: a public client proves nothing.
    pub(in crate::routes) async fn confidential_client(
        &self,
        path: &str,
    ) -> Result<AuthenticatedClient, Refused> {
        let client = self.client(path).await?;
        if client_authentication::is_confidential(&client.stored.client) {
            Ok(client)
        } else {
            Err(self.unproven(&ClientError::Method))
        }
    }

    async fn prove(&self, presented: &Presented, path: &str) -> Result<AuthenticatedClient, ClientError> {
        let mut caller = self.caller();
        let endpoints = [self.url("/oauth/token"), self.url(path)];
        let endpoints: Vec<&str> = endpoints.iter().map(String::as_str).collect();
        let service = &self.visit.app.service;
        client_authentication::authenticate(service, &mut caller, self.issuer(), presented, &endpoints).await
    }

    /// Why a client is not let in.
    pub(super) fn unproven(&self, error: &ClientError) -> Refused {
        match error {
            ClientError::Store(error) => error.clone().into(),
            // What is there twice is a request that makes no sense.
            ClientError::Presented(refusal) if refusal.is_malformed() => {
                Refused::new(OAuthError::InvalidRequest, refusal.code())
            }
            ClientError::TooManyTries { until } => Refused::new(OAuthError::InvalidClient, error.code())
                .with_status(StatusCode::TOO_MANY_REQUESTS)
                .after(until.since(self.visit.now()).secs()),
            error => Refused::new(OAuthError::InvalidClient, told(error)).asking(Challenge::Basic),
        }
    }

    /// The proof of possession that came along, held against this request (RFC 9449 section 4.3).
    pub(in crate::routes) fn proof(
        &self,
        path: &str,
        access_token: Option<&str>,
    ) -> Result<Option<Proof>, Refused> {
        let Some(proof) = &self.dpop else { return Ok(None) };
        dpop::verify(proof, self.method.as_str(), &self.url(path), access_token, self.visit.now())
            .map(Some)
            .map_err(|refusal| Refused::new(OAuthError::InvalidDpopProof, refusal.code()))
    }
}

/// Fetches the keys of a client that publishes them elsewhere, where that is due; whether it was tried.
pub(in crate::routes) async fn fetch_keys(
    visit: &Visit,
    id: &ClientId,
    lacks: bool,
) -> Result<bool, StoreError> {
    let (app, now) = (&visit.app, visit.now());
    let Some(uri) = client_authentication::keys_elsewhere(&app.service, id).await? else { return Ok(false) };
    if !app.service.client_keys.is_due(&uri, now, lacks) {
        return Ok(false);
    }
    let set = match (Outbound::new(&app.site.outbound), uri.parse()) {
        (Ok(outbound), Ok(target)) => outbound.send(Ask::get(target), KEY_SET).await.ok(),
        _ => None,
    };
    let set = set.filter(|reply| reply.status == StatusCode::OK);
    let set = set.and_then(|reply| serde_json::from_slice(&reply.body).ok());
    app.service.client_keys.put(&uri, set, now);
    Ok(true)
}

/// Whether there is such a client is nobody's business who cannot prove to be it.
fn told(error: &ClientError) -> &'static str {
    match error {
        ClientError::Unknown | ClientError::Disabled | ClientError::Method | ClientError::Secret => {
            "client_unproven"
        }
        error => error.code(),
    }
}
