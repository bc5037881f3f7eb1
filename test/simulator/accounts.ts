import { randomUUID } from "node:crypto";
import type { Clock } from "./clock.ts";
import type { Device, Person } from "./people.ts";
import { people } from "./people.ts";

/** Wrong passwords in a row before the account locks. */
export const PASSWORD_ATTEMPTS = 5;
/** How long a password lockout lasts, and how long a failure is remembered, in milliseconds. */
export const PASSWORD_LOCKOUT_MS = 10 * 60_000;
/** Wrong codes in a row before a device cools down. */
const OTP_ATTEMPTS = 3;
/** How long a device cools down, and how long a failure is remembered, in milliseconds. */
export const OTP_COOL_DOWN_MS = 2 * 60_000;

/** Failures in a row and the lock they lead to. Kept on the user or device, so no new flow resets it. */
interface Lock {
  /** Epoch milliseconds while locked, `Infinity` without a timed end, 0 when open. */
  lockedUntil(): number;
  /** Counts one failure and gives how many are left before the lock. */
  fail(): number;
  reset(): void;
  /** All failures there have ever been. */
  counted(): number;
}

/** A device and its own failure count. */
export interface LiveDevice extends Device {
  readonly lock: Lock;
}

/** A person's changing side: the password and the locks. */
export interface Account {
  readonly person: Person;
  password: string | undefined;
  passwordState: Person["passwordState"];
  /** Every password there has been, the present one last. */
  readonly previousPasswords: string[];
  readonly lock: Lock;
  readonly devices: readonly LiveDevice[];
}

function createLock(clock: Clock, attempts: number, spanMs: number, until = 0): Lock {
  let failures = 0;
  let counted = 0;
  let lastFailure = 0;
  let locked = until;
  const forget = () => {
    if (clock.now() >= locked && clock.now() - lastFailure >= spanMs) failures = 0;
  };
  return {
    lockedUntil: () => (clock.now() < locked ? locked : 0),
    fail: () => {
      forget();
      failures += 1;
      counted += 1;
      lastFailure = clock.now();
      if (failures >= attempts) locked = lastFailure + spanMs;
      return Math.max(0, attempts - failures);
    },
    reset: () => {
      failures = 0;
      locked = 0;
    },
    counted: () => counted,
  };
}

function createAccount(clock: Clock, person: Person): Account {
  const until = person.lockedForSeconds === 0 ? 0 : clock.now() + person.lockedForSeconds * 1000;
  return {
    person,
    password: person.password,
    passwordState: person.passwordState,
    previousPasswords: person.password === undefined ? [] : [person.password],
    lock: createLock(clock, PASSWORD_ATTEMPTS, PASSWORD_LOCKOUT_MS, until),
    devices: person.devices.map((device) => ({
      ...device,
      lock: createLock(clock, OTP_ATTEMPTS, OTP_COOL_DOWN_MS),
    })),
  };
}

function newPerson(username: string, password: string): Person {
  const plain = { passwordState: "OK", enabled: true, lockedForSeconds: 0, devices: [] } as const;
  return { ...plain, id: randomUUID(), username, password, given: "New", family: "Comer" };
}

/** Everybody whom PingOne knows. */
export interface Accounts {
  /** By username. */
  get(username: string): Account | undefined;
  /** By the person's id. */
  withId(id: string): Account | undefined;
  /** Adds somebody who has registered. */
  register(username: string, password: string): Account;
  /** Adds somebody like another, with a username, an id and devices of their own. */
  enrol(likeness: Person): Person;
}

/** Fresh accounts of all seeded people. */
export function createAccounts(clock: Clock): Accounts {
  const all = new Map<string, Account>();
  const add = (person: Person) => {
    all.set(person.username, createAccount(clock, person));
    return person;
  };
  Object.values(people).map(add);
  return {
    get: (username) => all.get(username),
    withId: (id) => [...all.values()].find(({ person }) => person.id === id),
    register: (username, password) => {
      const account = createAccount(clock, newPerson(username, password));
      all.set(username, account);
      return account;
    },
    enrol: (likeness) =>
      add({
        ...likeness,
        id: randomUUID(),
        username: `${all.size}.${likeness.username}`,
        devices: likeness.devices.map((device) => ({ ...device, id: randomUUID() })),
      }),
  };
}

/** All failures that were ever counted for a person and their devices. */
export function failuresOf({ lock, devices }: Account): number {
  return devices.reduce((sum, device) => sum + device.lock.counted(), lock.counted());
}
