use super::*;

#[test]
fn only_addresses_on_the_internet_are_public() {
    for public in ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"] {
        assert!(is_public(public.parse().unwrap()), "{public}");
    }
    for special in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1",
        "fd00:ec2::254",
    ] {
        assert!(!is_public(special.parse().unwrap()), "{special}");
    }
}

#[test]
fn a_target_is_an_https_address() {
    let target: Target = "https://MDS.example.org./blob?x=1".parse().unwrap();
    assert_eq!((target.host(), target.port(), target.path()), ("mds.example.org", 443, "/blob?x=1"));
    assert_eq!(target.to_string(), "https://mds.example.org/blob?x=1");
    let target: Target = "https://[2001:db8::1]:8443".parse().unwrap();
    assert_eq!(
        (target.host(), target.to_string()),
        ("2001:db8::1", "https://[2001:db8::1]:8443/".to_owned())
    );
    for wrong in [
        "",
        "mds.example.org",
        "http://mds.example.org/",
        "ftp://mds.example.org/",
        "https:///x",
        "https://a b/",
        "https://user@mds.example.org/",
        "https://user:word@mds.example.org/",
        "https://mds.example.org/#x",
        "https://mds.example.org:0/",
        "https://mds.example.org:99999/",
        "https://%6cocalhost/",
    ] {
        assert_eq!(wrong.parse::<Target>(), Err(NotATarget), "{wrong}");
    }
}

#[test]
fn each_error_has_its_code() {
    let text = String::new;
    for (error, code) in [
        (OutboundError::Forbidden(text()), "outbound_forbidden"),
        (OutboundError::Name(text()), "outbound_name"),
        (OutboundError::Connect(text()), "outbound_connect"),
        (OutboundError::Proxy(text()), "outbound_proxy"),
        (OutboundError::Tls(text()), "outbound_tls"),
        (OutboundError::Protocol(text()), "outbound_protocol"),
        (OutboundError::Deadline, "outbound_deadline"),
        (OutboundError::TooLong, "outbound_too_long"),
    ] {
        assert_eq!(error.code(), code);
    }
}
