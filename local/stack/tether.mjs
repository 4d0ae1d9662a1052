/**
 * Preloaded (`node --import`) into every child of the stack: the child leaves when its standard input ends, which happens
 * whatever way its parent went, kill -9 included. Plain JavaScript, so that it loads in any Node program.
 */
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

const GRACE_MS = 3_000;

if (isMainThread) {
  process.stdin.on('end', leave).on('error', leave).resume();
  process.stdin.unref?.();
}

function leave() {
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
}
