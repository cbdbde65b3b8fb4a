/**
 * What a person does, in the words of the pages. Accessible names are a contract: they stand here and nowhere else.
 */
import assert from 'node:assert/strict';
import { look } from './screens.mjs';

/** @typedef {import('./browser.mjs').Visitor} Visitor */
/** @typedef {import('./index.mjs').Person} Person */
/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page @param {string | RegExp} name */
export const button = (page, name) => page.getByRole('button', { name, exact: typeof name === 'string' });
/** @param {Page} page @param {string | RegExp} name */
export const link = (page, name) => page.getByRole('link', { name, exact: typeof name === 'string' });
/** @param {Page} page @param {string | RegExp} name */
export const box = (page, name) => page.getByRole('textbox', { name, exact: typeof name === 'string' });
/** A control that may be a button or a link. @param {Page} page @param {string | RegExp} name */
export const control = (page, name) => button(page, name).or(link(page, name)).first();

export const IDENTIFIER = 'Email or username';
export const PASS = 'Temporary access pass';
export const WITH_PASSKEY = 'Sign in with a passkey';
export const PLACES = { computer: 'Passkey on this computer', securityKey: 'Security key' };

/** Waits until the page is at a path. @param {Page} page @param {string | RegExp} path */
export async function at(page, path) {
  await page.waitForURL((url) => (typeof path === 'string' ? url.pathname === path : path.test(url.pathname)));
}

/** Waits until the page says something. @param {Page} page @param {string | RegExp} text */
export async function says(page, text) {
  await page.getByText(text).first().waitFor();
}

/** Enters a pass on SI-3, without waiting for what comes of it. @param {Visitor} visitor @param {string} email @param {string} pass */
export async function enterPass(visitor, email, pass) {
  const { page } = visitor;
  await page.goto('/signin/tap');
  const identifier = box(page, IDENTIFIER);
  if (await identifier.count() > 0 && await identifier.isEditable()) await identifier.fill(email);
  await box(page, PASS).fill(pass);
  await button(page, 'Sign in').click();
}

/** Signs in with a pass that works. @param {Visitor} visitor @param {Person} person @param {string} [pass] */
export async function signInWithPass(visitor, person, pass = person.pass) {
  await enterPass(visitor, person.email, pass);
  await at(visitor.page, /^\/(welcome|me\/security)$/);
}

/** From the wizard's first page to its button "Create passkey". @param {Visitor} visitor @param {keyof typeof PLACES} place */
export async function choosePlace(visitor, place) {
  const { page } = visitor;
  if (visitor.path !== '/me/security/add') await page.goto('/me/security/add');
  await page.getByRole('radio', { name: PLACES[place] }).check();
  await look(visitor, 'W-1');
  await button(page, 'Next').click();
  await at(page, /^\/me\/security\/add\/[^/]+\/create$/);
}

/**
 * The whole wizard.
 * @param {Visitor} visitor
 * @param {{ place?: keyof typeof PLACES, name?: string, tryIt?: boolean }} [options]
 * @returns {Promise<string>} the passkey's id
 */
export async function addPasskey(visitor, { place = 'computer', name, tryIt = true } = {}) {
  const { page } = visitor;
  await choosePlace(visitor, place);
  await look(visitor, place === 'computer' ? 'W-5a' : 'W-5d');
  await button(page, 'Create passkey').click();
  await at(page, /\/name$/);
  await look(visitor, 'W-6');
  const id = visitor.path.split('/').at(-2) ?? '';
  if (name !== undefined) await box(page, 'Name').fill(name);
  await button(page, 'Next').click();
  await at(page, /\/try$/);
  await look(visitor, 'W-7');
  if (tryIt) {
    await button(page, 'Try it now').click();
    await says(page, /It works/);
    await look(visitor, 'W-8-works');
  } else {
    await control(page, 'Skip').click();
    await page.waitForURL((url) => !url.pathname.endsWith('/try'));
  }
  return id;
}

/** A person with a passkey, signed in with it. @param {Visitor} visitor @param {Person} person @param {{ name?: string, place?: keyof typeof PLACES }} [options] */
export async function settleIn(visitor, person, options = {}) {
  await signInWithPass(visitor, person);
  return addPasskey(visitor, options);
}

/**
 * A second passkey, on a security key: the first one confirms, then the key is plugged in.
 * @param {Visitor} visitor @param {string} name
 * @returns {Promise<string>} its id
 */
export async function addSecondPasskey(visitor, name) {
  const { page } = visitor;
  await choosePlace(visitor, 'securityKey');
  // Both stay plugged in: the computer's own refuses (it has one), the key takes it.
  await visitor.plugInToo('securityKey');
  await button(page, 'Create passkey').click();
  await at(page, /\/name$/);
  const id = visitor.path.split('/').at(-2) ?? '';
  await box(page, 'Name').fill(name);
  await button(page, 'Next').click();
  await at(page, /\/try$/);
  await button(page, 'Try it now').click();
  await says(page, /It works/);
  return id;
}

