'use strict';
const { pasted, host, port, silenceSeconds, silence, waiting, equal, run } = require('./proof');

async function connected() {
  if (process.env.PROOF_DRIVER === 'ioredis') {
    const Redis = require('ioredis');
    const bare = { keepAlive: 0 };  // what releases up to 5 did
    const redis = new Redis({ ...(pasted.OPTIONS || bare), host, port });
    return { ping: () => redis.ping(), block: (seconds) => redis.blpop('nothing', seconds) };
  }
  const { createClient } = require(process.env.PROOF_DRIVER);
  const given = pasted.CLIENT || {};
  const client = createClient({ ...given, socket: { ...given.socket, host, port } });
  client.on('error', () => {});
  await client.connect();
  return { ping: () => client.ping(), block: (seconds) => client.blPop('nothing', seconds) };
}

run({
  async reuse() {
    const redis = await connected();
    equal(await redis.ping(), 'PONG');
    await silence();
    equal(await redis.ping(), 'PONG');
  },
  async held() {
    const redis = await connected();
    waiting();
    equal(await redis.block(silenceSeconds), null);
  },
});
