//! The screens about passwords, codes and going passwordless.

use primitives::time::Span;

use super::samples::{Sample, now, onboarding, sample, security, shell, signed_in};
use crate::pages::confirm::{Confirm, ConfirmProblem, Waiting, Way};
use crate::pages::methods::*;
use crate::pages::password::*;
use crate::pages::passwordless::*;
use crate::pages::security::SecurityInfo;
use crate::pages::{Account, Flash, Shell};
use crate::qr;
use crate::text::Text;

pub(super) fn all(text: Text) -> Vec<Sample> {
    let mut samples = signing_in(text);
    samples.extend(second_step(text));
    samples.extend(new_password(text));
    samples.extend(rows(text));
    samples.extend(codes(text));
    samples.extend(after_sign_in(text));
    samples.extend(passwordless(text));
    samples.extend(confirm(text));
    samples
}

fn signing_in(text: Text) -> Vec<Sample> {
    let password = |problem: Option<SecretProblem>| EnterPassword {
        shell: shell(text, "/signin/password"),
        identifier: "ana.meier@example.com".into(),
        identifier_known: problem.is_some(),
        problem,
    };
    let recovery = |problem: Option<SecretProblem>| EnterRecoveryCode {
        shell: shell(text, "/signin/recovery"),
        identifier: "ana.meier@example.com".into(),
        identifier_known: problem.is_some(),
        problem,
    };
    let problems = [
        ("si-4-identifier-missing", SecretProblem::IdentifierMissing),
        ("si-4-missing", SecretProblem::Missing),
        ("si-4-wrong", SecretProblem::Wrong { left: None }),
        ("si-4-wrong-left", SecretProblem::Wrong { left: Some(7) }),
        ("si-4-slip", SecretProblem::Slip),
        ("si-4-used", SecretProblem::Used),
        ("si-4-off", SecretProblem::Off),
        ("si-4-use-passkey", SecretProblem::UsePasskey),
        ("si-4-nothing-second", SecretProblem::NothingSecond),
        ("si-4-account-disabled", SecretProblem::AccountDisabled),
        ("si-4-too-many", SecretProblem::TooMany { minutes: 4 }),
    ];
    let mut samples = vec![sample("si-4", &password(None)), sample("recovery", &recovery(None))];
    for (name, problem) in problems {
        samples.push(sample(name, &password(Some(problem))));
        samples.push(sample(name, &recovery(Some(problem))));
    }
    samples
}

fn second_step(text: Text) -> Vec<Sample> {
    let step = |method, other, problem| SecondStep {
        shell: shell(text, "/signin/step"),
        identifier: Some("ana.meier@example.com".into()),
        method,
        other,
        problem,
    };
    let (code, recovery) = (StepMethod::AuthenticatorCode, StepMethod::RecoveryCode);
    let problems = [
        ("si-5-missing", StepProblem::Missing),
        ("si-5-wrong", StepProblem::Wrong { left: None }),
        ("si-5-wrong-left", StepProblem::Wrong { left: Some(1) }),
        ("si-5-slip", StepProblem::Slip),
        ("si-5-replayed", StepProblem::Replayed),
        ("si-5-too-many", StepProblem::TooMany { minutes: 2 }),
    ];
    let mut samples = vec![
        sample("si-5", &step(code, Some(recovery), None)),
        sample("si-5-only", &step(code, None, None)),
        sample("si-5-recovery", &step(recovery, Some(code), None)),
    ];
    for (name, problem) in problems {
        samples.push(sample(name, &step(code, Some(recovery), Some(problem))));
        samples.push(sample(name, &step(recovery, None, Some(problem))));
    }
    samples
}

