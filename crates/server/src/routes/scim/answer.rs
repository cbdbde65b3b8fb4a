//! Who calls, what they sent, and how they are answered.

use std::sync::Arc;

use account::api_key::{self, ApiKey, Scope};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use primitives::secret::Token;
use scim::projection::Projection;
use scim::schema::ResourceType;
use scim::{Refusal, Resource, message};
use serde::Deserialize;
use serde_json::Value;
use service::administer_keys;
use service::administer_users::AdministerError;
use service::provision::ListError;
use store::StoreError;

use super::MOST;
use crate::app::App;
use crate::context::Visit;

/// How often a change is made again on what somebody else has just changed.
pub(super) const ATTEMPTS: usize = 5;

/// When somebody comes back whom we could not serve, in seconds.
const COME_BACK: u32 = 5;

/// Longest body in bytes.
const LONGEST: usize = 1024 * 1024;

/// A refusal as an answer.
#[derive(Debug)]
pub(super) struct No(pub(super) Refusal);

pub(super) type Answer = Result<Response, No>;

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = json(status, &message::error(&self.0));
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"keyward\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(COME_BACK));
        }
        response
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        No(refusal)
    }
}

impl From<StoreError> for No {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a provisioning system was not served");
        No(Refusal::status(503, "The server cannot reach its database at the moment"))
    }
}

impl From<ListError> for No {
    fn from(error: ListError) -> Self {
        let code = error.code();
        match error {
            ListError::Store(error) => error.into(),
            ListError::Busy => {
                No(Refusal::status(503, format!("Too much is going on at the moment ({code})")))
            }
        }
    }
}

impl From<AdministerError> for No {
    fn from(error: AdministerError) -> Self {
        use scim::ScimType::InvalidValue;
        let code = error.code();
        No(match error {
            AdministerError::Store(error) => return error.into(),
            AdministerError::NotFound | AdministerError::DeletedUser => {
                Refusal::status(404, "There is no such resource")
            }
            AdministerError::LoginTaken | AdministerError::GroupTaken => {
                Refusal::taken(format!("Another resource has that name ({code})"))
            }
            AdministerError::Conflict => Refusal::status(412, "The resource has changed since"),
            AdministerError::Unauthorised(_) => {
                Refusal::status(403, format!("The key may not do this ({code})"))
            }
            AdministerError::Role => {
                Refusal::status(403, format!("Accounts with a role are not provisioned ({code})"))
            }
            AdministerError::LastAdministrator
            | AdministerError::BreakGlass
            | AdministerError::HeldByPerson
            | AdministerError::GroupInPolicy => Refusal::status(403, format!("It must stay ({code})")),
            AdministerError::Busy => {
                Refusal::status(503, format!("Too much is going on at the moment ({code})"))
            }
            _ => Refusal::bad(InvalidValue, format!("A value is not what it may be ({code})")),
        })
    }
}

pub(super) fn json(status: StatusCode, body: &Value) -> Response {
    let media_type = HeaderValue::from_static(message::MEDIA_TYPE);
    (status, [(header::CONTENT_TYPE, media_type)], body.to_string()).into_response()
}

/// A request of a program with a key of the scope `scim`.
pub(super) struct Program {
    pub(super) visit: Visit,
    pub(super) key: ApiKey,
    headers: HeaderMap,
}

impl Program {
    /// Where resources are.
    pub(super) fn base(&self) -> String {
        format!("{}{}", self.visit.app.site.origin, super::ROOT)
    }

    /// A resource, with its version and address.
    pub(super) fn resource(
        &self,
        status: StatusCode,
        kind: &'static ResourceType,
        projection: &Projection,
        resource: Resource,
    ) -> Response {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).and_then(|text| text.parse().ok());
        let meta = resource.get("meta");
        let version: Option<HeaderValue> = text(meta.and_then(|meta| meta.get("version")));
        let location: Option<HeaderValue> = text(meta.and_then(|meta| meta.get("location")));
        if status == StatusCode::OK
            && version.is_some()
            && self.headers.get(header::IF_NONE_MATCH) == version.as_ref()
        {
            return StatusCode::NOT_MODIFIED.into_response();
        }
        let mut response = json(status, &Value::Object(projection.of(kind, resource)));
        if let Some(version) = version {
            response.headers_mut().insert(header::ETAG, version);
        }
        if let Some(location) = location.filter(|_| status == StatusCode::CREATED) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }

    /// Whether a change is meant for the version that there is (RFC 7644 section 3.14).
    pub(super) fn expects(&self, version: &str) -> Result<(), Refusal> {
        match self.headers.get(header::IF_MATCH).map(HeaderValue::to_str) {
            None | Some(Ok("*")) => Ok(()),
            Some(Ok(list)) if list.split(',').any(|one| one.trim() == version) => Ok(()),
            Some(_) => Err(Refusal::status(412, "The resource has changed since")),
        }
    }

    /// Whether the client said which version it means.
    pub(super) fn is_conditional(&self) -> bool {
        self.headers.contains_key(header::IF_MATCH)
    }
}

