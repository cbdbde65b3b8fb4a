//! Every edge of the sign-in state machine (ADR 9): from each account under each policy, breadth first, by every use case
//! that can open a session or raise one.
//!
//! Beside the sessions stands a ledger of what the person has really proven in this browser. No session may claim more
//! than it holds, and nobody who has an enabled passkey gets a full session without having used one, unless policy says so.

use std::collections::{BTreeSet, HashSet, VecDeque};

use account::action::Action;
use account::evidence::Proof;
use account::passkey::Binding;
use account::policy::{Audience, Policy};
use account::session::{Restriction, Session, SessionKind};
use account::strength::Strength;
use authenticator::{Authenticator, Settings};
use primitives::secret::Token;
use primitives::time::Span;
use service::second_step::StepError;
use service::sign_in_password::{self, FirstStep};
use service::{
    SignedIn, Who, confirm, go_passwordless, manage_passkeys, manage_password, manage_sessions,
    recover_with_code, redeem_pass, register_passkey, second_step, sign_in,
};
use store::passkeys;
use testkit::armed::{Armed, Arms, PASSWORD, with_passwords};
use testkit::deployment::Variation;
use testkit::{TestContext, Visitor};

const ANOTHER: &str = "another correct horse";

/// What a person can do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Passkey,
    Password,
    NewPassword,
    Code,
    RecoveryAsSecond,
    RecoveryAlone,
    Pass,
    ConfirmByPasskey,
    ConfirmByPassword,
    Register,
    RegisterSilently,
    Try,
    TurnPasswordOff,
}

const STEPS: [Step; 13] = [
    Step::Passkey,
    Step::Password,
    Step::NewPassword,
    Step::Code,
    Step::RecoveryAsSecond,
    Step::RecoveryAlone,
    Step::Pass,
    Step::ConfirmByPasskey,
    Step::ConfirmByPassword,
    Step::Register,
    Step::RegisterSilently,
    Step::Try,
    Step::TurnPasswordOff,
];

/// Something that was really proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Proven {
    Password,
    Code,
    Recovery,
    Pass,
    /// By a passkey that may be phishing-resistant, or not.
    Passkey {
        strong: bool,
    },
}

/// The strongest that the ledger allows, judged anew and not by the code under test.
fn deserved(ledger: &BTreeSet<Proven>) -> Option<Strength> {
    let has = |proven| ledger.contains(&proven);
    if has(Proven::Passkey { strong: true }) {
        Some(Strength::PhishingResistant)
    } else if has(Proven::Passkey { strong: false }) {
        Some(Strength::Passwordless)
    } else if has(Proven::Pass) || has(Proven::Password) && (has(Proven::Code) || has(Proven::Recovery)) {
        Some(Strength::Multifactor)
    } else {
        None
    }
}

/// A person at a browser, part of the way in.
struct Walker<'t> {
    test: &'t TestContext,
    policy: &'t Policy,
    armed: Armed,
    login: String,
    browser: String,
    /// The authenticators at hand; the first made is the first used.
    authenticators: Vec<(Authenticator, bool)>,
    step: Option<Token>,
    /// The second step that was taken while a new password is outstanding.
    second: Option<Proven>,
    token: Option<Token>,
    /// What was proven for what the browser holds now.
    ledger: BTreeSet<Proven>,
    /// Whether a strong passkey, or a pass, gave the right to bind the next passkey.
    binds_strongly: bool,
    password: &'static str,
    /// Whether the account was made with a second step.
    second_ever: bool,
}

impl<'t> Walker<'t> {
    async fn new(test: &'t TestContext, policy: &'t Policy, arms: Arms, number: usize) -> Self {
        let login = format!("person{number}@example.com");
        let mut armed = test.arm(&login, arms).await;
        let empty = Authenticator::new(Settings::platform());
        let authenticator = std::mem::replace(&mut armed.authenticator, empty);
        let strong = armed.passkey.as_ref().map(|passkey| passkey.binding.may_be_phishing_resistant());
        let authenticators = strong.map(|strong| (authenticator, strong)).into_iter().collect();
        Self {
            test,
            policy,
            armed,
            browser: format!("browser {number}"),
            login,
            authenticators,
            step: None,
            second: None,
            token: None,
            ledger: BTreeSet::new(),
            binds_strongly: false,
            password: PASSWORD,
            second_ever: arms.codes || arms.recovery,
        }
    }

