//! `oidcc-basic-certification-test-plan`, and the same modules once more with `response_mode=form_post`
//! (`oidcc-formpost-basic-certification-test-plan`).

macro_rules! plan {
    ($mode:ident, $($part:ident: $($name:ident)*;)*) => {
        $($(
            #[tokio::test]
            async fn $name() {
                crate::$part::$name(crate::world::Mode::$mode).await;
            }
        )*)*
    };
}

macro_rules! both {
    ($($tests:tt)*) => {
        mod basic {
            plan! { Default, $($tests)* }
        }
        mod form_post {
            plan! { FormPost, $($tests)* }
        }
    };
}

both! {
    responses:
        oidcc_server oidcc_response_type_missing oidcc_idtoken_signature oidcc_userinfo_get oidcc_userinfo_post_header
        oidcc_userinfo_post_body oidcc_ensure_request_without_nonce_succeeds_for_code_flow oidcc_scope_profile
        oidcc_scope_email oidcc_scope_address oidcc_scope_phone oidcc_scope_all oidcc_alternate_happy_flow
        oidcc_claims_essential;
    prompts:
        oidcc_prompt_login oidcc_prompt_none_not_logged_in oidcc_prompt_none_logged_in oidcc_max_age_1 oidcc_max_age_10000
        oidcc_id_token_hint oidcc_ensure_request_with_acr_values_succeeds;
    requests:
        oidcc_display_page oidcc_display_popup oidcc_ensure_request_with_unknown_parameter_succeeds oidcc_login_hint
        oidcc_ui_locales oidcc_claims_locales oidcc_ensure_registered_redirect_uri oidcc_ensure_post_request_succeeds
        oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported
        oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported
        oidcc_ensure_request_object_with_redirect_uri oidcc_ensure_request_with_valid_pkce_succeeds;
    tokens:
        oidcc_codereuse oidcc_codereuse_30seconds oidcc_server_client_secret_post oidcc_refresh_token;
}
