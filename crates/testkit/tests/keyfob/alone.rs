//! `keyfob add` and what comes after it, whole: a real vault, a real server, no computer beside.

use account::attested_device::SOFTWARE;
use account::policy::{AttestationDemand, Audience, Kinds, ModelRule, Profile};
use authenticator::ctap2::Ctap2;
use authenticator::{MemoryVault, Settings};
use keyfob::ambient;
use keyfob::errand::unfinished::{Ended, Unfinished, resume};
use keyfob::errand::{Created, Enrolment, ErrandError};
use keyfob::face::Unattended;
use keyfob::holder::{About, Holder};
use keyfob::io::hid::socket::Socket;
use keyfob::io::hid::token::Key;
use keyfob::keeper::{Certificate, Keeper, KeeperError};
use keyfob::manage::{self, Action, Done};
use keyfob::server::{Origin, Server};
use keyfob::vault_file::{Unlock, VaultFile};
use keyfob::worker;
use service::attest_devices;
use tempfile::TempDir;
use testkit::deployment::Variation;
use testkit::listening::Listening;

use super::people::{ANA, PACE, Person};

/// A vault on a disk, which approves by itself.
struct Vault {
    _folder: TempDir,
    holder: Holder,
}

impl Vault {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault");
        let file = VaultFile::create(&path, Unlock::Unattended, &mut ambient::entropy()).unwrap();
        let ctap2 = Ctap2::new(Settings::keyfob(), file, ambient::now());
        Self { holder: Holder::Here(worker::start(ctap2, Unattended).unwrap()), _folder: folder }
    }

    async fn ids(&self) -> Vec<String> {
        self.holder.passkeys().await.unwrap().into_iter().map(|passkey| passkey.id).collect()
    }
}

fn server(listening: &Listening) -> Server {
    Server::new(Origin::parse(listening.origin()).unwrap(), None, "en").unwrap()
}

async fn add<K: Keeper>(listening: &Listening, keeper: &mut K, pass: String) -> Result<Created, ErrandError> {
    let mut person = Person { login: Some(ANA.to_owned()), passes: vec![pass], ..Person::default() };
    let server = server(listening);
    let enrolment =
        Enrolment { server, keeper, talk: &mut person, pace: PACE, name: None, ca: None, key: None };
    enrolment.run_alone().await
}

async fn pass(listening: &Listening) -> String {
    listening.app.starter(ANA).await.1.reveal().to_owned()
}

#[tokio::test]
async fn with_a_pass_alone_the_passkey_is_made_and_known_here_and_there() {
    let listening = Listening::start(Variation::default()).await;
    let (mut vault, pass) = (Vault::new(), pass(&listening).await);
    let created = add(&listening, &mut vault.holder, pass).await.unwrap();
    assert_eq!((created.account.as_str(), created.followed), (ANA, false));
    let passkeys = vault.holder.passkeys().await.unwrap();
    assert_eq!(passkeys.len(), 1);
    assert_eq!((passkeys[0].site.as_str(), passkeys[0].account.as_str()), ("localhost", ANA));
    assert_eq!(passkeys[0].about.server.as_deref(), Some(listening.origin()));
    assert_eq!(passkeys[0].last_used, None);
    assert!(vault.holder.unfinished().await.unwrap().is_empty());

    let id = passkeys[0].id.clone();
    let listed = manage::act(&mut server(&listening), &mut vault.holder, &id, Action::List).await.unwrap();
    let Done::Answer(answer) = listed else { panic!("gone") };
    assert_eq!(manage::known(&answer).unwrap()[0].credential, id);
    let renamed = Action::Rename("Ana's laptop");
    let done = manage::act(&mut server(&listening), &mut vault.holder, &id, renamed).await.unwrap();
    assert!(matches!(done, Done::Answer(answer) if answer["name"] == "Ana's laptop"));
    let used = vault.holder.passkeys().await.unwrap()[0].last_used.clone();
    assert!(used.is_some(), "it was used to say so");
}

#[tokio::test]
async fn the_last_way_to_sign_in_stays_here_and_there() {
    let listening = Listening::start(Variation::default()).await;
    let (mut vault, pass) = (Vault::new(), pass(&listening).await);
    add(&listening, &mut vault.holder, pass).await.unwrap();
    let id = vault.ids().await.remove(0);
    let refused = manage::remove(&mut server(&listening), &mut vault.holder, &id).await.unwrap_err();
    assert!(["last_method", "passkey_required"].contains(&refused.code()), "{}", refused.code());
    assert_eq!(vault.ids().await, [id]);
}

