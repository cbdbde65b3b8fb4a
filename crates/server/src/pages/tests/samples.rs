//! Every screen in its main states, rendered.

use askama::Template;
use primitives::time::{Span, Timestamp};

use crate::pages::confirm::{Confirm, Waiting, Way};
use crate::pages::letter::BlankLetter;
use crate::pages::methods::MethodRows;
use crate::pages::problem::{Problem, ProblemKind};
use crate::pages::security::*;
use crate::pages::sessions::{SessionCard, SessionMethod, Sessions};
use crate::pages::setup::{PersonProblem, SetupPasskeys, SetupPerson, SetupStart};
use crate::pages::sign_in::*;
use crate::pages::topics::{ChooseLanguage, Guide, Topic, TopicPage};
use crate::pages::welcome::{AllSet, SavedPasskey, Welcome};
use crate::pages::wizard::*;
use crate::pages::wizard_end::{AddDone, BackupOffer};
use crate::pages::{Account, Flash, Shell};
use crate::text::Text;

/// A screen: its name and its page.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) page: String,
}

pub(super) fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-22T15:58:00Z").unwrap()
}

pub(super) fn shell(text: Text, path: &str) -> Shell {
    Shell {
        text,
        organisation: "Example AG".into(),
        path: path.into(),
        reference: "7F3K-22QX".into(),
        now: now(),
        account: None,
        flash: None,
        read_only_until: None,
        application: None,
    }
}

pub(super) fn signed_in(text: Text, path: &str) -> Shell {
    let account = Account {
        console: false,
        name: "Ana Meier".into(),
        login: "ana.meier@example.com".into(),
        pass_ends: None,
        restricted: false,
        bell: Default::default(),
    };
    Shell { account: Some(account), ..shell(text, path) }
}

pub(super) fn onboarding(text: Text, path: &str) -> Shell {
    let pass_ends = Some(now() + Span::from_minutes(42));
    let account = Account {
        console: false,
        name: "Ana Meier".into(),
        login: "ana.meier@example.com".into(),
        pass_ends,
        restricted: false,
        bell: Default::default(),
    };
    Shell { account: Some(account), ..shell(text, path) }
}

fn card() -> PasskeyCard {
    PasskeyCard {
        id: "0198f1c2".into(),
        name: "Work laptop".into(),
        provider: Some("Google Password Manager".into()),
        place: Place::Device,
        created: now() - Span::from_days(19),
        created_on: "Chrome on Windows".into(),
        last_used: Some(now() - Span::from_hours(7)),
        last_used_on: Some("Chrome on Windows".into()),
        backup: Backup::BackedUp,
        tried: true,
        disabled: false,
        not_allowed: false,
        model_broken: false,
        counter_anomaly: false,
        this_session: true,
        highlighted: false,
    }
}

fn key() -> PasskeyCard {
    PasskeyCard {
        id: "0198f1c3".into(),
        name: "YubiKey <5>".into(),
        provider: Some("YubiKey 5 Series with NFC".into()),
        place: Place::SecurityKey,
        created: now() - Span::from_hours(2),
        last_used: None,
        last_used_on: None,
        backup: Backup::Never,
        tried: false,
        this_session: false,
        ..card()
    }
}

fn sign_in(text: Text) -> SignIn {
    SignIn {
        shell: shell(text, "/signin"),
        identifier: String::new(),
        problem: None,
        known: Vec::new(),
        continue_as: None,
        other_ways_first: false,
        former: None,
        ended: None,
    }
}

fn pass(text: Text, problem: Option<PassProblem>) -> EnterPass {
    EnterPass {
        shell: shell(text, "/signin/tap"),
        identifier: "ana.meier@example.com".into(),
        identifier_known: problem.is_some(),
        problem,
    }
}

pub(super) fn security(text: Text) -> SecurityInfo {
    SecurityInfo {
        shell: signed_in(text, "/me/security"),
        passkeys: vec![card(), key()],
        pass: None,
        methods: MethodRows::default(),
        silent: false,
        frozen: false,
        resume: None,
        nudge: false,
        limit: 20,
        orders: false,
        signals: Some(Signals {
            rp_id: "id.example.com".into(),
            user_handle: vec![7; 32],
            login: "ana.meier@example.com".into(),
            name: "Ana </script> Meier".into(),
            credential_ids: vec![vec![1; 16], vec![2; 16]],
        }),
    }
}

