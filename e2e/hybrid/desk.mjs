/** A computer with a screen: Chromium as people have it, with its own dialogs, and pictures of what they see. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { executable } from '../harness/browser.mjs';
import { folderUntilTheEnd } from '../harness/tls.mjs';
import { Program } from './program.mjs';

const run = promisify(execFile);

/** As people start it, but for the first-run pages and its maker's hosts. Nothing here touches passkeys or certificates. */
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-default-apps', '--disable-domain-reliability', '--password-store=basic',
];

/** A screen that nobody sees. */
export class Screen {
  /** @param {Program} program @param {string} display */
  constructor(program, display) {
    this.program = program;
    this.display = display;
    this.folder = folderUntilTheEnd('screen');
  }

  static async start() {
    // The number is the server's choice: it is what it prints on the descriptor.
    const program = Program.spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1200x900x24', '-nolisten', 'tcp']);
    return new Screen(program, `:${(await program.firstLine()).trim()}`);
  }

  /** A picture of all of it. @param {string} [name] @returns {Promise<string>} its path */
  async picture(name = 'screen') {
    const file = path.join(this.folder, `${name}.png`);
    await run('import', ['-window', 'root', '-depth', '8', `png:${file}`], { env: { PATH: process.env['PATH'] ?? '', DISPLAY: this.display } });
    return file;
  }

  /** @param {...(string | number)} words of xdotool @returns {Promise<string>} what it said */
  async #hand(...words) {
    const { stdout } = await run('xdotool', words.map(String), { env: { PATH: process.env['PATH'] ?? '', DISPLAY: this.display } });
    return stdout;
  }

  /** A click with the mouse, as the window system knows it. @param {{ x: number, y: number }} where */
  async click({ x, y }) {
    await this.#hand('mousemove', Math.round(x), Math.round(y), 'click', 1);
  }

  /** Keys, one after the other, to whatever has the keyboard. @param {string[]} keys by the window system's names */
  async press(...keys) {
    await this.#hand('key', ...keys);
  }

  /** Whether a small window of the browser's lies over its large one. */
  async popup() {
    const windows = await this.#hand('search', '--onlyvisible', '--name', '').catch(() => '');
    for (const id of windows.split('\n').filter((line) => line !== '')) {
      const shape = await this.#hand('getwindowgeometry', '--shell', id).catch(() => '');
      const side = (/** @type {string} */ name) => Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(shape)?.[1] ?? 0);
      if (side('WIDTH') > 50 && side('HEIGHT') > 20 && side('HEIGHT') < 200) return true;
    }
    return false;
  }
}

/**
 * @typedef {object} DeskOptions
 * @property {Screen} screen
 * @property {string} bus address of the system bus
 * @property {string} origin of the server that paths are of
 * @property {Record<string, string>} [hosts] names that the network here knows, with address and port
 * @property {string} [authority] file of an authority that this computer's owner trusts
 */

/** Chromium on it. */
export class Desk {
  /** @param {import('playwright-core').BrowserContext} context @param {import('playwright-core').Page} page */
  constructor(context, page) {
    this.context = context;
    this.page = page;
  }

  /** @param {DeskOptions} options */
  static async open({ screen, bus, origin, hosts = {}, authority }) {
    const home = folderUntilTheEnd('home');
    if (authority !== undefined) await trust(home, authority);
    const rules = Object.entries(hosts).map(([name, address]) => `MAP ${name} ${address}`).join(',');
    const context = await chromium.launchPersistentContext(path.join(home, 'profile'), {
      executablePath: executable(),
      headless: false,
      args: [...FLAGS, ...(rules === '' ? [] : [`--host-resolver-rules=${rules}`])],
      env: { PATH: process.env['PATH'] ?? '', HOME: home, DISPLAY: screen.display, DBUS_SYSTEM_BUS_ADDRESS: bus },
      baseURL: origin,
      locale: 'en-GB',
      viewport: null,
    });
    context.setDefaultTimeout(10_000);
    return new Desk(context, context.pages()[0] ?? await context.newPage());
  }

  /** Where something of the page is on the screen. @param {import('playwright-core').Locator} what */
  async place(what) {
    return what.evaluate((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      // What is above the page is the browser's own.
      const above = globalThis.outerHeight - globalThis.innerHeight;
      return { x: globalThis.screenX + x + width / 2, y: globalThis.screenY + above + y + height / 2 };
    });
  }

  async close() {
    await this.context.close();
  }
}

/** Puts an authority where Chromium on Linux looks for its owner's. @param {string} home @param {string} authority */
async function trust(home, authority) {
  const folder = path.join(home, '.pki', 'nssdb');
  await mkdir(folder, { recursive: true });
  const database = ['-d', `sql:${folder}`];
  await run('certutil', [...database, '-N', '--empty-password']);
  await run('certutil', [...database, '-A', '-t', 'C,,', '-n', 'test', '-i', authority]);
}
