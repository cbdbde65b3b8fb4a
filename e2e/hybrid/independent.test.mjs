/**
 * Keyfob as the phone of a client that shares no line with it (client.mjs), through real WebSockets and our relay; the
 * advertisement is handed over as BlueZ's stand-in got it. The client itself is held against the reference's vectors.
 */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { createECDH, createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Server } from '../harness/server.mjs';
import { certificates } from '../harness/tls.mjs';
import { Client, Handshake, Tunnel, derive, digits, domainName, encode } from './client.mjs';
import { Phone } from './phone.mjs';
import { Program, built } from './program.mjs';
import { Radio } from './radio.mjs';

const SITE = 'example.org';
/** Milliseconds of Keyfob's own in a registration. */
const AIM = 500;

/** @type {Radio} */
let radio;
/** @type {Phone} */
let phone;
/** @type {{ domain: number, address: string, authority: string }} */
let relay;
/** @type {string} */
let ca;
/** @type {any} the passkey that the first scenario makes */
let passkey;

/** @returns {Promise<{ program: Program, address: string }>} */
async function service() {
  const { certificate, key } = await certificates();
  const program = Program.spawn(`${built}/keyfob`, ['relay', '--json', '--listen', '127.0.0.1:0', '--certificate', certificate, '--key', key]);
  return { program, address: JSON.parse(await program.firstLine()).listening };
}

before(async () => {
  const made = await certificates();
  ca = made.ca;
  radio = await Radio.start();
  relay = { domain: 266, address: (await service()).address, authority: made.authority };
  phone = await Phone.make(radio.address, relay);
});

after(() => Program.endAll());

/** @param {string} name @param {() => Promise<void>} work */
function scenario(name, work) {
  test(name, { timeout: 60_000 }, work);
}

/** Has the phone scan the code; returns it, and what the client hears then. @param {Client} client @param {string} [address] */
async function scanned(client, address = relay.address) {
  const before = radio.advertised.length;
  const program = phone.startText(client.code, { address });
  const outcome = phone.outcome(program);
  const first = await Promise.race([radio.next(before), outcome]);
  assert.ok(Array.isArray(first), program.log);
  const heard = client.hear(Buffer.from(first));
  assert.ok(heard, 'the advertisement is for this code');
  return { outcome, heard };
}

const hash = (/** @type {string} */ text) => createHash('sha256').update(text).digest();

/** What a page asks for. */
const creation = () => new Map(/** @type {[number, any][]} */ ([
  [1, hash('create')],
  [2, new Map([['id', SITE], ['name', 'Example']])],
  [3, new Map(/** @type {[string, any][]} */ ([['id', Buffer.from('user 1')], ['name', 'ada'], ['displayName', 'Ada']]))],
  [4, [new Map(/** @type {[string, any][]} */ ([['alg', -7], ['type', 'public-key']]))]],
  [7, new Map([['rk', true], ['uv', true]])],
]));
const assertion = () => new Map(/** @type {[number, any][]} */ ([[1, SITE], [2, hash('get')], [5, new Map([['uv', true]])]]));

