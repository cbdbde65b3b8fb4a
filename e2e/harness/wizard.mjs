/** The computer's side of a passkey on the phone: from the wizard's first page to the code, and the code as a camera sees it. */
import assert from 'node:assert/strict';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { look } from './screens.mjs';
import { at, button, link, says } from './steps.mjs';

/** @typedef {import('./browser.mjs').Visitor} Visitor */

export const ON_PHONE = /Passkey in Authenticator/;
export const BY_LINK = 'Scan a code and use your phone';
export const BY_BROWSER = 'Let this browser talk to the phone';
const CODE_PAGE = /^\/me\/security\/add\/phone\/[0-9a-f-]{36}$/;

/** W-1 to W-4. @param {Visitor} desk @param {'Android' | 'iPhone or iPad'} [phone] */
export async function toHow(desk, phone = 'Android') {
  const { page } = desk;
  await page.goto('/me/security/add');
  await page.getByRole('radio', { name: ON_PHONE }).check();
  await look(desk, 'W-1-phone');
  await button(page, 'Next').click();
  await at(page, '/me/security/add/phone/check');
  await look(desk, 'W-2');
  await link(page, 'Next').click();
  await at(page, '/me/security/add/phone/which');
  await page.getByRole('radio', { name: phone }).check();
  await look(desk, 'W-3');
  await button(page, 'Next').click();
  await at(page, '/me/security/add/phone/how');
  await look(desk, 'W-4');
}

/** W-1 to the code of W-5b; gives what a camera reads from the screen. @param {Visitor} desk */
export async function toCode(desk) {
  await toHow(desk);
  await desk.page.getByRole('radio', { name: BY_LINK }).check();
  await button(desk.page, 'Next').click();
  await at(desk.page, CODE_PAGE);
  await says(desk.page, /Waiting for your phone/);
  return readCode(desk);
}

/** What a camera reads from the screen. @param {Visitor} desk */
export async function readCode(desk) {
  const figure = desk.page.getByRole('img', { name: /QR code/ });
  const { data, width, height } = PNG.sync.read(await figure.screenshot());
  const decode = /** @type {typeof import('jsqr').default} */ (/** @type {unknown} */ (jsqr));
  const found = decode(new Uint8ClampedArray(data), width, height);
  assert.ok(found, 'the picture on the screen is no QR code');
  return found.data;
}

/** The sentence that says where the errand stands. @param {Visitor} desk */
export const status = (desk) => desk.page.locator('#status');

/** Waits until the computer says so. @param {Visitor} desk @param {RegExp} words */
export async function told(desk, words) {
  await status(desk).filter({ hasText: words }).waitFor({ timeout: 15_000 });
}
