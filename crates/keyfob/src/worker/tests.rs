use authenticator::{MemoryVault, Settings};
use fido::ctap::Status;
use primitives::entropy::SystemEntropy;

use super::*;

const GET_INFO: u8 = 0x04;
const GET_NEXT_ASSERTION: u8 = 0x08;
/// authenticatorSelection, which asks the person and nothing else.
const SELECTION: u8 = 0x0b;

/// A person who says what the test says, when it says so.
struct Puppet {
    answers: mpsc::UnboundedReceiver<Answer>,
    withdrawn: mpsc::UnboundedSender<()>,
}

impl Face for Puppet {
    async fn ask(&mut self, _question: &Question, _via: &Via) -> Answer {
        match self.answers.recv().await {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }

    fn withdraw(&mut self) {
        let _ = self.withdrawn.send(());
    }
}

type TestBench = Bench<MemoryVault, Puppet, fn() -> Timestamp, SystemEntropy>;

fn bench() -> (TestBench, mpsc::UnboundedSender<Answer>, mpsc::UnboundedReceiver<()>) {
    let (answers, said) = mpsc::unbounded_channel();
    let (withdrawing, withdrawn) = mpsc::unbounded_channel();
    let now: fn() -> Timestamp = || Timestamp::from_secs(1_790_000_000);
    let bench = Bench {
        ctap2: Ctap2::new(Settings::keyfob(), MemoryVault::default(), now()),
        face: Puppet { answers: said, withdrawn: withdrawing },
        now,
        entropy: SystemEntropy,
        last: None,
    };
    (bench, answers, withdrawn)
}

/// authenticatorMakeCredential: a discoverable ES256 passkey of the site `a.b`, the person verified.
fn creation(user: u8) -> Vec<u8> {
    let mut request = vec![0x01, 0xa5, 0x01, 0x58, 32];
    request.extend([7; 32]);
    request.extend(b"\x02\xa1\x62id\x63a.b\x03\xa2\x62id\x41");
    request.push(user);
    request.extend(b"\x64name\x61x\x04\x81\xa2\x63alg\x26\x64type\x6apublic-key\x07\xa2\x62rk\xf5\x62uv\xf5");
    request
}

/// authenticatorGetAssertion for the site `a.b`, without the person.
fn silent_assertion() -> Vec<u8> {
    let mut request = b"\x02\xa3\x01\x63a.b\x02\x58\x20".to_vec();
    request.extend([7; 32]);
    request.extend(b"\x05\xa1\x62up\xf4");
    request
}

struct Scene {
    worker: Worker<MemoryVault>,
    answers: mpsc::UnboundedSender<Answer>,
    withdrawn: mpsc::UnboundedReceiver<()>,
}

impl Scene {
    /// A worker in the test's own runtime, so that its time is the test's.
    fn new() -> Self {
        let (worker, jobs) = pair();
        let (bench, answers, withdrawn) = bench();
        tokio::spawn(bench.work(jobs));
        Self { worker, answers, withdrawn }
    }

    /// What comes of a request to which the person says yes.
    async fn approved(&self, program: Program, request: &[u8]) -> Vec<u8> {
        let mut reply = self.worker.handle_for(Via::SecurityKey, program, request.to_vec());
        loop {
            match reply.next().await {
                Progress::KeepAlive(Waiting::ForPerson) => self.answers.send(YES).unwrap(),
                Progress::KeepAlive(Waiting::Processing) => {}
                Progress::Done(reply) => break reply,
            }
        }
    }

    /// Two passkeys of one site, of which the program has had one assertion, and one more to come.
    async fn one_of_two(&self, program: Program) {
        for user in [1, 2] {
            assert_eq!(self.approved(program, &creation(user)).await.first(), Some(&0));
        }
        assert_eq!(self.approved(program, &silent_assertion()).await.first(), Some(&0));
    }

    fn ask(&self, command: u8) -> Reply {
        self.worker.handle(Via::SecurityKey, vec![command])
    }

