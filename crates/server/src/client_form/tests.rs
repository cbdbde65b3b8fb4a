use account::application::ApplicationRefusal;
use oidc::client::{ClientId, ClientRefusal};
use service::administer_clients::TermsRefusal;

use super::*;
use crate::client_templates as templates;
use crate::text::Language;

const PARTS: [Part; 3] = [Part::Client, Part::Access, Part::Tokens];

fn around(policy: &Policy) -> Around<'_> {
    Around { text: Text::new(Language::English), policy }
}

#[test]
fn what_a_form_shows_is_what_it_reads() {
    let groups = GroupNames::default();
    for template in templates::all().iter().filter(|template| template.id != templates::GENERIC) {
        let id = ClientId::parse("app-1").unwrap();
        let terms = template.terms(id, &template.name, &template.address);
        for part in PARTS {
            let fields = fill(part, &terms, &groups);
            assert_eq!(read(part, &terms, &fields, &groups), Ok(terms.clone()), "{} {part:?}", template.id);
        }
    }
}

#[test]
fn every_refusal_stands_beside_a_field_and_has_words() {
    let policy = Policy::default();
    let around = around(&policy);
    let client = ClientRefusal::ALL.map(TermsRefusal::Client);
    let application = ApplicationRefusal::ALL.map(TermsRefusal::Application);
    let others = [TermsRefusal::GroupUnknown, TermsRefusal::StrengthUnknown];
    for refusal in client.into_iter().chain(application).chain(others) {
        let found = wrong(refusal);
        let told = PARTS.iter().any(|part| {
            let controls = controls(*part, &around, &Fields::default(), std::slice::from_ref(&found));
            controls.iter().any(|control| control.wrong.as_deref().is_some_and(|said| !said.contains('⟦')))
        });
        assert!(told, "{}", refusal.code());
    }
}

#[test]
fn spans_are_spelled_as_they_are_typed() {
    for text in ["5m", "90d", "1h", "90s", "36h"] {
        assert_eq!(spell_span(text.parse().unwrap()), text);
    }
}

#[test]
fn what_is_typed_wrong_is_told_at_its_field() {
    let groups = GroupNames::default();
    let template = templates::find("grafana").unwrap();
    let terms = template.terms(ClientId::parse("app-1").unwrap(), "Grafana", "https://grafana.example.com");
    let told = |part: Part, field: &str, value: &str| {
        let typed = vec![(field.to_owned(), value.to_owned())];
        let mut fields = Fields::from(typed);
        for control in controls(part, &around(&Policy::default()), &fill(part, &terms, &groups), &[]) {
            if control.name != field {
                for value in fill(part, &terms, &groups).all(control.name) {
                    fields.put(control.name, value);
                }
            }
        }
        read(part, &terms, &fields, &groups).err().and_then(|wrong| wrong.first().map(|wrong| wrong.field))
    };
    for (part, field, value) in [
        (Part::Client, "name", "Pay\u{202e}roll"),
        (Part::Client, "home", "javascript:alert(1)"),
        (Part::Client, "redirects", "https://a.example/*"),
        (Part::Client, "signed_out", "http://a.example/"),
        (Part::Client, "scopes", "a\"b"),
        (Part::Client, "keys_uri", "http://a.example/jwks"),
        (Part::Client, "resources", "api"),
        (Part::Client, "backchannel", "http://a.example/"),
        (Part::Client, "frontchannel", "https://elsewhere.example/"),
        (Part::Access, "groups", "Nobody"),
        (Part::Access, "needed", " "),
        (Part::Access, "guards", "wiki.example.com"),
        (Part::Tokens, "access", "2h"),
        (Part::Tokens, "idle", "soon"),
        (Part::Tokens, "claims", "sub = login"),
        (Part::Tokens, "claims", "role"),
    ] {
        let expected = (value != " ").then_some(field);
        assert_eq!(told(part, field, value), expected, "{field}: {value}");
    }
}
