use fido::ctap::Status;

use super::*;

mod asserting;
mod creating;
mod extending;
mod hostile;
mod telling;
mod tokens;
mod world;

use world::{APPROVED, Phone, UNVERIFIED};

/// A command byte with nothing behind it.
fn bare(command: Command) -> Vec<u8> {
    vec![command.byte()]
}

#[test]
fn what_is_no_request_of_ours() {
    let mut phone = Phone::new();
    assert_eq!(phone.send(&[]), Step::refused(Status::InvalidLength));
    for command in 0..=u8::MAX {
        let known = Command::from_byte(command).is_some_and(|it| it != Command::BioEnrollment);
        let refused = phone.send(&[command]) == Step::refused(Status::InvalidCommand);
        assert_eq!(refused, !known, "{command:#04x}");
        phone.ctap2.cancel();
    }
    let mut long = vec![Command::MakeCredential.byte(); LONGEST_MESSAGE];
    assert_eq!(phone.send(&long), Step::refused(Status::InvalidCbor));
    long.push(0);
    assert_eq!(phone.send(&long), Step::refused(Status::RequestTooLarge));
    for command in [Command::GetInfo, Command::Reset, Command::Selection, Command::GetNextAssertion] {
        assert_eq!(phone.send(&[command.byte(), 0xa0]), Step::refused(Status::InvalidLength));
    }
}

#[test]
fn hybrid_carries_passkeys_and_nothing_else() {
    let mut phone = Phone::over(Transport::Hybrid);
    for command in Command::ALL {
        let open = matches!(
            command,
            Command::MakeCredential
                | Command::GetAssertion
                | Command::GetNextAssertion
                | Command::GetInfo
                | Command::Selection
        );
        let refused = phone.send(&bare(command)) == Step::refused(Status::InvalidCommand);
        assert_eq!(refused, !open, "{command:?}");
        phone.ctap2.cancel();
    }
}

#[test]
fn nonsense_is_refused_and_nothing_breaks() {
    let mut phone = Phone::new();
    let creation = world::creation().encode();
    let assertion = world::assertion().encode();
    for (command, whole) in [(Command::MakeCredential, creation), (Command::GetAssertion, assertion)] {
        for at in 0..whole.len() {
            let cut = [&[command.byte()], &whole[..at]].concat();
            assert_eq!(phone.send(&cut), Step::refused(Status::InvalidCbor), "cut at {at}");
            for bit in 0..8 {
                let mut bent = [&[command.byte()], whole.as_slice()].concat();
                bent[at + 1] ^= 1 << bit;
                phone.send(&bent);
                phone.ctap2.cancel();
            }
        }
        let longer = [&[command.byte()], whole.as_slice(), &[0]].concat();
        assert_eq!(phone.send(&longer), Step::refused(Status::InvalidCbor));
        assert_eq!(phone.send(&[command.byte(), 0x80]), Step::refused(Status::CborUnexpectedType));
        assert_eq!(phone.send(&[command.byte(), 0xa0]), Step::refused(Status::MissingParameter));
    }
}

#[test]
fn selection_tells_what_the_person_does() {
    let rows = [
        (APPROVED, vec![0x00]),
        (UNVERIFIED, vec![0x00]),
        (Answer::Denied, vec![0x27]),
        (Answer::TimedOut, vec![0x2f]),
    ];
    for (answer, reply) in rows {
        let mut phone = Phone::new();
        assert_eq!(phone.send(&bare(Command::Selection)), Step::Ask(Question::Select));
        assert_eq!(phone.say(answer), Step::Reply(reply), "{answer:?}");
    }
}

#[test]
fn reset_forgets_everything_but_only_if_the_person_agrees() {
    for (answer, reply) in [(Answer::Denied, 0x27), (Answer::TimedOut, 0x2f), (APPROVED, 0x00)] {
        let mut phone = Phone::new();
        phone.create(&world::creation());
        phone.set_pin("1234");
        assert_eq!(phone.send(&bare(Command::Reset)), Step::Ask(Question::Reset));
        assert_eq!(phone.say(answer), Step::Reply(vec![reply]));
        let gone = reply == 0;
        assert_eq!(phone.ctap2.vault().all().is_empty(), gone);
        assert_eq!(phone.ctap2.vault().state().pin.is_none(), gone);
    }
}

#[test]
fn one_question_at_a_time_until_it_is_answered_or_given_up() {
    let mut phone = Phone::new();
    assert_eq!(phone.say(APPROVED), Step::refused(Status::NoOperations));
    phone.send(&bare(Command::Selection));
    assert_eq!(phone.send(&bare(Command::GetInfo)), Step::refused(Status::ChannelBusy));
    assert_eq!(phone.ctap2.cancel(), Step::refused(Status::KeepaliveCancel));
    assert_eq!(phone.say(APPROVED), Step::refused(Status::NoOperations));
    phone.send(&bare(Command::Reset));
    phone.ctap2.power_cycle(phone.now);
    assert_eq!(phone.say(APPROVED), Step::refused(Status::NoOperations));
}

/// A vault that cannot write.
struct Stuck(MemoryVault);

impl Vault for Stuck {
    fn credentials<'a>(&'a self, rp_id: &str) -> impl Iterator<Item = &'a Credential> {
        self.0.credentials(rp_id)
    }
    fn all(&self) -> impl Iterator<Item = &Credential> {
        Vault::all(&self.0)
    }
    fn add(&mut self, _: Credential) -> Result<(), crate::VaultRefusal> {
        Err(crate::VaultRefusal::Failed)
    }
    fn remove(&mut self, _: &[u8]) -> Result<(), crate::VaultRefusal> {
        Err(crate::VaultRefusal::Failed)
    }
    fn count_use(&mut self, _: &[u8], _: Timestamp) -> Result<u32, crate::VaultRefusal> {
        Err(crate::VaultRefusal::Failed)
    }
    fn change_user(&mut self, _: &[u8], _: fido::options::UserEntity) -> Result<(), crate::VaultRefusal> {
        Err(crate::VaultRefusal::Failed)
    }
    fn state(&self) -> &crate::DeviceState {
        self.0.state()
    }
    fn set_state(&mut self, _: crate::DeviceState) -> Result<(), crate::VaultRefusal> {
        Err(crate::VaultRefusal::Failed)
    }
    fn reset(&mut self) -> Result<(), crate::VaultRefusal> {
        Err(crate::VaultRefusal::Failed)
    }
}

#[test]
fn what_was_not_written_down_is_not_given_out() {
    let mut phone = Phone::new();
    phone.create(&world::creation());
    let Phone { ctap2, .. } = phone;
    let Ctap2 { settings, vault, .. } = ctap2;
    let mut stuck = Ctap2::new(settings, Stuck(vault), world::NOW);
    let mut entropy = primitives::entropy::SystemEntropy;
    for message in [world::message(&world::creation()), world::assert_message(&world::assertion())] {
        assert!(matches!(stuck.handle(&message, world::NOW, &mut entropy), Step::Ask(_)));
        let reply = stuck.answer(APPROVED, world::NOW, &mut entropy);
        assert_eq!(reply, Step::refused(Status::Other));
    }
    assert_eq!(stuck.handle(&bare(Command::Reset), world::NOW, &mut entropy), Step::Ask(Question::Reset));
    assert_eq!(stuck.answer(APPROVED, world::NOW, &mut entropy), Step::refused(Status::Other));
}