impl FromRequestParts<Arc<App>> for Program {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        let stranger = || No(Refusal::status(401, "An API key of the scope scim is needed")).into_response();
        let mut given = parts.headers.get_all(header::AUTHORIZATION).iter();
        let (first, second) = (given.next(), given.next());
        let token = first.filter(|_| second.is_none()).and_then(bearer).ok_or_else(stranger)?;
        let found = administer_keys::authenticate(&app.service, visit.now(), &token, Scope::Scim).await;
        match found {
            Ok(key) => Ok(Self { visit, key, headers: parts.headers.clone() }),
            Err(error) => Err(match error.code() {
                "scope_missing" => No(Refusal::status(403, "The key has not the scope scim")).into_response(),
                "unknown" => No(Refusal::status(503, "The server cannot reach its database")).into_response(),
                _ => stranger(),
            }),
        }
    }
}

fn bearer(header: &HeaderValue) -> Option<Token> {
    let (scheme, value) = header.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { api_key::read(value.trim()) } else { None }
}

/// A JSON body, of either media type that clients use for it.
pub(super) struct Sent(pub(super) Value);

impl FromRequest<Arc<App>> for Sent {
    type Rejection = No;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, No> {
        let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !["application/scim+json", "application/json"]
            .iter()
            .any(|known| media_type.eq_ignore_ascii_case(known))
        {
            return Err(No(Refusal::status(415, "The body is not application/scim+json")));
        }
        let body = Bytes::from_request(request, app).await.map_err(|rejection| {
            No(Refusal::status(rejection.status().as_u16(), "The body was not taken"))
        })?;
        if body.len() > LONGEST {
            return Err(No(Refusal::status(413, "The body is too long")));
        }
        let value = serde_json::from_slice(&body)
            .map_err(|_| Refusal::bad(scim::ScimType::InvalidSyntax, "The body is not JSON"))?;
        Ok(Self(value))
    }
}

/// What a list is asked for by (RFC 7644 section 3.4.2).
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Asked {
    filter: Option<String>,
    start_index: Option<String>,
    count: Option<String>,
    attributes: Option<String>,
    excluded_attributes: Option<String>,
}

/// The same, read.
pub(super) struct Look {
    /// The filter, if any.
    pub(super) filter: Option<scim::filter::Filter>,
    /// From which one on, counted from one.
    pub(super) start: u64,
    /// How many at most.
    pub(super) count: u32,
    /// Which attributes.
    pub(super) projection: Projection,
}

impl Look {
    /// From the query of an address.
    pub(super) fn of_query(kind: &'static ResourceType, asked: &Asked) -> Result<Self, Refusal> {
        // Less than one counts as one, less than none as none (RFC 7644 section 3.4.2.4).
        let number =
            |text: &Option<String>, name: &str| match text {
                None => Ok(None),
                Some(text) => text.trim().parse::<i64>().map(Some).map_err(|_| {
                    Refusal::bad(scim::ScimType::InvalidValue, format!("{name} is not a number"))
                }),
            };
        let start = number(&asked.start_index, "startIndex")?.unwrap_or(1).max(1);
        let count = number(&asked.count, "count")?.unwrap_or(i64::from(MOST)).clamp(0, i64::from(MOST));
        Ok(Self {
            filter: asked
                .filter
                .as_deref()
                .map(|text| scim::filter::Filter::parse(kind, text))
                .transpose()?,
            start: u64::try_from(start).unwrap_or(1),
            count: u32::try_from(count).unwrap_or(MOST),
            projection: Projection::read(asked.attributes.as_deref(), asked.excluded_attributes.as_deref())?,
        })
    }

    /// From the body of a search (RFC 7644 section 3.4.3).
    pub(super) fn of_body(kind: &'static ResourceType, body: &Value) -> Result<Self, Refusal> {
        let text = |name: &str| match body.get(name) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::Array(names)) => {
                Some(names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","))
            }
            _ => None,
        };
        let asked = Asked {
            filter: text("filter"),
            start_index: text("startIndex"),
            count: text("count"),
            attributes: text("attributes"),
            excluded_attributes: text("excludedAttributes"),
        };
        Self::of_query(kind, &asked)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = No;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, No> {
        let query = Query::<Asked>::from_request_parts(parts, state).await;
        query
            .map(|Query(asked)| asked)
            .map_err(|_| No(Refusal::bad(scim::ScimType::InvalidValue, "The query cannot be read")))
    }
}
