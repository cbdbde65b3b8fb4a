/** Others' clients: how each is registered and started. What they are told is in their own documentation. */
import path from 'node:path';
import { file } from '../harness/applications.mjs';

/** @typedef {import('../harness/applications.mjs').Client} Client */
/** @typedef {import('../harness/applications.mjs').Place} Place */

/** Where clients/run puts what it makes: the Python environment, the Rust program, nginx. */
const built = process.env['KEYWARD_CLIENTS'] ?? '';

const SCOPES = ['--scopes', 'openid profile email offline_access', '--grants', 'authorization_code,refresh_token'];

/** @param {string} origin */
const usual = (origin) => ['--redirect-uri', `${origin}/callback`, '--post-logout-redirect-uri', `${origin}/`, ...SCOPES];

/** What is Node's: the application's own variables, and which authority it trusts. @param {string} name @param {Place} place */
const node = (name, place) => ({
  command: process.execPath, words: [file(`apps/${name}.mjs`)], variables: { ...place, NODE_EXTRA_CA_CERTS: place.AUTHORITY },
});

/** The same for Python's requests. @param {string} name @param {Place} place */
const python = (name, place) => ({
  command: path.join(built, 'venv/bin/python'), words: ['-B', file(`apps/${name}.py`)], variables: { ...place, REQUESTS_CA_BUNDLE: place.AUTHORITY },
});

/** It reads the key set again for a key that it does not know, at most once a minute. */
const A_MINUTE = 61_000;

/** @type {Client} */
export const openidClient = {
  name: 'openid-client',
  registration: (origin) => ['--auth', 'client_secret_post', ...usual(origin)],
  start: (place) => node('openid_client', place),
  patience: A_MINUTE,
};

/** @type {Client} */
export const oauth4webapi = {
  name: 'oauth4webapi',
  registration: (origin) => ['--auth', 'client_secret_basic', '--pushed-only', 'true', '--dpop-bound', 'true', ...usual(origin)],
  start: (place) => node('oauth4webapi', place),
  patience: A_MINUTE,
};

/** @type {Client} */
export const oidcClientTs = {
  name: 'oidc-client-ts',
  registration: (origin) => ['--auth', 'none', ...usual(origin)],
  start: (place) => node('oidc_client_ts', place),
};

/** @type {Client} */
export const authlib = {
  name: 'Authlib',
  registration: (origin) => ['--auth', 'client_secret_basic', '--redirect-uri', `${origin}/callback`, '--post-logout-redirect-uri', `${origin}/out`, ...SCOPES],
  start: (place) => python('authlib_app', place),
};

/** It has no refresh tokens: when its time is over, it asks the provider again with prompt=none. @type {Client} */
export const mozillaDjangoOidc = {
  name: 'mozilla-django-oidc',
  registration: (origin) => ['--auth', 'client_secret_post', '--redirect-uri', `${origin}/oidc/callback/`,
    '--post-logout-redirect-uri', `${origin}/`, '--scopes', 'openid profile email', '--grants', 'authorization_code'],
  start: (place) => python('django_app', place),
  ways: {
    begin: async (page, origin) => { await page.goto(`${origin}/oidc/authenticate/`, { waitUntil: 'commit' }); },
    arrived: async (page, origin) => {
      await page.waitForURL(`${origin}/`);
      return JSON.parse(await page.locator('#state').textContent() ?? '');
    },
    refresh: async (page, origin) => { await page.goto(`${origin}/expire`); },
    over: async (page, origin) => {
      await page.goto(`${origin}/expire`);
      await page.locator('#out').waitFor();
    },
    signOut: async (page, origin) => { await page.goto(`${origin}/oidc/logout/`, { waitUntil: 'commit' }); },
    signedOut: async (page, origin) => {
      await page.waitForURL(`${origin}/`);
      await page.locator('#out').waitFor();
    },
  },
};

/** A native application: no secret, and a port that was not registered. @type {Client} */
export const openidconnectCrate = {
  name: 'openidconnect',
  scheme: 'http',
  registration: (origin) => ['--auth', 'none', '--redirect-uri', 'http://127.0.0.1/callback', '--post-logout-redirect-uri', `${origin}/`, ...SCOPES],
  start: (place) => ({ command: path.join(built, 'native/debug/native'), words: [], variables: place }),
};
