use super::*;

fn settings(listen: &str) -> Settings {
    Settings {
        listen: listen.parse().unwrap(),
        metrics: None,
        tls: None,
        behind_proxy: false,
        limits: Limits::default(),
    }
}

#[tokio::test]
async fn without_tls_nobody_else_is_listened_to() {
    assert_eq!(bind(settings("0.0.0.0:0")).await.err(), Some(RelayFailure::Plain));
    assert!(bind(settings("127.0.0.1:0")).await.is_ok());
    assert!(bind(Settings { behind_proxy: true, ..settings("0.0.0.0:0") }).await.is_ok());
    assert!(RelayFailure::Plain.to_string().contains("--behind-proxy"));
}

#[tokio::test]
async fn what_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("nothing.pem");
    let tls = Some((missing.clone(), missing));
    let failure = bind(Settings { tls, ..settings("127.0.0.1:0") }).await.err();
    assert!(failure.is_some_and(|failure| failure.to_string().contains("nothing.pem")));
    let taken = bind(settings("127.0.0.1:0")).await.unwrap_or_else(|failure| panic!("{failure}"));
    let address = taken.address().unwrap();
    let again = bind(settings(&address.to_string())).await.err();
    assert!(matches!(again, Some(RelayFailure::Listen(there, _)) if there == address));
}