/** "Sign out", which every signed-in page has. @param {Visitor} visitor */
export async function signOut(visitor) {
  await button(visitor.page, 'Sign out').first().click();
  await at(visitor.page, '/signed-out');
}

/** The page's offer in the address field takes the passkey by itself. @param {Visitor} visitor */
export async function signInByAutofill(visitor) {
  await visitor.page.goto('/signin');
  await at(visitor.page, '/me/security');
}

/** The button, with the offer in the address field still waiting. @param {Visitor} visitor */
export async function signInByButton(visitor) {
  await openSignInQuietly(visitor);
  await visitor.authenticator.touch(true);
  await button(visitor.page, WITH_PASSKEY).click();
  await at(visitor.page, '/me/security');
}

/** SI-1 while nobody touches the authenticator: the conditional prompt waits. @param {Visitor} visitor */
export async function openSignInQuietly(visitor) {
  await visitor.authenticator.touch(false);
  await visitor.page.goto('/signin');
  await button(visitor.page, WITH_PASSKEY).waitFor();
}

/**
 * Counts the prompts that the page asks its browser for from now on.
 * @param {Page} page
 * @returns {Promise<(count: number) => Promise<unknown>>} waits until there were so many
 */
export async function countPrompts(page) {
  await page.evaluate(() => {
    const counted = /** @type {any} */ (globalThis);
    counted.keywardPrompts = 0;
    const real = navigator.credentials.get.bind(navigator.credentials);
    navigator.credentials.get = (options) => { const asked = real(options); counted.keywardPrompts += 1; return asked; };
  });
  return (count) => page.waitForFunction((wanted) => /** @type {any} */ (globalThis).keywardPrompts >= wanted, count);
}

/** Asserts that the page shows nobody's private pages: it is back at signing in. @param {Visitor} visitor @param {RegExp} [reason] */
export async function signedOutWithReason(visitor, reason = /You were signed out because this session is over/) {
  await says(visitor.page, reason);
  assert.equal(visitor.path, '/signin');
}

/**
 * Takes the next answer to a path between the server and the page: the server has done its work by then.
 * @param {Visitor} visitor @param {string} path
 * @param {(event: any, body: any) => Promise<unknown>} deal
 * @returns {Promise<any>} the answer's JSON, once dealt with
 */
async function interceptReply(visitor, path, deal) {
  const { devtools } = visitor;
  await devtools.send('Fetch.enable', { patterns: [{ urlPattern: `*${path}`, requestStage: 'Response' }] });
  const dealt = new Promise((resolve, reject) => {
    devtools.once('Fetch.requestPaused', (/** @type {any} */ event) => {
      (async () => {
        const { body, base64Encoded } = await devtools.send('Fetch.getResponseBody', { requestId: event.requestId });
        const json = JSON.parse(base64Encoded ? Buffer.from(body, 'base64').toString() : body);
        await deal(event, json);
        await devtools.send('Fetch.disable');
        return json;
      })().then(resolve, reject);
    });
  });
  // Wrapped: the caller goes on as soon as the trap is laid, and awaits the answer when it wants to.
  return { dealt };
}

/** Loses the next answer to a path: the connection breaks after the server has done its work. @param {Visitor} visitor @param {string} path */
export async function loseReply(visitor, path) {
  return interceptReply(visitor, path, (event) => visitor.devtools.send('Fetch.failRequest', {
    requestId: event.requestId, errorReason: 'ConnectionReset',
  }));
}

/** Changes the JSON of the next answer to a path. @param {Visitor} visitor @param {string} path @param {(body: any) => void} change */
export async function changeReply(visitor, path, change) {
  return interceptReply(visitor, path, (event, body) => {
    change(body);
    return visitor.devtools.send('Fetch.fulfillRequest', {
      requestId: event.requestId,
      responseCode: event.responseStatusCode,
      responseHeaders: event.responseHeaders.filter((/** @type {any} */ header) => !/^content-(length|encoding)$/i.test(header.name)),
      body: Buffer.from(JSON.stringify(body)).toString('base64'),
    });
  });
}

/**
 * Changes the JSON of the next request to a path on its way to the server.
 * @param {Visitor} visitor @param {string} path @param {(body: any) => void} change
 */
export async function changeRequest(visitor, path, change) {
  await visitor.page.route(`**${path}`, async (route) => {
    const body = route.request().postDataJSON();
    change(body);
    await route.continue({ postData: JSON.stringify(body) });
  }, { times: 1 });
}

/**
 * Makes the next prompt end after a while by itself, as the browser does when nobody answers.
 * @param {Visitor} visitor @param {string} path of the endpoint that begins the ceremony @param {number} milliseconds
 */
export async function shortenPrompt(visitor, path, milliseconds) {
  await changeReply(visitor, path, (body) => { body.options.timeout = milliseconds; });
}

/** Moves with Tab until a control has the focus. @param {Page} page @param {import('playwright-core').Locator} target */
export async function tabTo(page, target) {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab never reaches ${target}`);
}
