/** Chromium, and one person's browser in it. */
import { chromium } from 'playwright-core';
import { existsSync } from 'node:fs';
import { Authenticator } from './authenticator.mjs';
import { Watch } from './watch.mjs';

/** Without the background flags Chromium looks for its maker's hosts at every start. */
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-default-apps', '--disable-domain-reliability',
];

/** @type {Promise<import('playwright-core').Browser> | undefined} */
let browser;

/** Public keys whose certificates the browser takes as if it trusted their authority. @type {string[]} */
const pins = [];

/** Has Chromium take certificates with that key, from its start on. @param {string} pin base64 of the SHA-256 of the public key */
export function trust(pin) {
  if (!pins.includes(pin)) pins.push(pin);
}

/** Where Chromium is. */
export function executable() {
  const found = process.env['KEYWARD_CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
  if (found === undefined) throw new Error('no Chromium here: apt-get install chromium, or set KEYWARD_CHROMIUM');
  return found;
}

/** The one Chromium of this process. */
export function chromiumBrowser() {
  const executablePath = executable();
  const trusted = pins.length > 0 ? [`--ignore-certificate-errors-spki-list=${pins.join(',')}`] : [];
  return browser ??= chromium.launch({ executablePath, args: [...FLAGS, ...trusted] });
}

/** Ends it. */
export async function closeBrowser() {
  await (await browser)?.close();
  browser = undefined;
}

/**
 * @typedef {object} VisitorOptions
 * @property {boolean} [javaScript] false: scripts are off
 * @property {string} [locale] of the browser; `en-GB` without
 * @property {import('./authenticator.mjs').Kind | 'none'} [authenticator] `computer` without
 * @property {{ width: number, height: number }} [viewport]
 * @property {string} [userAgent] what the browser calls itself
 * @property {boolean} [touch] a phone: touch, and a small page that fills the screen
 */

/** One person at one browser: a context with its own cookies, a page, an authenticator, and a watch over all of it. */
export class Visitor {
  /** @type {Authenticator | undefined} */
  #authenticator;

  /**
   * @param {import('playwright-core').BrowserContext} context
   * @param {import('playwright-core').Page} page
   * @param {import('playwright-core').CDPSession} devtools
   * @param {Watch} watch
   * @param {boolean} javaScript
   */
  constructor(context, page, devtools, watch, javaScript) {
    this.context = context;
    this.page = page;
    this.devtools = devtools;
    this.watch = watch;
    this.javaScript = javaScript;
  }

  /** @param {string} origin @param {VisitorOptions} options */
  static async open(origin, options) {
    const javaScript = options.javaScript ?? true;
    const context = await (await chromiumBrowser()).newContext({
      baseURL: origin,
      javaScriptEnabled: javaScript,
      locale: options.locale ?? 'en-GB',
      timezoneId: 'Europe/Zurich',
      reducedMotion: 'reduce',
      viewport: options.viewport ?? { width: 1280, height: 800 },
      ...(options.userAgent === undefined ? {} : { userAgent: options.userAgent }),
      ...(options.touch ? { hasTouch: true, isMobile: true } : {}),
    });
    context.setDefaultTimeout(10_000);
    const watch = new Watch(origin);
    await watch.over(context);
    return Visitor.#tab(context, watch, javaScript, options.authenticator ?? 'computer');
  }

  /**
   * @param {import('playwright-core').BrowserContext} context
   * @param {Watch} watch
   * @param {boolean} javaScript
   * @param {import('./authenticator.mjs').Kind | 'none'} kind
   */
  static async #tab(context, watch, javaScript, kind) {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable', { enableUI: false });
    const visitor = new Visitor(context, page, devtools, watch, javaScript);
    if (kind !== 'none') visitor.#authenticator = await Authenticator.plugIn(devtools, kind);
    return visitor;
  }

  /** A second tab of the same browser, with the same passkeys at hand as this one has now. */
  async secondTab() {
    const visitor = await Visitor.#tab(this.context, this.watch, this.javaScript, this.#authenticator ? 'computer' : 'none');
    if (this.#authenticator) await this.#authenticator.copyTo(visitor.authenticator);
    return visitor;
  }

  /** The authenticator that this page talks to. */
  get authenticator() {
    if (!this.#authenticator) throw new Error('this visitor has no authenticator');
    return this.#authenticator;
  }

  /** Takes another authenticator instead. @param {import('./authenticator.mjs').Kind} kind */
  async plugIn(kind) {
    await this.#authenticator?.unplug();
    this.#authenticator = await Authenticator.plugIn(this.devtools, kind);
    return this.#authenticator;
  }

  /** Plugs in one more. @param {import('./authenticator.mjs').Kind} kind */
  async plugInToo(kind) {
    return Authenticator.plugIn(this.devtools, kind);
  }

  /** The path that the page shows. */
  get path() {
    return new URL(this.page.url()).pathname;
  }

  async close() {
    await this.context.close();
  }
}
