//! `/admin/apps` and `/me/apps`.

use account::application::Provenance;
use account::policy::Policy;
use account::role::Role;
use oidc::client::ClientId;
use primitives::encoding;
use serde_json::json;

use super::samples::{Sample, now, sample, signed_in};
use crate::client_form::{self as form, Around, Part};
use crate::client_templates::{self as templates, Filled, GENERIC, Paste};
use crate::client_terms::GroupNames;
use crate::pages::Flash;
use crate::pages::apps::{AccessCard, AppsWithAccess};
use crate::pages::console::Nav;
use crate::pages::console::apps::*;
use crate::policy_form::{Fields, Wrong};
use crate::text::Text;

const PATH: &str = "/admin/apps";

pub(super) fn all(text: Text) -> Vec<Sample> {
    let mut samples = vec![
        sample("apps", &list(text, true)),
        sample("apps-none", &list(text, false)),
        sample("apps-choose", &new(text, None)),
        sample("apps-new", &new(text, Some("grafana"))),
        sample("apps-new-generic", &new(text, Some(GENERIC))),
        sample("apps-made", &made(text, false)),
        sample("apps-secret-made", &made(text, true)),
        sample("apps-signing", &signing(text, false)),
        sample("apps-signing-unconfirmed", &signing(text, true)),
        sample("access", &access(text, true)),
        sample("access-none", &access(text, false)),
    ];
    let mut reviewed = new(text, Some("grafana"));
    reviewed.review = Some(review(text));
    reviewed.problem = Some("hooks-confirm-first");
    samples.push(sample("apps-new-review", &reviewed));
    for (name, tab, part) in [
        ("apps-overview", Tab::Overview, None),
        ("apps-client", Tab::Client, Some(Part::Client)),
        ("apps-access", Tab::Access, Some(Part::Access)),
        ("apps-tokens", Tab::Tokens, Some(Part::Tokens)),
        ("apps-secrets", Tab::Secrets, None),
        ("apps-picture", Tab::Picture, None),
    ] {
        samples.push(sample(name, &one(text, tab, part, &[])));
    }
    samples.extend(refused(text));
    samples.extend(tried(text));
    samples.extend(told(text));
    samples
}

fn nav(path: &str) -> Nav {
    Nav::new(Role::Administrator, path)
}

fn list(text: Text, filled: bool) -> Apps {
    let line = |number: i64, origin| AppLine {
        at: format!("{PATH}/client/app-{number}"),
        id: format!("app-{number}"),
        name: "Payroll".to_owned(),
        home: Some("https://payroll.example.com".to_owned()),
        origin,
        groups: number,
        enabled: number != 1,
    };
    let lines = Provenance::ALL.iter().copied().zip(0..).map(|(origin, number)| line(number, origin));
    Apps {
        shell: signed_in(text, PATH),
        nav: nav(PATH),
        lines: lines.filter(|_| filled).collect(),
        next: filled.then(|| ("Payroll".to_owned(), "app-2".to_owned())),
        later: filled,
        may_edit: true,
    }
}

fn review(text: Text) -> Review {
    let label = text.say("apps-name").to_string();
    Review {
        action: "add-client",
        target: encoding::hex(&[7; 32]),
        hidden: vec![("name".to_owned(), "Payroll".to_owned())],
        lines: vec![ReviewLine { label, before: Some("Pay".to_owned()), after: "Payroll".to_owned() }],
    }
}

fn new(text: Text, template: Option<&str>) -> NewApp {
    let found = template.and_then(templates::find);
    let controls = found.map_or_else(Vec::new, |template| {
        form::basics(text, &Fields::default(), &[], (template.id == GENERIC, &template.address))
    });
    NewApp {
        shell: signed_in(text, PATH),
        nav: nav(PATH),
        templates: templates::all().iter().map(|one| (one.id.clone(), one.name.clone())).collect(),
        template: found.map(|one| (one.id.clone(), one.name.clone())),
        controls,
        review: None,
        problem: None,
    }
}

fn pastes() -> Vec<Paste> {
    let filled = Filled {
        issuer: "https://id.example.com",
        url: "https://grafana.example.com",
        client: "grafana-1",
        secret: "kws_secret",
    };
    templates::find("grafana").unwrap().pastes(filled)
}

fn made(text: Text, rotated: bool) -> MadeApp {
    MadeApp {
        shell: signed_in(text, PATH),
        nav: nav(PATH),
        name: "Grafana".to_owned(),
        at: format!("{PATH}/client/grafana-1"),
        id: "grafana-1".to_owned(),
        secret: Some("kws_secret".to_owned()),
        pastes: pastes(),
        rotated,
    }
}

fn facts(stranger: bool) -> AppFacts {
    AppFacts {
        id: "grafana-1".to_owned(),
        name: "Grafana".to_owned(),
        home: None,
        origin: if stranger { Provenance::Document } else { Provenance::Organisation },
        enabled: !stranger,
        has_secret: !stranger,
        secrets: if stranger { Vec::new() } else { vec![(now(), None), (now(), Some(now()))] },
        picture: (!stranger).then(|| "/logo/grafana-1?v=1".to_owned()),
        changed: now(),
        switch: encoding::hex(&[1; 32]),
        target: encoding::hex(&[2; 32]),
    }
}

