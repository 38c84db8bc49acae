'use strict';
// What the small Node programs share; see proof.py.
const [pastedFile, mode, host, port, silenceSeconds] = process.argv.slice(2);
let started = Date.now();

const say = (words) => console.log(JSON.stringify(words));
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

function waiting() {
  say({ event: 'idle' });
  started = Date.now();
}

async function silence() {
  waiting();
  await pause(Number(silenceSeconds));
  started = Date.now();
}

function equal(heard, wanted) {
  if (String(heard) !== String(wanted)) throw new Error(`heard ${heard}, not ${wanted}`);
}

async function run(modes) {
  const took = () => Math.round((Date.now() - started) / 10) / 100;
  process.on('uncaughtException', (problem) => {
    say({ event: 'done', ok: false, took: took(), error: String(problem) });
    process.exit();
  });
  try {
    await modes[mode]();
    say({ event: 'done', ok: true, took: took() });
  } catch (problem) {
    say({ event: 'done', ok: false, took: took(), error: String(problem) });
  }
  process.exit();
}

module.exports = {
  pasted: pastedFile === '-' ? {} : require(pastedFile),
  host, port: Number(port), silenceSeconds: Number(silenceSeconds), mode, silence, waiting, equal, run,
};
