'use strict';
const { fetch } = require('undici');
const { host, port, silenceSeconds, silence, waiting, equal, run } = require('./proof');

const get = async (path) => (await fetch(`http://${host}:${port}${path}`)).text();

run({
  async reuse() {
    equal(await get('/fast'), 'ok\n');
    await silence();
    equal(await get('/fast'), 'ok\n');
  },
  async held() {
    setTimeout(waiting, 500);
    equal(await get(`/slow?${silenceSeconds}`), 'ok\n');
  },
});
