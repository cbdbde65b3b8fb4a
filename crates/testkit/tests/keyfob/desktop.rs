//! The desktop's services, stood in for on a bus of the test's own: polkit, fprintd and notices.

use std::collections::HashMap;
use std::time::Duration;

use keyfob::doctor::{Around, State, examine};
use keyfob::face::desktop::{self, Desktop};
use keyfob::face::verify::Outcome;
use keyfob::io::bluetooth::Bluetooth;
use keyfob::text::Text;
use primitives::time::Timestamp;
use testkit::bluez::PrivateBus;
use tokio::sync::mpsc;
use tokio::time::timeout;
use zbus::object_server::SignalEmitter;
use zbus::{Connection, OwnedObjectPath, OwnedVariant, fdo, interface};

const PATIENCE: Duration = Duration::from_secs(20);

/// polkit, which says that; what it was asked comes out of the other end.
struct Polkit {
    says: (bool, bool),
    asked: mpsc::UnboundedSender<(String, u32)>,
}

#[interface(name = "org.freedesktop.PolicyKit1.Authority")]
impl Polkit {
    fn check_authorization(
        &self,
        subject: (String, HashMap<String, OwnedVariant>),
        action: String,
        _details: HashMap<String, String>,
        flags: u32,
        _cancellation: String,
    ) -> (bool, bool, HashMap<String, String>) {
        assert_eq!(subject.0, "system-bus-name");
        self.asked.send((action, flags)).unwrap();
        (self.says.0, self.says.1, HashMap::new())
    }
}

async fn serve_polkit(
    bus: &PrivateBus,
    says: (bool, bool),
) -> (Connection, mpsc::UnboundedReceiver<(String, u32)>) {
    let (asked, heard) = mpsc::unbounded_channel();
    let connection = bus.connect().await.unwrap();
    let path = "/org/freedesktop/PolicyKit1/Authority";
    connection.object_server().at(path, Polkit { says, asked }).await.unwrap();
    connection.request_name("org.freedesktop.PolicyKit1").await.unwrap();
    (connection, heard)
}

#[tokio::test]
async fn polkit_knows_the_person_or_does_not() {
    for (says, outcome) in [
        ((true, false), Outcome::Verified),
        ((true, true), Outcome::Verified),
        ((false, false), Outcome::Wrong),
        ((false, true), Outcome::Unable),
    ] {
        let bus = PrivateBus::start().await.unwrap();
        let (_served, mut heard) = serve_polkit(&bus, says).await;
        assert_eq!(desktop::polkit(&bus.connect().await.unwrap()).await, outcome, "{says:?}");
        assert_eq!(heard.recv().await, Some(("org.keyfob.approve".to_owned(), 1)), "and may ask the person");
    }
    let bus = PrivateBus::start().await.unwrap();
    assert_eq!(desktop::polkit(&bus.connect().await.unwrap()).await, Outcome::Unable, "nobody there");
}

struct Manager;

#[interface(name = "net.reactivated.Fprint.Manager")]
impl Manager {
    fn get_default_device(&self) -> OwnedObjectPath {
        OwnedObjectPath::try_from("/net/reactivated/Fprint/Device/0").unwrap()
    }
}

/// A reader; once asked, it says these.
struct Reader {
    says: &'static [(&'static str, bool)],
    released: mpsc::UnboundedSender<&'static str>,
}

#[interface(name = "net.reactivated.Fprint.Device")]
impl Reader {
    fn list_enrolled_fingers(&self, _user: String) -> Vec<String> {
        vec!["right-index-finger".to_owned()]
    }
    fn claim(&self, _user: String) {}
    async fn verify_start(
        &self,
        finger: String,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> fdo::Result<()> {
        assert_eq!(finger, "any");
        for (result, done) in self.says {
            Self::verify_status(&emitter, result, *done).await?;
        }
        Ok(())
    }
    fn verify_stop(&self) {
        self.released.send("stopped").unwrap();
    }
    fn release(&self) {
        self.released.send("released").unwrap();
    }
    #[zbus(signal)]
    async fn verify_status(emitter: &SignalEmitter<'_>, result: &str, done: bool) -> zbus::Result<()>;
}

async fn serve_reader(
    bus: &PrivateBus,
    says: &'static [(&'static str, bool)],
) -> (Connection, mpsc::UnboundedReceiver<&'static str>) {
    let (released, heard) = mpsc::unbounded_channel();
    let connection = bus.connect().await.unwrap();
    let server = connection.object_server();
    server.at("/net/reactivated/Fprint/Manager", Manager).await.unwrap();
    server.at("/net/reactivated/Fprint/Device/0", Reader { says, released }).await.unwrap();
    connection.request_name("net.reactivated.Fprint").await.unwrap();
    (connection, heard)
}

#[tokio::test]
async fn a_finger_is_known_or_not_and_the_reader_is_given_back() {
    for (says, outcome) in [
        (&[("verify-match", true)][..], Outcome::Verified),
        (&[("verify-retry-scan", false), ("verify-match", true)], Outcome::Verified),
        (&[("verify-no-match", true)], Outcome::Wrong),
        (&[("verify-disconnected", true)], Outcome::Unable),
        (&[("verify-unknown-error", true)], Outcome::Unable),
    ] {
        let bus = PrivateBus::start().await.unwrap();
        let (_served, mut heard) = serve_reader(&bus, says).await;
        let system = bus.connect().await.unwrap();
        assert_eq!(timeout(PATIENCE, desktop::finger(&system)).await.unwrap(), outcome, "{says:?}");
        assert_eq!((heard.recv().await, heard.recv().await), (Some("stopped"), Some("released")));
    }
    let bus = PrivateBus::start().await.unwrap();
    assert_eq!(desktop::finger(&bus.connect().await.unwrap()).await, Outcome::Unable, "no reader");
}

