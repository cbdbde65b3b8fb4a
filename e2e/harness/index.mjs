/** A scenario: a fresh server, its people, their browsers, and the watch that must have seen nothing. */
import { after, test } from 'node:test';
import { closeBrowser, Visitor } from './browser.mjs';
import * as postgres from './postgres.mjs';
import { Server } from './server.mjs';

export { look, picture } from './screens.mjs';

after(closeBrowser);

/**
 * @typedef {object} Person
 * @property {string} email
 * @property {string} name
 * @property {string} id
 * @property {string} pass as it was shown
 * @property {import('./server.mjs').Issued} issued
 */

/** What a scenario works with. */
export class Stage {
  /** @type {Visitor[]} */
  #visitors = [];
  #people = 0;

  /** @param {Server} server */
  constructor(server) {
    this.server = server;
  }

  /** A desktop browser with a passkey provider. @param {import('./browser.mjs').VisitorOptions} [options] */
  async desktop(options = {}) {
    const visitor = await Visitor.open(this.server.origin, options);
    this.#visitors.push(visitor);
    return visitor;
  }

  /** A desktop browser whose only authenticator is a security key. */
  async securityKey() {
    return this.desktop({ authenticator: 'securityKey' });
  }

  /** A browser whose scripts are off. */
  async noJs() {
    return this.desktop({ javaScript: false, authenticator: 'none' });
  }

  /**
   * Someone new. The kinds are the options of the pass.
   * @param {'multi' | 'once' | 'later'} [kind] a pass for many uses, for one, or one that starts in two hours
   * @returns {Promise<Person>}
   */
  async newUser(kind = 'multi') {
    this.#people += 1;
    const [name, login] = /** @type {[string, string]} */ (NAMES[(this.#people - 1) % NAMES.length]);
    const email = `${login}${this.#people > NAMES.length ? this.#people : ''}@example.com`;
    const { id } = await this.server.addUser(email, name);
    const options = kind === 'once' ? ['--once']
      : kind === 'later' ? ['--start', new Date(Date.now() + 7_200_000).toISOString().replace(/\.\d+Z$/, 'Z')] : [];
    const issued = await this.server.issuePass(email, ...options);
    return { email, name, id, pass: issued.pass, issued };
  }

  /**
   * A pass that is about to end: it began in the past, and its shortest lifetime is nearly over.
   * @param {string} email @param {number} milliseconds
   */
  async endingPass(email, milliseconds) {
    const starts = new Date(Date.now() + milliseconds - 600_000);
    return this.server.issuePass(email, '--lifetime', '10m', '--start', starts.toISOString());
  }

  /** Resolves when a pass has ended; what is printed may be cut to the second. @param {import('./server.mjs').Issued} issued */
  async over(issued) {
    await new Promise((resolve) => { setTimeout(resolve, Date.parse(issued.endsAt) - Date.now() + 1050); });
  }

  /** A well-formed pass that is not the person's: it costs a try. */
  async foreignPass() {
    return (await this.newUser()).pass;
  }

  /** Closes the browsers; throws what the watch saw, unless the scenario failed already. @param {boolean} failed */
  async close(failed) {
    /** @type {unknown} */
    let first;
    for (const visitor of this.#visitors) {
      await visitor.watch.verify().catch((error) => { first ??= error; });
      await visitor.close();
    }
    if (first !== undefined && !failed) throw first;
    if (first !== undefined) console.error(first instanceof Error ? first.message : first);
  }

  /** Where every page stands and what it says: printed when a scenario fails. */
  async report() {
    for (const visitor of this.#visitors) {
      for (const page of visitor.context.pages()) {
        console.error(`--- ${page.url()}`);
        console.error(await page.locator('body').ariaSnapshot({ timeout: 2000 }).catch((error) => `(no page: ${error.message})`));
      }
    }
  }
}

const NAMES = [
  ['Ana Meier', 'ana.meier'], ['Luca Bianchi', 'luca.bianchi'], ['Mira Novak', 'mira.novak'], ['Jonas Weber', 'jonas.weber'],
];

/**
 * One scenario on SQLite.
 * @param {string} name begins with the id of its flow where there is one
 * @param {(stage: Stage) => Promise<void>} work
 * @param {import('./server.mjs').StartOptions} [options]
 */
export function scenario(name, work, options = {}) {
  test(name, { timeout: 120_000 }, () => play(options, work));
}

/**
 * One scenario on both databases.
 * @param {string} name
 * @param {(stage: Stage) => Promise<void>} work
 */
export function onBothDatabases(name, work) {
  scenario(`${name} [SQLite]`, work);
  const why = postgres.missing();
  test(`${name} [PostgreSQL]`, { timeout: 120_000, skip: why ?? false }, () => play({ database: postgres.freshDatabase() }, work));
}

/** A scenario's course: for those that choose their own time. @param {import('./server.mjs').StartOptions} options @param {(stage: Stage) => Promise<void>} work */
export async function play(options, work) {
  const server = await Server.start(options);
  const stage = new Stage(server);
  let failed = true;
  const tell = async () => {
    await stage.report();
    console.error(`--- the server said\n${server.log.slice(-6000)}`);
  };
  // Whoever hangs without an end of its own is cut off by the runner, and would say nothing.
  const hanging = setTimeout(tell, 110_000);
  try {
    await work(stage);
    failed = false;
  } finally {
    clearTimeout(hanging);
    if (failed) await tell();
    try { await stage.close(failed); } finally { await server.close(); }
  }
}
