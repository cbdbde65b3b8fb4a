//! The screens on the way to a passkey on the phone.

use account::enrolment::{Mode, Stage};
use primitives::time::Span;

use super::samples::{Sample, choose, now, onboarding, sample, security, signed_in, try_it};
use crate::pages::Shell;
use crate::pages::security::{Resume, SecurityInfo};
use crate::pages::wizard::*;
use crate::pages::wizard_link::*;
use crate::pages::wizard_phone::*;
use crate::qr;
use crate::text::Text;

pub(super) fn all(text: Text) -> Vec<Sample> {
    let mut samples = steps(text);
    samples.extend(around(text));
    samples.extend(stages(text));
    samples
}

fn steps(text: Text) -> Vec<Sample> {
    let check = |by_browser| Check {
        shell: signed_in(text, "/me/security/add/phone/check"),
        android: 14,
        ios: 17,
        by_browser,
        next: "/me/security/add/phone/which".into(),
    };
    let which =
        |chosen, missing| Which { shell: signed_in(text, "/me/security/add/phone/which"), chosen, missing };
    let how = |link, by_browser, problem| How {
        shell: signed_in(text, "/me/security/add/phone/how"),
        phone: Some(PhoneKind::Ios),
        link,
        by_browser,
        confirm: link,
        problem,
    };
    let create = |phone, link| Create {
        shell: signed_in(text, "/me/security/add/phone-browser/create"),
        place: NewPlace::PhoneBrowser,
        try_only: None,
        on_phone: false,
        phone,
        link,
    };
    vec![
        sample("w-2", &check(true)),
        sample("w-2-link-only", &check(false)),
        sample("w-3", &which(Some(PhoneKind::Android), false)),
        sample("w-3-missing", &which(None, true)),
        sample("w-4", &how(true, true, None)),
        sample("w-4-changed", &how(false, true, Some(HowProblem::Changed))),
        sample("w-4-missing", &how(true, true, Some(HowProblem::Missing))),
        sample("w-5c", &create(Some(PhoneKind::Ios), true)),
        sample("w-5c-alone", &create(None, false)),
    ]
}

/// Screens that others have too, in the states that come from phones.
fn around(text: Text) -> Vec<Sample> {
    let choice = |place, recommended, have| Choice { place, allowed: true, have, recommended };
    let all = vec![
        choice(NewPlace::Authenticator, true, 0),
        choice(NewPlace::ThisComputer, false, 1),
        choice(NewPlace::SecurityKey, false, 2),
    ];
    let on_phone = vec![choice(NewPlace::ThisComputer, true, 0), choice(NewPlace::SecurityKey, false, 0)];
    let name = NameIt {
        shell: signed_in(text, "/me/security/add/0198f1c2/name"),
        id: "0198f1c2".into(),
        name: "Work laptop".into(),
        problem: None,
        saved_here: true,
    };
    let create = Create {
        shell: signed_in(text, "/me/security/add/this-computer/create"),
        place: NewPlace::ThisComputer,
        try_only: None,
        on_phone: true,
        phone: None,
        link: true,
    };
    let resume = Resume { name: None, next: "/me/security/add/phone/check".into() };
    vec![
        sample("w-1-phone", &Choose { choices: all, chosen: Some(NewPlace::Authenticator), ..choose(text) }),
        sample("w-1-on-phone", &Choose { choices: on_phone, on_phone: true, ..choose(text) }),
        sample("w-5a-on-phone", &create),
        sample("w-6-saved-here", &name),
        sample("w-8-phone", &TryIt { on_phone: true, ..try_it(text, true) }),
        sample("sec-1-resume-phone", &SecurityInfo { resume: Some(resume), ..security(text) }),
    ]
}

fn waiting(stage: Stage, mode: Mode) -> Waiting {
    let begun = !matches!(stage, Stage::Created | Stage::Expired);
    Waiting {
        stage,
        mode,
        phone: begun.then(|| Phone { device: "Chrome <5> on Android".into(), address: "192.0.2.9".into() }),
        another_tried: stage == Stage::Opened,
        lost: stage == Stage::Approved,
        reason: (stage == Stage::PhoneUnsupported).then(|| "no-screen-lock".into()),
        other_login: (stage == Stage::OtherAccount).then(|| "l•••@example.com".into()),
        next: (stage == Stage::CreatedOk).then(|| "/me/security/add/0198f1c2/name".into()),
        try_instead: (stage == Stage::Duplicate).then(|| "/me/security/add/0198f1c2/try".into()),
        version: 3,
    }
}

