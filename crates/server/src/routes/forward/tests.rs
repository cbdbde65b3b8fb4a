use super::*;

#[test]
fn a_group_with_a_comma_is_no_two_groups() {
    assert_eq!(in_list("Staff"), "Staff");
    assert_eq!(in_list("admins,staff"), "admins%2Cstaff");
    assert_eq!(in_list("100%2C"), "100%252C");
}

#[test]
fn no_cookie_of_ours_belongs_on_these_addresses() {
    for path in ["/forward/check", "/forward/redirect?x", "/.keyward/start", "/.keyward/callback?code=1"] {
        assert!(is_forward(path), "{path}");
    }
    for path in ["/forwards", "/signin", "/.well-known/openid-configuration"] {
        assert!(!is_forward(path), "{path}");
    }
}
