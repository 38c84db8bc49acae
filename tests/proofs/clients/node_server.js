'use strict';
// A server with the pasted text; PORT is where it listens.
const http = require('node:http');
const fs = require('node:fs');

const [pastedFile, port] = process.argv.slice(2);
const pasted = fs.existsSync(pastedFile) ? require(pastedFile) : {};
const server = http.createServer((request, response) => {
  const seconds = Number((request.url.split('?')[1]) || 0);
  setTimeout(() => response.end('ok\n'), seconds * 1000);
});
if (pasted.keepBinding) pasted.keepBinding(server);
server.listen(Number(port), '0.0.0.0');
