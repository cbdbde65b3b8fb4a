//! How an errand moves. Each function gives the errand as it is afterwards, or why it stays as it is; the store writes
//! it back only if nobody else has moved it meanwhile.

use primitives::digest::Digest;
use primitives::entropy::{self, Entropy};
use primitives::time::Timestamp;

use super::{Claim, Device, Ending, Enrolment, HEARTBEAT, Mode, NUMBER_TRIES, Refusal, State, Step, Trouble};
use crate::passkey::PasskeyId;

/// What came of a number that was typed on the computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// It was the right one.
    Right(Enrolment),
    /// It was not; so many tries are left.
    Wrong(Enrolment, u32),
    /// It was not, for the third time.
    Locked(Enrolment),
    /// What was typed is no number of two digits, which costs no try.
    Slip(u32),
}

/// A number of two digits, 10 to 99, each as likely as the others.
fn draw_number(entropy: &mut dyn Entropy) -> u8 {
    loop {
        let [byte] = entropy::array(entropy);
        // 180 = 2 · 90: beyond it the first numbers would be likelier than the others.
        if byte < 180 {
            return 10 + byte % 90;
        }
    }
}

fn read_number(typed: &str) -> Option<u8> {
    let digits: String = typed.chars().filter(|character| !character.is_whitespace()).collect();
    let two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    two.then(|| digits.parse().ok()).flatten()
}

impl Enrolment {
    fn moved(&self, state: State) -> Self {
        Self { state, version: self.version.saturating_add(1), ..self.clone() }
    }

    /// Why nothing can come of it any more, if that is so.
    pub fn over(&self, now: Timestamp) -> Option<Refusal> {
        match &self.state {
            State::Done { .. } => Some(Refusal::Done),
            State::Ended { how: Ending::NumberLocked, .. } => Some(Refusal::NumberLocked),
            State::Ended { how: Ending::Declined, .. } => Some(Refusal::Declined),
            State::Ended { how: Ending::Stopped, .. } => Some(Refusal::Stopped),
            State::Created | State::Claimed { .. } => self.has_expired(now).then_some(Refusal::Expired),
        }
    }

    /// Whether the browser may see it: nobody has it yet, or this one does.
    pub fn is_open_to(&self, browser: &Digest) -> bool {
        self.claimant().is_none_or(|claim| claim.browser == *browser)
    }

    /// How far the browser is, if it has the errand and can go on.
    fn held(&self, browser: &Digest, now: Timestamp) -> Result<(&Claim, &Step), Refusal> {
        if !self.is_open_to(browser) {
            return Err(Refusal::Claimed);
        }
        match (self.over(now), &self.state) {
            (Some(refusal), _) => Err(refusal),
            (None, State::Claimed { claim, step }) => Ok((claim, step)),
            (None, _) => Err(Refusal::NotApproved),
        }
    }

    /// How far the browser is, if it has the errand and can go on.
    pub fn step(&self, browser: &Digest, now: Timestamp) -> Result<&Step, Refusal> {
        self.held(browser, now).map(|(_, step)| step)
    }

