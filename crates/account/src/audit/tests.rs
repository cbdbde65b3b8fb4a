//! Events keep their names and read back.

use super::*;
use crate::samples::id;

#[test]
fn actors_read_back_from_their_text() {
    for actor in [Actor::User(id(1)), Actor::Operator, Actor::System] {
        assert_eq!(actor.to_string().parse(), Ok(actor));
    }
    for text in ["", "root", "user:", "user:1", "Operator"] {
        assert_eq!(text.parse::<Actor>(), Err(NotAnActor), "{text}");
    }
}

#[test]
fn the_name_of_a_kind_is_its_tag() {
    let kinds = [
        EventKind::SignedIn { passkey: id(1), session: id(2), strength: None, needed: None },
        EventKind::SignInRefused { code: "uv_missing".to_owned(), passkey: None },
        EventKind::PasskeyRemoved { passkey: id(1), lost: true },
        EventKind::OtherSessionsRevoked { count: 2 },
        EventKind::FirstAdministrator,
    ];
    for kind in kinds {
        let json = serde_json::to_value(&kind).unwrap();
        assert_eq!(json["kind"], kind.name());
        assert_eq!(serde_json::from_value::<EventKind>(json).unwrap(), kind);
    }
}
