/**
 * A phone: a second browser context with its own cookies and its own authenticator, and what a person does on it.
 *
 * Between the two screens there is only what a camera sees: the address in the computer's code.
 */
import { at, box, button, PASS, says } from './steps.mjs';

/** @typedef {import('./browser.mjs').Visitor} Visitor */
/** @typedef {import('./index.mjs').Stage} Stage */

/** The words on the phone's pages. Accessible names are a contract. */
export const CONTINUE = 'Continue';
export const NOT_MINE = 'I did not start this';
export const CREATE = 'Create passkey';
export const TRY = 'Try it now';
export const CODE = 'Code from your computer';

const PIXEL = { width: 412, height: 839 };
const IPHONE = { width: 390, height: 844 };

/** How phones' browsers call themselves, and a browser inside another app. */
export const AGENTS = {
  android: 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36',
  iphone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
  oldIphone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 15_8 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Mobile/15E148 Safari/604.1',
  webView: 'Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/156.0.0.0 Mobile Safari/537.36',
  iosWebView: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS]',
};

/**
 * A phone with a passkey provider that backs its passkeys up.
 * @param {Stage} stage
 * @param {{ agent?: keyof typeof AGENTS, locale?: string, authenticator?: 'computer' | 'none', javaScript?: boolean }} [options]
 */
export async function takePhone(stage, { agent = 'android', ...options } = {}) {
  const viewport = agent.toLowerCase().startsWith('i') || agent === 'oldIphone' ? IPHONE : PIXEL;
  return stage.desktop({ userAgent: AGENTS[agent], touch: true, viewport, ...options });
}

/** Opens what the camera read: PH-1, or what stands in its place. @param {Visitor} phone @param {string} address */
export async function scan(phone, address) {
  const url = new URL(address);
  await phone.page.goto(url.pathname);
  return url.pathname;
}

/** PH-1 to what comes next. @param {Visitor} phone */
export async function goOn(phone) {
  await Promise.all([
    phone.page.waitForEvent('load'),
    button(phone.page, CONTINUE).click(),
  ]);
}

/** PH-2 with a pass: the account is known already, only the pass is typed. @param {Visitor} phone @param {string} pass */
export async function signInByPass(phone, pass) {
  const { page } = phone;
  await at(page, /^\/signin/);
  if (!phone.path.endsWith('/tap')) await page.goto('/signin/tap');
  await box(page, PASS).fill(pass);
  await button(page, 'Sign in').click();
  await at(page, /^\/a\/e\//);
}

/** PH-3: the number that the phone shows. @param {Visitor} phone @returns {Promise<string>} */
export async function numberOn(phone) {
  await phone.page.locator('#number').waitFor();
  return (await phone.page.locator('#number').textContent() ?? '').trim();
}

/** PH-5 to PH-7. @param {Visitor} phone */
export async function create(phone) {
  await button(phone.page, CREATE).click();
  await says(phone.page, /Your passkey is saved/);
}

/** PH-7 to PH-8. @param {Visitor} phone */
export async function tryIt(phone) {
  await button(phone.page, TRY).click();
  await says(phone.page, /It works/);
}