    /// The first browser takes it up. One that has it already keeps it as it is.
    ///
    /// `step` is where a phone that signs in itself stands; in the other mode a number is drawn.
    pub fn claim(
        &self,
        browser: Digest,
        device: Device,
        step: Step,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, Refusal> {
        let now = device.at;
        match self.held(&browser, now) {
            Ok(_) => return Ok(self.clone()),
            Err(Refusal::NotApproved) => {}
            Err(refusal) => return Err(refusal),
        }
        let step = match self.mode {
            Mode::SignIn => step,
            Mode::Number => Step::Number { number: draw_number(entropy), left: NUMBER_TRIES },
        };
        let claim = Claim { browser, device, seen: now, trouble: None };
        Ok(self.moved(State::Claimed { claim, step }))
    }

    /// Another browser tried to take it up; `None` if that is known, or if nobody needs to know any more.
    pub fn noting_another(&self, now: Timestamp) -> Option<Self> {
        if self.another_tried || self.is_over(now) {
            return None;
        }
        Some(Self { another_tried: true, ..self.moved(self.state.clone()) })
    }

    /// The phone that signs in itself has come to `step`; `None` if that is where it is.
    pub fn signed_in(&self, browser: &Digest, now: Timestamp, step: Step) -> Result<Option<Self>, Refusal> {
        let (claim, was) = self.held(browser, now)?;
        let is_before = matches!(was, Step::Opened | Step::SigningIn | Step::OtherAccount { .. });
        if self.mode != Mode::SignIn || !is_before || *was == step {
            return Ok(None);
        }
        let claim = Claim { seen: now, ..claim.clone() };
        Ok(Some(self.moved(State::Claimed { claim, step })))
    }

    /// A number was typed on the computer.
    pub fn type_number(&self, typed: &str, now: Timestamp) -> Result<Typed, Refusal> {
        if let Some(refusal) = self.over(now) {
            return Err(refusal);
        }
        let State::Claimed { claim, step: Step::Number { number, left } } = &self.state else {
            return Err(Refusal::NotApproved);
        };
        let Some(typed) = read_number(typed) else {
            return Ok(Typed::Slip(*left));
        };
        let claim = claim.clone();
        if typed == *number {
            let claim = Claim { trouble: None, ..claim };
            return Ok(Typed::Right(self.moved(State::Claimed { claim, step: Step::Approved })));
        }
        let left = left.saturating_sub(1);
        Ok(if left == 0 {
            Typed::Locked(self.moved(State::Ended { claim: Some(claim), how: Ending::NumberLocked }))
        } else {
            let step = Step::Number { number: *number, left };
            Typed::Wrong(self.moved(State::Claimed { claim, step }), left)
        })
    }

    /// Whether the browser may create the passkey now.
    pub fn may_create(&self, browser: &Digest, now: Timestamp) -> Result<(), Refusal> {
        match self.step(browser, now)? {
            Step::Approved | Step::Creating => Ok(()),
            Step::Opened | Step::SigningIn | Step::OtherAccount { .. } | Step::Number { .. } => {
                Err(Refusal::NotApproved)
            }
        }
    }

    /// The phone shows its prompt.
    pub fn prompting(&self, browser: &Digest, now: Timestamp) -> Result<Self, Refusal> {
        self.may_create(browser, now)?;
        let (claim, _) = self.held(browser, now)?;
        let claim = Claim { seen: now, trouble: None, ..claim.clone() };
        Ok(self.moved(State::Claimed { claim, step: Step::Creating }))
    }

    /// Something went wrong on the phone; it can try again.
    pub fn troubled(&self, browser: &Digest, now: Timestamp, trouble: Trouble) -> Result<Self, Refusal> {
        let (claim, step) = self.held(browser, now)?;
        let step = if *step == Step::Creating { Step::Approved } else { step.clone() };
        let claim = Claim { seen: now, trouble: Some(trouble), ..claim.clone() };
        Ok(self.moved(State::Claimed { claim, step }))
    }

    /// The phone is there; `None` if that need not be written yet.
    pub fn heard(&self, browser: &Digest, now: Timestamp) -> Result<Option<Self>, Refusal> {
        let (claim, step) = self.held(browser, now)?;
        if now.since(claim.seen) < HEARTBEAT {
            return Ok(None);
        }
        let claim = Claim { seen: now, ..claim.clone() };
        Ok(Some(self.moved(State::Claimed { claim, step: step.clone() })))
    }

    /// The passkey was stored.
    pub fn done(&self, browser: &Digest, now: Timestamp, passkey: PasskeyId) -> Result<Self, Refusal> {
        self.may_create(browser, now)?;
        let (claim, _) = self.held(browser, now)?;
        let claim = Claim { seen: now, trouble: None, ..claim.clone() };
        Ok(self.moved(State::Done { claim, passkey }))
    }

    /// The phone says no: the one that has it, or whoever was shown the code before anybody had it.
    pub fn declined(&self, browser: &Digest, now: Timestamp) -> Result<Self, Refusal> {
        match self.held(browser, now) {
            Ok(_) | Err(Refusal::NotApproved) => Ok(self.ended(Ending::Declined)),
            Err(refusal) => Err(refusal),
        }
    }

    /// The computer stops it.
    pub fn stopped(&self, now: Timestamp) -> Result<Self, Refusal> {
        match self.over(now) {
            Some(refusal) => Err(refusal),
            None => Ok(self.ended(Ending::Stopped)),
        }
    }

    fn ended(&self, how: Ending) -> Self {
        self.moved(State::Ended { claim: self.claimant().cloned(), how })
    }
}
