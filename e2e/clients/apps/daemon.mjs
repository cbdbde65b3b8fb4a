/** Runs a program that does not say when it is ready, until it listens, and as long as this one runs: node daemon.mjs PORT COMMAND WORD… */
import { spawn } from 'node:child_process';
import net from 'node:net';

const [port, command, ...words] = process.argv.slice(2);
const child = spawn(command ?? '', words, { stdio: ['ignore', 'inherit', 'inherit'] });
process.once('SIGTERM', () => child.kill('SIGTERM'));
child.once('exit', (code) => process.exit(code ?? 1));
child.once('error', (error) => { console.error(error.message); process.exit(1); });

const look = () => {
  const socket = net.connect(Number(port), '127.0.0.1');
  socket.once('connect', () => { socket.destroy(); console.log('ready'); });
  socket.once('error', () => { setTimeout(look, 50); });
};
look();
