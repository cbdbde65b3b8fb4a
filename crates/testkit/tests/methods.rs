//! Ways to sign in beside passkeys: passwords, codes and recovery codes, and the machine that they all are edges of.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests end the test as the tests do")]

#[path = "service/locked_codes.rs"]
mod locked_codes;
#[path = "service/managing_methods.rs"]
mod managing_methods;
#[path = "service/second_methods.rs"]
mod second_methods;
#[path = "service/sign_in_machine.rs"]
mod sign_in_machine;
