/**
 * Others' OpenID Connect clients against the real program over TLS: each an application in a process of its own at
 * `https://127.0.0.1:…`, another site than the provider's `https://localhost:…`.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import https from 'node:https';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { trust } from './browser.mjs';
import { play } from './index.mjs';
import * as step from './steps.mjs';
import { certificates, freePort } from './tls.mjs';

/** @typedef {import('./browser.mjs').Visitor} Visitor */
/** @typedef {import('./index.mjs').Stage} Stage */
/** @typedef {import('playwright-core').Page} Page */

/**
 * @typedef {object} State what an application shows of a sign-in
 * @property {Record<string, any>} header of the ID token
 * @property {Record<string, any>} claims
 * @property {Record<string, any>} userinfo
 * @property {string | null} access short names of the tokens, no more than to tell one from another
 * @property {string | null} refresh
 */

/**
 * @typedef {object} Client how one client is registered, started and used
 * @property {string} name as people see it
 * @property {'http' | 'https'} [scheme] of its own origin
 * @property {(origin: string) => string[]} registration the words of `keyward client add`
 * @property {(place: Place) => { command: string, words: string[], variables?: Record<string, string> }} start
 * @property {Ways} [ways] where it has pages of its own
 * @property {Record<string, string>} [settings] of the provider, as `serve` wants them
 * @property {number} [patience] for so many milliseconds after it read the key set it reads it for no new key
 */

/** @typedef {Record<'ISSUER' | 'CLIENT_ID' | 'CLIENT_SECRET' | 'ORIGIN' | 'CERTIFICATE' | 'KEY' | 'AUTHORITY', string>} Place */

/**
 * @typedef {object} Ways
 * @property {(page: Page, origin: string) => Promise<void>} begin from anywhere to the provider
 * @property {(page: Page, origin: string) => Promise<State>} arrived waits until one is signed in, and reads what is shown
 * @property {(page: Page, origin: string) => Promise<void>} refresh
 * @property {(page: Page, origin: string) => Promise<void>} over waits until it holds nothing that the provider still honours
 * @property {(page: Page, origin: string) => Promise<void>} signOut as far as the browser's leaving for the provider
 * @property {(page: Page, origin: string) => Promise<void>} signedOut waits until it says so
 */

/** Those of the applications in clients/apps. @type {Ways} */
const ORDINARY = {
  begin: async (page, origin) => { await page.goto(`${origin}/login`, { waitUntil: 'commit' }); },
  arrived: async (page, origin) => {
    await page.waitForURL(`${origin}/`);
    return JSON.parse(await page.locator('#state').textContent() ?? '');
  },
  refresh: async (page, origin) => { await page.goto(`${origin}/refresh`); },
  over: async (page, origin) => {
    await page.goto(`${origin}/refresh`);
    await page.locator('#error').filter({ hasText: 'invalid_grant' }).waitFor();
  },
  signOut: async (page, origin) => { await page.goto(`${origin}/logout`, { waitUntil: 'commit' }); },
  signedOut: async (page, origin) => {
    await page.waitForURL((url) => url.origin === origin && url.pathname === '/');
    await page.locator('#out').waitFor();
  },
};

/** Path of a file in clients/. @param {string} name */
export const file = (name) => fileURLToPath(new URL(`../clients/${name}`, import.meta.url));

/** One running application. */
class Application {
  log = '';
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  readKeys = 0;

  /** @param {Client} client @param {string} origin */
  constructor(client, origin) {
    this.client = client;
    this.origin = origin;
    this.ways = client.ways ?? ORDINARY;
  }