    /// Whether the browser holds what the step needs; without it no use case is asked.
    fn can(&self, step: Step) -> bool {
        match step {
            Step::Passkey => !self.authenticators.is_empty(),
            Step::Password | Step::RecoveryAlone | Step::Pass => true,
            Step::NewPassword | Step::Code | Step::RecoveryAsSecond => self.step.is_some(),
            Step::ConfirmByPasskey | Step::ConfirmByPassword | Step::Try => self.token.is_some(),
            Step::Register | Step::RegisterSilently | Step::TurnPasswordOff => self.token.is_some(),
        }
    }

    fn caller(&self) -> service::Caller {
        self.test.caller(&self.browser)
    }

    async fn who(&self) -> Option<Who> {
        let token = self.token.as_ref()?;
        manage_sessions::authenticate(&self.test.cx, self.test.now(), token).await.unwrap()
    }

    /// What the visitor with the first authenticator answers.
    fn get(&mut self, options: &serde_json::Value) -> Option<(String, bool)> {
        let (authenticator, strong) = self.authenticators.first_mut()?;
        let response =
            authenticator::client::get(authenticator, testkit::deployment::ORIGIN, options).ok()?;
        Some((response.to_string(), *strong))
    }

    fn opened(&mut self, token: Token, ledger: impl IntoIterator<Item = Proven>) -> Option<()> {
        (self.token, self.step, self.second) = (Some(token), None, None);
        self.ledger = ledger.into_iter().collect();
        self.binds_strongly = false;
        Some(())
    }

    /// Takes a step; `None` if it was refused or cannot be taken.
    async fn take(&mut self, step: Step) -> Option<()> {
        match step {
            Step::Passkey => self.sign_in().await,
            Step::Password | Step::NewPassword => self.first(step).await,
            Step::Code | Step::RecoveryAsSecond => self.second(step).await,
            Step::RecoveryAlone => {
                let (code, mut caller) = (self.armed.recovery.pop()?, self.caller());
                let opened =
                    recover_with_code::redeem(&self.test.cx, &mut caller, &self.login, code.reveal());
                let token = opened.await.ok()?.token;
                self.opened(token, [Proven::Recovery])
            }
            Step::Pass => {
                let (mut caller, pass) = (self.caller(), self.test.issue(&self.armed.user).await);
                let opened =
                    redeem_pass::redeem(&self.test.cx, &mut caller, &self.login, pass.reveal()).await;
                self.opened(opened.ok()?.token, [Proven::Pass])?;
                self.binds_strongly = true;
                Some(())
            }
            Step::ConfirmByPasskey => self.confirm_by_passkey().await,
            Step::ConfirmByPassword => self.confirm_by_password().await,
            Step::Register | Step::RegisterSilently => self.register(step).await,
            Step::Try => self.try_it().await,
            Step::TurnPasswordOff => {
                let (who, mut caller) = (self.who().await?, self.caller());
                go_passwordless::turn_off(&self.test.cx, &mut caller, &who).await.ok().map(|_| ())
            }
        }
    }

    async fn sign_in(&mut self) -> Option<()> {
        let started = sign_in::begin(&self.test.cx, &mut self.caller());
        let (response, strong) = self.get(&started.options)?;
        let finished = sign_in::finish(&self.test.cx, &mut self.caller(), &started.state, &response).await;
        self.opened(finished.ok()?.token, [Proven::Passkey { strong }])
    }