    /// A request that is before the person.
    async fn before_the_person(&self) -> Reply {
        let mut reply = self.ask(SELECTION);
        while reply.next().await != Progress::KeepAlive(Waiting::ForPerson) {}
        reply
    }
}

const YES: Answer = Answer::Approved { verified: true, account: 0 };

#[tokio::test(start_paused = true)]
async fn what_needs_nobody_is_answered_at_once() {
    let scene = Scene::new();
    let info = scene.ask(GET_INFO).done().await;
    assert_eq!(info.first(), Some(&0));
    assert!(info.len() > 1);
}

#[tokio::test(start_paused = true)]
async fn credential_management_has_the_number_of_its_draft_too() {
    let scene = Scene::new();
    // getCredsMetadata without a token, and a byte that is nothing's number.
    for (command, status) in
        [(0x0a, Status::PuatRequired), (0x41, Status::PuatRequired), (0x42, Status::InvalidCommand)]
    {
        let reply = scene.worker.handle(Via::SecurityKey, vec![command, 0xa1, 0x01, 0x01]).done().await;
        assert_eq!(reply, [status.byte()], "{command:#04x}");
    }
    let other = scene.worker.handle(Via::OtherDevice, vec![0x41, 0xa1, 0x01, 0x01]).done().await;
    assert_eq!(other, [Status::InvalidCommand.byte()], "as over USB only");
}

#[tokio::test(start_paused = true)]
async fn while_the_person_thinks_whoever_waits_hears_so() {
    let scene = Scene::new();
    let mut reply = scene.before_the_person().await;
    assert_eq!(reply.next().await, Progress::KeepAlive(Waiting::ForPerson));
    scene.answers.send(YES).unwrap();
    assert_eq!(reply.next().await, Progress::Done(vec![0]));
}

#[tokio::test(start_paused = true)]
async fn keepalives_come_every_tenth_of_a_second() {
    let scene = Scene::new();
    let mut reply = scene.before_the_person().await;
    let before = Instant::now();
    for _ in 0..10 {
        reply.next().await;
    }
    assert_eq!(before.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_hears_at_once_that_the_person_is_asked_and_has_answered() {
    let scene = Scene::new();
    let before = Instant::now();
    let mut reply = scene.ask(SELECTION);
    assert_eq!(reply.next().await, Progress::KeepAlive(Waiting::ForPerson));
    assert_eq!(before.elapsed(), Duration::ZERO);
    assert_eq!(reply.next().await, Progress::KeepAlive(Waiting::ForPerson));
    assert_eq!(before.elapsed(), KEEP_ALIVE, "and from then on every tenth of a second");
}

#[tokio::test(start_paused = true)]
async fn an_answer_and_a_cancel_at_once_come_to_one_of_the_two() {
    let mut scene = Scene::new();
    // The person was quicker by a moment, and nobody has noticed yet: what is cancelled has not been done.
    let mut reply = scene.before_the_person().await;
    scene.answers.send(YES).unwrap();
    reply.cancel();
    assert_eq!(reply.done().await, [Status::KeepaliveCancel.byte()]);
    assert_eq!(scene.withdrawn.recv().await, Some(()));
    // The reply was there before: it is given, and cancelling it again changes nothing.
    let mut reply = scene.ask(GET_INFO);
    scene.ask(GET_INFO).done().await;
    reply.cancel();
    reply.cancel();
    assert_eq!(reply.done().await.first(), Some(&0));
}

#[tokio::test]
async fn who_cancels_as_their_turn_comes_is_told_so() {
    let (worker, mut jobs) = pair::<MemoryVault>();
    let (mut bench, _answers, _withdrawn) = bench();
    let mut reply = worker.handle(Via::SecurityKey, vec![SELECTION]);
    let Some(Job::Request(errand)) = jobs.recv().await else { panic!("a request") };
    // The worker has taken it up, and has not looked yet whether it is still wanted.
    errand.stage.send_replace(Stage::AtIt);
    reply.cancel();
    bench.take(errand).await;
    assert_eq!(reply.done().await, [CANCELLED]);
}

#[tokio::test(start_paused = true)]
async fn nobody_answers_for_half_a_minute() {
    let mut scene = Scene::new();
    let before = Instant::now();
    let reply = scene.ask(SELECTION).done().await;
    assert_eq!(reply, [Status::UserActionTimeout.byte()]);
    assert_eq!(before.elapsed(), TIME_TO_ANSWER);
    assert_eq!(scene.withdrawn.recv().await, Some(()), "the question is taken away");
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_request_says_so_and_takes_its_question_away() {
    let mut scene = Scene::new();
    let mut reply = scene.before_the_person().await;
    reply.cancel();
    assert_eq!(reply.done().await, [Status::KeepaliveCancel.byte()]);
    assert_eq!(scene.withdrawn.recv().await, Some(()));
    assert_eq!(scene.ask(GET_INFO).done().await.first(), Some(&0), "and the next one is served");
}

#[tokio::test(start_paused = true)]
async fn who_goes_away_leaves_no_question_behind() {
    let mut scene = Scene::new();
    drop(scene.before_the_person().await);
    assert_eq!(scene.withdrawn.recv().await, Some(()));
    assert_eq!(scene.ask(GET_INFO).done().await.first(), Some(&0));
}

#[tokio::test(start_paused = true)]
async fn one_at_a_time() {
    let scene = Scene::new();
    let first = scene.before_the_person().await;
    let mut second = scene.ask(GET_INFO);
    assert_eq!(second.next().await, Progress::KeepAlive(Waiting::Processing));
    scene.answers.send(YES).unwrap();
    assert_eq!(first.done().await, [0]);
    assert_eq!(second.done().await.first(), Some(&0));
}

#[tokio::test(start_paused = true)]
async fn who_cancels_before_their_turn_is_told_at_once_and_never_gets_it() {
    let mut scene = Scene::new();
    let first = scene.before_the_person().await;
    let mut second = scene.ask(SELECTION);
    second.cancel();
    assert_eq!(second.done().await, [Status::KeepaliveCancel.byte()]);
    scene.answers.send(YES).unwrap();
    assert_eq!(first.done().await, [0]);
    assert_eq!(scene.ask(GET_INFO).done().await.first(), Some(&0));
    assert!(scene.withdrawn.try_recv().is_err(), "no question was asked for it");
}

#[tokio::test(start_paused = true)]
async fn too_many_are_turned_away() {
    let scene = Scene::new();
    let _first = scene.before_the_person().await;
    let _waiting: Vec<Reply> = (0..MOST_WAITING).map(|_| scene.ask(GET_INFO)).collect();
    assert_eq!(scene.ask(GET_INFO).done().await, [BUSY]);
}

#[tokio::test(start_paused = true)]
async fn who_has_begun_goes_on() {
    let scene = Scene::new();
    let mine = Program { connection: 1, channel: 1 };
    scene.one_of_two(mine).await;
    assert_eq!(scene.approved(mine, &[GET_NEXT_ASSERTION]).await.first(), Some(&0));
}

#[tokio::test(start_paused = true)]
async fn nobody_goes_on_with_what_another_way_began() {
    let scene = Scene::new();
    scene.one_of_two(Program::default()).await;
    let next = scene.worker.handle(Via::OtherDevice, vec![GET_NEXT_ASSERTION]);
    assert_eq!(next.done().await, [Status::NotAllowed.byte()]);
}

#[tokio::test(start_paused = true)]
async fn nobody_goes_on_with_what_another_program_began() {
    let scene = Scene::new();
    let mine = Program { connection: scene.worker.connection(), channel: 1 };
    let channel = Program { channel: 2, ..mine };
    let connection = Program { connection: scene.worker.connection(), ..mine };
    for other in [channel, connection] {
        assert_ne!(mine, other);
        scene.one_of_two(mine).await;
        assert_eq!(scene.approved(other, &[GET_NEXT_ASSERTION]).await, [Status::NotAllowed.byte()]);
        assert_eq!(
            scene.approved(mine, &[GET_NEXT_ASSERTION]).await,
            [Status::NotAllowed.byte()],
            "it is over"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_vault_is_looked_at_between_requests() {
    let scene = Scene::new();
    assert_eq!(scene.worker.with_vault(|vault| vault.all().len()).await, Some(0));
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_is_gone_is_an_error_and_no_hang() {
    let (worker, jobs) = pair::<MemoryVault>();
    drop(jobs);
    assert_eq!(worker.handle(Via::SecurityKey, vec![GET_INFO]).done().await, [OTHER]);
    assert_eq!(worker.with_vault(|_| ()).await, None);
    worker.gone().await;
}

#[tokio::test]
async fn it_runs_on_a_thread_of_its_own() {
    let ctap2 = Ctap2::new(Settings::keyfob(), MemoryVault::default(), ambient::now());
    let worker = start(ctap2, crate::face::Unattended).unwrap();
    assert_eq!(worker.handle(Via::SecurityKey, vec![SELECTION]).done().await, [0]);
}
