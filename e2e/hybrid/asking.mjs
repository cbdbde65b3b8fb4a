/** What a page asks of the browser, and what comes of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

/** @typedef {import('./desk.mjs').Desk} Desk */
/** @typedef {import('./phone.mjs').Phone} Phone */
/** @typedef {import('./stage.mjs').Stage} Stage */

/** @typedef {{ stage: Stage, desk: Desk, phone: Phone }} World what the scenarios of a file share */

/** A scenario; what everybody said is shown if it fails. @param {World} world @param {string} name @param {() => Promise<void>} work */
export function scenario(world, name, work) {
  test(name, { timeout: 60_000 }, async () => {
    try { await work(); } catch (error) { world.stage.report(); throw error; }
  });
}

/** Scans what is on the screen and sees to it that it was done. @param {World} world */
export async function scan({ stage, phone }) {
  const outcome = await phone.scan(await stage.code(phone));
  assert.equal(outcome.code, 0, outcome.said);
  // The dialog closes a moment later; what it shows until then is used up.
  await stage.noCode(phone);
  return outcome;
}

/**
 * Has the page ask for a passkey, and does not wait for it.
 * @param {World} world @param {'create' | 'get'} what @param {any} options of WebAuthn, with buffers as arrays of numbers
 * @param {Desk} [at]
 */
export async function ask({ stage, phone, desk }, what, options, at = desk) {
  await at.page.goto(stage.site.origin);
  await stage.noCode(phone);
  await at.page.evaluate(([how, given]) => {
    const page = /** @type {any} */ (globalThis);
    /** @type {(value: any) => any} */
    const revive = (value) => {
      if (Array.isArray(value) && value.every((one) => typeof one === 'number') && value.length > 7) return new Uint8Array(value);
      if (Array.isArray(value)) return value.map(revive);
      return value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revive(one)])) : value;
    };
    page.stop = new AbortController();
    const credentials = /** @type {any} */ (navigator.credentials);
    const asked = credentials[how]({ publicKey: revive(given), signal: page.stop.signal });
    page.outcome = asked.then((/** @type {any} */ made) => ({
      id: Array.from(new Uint8Array(made.rawId)),
      transports: made.response.getTransports?.(),
      user: made.response.userHandle ? Array.from(new Uint8Array(made.response.userHandle)) : undefined,
      prf: (({ enabled, results } = {}) => ({ enabled, first: results && Array.from(new Uint8Array(results.first)) }))(made.getClientExtensionResults().prf),
      attachment: made.authenticatorAttachment,
    }), (/** @type {Error} */ error) => ({ error: error.name }));
    page.settled = false;
    page.outcome.then(() => { page.settled = true; });
  }, /** @type {[string, any]} */ ([what, options]));
}

/** What came of it. @param {Desk} at @returns {Promise<any>} */
export const came = (at) => at.page.evaluate(() => /** @type {any} */ (globalThis).outcome);

/** Ends it from the page. @param {Desk} at */
export async function stop(at) {
  if (await at.page.evaluate(() => /** @type {any} */ (globalThis).settled)) assert.fail(`the page has its answer already: ${JSON.stringify(await came(at))}`);
  await at.page.evaluate(() => /** @type {any} */ (globalThis).stop.abort());
  assert.deepEqual(await came(at), { error: 'AbortError' });
}

/** A buffer of one value. */
export const bytes = (/** @type {number} */ length, /** @type {number} */ value) => Array.from({ length }, () => value);

/** @param {Record<string, unknown>} [extensions] */
export const creation = (extensions = {}) => ({
  challenge: bytes(32, 1),
  rp: { name: 'Page' },
  user: { id: bytes(16, 2), name: 'ana', displayName: 'Ana' },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  hints: ['hybrid'],
  extensions,
});

/** @param {Record<string, unknown>} [extensions] */
export const assertion = (extensions = {}) => ({ challenge: bytes(32, 3), userVerification: 'required', hints: ['hybrid'], extensions });
