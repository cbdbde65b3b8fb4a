use std::time::Duration;

use authenticator::Settings;
use authenticator::ctap2::Ctap2;
use tokio::time::timeout;

use super::*;
use crate::ambient;
use crate::vault_file::Unlock;
use crate::worker;

const PATIENCE: Duration = Duration::from_secs(20);

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// A served vault that approves by itself.
struct Served {
    _folder: tempfile::TempDir,
    vault: PathBuf,
    socket: PathBuf,
    attendants: Attendants,
}

impl Served {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (vault, socket) = (folder.path().join("vault"), folder.path().join("run/control"));
        let file = VaultFile::create(&vault, Unlock::Unattended, &mut ambient::entropy()).unwrap();
        let worker =
            worker::start(Ctap2::new(Settings::keyfob(), file, ambient::now()), crate::face::Unattended)
                .unwrap();
        let attendants = Attendants::default();
        tokio::spawn(serve(listen(&socket).unwrap(), worker, attendants.clone()));
        Self { _folder: folder, vault, socket, attendants }
    }
}

#[tokio::test]
async fn nobody_else_gets_at_the_socket() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyfob/control");
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::set_permissions(path.parent().unwrap(), Permissions::from_mode(0o755)).unwrap();
    let _listener = listen(&path).unwrap();
    assert_eq!((mode(path.parent().unwrap()), mode(&path)), (0o700, 0o600));
    // What an ended one left behind is in nobody's way.
    drop(_listener);
    listen(&path).unwrap();
}

#[tokio::test]
async fn a_serve_is_found_for_its_vault_alone() {
    let served = Served::start();
    assert!(Client::find(&served.socket, &served.vault).await.is_some());
    let other = served.vault.with_file_name("other");
    fs::write(&other, "").unwrap();
    assert!(Client::find(&served.socket, &other).await.is_none());
    assert!(Client::find(&served.vault, &served.vault).await.is_none(), "a file is no socket");
}

#[tokio::test]
async fn nonsense_ends_its_connection_and_nothing_else() {
    let served = Served::start();
    let long = vec![b'x'; usize::try_from(LONGEST_WISH).unwrap() + 10];
    for nonsense in [
        &b"\n"[..],
        b"{}\n",
        b"nonsense\n",
        b"{\"wish\":{\"do\":\"everything\"}}\n",
        b"{\"wish\":{\"do\":\"forget\",\"id\":\"AA\",\"more\":1}}\n",
        b"no end",
        &long,
    ] {
        let mut stream = UnixStream::connect(&served.socket).await.unwrap();
        let _ = stream.write_all(nonsense).await;
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.unwrap();
        assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    }
    assert!(Client::find(&served.socket, &served.vault).await.is_some());
}

#[tokio::test]
async fn wishes_that_make_no_sense_are_refused() {
    let served = Served::start();
    let client = Client::find(&served.socket, &served.vault).await.unwrap();
    for wish in [
        Wish::Forget { id: "AAAA".to_owned() },
        Wish::Forget { id: "not base64url!".to_owned() },
        Wish::Settle { name: "../../etc".to_owned() },
        Wish::Settle { name: "AAAA".to_owned() },
        Wish::Certified { rp_id: "example.org".to_owned(), chain: Vec::new() },
        Wish::Command { origin: String::new(), request: "!".to_owned() },
    ] {
        assert_eq!(client.wish(&wish).await, Err(KeeperError::Unknown), "{wish:?}");
    }
    assert_eq!(client.wish(&Wish::List).await, Ok(serde_json::json!([])));
}

fn shown() -> Shown {
    Shown { lines: vec!["Sign in?".to_owned()], accounts: Vec::new(), passphrase: false, reset: false }
}

#[tokio::test]
async fn who_attends_is_asked_and_the_last_to_come_first() {
    let served = Served::start();
    assert!(served.attendants.ask(shown()).await.is_none(), "nobody attends");
    let client = Client::find(&served.socket, &served.vault).await.unwrap();
    let _idle = served.attendants.here().unwrap();
    let mut attendance = client.attend().await.unwrap();
    // The server side joins when it has read the greeting; a wish behind it is answered after that.
    while served.attendants.count() < 2 {
        tokio::task::yield_now().await;
    }
    let attendants = served.attendants.clone();
    let asked = tokio::spawn(async move { attendants.ask(shown()).await });
    let Some(Coming::Question(number, question)) =
        timeout(PATIENCE, attendance.next()).await.unwrap().unwrap()
    else {
        panic!("nothing asked")
    };
    assert_eq!(question, shown());
    let no = |number| (number, Said { approved: true, account: 0, passphrase: None });
    let (other, said) = no(number + 1);
    attendance.answer(other, said).await.unwrap();
    assert!(!asked.is_finished(), "an answer to another question is none");
    let (own, said) = no(number);
    attendance.answer(own, said).await.unwrap();
    assert!(timeout(PATIENCE, asked).await.unwrap().unwrap().unwrap().approved);
}

#[tokio::test]
async fn a_question_that_is_dropped_is_withdrawn() {
    let attendants = Attendants::default();
    let mut attendance = attendants.here().unwrap();
    let asked = tokio::spawn({
        let attendants = attendants.clone();
        async move { attendants.ask(shown()).await }
    });
    assert!(matches!(attendance.next().await.unwrap(), Some(Coming::Question(1, _))));
    asked.abort();
    assert_eq!(timeout(PATIENCE, attendance.next()).await.unwrap().unwrap(), Some(Coming::Withdrawn(1)));
    drop(attendance);
    assert!(timeout(PATIENCE, attendants.ask(shown())).await.unwrap().is_none(), "who went is not asked");
}
