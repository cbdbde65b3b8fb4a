/** T14: a device without a sign-in page, let in by whoever has it before them (RFC 8628). */
import assert from 'node:assert/strict';
import { look, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

/** @typedef {import('../harness/index.mjs').Stage} Stage */

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const CODE = 'Code on the device';
const LET_IN = 'Let it in with my passkey';

class Television {
  /** @param {string} issuer @param {string} id @param {string} secret */
  constructor(issuer, id, secret) {
    this.issuer = issuer;
    this.headers = { authorization: `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}` };
    /** @type {Record<string, any>} */
    this.begun = {};
  }

  /** @param {Stage} stage */
  static async buy(stage) {
    const added = await stage.server.command('client', 'add', '--name', 'Television', '--grants', 'device_code', '--consent', 'pre-approved');
    return new Television(stage.server.origin, added.clientId, added.clientSecret);
  }

  /** @param {string} path @param {Record<string, string>} fields */
  async #post(path, fields) {
    const answer = await fetch(`${this.issuer}${path}`, { method: 'POST', headers: this.headers, body: new URLSearchParams(fields) });
    return answer.json();
  }

  async begin() { this.begun = await this.#post('/oauth/device', { scope: 'openid profile' }); }

  async ask() { return this.#post('/oauth/token', { grant_type: GRANT, device_code: this.begun['device_code'] }); }
}

scenario('T14.1 a device is let in by its code and a passkey', async (stage) => {
  const ana = await stage.newUser();
  const television = await Television.buy(stage);
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await television.begin();

  await desk.page.goto(`/device?user_code=${television.begun['user_code']}`);
  assert.equal(await step.box(desk.page, CODE).inputValue(), '', 'no address fills the code in');
  await look(desk, 'device-code');
  await step.box(desk.page, CODE).fill('AEIO');
  await step.button(desk.page, 'Next').click();
  await step.says(desk.page, 'That is no code of a device.');
  await step.box(desk.page, CODE).fill(television.begun['user_code'].toLowerCase());
  await step.button(desk.page, 'Next').click();
  await step.says(desk.page, 'This device wants to use your account with Television.');
  await look(desk, 'device-approve');

  // Nobody touches the authenticator: nothing is let in.
  await desk.authenticator.touch(false);
  await step.button(desk.page, LET_IN).click();
  await step.button(desk.page, 'Cancel').click();
  await desk.authenticator.touch(true);
  await step.button(desk.page, LET_IN).click();
  await step.says(desk.page, 'The device is in');
  await look(desk, 'device-approved');
  const tokens = await television.ask();
  assert.equal(tokens.token_type, 'Bearer', JSON.stringify(tokens));
  assert.equal((await television.ask()).error, 'invalid_grant');
});

scenario('T14.2 a device is not let in', async (stage) => {
  const ana = await stage.newUser();
  const television = await Television.buy(stage);
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await television.begin();
  await desk.page.goto('/device');
  await step.box(desk.page, CODE).fill(television.begun['user_code']);
  await step.button(desk.page, 'Next').click();
  await step.button(desk.page, "Don't let it in").click();
  await step.says(desk.page, 'The device was not let in');
  assert.equal((await television.ask()).error, 'access_denied');
});