  /** Registers it by the command line as an operator would, and starts it. @param {Stage} stage @param {Client} client */
  static async start(stage, client) {
    const { authority, certificate, key } = await certificates();
    const application = new Application(client, `${client.scheme ?? 'https'}://127.0.0.1:${await freePort()}`);
    const registered = await stage.server.command('client', 'add', '--name', client.name, ...client.registration(application.origin));
    const started = client.start({
      ISSUER: stage.server.origin, CLIENT_ID: registered.clientId, CLIENT_SECRET: registered.clientSecret ?? '', ORIGIN: application.origin,
      CERTIFICATE: certificate, KEY: key, AUTHORITY: authority,
    });
    await application.#spawn(started, stage.server.folder);
    return application;
  }

  /** @param {{ command: string, words: string[], variables?: Record<string, string> }} started @param {string} folder */
  async #spawn({ command, words, variables }, folder) {
    const child = spawn(command, words, {
      cwd: folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...variables }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.on('data', (chunk) => { this.log += chunk; });
    await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.client.name} was not ready within 30 s:\n${this.log}`)), 30_000);
      child.stdout.on('data', (chunk) => {
        this.log += chunk;
        if (/^ready$/m.test(String(chunk))) { clearTimeout(timer); resolve(undefined); }
      });
      child.once('error', reject);
      child.once('exit', (code) => { clearTimeout(timer); reject(new Error(`${this.client.name} ended with ${code}:\n${this.log}`)); });
    });
  }

  async stop() {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
}

/** The provider's key set. @param {string} issuer @returns {Promise<Record<string, any>[]>} */
export async function keySet(issuer) {
  const { ca } = await certificates();
  const body = await new Promise((resolve, reject) => {
    https.get(`${issuer}/oauth/jwks`, { ca }, (response) => {
      let text = '';
      response.on('data', (chunk) => { text += chunk; });
      response.on('end', () => resolve(text));
    }).once('error', reject);
  });
  return JSON.parse(body).keys;
}

/** @param {string} issuer @returns {Promise<string[]>} */
const keyIds = async (issuer) => (await keySet(issuer)).map((key) => key['kid']);

/** Replaces the keys that sign, and waits until the running server has seen it. @param {Stage} stage */
export async function rotate(stage) {
  const issuer = stage.server.origin;
  const before = await keyIds(issuer);
  await stage.server.command('key', 'rotate', '--signing', '--now');
  const deadline = Date.now() + 10_000;
  for (;;) {
    if ((await keyIds(issuer)).some((kid) => !before.includes(kid))) return;
    assert.ok(Date.now() < deadline, 'the key set has no new key');
  }
}

/**
 * From the provider's pages to the application: with the passkey where nobody is signed in, the sign-in page naming the
 * application; without a page where somebody is.
 * @param {Visitor} desk @param {Application} application
 */
async function through(desk, application) {
  return application.ways.arrived(desk.page, application.origin);
}

/** @param {import('./index.mjs').Person} person @param {State} state @param {string} issuer */
function isHerself(person, { claims, userinfo }, issuer) {
  assert.equal(claims['iss'], issuer);
  assert.equal(userinfo['sub'], claims['sub']);
  assert.equal(userinfo['email'], person.email);
  assert.equal(userinfo['name'], person.name);
  assert.equal(claims['acr'], 'phr', 'the passkey is what was proven');
  assert.ok(claims['amr'].includes('user'), `amr is ${claims['amr']}`);
  assert.ok(Math.abs(Date.now() / 1000 - claims['auth_time']) < 120, 'auth_time is when she signed in');
  assert.equal(typeof claims['sid'], 'string');
}

/** Nobody is signed in at the provider; the passkey is not touched meanwhile. @param {Visitor} desk */
async function isSignedOut(desk) {
  await desk.authenticator.touch(false);
  await desk.page.goto('/me/security');
  await step.at(desk.page, '/signin');
  await desk.page.goto('about:blank');
  await desk.authenticator.touch(true);
}

/** What an application with refresh tokens gets for one. @param {Visitor} desk @param {Application} application @param {State} before */
async function refreshed(desk, application, before) {
  await application.ways.refresh(desk.page, application.origin);
  const after = await application.ways.arrived(desk.page, application.origin);
  assert.equal(after.claims['sub'], before.claims['sub']);
  assert.notEqual(after.access, before.access, 'a new access token');
  if (before.refresh !== null) assert.notEqual(after.refresh, before.refresh, 'a new refresh token');
  return after;
}

/**
 * Everything: sign-in by passkey at the first, single sign-on at the others, refresh, new signing keys meanwhile,
 * sign-out from the first, which ends what the others hold, and in again.
 * @param {Stage} stage @param {Application[]} applications
 */
async function everything(stage, applications) {
  const issuer = stage.server.origin;
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  for (const { origin } of applications) desk.watch.leaveAlone(origin);
  // A page that is its own client is told so when its refresh token has ended; the browser notes that as an error.
  desk.watch.expect(/status of 400 .*\/oauth\/token\)$/);
  await step.settleIn(desk, ana);
  await step.signOut(desk);

  /** @type {Map<Application, State>} */
  const states = new Map();
  for (const application of applications) {
    await application.ways.begin(page, application.origin);
    const state = await through(desk, application);
    application.readKeys = Date.now();
    isHerself(ana, state, issuer);
    states.set(application, await refreshed(desk, application, state));
  }

  await rotate(stage);
  for (const application of applications) {
    const left = application.readKeys + (application.client.patience ?? 0) - Date.now();
    if (left > 0) await new Promise((resolve) => { setTimeout(resolve, left); });
    await application.ways.begin(page, application.origin);
    const state = await through(desk, application);
    assert.notEqual(state.header['kid'], states.get(application)?.header['kid'], 'signed with a new key');
    assert.equal(state.claims['auth_time'], states.get(application)?.claims['auth_time'], 'single sign-on');
    await refreshed(desk, application, state);
  }

  for (const leaving of applications) {
    await leaving.ways.signOut(page, leaving.origin);
    await leaving.ways.signedOut(page, leaving.origin);
    await isSignedOut(desk);
    for (const other of applications.filter((one) => one !== leaving)) {
      await other.ways.over(page, other.origin);
    }
    for (const application of applications) {
      await application.ways.begin(page, application.origin);
      await through(desk, application);
    }
  }

  // Signing out at the provider itself ends what the applications hold, too.
  await page.goto('/me/security');
  await step.signOut(desk);
  for (const application of applications) {
    await application.ways.over(page, application.origin);
  }
}

/**
 * A scenario over TLS with some clients.
 * @param {string} name @param {Client[]} clients
 * @param {(stage: Stage, applications: Application[]) => Promise<void>} [work]
 */
export function withClients(name, clients, work = everything) {
  test(name, { timeout: 240_000 }, async () => play(await overTls(clients), async (stage) => {
    /** @type {Application[]} */
    const applications = [];
    let failed = true;
    try {
      for (const client of clients) applications.push(await Application.start(stage, client));
      await work(stage, applications);
      failed = false;
    } finally {
      for (const application of applications) {
        await application.stop();
        if (failed) console.error(`--- ${application.client.name} said\n${application.log.slice(-4000)}`);
      }
    }
  }));
}

/** Has the browser of this process trust the certificates, and says how to start the server with them. @param {Client[]} clients */
async function overTls(clients) {
  const { certificate, key, authority, pin } = await certificates();
  trust(pin);
  const port = await freePort();
  return {
    listen: `127.0.0.1:${port}`,
    settings: {
      KEYWARD_ORIGIN: `https://localhost:${port}`,
      KEYWARD_TLS_CERTIFICATE: certificate,
      KEYWARD_TLS_KEY: key,
      // Back-channel logout goes to applications on this machine, whose certificates are of our own authority.
      KEYWARD_OUTBOUND_ALLOW: '127.0.0.0/8',
      KEYWARD_OUTBOUND_CERTIFICATES: authority,
      ...Object.assign({}, ...clients.map((client) => client.settings ?? {})),
    },
  };
}
