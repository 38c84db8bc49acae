'use strict';
const http = require('node:http');
const { pasted, host, port, silenceSeconds, silence, waiting, equal, run } = require('./proof');

// The proof's server speaks plain HTTP; the agent is made of the very options.
const agent = new http.Agent(pasted.AGENT_OPTIONS);
const keep = pasted.keepBinding || ((request) => request);

function get(path) {
  return new Promise((resolve, reject) => {
    const request = http.get({ agent, host, port, path }, (answer) => {
      let text = '';
      answer.on('data', (part) => { text += part; });
      answer.on('end', () => resolve(text));
      answer.on('error', reject);
    });
    request.on('error', reject);
    if (path !== '/fast') keep(request);
  });
}

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