/// Adds a passkey to a vault by one that another vault has, which is reached as a security key.
async fn by_key(
    listening: &Listening,
    elsewhere: &Vault,
    vault: &mut Vault,
) -> (Result<Created, ErrandError>, Vec<String>) {
    let Holder::Here(worker) = elsewhere.holder.clone() else { panic!("not here") };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let socket = Socket::bind(&path).unwrap();
    let serving = tokio::spawn(async move { socket.serve(&worker).await });
    let mut person = Person::default();
    let enrolment = Enrolment {
        server: server(listening),
        keeper: &mut vault.holder,
        talk: &mut person,
        pace: PACE,
        name: None,
        ca: None,
        key: Some(Key::at(path)),
    };
    let created = enrolment.run_alone().await;
    serving.abort();
    (created, person.heard)
}

/// Two passkeys of one account, each in a vault of its own.
async fn two(listening: &Listening) -> (Vault, Vault) {
    let (mut first, mut second) = (Vault::new(), Vault::new());
    let pass = pass(listening).await;
    add(listening, &mut first.holder, pass).await.unwrap();
    by_key(listening, &first, &mut second).await.0.unwrap();
    (first, second)
}

#[tokio::test]
async fn a_removed_passkey_is_gone_here_and_there() {
    let listening = Listening::start(Variation::default()).await;
    let (mut first, mut second) = two(&listening).await;
    let (gone, kept) = (first.ids().await.remove(0), second.ids().await.remove(0));
    manage::remove(&mut server(&listening), &mut first.holder, &gone).await.unwrap();
    assert!(first.ids().await.is_empty());
    let listed = manage::act(&mut server(&listening), &mut second.holder, &kept, Action::List).await.unwrap();
    let Done::Answer(answer) = listed else { panic!("gone") };
    let known = manage::known(&answer).unwrap();
    assert_eq!(known.iter().map(|known| known.credential.as_str()).collect::<Vec<_>>(), [kept]);
}

#[tokio::test]
async fn a_removal_whose_answer_was_lost_is_finished_by_the_next_try() {
    let listening = Listening::start(Variation::default()).await;
    let (mut first, _second) = two(&listening).await;
    let id = first.ids().await.remove(0);
    listening.lose(1);
    let lost = manage::remove(&mut server(&listening), &mut first.holder, &id).await.unwrap_err();
    assert_eq!(lost.code(), "server_unreachable");
    assert_eq!(first.ids().await, std::slice::from_ref(&id), "here it is kept until the server has said so");
    let done = manage::remove(&mut server(&listening), &mut first.holder, &id).await.unwrap();
    assert_eq!(done, Done::Gone);
    assert!(first.ids().await.is_empty());
}

/// A program that is killed when the passkey has just been made.
struct Killed<'a>(&'a mut Holder);

impl Keeper for Killed<'_> {
    async fn command(&mut self, origin: &Origin, request: Vec<u8>) -> Result<Vec<u8>, KeeperError> {
        self.0.command(origin, request).await?;
        Err(KeeperError::Gone)
    }
    async fn forget(&mut self, _id: &str) -> Result<(), KeeperError> {
        Err(KeeperError::Gone)
    }
    async fn know(&mut self, _id: &str, _about: About) -> Result<(), KeeperError> {
        Err(KeeperError::Gone)
    }
    async fn note(&mut self, unfinished: &Unfinished) -> Result<(), KeeperError> {
        self.0.note(unfinished).await
    }
    async fn settle(&mut self, _name: &str) -> Result<(), KeeperError> {
        Err(KeeperError::Gone)
    }
    async fn unfinished(&mut self) -> Result<Vec<Unfinished>, KeeperError> {
        Err(KeeperError::Gone)
    }
    async fn orphans(&mut self, _unfinished: &Unfinished) -> Result<Vec<String>, KeeperError> {
        Err(KeeperError::Gone)
    }
    async fn certificate_key(&mut self, rp_id: &str, challenge: &str) -> Result<Certificate, KeeperError> {
        self.0.certificate_key(rp_id, challenge).await
    }
    async fn certified(&mut self, rp_id: &str, chain: Vec<String>) -> Result<(), KeeperError> {
        self.0.certified(rp_id, chain).await
    }
}

