//! An application as programs read and write it.

use account::application::{Consent, Provenance};
use account::group::GroupId;
use account::policy::Needed;
use account::strength::Strength;
use oidc::client::{Authentication, GrantType, ResponseMode, SigningAlg};
use oidc::scope::Scopes;
use primitives::time::Span;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::Context;
use service::administer_clients::Terms as Wanted;
use store::clients::Stored;
use utoipa::ToSchema;

use super::super::body::{given, present};
use super::super::refused::{by_code, refused};
use crate::client_terms::{ClaimLine, GroupNames, spell};
use crate::problem::Stop;

macro_rules! words {
    ($($(#[$meta:meta])* $name:ident of $of:ty { $($variant:ident = $word:literal),+ })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub(super) enum $name {
            $(#[doc = $word] #[serde(rename = $word)] $variant,)+
        }

        impl From<$of> for $name {
            fn from(of: $of) -> Self {
                match of { $(<$of>::$variant => $name::$variant,)+ }
            }
        }

        impl From<$name> for $of {
            fn from(name: $name) -> Self {
                match name { $($name::$variant => <$of>::$variant,)+ }
            }
        }
    )+};
}

words! {
    /// How it proves who it is.
    ClientAuthentication of Authentication {
        None = "none",
        ClientSecretBasic = "client_secret_basic",
        ClientSecretPost = "client_secret_post",
        PrivateKeyJwt = "private_key_jwt"
    }
    /// What it may ask the token endpoint for.
    ClientGrant of GrantType {
        AuthorizationCode = "authorization_code",
        RefreshToken = "refresh_token",
        ClientCredentials = "client_credentials",
        DeviceCode = "urn:ietf:params:oauth:grant-type:device_code"
    }
    /// How answers may reach it.
    ClientResponseMode of ResponseMode {
        Query = "query",
        Fragment = "fragment",
        FormPost = "form_post",
        QueryJwt = "query.jwt",
        FragmentJwt = "fragment.jwt",
        FormPostJwt = "form_post.jwt"
    }
    /// What tokens are signed with.
    ClientSigning of SigningAlg { Es256 = "ES256", EdDsa = "EdDSA", Rs256 = "RS256" }
    /// Whether people are asked.
    ClientConsent of Consent {
        PreApproved = "pre-approved",
        Remembered = "remembered",
        Always = "always"
    }
    /// Where it came from.
    ClientOrigin of Provenance {
        Organisation = "organisation",
        Registered = "registered",
        Document = "document"
    }
}

/// An application; its secrets are never told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Client {
    /// Its client_id.
    client_id: String,
    /// Where it came from.
    origin: ClientOrigin,
    /// The template that its terms came from.
    template: Option<String>,
    /// How many secrets it has.
    secrets: usize,
    /// Who added it.
    author: String,
    /// When it was added.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    changed_at: String,
    /// What it is.
    #[serde(flatten)]
    terms: Terms,
}

