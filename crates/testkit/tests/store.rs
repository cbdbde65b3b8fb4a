//! The store: one suite of plain functions, each run on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these functions are the tests; the attribute that says so is put on by a macro"
)]

#[path = "store/anchor.rs"]
mod anchor;
#[path = "store/attested_devices.rs"]
mod attested_devices;
#[path = "store/audit.rs"]
mod audit;
#[path = "store/backup.rs"]
mod backup;
#[path = "store/device_codes.rs"]
mod device_codes;
#[path = "store/enrolments.rs"]
mod enrolments;
#[path = "store/files.rs"]
mod files;
#[path = "store/fixture.rs"]
mod fixture;
#[path = "store/forged.rs"]
mod forged;
#[path = "store/logout_notices.rs"]
mod logout_notices;
#[path = "store/lost.rs"]
mod lost;
#[path = "store/migrations.rs"]
mod migrations;
#[path = "store/pass_orders.rs"]
mod pass_orders;
#[path = "store/policies.rs"]
mod policies;
#[path = "store/refused.rs"]
mod refused;
#[path = "store/rows.rs"]
mod rows;
#[path = "store/transactions.rs"]
mod transactions;
#[path = "store/upgrade.rs"]
mod upgrade;

/// Runs each function on both databases.
macro_rules! on_both {
    ($($module:ident { $($name:ident),+ $(,)? })+) => {
        mod sqlite {
            $(mod $module {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    crate::$module::$name(crate::fixture::Fixture::sqlite().await).await;
                })+
            })+
        }
        mod postgres {
            $(mod $module {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    // Where there is none, the reason has been printed.
                    if let Some(fixture) = crate::fixture::Fixture::postgres().await {
                        crate::$module::$name(fixture).await;
                    }
                })+
            })+
        }
    };
}

on_both! {
    rows {
        a_user_is_found_by_every_spelling,
        a_login_is_taken_once,
        users_are_listed_in_pages,
        a_passkey_lives_its_life,
        a_disabled_passkey_records_no_use,
        spent_keeps_its_outcome,
        spent_is_swept_an_hour_past_expiry,
        a_pass_moves_only_from_where_it_stands,
        a_session_is_found_by_its_token,
        sessions_end_in_groups,
        sessions_are_swept_after_their_end,
        guesses_count_by_name,
        there_is_one_first_administrator,
        the_clock_never_goes_back,
    }
    forged {
        every_authority_column_of_a_user,
        every_authority_column_of_a_passkey,
        every_authority_column_of_a_pass,
        every_authority_column_of_a_session,
        swapped_public_keys,
        swapped_logins,
        a_session_made_with_sql,
        the_deployments_row,
        columns_that_decide_nothing_may_change,
    }
    policies {
        the_newest_that_stands_and_has_come_is_in_force,
        every_column_of_a_version,
        a_draft_is_kept_for_each,
    }
    enrolments {
        an_errand_is_found_by_what_the_phone_was_shown,
        an_errand_moves_only_from_where_it_stands,
        every_column_of_an_errand,
    }
    logout_notices {
        a_notice_is_held_by_one_and_told_once,
        an_application_that_does_not_answer_holds_up_no_other,
        it_is_tried_for_a_day_with_pauses_that_grow,
    }
    attested_devices {
        a_device_goes_with_its_owner_and_its_passkeys_lose_what_it_said,
        a_device_is_found_by_its_key_and_lives_its_life,
        a_device_that_several_accounts_share_goes_on_with_those_that_remain,
        every_authority_column_of_an_attested_device,
        every_column_of_an_attestation_authority,
    }
    device_codes {
        a_device_is_found_decided_once_and_taken_once,
        a_device_is_swept_an_hour_after_its_end,
        every_authority_column_of_a_device,
        tries_at_devices_are_counted_apart,
    }
    pass_orders {
        an_order_is_found_and_moves_only_from_where_it_stands,
        every_column_of_an_order,
    }
    transactions {
        a_refusal_rolls_back_only_itself,
        a_panic_rolls_back_only_itself,
        a_failed_statement_dooms_its_transaction,
        a_failed_commit_is_everyones,
        a_lost_connection_is_replaced,
        a_read_changes_nothing,
        no_increment_is_lost,
        of_many_takers_one_is_first,
        what_was_answered_is_there_after_reopening,
    }
    migrations {
        many_starters_at_once_make_one_schema,
        a_changed_migration_is_refused,
        a_newer_schema_is_refused,
        another_key_file_is_refused,
    }
    refused {
        found_as_it_was_stored,
        what_is_too_large_is_not_stored,
        the_oldest_give_way,
        swept_after_a_week,
    }
    upgrade {
        a_check_succeeds_and_changes_nothing,
        an_upgrade_lets_everybody_in,
        a_broken_row_is_found,
        a_broken_audit_chain_is_found,
        a_migration_that_fails_leaves_everything,
        only_the_own_and_no_newer_database,
        servers_may_run_meanwhile,
    }
    audit {
        events_are_numbered_and_chained,
        a_removed_event_is_a_gap,
        a_removed_end_is_a_gap,
        a_rewritten_end_is_a_fork,
        a_genuine_batch_of_another_branch_is_a_fork,
        a_changed_event_is_forged,
        swapped_numbers_are_forged,
        an_event_made_with_sql_is_forged_and_gets_no_number,
        an_event_without_number_is_overdue,
        erasing_keeps_the_chain,
        a_changed_batch_is_forged,
        the_lease_is_held_by_one,
        listing_filters_and_pages,
        the_export_holds_everything,
    }
    anchor {
        a_database_that_lost_its_end_is_behind,
        accepting_voids_what_was_granted,
    }
    backup {
        holds_every_row_and_voids_grants,
        goes_to_the_other_database,
        overwrites_nothing,
        belongs_to_its_keys,
        is_consistent_while_others_write,
    }
}