fn link(text: Text, waiting: Waiting) -> Link {
    let shell: Shell = match waiting.mode {
        Mode::SignIn => signed_in(text, "/me/security/add/phone/0198f1d9"),
        Mode::Number => onboarding(text, "/me/security/add/phone/0198f1d9"),
    };
    let address = "https://id.example.com/a/e/AAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let code = (waiting.stage == Stage::Created).then(|| Code {
        picture: qr::svg(&address),
        address,
        typed: (waiting.mode == Mode::SignIn).then(|| "4KD-92M".into()),
    });
    Link {
        shell,
        id: "0198f1d9".into(),
        waiting,
        code,
        companion: "id.example.com/a".into(),
        ends: now() + Span::from_minutes(5),
        phone: None,
        renewed: false,
        problem: None,
    }
}

fn stages(text: Text) -> Vec<Sample> {
    let wrong = NumberProblem::Wrong { left: 2 };
    let approve = || link(text, waiting(Stage::Approve, Mode::Number));
    let mut samples: Vec<Sample> = Stage::ALL
        .iter()
        .zip(NAMES)
        .map(|(stage, name)| {
            let mode = if *stage == Stage::Approve { Mode::Number } else { Mode::SignIn };
            sample(name, &link(text, waiting(*stage, mode)))
        })
        .collect();
    let created = link(text, waiting(Stage::Created, Mode::Number));
    let ios = Link {
        phone: Some(PhoneKind::Ios),
        renewed: true,
        ..link(text, waiting(Stage::Created, Mode::SignIn))
    };
    samples.extend([
        sample("w-5b-created-number", &created),
        sample("w-5b-renewed", &ios),
        sample("w-5b-number-wrong", &Link { problem: Some(wrong), ..approve() }),
        sample("w-5b-number-empty", &Link { problem: Some(NumberProblem::Empty), ..approve() }),
    ]);
    samples
}

/// In the order of [`Stage::ALL`].
const NAMES: [&str; 18] = [
    "w-5b-created",
    "w-5b-opened",
    "w-5b-signing-in",
    "w-5b-approve",
    "w-5b-approved",
    "w-5b-creating",
    "w-5b-created-ok",
    "w-5b-tried",
    "w-5b-expired",
    "w-5b-number-locked",
    "w-5b-declined",
    "w-5b-stopped",
    "w-5b-phone-unsupported",
    "w-5b-phone-cancelled",
    "w-5b-duplicate",
    "w-5b-rejected",
    "w-5b-other-account",
    "w-5b-ended",
];

#[test]
fn every_stage_and_every_reason_has_a_sentence_of_its_own() {
    for language in crate::text::Language::ALL {
        let text = Text::new(language);
        let mut sentences: Vec<String> =
            Stage::ALL.iter().map(|stage| waiting(*stage, Mode::SignIn).sentence(text)).collect();
        for reason in account::enrolment::UnsupportedReason::ALL {
            assert!(text.has(&format!("link-unsupported-{reason}")), "{reason}");
        }
        assert!(sentences.iter().all(|sentence| !sentence.contains('⟦')), "{sentences:?}");
        sentences.sort();
        sentences.dedup();
        assert_eq!(sentences.len(), Stage::ALL.len());
    }
}

#[test]
fn the_page_and_its_events_say_the_same() {
    let text = Text::new(crate::text::Language::English);
    for stage in Stage::ALL {
        let (told, page) =
            (waiting(*stage, Mode::Number).json(text), link(text, waiting(*stage, Mode::Number)));
        let page = askama::Template::render(&page).unwrap();
        let view = told["view"].as_str().unwrap();
        assert!(page.contains(&format!("data-view=\"{view}\"")), "{stage}");
        assert!(page.contains(told["text"].as_str().unwrap().split(['\'', '<']).next().unwrap()), "{stage}");
        let done = page.matches("class=\"done\"").count();
        // Two of the stepper's steps are done as well.
        assert_eq!(i64::try_from(done).unwrap(), told["level"].as_i64().unwrap() + 2, "{stage}");
        assert_eq!(told["last"], page.contains("data-last=\"true\""), "{stage}");
    }
}
