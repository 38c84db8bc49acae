'use strict';
const { pasted, host, port, silence, equal, run } = require('./proof');
const { NodeHttpHandler } = require('@smithy/node-http-handler');
const { HttpRequest } = require('@smithy/core/protocols');

const handler = pasted.requestHandler || new NodeHttpHandler();

async function get() {
  const { response } = await handler.handle(
    new HttpRequest({ protocol: 'https:', hostname: host, port, path: '/fast', method: 'GET' }));
  let text = '';
  for await (const block of response.body) text += block;
  equal(text, 'ok\n');
}

run({
  async reuse() {
    await get();
    await silence();
    await get();
  },
});
