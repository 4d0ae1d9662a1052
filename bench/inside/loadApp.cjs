/**
 * Loads the app in the folder that is the only argument as the Functions worker does, and prints how long that took since
 * the process began (ms), how many functions it registered, and what the process holds in memory. Plain JavaScript, and no
 * more of it than is needed: what is measured is the app.
 */
const Module = require('node:module');
const path = require('node:path');

let functions = 0;
const disposable = { dispose() {} };
const core = {
  version: '3.11.0',
  hostVersion: '4.1037.0.0',
  Disposable: class {},
  setProgrammingModel() {},
  getProgrammingModel() {},
  registerFunction() {
    functions += 1;
    return disposable;
  },
  registerHook: () => disposable,
  log() {},
};
const load = Module._load;
Module._load = function (request, ...rest) {
  return request === '@azure/functions-core' ? core : load.call(this, request, ...rest);
};

const folder = process.argv[2];
const { main } = require(path.join(folder, 'package.json'));
const entry = path.join(folder, main);
const loaded = entry.endsWith('.mjs') ? import(entry) : Promise.resolve(require(entry));
loaded.then(() => {
  const milliseconds = performance.now();
  const { user, system } = process.cpuUsage();
  const cpuMilliseconds = (user + system) / 1_000;
  const { rss, heapUsed } = process.memoryUsage();
  console.log(JSON.stringify({ milliseconds, cpuMilliseconds, functions, rss, heapUsed }));
});