#[tokio::test]
async fn a_passkey_that_was_never_handed_in_does_not_stay() {
    let listening = Listening::start(Variation::default()).await;
    let (mut vault, pass) = (Vault::new(), pass(&listening).await);
    add(&listening, &mut Killed(&mut vault.holder), pass.clone()).await.unwrap_err();
    assert_eq!(vault.ids().await.len(), 1, "half of a passkey");
    let now = ambient::now().secs();
    assert_eq!(
        resume(&mut vault.holder, "en", now, false).await.unwrap(),
        [],
        "another command may be at it"
    );
    assert_eq!(vault.ids().await.len(), 1);
    let resumed = resume(&mut vault.holder, "en", now, true).await.unwrap();
    assert_eq!(resumed.iter().map(|resumed| &resumed.ended).collect::<Vec<_>>(), [&Ended::NeverHandedIn]);
    assert!(vault.ids().await.is_empty() && vault.holder.unfinished().await.unwrap().is_empty());
    assert_eq!(resume(&mut vault.holder, "en", now, true).await.unwrap(), []);
    add(&listening, &mut vault.holder, pass).await.unwrap();
    assert_eq!(resume(&mut vault.holder, "en", now, true).await.unwrap(), []);
    assert_eq!(vault.ids().await.len(), 1, "what is whole stays");
}

fn demand_attestation(listening: &Listening) {
    let profile = Profile {
        name: "attested".to_owned(),
        audience: Audience::everybody(),
        kinds: Kinds { backed_up: true, device_bound: true },
        attestation: AttestationDemand::Required,
        models: ModelRule { allow: vec![SOFTWARE], ..ModelRule::default() },
        algorithms: Vec::new(),
    };
    let cx = &listening.app.test.cx;
    cx.change_settings(|settings| settings.policy.passkeys.terms.profiles = vec![profile]);
}

#[tokio::test]
async fn where_attestation_is_enforced_the_organisations_own_certificate_will_do() {
    let listening = Listening::start(Variation::default()).await;
    let test = &listening.app.test;
    attest_devices::make(&test.cx, &mut test.operator()).await.unwrap();
    demand_attestation(&listening);
    let (mut vault, pass) = (Vault::new(), pass(&listening).await);
    let created = add(&listening, &mut vault.holder, pass).await.unwrap();
    assert!(created.name.contains("Keyfob"), "{}", created.name);
}

#[tokio::test]
async fn without_the_organisations_authority_it_is_refused_and_nothing_is_left() {
    let listening = Listening::start(Variation::default()).await;
    demand_attestation(&listening);
    let (mut vault, pass) = (Vault::new(), pass(&listening).await);
    add(&listening, &mut vault.holder, pass).await.unwrap_err();
    assert!(vault.ids().await.is_empty() && vault.holder.unfinished().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_passkey_elsewhere_signs_in_for_a_new_one() {
    let listening = Listening::start(Variation::default()).await;
    let (mut elsewhere, pass) = (Vault::new(), pass(&listening).await);
    add(&listening, &mut elsewhere.holder, pass).await.unwrap();
    let mut vault = Vault::new();
    let (created, heard) = by_key(&listening, &elsewhere, &mut vault).await;
    assert_eq!((created.unwrap().account.as_str(), vault.ids().await.len()), (ANA, 1));
    assert_eq!(
        heard.iter().filter(|heard| *heard == "Touch").count(),
        2,
        "signed in, and confirmed: {heard:?}"
    );
}

#[tokio::test]
async fn a_key_without_a_passkey_for_the_server_signs_nobody_in() {
    let listening = Listening::start(Variation::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let socket = Socket::bind(&path).unwrap();
    let ctap2 = Ctap2::new(Settings::keyfob(), MemoryVault::default(), ambient::now());
    let worker = worker::start(ctap2, Unattended).unwrap();
    let serving = tokio::spawn(async move { socket.serve(&worker).await });
    for (key, code) in [(path, "key_refused"), (folder.path().join("nothing"), "key_refused")] {
        let (mut vault, mut person) = (Vault::new(), Person::default());
        let enrolment = Enrolment {
            server: server(&listening),
            keeper: &mut vault.holder,
            talk: &mut person,
            pace: PACE,
            name: None,
            ca: None,
            key: Some(Key::at(key)),
        };
        assert_eq!(enrolment.run_alone().await.unwrap_err().code(), code);
        assert!(vault.ids().await.is_empty());
    }
    serving.abort();
}
