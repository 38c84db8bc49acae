'use strict';
const WebSocket = require('ws');
const { pasted, host, port, silenceSeconds, silence, waiting, equal, run } = require('./proof');

function open() {
  return new Promise((resolve, reject) => {
    const websocket = new WebSocket(`ws://${host}:${port}/`);
    if (pasted.keepBinding) pasted.keepBinding(websocket);
    websocket.once('open', () => resolve(websocket));
    websocket.once('error', reject);
  });
}

function heard(websocket) {
  return new Promise((resolve, reject) => {
    websocket.once('message', (data) => resolve(String(data)));
    websocket.once('close', () => reject(new Error('closed')));
  });
}

run({
  async ws_echo() {
    const websocket = await open();
    websocket.send('a');
    equal(await heard(websocket), 'a');
    await silence();
    websocket.send('b');
    equal(await heard(websocket), 'b');
  },
  async ws_push() {
    const websocket = await open();
    websocket.send(`later ${silenceSeconds}`);
    waiting();
    equal(await heard(websocket), 'now');
  },
});
