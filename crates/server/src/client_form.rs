//! An application's terms as forms: each part of them as named fields, and what fields mean.

mod read;

use account::application::Consent;
use account::policy::{Needed, Policy};
use account::strength::Strength;
use oidc::client::{Authentication, GrantType, SigningAlg};
use primitives::time::Span;
use service::administer_clients::Terms;

pub(crate) use read::{groups_named, read, wrong};

use crate::client_terms::{GroupNames, spell};
use crate::pages::console::form::{Choice, Control, Kind};
use crate::policy_form::{Fields, Wrong};
use crate::text::Text;

/// A part of the terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// What the client says of itself in the terms of the protocols.
    Client,
    /// Who may use it, and on what evidence.
    Access,
    /// How long tokens live, and what claims they hold.
    Tokens,
}

/// What a form refers to.
pub(crate) struct Around<'a> {
    /// The reader's language.
    pub(crate) text: Text,
    /// The policy, whose own strengths can be asked for.
    pub(crate) policy: &'a Policy,
}

/// The ways in which a client proves who it is.
pub(crate) const METHODS: [(&str, Authentication); 4] = [
    ("client_secret_basic", Authentication::ClientSecretBasic),
    ("client_secret_post", Authentication::ClientSecretPost),
    ("private_key_jwt", Authentication::PrivateKeyJwt),
    ("none", Authentication::None),
];

/// What it may ask the token endpoint for.
pub(crate) const GRANTS: [(&str, GrantType); 4] = [
    ("authorization_code", GrantType::AuthorizationCode),
    ("refresh_token", GrantType::RefreshToken),
    ("client_credentials", GrantType::ClientCredentials),
    ("device_code", GrantType::DeviceCode),
];

/// What is so or not.
const FLAGS: &[(&str, &str)] = &[
    ("pushed_only", "apps-pushed-only"),
    ("signed_only", "apps-signed-only"),
    ("dpop_bound", "apps-dpop-bound"),
    ("frontchannel_session", "apps-frontchannel-session"),
];

/// The fields of a part, as the terms stand.
pub(crate) fn fill(part: Part, terms: &Terms, groups: &GroupNames) -> Fields {
    let (client, application) = (&terms.client, &terms.application);
    let mut fields = Fields::default();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    match part {
        Part::Client => {
            fields.put("name", &application.name);
            fields.put("home", text(&application.home));
            fields.put("redirects", client.redirect_uris.join("\n"));
            fields.put("signed_out", client.post_logout_redirect_uris.join("\n"));
            let method = METHODS.iter().find(|(_, method)| *method == client.authentication);
            fields.put("method", method.map_or("", |(name, _)| name));
            for (name, _) in GRANTS.iter().filter(|(_, grant)| client.may(*grant)) {
                fields.put("grant", name);
            }
            fields.put("scopes", &client.scopes);
            fields.put("algorithm", client.id_token_alg.name());
            fields.put("keys_uri", text(&client.keys.uri));
            fields.put("resources", client.resources.join("\n"));
            fields.put("backchannel", text(&client.backchannel_logout_uri));
            fields.put("frontchannel", text(&client.frontchannel_logout_uri));
            fields.put_flag("pushed_only", client.pushed_only);
            fields.put_flag("signed_only", client.signed_only);
            fields.put_flag("dpop_bound", client.dpop_bound);
            fields.put_flag("frontchannel_session", client.frontchannel_session_required);
        }
        Part::Access => {
            let names: Vec<String> = application.groups.iter().map(|id| groups.spell(*id)).collect();
            fields.put("groups", names.join("\n"));
            fields.put("needed", &application.needed);
            fields.put_flag("prefers", application.prefers);
            fields.put("consent", application.consent);
            fields.put("guards", application.guards.join("\n"));
        }
        Part::Tokens => {
            fields.put("access", spell_span(application.lifetimes.access));
            fields.put("idle", spell_span(application.lifetimes.refresh_idle));
            fields.put("all", spell_span(application.lifetimes.refresh));
            let claims: Vec<String> = application.claims.iter().map(|claim| spell(claim, groups)).collect();
            fields.put("claims", claims.join("\n"));
            fields.put_flag("profile", application.profile_in_id_token);
        }
    }
    fields
}

/// A span as it is typed, in the greatest unit that says it whole.
fn spell_span(span: Span) -> String {
    let secs = span.secs();
    let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
    let unit = units.into_iter().find(|(length, _)| secs % length == 0);
    unit.map_or_else(|| format!("{secs}s"), |(length, unit)| format!("{}{unit}", secs / length))
}

/// The form of a part, as its fields stand.
pub(crate) fn controls(part: Part, around: &Around<'_>, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
    match part {
        Part::Client => client(around.text, fields, wrong),
        Part::Access => access(around, fields, wrong),
        Part::Tokens => tokens(around.text, fields, wrong),
    }
}

/// What is asked of a new application that has a template; the rest is the template's.
pub(crate) fn basics(
    text: Text,
    fields: &Fields,
    wrong: &[Wrong],
    (redirects, example): (bool, &str),
) -> Vec<Control> {
    let line = |name, key| Control::line(text, name, key, fields.one(name)).wrong(text, wrong);
    let mut controls = vec![line("name", "apps-name"), line("home", "apps-home")];
    if let Some(home) = controls.last_mut() {
        home.hint = Some(text.say("apps-home-hint").with("example", example).to_string());
    }
    if redirects {
        controls.push(redirects_of(text, fields).wrong(text, wrong));
    }
    controls
}

