//! Floor 1: the hybrid transport (CTAP 2.3 section 11.5) as state machines, both sides and the relay between.
//!
//! Pure: no clock, file, socket or ambient randomness. Whoever has a radio and a socket carries the bytes.
