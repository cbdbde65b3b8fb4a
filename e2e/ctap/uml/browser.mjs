/** A page in Chromium that creates and uses passkeys: the browser finds the key by itself. Says "ok …" for each step. */
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { executable } from '../../harness/browser.mjs';

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-default-apps', '--disable-domain-reliability', '--password-store=basic',
];

/** @param {string} text */
const said = (text) => console.log(`ok ${text}`);
/** @param {string} base64url */
const bytes = (base64url) => Buffer.from(base64url, 'base64url');
/** @param {Buffer} data */
const sha256 = (data) => createHash('sha256').update(data).digest();

const server = http.createServer((_request, response) => {
  response.setHeader('content-type', 'text/html');
  response.end('<!doctype html><title>Page</title>');
});
await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
const address = server.address();
const origin = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`;

const context = await chromium.launchPersistentContext(await mkdtemp(path.join(os.tmpdir(), 'chromium-')), {
  executablePath: executable(), headless: process.env['DISPLAY'] === undefined, args: FLAGS, timeout: 120_000,
});
context.setDefaultTimeout(60_000);
const page = context.pages()[0] ?? await context.newPage();
await page.goto(origin);
said(`${context.browser()?.version() ?? 'it'} has started`);

/** @param {'create' | 'get'} what @param {object} options in JSON @returns {Promise<any>} */
function ask(what, options) {
  return page.evaluate(async ([what, options]) => {
    const credential = what === 'create'
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    return credential.toJSON();
  }, /** @type {[string, any]} */ ([what, options]));
}

const challenge = bytes('AQIDBAUGBwgJCgsMDQ4PEA').toString('base64url');
const hints = ['security-key'];
/** @param {string} user @param {object} [more] */
const creation = (user, more = {}) => ({
  challenge, hints, timeout: 30_000, attestation: 'none',
  rp: { id: 'localhost', name: 'Page' }, user: { id: Buffer.from(user).toString('base64url'), name: user, displayName: user },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  authenticatorSelection: { residentKey: 'required', userVerification: 'required', authenticatorAttachment: 'cross-platform' },
  ...more,
});
/** @param {object} [more] */
const request = (more = {}) => ({ challenge, hints, timeout: 30_000, rpId: 'localhost', userVerification: 'required', ...more });

/** @param {any} made @param {any} got */
function signed(made, got) {
  const data = bytes(got.response.authenticatorData);
  const client = bytes(got.response.clientDataJSON);
  const { type, origin: told } = JSON.parse(client.toString());
  assert.deepEqual({ type, told }, { type: 'webauthn.get', told: origin });
  assert.deepEqual(data.subarray(0, 32), sha256(Buffer.from('localhost')));
  assert.equal(data.readUInt8(32) & 0x05, 0x05, 'present and verified');
  const key = createPublicKey({ key: bytes(made.response.publicKey), format: 'der', type: 'spki' });
  assert.ok(verify('sha256', Buffer.concat([data, sha256(client)]), key, bytes(got.response.signature)), 'the signature holds');
}

const made = await ask('create', creation('kim', { extensions: { prf: {} } }));
assert.equal(made.authenticatorAttachment, 'cross-platform');
assert.ok(made.response.transports.includes('usb'), `${made.response.transports}`);
assert.equal(made.clientExtensionResults.prf.enabled, true);
said('create: a discoverable passkey, the person verified');

const salt = Buffer.alloc(32, 9).toString('base64url');
const evaluated = request({ extensions: { prf: { eval: { first: salt } } } });
const got = await ask('get', evaluated);
assert.equal(got.id, made.id);
assert.equal(bytes(got.response.userHandle).toString(), 'kim');
signed(made, got);
said('get: found without its id, its signature holds');
const again = await ask('get', evaluated);
assert.equal(again.clientExtensionResults.prf.results.first, got.clientExtensionResults.prf.results.first);
assert.equal(bytes(again.clientExtensionResults.prf.results.first).length, 32);
said('PRF: the same secret twice');

const named = await ask('get', request({ allowCredentials: [{ type: 'public-key', id: made.id }], userVerification: 'discouraged' }));
assert.equal(named.id, made.id);
said('get: found by its id');

const direct = await ask('create', creation('ana', { attestation: 'direct', authenticatorSelection: { userVerification: 'discouraged', authenticatorAttachment: 'cross-platform' } }));
assert.match(bytes(direct.response.attestationObject).toString('latin1'), /packed/);
signed(direct, await ask('get', request({ allowCredentials: [{ type: 'public-key', id: direct.id }] })));
said('create: with the key\'s own statement');

await context.close();
server.close();
await writeFile('/run/browser', 'done\n');
