/** What holds on every page: without scripts, in German, headers and cookies, small windows. */
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { look, scenario } from '../harness/index.mjs';
import { accessible } from '../harness/screens.mjs';
import * as step from '../harness/steps.mjs';

scenario('G-1 without scripts every page can be read, a pass signs in, and passkeys say what they need', async (stage) => {
  const ana = await stage.newUser();
  const walker = await stage.noJs();
  const { page } = walker;
  await page.goto('/signin');
  await step.says(page, /Passkeys need JavaScript/);
  assert.equal(await step.button(page, step.WITH_PASSKEY).isVisible(), false, 'no button that does nothing');
  await look(walker, 'SI-1-nojs');
  await step.box(page, step.IDENTIFIER).fill(ana.email);
  await step.button(page, 'Next').click();
  await step.at(page, '/signin/method');
  await look(walker, 'SI-2-nojs');
  await step.link(page, 'I have a temporary access pass').click();
  await step.at(page, '/signin/tap');
  await look(walker, 'SI-3-nojs');
  await step.box(page, step.PASS).fill(ana.pass);
  await step.button(page, 'Sign in').click();
  await step.at(page, '/welcome');
  await look(walker, 'WN-1-nojs');
  await page.goto('/me/security/add');
  await page.getByRole('radio', { name: step.PLACES.computer }).check();
  await step.button(page, 'Next').click();
  await step.at(page, /\/create$/);
  await step.says(page, /Passkeys need JavaScript/);
  await look(walker, 'W-5a-nojs');
  for (const [path, status] of /** @type {const} */ ([['/help', 200], ['/me/security', 200], ['/me/sessions', 403]])) {
    const answer = await page.goto(path);
    assert.equal(answer?.status(), status, path);
    await look(walker, `${path.slice(1).replaceAll('/', '-')}-nojs`);
  }
  await step.signOut(walker);
  await look(walker, 'signed-out-nojs');
});

scenario('German: the whole way in the other language, remembered', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await page.goto('/signin');
  await chooseGerman(page);
  await page.waitForFunction(() => document.documentElement.lang.startsWith('de'));
  assert.equal(desk.path, '/signin', 'back on the page it came from');
  await look(desk, 'SI-1-de');
  await page.goto('/signin/tap');
  await page.getByRole('textbox').first().waitFor();
  await look(desk, 'SI-3-de');
  const fields = page.getByRole('textbox');
  if (await fields.count() > 1) await fields.first().fill(ana.email);
  await fields.last().fill(ana.pass);
  await fields.last().press('Enter');
  await step.at(page, '/welcome');
  await look(desk, 'WN-1-de');
  for (const path of ['/me/security', '/me/security/add', '/me/security/add/this-computer/create', '/me/sessions', '/help']) {
    await page.goto(path);
    assert.match(await page.locator('html').getAttribute('lang') ?? '', /^de/);
    const text = await page.locator('body').innerText();
    assert.doesNotMatch(text, /\b(Sign in|Sign out|Next|Security info|Add sign-in method|Create passkey|Temporary access pass|Cancel|Help)\b/, `${path} is German`);
    await look(desk, `${path.slice(1).replaceAll('/', '-')}-de`);
  }
});

scenario('German by the browser alone', async (stage) => {
  await stage.newUser();
  const desk = await stage.desktop({ locale: 'de-CH' });
  await desk.page.goto('/signin');
  assert.match(await desk.page.locator('html').getAttribute('lang') ?? '', /^de/);
});

scenario('cookies are __Host-, Secure, HttpOnly, SameSite=Lax, and no page can read them', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  const cookies = await desk.context.cookies();
  const names = cookies.map((cookie) => cookie.name);
  assert.ok(names.includes('__Host-keyward-session') && names.includes('__Host-keyward-browser'), names.join());
  for (const cookie of cookies) {
    assert.match(cookie.name, /^__Host-keyward-/);
    assert.deepEqual([cookie.secure, cookie.httpOnly, cookie.sameSite, cookie.path], [true, true, 'Lax', '/'], cookie.name);
  }
  assert.equal(await desk.page.evaluate(() => document.cookie), '');
});

scenario('what is served beside the pages', async (stage) => {
  const { origin } = stage.server;
  const endpoints = await (await fetch(`${origin}/.well-known/passkey-endpoints`)).json();
  assert.ok(endpoints.enroll.startsWith(origin) && endpoints.manage.startsWith(origin), JSON.stringify(endpoints));
  const related = await fetch(`${origin}/.well-known/webauthn`);
  assert.match(related.headers.get('content-type') ?? '', /^application\/json/);
  assert.ok(Array.isArray((await related.json()).origins));
  for (const path of ['/healthz', '/readyz']) assert.equal((await fetch(origin + path)).status, 200, path);
  const missing = await fetch(`${origin}/no/such/page`, { headers: { accept: 'text/html' } });
  assert.equal(missing.status, 404);
  assert.match(missing.headers.get('content-security-policy') ?? '', /default-src 'none'/);
});