    async fn first(&mut self, step: Step) -> Option<()> {
        let mut caller = self.caller();
        let next = if step == Step::Password {
            sign_in_password::begin(&self.test.cx, &mut caller, &self.login, self.password).await.ok()?
        } else {
            let waiting = self.step.clone()?;
            let other = if self.password == PASSWORD { ANOTHER } else { PASSWORD };
            let changed = manage_password::change_expired(&self.test.cx, &mut caller, &waiting, other).await;
            let next = changed.ok()?;
            self.password = other;
            next
        };
        match next {
            FirstStep::SecondStep { token, .. } | FirstStep::MustChange { token } => {
                (self.step, self.second) = (Some(token), None);
                Some(())
            }
            FirstStep::Restricted(signed_in) => self.opened(signed_in.token, [Proven::Password]),
            FirstStep::SignedIn(signed_in) => {
                let second = self.second?;
                self.opened(signed_in.token, [Proven::Password, second])
            }
            FirstStep::UsePasskey | FirstStep::NothingSecond => None,
        }
    }

    async fn second(&mut self, step: Step) -> Option<()> {
        let (token, mut caller) = (self.step.clone()?, self.caller());
        if step == Step::Code {
            let code = self.armed.code(self.test.now());
            let finished = second_step::finish_code(&self.test.cx, &mut caller, &token, &code).await;
            return self.finished(finished, Proven::Code);
        }
        let code = self.armed.recovery.pop()?;
        let finished =
            second_step::finish_recovery_code(&self.test.cx, &mut caller, &token, code.reveal()).await;
        self.finished(finished, Proven::Recovery)
    }

    fn finished(&mut self, finished: Result<SignedIn, StepError>, proven: Proven) -> Option<()> {
        match finished {
            Ok(signed_in) => self.opened(signed_in.token, [Proven::Password, proven]),
            Err(StepError::MustChange) => {
                self.second = Some(proven);
                Some(())
            }
            Err(_) => None,
        }
    }

    /// Confirms that a passkey shall be added: of all actions the one that leads on.
    async fn confirm_by_passkey(&mut self) -> Option<()> {
        let who = self.who().await?;
        let started =
            confirm::begin(&self.test.cx, &mut self.caller(), &who, Action::AddPasskey).await.ok()?;
        let (response, strong) = self.get(&started.options)?;
        let confirmed =
            confirm::finish(&self.test.cx, &mut self.caller(), &who, &started.state, &response).await;
        self.token = Some(confirmed.ok()?.signed_in.token);
        if who.session.is_limited() {
            self.ledger.clear();
        }
        self.ledger.insert(Proven::Passkey { strong });
        self.binds_strongly = strong;
        Some(())
    }

    async fn confirm_by_password(&mut self) -> Option<()> {
        let (who, mut caller) = (self.who().await?, self.caller());
        let code = self.armed.code(self.test.now());
        let (action, password) = (Action::AddPasskey, self.password);
        let confirmed =
            confirm::finish_with_password(&self.test.cx, &mut caller, &who, action, password, &code).await;
        self.token = Some(confirmed.ok()?.signed_in.token);
        self.ledger.extend([Proven::Password, Proven::Code]);
        self.binds_strongly = false;
        Some(())
    }

    async fn register(&mut self, step: Step) -> Option<()> {
        let who = self.who().await?;
        let place = account::passkey::Place::ThisComputer;
        let (cx, mut caller) = (&self.test.cx, self.caller());
        let started = if step == Step::Register {
            register_passkey::begin(cx, &mut caller, &who, place).await.ok()?
        } else {
            register_passkey::begin_conditional(cx, &mut caller, &who).await.ok()?
        };
        let mut visitor = Visitor::new(self.test, &self.browser).with(Settings::platform());
        let response = visitor.create(&started);
        let name = |_: [u8; 16]| "Passkey".to_owned();
        let finished = if step == Step::Register {
            register_passkey::finish(cx, &mut caller, &who, &started.state, &response, name).await
        } else {
            register_passkey::finish_conditional(cx, &mut caller, &who, &started.state, &response, name).await
        };
        let strong = finished.ok()?.passkey.binding.may_be_phishing_resistant();
        assert!(!strong || self.binds_strongly, "a strong passkey was bound by {:?}", self.ledger);
        assert!(!strong || step == Step::Register, "a silent passkey is no strong one");
        self.binds_strongly &= who.session.is_limited();
        self.authenticators.insert(0, (visitor.authenticator, strong));
        Some(())
    }