/// The terms of an application. What is absent stays as it is, or as the template says.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[schema(as = ClientTerms)]
pub(super) struct Terms {
    /// How people know it.
    #[serde(deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 80, nullable = false)]
    pub(super) name: Option<String>,
    /// Whether it lets people in.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    pub(super) enabled: Option<bool>,
    /// Where it is.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub(super) url: Option<Option<String>>,
    /// How it proves who it is.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    authentication: Option<ClientAuthentication>,
    /// Where codes may go, compared as they stand.
    #[serde(deserialize_with = "present")]
    #[schema(max_items = 32, nullable = false)]
    redirect_uris: Option<Vec<String>>,
    /// Where people may be led after they signed out.
    #[serde(deserialize_with = "present")]
    #[schema(max_items = 32, nullable = false)]
    post_logout_redirect_uris: Option<Vec<String>>,
    /// What it may ask the token endpoint for.
    #[serde(deserialize_with = "present")]
    #[schema(min_items = 1, nullable = false)]
    grants: Option<Vec<ClientGrant>>,
    /// How answers may reach it.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    response_modes: Option<Vec<ClientResponseMode>>,
    /// What it may ask for, with blanks between.
    #[serde(deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 1000, nullable = false)]
    scopes: Option<String>,
    /// What its ID tokens are signed with.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    id_token_alg: Option<ClientSigning>,
    /// What userinfo is signed with; plain JSON if null.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<ClientSigning>)]
    userinfo_alg: Option<Option<ClientSigning>>,
    /// What answers are signed with in the modes of JARM.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<ClientSigning>)]
    response_alg: Option<Option<ClientSigning>>,
    /// Whether its requests must be pushed (RFC 9126).
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    pushed_only: Option<bool>,
    /// Whether its requests must be signed (RFC 9101).
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    signed_only: Option<bool>,
    /// Whether its access tokens must be bound to a key (RFC 9449).
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    dpop_bound: Option<bool>,
    /// Its public keys, a JWK Set.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    jwks: Option<Option<Value>>,
    /// Where it publishes them.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 1000)]
    jwks_uri: Option<Option<String>>,
    /// Resources whose tokens it may ask for (RFC 8707).
    #[serde(deserialize_with = "present")]
    #[schema(max_items = 16, nullable = false)]
    resources: Option<Vec<String>>,
    /// Where a logout token goes.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 1000)]
    backchannel_logout_uri: Option<Option<String>>,
    /// What the signed-out page loads.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 1000)]
    frontchannel_logout_uri: Option<Option<String>>,
    /// Ids of the groups whose members may use it; everybody if empty.
    #[serde(deserialize_with = "present")]
    #[schema(max_items = 100, nullable = false)]
    groups: Option<Vec<String>>,
    /// What it asks for at least: `anything` or the name of a strength.
    #[serde(deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 80, nullable = false)]
    needs: Option<String>,
    /// Whether people go on without a strength that it only prefers.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    prefers: Option<bool>,
    /// Whether people are asked.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    consent: Option<ClientConsent>,
    /// How many seconds access tokens live.
    #[serde(deserialize_with = "present")]
    #[schema(minimum = 60, maximum = 3600, nullable = false)]
    access_seconds: Option<u32>,
    /// How many seconds a refresh token lives that is not used.
    #[serde(deserialize_with = "present")]
    #[schema(minimum = 300, maximum = 31_536_000, nullable = false)]
    refresh_idle_seconds: Option<u32>,
    /// How many seconds everything lives that came of one sign-in.
    #[serde(deserialize_with = "present")]
    #[schema(minimum = 300, maximum = 31_536_000, nullable = false)]
    refresh_seconds: Option<u32>,
    /// Claims of the organisation's own, such as `role = in-group(Admins, admin, user) in id-token`.
    #[serde(deserialize_with = "present")]
    #[schema(max_items = 32, nullable = false)]
    claims: Option<Vec<String>>,
    /// Whether ID tokens say what the scopes bring.
    #[serde(deserialize_with = "present")]
    #[schema(nullable = false)]
    profile_in_id_token: Option<bool>,
    /// Origins that it guards by forward authentication.
    #[serde(deserialize_with = "present")]
    #[schema(max_items = 16, nullable = false)]
    guards: Option<Vec<String>>,
}

fn seconds(span: Span) -> Option<u32> {
    u32::try_from(span.secs()).ok()
}

impl From<Stored> for Client {
    fn from(stored: Stored) -> Self {
        let Stored { client, application, .. } = stored;
        let ids = GroupNames::default();
        let lifetimes = application.lifetimes;
        Self {
            client_id: client.id.to_string(),
            origin: application.origin.into(),
            template: application.template,
            secrets: stored.secrets.len(),
            author: stored.author.to_string(),
            created_at: stored.created.to_string(),
            changed_at: stored.changed.to_string(),
            terms: Terms {
                name: Some(application.name),
                enabled: Some(stored.enabled),
                url: Some(application.home),
                authentication: Some(client.authentication.into()),
                redirect_uris: Some(client.redirect_uris),
                post_logout_redirect_uris: Some(client.post_logout_redirect_uris),
                grants: Some(client.grants.into_iter().map(ClientGrant::from).collect()),
                response_modes: Some(
                    client.response_modes.into_iter().map(ClientResponseMode::from).collect(),
                ),
                scopes: Some(client.scopes.to_string()),
                id_token_alg: Some(client.id_token_alg.into()),
                userinfo_alg: Some(client.userinfo_alg.map(ClientSigning::from)),
                response_alg: Some(client.response_alg.map(ClientSigning::from)),
                pushed_only: Some(client.pushed_only),
                signed_only: Some(client.signed_only),
                dpop_bound: Some(client.dpop_bound),
                jwks: Some(client.keys.set),
                jwks_uri: Some(client.keys.uri),
                resources: Some(client.resources),
                backchannel_logout_uri: Some(client.backchannel_logout_uri),
                frontchannel_logout_uri: Some(client.frontchannel_logout_uri),
                groups: Some(application.groups.iter().map(ToString::to_string).collect()),
                needs: Some(application.needed.to_string()),
                prefers: Some(application.prefers),
                consent: Some(application.consent.into()),
                access_seconds: seconds(lifetimes.access),
                refresh_idle_seconds: seconds(lifetimes.refresh_idle),
                refresh_seconds: seconds(lifetimes.refresh),
                claims: Some(application.claims.iter().map(|claim| spell(claim, &ids)).collect()),
                profile_in_id_token: Some(application.profile_in_id_token),
                guards: Some(application.guards),
            },
        }
    }
}