fn one(text: Text, tab: Tab, part: Option<Part>, wrong: &[Wrong]) -> OneApp {
    let (groups, policy) = (GroupNames::default(), Policy::default());
    let around = Around { text, policy: &policy };
    let template = templates::find("nextcloud").unwrap();
    let terms = template.terms(ClientId::parse("app-1").unwrap(), "App", "https://app.example.com");
    let controls = part.map_or_else(Vec::new, |part| {
        form::controls(part, &around, &form::fill(part, &terms, &groups), wrong)
    });
    OneApp {
        shell: signed_in(text, PATH),
        nav: nav(PATH),
        at: format!("{PATH}/client/grafana-1"),
        tab,
        facts: facts(false),
        pastes: pastes(),
        controls,
        review: None,
        tried: None,
        may_edit: true,
        problem: None,
    }
}

fn refused(text: Text) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (name, part, field, key) in [
        ("apps-wrong-span", Part::Tokens, "access", "apps-wrong-span"),
        ("apps-wrong-claim", Part::Tokens, "claims", "apps-wrong-claim"),
    ] {
        let wrong = [Wrong::new(field, key, "role")];
        samples.push(sample(name, &one(text, Tab::Tokens, Some(part), &wrong)));
    }
    let problems = [
        "apps-problem-version",
        "apps-problem-taken",
        "apps-problem-too-many",
        "apps-problem-svg",
        "apps-problem-not-png",
        "apps-problem-too-large",
        "apps-problem-too-long",
    ];
    for problem in problems {
        samples
            .push(sample(problem, &OneApp { problem: Some(problem), ..one(text, Tab::Picture, None, &[]) }));
    }
    let review = Some(review(text));
    samples
        .push(sample("apps-review", &OneApp { review, ..one(text, Tab::Client, Some(Part::Client), &[]) }));
    for (name, tab) in [
        ("apps-stranger", Tab::Overview),
        ("apps-no-secrets", Tab::Secrets),
        ("apps-no-picture", Tab::Picture),
    ] {
        samples.push(sample(name, &OneApp { facts: facts(true), ..one(text, tab, None, &[]) }));
    }
    let reader = OneApp { may_edit: false, ..one(text, Tab::Access, Some(Part::Access), &[]) };
    samples.push(sample("apps-reader", &reader));
    samples
}

fn tried(text: Text) -> Vec<Sample> {
    let outcomes = [
        "apps-tried-tokens",
        "apps-tried-refresh",
        "apps-tried-step-up",
        "apps-tried-add-passkey",
        "apps-tried-consent",
        "apps-tried-not-assigned",
        "apps-tried-sign-in",
        "apps-tried-key",
        "apps-tried-no-codes",
        "apps-tried-refused",
    ];
    let page = |outcome| {
        let tokens = ["apps-tried-id", "apps-tried-access", "apps-tried-userinfo"];
        let tokens = tokens.map(|name| (name, json!({ "sub": "</code><script>" })));
        let tried = Tried { outcome, code: Some("client_disabled".to_owned()), tokens: tokens.to_vec() };
        sample(outcome, &OneApp { tried: Some(tried), ..one(text, Tab::Try, None, &[]) })
    };
    Vec::from(outcomes.map(page))
}

fn told(text: Text) -> Vec<Sample> {
    let page = |done: &str| {
        let mut page = list(text, true);
        page.shell.flash = Some(Flash::Application { done: done.to_owned(), name: "Grafana".to_owned() });
        sample("apps-flash", &page)
    };
    Vec::from(["changed", "on", "off", "removed", "picture", "keys", "access"].map(page))
}

fn signing(text: Text, unconfirmed: bool) -> SigningKeys {
    let line = |state: &'static str| KeyLine {
        kid: state.to_owned(),
        algorithm: "ES256".to_owned(),
        state,
        created: now(),
        activates: now(),
        ends: (state == "signing-retired").then(now),
    };
    SigningKeys {
        shell: signed_in(text, "/admin/apps/keys"),
        nav: nav("/admin/apps/keys"),
        lines: ["signing-signs", "signing-waits", "signing-retired"].map(line).to_vec(),
        may_edit: true,
        unconfirmed,
    }
}

fn access(text: Text, filled: bool) -> AppsWithAccess {
    let card = |consented: bool| AccessCard {
        id: format!("app-{consented}"),
        name: "Payroll".to_owned(),
        home: consented.then(|| "https://payroll.example.com".to_owned()),
        picture: consented.then(|| "/logo/app?v=1".to_owned()),
        scopes: ["openid", "email", "offline_access", "payroll.read"].map(str::to_owned).to_vec(),
        since: now(),
        last_used: consented.then(now),
        consented,
    };
    let apps = if filled { vec![card(true), card(false)] } else { Vec::new() };
    AppsWithAccess { shell: signed_in(text, "/me/apps"), apps }
}