fn redirects_of(text: Text, fields: &Fields) -> Control {
    Control::area(text, "redirects", "apps-redirects", fields.one("redirects"))
        .hint(text, "apps-redirects-hint")
}

fn options<T>(
    name: &'static str,
    all: &[(&str, T)],
    fields: &Fields,
    label: impl Fn(&str) -> String,
) -> Vec<Choice> {
    all.iter().map(|(value, _)| Choice::new(name, value, label(value), fields.has(name, value))).collect()
}

fn client(text: Text, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
    let line = |name, key| Control::line(text, name, key, fields.one(name)).wrong(text, wrong);
    let area = |name, key| Control::area(text, name, key, fields.one(name)).wrong(text, wrong);
    let method = |value: &str| text.say(&format!("apps-method-{value}")).to_string();
    let grant = |value: &str| text.say(&format!("apps-grant-{value}")).to_string();
    let algorithms = SigningAlg::ALL.map(|algorithm| {
        let name = algorithm.name();
        Choice::new("algorithm", name, name.to_owned(), fields.has("algorithm", name))
    });
    vec![
        line("name", "apps-name"),
        line("home", "apps-home"),
        redirects_of(text, fields).wrong(text, wrong),
        area("signed_out", "apps-signed-out").hint(text, "apps-signed-out-hint"),
        Control::select(text, "method", "apps-method", options("method", &METHODS, fields, method))
            .wrong(text, wrong),
        Control::boxes(text, "grant", "apps-grants", options("grant", &GRANTS, fields, grant))
            .wrong(text, wrong),
        line("scopes", "apps-scopes"),
        Control::select(text, "algorithm", "apps-algorithm", algorithms.to_vec()),
        line("keys_uri", "apps-keys-uri").hint(text, "apps-keys-uri-hint"),
        area("resources", "apps-resources").hint(text, "apps-resources-hint"),
        Control::heading(text, "apps-logout"),
        line("backchannel", "apps-backchannel").hint(text, "apps-backchannel-hint"),
        line("frontchannel", "apps-frontchannel").hint(text, "apps-frontchannel-hint"),
        Control::flags(text, "apps-flags", FLAGS, fields).wrong(text, wrong),
    ]
}

fn access(around: &Around<'_>, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
    let text = around.text;
    let built_in = Strength::ALL
        .iter()
        .map(|strength| (strength.to_string(), text.say(&format!("strength-{strength}")).to_string()));
    let own = around.policy.strengths.iter().map(|strength| (strength.name.clone(), strength.name.clone()));
    let anything = (Needed::Anything.to_string(), text.say("apps-needs-nothing").to_string());
    let needed = std::iter::once(anything).chain(built_in).chain(own).map(|(value, label)| {
        let chosen = fields.has("needed", &value);
        Choice::new("needed", &value, label, chosen)
    });
    let consent = Consent::ALL.iter().map(|consent| {
        let label = text.say(&format!("apps-consent-{consent}")).to_string();
        Choice::new("consent", consent.as_str(), label, fields.has("consent", consent.as_str()))
    });
    let prefers = [("prefers", "apps-prefers")];
    vec![
        Control::area(text, "groups", "apps-groups", fields.one("groups"))
            .hint(text, "apps-groups-hint")
            .wrong(text, wrong),
        Control::select(text, "needed", "apps-needs", needed.collect())
            .hint(text, "apps-needs-hint")
            .wrong(text, wrong),
        Control::flags(text, "apps-prefers-heading", &prefers, fields).hint(text, "apps-prefers-hint"),
        Control::radios(text, "consent", "apps-consent", consent.collect()),
        Control::area(text, "guards", "apps-guards", fields.one("guards"))
            .hint(text, "apps-guards-hint")
            .wrong(text, wrong),
    ]
}

fn tokens(text: Text, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
    let line = |name, key| Control::line(text, name, key, fields.one(name)).wrong(text, wrong);
    vec![
        line("access", "apps-access").hint(text, "apps-access-hint"),
        line("idle", "apps-idle").hint(text, "apps-idle-hint"),
        line("all", "apps-all").hint(text, "apps-idle-hint"),
        Control::area(text, "claims", "apps-claims", fields.one("claims"))
            .hint(text, "apps-claims-hint")
            .wrong(text, wrong),
        Control::flags(text, "apps-profile-heading", &[("profile", "apps-profile")], fields),
    ]
}

/// A field's name and value, for people.
pub(crate) fn said(control: &Control) -> Option<(String, String)> {
    let chosen = |options: &[Choice]| {
        let chosen = options.iter().filter(|option| option.chosen);
        chosen.map(|option| option.label.clone()).collect::<Vec<_>>().join(", ")
    };
    let value = match &control.kind {
        Kind::Heading => return None,
        Kind::Radios(options) | Kind::Boxes(options) | Kind::Select(options) => chosen(options),
        Kind::Number(typed, _) | Kind::Line(typed, _) | Kind::Date(typed) | Kind::Area(typed) => {
            typed.clone()
        }
    };
    Some((control.label.clone(), value))
}

#[cfg(test)]
mod tests;
