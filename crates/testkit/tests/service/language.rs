//! A person chooses their language.

use account::role::Role;
use service::choose_language::{ChooseLanguageError, choose_language};
use service::{administer_users, manage_sessions};
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

#[tokio::test]
async fn a_language_is_kept_with_the_account_and_written_down_once() {
    let databases = [Some(TestContext::sqlite().await), TestContext::postgres().await];
    for test in databases.into_iter().flatten() {
        let mut ana = Visitor::new(&test, "laptop");
        ana.onboard(ANA, Role::User).await;
        let who = ana.who().await;
        let mut caller = ana.caller();
        assert!(choose_language(&test.cx, &mut caller, &who, Some("fr")).await.unwrap());
        assert!(!choose_language(&test.cx, &mut caller, &who, Some("fr")).await.unwrap(), "it is so already");
        let user = administer_users::show(&test.cx, ANA).await.unwrap().user;
        assert_eq!(user.language.as_deref(), Some("fr"));
        assert_eq!(test.count_events("language_chosen").await, 1);
        assert!(choose_language(&test.cx, &mut caller, &who, None).await.unwrap());
        assert_eq!(administer_users::show(&test.cx, ANA).await.unwrap().user.language, None);
    }
}

#[tokio::test]
async fn whoever_was_signed_out_meanwhile_chooses_nothing() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let who = ana.who().await;
    let mut caller = ana.caller();
    manage_sessions::revoke(&test.cx, &mut caller, &who, who.session.id).await.unwrap();
    let refused = choose_language(&test.cx, &mut caller, &who, Some("it")).await.unwrap_err();
    assert_eq!((refused.clone(), refused.code()), (ChooseLanguageError::SessionEnded, "session_ended"));
    assert_eq!(administer_users::show(&test.cx, ANA).await.unwrap().user.language, None);
}
