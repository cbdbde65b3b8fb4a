/** Creating a passkey: what can come between (T4). */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { look, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

/** The bit of authenticator data that says that the person was verified. */
const USER_VERIFIED = 0x04;

/** @param {import('../harness/index.mjs').Stage} stage */
async function atCreate(stage) {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.signInWithPass(desk, ana);
  await step.choosePlace(desk, 'computer');
  return { ana, desk, page: desk.page };
}

scenario('T4 creation cancelled: nothing has changed, and it can be tried again', async (stage) => {
  const { desk, page } = await atCreate(stage);
  await desk.authenticator.touch(false);
  await step.shortenPrompt(desk, '/me/security/add/begin', 1500);
  await step.button(page, 'Create passkey').click();
  await step.says(page, /No passkey was created/);
  await look(desk, 'W-5a-cancelled');
  await desk.authenticator.touch(true);
  await step.button(page, 'Create passkey').click();
  await step.at(page, /\/name$/);
});

scenario('T4 an open prompt can be left with Cancel', async (stage) => {
  const { desk, page } = await atCreate(stage);
  await desk.authenticator.touch(false);
  await step.button(page, 'Create passkey').click();
  await step.button(page, 'Cancel').click();
  await step.button(page, 'Create passkey').waitFor();
  assert.match(desk.path, /\/create$/);
  assert.equal((await desk.authenticator.credentials()).length, 0);
});

scenario('T4 creation timed out', async (stage) => {
  const { desk, page } = await atCreate(stage);
  await page.evaluate(() => {
    navigator.credentials.create = async () => { throw new DOMException('stub', 'TimeoutError'); };
  });
  await step.button(page, 'Create passkey').click();
  await step.says(page, /took too long/);
  await look(desk, 'W-5a-timeout');
});

scenario('T4 the device does not verify its person', async (stage) => {
  const { desk, page } = await atCreate(stage);
  await desk.authenticator.verifies(false);
  await step.button(page, 'Create passkey').click();
  await step.says(page, /screen lock/);
  await look(desk, 'W-5a-not-started');
});

scenario('T4 an authenticator that has one already', async (stage) => {
  const { desk, page } = await atCreate(stage);
  await step.addPasskey(desk);
  await step.choosePlace(desk, 'computer');
  await step.button(page, 'Create passkey').click();
  await step.says(page, /already is a passkey for your account/);
  await look(desk, 'W-5a-duplicate');
  await page.locator('main').getByRole('link', { name: /Try it|Security info/ }).waitFor();
  assert.equal((await desk.authenticator.credentials()).length, 1);
});

scenario('T4 a passkey that the server refuses does not stay behind', async (stage) => {
  const { desk, page } = await atCreate(stage);
  await step.changeRequest(desk, '/me/security/add/finish', (body) => {
    const bytes = Buffer.from(body.response.response.attestationObject, 'base64url');
    const start = bytes.indexOf(createHash('sha256').update('localhost').digest());
    assert.ok(start > 0, 'authenticator data begins with the hash of the RP ID');
    bytes.writeUInt8(bytes.readUInt8(start + 32) & ~USER_VERIFIED, start + 32);
    body.response.response.attestationObject = bytes.toString('base64url');
    delete body.response.response.authenticatorData;
  });
  const deleted = new Promise((resolve) => { desk.devtools.once('WebAuthn.credentialDeleted', resolve); });
  await step.button(page, 'Create passkey').click();
  await step.says(page, /did not check your fingerprint, face or PIN/);
  await deleted;
  await look(desk, 'W-5a-refused');
  assert.equal((await desk.authenticator.credentials()).length, 0, 'no orphan');
});

scenario('T4 the reply is lost: trying again gives the same answer, and the passkey is kept', async (stage) => {
  const { desk, page } = await atCreate(stage);
  desk.watch.expect(/ERR_CONNECTION_RESET.*add\/finish/);
  const { dealt } = await step.loseReply(desk, '/me/security/add/finish');
  await step.button(page, 'Create passkey').click();
  const lost = await dealt;
  assert.equal(lost.ok, true);
  await step.says(page, /saved on your device, but we could not store it yet/);
  await look(desk, 'W-5a-lost-reply');
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await step.at(page, /\/name$/);
  assert.equal(desk.path, lost.next, 'the same answer');
  assert.deepEqual(desk.authenticator.deleted, [], 'no signal after a lost reply');
  assert.equal((await desk.authenticator.credentials()).length, 1);
  await step.signOut(desk);
  await step.signInByAutofill(desk);
});

scenario('T4 the page was open too long: a challenge that has ended is renewed or explained', async (stage) => {
  const { desk, page } = await atCreate(stage);
  await step.changeRequest(desk, '/me/security/add/finish', (body) => {
    body.state = body.state.slice(0, -4) + (body.state.endsWith('AAAA') ? 'BBBB' : 'AAAA');
  });
  await step.button(page, 'Create passkey').click();
  await step.says(page, /open too long/);
  assert.match(desk.path, /\/create$/);
  await look(desk, 'W-5a-state-refused');
});

scenario('T4 a prompt-time mistake in the address is a matter for IT', async (stage) => {
  const { desk, page } = await atCreate(stage);
  await step.changeReply(desk, '/me/security/add/begin', (body) => { body.options.rp.id = 'example.org'; });
  await step.button(page, 'Create passkey').click();
  await step.says(page, /don.t work at this address/);
});

scenario('T4 trying with another passkey of the account does not count as tried', async (stage) => {
  const { desk, page } = await atCreate(stage);
  await step.addPasskey(desk, { name: 'Laptop' });
  await step.choosePlace(desk, 'securityKey');
  await desk.plugInToo('securityKey');
  await step.button(page, 'Create passkey').click();
  await step.at(page, /\/name$/);
  await step.button(page, 'Next').click();
  await step.at(page, /\/try$/);
  // The page asks for the new one; a browser that offers another is played by changing what it asks for.
  const [laptop] = await desk.authenticator.credentials();
  assert.ok(laptop);
  await step.changeReply(desk, '/me/security/try/begin', (body) => {
    body.options.allowCredentials = [{ type: 'public-key', id: Buffer.from(laptop.credentialId, 'base64').toString('base64url'), transports: ['internal'] }];
  });
  await step.button(page, 'Try it now').click();
  await step.says(page, /different passkey/);
  await look(desk, 'W-8-other');
});