/// Shows notices; what is shown comes out of the other end, and that button is pressed at once.
struct Notices {
    press: Option<&'static str>,
    shown: mpsc::UnboundedSender<(String, Vec<String>)>,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Notices {
    #[expect(clippy::too_many_arguments, reason = "the interface of the Desktop Notifications Specification")]
    async fn notify(
        &self,
        _program: String,
        _replaces: u32,
        _icon: String,
        _title: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedVariant>,
        _expires: i32,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> fdo::Result<u32> {
        self.shown.send((body, actions)).unwrap();
        // Somebody else's notice comes first.
        Self::action_invoked(&emitter, 6, "account-0").await?;
        match self.press {
            Some(key) => Self::action_invoked(&emitter, 7, key).await?,
            None => Self::notification_closed(&emitter, 7, 2).await?,
        }
        Ok(7)
    }
    fn close_notification(&self, _number: u32) {}
    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, number: u32, key: &str) -> zbus::Result<()>;
    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, number: u32, reason: u32) -> zbus::Result<()>;
}

#[tokio::test]
async fn a_notice_shows_the_question_and_its_button_is_the_answer() {
    for (press, answer) in [
        (Some("account-0"), Some(0)),
        (Some("account-1"), Some(1)),
        (Some("refuse"), None),
        (Some("default"), None),
        (None, None),
    ] {
        let bus = PrivateBus::start().await.unwrap();
        let (shown, mut heard) = mpsc::unbounded_channel();
        let service = bus.connect().await.unwrap();
        let notices = Notices { press, shown };
        service.object_server().at("/org/freedesktop/Notifications", notices).await.unwrap();
        service.request_name("org.freedesktop.Notifications").await.unwrap();
        let mut desktop = Desktop::on(bus.connect().await.unwrap());
        let lines = ["Sign in to <b>bank</b>?".to_owned()];
        let accounts = ["ana".to_owned(), "bob".to_owned()];
        let said = timeout(PATIENCE, desktop.ask(Text::English, &lines, &accounts)).await.unwrap();
        assert_eq!(said, answer, "{press:?}");
        let (body, actions) = heard.recv().await.unwrap();
        assert_eq!(body, "Sign in to &lt;b&gt;bank&lt;/b&gt;?");
        assert_eq!(actions, ["account-0", "ana", "account-1", "bob", "refuse", "Refuse"]);
    }
    let bus = PrivateBus::start().await.unwrap();
    let mut desktop = Desktop::on(bus.connect().await.unwrap());
    assert_eq!(desktop.ask(Text::English, &[], &[]).await, None, "who cannot be asked has not approved");
}

async fn codes(around: &Around) -> Vec<(&'static str, State)> {
    examine(around, false).await.iter().map(|finding| (finding.code, finding.state)).collect()
}

#[tokio::test]
async fn doctor_finds_what_answers_on_the_buses() {
    let bus = PrivateBus::start().await.unwrap();
    let (_polkit, _asked) = serve_polkit(&bus, (true, false)).await;
    let (_reader, _released) = serve_reader(&bus, &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let mut around = Around {
        root: folder.path().to_owned(),
        vault: folder.path().join("vault"),
        serving: false,
        system: Some(bus.connect().await.unwrap()),
        session: Some(bus.connect().await.unwrap()),
        bluetooth: Bluetooth::on(bus.address()),
        path: None,
        now: Timestamp::from_secs(1_800_000_000),
        superuser: false,
        servers: Vec::new(),
    };
    let found = codes(&around).await;
    for code in [("doctor-finger-good", State::Good), ("doctor-polkit-policy", State::Optional)] {
        assert!(found.contains(&code), "{code:?}: {found:?}");
    }
    let policy = folder.path().join("usr/share/polkit-1/actions");
    std::fs::create_dir_all(&policy).unwrap();
    std::fs::write(policy.join("org.keyfob.policy"), "").unwrap();
    assert!(codes(&around).await.contains(&("doctor-polkit-good", State::Good)));
    around.system = None;
    assert!(codes(&around).await.contains(&("doctor-polkit-missing", State::Optional)));
}

#[tokio::test]
async fn doctor_looks_at_a_server_its_clock_and_its_tunnel_service() {
    use keyfob::server::Origin;
    use testkit::deployment::Variation;
    use testkit::listening::Listening;

    let listening = Listening::start(Variation::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let mut around = Around {
        root: folder.path().to_owned(),
        vault: folder.path().join("vault"),
        serving: false,
        system: None,
        session: None,
        bluetooth: Bluetooth::on("unix:path=/nonexistent"),
        path: None,
        now: keyfob::ambient::now(),
        superuser: false,
        servers: vec![(Origin::parse(listening.origin()).unwrap(), None)],
    };
    let found = codes(&around).await;
    for code in [
        ("doctor-server-good", State::Good),
        ("doctor-server-clock-good", State::Good),
        ("doctor-relay-none", State::Optional),
    ] {
        assert!(found.contains(&code), "{code:?}: {found:?}");
    }
    around.now = Timestamp::from_secs(around.now.secs() + 3600);
    let found = codes(&around).await;
    assert!(found.contains(&("doctor-server-clock", State::Bad)), "{found:?}");
}
