//! Whom no policy locks out, and that there is always an administrator who gets in.

use account::policy::document::{self, Names};
use account::policy::{Audience, Policy};
use account::role::Role;
use account::user::User;
use authenticator::Settings;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use service::administer_policy::{self, Application, Block, PolicyError};
use service::{Authority, administer_users};
use store::users;
use testkit::{TestContext, Visitor};

use crate::{BACKED_UP, DEVICE_BOUND, action, apply, check};

/// Somebody with a passkey that stays where it was made.
async fn bound<'t>(test: &'t TestContext, login: &str, role: Role) -> Visitor<'t> {
    let mut visitor = Visitor::new(test, login).with(Settings::security_key());
    visitor.onboard(login, role).await;
    visitor
}

/// Somebody with a passkey that may be copied.
async fn copied<'t>(test: &'t TestContext, login: &str, role: Role) -> Visitor<'t> {
    let settings = Settings { backup_eligible: true, backed_up: true, ..Settings::platform() };
    let mut visitor = Visitor::new(test, login).with(settings);
    visitor.onboard(login, role).await;
    visitor
}

/// Written to the store: that one has two security keys is somebody else's test.
async fn make_break_glass(test: &TestContext, login: &str) {
    let user = administer_users::show(&test.cx, login).await.unwrap().user;
    let changed = User { break_glass: true, ..user };
    let written = test.cx.db.write(move |tx| users::update(tx, &changed)).await;
    assert!(written.unwrap());
}

#[tokio::test]
async fn the_last_administrators_way_in_stays() {
    let test = TestContext::sqlite().await;
    bound(&test, "admin@example.com", Role::Administrator).await;
    let blocked = apply(&test, BACKED_UP).await;
    assert_eq!(blocked.unwrap_err(), PolicyError::Blocked(Block::AllAdministrators));
    // With a second one who keeps in, the first may be locked out by whoever is neither.
    copied(&test, "second@example.com", Role::Administrator).await;
    apply(&test, BACKED_UP).await.unwrap();
}

#[tokio::test]
async fn nobody_locks_himself_out() {
    let test = TestContext::sqlite().await;
    let mut admin = bound(&test, "admin@example.com", Role::Administrator).await;
    copied(&test, "second@example.com", Role::Administrator).await;
    let application = Application { document: BACKED_UP.to_owned(), locks_out: 1, ..Application::default() };
    admin.confirm(action(&test, &application).await).await.unwrap();
    let who = admin.who().await;
    let impact =
        administer_policy::check(&test.cx, BACKED_UP, Some(who.user.id), std::sync::Arc::new(|_, _| {}));
    let impact = impact.await.unwrap();
    assert!(impact.blocked.contains(&Block::Actor) && !impact.may_apply());
    let authority = Authority::Person(&who);
    let refused = administer_policy::apply(&test.cx, &mut admin.caller(), authority, application).await;
    assert_eq!(refused.unwrap_err(), PolicyError::Blocked(Block::Actor));
}

#[tokio::test]
async fn a_break_glass_account_keeps_its_way_in() {
    let test = TestContext::sqlite().await;
    copied(&test, "admin@example.com", Role::Administrator).await;
    bound(&test, "ana@example.com", Role::User).await;
    // Before there is one, it is a warning.
    let impact = check(&test, BACKED_UP).await;
    assert_eq!(impact.blocked, [Block::NoBreakGlass]);
    assert!(impact.may_apply());
    // One that has nothing yet keeps no way in.
    test.add_user("empty@example.com", Role::Administrator).await;
    make_break_glass(&test, "empty@example.com").await;
    assert_eq!(check(&test, BACKED_UP).await.blocked, [Block::BreakGlass]);
    let refused = apply(&test, BACKED_UP).await;
    assert_eq!(refused.unwrap_err(), PolicyError::Blocked(Block::BreakGlass));
    // What takes nothing from anybody is not blocked.
    apply(&test, "[passes]\nlength = 20\n").await.unwrap();
    // One with a passkey keeps it, whatever profiles say.
    bound(&test, "glass@example.com", Role::Administrator).await;
    make_break_glass(&test, "glass@example.com").await;
    assert_eq!(check(&test, BACKED_UP).await.summary.break_glass, 1);
    apply(&test, BACKED_UP).await.unwrap();
}

#[tokio::test]
async fn undoing_locks_no_administrator_out_either() {
    let test = TestContext::sqlite().await;
    apply(&test, "[[passkeys.profile]]\nname = \"own\"\nkinds = [\"backed-up\"]\n").await.unwrap();
    apply(&test, DEVICE_BOUND).await.unwrap();
    bound(&test, "admin@example.com", Role::Administrator).await;
    let refused = administer_policy::undo(&test.cx, &mut test.operator(), Authority::Operator, 2).await;
    assert_eq!(refused.unwrap_err(), PolicyError::Blocked(Block::AllAdministrators));
}

fn audience() -> impl Strategy<Value = Audience> {
    prop_oneof![3 => Just(Audience::everybody()), 1 => Just(Audience::Nobody)]
}

prop_compose! {
    /// Policies that often hurt.
    fn policy()(
        audiences in prop::collection::vec(audience(), 4),
        (backed_up, device_bound) in prop_oneof![Just((true, true)), Just((true, false)), Just((false, true))],
        required in prop::bool::weighted(0.2),
        hardware in prop::bool::weighted(0.2),
        algorithm in prop::option::weighted(0.2, prop::sample::select(&primitives::cose::Algorithm::ALL[..])),
    ) -> Policy {
        use account::policy::{AttestationDemand, Needed};
        use account::strength::Strength;
        let mut policy = Policy::default();
        let [passkeys, passes, passwords, codes] = <[Audience; 4]>::try_from(audiences).unwrap();
        policy.passkeys.audience = passkeys;
        policy.passes.audience = passes;
        policy.passwords.audience = passwords;
        policy.codes = codes;
        let profile = &mut policy.passkeys.terms.profiles[0];
        profile.kinds = account::policy::Kinds { backed_up, device_bound };
        profile.algorithms = algorithm.into_iter().collect();
        if required {
            profile.attestation = AttestationDemand::Required;
        }
        if hardware {
            policy.require.console = Needed::BuiltIn(Strength::PhishingResistantHardware);
        }
        policy
    }
}

/// No policy that was applied leaves no way in for an administrator: after each, one of them really signs in, and what they
/// prove is what the console asks for.
#[tokio::test]
async fn after_every_applied_policy_an_administrator_signs_in() {
    let test = TestContext::sqlite().await;
    let mut administrators = vec![
        bound(&test, "bound@example.com", Role::Administrator).await,
        copied(&test, "copied@example.com", Role::Administrator).await,
    ];
    let mut runner = TestRunner::deterministic();
    let (mut applied, mut refused) = (0, 0);
    for _ in 0..120 {
        let document =
            document::render(&policy().new_tree(&mut runner).unwrap().current(), &Names::default());
        match apply(&test, &document).await {
            Ok(_) => applied += 1,
            Err(PolicyError::Blocked(_)) => refused += 1,
            Err(error) => panic!("{error:?}\n{document}"),
        }
        let settings = test.cx.settings();
        let mut in_console = false;
        for visitor in &mut administrators {
            if let Ok(signed_in) = visitor.sign_in().await {
                let needed = &settings.policy.require.console;
                let evidence = &signed_in.session.evidence;
                in_console |=
                    account::policy::judge::satisfies(&settings.policy, needed, evidence, &settings.models);
            }
        }
        assert!(in_console, "{document}");
    }
    assert!(applied > 20 && refused > 20, "{applied} applied, {refused} refused");
}
