import type { PingOneSettings } from "../../lib/pingone/settings.ts";

/** Does work while PingOne has next to no time, by default a second: milliseconds. */
export type Hurry = <T>(work: () => Promise<T>, timeoutMs?: number) => Promise<T>;

/**
 * Settings whose time-out is short only while somebody is in a hurry. Whoever waits for a time-out waits a
 * moment, and no other call is late because the machine is busy.
 */
export function hurriedSettings(settings: PingOneSettings): {
  readonly settings: PingOneSettings;
  readonly hurry: Hurry;
} {
  let { timeoutMs } = settings;
  const hurry: Hurry = async (work, shortMs = 1_000) => {
    timeoutMs = shortMs;
    try {
      return await work();
    } finally {
      ({ timeoutMs } = settings);
    }
  };
  const own = {
    ...settings,
    get timeoutMs() {
      return timeoutMs;
    },
  };
  return { settings: own, hurry };
}