fn new_password(text: Text) -> Vec<Sample> {
    let problems = [
        ("si-4b-old", NewPasswordProblem::OldWrong),
        ("si-4b-short", NewPasswordProblem::TooShort),
        ("si-4b-long", NewPasswordProblem::TooLong),
        ("si-4b-breached", NewPasswordProblem::Breached),
        ("si-4b-same", NewPasswordProblem::Same),
        ("si-4b-login", NewPasswordProblem::ContainsLogin),
        ("si-4b-too-many", NewPasswordProblem::TooMany { minutes: 1 }),
    ];
    let new = |problem| NewPassword {
        shell: shell(text, "/signin/password/new"),
        identifier: Some("ana.meier@example.com".into()),
        shortest: 10,
        problem,
    };
    let change = |change, problem| ChangePassword {
        shell: signed_in(text, "/me/security/password"),
        change,
        shortest: 10,
        problem,
    };
    let mut samples = vec![
        sample("si-4b", &new(None)),
        sample("password-change", &change(true, None)),
        sample("password-set", &change(false, None)),
    ];
    for (name, problem) in problems {
        samples.push(sample(name, &new(Some(problem))));
        samples.push(sample(name, &change(true, Some(problem))));
    }
    samples
}

fn rows(text: Text) -> Vec<Sample> {
    let since = now() - Span::from_days(90);
    let rows = |password, codes, recovery| {
        let methods = MethodRows { password: Some(password), codes: Some(codes), recovery: Some(recovery) };
        SecurityInfo { methods, silent: true, ..security(text) }
    };
    let codes = |since, allowed| CodesRow { since, allowed, locked: since.is_some() && !allowed };
    let locked = CodesRow { since: Some(since), allowed: true, locked: true };
    let recovery = |left, made, allowed| RecoveryRow { left, made, allowed };
    let silent = |provider: Option<&str>| {
        let flash =
            Flash::PasskeySavedSilently { id: "0198f1c2".into(), provider: provider.map(str::to_owned) };
        SecurityInfo {
            shell: Shell { flash: Some(flash), ..signed_in(text, "/me/security") },
            ..security(text)
        }
    };
    let mut samples = vec![
        sample(
            "sec-1-methods",
            &rows(PasswordRow::On { since }, codes(Some(since), true), recovery(8, Some(since), true)),
        ),
        sample("sec-1-methods-none", &rows(PasswordRow::Never, codes(None, true), recovery(0, None, true))),
        sample(
            "sec-1-methods-off",
            &rows(PasswordRow::Off { since }, codes(None, true), recovery(0, Some(since), true)),
        ),
        sample("sec-1-methods-locked", &rows(PasswordRow::Never, locked, recovery(1, Some(since), true))),
        sample(
            "sec-1-methods-not-allowed",
            &rows(PasswordRow::Never, codes(Some(since), false), recovery(1, Some(since), false)),
        ),
        sample("flash-silent", &silent(Some("Google Password Manager"))),
        sample("flash-silent-device", &silent(None)),
    ];
    let flashes = [
        Flash::PasswordChanged { first: true },
        Flash::PasswordChanged { first: false },
        Flash::CodesAdded,
        Flash::CodesRemoved,
        Flash::RecoveryCodesKept,
        Flash::RecoveryCodesUnsure,
        Flash::PasswordOff,
        Flash::PasswordlessGone,
    ];
    for flash in flashes {
        let shell = Shell { flash: Some(flash), ..signed_in(text, "/me/security") };
        samples.push(sample("flash-methods", &SecurityInfo { shell, ..security(text) }));
    }
    samples
}

