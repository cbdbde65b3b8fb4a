/**
 * A tiny application on another site, `http://127.0.0.1:…`: it sends people to the provider, shows what comes back and
 * exchanges codes, with nothing but HTTP in between.
 */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';

/** @typedef {import('./browser.mjs').Visitor} Visitor */
/** @typedef {import('./index.mjs').Stage} Stage */

/** What came back. @typedef {{ method: string, parameters: Record<string, string> }} Told */

export class RelyingParty {
  #verifier = randomBytes(32).toString('base64url');
  #round = 0;

  /** @param {http.Server} server @param {string} origin @param {string} issuer */
  constructor(server, origin, issuer) {
    this.server = server;
    this.origin = origin;
    this.issuer = issuer;
    this.id = '';
    this.secret = '';
    /** The ID token that it got last. */
    this.idToken = '';
  }

  /**
   * Starts it and registers it by the command line.
   * @param {Stage} stage @param {string} name as people see it @param {...string} words of `keyward client add` after the name
   */
  static async open(stage, name, ...words) {
    const server = http.createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => { body += chunk; });
      request.on('end', () => {
        const url = new URL(request.url ?? '/', 'http://x');
        const told = { method: request.method, parameters: Object.fromEntries(request.method === 'POST' ? new URLSearchParams(body) : url.searchParams) };
        const text = JSON.stringify(told).replaceAll('<', '\\u003c');
        response.writeHead(url.pathname === '/favicon.ico' ? 204 : 200, { 'content-type': 'text/html; charset=utf-8' });
        response.end(`<!doctype html><html lang="en"><title>Application</title><h1>Application</h1><script type="application/json" id="told">${text}</script></html>`);
      });
    });
    await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    server.unref();
    const application = new RelyingParty(server, `http://127.0.0.1:${port}`, stage.server.origin);
    const added = await stage.server.command('client', 'add', '--name', name, '--redirect-uri', `${application.origin}/callback`, ...words);
    application.id = added.clientId;
    application.secret = added.clientSecret;
    return application;
  }

  /** Its question. What is named takes the place of what it asks else; an empty text leaves it out. @param {Record<string, string>} [other] */
  question(other = {}) {
    this.#round += 1;
    const asked = {
      client_id: this.id, redirect_uri: `${this.origin}/callback`, response_type: 'code', scope: 'openid', state: `state-${this.#round}`,
      nonce: `nonce-${this.#round}`, code_challenge: createHash('sha256').update(this.#verifier).digest('base64url'), code_challenge_method: 'S256', ...other,
    };
    const kept = Object.entries(asked).filter(([, value]) => value !== '');
    return `${this.issuer}/authorize?${new URLSearchParams(kept)}`;
  }

  /** Somebody is sent with a question, from its own page as in life. @param {Visitor} visitor @param {Record<string, string>} [other] */
  async ask(visitor, other = {}) {
    visitor.watch.leaveAlone(this.origin);
    await visitor.page.goto(`${this.origin}/`);
    await visitor.page.goto(this.question(other), { referer: `${this.origin}/` });
  }

  /** Waits until somebody is back, and reads what they brought. @param {Visitor} visitor @returns {Promise<Told>} */
  async told(visitor) {
    await visitor.page.waitForURL((url) => url.origin === this.origin && url.pathname === '/callback');
    const told = JSON.parse(await visitor.page.locator('#told').textContent() ?? '');
    const { hash } = new URL(visitor.page.url());
    if (hash !== '') told.parameters = Object.fromEntries(new URLSearchParams(hash.slice(1)));
    assert.equal(told.parameters.iss, this.issuer);
    assert.equal(told.parameters.state, `state-${this.#round}`);
    return told;
  }

  /** The error that somebody brings back. @param {Visitor} visitor */
  async error(visitor) {
    return (await this.told(visitor)).parameters['error'];
  }

  /** Exchanges the code that somebody brings back; gives what the ID token claims. @param {Visitor} visitor @returns {Promise<Record<string, any>>} */
  async claims(visitor) {
    const { parameters } = await this.told(visitor);
    assert.equal(parameters['error'], undefined, parameters['error_description']);
    const answer = await fetch(`${this.issuer}/oauth/token`, {
      method: 'POST',
      signal: AbortSignal.timeout(10_000),
      headers: { authorization: `Basic ${btoa(`${encodeURIComponent(this.id)}:${encodeURIComponent(this.secret)}`)}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code', code: parameters['code'] ?? '', redirect_uri: `${this.origin}/callback`, code_verifier: this.#verifier,
      }),
    });
    const tokens = await answer.json();
    assert.equal(answer.status, 200, JSON.stringify(tokens));
    this.idToken = tokens.id_token;
    const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url').toString());
    assert.equal(claims.nonce, `nonce-${this.#round}`);
    assert.equal(claims.iss, this.issuer);
    return { ...claims, scope: tokens.scope };
  }
}