fn put<T>(into: &mut T, sent: Option<T>) {
    if let Some(sent) = sent {
        *into = sent;
    }
}

fn put_list<T, F: Into<T>>(into: &mut Vec<T>, sent: Option<Vec<F>>) {
    put(into, sent.map(|sent| sent.into_iter().map(Into::into).collect()));
}

impl Terms {
    /// These terms over those that are there.
    pub(super) async fn over(self, cx: &Context, mut terms: Wanted) -> Result<Wanted, Stop> {
        let claims: Option<Vec<ClaimLine>> = self.claims.as_ref().map(|lines| claims(lines)).transpose()?;
        let named: Vec<&str> = claims.iter().flatten().flat_map(ClaimLine::groups).collect();
        let groups = GroupNames::named(cx, named).await.map_err(refused)?;
        if let Some(claims) = claims {
            let found: Result<Vec<_>, String> =
                claims.into_iter().map(|claim| claim.resolve(&groups)).collect();
            terms.application.claims = found.map_err(|_| by_code("client_group_unknown"))?;
        }
        self.organisation(&mut terms)?;
        self.protocol(&mut terms)?;
        Ok(terms)
    }

    fn organisation(&self, terms: &mut Wanted) -> Result<(), Stop> {
        let application = &mut terms.application;
        put(&mut application.name, self.name.clone());
        put(&mut application.home, self.url.clone());
        if let Some(ids) = &self.groups {
            let found: Result<Vec<GroupId>, _> = ids.iter().map(|id| id.parse()).collect();
            application.groups = found.map_err(|_| by_code("client_group_unknown"))?;
        }
        if let Some(name) = &self.needs {
            application.needed = match name.as_str() {
                "anything" => Needed::Anything,
                name => {
                    Strength::parse(name).map_or_else(|| Needed::Custom(name.to_owned()), Needed::BuiltIn)
                }
            };
        }
        put(&mut application.prefers, self.prefers);
        put(&mut application.consent, self.consent.map(Into::into));
        let span = |secs: Option<u32>| secs.map(|secs| Span::from_secs(secs.into()));
        put(&mut application.lifetimes.access, span(self.access_seconds));
        put(&mut application.lifetimes.refresh_idle, span(self.refresh_idle_seconds));
        put(&mut application.lifetimes.refresh, span(self.refresh_seconds));
        put(&mut application.profile_in_id_token, self.profile_in_id_token);
        put(&mut application.guards, self.guards.clone());
        Ok(())
    }

    fn protocol(self, terms: &mut Wanted) -> Result<(), Stop> {
        let client = &mut terms.client;
        put(&mut client.authentication, self.authentication.map(Into::into));
        put(&mut client.redirect_uris, self.redirect_uris);
        put(&mut client.post_logout_redirect_uris, self.post_logout_redirect_uris);
        put_list(&mut client.grants, self.grants);
        put_list(&mut client.response_modes, self.response_modes);
        if let Some(scopes) = &self.scopes {
            client.scopes = Scopes::parse(scopes).map_err(|_| by_code("client_scopes"))?;
        }
        put(&mut client.id_token_alg, self.id_token_alg.map(Into::into));
        put(&mut client.userinfo_alg, self.userinfo_alg.map(|alg| alg.map(Into::into)));
        put(&mut client.response_alg, self.response_alg.map(|alg| alg.map(Into::into)));
        put(&mut client.pushed_only, self.pushed_only);
        put(&mut client.signed_only, self.signed_only);
        put(&mut client.dpop_bound, self.dpop_bound);
        put(&mut client.keys.set, self.jwks);
        put(&mut client.keys.uri, self.jwks_uri);
        put(&mut client.resources, self.resources);
        put(&mut client.backchannel_logout_uri, self.backchannel_logout_uri);
        put(&mut client.frontchannel_logout_uri, self.frontchannel_logout_uri);
        Ok(())
    }
}

fn claims(lines: &[String]) -> Result<Vec<ClaimLine>, Stop> {
    let found: Result<Vec<_>, _> = lines.iter().map(|line| ClaimLine::parse(line)).collect();
    found.map_err(|_| by_code("client_claim_name").into())
}
