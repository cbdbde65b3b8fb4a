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
