//! A phone creates the passkey for which a computer asked: every stage, every rule and every refusal, on both databases.

#[path = "enrolling/mended.rs"]
mod mended;
#[path = "enrolling/phone.rs"]
mod phone;
#[path = "enrolling/refused.rs"]
mod refused;
#[path = "enrolling/stages.rs"]
mod stages;
#[path = "enrolling/tickets.rs"]
mod tickets;

/// Each test on both databases.
macro_rules! on_both {
    ($($module:ident { $($name:ident),+ $(,)? })+) => {
        mod sqlite {
            use testkit::TestContext;
            $(mod $module {
                $(#[tokio::test]
                async fn $name() {
                    crate::enrolling::$module::$name(super::TestContext::sqlite().await).await;
                })+
            })+
        }
        mod postgres {
            use testkit::TestContext;
            $(mod $module {
                $(#[tokio::test]
                async fn $name() {
                    // Where there is none, the reason has been printed.
                    if let Some(test) = super::TestContext::postgres().await {
                        crate::enrolling::$module::$name(test).await;
                    }
                })+
            })+
        }
    };
}

on_both! {
    stages {
        a_phone_that_signs_in_goes_through_every_stage,
        a_phone_whose_number_is_typed_goes_through_every_stage,
        two_nodes_share_one_errand,
        what_goes_wrong_on_the_phone_is_shown_and_can_be_tried_again,
    }
    refused {
        another_browser_gets_nothing_and_the_computer_is_told,
        after_five_minutes_nothing_comes_of_it,
        stopped_declined_or_replaced_it_is_over,
        it_ends_with_the_computers_session,
        one_errand_makes_one_passkey,
        the_third_wrong_number_ends_it,
        a_number_approves_nobody_who_has_a_passkey_by_now,
        a_phone_signed_in_as_somebody_else_gets_nothing,
        a_state_is_worth_nothing_elsewhere,
    }
    tickets {
        the_mode_follows_policy_role_and_passkeys,
        a_reload_shows_the_same_code_while_nobody_has_it,
        only_the_session_that_began_it_follows_it,
        the_computer_has_to_be_fresh,
        a_code_is_typed_and_guessing_is_bounded,
        everybodys_guesses_are_bounded_together,
        somebody_who_begins_without_end_is_stopped,
        a_restored_database_knows_no_errands,
        errands_are_swept_an_hour_after_their_end,
    }
    mended {
        two_factors_just_proven_approve_a_phone_without_a_passkey,
        a_password_alone_registers_where_policy_says_so,
        a_recovery_code_registers_one,
        a_heartbeat_is_written_every_twenty_seconds,
    }
}