test('the client reads and writes the vectors of the reference', () => {
  const key = createECDH('prime256v1');
  key.setPrivateKey(Buffer.alloc(32, 0x11));
  const secret = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
  const client = new Client('ga', secret, key, 0x6553f100);
  assert.equal(digits(Buffer.from('hello world')), '335311851610699281684828783');
  assert.equal(client.code, 'FIDO:/064761326369506941132196635817367045715076129656615309261485932746823659474011834762800564050807352788025421010491811870057950297627316200265340480783106107096654083076');
  assert.equal(domainName(266), 'cable.wufkweyy3uaxb.com');
  assert.equal(domainName(65535), 'cable.lw6vahpb5pldb.net');
  const heard = client.hear(Buffer.from('9daa3ca17e48fb1f0fe9bd959668bed141237200', 'hex'));
  assert.ok(heard);
  assert.deepEqual([heard.plain.toString('hex'), heard.domain], ['0010111213141516171819a1b2c30000', 'cable.ua5v.com']);
  assert.equal(client.path(heard.routing), '/cable/connect/A1B2C3/DE1D8150B45F03349B2B00A52E2E893E');
  const psk = derive(secret, heard.plain, 3, 32);
  assert.equal(psk.toString('hex'), 'c835a629cee43d8bf66afa4c5f206fa9cb5b52e50a402b6bbe85e82ceac667f7');
  const fresh = createECDH('prime256v1');
  fresh.setPrivateKey(Buffer.alloc(32, 0x22));
  const handshake = new Handshake(psk, key, fresh);
  assert.equal(handshake.first().toString('hex'), '04d65a93977caa3d1b081852ff57a79e465f1660577304baead505dd3a48589cf350185e895372df6221ea3a137557e473fddb6755f05bd507c3c533fce9c912855b5c3aaaf659d2a5f334c953c81d5676');
  const second = Buffer.from('0451a7580833898ea1b183cbd7350a4099078c6ef1c1e18e970cd7683035f25e7d0110522712b0b5a7cff081685486984a94e6831edac46e7360fa9d834a7a81a117b35145919f936431a2a00fd1529b02', 'hex');
  const { sending, receiving, hash: said } = handshake.finish(second);
  assert.equal(sending.toString('hex'), 'd0c5b6ad55663e07b4d7503f675507ea02f5e71ed2d13fd223d5cf8572e80ad3');
  assert.equal(receiving.toString('hex'), 'fd7c6458436e7df64d7f7c187b38d30e5357f1e6f8311fce3c0a15aef8db769d');
  assert.equal(said.toString('hex'), '3c89169f7065ddd0a13fd638beb712af1a3420cb538082ce8cbccf3079419c5d');
});

