/** Passwords, codes of an authenticator app, and the people who have them. */
import { createHmac } from 'node:crypto';
import { addPasskey, at, box, button, control, IDENTIFIER, link, says, signInWithPass, signOut } from './steps.mjs';

/** @typedef {import('./browser.mjs').Visitor} Visitor */
/** @typedef {import('./index.mjs').Person} Person */
/** @typedef {import('./index.mjs').Stage} Stage */

/** Settings of a server that takes passwords. */
export const PASSWORDS = { settings: { KEYWARD_PASSWORDS_ENABLED: 'true' } };

export const PASSWORD = 'correct horse battery staple';
export const PASSWORD_BOX = 'Password';
export const CODE_BOX = 'Code of your authenticator app';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP = 30_000;

/** An authenticator app with one account in it. */
export class AuthenticatorApp {
  /** The last step whose code was typed. */
  #last = 0;

  /** @param {string} secret base32, spaces do not matter */
  constructor(secret) {
    const bits = [...secret.replace(/\s/g, '')].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
    this.key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  }

  /** The code of a step (RFC 6238). @param {number} step */
  at(step) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac('sha1', this.key).update(counter).digest();
    const offset = (mac.at(-1) ?? 0) & 0xf;
    return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
  }

  /** A code that was not typed before, from the steps that the server takes; waits where all of them were. */
  async next() {
    const present = () => Math.floor(Date.now() / STEP);
    // At the end of a step the earliest code would be out of date before it arrives.
    const left = STEP - (Date.now() % STEP);
    if (left < 3000) await new Promise((resolve) => { setTimeout(resolve, left); });
    const step = Math.max(present() - 1, this.#last + 1);
    while (step > present() + 1) await new Promise((resolve) => { setTimeout(resolve, 250); });
    this.#last = step;
    return this.at(step);
  }

  /** The code that was typed last, once more. */
  again() {
    return this.at(this.#last);
  }

  /** A code of no step that the server takes. */
  wrong() {
    const near = new Set([-2, -1, 0, 1, 2].map((off) => this.at(Math.floor(Date.now() / STEP) + off)));
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.has(code)) ?? '666666';
  }
}

/**
 * Sets up authenticator codes in Security info, with a passkey to confirm it.
 * @param {Visitor} visitor
 */
export async function addCodes(visitor) {
  const { page } = visitor;
  await page.goto('/me/security');
  await link(page, 'Add').and(page.locator('[href="/me/security/codes"]')).click();
  await at(page, '/me/confirm');
  await button(page, 'Use your passkey').click();
  await at(page, '/me/security/codes');
  const app = new AuthenticatorApp((await page.locator('#secret code').textContent()) ?? '');
  await box(page, CODE_BOX).fill(await app.next());
  await button(page, 'Turn on').click();
  await at(page, '/me/security');
  await says(page, 'Authenticator codes are on.');
  return app;
}

/**
 * Somebody who signs in with a password and a code, as people do before their first passkey: what they had to confirm with
 * meanwhile is removed by the operator.
 * @param {Stage} stage @param {Visitor} visitor signed out at the end
 */
export async function personWithPassword(stage, visitor) {
  const person = await stage.newUser();
  await stage.server.commandWith(`${PASSWORD}\n`, 'password', 'set', person.email);
  await signInWithPass(visitor, person);
  const id = await addPasskey(visitor);
  const app = await addCodes(visitor);
  await signOut(visitor);
  await stage.server.command('passkey', 'remove', person.email, id);
  return { person, app };
}

/** Types a name and a password on SI-1, SI-2 and SI-4. @param {Visitor} visitor @param {string} email @param {string} password */
export async function enterPassword(visitor, email, password) {
  const { page } = visitor;
  await page.goto('/signin');
  await box(page, IDENTIFIER).fill(email);
  await button(page, 'Next').click();
  await at(page, '/signin/method');
  await control(page, 'Use my password').click();
  await at(page, '/signin/password');
  await page.getByLabel(PASSWORD_BOX, { exact: true }).fill(password);
  await button(page, 'Sign in').click();
}

/** Types a code on SI-5. @param {Visitor} visitor @param {string} code */
export async function enterCode(visitor, code) {
  const { page } = visitor;
  await at(page, '/signin/step');
  await box(page, CODE_BOX).fill(code);
  await button(page, 'Sign in').click();
}
