//! Which attributes the resources have (RFC 7643 sections 4 and 7): what this server keeps, and no more.

use serde_json::{Value, json};

/// The URN of the core schema of users.
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The URN of the enterprise extension of users.
pub const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// The URN of the core schema of groups.
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// The type of an attribute's values (RFC 7643 section 2.3).
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text.
    String,
    /// A truth.
    Boolean,
    /// The address of another resource.
    Reference(&'static [&'static str]),
    /// Sub-attributes.
    Complex(&'static [Attribute]),
}

/// Who may change an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutability {
    /// The client.
    ReadWrite,
    /// The client, when the resource or element is made.
    Immutable,
    /// This server.
    ReadOnly,
}

/// An attribute (RFC 7643 section 7).
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    /// Its canonical name.
    pub name: &'static str,
    /// The type of its values.
    pub kind: Kind,
    /// Whether it has many.
    pub multi: bool,
    /// Whether there must be one.
    pub required: bool,
    /// Whether there always is one, whatever the client says: it cannot be removed, and need not be given.
    pub assumed: bool,
    /// Whether upper and lower case differ.
    pub case_exact: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// Whether no two resources have the same value.
    pub unique: bool,
    /// The values that there are, where they are few.
    pub canonical: &'static [&'static str],
    /// What it means.
    pub description: &'static str,
}

impl Attribute {
    const fn text(name: &'static str, description: &'static str) -> Self {
        Self {
            name,
            kind: Kind::String,
            multi: false,
            required: false,
            assumed: false,
            case_exact: false,
            mutability: Mutability::ReadWrite,
            unique: false,
            canonical: &[],
            description,
        }
    }

    const fn exact(self) -> Self {
        Self { case_exact: true, ..self }
    }

    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    const fn assumed(self) -> Self {
        Self { assumed: true, ..self }
    }

    const fn unique(self) -> Self {
        Self { unique: true, ..self }
    }

    const fn many(self) -> Self {
        Self { multi: true, ..self }
    }

    const fn of(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    const fn changed_by(self, mutability: Mutability) -> Self {
        Self { mutability, ..self }
    }

    const fn one_of(self, canonical: &'static [&'static str]) -> Self {
        Self { canonical, ..self }
    }

    /// Its sub-attributes; none for what has no parts.
    pub fn parts(&self) -> &'static [Attribute] {
        match self.kind {
            Kind::Complex(parts) => parts,
            _ => &[],
        }
    }

    /// Whether the client may change it at all.
    pub fn is_writable(&self) -> bool {
        self.mutability != Mutability::ReadOnly
    }

    fn described(&self) -> Value {
        let mut described = json!({
            "name": self.name,
            "type": match self.kind {
                Kind::String => "string",
                Kind::Boolean => "boolean",
                Kind::Reference(_) => "reference",
                Kind::Complex(_) => "complex",
            },
            "multiValued": self.multi,
            "description": self.description,
            "required": self.required || self.assumed,
            "caseExact": self.case_exact,
            "mutability": match self.mutability {
                Mutability::ReadWrite => "readWrite",
                Mutability::Immutable => "immutable",
                Mutability::ReadOnly => "readOnly",
            },
            "returned": "default",
            "uniqueness": if self.unique { "server" } else { "none" },
        });
        if let Some(object) = described.as_object_mut() {
            match self.kind {
                Kind::Complex(parts) => {
                    object.insert("subAttributes".into(), parts.iter().map(Attribute::described).collect());
                }
                Kind::Reference(types) => {
                    object.insert("referenceTypes".into(), json!(types));
                }
                Kind::String | Kind::Boolean => {}
            }
            if !self.canonical.is_empty() {
                object.insert("canonicalValues".into(), json!(self.canonical));
            }
        }
        described
    }
}

/// A schema.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Its URN.
    pub urn: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it describes.
    pub description: &'static str,
    /// Its attributes.
    pub attributes: &'static [Attribute],
}

impl Schema {
    /// As `/Schemas` gives it; `base` is the address of the SCIM face.
    pub fn described(&self, base: &str) -> Value {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": self.urn,
            "name": self.name,
            "description": self.description,
            "attributes": self.attributes.iter().map(Attribute::described).collect::<Vec<_>>(),
            "meta": { "resourceType": "Schema", "location": format!("{base}/Schemas/{}", self.urn) },
        })
    }
}

/// A type of resource.
#[derive(Clone, Copy, Debug)]
pub struct ResourceType {
    /// Its name, such as `User`.
    pub name: &'static str,
    /// Where its resources are, such as `/Users`.
    pub endpoint: &'static str,
    /// Its core schema.
    pub schema: &'static Schema,
    /// Its extensions.
    pub extensions: &'static [&'static Schema],
    /// Names of attributes that RFC 7643 has and this server does not keep: read over, not refused.
    pub ignored: &'static [&'static str],
}

impl ResourceType {
    /// As `/ResourceTypes` gives it.
    pub fn described(&self, base: &str) -> Value {
        let extensions: Vec<Value> = self
            .extensions
            .iter()
            .map(|extension| json!({ "schema": extension.urn, "required": false }))
            .collect();
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": self.name,
            "name": self.name,
            "endpoint": self.endpoint,
            "description": self.schema.description,
            "schema": self.schema.urn,
            "schemaExtensions": extensions,
            "meta": { "resourceType": "ResourceType", "location": format!("{base}/ResourceTypes/{}", self.name) },
        })
    }

    /// The extension of that URN, in whatever case.
    pub fn extension(&self, urn: &str) -> Option<&'static Schema> {
        self.extensions.iter().copied().find(|extension| extension.urn.eq_ignore_ascii_case(urn))
    }

    /// Whether RFC 7643 has such an attribute that is not kept here.
    pub fn ignores(&self, name: &str) -> bool {
        self.ignored.iter().any(|ignored| ignored.eq_ignore_ascii_case(name))
    }
}

