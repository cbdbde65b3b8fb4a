//! Floor 5: Keyfob, an open authenticator: a vault of passkeys, the face that asks its person, a virtual security
//! key, and the phone's side of cross-device sign-in. The program is a thin skin over this library.

pub mod face;
