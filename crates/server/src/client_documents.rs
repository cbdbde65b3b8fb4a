//! Clients that are known by a document at the address that is their identifier (OAuth Client ID Metadata Document): off
//! by default, fetched by the one way out, bounded, and believed for an hour.

use std::time::Duration;

use axum::http::{StatusCode, header};
use oidc::client::ClientId;
use oidc::json;
use oidc::parameters::Parameters;
use serde_json::Value;
use service::register_client;

use crate::context::Visit;
use crate::outbound::{Ask, Bounds, Outbound};

/// A document of somebody else's (section 6.6 of the draft recommends 5 kilobytes).
const DOCUMENT: Bounds = Bounds { longest: 5 * 1024, deadline: Duration::from_secs(3) };

/// Looks at the document that a request names, where that is allowed and due. Whatever goes wrong, the request is judged by
/// what is known: an unknown client, or the document as it was.
pub(crate) async fn look(visit: &Visit, query: &str) {
    let app = &visit.app;
    if !app.site.client_documents {
        return;
    }
    let named = Parameters::parse(query).ok();
    let id = named.as_ref().and_then(|named| ClientId::parse(named.get("client_id")?).ok());
    let Some(id) = id else { return };
    match register_client::wants_document(&app.service, visit.now(), &id).await {
        Ok(true) => {}
        Ok(false) => return,
        Err(error) => return tracing::warn!(%error, "a client's document was not looked for"),
    }
    let taken = match fetch(visit, &id).await {
        Ok(document) => {
            let mut caller = visit.caller();
            let taken = register_client::take_document(&app.service, &mut caller, &id, &document).await;
            taken.map_err(|error| error.code())
        }
        Err(code) => Err(code),
    };
    if let Err(code) = taken {
        tracing::info!(client = %id, code, "a client's document was not taken");
    }
}

/// Redirects are not followed, and what is not JSON is no document.
async fn fetch(visit: &Visit, id: &ClientId) -> Result<Value, &'static str> {
    let outbound = Outbound::new(&visit.app.site.outbound).map_err(|_| "outbound_unusable")?;
    let target = id.as_str().parse().map_err(|_| "client_document_address")?;
    let reply = outbound.send(Ask::get(target), DOCUMENT).await.map_err(|error| error.code())?;
    if reply.status != StatusCode::OK {
        return Err("client_document_status");
    }
    let kind =
        reply.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind != "application/json" && !kind.ends_with("+json") {
        return Err("client_document_type");
    }
    let bounds = json::Bounds { bytes: DOCUMENT.longest, depth: 8 };
    json::read(&reply.body, bounds).map(Value::Object).map_err(|refusal| refusal.code())
}