fn removal(text: Text, removal: Removal) -> RemovePasskey {
    let shell = signed_in(text, "/me/security/passkeys/0198f1c2/remove");
    RemovePasskey {
        shell,
        passkey: card(),
        removal,
        last_passkey: false,
        confirm: true,
        reason_missing: false,
    }
}

pub(super) fn choose(text: Text) -> Choose {
    Choose {
        shell: signed_in(text, "/me/security/add"),
        choices: vec![
            Choice { place: NewPlace::ThisComputer, allowed: true, have: 1, recommended: false },
            Choice { place: NewPlace::SecurityKey, allowed: true, have: 0, recommended: false },
        ],
        others: vec![
            OtherWay { key: "other-password", hint: "other-password-hint", path: None },
            OtherWay { key: "other-codes", hint: "other-codes-hint", path: Some("/me/security/codes") },
        ],
        chosen: Some(NewPlace::ThisComputer),
        confirm: true,
        limit_reached: None,
        missing: false,
        on_phone: false,
    }
}

pub(super) fn try_it(text: Text, just_created: bool) -> TryIt {
    TryIt {
        shell: onboarding(text, "/me/security/add/0198f1c2/try"),
        id: "0198f1c2".into(),
        name: "Work laptop".into(),
        just_created,
        tried: false,
        next: "/me/security/add/0198f1c2/backup".into(),
        on_phone: false,
    }
}

fn person(text: Text, problem: Option<PersonProblem>) -> SetupPerson {
    SetupPerson {
        shell: onboarding(text, "/setup"),
        relying_party: "id.example.com".into(),
        name: String::new(),
        email: String::new(),
        problem,
    }
}

/// Everything, in one language.
pub(crate) fn all(text: Text) -> Vec<Sample> {
    let mut samples = Vec::new();
    samples.extend(signing_in(text));
    samples.extend(first_time(text));
    samples.extend(security_info(text));
    samples.extend(wizard(text));
    samples.extend(rest(text));
    samples.extend(super::samples_application::all(text));
    samples.extend(super::samples_apps::all(text));
    samples.extend(super::samples_methods::all(text));
    samples.extend(super::samples_directory::all(text));
    samples.extend(super::samples_passes::all(text));
    samples.extend(super::samples_policy::all(text));
    samples.extend(super::samples_models::all(text));
    samples.extend(super::samples_keys::all(text));
    samples.extend(super::samples_logout::all(text));
    samples.extend(super::samples_hooks::all(text));
    samples.extend(super::samples_companion::all(text));
    samples.extend(super::samples_insight::all(text));
    samples.extend(super::samples_wizard::all(text));
    samples
}

pub(super) fn sample(name: &'static str, view: &impl Template) -> Sample {
    Sample { name, page: view.render().unwrap() }
}

fn signing_in(text: Text) -> Vec<Sample> {
    let known = vec![
        KnownAccount { login: "ana.meier@example.com".into(), name: "Ana Meier".into() },
        KnownAccount { login: "lou".into(), name: "lou".into() },
    ];
    let mut samples = vec![
        sample("si-1", &sign_in(text)),
        sample("si-1-known", &SignIn { known, ..sign_in(text) }),
        sample("si-1-moved", &SignIn { former: Some("old.example".into()), ..sign_in(text) }),
        sample("si-1-empty", &SignIn { problem: Some(IdentifierProblem::Empty), ..sign_in(text) }),
        sample("si-1-malformed", &SignIn { problem: Some(IdentifierProblem::Malformed), ..sign_in(text) }),
        sample(
            "si-1-continue",
            &SignIn {
                shell: signed_in(text, "/signin"),
                continue_as: Some(ContinueAs { name: "Ana Meier".into(), to: "/me/security".into() }),
                ..sign_in(text)
            },
        ),
        sample("si-1-other-ways", &SignIn { other_ways_first: true, ..sign_in(text) }),
        sample("si-1-ended", &SignIn { ended: Some(SessionEnd::Over), ..sign_in(text) }),
        sample(
            "si-2",
            &ChooseMethod {
                shell: shell(text, "/signin/method"),
                identifier: Some("ana.meier@example.com".into()),
                last_used: None,
                beside: vec![Method::Password, Method::RecoveryCode],
            },
        ),
        sample(
            "si-2-pass-first",
            &ChooseMethod {
                shell: shell(text, "/signin/method"),
                identifier: None,
                last_used: Some(Method::TemporaryPass),
                beside: Vec::new(),
            },
        ),
        sample("si-3", &pass(text, None)),
        sample(
            "help",
            &Help { shell: shell(text, "/help"), contact: Some("IT desk, +41 44 000 00 00".into()) },
        ),
        sample("help-no-contact", &Help { shell: signed_in(text, "/help"), contact: None }),
        sample("signed-out", &super::samples_logout::signed_out(text)),
    ];
    samples.extend(helping(text));
    for (name, problem) in pass_problems() {
        samples.push(sample(name, &pass(text, Some(problem))));
    }
    samples
}