scenario('a page of another site cannot act: no state changes by a cross-site post, none by GET', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  const cookie = (await desk.context.cookies()).map((one) => `${one.name}=${one.value}`).join('; ');
  for (const headers of /** @type {Record<string, string>[]} */ ([{ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, { origin: 'https://evil.example' }])) {
    const answer = await fetch(`${stage.server.origin}/signout`, {
      method: 'POST', redirect: 'manual', headers: { ...headers, cookie, 'content-type': 'application/x-www-form-urlencoded' },
    });
    assert.equal(answer.status, 403);
  }
  for (const path of ['/signout', '/me/sessions/revoke-others']) {
    assert.equal((await fetch(stage.server.origin + path, { headers: { cookie }, redirect: 'manual' })).status, 405, path);
  }
  await desk.page.goto('/me/security');
  await desk.page.getByRole('heading', { level: 1, name: 'Security info' }).waitFor();
});

scenario('private pages without a session lead to signing in', async (stage) => {
  await stage.newUser();
  const desk = await stage.desktop();
  for (const path of ['/me/security', '/me/security/add', '/me/sessions', '/welcome']) {
    await desk.page.goto(path);
    await step.at(desk.page, '/signin');
  }
});

scenario('a missing page says so in plain words', async (stage) => {
  await stage.newUser();
  const desk = await stage.desktop();
  await desk.page.goto('/no/such/page');
  await look(desk, 'not-found');
});

/** @param {import('playwright-core').Page} page */
async function chooseGerman(page) {
  const picker = page.getByRole('combobox', { name: /language/i });
  if (await picker.count() > 0) {
    await picker.selectOption({ label: 'Deutsch' });
    await page.getByRole('button', { name: /language|change/i }).click();
    return;
  }
  const menu = page.locator('summary').filter({ hasText: /English|Language/ });
  if (await menu.count() > 0) await menu.first().click();
  await step.control(page, 'Deutsch').click();
}

/** Pages of somebody with a passkey, on a server on which everything is turned on. */
const SIGNED_IN = [
  '/me/security', '/me/security/add', '/me/security/add/phone/check', '/me/security/add/phone/which', '/me/security/add/phone/how',
  '/me/security/add/this-computer/create', '/me/security/add/security-key/create', '/me/sessions', '/me/history', '/me/notices',
  '/me/security/password/off', '/me/secure', '/me/language', '/a/',
];
/** Pages for everybody. */
const OPEN = [
  '/signin', '/signin/method', '/signin/tap', '/signin/password', '/signin/recovery', '/help', '/help/sign-in', '/help/phone', '/help/passkeys',
  '/help/letter', '/recover', '/signed-out', '/no/such/page',
];
/** Everything turned on, and the languages that only tests have. */
const ALL_ON = { settings: { KEYWARD_PASSWORDS_ENABLED: 'true', KEYWARD_TEST_PSEUDO: '1' } };

/**
 * Goes through all pages, those for everybody first.
 * @param {import('../harness/index.mjs').Stage} stage
 * @param {(visitor: import('../harness/browser.mjs').Visitor, path: string) => Promise<void>} judge
 * @param {string} [language]
 */
async function everyPage(stage, judge, language) {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const asked = (/** @type {string} */ path) => (language === undefined ? path : `${path}?lang=${language}`);
  for (const path of OPEN) {
    await desk.page.goto(asked(path));
    await judge(desk, path);
  }
  await desk.page.goto('/signin?lang=en');
  await step.settleIn(desk, ana);
  for (const path of SIGNED_IN) {
    await desk.page.goto(asked(path));
    assert.equal(desk.path, path, 'the page is shown, not another in its place');
    await judge(desk, path);
  }
}

scenario('T14 every page in forced colours, at 400 %, and with wide text: nothing is lost', async (stage) => {
  await everyPage(stage, async (visitor, path) => {
    const { page } = visitor;
    await page.emulateMedia({ forcedColors: 'active' });
    await accessible(visitor, `${path} in forced colours`);
    // 1280 CSS pixels at 400 % are 320 (WCAG 1.4.10).
    await page.setViewportSize({ width: 320, height: 256 });
    assert.deepEqual(await page.evaluate(outside), [], `${path} at 400 %`);
    await page.setViewportSize({ width: 1280, height: 800 });
    // WCAG 1.4.12. The page's policy allows no style of ours, but rules may be added to its own sheet.
    await page.evaluate(() => {
      const sheet = document.styleSheets[0];
      sheet?.insertRule('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }', sheet.cssRules.length);
      sheet?.insertRule('p { margin-block-end: 2em !important; }', sheet.cssRules.length);
    });
    assert.deepEqual(await page.evaluate(clipped), [], `${path} with wide text`);
    await page.setViewportSize({ width: 320, height: 720 });
    assert.deepEqual(await page.evaluate(outside), [], `${path} with wide text at 320 px`);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ forcedColors: 'none' });
  });
}, ALL_ON);

