// Loaded into a function's process before anything else: whatever gives up there gives up later. A
// machine with much else to do is slower than Lambda, and how long the product waits is tried where
// it can be measured.
import { Socket } from "node:net";

const times = 20;
/** Pauses between tries are shorter, and stay as they are: milliseconds. */
const shortest = 1_000;

const stretched = (ms: number) => (ms < shortest ? ms : times * ms);

const { timeout } = AbortSignal;
AbortSignal.timeout = (ms) => timeout.call(AbortSignal, stretched(ms));

const { setTimeout: startTimer } = globalThis;
Object.defineProperty(globalThis, "setTimeout", {
  ...Object.getOwnPropertyDescriptor(globalThis, "setTimeout"),
  value: (run: () => void, ms = 0, ...given: []) => startTimer(run, stretched(ms), ...given),
});

const { setTimeout: setIdle } = Socket.prototype;
Socket.prototype.setTimeout = function (ms, idle) {
  return setIdle.call(this, stretched(ms), idle);
};
