//! Signing out with what it ends (OC-5), and devices that are let in.

use super::samples::{Sample, now, sample, shell, signed_in};
use crate::pages::application::{AskedScope, Requester};
use crate::pages::device::*;
use crate::pages::sign_in::{AskToSignOut, SignedOut};
use crate::text::Text;

pub(super) fn signed_out(text: Text) -> SignedOut {
    SignedOut { shell: shell(text, "/signed-out"), applications: Vec::new(), frames: Vec::new(), go_on: None }
}

fn approval(text: Text) -> DeviceApproval {
    DeviceApproval {
        shell: signed_in(text, "/device/approve"),
        application: Requester {
            name: "Television <1>".into(),
            host: Some("tv.example.com".into()),
            logo: None,
            ours: true,
        },
        code: "WDJB-MJHT".into(),
        device: "Chrome on <Linux>".into(),
        address: "192.0.2.7".into(),
        same_network: true,
        asked_at: now(),
        scopes: vec![AskedScope { scope: "profile".into(), optional: false, groups: Vec::new() }],
        resources: vec!["https://tv.example.com/<api>".into()],
        target: "00".into(),
    }
}

pub(super) fn all(text: Text) -> Vec<Sample> {
    let apps = || vec!["Payroll <AG>".to_owned(), "Wiki".to_owned()];
    let asked = |application: Option<&str>| AskToSignOut {
        shell: signed_in(text, "/oauth/end-session"),
        application: application.map(str::to_owned),
        request: "r".into(),
    };
    let mut samples = vec![
        sample("signed-out-of-applications", &SignedOut { applications: apps(), ..signed_out(text) }),
        sample(
            "signed-out-in-frames",
            &SignedOut {
                applications: apps(),
                frames: vec![(
                    "Payroll <AG>".into(),
                    "https://payroll.example.com/bye?iss=https%3A%2F%2Fid.example.com&sid=1".into(),
                )],
                go_on: Some(("Payroll <AG>".into(), "https://payroll.example.com/?state=a%26b".into())),
                ..signed_out(text)
            },
        ),
        sample("sign-out-asked", &asked(None)),
        sample("sign-out-asked-by", &asked(Some("Payroll <AG>"))),
        sample("device-approve", &approval(text)),
        sample(
            "device-approve-elsewhere",
            &DeviceApproval {
                application: Requester { ours: false, ..approval(text).application },
                device: String::new(),
                same_network: false,
                scopes: Vec::new(),
                resources: Vec::new(),
                ..approval(text)
            },
        ),
    ];
    let problems = [
        ("device-code", None),
        ("device-code-malformed", Some(DeviceCodeProblem::Malformed)),
        ("device-code-unknown", Some(DeviceCodeProblem::Unknown)),
        ("device-code-too-many", Some(DeviceCodeProblem::TooMany { minutes: 9 })),
    ];
    for (name, problem) in problems {
        samples.push(sample(name, &DeviceCode { shell: signed_in(text, "/device"), problem }));
    }
    let names = ["device-approved", "device-declined", "device-over", "device-not-yours", "device-too-weak"];
    for (name, end) in names.into_iter().zip(DeviceEnd::ALL) {
        samples.push(sample(name, &DeviceEnded { shell: signed_in(text, "/device/end"), end }));
    }
    samples
}