/// The attribute of that name, in whatever case.
pub fn find(attributes: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

/// What every resource has beside its schema (RFC 7643 section 3.1), as far as clients write or filter it.
pub const COMMON: &[Attribute] = &[
    Attribute::text("externalId", "What the provisioning system calls it").exact(),
    Attribute::text("id", "What this server calls it").exact().changed_by(Mutability::ReadOnly),
    Attribute::text("meta", "When it was made").of(Kind::Complex(META)).changed_by(Mutability::ReadOnly),
    Attribute::text("schemas", "Its schemas").exact().many().changed_by(Mutability::ReadOnly),
];

const META: &[Attribute] = &[
    Attribute::text("resourceType", "Its type").exact().changed_by(Mutability::ReadOnly),
    Attribute::text("created", "When it was made").changed_by(Mutability::ReadOnly),
    Attribute::text("lastModified", "When it last changed").changed_by(Mutability::ReadOnly),
    Attribute::text("location", "Its address").exact().changed_by(Mutability::ReadOnly),
    Attribute::text("version", "Its version").exact().changed_by(Mutability::ReadOnly),
];

const NAME: &[Attribute] =
    &[Attribute::text("givenName", "The given name"), Attribute::text("familyName", "The family name")];

const EMAIL: &[Attribute] = &[
    Attribute::text("value", "The address"),
    Attribute::text(
        "type",
        "work: where notices go; home: a private address for what comes before the first sign-in",
    )
    .one_of(&["work", "home"]),
];

const USER_GROUP: &[Attribute] = &[
    Attribute::text("value", "The group's id").exact().changed_by(Mutability::ReadOnly),
    Attribute::text("$ref", "The group's address")
        .of(Kind::Reference(&["Group"]))
        .changed_by(Mutability::ReadOnly),
    Attribute::text("display", "The group's name").changed_by(Mutability::ReadOnly),
];

const MANAGER: &[Attribute] = &[
    Attribute::text("value", "The manager's id").exact(),
    Attribute::text("$ref", "The manager's address").of(Kind::Reference(&["User"])),
];

const MEMBER: &[Attribute] = &[
    Attribute::text("value", "The person's id").exact().changed_by(Mutability::Immutable),
    Attribute::text("$ref", "The person's address")
        .of(Kind::Reference(&["User"]))
        .changed_by(Mutability::Immutable),
    Attribute::text("type", "Always User").one_of(&["User"]).changed_by(Mutability::Immutable),
];

static USER_SCHEMA: Schema = Schema {
    urn: USER,
    name: "User",
    description: "A person's account",
    attributes: &[
        Attribute::text("userName", "What the person types to say who they are").required().unique(),
        Attribute::text("name", "The parts of the name").of(Kind::Complex(NAME)),
        Attribute::text(
            "displayName",
            "The name that pages show; made of its parts, or the user name, where absent",
        ),
        Attribute::text("title", "What the person does"),
        Attribute::text("preferredLanguage", "The language in which the person is spoken to (BCP 47)"),
        Attribute::text("active", "Whether the account may be used; true where a new one does not say")
            .of(Kind::Boolean)
            .assumed(),
        Attribute::text("emails", "Addresses: one for notices, one private").of(Kind::Complex(EMAIL)).many(),
        Attribute::text("groups", "The groups that the person is in")
            .of(Kind::Complex(USER_GROUP))
            .many()
            .changed_by(Mutability::ReadOnly),
    ],
};

static ENTERPRISE: Schema = Schema {
    urn: ENTERPRISE_USER,
    name: "EnterpriseUser",
    description: "Where a person stands in the organisation",
    attributes: &[
        Attribute::text("department", "The department"),
        Attribute::text("manager", "Who may order a pass for the person").of(Kind::Complex(MANAGER)),
    ],
};

static GROUP_SCHEMA: Schema = Schema {
    urn: GROUP,
    name: "Group",
    description: "A group of people",
    attributes: &[
        Attribute::text("displayName", "Its name").required().unique(),
        Attribute::text("members", "Who is in it").of(Kind::Complex(MEMBER)).many(),
    ],
};

/// Users.
pub static USERS: ResourceType = ResourceType {
    name: "User",
    endpoint: "/Users",
    schema: &USER_SCHEMA,
    extensions: &[&ENTERPRISE],
    ignored: &[
        "nickName",
        "profileUrl",
        "userType",
        "locale",
        "timezone",
        "password",
        "phoneNumbers",
        "ims",
        "photos",
        "addresses",
        "entitlements",
        "roles",
        "x509Certificates",
        "formatted",
        "middleName",
        "honorificPrefix",
        "honorificSuffix",
        "display",
        "primary",
        "employeeNumber",
        "costCenter",
        "organization",
        "division",
    ],
};

/// Groups.
pub static GROUPS: ResourceType = ResourceType {
    name: "Group",
    endpoint: "/Groups",
    schema: &GROUP_SCHEMA,
    extensions: &[],
    ignored: &["display"],
};
