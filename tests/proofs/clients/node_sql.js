'use strict';
const { Pool } = require('pg');
const { pasted, host, port, silenceSeconds, silence, waiting, equal, run } = require('./proof');

const pool = new Pool({ ...pasted.POOL, host, port, user: 'postgres', database: 'postgres' });
const ask = async (question) => (await pool.query(question)).rows[0].n;

run({
  async reuse() {
    equal(await ask('SELECT 1 AS n'), 1);
    await silence();
    equal(await ask('SELECT 2 AS n'), 2);
  },
  async held() {
    equal(await ask('SELECT 1 AS n'), 1);
    waiting();
    equal(await ask(`SELECT 3 AS n FROM pg_sleep(${silenceSeconds})`), 3);
  },
});