    async fn try_it(&mut self) -> Option<()> {
        let who = self.who().await?;
        for passkey in manage_passkeys::list(&self.test.cx, &who).await.unwrap() {
            let begun = manage_passkeys::try_begin(&self.test.cx, &mut self.caller(), &who, passkey.id).await;
            let Ok(started) = begun else { continue };
            let Some((response, strong)) = self.get(&started.options) else { continue };
            let (cx, mut caller) = (&self.test.cx, self.caller());
            let tried = manage_passkeys::try_finish(cx, &mut caller, &who, &started.state, &response).await;
            if let Some(signed_in) = tried.ok()?.signed_in {
                return self.opened(signed_in.token, [Proven::Passkey { strong }]);
            }
        }
        None
    }

    /// What must hold of whatever session there is now, and how the walk tells states apart.
    async fn look(&self, path: &[Step], raised: bool) -> String {
        let user = self.armed.user.id;
        let passkeys = self.test.cx.db.read(move |tx| passkeys::of_user(tx, user)).await.unwrap();
        let enabled = passkeys.iter().filter(|passkey| passkey.is_enabled()).count();
        let who = self.who().await;
        if let Some(Who { session, .. }) = &who {
            self.judge(session, path, (raised, enabled > 0));
        }
        let session = who.map(|Who { session, .. }| {
            let methods: BTreeSet<String> = session.evidence.proofs().iter().map(class).collect();
            let kind = match session.kind {
                SessionKind::Full => "full",
                SessionKind::Onboarding { .. } => "onboarding",
                SessionKind::Restricted(restriction) => restriction.as_str(),
            };
            (kind, methods, session.confirmed.is_some())
        });
        let strengths: Vec<bool> = self.authenticators.iter().map(|(_, strong)| *strong).collect();
        let changed = self.password != PASSWORD;
        format!("{session:?} {} {:?} {enabled} {strengths:?} {changed}", self.step.is_some(), self.second)
    }

    fn judge(&self, session: &Session, path: &[Step], (raised, has_passkey): (bool, bool)) {
        let (evidence, at) = (&session.evidence, format!("{path:?} under {:?}", self.policy.passwords));
        let deserved = deserved(&self.ledger);
        assert!(evidence.strength() <= deserved, "{:?} > {deserved:?}: {at}", evidence.strength());
        for strength in Strength::ALL {
            let satisfied = strength.satisfied_by(evidence);
            assert!(!satisfied || Some(*strength) <= deserved, "{strength} is not deserved: {at}");
        }
        let alone = session.restriction() == Some(Restriction::PasswordAlone);
        assert!(!(alone && self.second_ever), "a password alone in place of a second step: {at}");
        let full = session.kind == SessionKind::Full;
        if full {
            assert!(deserved >= Some(Strength::Multifactor), "a full session on less than two factors: {at}");
        }
        // What a session had before the account's first passkey stays what it is; nothing new comes of it.
        if full && raised && has_passkey && !self.policy.passwords.terms.beside_passkeys {
            assert!(evidence.passkey().is_some(), "a full session without the passkey: {at}");
        }
    }
}

fn class(proof: &Proof) -> String {
    match proof {
        Proof::Passkey { binding, .. } => format!("passkey {}", binding.may_be_phishing_resistant()),
        other => other.method().to_owned(),
    }
}

