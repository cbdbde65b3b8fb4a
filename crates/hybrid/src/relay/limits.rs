//! How much of the service anybody may have.

use primitives::time::Span;

/// Bounds. All of them hold together; none replaces another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Tunnels at once, open or waiting.
    pub tunnels: usize,
    /// Tunnels at once that were opened from one address.
    pub tunnels_from_one: usize,
    /// Connections that one address may begin within a minute.
    pub attempts_from_one: u32,
    /// Bytes of one message.
    pub message: usize,
    /// Bytes through one tunnel, both ways together.
    pub bytes: u64,
    /// Bytes of messages that are held at once, of all tunnels: those that are coming, and those that wait to leave.
    pub held: usize,
    /// The same of messages from one address.
    pub held_from_one: usize,
    /// How long a phone with a code waits for its client.
    pub waiting: Span,
    /// How long a phone with links waits for a contact before it has to come again.
    pub standing: Span,
    /// How long a tunnel may be silent.
    pub silence: Span,
    /// How long a tunnel may last.
    pub life: Span,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            tunnels: 20_000,
            tunnels_from_one: 64,
            attempts_from_one: 120,
            // Messages of CTAP have some KiB.
            message: 128 << 10,
            bytes: 8 << 20,
            held: 64 << 20,
            held_from_one: 8 << 20,
            // A code counts two minutes; the client may show it longer.
            waiting: Span::from_minutes(3),
            standing: Span::from_hours(1),
            // Chromium stays for news up to three minutes after the last reply.
            silence: Span::from_secs(200),
            life: Span::from_minutes(10),
        }
    }
}