fn codes(text: Text) -> Vec<Sample> {
    let set_up = |problem| SetUpCodes {
        shell: signed_in(text, "/me/security/codes"),
        picture: qr::svg("otpauth://totp/Example:ana?secret=JBSWY3DPEHPK3PXP"),
        uri: "otpauth://totp/Example:ana?secret=JBSWY3DPEHPK3PXP".into(),
        secret: "JBSW Y3DP EHPK 3PXP".into(),
        state: "c2VhbGVk".into(),
        problem,
    };
    let remove =
        |confirm, last| RemoveCodes { shell: signed_in(text, "/me/security/codes/remove"), confirm, last };
    let recovery = |left, confirm| RecoveryCodes {
        shell: signed_in(text, "/me/security/recovery-codes"),
        left,
        confirm,
    };
    vec![
        sample("sec-7", &set_up(None)),
        sample("sec-7-missing", &set_up(Some(SetUpProblem::Missing))),
        sample("sec-7-wrong", &set_up(Some(SetUpProblem::Wrong))),
        sample("sec-7-too-many", &set_up(Some(SetUpProblem::TooMany { minutes: 1 }))),
        sample("sec-7-remove", &remove(true, false)),
        sample("sec-7-remove-confirmed", &remove(false, false)),
        sample("sec-7-remove-last", &remove(false, true)),
        sample("sec-6", &recovery(0, true)),
        sample("sec-6-again", &recovery(1, false)),
        sample(
            "sec-6-made",
            &RecoveryCodesMade {
                shell: signed_in(text, "/me/security/recovery-codes"),
                codes: vec!["K7QX-MM4P-29TD-AAAA".into(), "B7QX-MM4P-29TD-BBBB".into()],
            },
        ),
    ]
}

fn after_sign_in(text: Text) -> Vec<Sample> {
    let interrupt =
        |postponing| Interrupt { shell: signed_in(text, "/me/interrupt"), postponing, silent: true };
    let mut restricted = onboarding(text, "/me/interrupt");
    restricted.account = restricted.account.map(|account| Account { restricted: true, ..account });
    let offer = |elsewhere| Offer { shell: signed_in(text, "/me/offer"), elsewhere, silent: true };
    vec![
        sample("si-7", &interrupt(Postponing::Possible { days: 5 })),
        sample("si-7-last-day", &interrupt(Postponing::LastDay)),
        sample("si-7-required", &interrupt(Postponing::Over)),
        sample(
            "si-7-restricted",
            &Interrupt { shell: restricted, postponing: Postponing::Restricted, silent: false },
        ),
        sample("si-8", &offer(false)),
        sample("si-8-elsewhere", &offer(true)),
    ]
}

fn passwordless(text: Text) -> Vec<Sample> {
    let page = |met, contact: Option<&str>| TurnOffPassword {
        shell: signed_in(text, "/me/security/password/off"),
        items: [Condition::EnoughPasskeys, Condition::Tried, Condition::FullSession]
            .into_iter()
            .map(|condition| Item { condition, met })
            .collect(),
        forced: met.then_some(now()),
        ready: met,
        contact: contact.map(str::to_owned),
        confirm: true,
    };
    let off = |contact: Option<&str>| PasswordOff {
        shell: signed_in(text, "/me/security/password/off"),
        since: now(),
        contact: contact.map(str::to_owned),
    };
    vec![
        sample("pw-1", &page(true, Some("IT desk, +41 44 000 00 00"))),
        sample("pw-1-not-yet", &page(false, None)),
        sample("pw-3", &off(Some("IT desk, +41 44 000 00 00"))),
        sample("pw-3-no-contact", &off(None)),
    ]
}

fn confirm(text: Text) -> Vec<Sample> {
    let by_password = |waiting, problem| Confirm {
        shell: signed_in(text, "/me/confirm?for=add-codes"),
        waiting,
        action: "add-codes".into(),
        target: None,
        form_action: "/me/security/codes".into(),
        form_get: true,
        form_fields: Vec::new(),
        way: Way::Password { waiting: vec![("for".into(), "add-codes".into())], problem },
        cancel: "/me/security".into(),
    };
    vec![
        sample("ra-1-password", &by_password(Waiting::AddCodes, None)),
        sample("ra-1-incomplete", &by_password(Waiting::RemoveCodes, Some(ConfirmProblem::Incomplete))),
        sample("ra-1-wrong", &by_password(Waiting::ChangePassword, Some(ConfirmProblem::Wrong))),
        sample("ra-1-code-used", &by_password(Waiting::TurnOffPassword, Some(ConfirmProblem::CodeUsed))),
        sample(
            "ra-1-too-many",
            &by_password(Waiting::NewRecoveryCodes, Some(ConfirmProblem::TooMany { minutes: 3 })),
        ),
    ]
}
