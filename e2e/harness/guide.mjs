/**
 * The guide's walk: both states of an account, both systems of phones, in one language. What differs from run to run (codes,
 * times, addresses) is made the same before a picture is taken.
 */
import { deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { personWithPassword, PASSWORD } from './methods.mjs';
import { takePhone } from './phone.mjs';
import { at } from './steps.mjs';

/** @typedef {import('./browser.mjs').Visitor} Visitor */
/** @typedef {import('./index.mjs').Stage} Stage */
/** @typedef {'en' | 'de'} Language */
/** @typedef {(name: string, picture: Buffer) => Promise<void>} Keep what becomes of a picture; the name has no ending */

/** The phone signs in itself: the way that always works. */
export const GUIDE = { settings: { KEYWARD_PASSWORDS_ENABLED: 'true', KEYWARD_PHONES_NUMBER: 'false', KEYWARD_ORGANISATION_NAME: 'Example AG' } };

const LOCALES = { en: 'en-GB', de: 'de-CH' };
const MOMENTS = { en: ['24 Nov 2026', '24 Nov 2026, 08:00'], de: ['24. Nov. 2026', '24. Nov. 2026, 08:00'] };
const DESK = { width: 800, height: 600 };
const PHONE = { width: 360, height: 640 };

/**
 * @param {Stage} stage a server that takes passwords
 * @param {Language} language
 * @param {Keep} keep
 */
export async function walk(stage, language, keep) {
  const locale = LOCALES[language];
  /** @param {Visitor} visitor @param {string} name */
  const take = async (visitor, name) => keep(`${name}.${language}`, await shoot(visitor, language));
  await newStarter(stage, locale, take);
  await existingPerson(stage, locale, take);
}

/** @typedef {(visitor: Visitor, name: string) => Promise<void>} Take */

/** With a pass and an Android phone. @param {Stage} stage @param {string} locale @param {Take} take */
async function newStarter(stage, locale, take) {
  const ana = await stage.newUser();
  const desk = await stage.desktop({ locale, viewport: DESK });
  const { page } = desk;
  await page.goto('/signin');
  await page.locator('#identifier').fill(ana.email);
  await take(desk, 'sign-in');
  await page.locator('#identifier-form button').click();
  await at(page, '/signin/method');
  await page.locator('a[href="/signin/tap"]').first().click();
  await at(page, '/signin/tap');
  await page.locator('#pass').fill('K7QX-MM4P-29TD');
  await take(desk, 'pass');
  await page.locator('#pass').fill(ana.pass);
  await page.locator('main form button.primary').click();
  await at(page, '/welcome');
  await take(desk, 'welcome');
  await toCode(desk, 'android', take);
  const phone = await takePhone(stage, { agent: 'android', locale });
  await onPhone(phone, await readCodeOf(desk), 'android', take, async () => {
    await phone.page.goto('/signin/tap');
    await phone.page.locator('#pass').fill(ana.pass);
    await phone.page.locator('main form button.primary').click();
  });
  await at(page, /\/name$/);
  await leaveTextBox(page);
  await take(desk, 'name');
}

/**
 * Without the ring round the text box, which the browser gives the focus in one of its first frames.
 * @param {import('playwright-core').Page} page
 */
async function leaveTextBox(page) {
  await page.waitForLoadState('load');
  await page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise((resolve) => { requestAnimationFrame(resolve); });
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
}

/** With a password and an iPhone. @param {Stage} stage @param {string} locale @param {Take} take */
async function existingPerson(stage, locale, take) {
  const { person, app } = await personWithPassword(stage, await stage.desktop());
  const desk = await stage.desktop({ locale, viewport: DESK });
  const { page } = desk;
  await byPassword(desk, person.email, await app.next(), take);
  await page.goto('/me/security');
  await take(desk, 'security');
  await toCode(desk, 'ios');
  const phone = await takePhone(stage, { agent: 'iphone', locale });
  await onPhone(phone, await readCodeOf(desk), 'ios', take, async () => {
    await phone.page.goto('/signin/password');
    await phone.page.locator('#password').fill(PASSWORD);
    await phone.page.locator('main form button.primary').click();
    await at(phone.page, '/signin/step');
    await phone.page.locator('#code').fill(await app.next());
    await Promise.all([phone.page.waitForEvent('load'), phone.page.locator('main form button.primary').click()]);
  });
  await at(page, /\/name$/);
}

/** @param {Visitor} desk @param {string} email @param {string} code @param {Take} take */
async function byPassword(desk, email, code, take) {
  const { page } = desk;
  await page.goto('/signin');
  await page.locator('#identifier').fill(email);
  await page.locator('#identifier-form button').click();
  await at(page, '/signin/method');
  await page.locator('a[href="/signin/password"]').click();
  await at(page, '/signin/password');
  await page.locator('#password').fill(PASSWORD);
  await take(desk, 'password');
  await page.locator('main form button.primary').click();
  await at(page, '/signin/step');
  await page.locator('#code').fill('123 456');
  await take(desk, 'step');
  await page.locator('#code').fill(code);
  await page.locator('main form button.primary').click();
  await page.waitForURL((url) => url.pathname.startsWith('/me/'));
}

/** From the wizard's first page to the code. @param {Visitor} desk @param {'android' | 'ios'} system @param {Take} [take] */
async function toCode(desk, system, take = async () => {}) {
  const { page } = desk;
  await page.goto('/me/security/add?place=authenticator');
  await take(desk, 'add');
  await page.locator('main form button.primary').click();
  await at(page, '/me/security/add/phone/check');
  await take(desk, 'need');
  await page.locator('main a.primary').click();
  await at(page, '/me/security/add/phone/which');
  await page.locator(`#phone-${system}`).check();
  await take(desk, 'which');
  await page.locator('main form button.primary').click();
  await at(page, '/me/security/add/phone/how');
  await take(desk, 'how');
  await page.locator('main form button.primary').click();
  await at(page, /^\/me\/security\/add\/phone\/[0-9a-f-]{36}$/);
  await page.locator('#qr svg').waitFor();
  await take(desk, 'code');
}

/** What the computer's code says; pictures changed the page, so it is loaded again. @param {Visitor} desk */
async function readCodeOf(desk) {
  await desk.page.reload();
  await desk.page.locator('#qr svg').waitFor();
  return desk.page.locator('#copy').getAttribute('data-link');
}

/**
 * The phone's half, as far as "saved".
 * @param {Visitor} phone @param {string | null} link @param {'android' | 'ios'} system @param {Take} take
 * @param {() => Promise<void>} signIn
 */
async function onPhone(phone, link, system, take, signIn) {
  const { page } = phone;
  await page.setViewportSize(PHONE);
  await page.goto(new URL(link ?? '').pathname);
  await page.locator('form[action$="/claim"] button').waitFor();
  await take(phone, `phone-open-${system}`);
  await page.reload();
  await Promise.all([page.waitForEvent('load'), page.locator('form[action$="/claim"] button').click()]);
  await page.goto(new URL(link ?? '').pathname);
  await page.locator('form[action$="/claim"] button').waitFor();
  await take(phone, `phone-sign-in-${system}`);
  await page.reload();
  await Promise.all([page.waitForEvent('load'), page.locator('form[action$="/claim"] button').click()]);
  await signIn();
  await at(page, /^\/a\/e\//);
  await page.locator('#create').waitFor();
  await take(phone, `phone-create-${system}`);
  await page.reload();
  await page.locator('#create').click();
  await page.locator('#try').waitFor();
  await take(phone, `phone-made-${system}`);
}

/** @param {Visitor} visitor @param {Language} language @returns {Promise<Buffer>} */
async function shoot(visitor, language) {
  const { page } = visitor;
  await page.waitForLoadState('load');
  await page.evaluate(settle, MOMENTS[language]);
  const { width, height } = page.viewportSize() ?? DESK;
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  const clip = { x: 0, y: 0, width, height: Math.min(whole, height < width ? 900 : 760) };
  const picture = await page.screenshot({ clip, fullPage: true, animations: 'disabled', caret: 'hide' });
  return packed(PNG.sync.read(picture));
}

/**
 * A picture with at most 256 colours: a quarter of the bytes, and the page looks the same.
 * @param {PNG} picture
 */
function packed({ width, height, data }) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  const keys = new Uint32Array(width * height);
  for (let at = 0; at < keys.length; at += 1) {
    const key = ((data[at * 4] ?? 0) << 16) | ((data[at * 4 + 1] ?? 0) << 8) | (data[at * 4 + 2] ?? 0);
    keys[at] = key;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const palette = [...counts].sort(([a, m], [b, n]) => n - m || a - b).slice(0, 48).map(([key]) => key);
  /** @type {Map<number, number>} */
  const places = new Map();
  for (const key of counts.keys()) places.set(key, nearest(palette, key));
  const rows = Buffer.alloc((width + 1) * height);
  for (let at = 0; at < keys.length; at += 1) rows[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = places.get(keys[at] ?? 0) ?? 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((key) => [key >> 16, (key >> 8) & 255, key & 255]));
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header), chunk('PLTE', colours), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** @param {number[]} palette @param {number} key */
function nearest(palette, key) {
  let [best, least] = [0, Infinity];
  palette.forEach((colour, place) => {
    const far = ((colour >> 16) - (key >> 16)) ** 2 + (((colour >> 8) & 255) - ((key >> 8) & 255)) ** 2 + ((colour & 255) - (key & 255)) ** 2;
    if (far < least) [best, least] = [place, far];
  });
  return best;
}

/** @param {string} name @param {Buffer} body */
function chunk(name, body) {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  let crc = 0xffffffff;
  for (const byte of named) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  sum.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return Buffer.concat([length, named, sum]);
}

/** Makes the same what differs from run to run. Runs in the page. @param {string[]} moments */
function settle([date, moment]) {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  scrollTo(0, 0);
  for (const element of document.querySelectorAll('time')) element.textContent = (element.dataset['style'] === 'date' ? date : moment) ?? '';
  // How many notices there are is no matter of these pages.
  for (const count of document.querySelectorAll('.tabs .badge')) count.remove();
  const typed = document.getElementById('typed');
  if (typed) typed.textContent = '4KD-92M';
  // A code that leads nowhere: the picture must not hold one that somebody could scan.
  for (const svg of document.querySelectorAll('svg.qr')) {
    svg.setAttribute('viewBox', '0 0 37 37');
    let bars = '';
    for (let y = 4; y < 33; y += 1) {
      for (let x = 4; x < 33; x += 1) {
        const [u, v] = [Math.min(x - 4, 32 - x), Math.min(y - 4, 32 - y)];
        const finder = u < 8 && v < 8 && !(x > 24 && y > 24);
        const ring = Math.max(Math.abs(u - 3), Math.abs(v - 3));
        const dark = finder ? ring <= 1 || ring === 3 : (x * 7 + y * 13 + ((x * y) % 5) * 3 + ((x ^ y) % 7)) % 5 < 2;
        if (dark) bars += `M${x} ${y}h1v1h-1z`;
      }
    }
    svg.querySelector('path')?.setAttribute('d', bars);
    const white = svg.querySelector('rect');
    white?.setAttribute('width', '37');
    white?.setAttribute('height', '37');
  }
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = words.nextNode(); node; node = words.nextNode()) {
    node.nodeValue = (node.nodeValue ?? '')
      .replace(/http:\/\/localhost:\d+|localhost:\d+/g, 'id.example.com')
      .replace(/(\(|noch |\()\d+( minutes?| Minuten?)/g, '$160$2')
      .replace(/127\.0\.0\.1|::1/g, '192.0.2.10');
  }
}
