//! Which attribute of a SCIM user is which of an account's.

use account::user::{Directory, User, UserId};
use scim::schema::{ENTERPRISE_USER, USER};
use scim::{Refusal, Resource, ScimType};
use serde_json::{Map, Value, json};
use service::administer_users::{Changes, NewUser};
use service::provision::Provisioned;

/// An account as a resource; `base` is where resources are.
pub(super) fn resource(base: &str, provisioned: &Provisioned) -> Resource {
    let Provisioned { user, groups } = provisioned;
    let Directory { external_id, given_name, family_name, title, department, private_email, .. } =
        &user.directory;
    let mut person = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            person.insert(name.to_owned(), value);
        }
    };
    let text = |text: &Option<String>| text.clone().map(Value::String);
    let part =
        |name: &str, text: &Option<String>| text.clone().map(|text| (name.to_owned(), Value::String(text)));
    let name: Map<String, Value> =
        [part("givenName", given_name), part("familyName", family_name)].into_iter().flatten().collect();
    let work = user.email.as_ref().map(|email| json!({ "value": email, "type": "work" }));
    let home = private_email.as_ref().map(|email| json!({ "value": email, "type": "home" }));
    let emails: Vec<Value> = work.into_iter().chain(home).collect();
    put("id", Some(user.id.to_string().into()));
    put("externalId", text(external_id));
    put("userName", Some(user.login.shown().into()));
    put("name", (!name.is_empty()).then_some(Value::Object(name)));
    // A name that follows from the others is not one that was given.
    let derived = derived(user.login.shown(), [given_name.as_deref(), family_name.as_deref()]);
    put("displayName", (user.name != derived).then(|| user.name.clone().into()));
    put("title", text(title));
    put("preferredLanguage", text(&user.language));
    put("active", Some(user.is_enabled().into()));
    put("emails", (!emails.is_empty()).then_some(Value::Array(emails)));
    let groups: Vec<Value> = groups
        .iter()
        .map(|(id, name)| json!({ "value": id, "$ref": format!("{base}/Groups/{id}"), "display": name }))
        .collect();
    put("groups", (!groups.is_empty()).then_some(Value::Array(groups)));
    let mut enterprise: Map<String, Value> = part("department", department).into_iter().collect();
    if let Some(id) = user.directory.manager {
        let value = json!({ "value": id, "$ref": format!("{base}/Users/{id}") });
        enterprise.insert("manager".to_owned(), value);
    }
    let mut schemas = vec![USER];
    if !enterprise.is_empty() {
        schemas.push(ENTERPRISE_USER);
    }
    put(ENTERPRISE_USER, (!enterprise.is_empty()).then_some(Value::Object(enterprise)));
    put("schemas", Some(json!(schemas)));
    put(
        "meta",
        Some(json!({
            "resourceType": "User",
            "created": user.created.to_string(),
            "location": format!("{base}/Users/{}", user.id),
            "version": version(user),
        })),
    );
    person
}

/// The name of somebody for whom none was given.
fn derived(login: &str, parts: [Option<&str>; 2]) -> String {
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    if parts.is_empty() { login.to_owned() } else { parts.join(" ") }
}

/// The version of an account as an entity tag.
pub(super) fn version(user: &User) -> String {
    format!("W/\"{}\"", user.version())
}

/// What a resource says that an account shall be.
pub(super) struct Wanted {
    login: String,
    name: String,
    email: Option<String>,
    language: Option<String>,
    directory: Directory,
    /// Whether it may be used; what is not said stays, or is so for a new one.
    pub(super) active: Option<bool>,
}

impl Wanted {
    /// From a resource in canonical shape.
    pub(super) fn read(resource: &Resource) -> Result<Self, Refusal> {
        let text = |name: &str| resource.get(name).and_then(Value::as_str).map(str::to_owned);
        let of_name =
            |part: &str| resource.get("name").and_then(|name| name.get(part)).and_then(Value::as_str);
        let login = text("userName").unwrap_or_default();
        let (given, family) = (of_name("givenName"), of_name("familyName"));
        let name = text("displayName").unwrap_or_else(|| derived(&login, [given, family]));
        let enterprise = resource.get(ENTERPRISE_USER);
        let manager = enterprise.and_then(|parts| parts.get("manager")).and_then(referred);
        let manager: Option<UserId> = match manager.filter(|id| !id.is_empty()) {
            Some(id) => Some(id.parse().map_err(|_| {
                Refusal::bad(ScimType::InvalidValue, "The manager is nobody whom this server knows")
            })?),
            None => None,
        };
        let (email, private_email) = addresses(resource);
        let department = enterprise.and_then(|parts| parts.get("department")).and_then(Value::as_str);
        Ok(Self {
            name,
            email,
            language: text("preferredLanguage"),
            directory: Directory {
                external_id: text("externalId"),
                manager,
                given_name: given.map(str::to_owned),
                family_name: family.map(str::to_owned),
                title: text("title"),
                department: department.map(str::to_owned),
                private_email,
            },
            active: resource.get("active").and_then(Value::as_bool),
            login,
        })
    }

    /// A new account.
    pub(super) fn into_new(self) -> NewUser {
        let Self { login, name, email, language, directory, active } = self;
        let disabled = active == Some(false);
        NewUser { login, name, email, language, directory, disabled, ..NewUser::default() }
    }

    /// All that makes an account what is wanted, if it is still what it was.
    pub(super) fn into_changes(self, of: &User) -> Changes {
        Changes {
            login: Some(self.login),
            name: Some(self.name),
            email: Some(self.email),
            language: Some(self.language),
            directory: Some(self.directory),
            expected: Some(of.version()),
        }
    }
}

/// The id that a reference names: as such, or at the end of an address.
pub(super) fn referred(value: &Value) -> Option<&str> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    text("value").or_else(|| text("$ref").and_then(|address| address.rsplit('/').next()))
}

/// Where notices go, and the private address: the one that says `home` is private, and of the others the one that says
/// `work` counts, or the first.
fn addresses(resource: &Resource) -> (Option<String>, Option<String>) {
    let emails = resource.get("emails").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let says = |email: &Value, kind: &str| {
        email.get("type").and_then(Value::as_str).is_some_and(|text| text.eq_ignore_ascii_case(kind))
    };
    let is_home = |email: &&Value| says(email, "home");
    let value = |email: &Value| email.get("value").and_then(Value::as_str).map(str::to_owned);
    let mut others = emails.iter().filter(|email| !is_home(email));
    let work = others.clone().find(|email| says(email, "work"));
    let work = work.or_else(|| others.next()).and_then(value);
    (work, emails.iter().find(is_home).and_then(value))
}
