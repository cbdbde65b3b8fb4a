use authenticator::{MemoryVault, Settings};
use fido::ctap::Status;
use primitives::entropy::SystemEntropy;

use super::*;

const GET_INFO: u8 = 0x04;
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

struct Scene {
    worker: Worker<MemoryVault>,
    answers: mpsc::UnboundedSender<Answer>,
    withdrawn: mpsc::UnboundedReceiver<()>,
}

impl Scene {
    /// A worker in the test's own runtime, so that its time is the test's.
    fn new() -> Self {
        let (answers, said) = mpsc::unbounded_channel();
        let (withdrawing, withdrawn) = mpsc::unbounded_channel();
        let (worker, jobs) = pair();
        let now = || Timestamp::from_secs(1_790_000_000);
        let bench = Bench {
            ctap2: Ctap2::new(Settings::keyfob(), MemoryVault::default(), now()),
            face: Puppet { answers: said, withdrawn: withdrawing },
            now,
            entropy: SystemEntropy,
            last: None,
        };
        tokio::spawn(bench.work(jobs));
        Self { worker, answers, withdrawn }
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
async fn nobody_goes_on_with_what_another_way_began() {
    let scene = Scene::new();
    scene.ask(GET_INFO).done().await;
    let next = scene.worker.handle(Via::OtherDevice, vec![GET_NEXT_ASSERTION]);
    assert_eq!(next.done().await, [Status::NotAllowed.byte()]);
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
