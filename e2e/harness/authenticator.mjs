/**
 * Virtual authenticators of Chromium's DevTools protocol.
 *
 * They belong to one page: another page has its own, and `copyTo` plays the password manager that syncs.
 * Conditional create is never called against one: the browser has no password manager to answer it.
 */

/** @typedef {import('playwright-core').CDPSession} Session */
/** @typedef {import('playwright-core').Page} Page */

const COMMON = {
  protocol: 'ctap2', ctap2Version: 'ctap2_1', hasResidentKey: true, hasUserVerification: true,
  isUserVerified: true, automaticPresenceSimulation: true,
};

/** What each kind answers with. A computer's passkeys are backed up, a security key's never leave it. */
const KINDS = {
  computer: { ...COMMON, transport: 'internal', defaultBackupEligibility: true, defaultBackupState: true },
  hybridPhone: { ...COMMON, transport: 'hybrid', defaultBackupEligibility: true, defaultBackupState: true },
  securityKey: { ...COMMON, transport: 'usb', defaultBackupEligibility: false, defaultBackupState: false },
};

/** @typedef {keyof typeof KINDS} Kind */

export class Authenticator {
  /** Ids of credentials that a signal removed, base64. @type {string[]} */
  deleted = [];
  /** Ids of credentials whose names a signal changed. @type {string[]} */
  updated = [];

  /** @param {Session} session @param {string} id */
  constructor(session, id) {
    this.session = session;
    this.id = id;
  }

  /**
   * Plugs one in.
   * @param {Session} session of the page; `WebAuthn.enable` must have been sent
   * @param {Kind} kind
   */
  static async plugIn(session, kind) {
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', /** @type {any} */ ({ options: KINDS[kind] }));
    const authenticator = new Authenticator(session, authenticatorId);
    session.on('WebAuthn.credentialDeleted', (/** @type {any} */ event) => {
      if (event.authenticatorId === authenticatorId) authenticator.deleted.push(event.credentialId);
    });
    session.on('WebAuthn.credentialUpdated', (/** @type {any} */ event) => {
      if (event.authenticatorId === authenticatorId) authenticator.updated.push(event.credential.credentialId);
    });
    return authenticator;
  }

  /** What it holds. */
  async credentials() {
    const { credentials } = await this.session.send('WebAuthn.getCredentials', { authenticatorId: this.id });
    return credentials;
  }

  /** Whether somebody touches it when asked. Without, a prompt stays open until it is aborted or times out. @param {boolean} enabled */
  async touch(enabled) {
    await this.session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: this.id, enabled });
  }

  /** Whether fingerprint, face or PIN match. @param {boolean} isUserVerified */
  async verifies(isUserVerified) {
    await this.session.send('WebAuthn.setUserVerified', { authenticatorId: this.id, isUserVerified });
  }

  /** Puts the same passkeys into another page's authenticator. @param {Authenticator} other */
  async copyTo(other) {
    for (const credential of await this.credentials()) {
      await other.session.send('WebAuthn.addCredential', { authenticatorId: other.id, credential });
    }
  }

  /** Forgets all that it holds. */
  async clear() {
    await this.session.send('WebAuthn.clearCredentials', { authenticatorId: this.id });
  }

  /** Unplugs it. */
  async unplug() {
    await this.session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: this.id });
  }
}
