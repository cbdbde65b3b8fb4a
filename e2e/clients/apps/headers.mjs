/** An application that knows no sign-in: a page that shows what its proxy tells it. PORT is where it listens. */
import http from 'node:http';

http.createServer((request, response) => {
  const told = Object.fromEntries(Object.entries(request.headers).filter(([name]) => /^(remote-|x-keyward-)/.test(name)));
  const shown = JSON.stringify({ path: request.url, told }).replaceAll('<', '\\u003c');
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
    .end(`<!doctype html><html lang="en"><title>Application</title><h1>Application</h1><script type="application/json" id="state">${shown}</script></html>`);
}).listen(Number(process.env['PORT']), '127.0.0.1', () => console.log('ready'));
