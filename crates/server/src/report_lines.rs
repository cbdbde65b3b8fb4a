//! What a line of a report says, as a file for others: the same through the console and on the command line.

use account::model::Aaguid;
use account::sign_in_log;
use service::Context;
use service::read_log::Line;
use service::registration_details::Details;

/// The columns of the registration report, named as in `userRegistrationDetails` where that has them.
pub(crate) const PEOPLE: [&str; 12] = [
    "id",
    "userPrincipalName",
    "userDisplayName",
    "isAdmin",
    "isMfaRegistered",
    "isMfaCapable",
    "isPasswordlessCapable",
    "methodsRegistered",
    "lastUpdatedDateTime",
    "survival",
    "score",
    "advice",
];

/// What the report says of a person, in the order of [`PEOPLE`].
pub(crate) fn person(details: &Details) -> [String; 12] {
    let Details { user, readiness, .. } = details;
    let advice: Vec<_> = readiness.advice.iter().map(|advice| advice.as_str()).collect();
    [
        user.id.to_string(),
        user.login.shown().to_owned(),
        user.name.clone(),
        details.is_admin().to_string(),
        readiness.mfa_registered.to_string(),
        readiness.mfa_capable.to_string(),
        readiness.passwordless_capable.to_string(),
        readiness.methods.join(" "),
        details.updated().to_string(),
        readiness.survival.as_str().to_owned(),
        readiness.survival.score().to_string(),
        advice.join(" "),
    ]
}

/// The columns of the sign-in log.
pub(crate) const SIGN_INS: [&str; 15] = [
    "time",
    "user",
    "name",
    "event",
    "result",
    "methods",
    "strength",
    "passkey",
    "model",
    "device",
    "address",
    "code",
    "reference",
    "actor",
    "id",
];

/// What the log says of an event, in the order of [`SIGN_INS`].
pub(crate) fn sign_in(cx: &Context, line: &Line) -> [String; 15] {
    let event = &line.event;
    let client = event.client.clone().unwrap_or_default();
    let methods: Vec<_> = line.methods.iter().map(|method| method.as_str()).collect();
    let model = line.passkey.as_ref().and_then(|passkey| passkey.model);
    [
        event.at.to_string(),
        line.person.as_ref().map_or_else(String::new, |person| person.login.clone()),
        line.person.as_ref().map_or_else(String::new, |person| person.name.clone()),
        event.kind.name().to_owned(),
        line.outcome.as_str().to_owned(),
        methods.join("+"),
        line.strength.map_or_else(String::new, |strength| strength.as_str().to_owned()),
        line.passkey.as_ref().and_then(|passkey| passkey.name.clone()).unwrap_or_default(),
        model.and_then(|aaguid| model_name(cx, aaguid)).unwrap_or_default(),
        client.browser,
        client.address,
        sign_in_log::code(&event.kind).unwrap_or_default().to_owned(),
        event.reference.clone(),
        event.actor.to_string(),
        event.id.to_string(),
    ]
}

/// A model's name: that of metadata, else that of the community's list.
pub(crate) fn model_name(cx: &Context, aaguid: Aaguid) -> Option<String> {
    let known = cx.settings().models.get(aaguid).map(|model| model.name.clone());
    known.or_else(|| crate::aaguid::name(&aaguid.0).map(str::to_owned))
}
