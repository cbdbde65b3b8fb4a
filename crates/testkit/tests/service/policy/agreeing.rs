//! The forecast says of each person what sign-in then does.

use account::passkey::Binding;
use account::policy::impact::Verdict;
use account::policy::judge;
use service::recover_with_code;
use service::second_step;
use service::sign_in_password::{self, FirstStep, SecondMethod};
use service::{SignedIn, sign_in};
use testkit::TestContext;
use testkit::armed::{Armed, Arms, PASSWORD, with_passwords};
use testkit::deployment::{ORIGIN, Variation};

use crate::{apply, check};

/// What an account has, one bit each.
fn arms(bits: u32) -> Arms {
    let has = |bit: u32| bits & (1 << bit) != 0;
    Arms {
        passkey: has(0).then_some(if has(1) { Binding::Password } else { Binding::TemporaryPass }),
        disabled: false,
        password: has(2),
        must_change: false,
        codes: has(3),
        locked: false,
        recovery: has(4),
    }
}

const POLICIES: [&str; 6] = [
    "",
    "[passwords]\nfor = \"everybody\"\n[codes]\nfor = \"nobody\"\n",
    "[passwords]\nfor = \"everybody\"\nalone_registers = true\n",
    "[passwords]\nfor = \"everybody\"\n[passkeys]\nfor = \"nobody\"\n",
    "[passwords]\nfor = \"everybody\"\nbeside_passkeys = true\n[recovery_codes]\nfor = \"nobody\"\n",
    "[passwords]\nfor = \"everybody\"\n[require]\nportal = \"phishing-resistant\"\n",
];

/// Whether a session lets its owner into all that is theirs, and whether it lets a passkey be added.
fn reach(test: &TestContext, signed_in: &SignedIn) -> (bool, bool) {
    let settings = test.cx.settings();
    let (policy, models) = (&settings.policy, &settings.models);
    let evidence = &signed_in.session.evidence;
    let all = [&policy.require.portal, &policy.require.applications];
    let enough = all.iter().all(|needed| judge::satisfies(policy, needed, evidence, models));
    let on = policy.of(&signed_in.user).passkeys.enabled;
    let info = judge::satisfies(policy, &policy.require.security_info, evidence, models);
    let recovery = evidence.has_method("recovery_code");
    (enough && !signed_in.session.is_limited(), on && (info || recovery))
}

/// Tries every way in; says how far the best one leads.
async fn tried(test: &TestContext, armed: &mut Armed) -> (bool, bool) {
    let mut best = (false, false);
    let mut met = |(full, register): (bool, bool)| best = (best.0 || full, best.1 || register);
    let login = armed.user.login.shown().to_owned();
    if armed.passkey.is_some() {
        let started = sign_in::begin(&test.cx, &mut test.caller("laptop"));
        let response =
            authenticator::client::get(&mut armed.authenticator, ORIGIN, &started.options).unwrap();
        let text = response.to_string();
        let mut caller = test.caller("laptop");
        if let Ok(signed_in) = sign_in::finish(&test.cx, &mut caller, &started.state, &text).await {
            met(reach(test, &signed_in));
        }
    }
    match sign_in_password::begin(&test.cx, &mut test.caller("laptop"), &login, PASSWORD).await {
        Ok(FirstStep::SecondStep { token, methods, .. }) => {
            let mut caller = test.caller("laptop");
            let signed_in = match methods[0] {
                SecondMethod::AuthenticatorCode => {
                    let code = armed.code(test.now());
                    second_step::finish_code(&test.cx, &mut caller, &token, &code).await
                }
                SecondMethod::RecoveryCode => {
                    let code = armed.recovery[0].reveal().to_owned();
                    second_step::finish_recovery_code(&test.cx, &mut caller, &token, &code).await
                }
            };
            met(reach(test, &signed_in.unwrap()));
        }
        Ok(FirstStep::Restricted(signed_in)) => met(reach(test, &signed_in)),
        _ => {}
    }
    if let Some(code) = armed.recovery.last() {
        let code = code.reveal().to_owned();
        let mut caller = test.caller("laptop");
        if let Ok(signed_in) = recover_with_code::redeem(&test.cx, &mut caller, &login, &code).await {
            met(reach(test, &signed_in));
        }
    }
    best
}

#[tokio::test]
async fn the_forecast_is_what_then_happens() {
    for document in POLICIES {
        let policy = with_passwords();
        let test = TestContext::sqlite_with(Variation { policy, ..Variation::default() }).await;
        let mut everybody = Vec::new();
        for bits in 0..32 {
            everybody.push((bits, test.arm(&format!("user{bits}@example.com"), arms(bits)).await));
        }
        let impact = check(&test, document).await;
        apply(&test, document).await.unwrap();
        for (bits, mut armed) in everybody {
            let said = impact.people.iter().find(|one| one.user == armed.user.id);
            let verdict = said.map_or(Verdict::Keeps, |one| one.verdict);
            let (full, register) = tried(&test, &mut armed).await;
            let expected = match verdict {
                Verdict::Keeps => full,
                Verdict::MustRegister => !full && register,
                Verdict::LockedOut | Verdict::NeverSignedIn => !full && !register,
            };
            assert!(expected, "{document}\n{:?}: {said:?}, in fact {full} {register}", arms(bits));
        }
    }
}