fn helping(text: Text) -> Vec<Sample> {
    let mut samples: Vec<Sample> = Topic::ALL
        .into_iter()
        .map(|topic| {
            let contact = Some("IT desk, +41 44 000 00 00".into());
            sample("help-topic", &TopicPage { shell: shell(text, "/help/sign-in"), topic, contact })
        })
        .collect();
    let address = "https://id.example.com/signin".to_owned();
    let code = crate::qr::svg(&address);
    samples.extend([
        sample("help-guide", &Guide { shell: shell(text, "/help/passkeys"), android: 14, ios: 17 }),
        sample(
            "help-letter",
            &BlankLetter { shell: shell(text, "/help/letter"), contact: None, address, code },
        ),
        sample(
            "language",
            &ChooseLanguage { shell: signed_in(text, "/me/language"), chosen: Some(text.language) },
        ),
    ]);
    samples
}

fn pass_problems() -> [(&'static str, PassProblem); 13] {
    let at = now() - Span::from_hours(30);
    [
        ("si-3-identifier-missing", PassProblem::IdentifierMissing),
        ("si-3-missing", PassProblem::Missing),
        ("si-3-slip", PassProblem::Slip),
        ("si-3-wrong", PassProblem::Wrong { left: None }),
        ("si-3-wrong-left", PassProblem::Wrong { left: Some(7) }),
        ("si-3-not-yet-valid", PassProblem::NotYetValid { from: now() + Span::from_days(2) }),
        ("si-3-expired", PassProblem::Expired { at }),
        ("si-3-used", PassProblem::Used { at }),
        ("si-3-revoked", PassProblem::Revoked),
        ("si-3-locked", PassProblem::Locked),
        ("si-3-not-allowed", PassProblem::NotAllowed),
        ("si-3-account-disabled", PassProblem::AccountDisabled),
        ("si-3-too-many", PassProblem::TooMany { minutes: 4 }),
    ]
}

fn first_time(text: Text) -> Vec<Sample> {
    let welcome = |created, tried| Welcome {
        shell: onboarding(text, "/welcome"),
        name: "Ana".into(),
        created,
        tried,
        backed_up: false,
        backup_required: false,
        next: "/me/security/add".into(),
    };
    let saved = SavedPasskey { name: "Work laptop".into(), provider: Some("Google Password Manager".into()) };
    let all_set = |passkeys| AllSet {
        shell: signed_in(text, "/welcome/done"),
        passkeys,
        contact: Some("IT desk, +41 44 000 00 00".into()),
        next: "/me/security".into(),
        application: None,
    };
    vec![
        sample("wn-1", &welcome(false, false)),
        sample("wn-1-resumed", &Welcome { backup_required: true, ..welcome(true, false) }),
        sample("wn-2", &all_set(vec![saved.clone()])),
        sample(
            "wn-2-two",
            &AllSet {
                application: Some("Payroll".into()),
                ..all_set(vec![saved, SavedPasskey { name: "YubiKey".into(), provider: None }])
            },
        ),
        sample(
            "in-1",
            &SetupStart {
                shell: shell(text, "/setup"),
                relying_party: "id.example.com".into(),
                origin: "https://id.example.com".into(),
                login: "admin".into(),
            },
        ),
        sample("in-2", &person(text, None)),
        sample("in-2-name", &person(text, Some(PersonProblem::Name))),
        sample("in-2-email", &person(text, Some(PersonProblem::Email))),
        sample("in-2-taken", &person(text, Some(PersonProblem::EmailTaken))),
        sample("in-3", &SetupPasskeys { shell: onboarding(text, "/setup"), have: 1 }),
        sample("in-3-done", &SetupPasskeys { shell: signed_in(text, "/setup"), have: 2 }),
    ]
}

fn security_info(text: Text) -> Vec<Sample> {
    let ends = now() + Span::from_minutes(42);
    let row =
        |state, one_time| Some(PassRow { state, starts: now() - Span::from_minutes(18), ends, one_time });
    let old = PasskeyCard {
        name: "Old phone".into(),
        provider: None,
        created: now() - Span::from_days(400),
        created_on: String::new(),
        last_used: Some(now() - Span::from_days(200)),
        last_used_on: None,
        backup: Backup::Possible,
        disabled: true,
        not_allowed: false,
        model_broken: false,
        counter_anomaly: true,
        this_session: false,
        highlighted: true,
        ..card()
    };
    let removed = Flash::PasskeyRemoved {
        name: "Old phone".into(),
        provider: Some("Apple Passwords".into()),
        lost: false,
    };
    let mut samples = vec![
        sample("sec-1", &security(text)),
        sample(
            "sec-1-empty",
            &SecurityInfo {
                shell: onboarding(text, "/me/security"),
                passkeys: Vec::new(),
                pass: row(PassRowState::Usable, false),
                signals: None,
                ..security(text)
            },
        ),
        sample(
            "sec-1-one",
            &SecurityInfo {
                passkeys: vec![card()],
                nudge: true,
                pass: row(PassRowState::NotYetValid, true),
                ..security(text)
            },
        ),
        sample(
            "sec-1-many",
            &SecurityInfo {
                passkeys: vec![card(), old.clone(), key()],
                resume: Some(Resume {
                    name: Some("Work laptop".into()),
                    next: "/me/security/add/0198f1c2/name".into(),
                }),
                limit: 3,
                pass: row(PassRowState::Expired, false),
                ..security(text)
            },
        ),
        sample(
            "sec-1-one-provider",
            &SecurityInfo {
                passkeys: vec![card(), PasskeyCard { backup: Backup::Never, ..card() }],
                pass: row(PassRowState::Used, true),
                ..security(text)
            },
        ),
        sample(
            "sec-1-once",
            &SecurityInfo {
                passkeys: vec![key()],
                pass: row(PassRowState::Usable, true),
                orders: true,
                ..security(text)
            },
        ),
        sample(
            "sec-5",
            &SecurityInfo {
                shell: Shell { flash: Some(removed), ..signed_in(text, "/me/security") },
                ..security(text)
            },
        ),
        sample("sec-4", &removal(text, Removal::Allowed)),
        sample(
            "sec-4-last-passkey",
            &RemovePasskey {
                last_passkey: true,
                passkey: old,
                confirm: false,
                ..removal(text, Removal::Allowed)
            },
        ),
        sample(
            "sec-4-key",
            &RemovePasskey { passkey: key(), reason_missing: true, ..removal(text, Removal::Allowed) },
        ),
        sample("sec-4-last-way", &removal(text, Removal::LastWay)),
        sample("sec-4-two-required", &removal(text, Removal::TwoRequired)),
    ];
    samples.extend(details(text));
    samples.extend(flashes(text));
    samples
}

fn details(text: Text) -> Vec<Sample> {
    let details = |attestation, uses| PasskeyDetails {
        shell: signed_in(text, "/me/security/passkeys/0198f1c2"),
        passkey: card(),
        aaguid: "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4".into(),
        credential: "q1w2e3r4".into(),
        transports: vec!["internal".into(), "hybrid".into()],
        attestation,
        uses,
    };
    let used = Use {
        at: now() - Span::from_hours(7),
        device: "Chrome on Windows".into(),
        address: "192.0.2.7".into(),
    };
    let rename = |name: &str, problem| RenamePasskey {
        shell: signed_in(text, "/me/security/passkeys/0198f1c2/rename"),
        id: "0198f1c2".into(),
        name: name.into(),
        problem,
    };
    vec![
        sample("sec-2", &details(AttestationLine::NotChecked, vec![used])),
        sample(
            "sec-2-trusted",
            &PasskeyDetails {
                transports: Vec::new(),
                passkey: key(),
                ..details(AttestationLine::Trusted, Vec::new())
            },
        ),
        sample("sec-2-untrusted", &details(AttestationLine::Untrusted, Vec::new())),
        sample("sec-3", &rename("Work laptop", None)),
        sample("sec-3-empty", &rename("", Some(NameProblem::Empty))),
        sample("sec-3-long", &rename(&"x".repeat(61), Some(NameProblem::TooLong))),
        sample("sec-3-control", &rename("a", Some(NameProblem::ControlCharacters))),
    ]
}

fn flashes(text: Text) -> Vec<Sample> {
    let name = || "Work laptop".to_owned();
    [
        ("flash-added", Flash::PasskeyAdded { name: name() }),
        ("flash-renamed", Flash::PasskeyRenamed { name: name(), duplicate: false }),
        ("flash-renamed-duplicate", Flash::PasskeyRenamed { name: name(), duplicate: true }),
        ("flash-removed-lost", Flash::PasskeyRemoved { name: name(), provider: None, lost: true }),
        ("flash-gone", Flash::AlreadyGone),
        ("flash-pass-deleted", Flash::PassDeleted),
        ("flash-session-ended", Flash::SessionEnded),
        ("flash-others-ended", Flash::OtherSessionsEnded { count: 2 }),
        ("flash-forgotten", Flash::AccountForgotten),
        ("flash-setup-saved", Flash::SetupSaved),
        ("flash-came-from-elsewhere", Flash::CameFromElsewhere),
    ]
    .into_iter()
    .map(|(sample_name, flash)| {
        let shell = Shell { flash: Some(flash), ..signed_in(text, "/me/security") };
        sample(sample_name, &SecurityInfo { shell, ..security(text) })
    })
    .collect()
}

fn wizard(text: Text) -> Vec<Sample> {
    let create = |place| Create {
        shell: onboarding(text, "/me/security/add/this-computer/create"),
        place,
        try_only: None,
        on_phone: false,
        phone: None,
        link: true,
    };
    let name = |problem| NameIt {
        shell: onboarding(text, "/me/security/add/0198f1c2/name"),
        id: "0198f1c2".into(),
        name: "Google Password Manager".into(),
        problem,
        saved_here: false,
    };
    let backup = |required: bool| BackupOffer {
        shell: signed_in(text, "/me/security/add/0198f1c2/backup"),
        places: vec![NewPlace::SecurityKey, NewPlace::ThisComputer],
        recovery_codes: required.then(|| "/me/security/recovery-codes".into()),
        required,
        later: "/welcome/done".into(),
    };
    let done = |tried| AddDone {
        shell: signed_in(text, "/me/security/add/0198f1c2/done"),
        name: "Work laptop".into(),
        tried,
        provider: tried.then(|| "Google Password Manager".into()),
        next: "/me/security".into(),
        passwordless: tried.then(|| "/me/security/passwordless".into()),
    };
    let refused = vec![
        Choice { place: NewPlace::ThisComputer, allowed: false, have: 0, recommended: false },
        Choice { place: NewPlace::SecurityKey, allowed: true, have: 2, recommended: false },
    ];
    let nothing = vec![Choice { place: NewPlace::ThisComputer, allowed: false, have: 0, recommended: false }];
    vec![
        sample("w-1", &choose(text)),
        sample(
            "w-1-onboarding",
            &Choose { shell: onboarding(text, "/me/security/add"), confirm: false, ..choose(text) },
        ),
        sample("w-1-policy", &Choose { choices: refused, chosen: None, missing: true, ..choose(text) }),
        sample("w-1-nothing", &Choose { choices: nothing, chosen: None, ..choose(text) }),
        sample("w-1-limit", &Choose { limit_reached: Some(20), ..choose(text) }),
        sample("w-5a", &create(NewPlace::ThisComputer)),
        sample("w-5d", &create(NewPlace::SecurityKey)),
        sample("w-6", &name(None)),
        sample("w-6-empty", &name(Some(NameProblem::Empty))),
        sample("w-8", &try_it(text, true)),
        sample(
            "w-8-again",
            &TryIt {
                tried: true,
                shell: signed_in(text, "/me/security/add/0198f1c2/try"),
                ..try_it(text, false)
            },
        ),
        sample("w-9", &backup(false)),
        sample("w-9-required", &backup(true)),
        sample("w-10", &done(true)),
        sample("w-10-not-tried", &done(false)),
    ]
}

fn rest(text: Text) -> Vec<Sample> {
    let confirm = |waiting, action: &str, target| Confirm {
        shell: signed_in(text, "/me/confirm?for=add-passkey"),
        waiting,
        action: action.into(),
        target,
        form_action: "/me/security/add".into(),
        form_get: false,
        way: Way::Passkey,
        form_fields: vec![("place".into(), "this-computer".into())],
        cancel: "/me/security".into(),
    };
    let session = |current, method| SessionCard {
        id: "0198f1d0".into(),
        device: "Chrome on Linux".into(),
        address: "192.0.2.7".into(),
        signed_in: now() - Span::from_hours(7),
        last_seen: now() - Span::from_minutes(3),
        method,
        current,
    };
    let this = session(true, SessionMethod::Passkey(Some("Work laptop".into())));
    let others = vec![
        this.clone(),
        session(false, SessionMethod::TemporaryPass),
        session(false, SessionMethod::Passkey(None)),
    ];
    let sessions = |sessions| Sessions { shell: signed_in(text, "/me/sessions"), sessions };
    let mut samples = vec![
        sample("ra-1", &confirm(Waiting::AddPasskey, "add-passkey", None)),
        sample(
            "ra-1-remove",
            &confirm(
                Waiting::RemovePasskey { name: "Old phone".into() },
                "remove-passkey",
                Some("0198f1c2".into()),
            ),
        ),
        sample(
            "ra-1-done",
            &Confirm { way: Way::Done, ..confirm(Waiting::NewRecoveryCodes, "new-recovery-codes", None) },
        ),
        sample(
            "ra-1-no-way",
            &Confirm { way: Way::None, ..confirm(Waiting::TurnOffPassword, "turn-off-password", None) },
        ),
        sample("ds-1", &sessions(others)),
        sample("ds-1-only", &sessions(vec![this])),
        sample(
            "g-10",
            &SecurityInfo {
                shell: Shell {
                    read_only_until: Some(now() + Span::from_hours(1)),
                    ..signed_in(text, "/me/security")
                },
                ..security(text)
            },
        ),
    ];
    for (name, kind) in problems() {
        samples.push(sample(name, &Problem { shell: shell(text, "/signin"), kind }));
    }
    samples.push(sample(
        "g-9-signed-in",
        &Problem { shell: signed_in(text, "/me/security"), kind: ProblemKind::WrongAccount },
    ));
    samples
}

fn problems() -> [(&'static str, ProblemKind); 16] {
    [
        ("g-404", ProblemKind::NotFound),
        ("g-5", ProblemKind::Expired),
        ("g-6", ProblemKind::Origin),
        ("g-7", ProblemKind::TooMany { minutes: 1 }),
        ("g-8-timed-out", ProblemKind::SessionEnded(SessionEnd::TimedOut)),
        ("g-8-over", ProblemKind::SessionEnded(SessionEnd::Over)),
        ("g-8-pass-ended", ProblemKind::SessionEnded(SessionEnd::PassEnded)),
        ("g-8-account-disabled", ProblemKind::SessionEnded(SessionEnd::AccountDisabled)),
        ("g-9", ProblemKind::WrongAccount),
        ("g-10-problem", ProblemKind::ReadOnly { until: now() + Span::from_hours(1) }),
        ("g-pass-not-enough", ProblemKind::PassNotEnough),
        ("g-403", ProblemKind::Forbidden),
        ("g-400", ProblemKind::BadRequest),
        ("g-503", ProblemKind::Unavailable),
        ("g-503-unknown", ProblemKind::OutcomeUnknown),
        ("g-11", ProblemKind::Internal),
    ]
}