scenario('a client that shares no line with it makes a passkey', async () => {
  const client = new Client('mc');
  const { outcome, heard } = await scanned(client);
  assert.equal(heard.domain, 'cable.wufkweyy3uaxb.com');
  await client.meet(heard, relay.address, ca);
  assert.deepEqual(client.greeting.get(3), ['ctap']);
  const { status, answer } = await client.ask(1, creation());
  assert.equal(status, 0);
  client.done();
  const data = answer.get(2);
  assert.deepEqual(data.subarray(0, 32), hash(SITE));
  assert.equal(data[32] & 0x45, 0x45, 'the person was there and verified, and a passkey is in it');
  const length = data.readUInt16BE(53);
  const id = data.subarray(55, 55 + length);
  const key = data.subarray(55 + length);
  // COSE: kty 2, alg -7, crv 1, x, y.
  const [x, y] = [key.subarray(10, 42), key.subarray(45, 77)].map((part) => part.toString('base64url'));
  passkey = { id, key: createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' }) };
  const { code, said, json } = await outcome;
  assert.equal(code, 0, said);
  console.log(`a registration over hybrid: ${JSON.stringify(json.milliseconds)} ms`);
  // Without what waits for the relay: other programs of this machine take part in that.
  const { computing, answering, vault } = json.milliseconds;
  assert.ok(computing + answering + vault < AIM, 'too much of our own in a registration');
});

scenario('and signs in with it, without a name', async () => {
  const client = new Client('ga');
  const { outcome, heard } = await scanned(client);
  await client.meet(heard, relay.address, ca);
  const { status, answer } = await client.ask(2, assertion());
  assert.equal(status, 0);
  client.done();
  assert.deepEqual(answer.get(1).get('id'), passkey.id);
  assert.deepEqual(answer.get(4).get('id'), Buffer.from('user 1'));
  const signed = Buffer.concat([answer.get(2), hash('get')]);
  assert.ok(verify('sha256', signed, passkey.key, answer.get(3)));
  assert.equal((await outcome).code, 0);
});

scenario('a code counts once, even for the client that showed it', async () => {
  const client = new Client('ga');
  const { outcome, heard } = await scanned(client);
  await client.meet(heard, relay.address, ca);
  await client.ask(2, assertion());
  client.done();
  assert.equal((await outcome).code, 0);
  const again = await phone.outcome(phone.startText(client.code));
  assert.equal(again.code, 1);
  assert.match(again.said, /\(qr_used\)/);
});

/**
 * What a phone says to a client that does something wrong.
 * @param {(client: Client, heard: { plain: Buffer, routing: Buffer, domain: string }) => Promise<void>} wrong
 */
async function refused(wrong) {
  const client = new Client('ga');
  const { outcome, heard } = await scanned(client);
  await wrong(client, heard);
  const { code, said } = await outcome;
  assert.equal(code, 1, said);
  return said;
}

scenario('whoever has not heard the advertisement, or changes, repeats or leaves out a message, is refused by a name', async () => {
  const says = await refused(async (client, heard) => {
    const guessed = Buffer.from(heard.plain);
    guessed[5] = (guessed[5] ?? 0) ^ 1;
    await assert.rejects(client.meet({ ...heard, plain: guessed }, relay.address, ca));
  });
  assert.match(says, /\(handshake_proof\)/);
  assert.match(await refused(async (client, heard) => {
    await client.meet(heard, relay.address, ca);
    const message = client.sealed(1, Buffer.from([4]));
    message[0] = (message[0] ?? 0) ^ 1;
    client.tunnel?.send(message);
  }), /\(frame_forged\)/);
  assert.match(await refused(async (client, heard) => {
    await client.meet(heard, relay.address, ca);
    client.sealed(1, Buffer.from([4]));
    client.tunnel?.send(client.sealed(1, Buffer.from([4])));
  }), /\(frame_forged\)/);
  assert.match(await refused(async (client, heard) => {
    await client.meet(heard, relay.address, ca);
    client.tunnel?.send(client.sealed(9, Buffer.from([4])));
  }), /\(frame_kind\)/);
  assert.match(await refused(async (client, heard) => {
    await client.meet(heard, relay.address, ca);
    client.done();
  }), /\(client_gone\)/);
});

scenario('a relay that is started anew keeps nothing, and both learn it at once', async () => {
  const other = await service();
  const client = new Client('ga');
  const { outcome, heard } = await scanned(client, other.address);
  await client.meet(heard, other.address, ca);
  other.program.child.kill('SIGKILL');
  await assert.rejects(client.ask(2, assertion()));
  const { code, said } = await outcome;
  assert.equal(code, 1);
  assert.match(said, /\((client_gone|relay_broken)\)/);
});

scenario('the tunnel service that is switched on in Keyward is as good as one of its own', async () => {
  const { certificate, key } = await certificates();
  const server = await Server.start({
    settings: { KEYWARD_ORIGIN: 'https://localhost', KEYWARD_RELAY_ENABLED: 'true', KEYWARD_TLS_CERTIFICATE: certificate, KEYWARD_TLS_KEY: key, KEYWARD_METRICS_LISTEN: '127.0.0.1:0' },
  });
  try {
    const client = new Client('ga');
    const { outcome, heard } = await scanned(client, server.ready.listen);
    await client.meet(heard, server.ready.listen, ca);
    const { status, answer } = await client.ask(2, assertion());
    assert.equal(status, 0);
    assert.ok(verify('sha256', Buffer.concat([answer.get(2), hash('get')]), passkey.key, answer.get(3)));
    client.done();
    assert.equal((await outcome).code, 0);
    const metrics = await (await fetch(`http://${server.ready.metricsListen}/metrics`)).text();
    assert.match(metrics, /^relay_tunnels_joined_total 1$/m);
    // A tunnel that waits does not keep the server from stopping.
    await Tunnel.open(server.ready.listen, heard.domain, `/cable/new/${'00'.repeat(16)}`, ca);
  } finally {
    await server.stop();
    await server.close();
  }
});

scenario('a client that is nobody at the relay is told so', async () => {
  const client = new Client('ga');
  const heard = { plain: randomBytes(16), routing: Buffer.from([1, 2, 3]), domain: 'cable.wufkweyy3uaxb.com' };
  await assert.rejects(client.meet(heard, relay.address, ca), /answered 404/);
  assert.equal(encode(new Map([[1, 'x']])).toString('hex'), 'a1016178');
});
