//! What fields mean, and which of them is wrong when terms are refused.

use account::application::{Consent, MOST_CLAIMS, MOST_GROUPS};
use account::policy::Needed;
use account::strength::Strength;
use oidc::client::{ClientKeys, GrantType, SigningAlg};
use oidc::scope::Scopes;
use primitives::time::Span;
use service::administer_clients::{Terms, TermsRefusal};

use super::{GRANTS, METHODS, Part};
use crate::client_terms::{ClaimLine, GroupNames};
use crate::policy_form::{Fields, Wrong};

/// The groups that fields name, at most as many as terms may name.
pub(crate) fn groups_named(fields: &Fields) -> Vec<String> {
    let listed = lines(fields.one("groups")).map(str::to_owned);
    let claims = lines(fields.one("claims")).filter_map(|line| ClaimLine::parse(line).ok());
    let mapped = claims.flat_map(|claim| claim.groups().into_iter().map(str::to_owned).collect::<Vec<_>>());
    listed.take(MOST_GROUPS).chain(mapped.take(MOST_CLAIMS)).collect()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn list(fields: &Fields, name: &str) -> Vec<String> {
    lines(fields.one(name)).map(str::to_owned).collect()
}

fn place(fields: &Fields, name: &str) -> Option<String> {
    Some(fields.one(name).to_owned()).filter(|text| !text.is_empty())
}

/// The terms with that part as the fields say, or what is wrong with them.
pub(crate) fn read(
    part: Part,
    terms: &Terms,
    fields: &Fields,
    groups: &GroupNames,
) -> Result<Terms, Vec<Wrong>> {
    let (mut terms, mut found) = (terms.clone(), Vec::new());
    match part {
        Part::Client => read_client(&mut terms, fields, &mut found),
        Part::Access => read_access(&mut terms, fields, groups, &mut found),
        Part::Tokens => read_tokens(&mut terms, fields, groups, &mut found),
    }
    if !found.is_empty() {
        return Err(found);
    }
    terms.judged().map_err(|refusal| vec![wrong(refusal)])
}

fn read_client(terms: &mut Terms, fields: &Fields, found: &mut Vec<Wrong>) {
    let (client, application) = (&mut terms.client, &mut terms.application);
    application.name = fields.one("name").to_owned();
    application.home = place(fields, "home");
    client.redirect_uris = list(fields, "redirects");
    client.post_logout_redirect_uris = list(fields, "signed_out");
    let method = METHODS.iter().find(|(name, _)| fields.has("method", name));
    client.authentication = method.map_or(client.authentication, |(_, method)| *method);
    let grants = GRANTS.iter().filter(|(name, _)| fields.has("grant", name)).map(|(_, grant)| *grant);
    client.grants = grants.collect::<Vec<GrantType>>();
    match Scopes::parse(&fields.one("scopes").split_whitespace().collect::<Vec<_>>().join(" ")) {
        Ok(scopes) => client.scopes = scopes,
        Err(_) => found.push(Wrong::new("scopes", "apps-wrong-client_scopes", "")),
    }
    let algorithm = SigningAlg::ALL.into_iter().find(|algorithm| fields.has("algorithm", algorithm.name()));
    client.id_token_alg = algorithm.unwrap_or(client.id_token_alg);
    if let Some(uri) = place(fields, "keys_uri") {
        client.keys = ClientKeys { set: None, uri: Some(uri) };
    } else {
        client.keys.uri = None;
    }
    client.resources = list(fields, "resources");
    client.backchannel_logout_uri = place(fields, "backchannel");
    client.frontchannel_logout_uri = place(fields, "frontchannel");
    client.pushed_only = fields.flag("pushed_only");
    client.signed_only = fields.flag("signed_only");
    client.dpop_bound = fields.flag("dpop_bound");
    client.frontchannel_session_required = fields.flag("frontchannel_session");
}

fn read_access(terms: &mut Terms, fields: &Fields, groups: &GroupNames, found: &mut Vec<Wrong>) {
    let application = &mut terms.application;
    let ids: Result<Vec<_>, String> = lines(fields.one("groups")).map(|name| groups.find(name)).collect();
    match ids {
        Ok(ids) => application.groups = ids,
        Err(name) => found.push(Wrong::new("groups", "apps-wrong-client_group_unknown", name)),
    }
    application.needed = match fields.one("needed") {
        "" | "anything" => Needed::Anything,
        name => Strength::parse(name).map_or_else(|| Needed::Custom(name.to_owned()), Needed::BuiltIn),
    };
    application.prefers = fields.flag("prefers");
    application.consent = Consent::parse(fields.one("consent")).unwrap_or(application.consent);
    application.guards = list(fields, "guards");
}

fn read_tokens(terms: &mut Terms, fields: &Fields, groups: &GroupNames, found: &mut Vec<Wrong>) {
    let lifetimes = &mut terms.application.lifetimes;
    let mut span = |name: &'static str, into: &mut Span| match fields.one(name).parse() {
        Ok(span) => *into = span,
        Err(_) => found.push(Wrong::new(name, "apps-wrong-span", "")),
    };
    span("access", &mut lifetimes.access);
    span("idle", &mut lifetimes.refresh_idle);
    span("all", &mut lifetimes.refresh);
    let mut claims = Vec::new();
    for line in lines(fields.one("claims")).take(MOST_CLAIMS.saturating_add(1)) {
        match ClaimLine::parse(line).map(|claim| claim.resolve(groups)) {
            Ok(Ok(claim)) => claims.push(claim),
            Ok(Err(name)) => found.push(Wrong::new("claims", "apps-wrong-client_group_unknown", name)),
            Err(_) => found.push(Wrong::new("claims", "apps-wrong-claim", line)),
        }
    }
    terms.application.claims = claims;
    terms.application.profile_in_id_token = fields.flag("profile");
}

/// The field that a refusal is about.
pub(crate) fn wrong(refusal: TermsRefusal) -> Wrong {
    let (field, key) = match refusal.code() {
        "client_name" => ("name", "apps-wrong-client_name"),
        "client_uri" => ("home", "apps-wrong-client_uri"),
        "client_redirect_uris" => ("redirects", "apps-wrong-client_redirect_uris"),
        "client_post_logout_redirect_uris" => ("signed_out", "apps-wrong-client_redirect_uris"),
        "client_authentication" => ("method", "apps-wrong-client_authentication"),
        "client_grant_types" | "client_response_modes" => ("grant", "apps-wrong-client_grant_types"),
        "client_scopes" => ("scopes", "apps-wrong-client_scopes"),
        "client_jwks" | "client_jwks_uri" | "client_signed_requests" => {
            ("keys_uri", "apps-wrong-client_jwks")
        }
        "client_resources" => ("resources", "apps-wrong-client_resources"),
        "client_backchannel_logout_uri" => ("backchannel", "apps-wrong-secure_uri"),
        "client_frontchannel_logout_uri" => ("frontchannel", "apps-wrong-client_frontchannel_logout_uri"),
        "client_groups" | "client_group_unknown" => ("groups", "apps-wrong-client_groups"),
        "client_strength" | "client_strength_unknown" => ("needed", "apps-wrong-client_strength_unknown"),
        "client_guards" => ("guards", "apps-wrong-client_guards"),
        "client_lifetimes" => ("access", "apps-wrong-client_lifetimes"),
        "client_claim_reserved" => ("claims", "apps-wrong-client_claim_reserved"),
        "client_claim_name" | "client_claim_text" | "client_claims" => {
            ("claims", "apps-wrong-client_claim_name")
        }
        _ => ("name", "apps-wrong-terms"),
    };
    Wrong::new(field, key, refusal.code())
}
