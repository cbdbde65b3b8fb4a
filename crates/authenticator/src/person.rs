//! The person in front of the authenticator, as far as it can tell.

/// What the person does when a command needs them. The default is there, verified and without preference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Whether they touch the button; false is somebody who cancels or is not there.
    pub present: bool,
    /// Whether PIN or biometrics succeed.
    pub verified: bool,
    /// The user handle of the account they pick where there are several; `None` is the newest.
    pub account: Option<Vec<u8>>,
}

impl Default for Person {
    fn default() -> Self {
        Self { present: true, verified: true, account: None }
    }
}

impl Person {
    /// Somebody who cancels.
    pub fn absent() -> Self {
        Self { present: false, verified: false, account: None }
    }

    /// Somebody who touches the button but whom PIN or biometrics do not know.
    pub fn unverified() -> Self {
        Self { verified: false, ..Self::default() }
    }

    /// Somebody who picks the account with that user handle.
    pub fn choosing(account: impl Into<Vec<u8>>) -> Self {
        Self { account: Some(account.into()), ..Self::default() }
    }
}
