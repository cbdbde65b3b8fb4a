/** Passkeys of post-quantum algorithms, in a browser whose authenticator can make them. */
import assert from 'node:assert/strict';
import { scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

const ML_DSA_44 = -48;
const ES256 = -7;

/** Collects the algorithms of the passkeys that the page makes. @param {import('playwright-core').Page} page */
async function algorithmsMade(page) {
  /** @type {number[]} */
  const made = [];
  await page.exposeFunction('passkeyMade', (/** @type {number} */ algorithm) => { made.push(algorithm); });
  await page.addInitScript(() => {
    const create = navigator.credentials.create.bind(navigator.credentials);
    navigator.credentials.create = async (options) => {
      const credential = /** @type {any} */ (await create(options));
      await /** @type {any} */ (window).passkeyMade(credential.response.getPublicKeyAlgorithm());
      return credential;
    };
  });
  return made;
}

scenario('P1 switched on: the browser makes an ML-DSA-44 passkey, which signs in', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const made = await algorithmsMade(desk.page);
  await step.settleIn(desk, ana);
  assert.deepEqual(made, [ML_DSA_44]);
  await step.signOut(desk);
  await step.signInByButton(desk);
}, { settings: { KEYWARD_PASSKEYS_POST_QUANTUM: 'true' } });

scenario('P1 switched off: the same browser makes an ES256 passkey', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const made = await algorithmsMade(desk.page);
  await step.settleIn(desk, ana);
  assert.deepEqual(made, [ES256]);
});
