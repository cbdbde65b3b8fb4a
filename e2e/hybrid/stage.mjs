/** Everything that stands around a sign-in by the code on the screen. */
import http from 'node:http';
import { Server } from '../harness/server.mjs';
import { TUNNELS, certificates } from '../harness/tls.mjs';
import { Desk, Screen } from './desk.mjs';
import { Phone } from './phone.mjs';
import { Program, built, example } from './program.mjs';
import { Radio } from './radio.mjs';

/** The numbers of the two tunnel domains: our relay's, and one whose manners change. */
export const OURS = 266;
export const BAD = 256;

/** Our own relay. */
class OurRelay {
  /** @param {Program} program @param {string} address */
  constructor(program, address) {
    this.program = program;
    this.address = address;
  }

  static async start() {
    const { certificate, key } = await certificates();
    const program = Program.spawn(`${built}/keyfob`, ['relay', '--json', '--listen', '127.0.0.1:0', '--certificate', certificate, '--key', key]);
    const { listening } = JSON.parse(await program.firstLine());
    return new OurRelay(program, listening);
  }
}

/** A relay that behaves as it is told (crates/testkit/examples/tunnel.rs). */
class BadRelay {
  /** @type {(() => void) | undefined} */
  #done;

  /** @param {Program} program @param {string} address */
  constructor(program, address) {
    this.program = program;
    this.address = address;
    program.onLine(() => this.#done?.());
  }

  static async start() {
    const { certificate, key } = await certificates();
    const program = Program.spawn(example('tunnel'), [certificate, key]);
    const { port } = JSON.parse(await program.firstLine());
    return new BadRelay(program, `127.0.0.1:${port}`);
  }

  /** @param {string} manners */
  async be(manners) {
    const done = new Promise((resolve) => { this.#done = () => resolve(undefined); });
    this.program.say(`${manners}\n`);
    await done;
  }
}

/** A page that asks for passkeys by itself, for what Keyward does not ask for. */
class Page {
  /** @param {http.Server} server */
  constructor(server) {
    this.server = server;
  }

  static async start() {
    const server = http.createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>Page</title>');
    });
    await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
    return new Page(server);
  }

  get origin() {
    const address = this.server.address();
    return `http://localhost:${typeof address === 'object' && address ? address.port : 0}`;
  }
}

export class Stage {
  /** @type {Desk[]} */
  #desks = [];

  /** @param {{ radio: Radio, screen: Screen, relay: OurRelay, bad: BadRelay, server: Server, site: Page, authority: string }} parts */
  constructor({ radio, screen, relay, bad, server, site, authority }) {
    this.radio = radio;
    this.screen = screen;
    this.relay = relay;
    this.bad = bad;
    this.server = server;
    this.site = site;
    this.authority = authority;
  }

  static async set() {
    const { authority } = await certificates();
    const [radio, screen, relay, bad, server, site] = await Promise.all([
      Radio.start(), Screen.start(), OurRelay.start(), BadRelay.start(), Server.start(), Page.start(),
    ]);
    return new Stage({ radio, screen, relay, bad, server, site, authority });
  }

  /** A computer; its owner trusts the relays' authority, or does not. @param {{ trusts?: boolean }} [options] */
  async desk({ trusts = true } = {}) {
    const [ours, bad] = /** @type {[string, string]} */ (TUNNELS);
    const desk = await Desk.open({
      screen: this.screen,
      bus: this.radio.address,
      origin: this.server.origin,
      hosts: { [ours]: this.relay.address, [bad]: this.bad.address },
      ...(trusts ? { authority: this.authority } : {}),
    });
    this.#desks.push(desk);
    return desk;
  }

  /** A phone that uses our relay. */
  async phone() {
    return Phone.make(this.radio.address, { domain: OURS, address: this.relay.address, authority: this.authority });
  }

  /** A phone whose person is asked. */
  async personsPhone() {
    return Phone.ofAPerson(this.radio.address, { domain: OURS, address: this.relay.address, authority: this.authority });
  }

  /** The bad relay, as a phone uses it. */
  get badRelay() {
    return { domain: BAD, address: this.bad.address };
  }

  /**
   * A picture of the screen as soon as a code is on it.
   * @param {Phone} phone whose eyes look
   * @returns {Promise<string>} its path
   */
  async code(phone) {
    const until = Date.now() + 15_000;
    for (;;) {
      const picture = await this.screen.picture();
      if (await phone.look(picture)) return picture;
      if (Date.now() > until) throw new Error(`no code on the screen: ${picture}`);
    }
  }

  /** Tries every half second until something comes of it. @template T @param {string} not what is said if nothing does @param {() => Promise<T>} act */
  async until(not, act) {
    const until = Date.now() + 15_000;
    for (;;) {
      const came = await act();
      if (came) return came;
      if (Date.now() > until) throw new Error(`${not}: ${await this.screen.picture()}`);
      await new Promise((resolve) => { setTimeout(resolve, 500); });
    }
  }

  /** Returns when no code is on the screen any more. @param {Phone} phone */
  async noCode(phone) {
    const until = Date.now() + 15_000;
    while (await phone.look(await this.screen.picture())) {
      if (Date.now() > until) throw new Error('the code stays on the screen');
    }
  }

  /** What the programs said: printed when a scenario fails. */
  report() {
    for (const { name, log } of new Set([this.radio.program, this.relay.program, this.bad.program, ...Program.recent])) console.error(`--- ${name} said\n${log.slice(-4000)}`);
    console.error(`--- the server said\n${this.server.log.slice(-4000)}`);
  }

  async close() {
    for (const desk of this.#desks) await desk.close();
    this.site.server.close();
    await Promise.all([Program.endAll(), this.server.close()]);
  }
}