fn policies() -> Vec<Policy> {
    let usual = with_passwords();
    let mut off = usual.clone();
    off.passwords.audience = Audience::Nobody;
    let mut beside = usual.clone();
    beside.passwords.terms.beside_passkeys = true;
    let mut alone = usual.clone();
    alone.passwords.terms.alone_registers = true;
    let mut both = beside.clone();
    both.passwords.terms.alone_registers = true;
    let mut without_codes = both.clone();
    without_codes.codes = Audience::Nobody;
    without_codes.recovery_codes = Audience::Nobody;
    vec![usual, off, beside, alone, both, without_codes]
}

fn accounts() -> Vec<Arms> {
    let passkeys = [
        (None, false),
        (Some(Binding::TemporaryPass), false),
        (Some(Binding::Password), false),
        (Some(Binding::TemporaryPass), true),
    ];
    let mut accounts = Vec::new();
    for (passkey, disabled) in passkeys {
        for bits in 0..8_u8 {
            let (password, codes, recovery) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
            let arms =
                Arms { passkey, disabled, password, must_change: false, codes, locked: false, recovery };
            accounts.push(arms);
            if bits == 3 && !disabled {
                accounts.push(Arms { must_change: true, ..arms });
            }
            // Codes that are locked are a second step that cannot be taken, and not none.
            if bits == 3 && passkey.is_none() {
                accounts.push(Arms { locked: true, ..arms });
                accounts.push(Arms { locked: true, must_change: true, ..arms });
            }
        }
    }
    accounts
}

/// Steps in a row, beyond which nothing new comes.
const DEPTH: usize = 3;

/// Walks from one account as far as there is something new; gives the edges that were taken.
async fn walk(test: &TestContext, policy: &Policy, arms: Arms, people: &mut usize) -> usize {
    let (mut seen, mut queue, mut edges) = (HashSet::new(), VecDeque::from([Vec::new()]), 0);
    while let Some(path) = queue.pop_front() {
        let mut here = None;
        for step in STEPS {
            let mut walker = match here.take() {
                Some(walker) => walker,
                None => arrive(test, policy, arms, (&path, people)).await,
            };
            if !walker.can(step) {
                here = Some(walker);
                continue;
            }
            // A code works once in its half minute, and no two ceremonies share a moment.
            test.advance(Span::from_secs(31));
            let taken = walker.take(step).await.is_some();
            let path: Vec<Step> = path.iter().copied().chain([step]).collect();
            let opens = !matches!(step, Step::Register | Step::RegisterSilently | Step::TurnPasswordOff);
            let state = walker.look(&path, taken && opens).await;
            if !taken {
                // A refused step leaves nothing behind: the next one is taken from the same place.
                here = Some(walker);
                continue;
            }
            edges += 1;
            if path.len() < DEPTH && seen.insert(state) {
                queue.push_back(path);
            }
        }
    }
    edges
}

/// A person who has come that way.
async fn arrive<'t>(
    test: &'t TestContext,
    policy: &'t Policy,
    arms: Arms,
    (path, people): (&[Step], &mut usize),
) -> Walker<'t> {
    *people += 1;
    let mut walker = Walker::new(test, policy, arms, *people).await;
    for step in path {
        test.advance(Span::from_secs(31));
        assert!(walker.take(*step).await.is_some(), "{step:?} of {path:?} led on before");
    }
    walker
}

async fn walk_under(policy: Policy) {
    let variation = Variation { policy: policy.clone(), ..Variation::default() };
    let test = TestContext::sqlite_with(variation).await;
    let (mut people, mut edges) = (0, 0);
    for arms in accounts() {
        edges += walk(&test, &policy, arms, &mut people).await;
    }
    println!("{people} paths, {edges} of them led on: {:?}", policy.passwords);
    assert!(edges > 100, "the walk got nowhere: {edges}");
}

macro_rules! walks {
    ($($name:ident $index:literal)+) => {$(
        #[tokio::test]
        async fn $name() {
            walk_under(policies().swap_remove($index)).await;
        }
    )+};
}

walks! {
    passwords_with_a_second_step 0
    passwords_turned_off 1
    passwords_beside_passkeys 2
    passwords_alone_register 3
    passwords_beside_passkeys_and_alone 4
    passwords_without_second_steps 5
}
