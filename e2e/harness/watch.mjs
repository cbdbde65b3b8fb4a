/**
 * What must never happen in any scenario: an error in the console, a violation of the page's policy, a request to
 * another host, a document without one heading and a title or with invalid markup.
 */
import assert from 'node:assert/strict';
import { HtmlValidate } from 'html-validate';

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
  + "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** The companion's pages may also have a manifest and the one worker (DESIGN 3). */
const COMPANION = POLICY.replace("'; require-trusted", "'; manifest-src 'self'; worker-src 'self'; require-trusted").replace("trusted-types 'none'", 'trusted-types keyward-sw');

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // Templates indent and wrap as they like, and a doctype in lower case is one.
    'no-trailing-whitespace': 'off',
    'doctype-style': 'off',
    // Length of a title is a matter for search engines, which never see these pages.
    'long-title': 'off',
    // A button without a type submits its form: the default that is meant.
    'no-implicit-button-type': 'off',
    // Two buttons of one form share a name: which one was pressed is the answer.
    'form-dup-name': 'off',
    'no-inline-style': 'error',
    'require-sri': 'off',
    // Without scripts a page that waits is loaded again every few seconds, as WCAG's own technique for that case asks.
    'meta-refresh': 'off',
  },
});

/**
 * A document that the person left at once has no body any more, and may never say so: the next one is read instead.
 * @template T @param {Promise<T>} reading @returns {Promise<T | undefined>}
 */
async function atHand(reading) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const never = new Promise((resolve) => { timer = setTimeout(resolve, 10_000, undefined); });
  try {
    return await Promise.race([reading.catch(() => undefined), never]);
  } finally {
    clearTimeout(timer);
  }
}

/** Markup that was already found valid: the same page comes many times. @type {Set<string>} */
const valid = new Set();

export class Watch {
  /** @type {string[]} */
  complaints = [];
  /** @type {RegExp[]} */
  #expected = [];
  /** Addresses whose document itself came with 4xx or 5xx: the browser notes that as an error, and it is none. @type {Set<string>} */
  #refusedDocuments = new Set();
  /** @type {Promise<void>[]} */
  #reading = [];
  /** Origins of others that a scenario goes to: what they serve is not ours to judge. @type {Set<string>} */
  #others = new Set();

  /** @param {string} origin */
  constructor(origin) {
    this.origin = origin;
  }

  /** A scenario that breaks something on purpose says which complaint follows. @param {RegExp} complaint */
  expect(complaint) {
    this.#expected.push(complaint);
  }

  /** An application that people go to from here. @param {string} origin */
  leaveAlone(origin) {
    this.#others.add(origin);
  }

  /** @param {string} url */
  #foreign(url) {
    return URL.canParse(url) && this.#others.has(new URL(url).origin);
  }

  /** @param {import('playwright-core').BrowserContext} context */
  async over(context) {
    await context.exposeBinding('keywardViolation', (_source, /** @type {string} */ text) => { this.complaints.push(`policy: ${text}`); });
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        /** @type {any} */ (globalThis).keywardViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      });
    });
    context.on('page', (page) => this.#page(page));
  }

  /** @param {import('playwright-core').Page} page */
  #page(page) {
    page.on('pageerror', (error) => { this.complaints.push(`uncaught: ${error.stack ?? error.message}`); });
    page.on('console', (message) => {
      const noted = `${message.type()}: ${message.text()} (${message.location().url})`;
      if (this.#foreign(message.location().url)) return;
      if (message.type() === 'error') this.#noteError(message.text(), message.location().url, noted);
      else if (message.type() === 'warning' && /security policy|trusted/i.test(message.text())) this.complaints.push(noted);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(`${this.origin}/`) && !this.#foreign(request.url()) && !/^(data|blob|about):/.test(request.url())) {
        this.complaints.push(`third party: ${request.url()}`);
      }
    });
    page.on('response', (response) => {
      if (!response.request().isNavigationRequest() || this.#foreign(response.url())) return;
      if (response.status() >= 400) this.#refusedDocuments.add(response.url());
      if ((response.headers()['content-type'] ?? '').startsWith('text/html')) this.#reading.push(this.#read(response));
    });
  }

  /** @param {string} text @param {string} url @param {string} noted */
  #noteError(text, url, noted) {
    if (text.startsWith('Failed to load resource: the server responded with a status of') && this.#refusedDocuments.has(url)) return;
    this.complaints.push(noted);
  }

  /** @param {import('playwright-core').Response} response */
  async #read(response) {
    const where = `${response.request().method()} ${new URL(response.url()).pathname}`;
    const headers = await atHand(response.allHeaders());
    if (headers !== undefined) this.#headers(where, headers);
    const body = await atHand(response.text());
    if (body !== undefined) await this.#markup(where, body);
  }

  /** @param {string} where @param {Record<string, string>} headers */
  #headers(where, headers) {
    const companion = /^\w+ \/a\//.test(where) && headers['content-security-policy'] === COMPANION;
    // On the way to an application the form's last redirect is its own.
    const leadsOn = [...this.#others].some((origin) => headers['content-security-policy'] === POLICY.replace("form-action 'self'", `form-action 'self' ${origin}`));
    // The signed-out page frames the applications that are told by one (OpenID Connect Front-Channel Logout).
    const frames = where === 'GET /signed-out'
      && [...this.#others].some((origin) => headers['content-security-policy'] === `${POLICY}; frame-src ${origin}`);
    if (headers['content-security-policy'] !== POLICY && !companion && !leadsOn && !frames) this.complaints.push(`${where}: policy is ${headers['content-security-policy']}`);
    if (headers['x-content-type-options'] !== 'nosniff') this.complaints.push(`${where}: no nosniff`);
    if (!/no-store/.test(headers['cache-control'] ?? '')) this.complaints.push(`${where}: cache-control is ${headers['cache-control']}`);
    if (!/no-referrer|same-origin/.test(headers['referrer-policy'] ?? '')) this.complaints.push(`${where}: referrer-policy is ${headers['referrer-policy']}`);
  }

  /** @param {string} where @param {string} body */
  async #markup(where, body) {
    const headings = body.match(/<h1[\s>]/g)?.length ?? 0;
    if (headings !== 1) this.complaints.push(`${where}: ${headings} h1`);
    if (!/<title>[^<]*\S[^<]*<\/title>/.test(body)) this.complaints.push(`${where}: no title`);
    if (!/<html[^>]* lang="[a-z]/.test(body)) this.complaints.push(`${where}: no language`);
    const inline = body.match(/<script(?![^>]*(?:\ssrc=|type="application\/json"))[^>]*>/);
    if (inline) this.complaints.push(`${where}: inline script ${inline[0]}`);
    const untranslated = body.match(/⟦[^⟧]*⟧/);
    if (untranslated) this.complaints.push(`${where}: no text for ${untranslated[0]}`);
    if (valid.has(body)) return;
    const report = await validator.validateString(body);
    for (const result of report.results) {
      for (const message of result.messages) {
        this.complaints.push(`${where}: markup ${message.ruleId}: ${message.message} (${message.selector ?? `line ${message.line}`})`);
      }
    }
    if (report.valid) valid.add(body);
  }

  /** Fails with everything that was seen and not expected. */
  async verify() {
    await Promise.all(this.#reading);
    const left = [...new Set(this.complaints)].filter((complaint) => !this.#expected.some((pattern) => pattern.test(complaint)));
    assert.deepEqual(left, [], 'the watch saw');
  }
}
