use super::raw::Overlay;
use super::*;

fn from_text(text: &str) -> Result<Config, ConfigRefusal> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyward.toml");
    std::fs::write(&path, text).unwrap();
    Config::load(Some(&path), &Overlay::default())
}

fn refusal(text: &str) -> String {
    from_text(text).and_then(|config| config.check()).unwrap_err().to_string()
}

#[test]
fn nothing_configured_means_sqlite_on_localhost() {
    let config = from_text("").unwrap();
    assert_eq!(config.database, Database::Sqlite("keyward.db".into()));
    assert_eq!(config.key_file, PathBuf::from("keyward.db.key"));
    assert_eq!(config.listen, loopback(8080));
    let origin = config.origin_at(loopback(4711));
    assert_eq!(origin.as_str(), "http://localhost:4711");
    assert_eq!(config.rp_id_for(&origin), "localhost");
    assert!(!config.passkeys.post_quantum && config.related_origins.is_empty());
    config.check().unwrap();
}

#[test]
fn what_passkeys_may_be_is_configured() {
    let text = "related_origins = ['https://a.example', 'https://a.test']\n[passkeys]\npost_quantum = true";
    let config = from_text(text).unwrap();
    assert!(config.passkeys.post_quantum);
    let related: Vec<&str> = config.related_origins.iter().map(Origin::as_str).collect();
    assert_eq!(related, ["https://a.example", "https://a.test"]);
}

#[test]
fn an_unknown_key_is_named() {
    assert!(refusal("orgin = 'https://id.example.com'").contains("orgin"));
    assert!(refusal("[tls]\ncertificate = 'a'\nkey = 'b'\nkeys = 'c'").contains("keys"));
    assert!(refusal("[sessions]\nidel = '1h'").contains("idel"));
    assert!(refusal("[passkeys]\npost_quantom = true").contains("post_quantom"));
}

const SIX_NAMES: &str = "related_origins = ['https://a.example', 'https://b.example', 'https://c.example', \
                         'https://d.example', 'https://e.example', 'https://f.example']";

#[test]
fn a_wrong_value_names_its_key() {
    for (text, key) in [
        ("origin = 'http://id.example.com'", "`origin`"),
        ("rp_id = 'https://example.com'", "`rp_id`"),
        ("related_origins = ['https://a.example/']", "`related_origins`"),
        ("related_origins = ['http://localhost:1']", "`related_origins`"),
        (SIX_NAMES, "`related_origins`"),
        ("listen = '8080'", "`listen`"),
        ("database = 'mysql://localhost'", "`database`"),
        ("database = 'postgres://localhost/keyward'", "`key_file`"),
        ("trusted_proxies = ['10.0.0.0/99']", "`trusted_proxies`"),
        ("[passes]\nlength = 7", "`passes.length`"),
        ("[passes]\nlifetime = '5m'", "`passes.lifetime`"),
        ("[passes]\nlongest = '31d'", "`passes.longest`"),
        ("[sessions]\nidle = '2'", "`sessions.idle`"),
        ("[sessions]\nidle = '24h'", "`sessions.idle`"),
        ("[log]\nformat = 'xml'", "`log.format`"),
        ("[relay]\nenabled = true\ntunnels = 4097", "`relay.tunnels`"),
        ("[organisation]\nname = \"a\\nb\"", "`organisation.name`"),
    ] {
        assert!(refusal(text).contains(key), "{text}: {}", refusal(text));
    }
}

#[test]
fn a_relying_party_id_that_browsers_would_refuse_stops_the_start() {
    let wrong = "origin = 'https://id.example.com'\nrp_id = 'example.org'";
    assert!(matches!(from_text(wrong).unwrap().check(), Err(ConfigRefusal::RpId { .. })));
    from_text("origin = 'https://id.example.com'\nrp_id = 'example.com'").unwrap().check().unwrap();
}

#[test]
fn plain_http_is_for_loopback_and_configured_proxies() {
    let open = "origin = 'https://id.example.com'\nlisten = '0.0.0.0:8080'";
    assert!(matches!(from_text(open).unwrap().check(), Err(ConfigRefusal::PlainHttp(_))));
    from_text(&format!("{open}\ntrusted_proxies = ['10.0.0.1']")).unwrap().check().unwrap();
    from_text(&format!("{open}\n[tls]\ncertificate = 'c'\nkey = 'k'")).unwrap().check().unwrap();
    let mismatch = "origin = 'http://localhost:8080'\n[tls]\ncertificate = 'c'\nkey = 'k'";
    assert!(matches!(from_text(mismatch).unwrap().check(), Err(ConfigRefusal::TlsWithoutHttps(_))));
    let shared = "metrics_listen = '127.0.0.1:8080'";
    assert!(matches!(from_text(shared).unwrap().check(), Err(ConfigRefusal::SameListener)));
}

#[test]
fn flags_lie_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyward.toml");
    std::fs::write(&path, "listen = '127.0.0.1:1'\ndatabase = 'file.db'").unwrap();
    let mut flags = Overlay::default();
    flags.set("listen", Some("127.0.0.1:2"));
    flags.set("origin", None);
    let config = Config::load(Some(&path), &flags).unwrap();
    assert_eq!(config.listen, loopback(2));
    assert_eq!(config.database, Database::Sqlite("file.db".into()));
}

#[test]
fn the_key_file_lies_beside_the_sqlite_file() {
    assert_eq!(
        from_text("database = '/var/lib/k/id.db'").unwrap().key_file,
        PathBuf::from("/var/lib/k/id.db.key")
    );
}

#[test]
fn how_long_people_s_data_are_kept_is_configured() {
    let kept = from_text("[retention]\nsign_ins = \"90d\"\nevents = \"365d\"").unwrap().retention;
    assert_eq!((kept.sign_ins, kept.events), (Span::from_days(90), Span::from_days(365)));
    assert_eq!(from_text("").unwrap().retention, Retention::default());
    let short = refusal("[retention]\nsign_ins = \"29d\"");
    assert!(short.contains("retention.sign_ins") && short.contains("30d or more"), "{short}");
}