scenario('T14 en-XA: longer words fit, and every word on every page went through the texts', async (stage) => {
  await everyPage(stage, async ({ page }, path) => {
    assert.equal(await page.locator('html').getAttribute('lang'), 'en-XA');
    assert.deepEqual(await page.evaluate(clipped), [], path);
    await page.setViewportSize({ width: 320, height: 720 });
    assert.deepEqual(await page.evaluate(outside), [], `${path} at 320 px`);
    await page.setViewportSize({ width: 1280, height: 800 });
    assert.deepEqual(await page.evaluate(untranslated), [], path);
  }, 'en-XA');
}, ALL_ON);

scenario('T14 ar-XB: the layout is mirrored and nothing sticks out', async (stage) => {
  await everyPage(stage, async ({ page }, path) => {
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
    const brand = await page.locator('a.brand').boundingBox();
    const tools = await page.locator('.top-tools').boundingBox();
    assert.ok(brand && tools && brand.x > tools.x, `${path}: the name of the organisation stands at the right`);
    await page.setViewportSize({ width: 320, height: 720 });
    assert.deepEqual(await page.evaluate(outside), [], `${path} at 320 px`);
    await page.setViewportSize({ width: 1280, height: 800 });
  }, 'ar-XB');
}, ALL_ON);

scenario('T14 every page is light: scripts at most 12 KB, styles at most 10 KB, compressed, and all headers are there', async (stage) => {
  await everyPage(stage, async ({ page }, path) => {
    const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map((one) => one.name));
    const weight = { js: 0, css: 0 };
    for (const address of new Set(loaded)) {
      const kind = /\.(js|css)$/.exec(new URL(address).pathname)?.[1];
      if (kind !== 'js' && kind !== 'css') continue;
      weight[kind] += gzipSync(Buffer.from(await (await fetch(address)).arrayBuffer()), { level: 9 }).length;
    }
    assert.ok(weight.js <= 12 * 1024, `${path}: ${weight.js} bytes of scripts`);
    assert.ok(weight.css > 0 && weight.css <= 10 * 1024, `${path}: ${weight.css} bytes of styles`);
    const headers = (await page.request.get(path)).headers();
    for (const [name, value] of /** @type {const} */ ([['x-content-type-options', /^nosniff$/], ['referrer-policy', /./], ['cross-origin-opener-policy', /same-origin/], ['permissions-policy', /./], ['cache-control', /no-store/]])) {
      assert.match(headers[name] ?? '', value, `${path}: ${name}`);
    }
  });
}, ALL_ON);

scenario('T14 the languages for tests are nobody\'s without the variable', async (stage) => {
  for (const language of ['en-XA', 'ar-XB']) {
    const page = await (await fetch(`${stage.server.origin}/signin?lang=${language}`)).text();
    assert.match(page, /<html lang="en" dir="ltr">/, language);
  }
});

/** What sticks out of the window. Runs in the page. */
function outside() {
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  return [...document.body.querySelectorAll('*')]
    .filter((element) => { const { left, right } = element.getBoundingClientRect(); return right > clientWidth + 1 || left < -1; })
    .filter((element) => !element.closest('.hidden, .skip'))
    .map((element) => `${element.tagName.toLowerCase()}.${element.className} "${(element.textContent ?? '').trim().slice(0, 40)}"`)
    .slice(0, 5);
}

/** Text that its own box cuts off. Runs in the page. */
function clipped() {
  return [...document.body.querySelectorAll('*')]
    .filter((element) => element instanceof HTMLElement && !element.closest('.hidden, .skip, svg') && element.children.length === 0)
    .filter((element) => {
      const { overflowX, overflowY } = getComputedStyle(element);
      const cuts = overflowX !== 'visible' || overflowY !== 'visible';
      return cuts && !(element instanceof HTMLInputElement)
        && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
    })
    .map((element) => `${element.tagName.toLowerCase()}.${element.className} "${(element.textContent ?? '').trim().slice(0, 40)}"`);
}

/** Words with a plain vowel: in en-XA every text of ours has accents. Runs in the page. */
function untranslated() {
  /** What people and browsers are called, and what is typed. */
  const data = /Ana Meier|Keyward|Chrome|Linux|HeadlessChrome|localhost|@example|Deutsch|Fran|Italiano|English|Passkey|IT desk/;
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const parent = node.parentElement;
    if (!parent || parent.closest('script, noscript, time, code, strong, svg, [lang]:not(html)')) continue;
    const text = (node.nodeValue ?? '').trim();
    if (/[a-z]*[aeiou][a-z]*\s+[a-z]*[aeiou]/i.test(text) && !data.test(text)) found.push(text.slice(0, 60));
  }
  return found;
}
