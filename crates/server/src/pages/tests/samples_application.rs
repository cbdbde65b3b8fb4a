//! Applications that wait: OC-0 to OC-4, OC-6 and OC-7.

use super::samples::{Sample, sample, shell, signed_in};
use crate::pages::Shell;
use crate::pages::application::*;
use crate::pages::sign_in::EnterPass;
use crate::text::Text;

fn payroll() -> Requester {
    Requester {
        name: "Payroll <AG>".into(),
        host: Some("payroll.example.com".into()),
        logo: None,
        ours: true,
    }
}

fn asked(scope: &str, optional: bool) -> AskedScope {
    AskedScope { scope: scope.into(), optional, groups: Vec::new() }
}

fn consent(text: Text) -> Consent {
    Consent {
        shell: signed_in(text, "/authorize/continue"),
        application: payroll(),
        request: "r".into(),
        name: "Ana <Meier>".into(),
        login: "ana.meier@example.com".into(),
        new: vec![
            asked("openid", false),
            asked("profile", false),
            asked("email", true),
            AskedScope { groups: vec!["Staff".into(), "HR <1>".into()], ..asked("groups", false) },
            asked("offline_access", true),
            asked("payroll:read", false),
        ],
        known: Vec::new(),
    }
}

fn step_up(text: Text, why: NotEnough) -> StepUp {
    StepUp {
        shell: signed_in(text, "/authorize/continue"),
        application: payroll(),
        request: "r".into(),
        why,
        action: "step-up",
        target: "abc".into(),
        passkey: true,
        may_skip: false,
    }
}

fn add_first(text: Text) -> AddFirst {
    AddFirst {
        shell: signed_in(text, "/authorize/continue"),
        application: payroll(),
        request: "r".into(),
        may: true,
        hardware: false,
        has_others: false,
        may_skip: false,
        contact: Some("Call 4711".into()),
    }
}

fn stopped(text: Text, stopped: Stopped) -> ProtocolError {
    ProtocolError {
        shell: shell(text, "/authorize"),
        stopped,
        application: Some("Payroll <AG>".into()),
        details: Some(("error=invalid_request".into(), "code=redirect_uri_mismatch".into())),
    }
}

pub(super) fn all(text: Text) -> Vec<Sample> {
    let stranger = Requester { ours: false, logo: Some("/authorize/logo/x".into()), ..payroll() };
    let known = vec![asked("openid", false), asked("groups", false)];
    let choose = ChooseAccount {
        shell: signed_in(text, "/authorize/continue"),
        application: payroll(),
        request: "r".into(),
        fits: true,
        name: "Ana <Meier>".into(),
        login: "ana.meier@example.com".into(),
    };
    let not_assigned = NotAssigned {
        shell: signed_in(text, "/authorize/continue"),
        application: payroll(),
        request: "r".into(),
        contact: Some("Call 4711".into()),
    };
    let form_post = FormPost {
        shell: signed_in(text, "/authorize/continue"),
        application: Some("Payroll <AG>".into()),
        action: "https://payroll.example.com/callback".into(),
        fields: vec![("code".into(), "c".into()), ("state".into(), "\"><script>".into())],
    };
    let waits = EnterPass {
        shell: Shell { application: Some(payroll()), ..shell(text, "/signin/tap") },
        identifier: String::new(),
        identifier_known: false,
        problem: None,
    };
    vec![
        sample("oc-0", &choose),
        sample("oc-0-other", &ChooseAccount { fits: false, ..choose }),
        sample("oc-1", &waits),
        sample("oc-2", &consent(text)),
        sample("oc-2-new", &Consent { known, ..consent(text) }),
        sample("oc-2-unverified", &Consent { application: stranger, ..consent(text) }),
        sample("oc-3", &step_up(text, NotEnough::Weak)),
        sample("oc-3-old", &StepUp { may_skip: true, ..step_up(text, NotEnough::Old) }),
        sample("oc-3-again", &StepUp { passkey: false, ..step_up(text, NotEnough::Again) }),
        sample("oc-3b", &add_first(text)),
        sample("oc-3b-other", &AddFirst { has_others: true, may_skip: true, ..add_first(text) }),
        sample("oc-3b-key", &AddFirst { hardware: true, may: false, ..add_first(text) }),
        sample("oc-4-unknown", &ProtocolError { application: None, ..stopped(text, Stopped::Unknown) }),
        sample("oc-4-disabled", &stopped(text, Stopped::Disabled)),
        sample("oc-4-address", &stopped(text, Stopped::Address)),
        sample("oc-4-request", &stopped(text, Stopped::Request)),
        sample("oc-4-over", &ProtocolError { details: None, ..stopped(text, Stopped::Over) }),
        sample("oc-6", &not_assigned),
        sample("oc-7", &form_post),
        sample("oc-7-nameless", &FormPost { application: None, ..form_post }),
    ]
}
