//! Who may add, change and remove receivers, and by which code others are refused.

use account::action::Action;
use account::hook::{MOST, TermsRefusal};
use account::role::{Permission, Role};
use service::hooks::{self, Change, HookError};
use service::{Authority, Unauthorised};
use testkit::{TestContext, Visitor};

use super::world::*;

#[tokio::test]
async fn every_role_may_or_may_not() {
    let test = TestContext::sqlite().await;
    for (number, role) in Role::ALL.iter().copied().enumerate() {
        let mut person = Visitor::new(&test, role.as_str());
        person.onboard(&format!("{number}@example.com"), role).await;
        let terms = terms(&format!("https://siem{number}.example/"), &[]);
        let confirmed = person.confirm(add_action(&terms)).await.is_ok();
        let who = person.who().await;
        let added = hooks::add(&test.cx, &mut person.caller(), Authority::Person(&who), terms.clone()).await;
        if !role.may(Permission::EditKeys) {
            let code = added.unwrap_err().code();
            assert!(
                if confirmed { code == "role_too_low" } else { code == "confirm_needed" },
                "{role}: {code}"
            );
            continue;
        }
        let hook = added.unwrap().hook;
        let change = Change { terms: terms.clone(), enabled: false };
        let turned_off = Action::ChangeHook(terms.digest_for(hook.id, false));
        let authority = Authority::Person(&who);
        let changed = hooks::change(&test.cx, &mut person.caller(), authority, hook.id, change.clone()).await;
        assert_eq!(changed.unwrap_err(), HookError::Unauthorised(Unauthorised::ConfirmNeeded));
        person.confirm(turned_off).await.unwrap();
        let who = person.who().await;
        let authority = Authority::Person(&who);
        let changed = hooks::change(&test.cx, &mut person.caller(), authority, hook.id, change).await;
        assert!(!changed.unwrap().enabled);
        let removed = hooks::remove(&test.cx, &mut person.caller(), authority, hook.id).await;
        assert_eq!(removed.unwrap_err().code(), "confirm_needed");
        person.confirm(Action::RemoveHook(hook.id)).await.unwrap();
        let who = person.who().await;
        let authority = Authority::Person(&who);
        hooks::remove(&test.cx, &mut person.caller(), authority, hook.id).await.unwrap();
    }
    let added = test.count_events("hook_added").await;
    assert!(added > 0);
    assert_eq!(test.count_events("hook_changed").await, added);
    assert_eq!(test.count_events("hook_removed").await, added);
}

#[tokio::test]
async fn whoever_confirms_one_address_has_not_added_another() {
    let test = TestContext::sqlite().await;
    let mut admin = Visitor::new(&test, "admin");
    admin.onboard("admin@example.com", Role::Administrator).await;
    let (shown, other) = (terms("https://siem.example/", &[]), terms("https://evil.example/", &[]));
    admin.confirm(add_action(&shown)).await.unwrap();
    let who = admin.who().await;
    let added = hooks::add(&test.cx, &mut admin.caller(), Authority::Person(&who), other).await;
    assert_eq!(added.unwrap_err().code(), "confirm_needed");
}

#[tokio::test]
async fn refusals_keep_their_codes() {
    let test = TestContext::sqlite().await;
    for number in 0..MOST {
        add(&test, terms(&format!("https://siem{number}.example/"), &[])).await;
    }
    let operator = Authority::Operator;
    let more = hooks::add(&test.cx, &mut test.operator(), operator, terms("https://x.example/", &[])).await;
    assert_eq!(more.unwrap_err().code(), "too_many_hooks");
    let hook = hooks::list(&test.cx).await.unwrap()[0].clone();
    hooks::remove(&test.cx, &mut test.operator(), operator, hook.id).await.unwrap();
    let gone = hooks::remove(&test.cx, &mut test.operator(), operator, hook.id).await;
    assert_eq!(gone.unwrap_err().code(), "not_found");
    for (error, code) in [
        (HookError::Role, "role_too_low"),
        (HookError::Terms(TermsRefusal::Url), "hook_url"),
        (HookError::Terms(TermsRefusal::Kind), "hook_kind"),
    ] {
        assert_eq!(error.code(), code);
    }
}

#[tokio::test]
async fn the_secret_stands_nowhere_in_the_clear() {
    let test = TestContext::sqlite().await;
    let added = add(&test, terms("https://siem.example/in?token=canary", &[])).await;
    let secret = added.secret.reveal().strip_prefix("whsec_").unwrap().to_owned();
    let bytes = primitives::encoding::from_base64(&secret).unwrap();
    assert!(!added.hook.secret.windows(bytes.len()).any(|part| part == bytes.as_slice()));
    assert!(!format!("{added:?}").contains(&secret));
    let notes = service::read_audit::list(&test.cx, store::audit::Filter::default(), 100).await.unwrap();
    assert!(notes.iter().all(|entry| !format!("{:?}", entry.event).contains("canary")));
}
