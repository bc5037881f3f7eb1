import { randomUUID } from "node:crypto";
import type { Account } from "./accounts.ts";
import type { Clock } from "./clock.ts";
import type { Switches } from "./switches.ts";

const LIFE_S = 30 * 24 * 3600;

/** A sign-on session. Its value is what the `ST` cookie carries: a bearer secret. */
export interface Session {
  readonly id: string;
  value: string;
  readonly endsAt: number;
  /** Who signed on, how and when; absent in a pre-session. */
  signOn: SignOn | undefined;
}

/** A finished authentication: `authTime` in epoch milliseconds, `acr` the policy's name. */
export interface SignOn {
  readonly account: Account;
  readonly acr: string;
  readonly amr: readonly string[];
  readonly authTime: number;
}

/** All sessions of the environment, by cookie value. */
export interface Sessions {
  open(): Session;
  /** The live session of a cookie value. */
  find(value: string | undefined): Session | undefined;
  /** Whether the value was once good and has been replaced. */
  isVoided(value: string | undefined): boolean;
  rotate(session: Session): void;
  /** Somebody has signed on in it. With a limit, the oldest beyond it of the same person end. */
  signOn(session: Session, signOn: SignOn, most: number): void;
  end(session: Session): void;
  /** The same by the session's id. */
  endById(id: string): void;
  /** Whether the session with this id has been ended before its time. */
  hasEnded(id: string): boolean;
  /** Makes a foreign value, sent in a canned reply, lead to the session as well. */
  adopt(session: Session, value: string): void;
  /** The two `Set-Cookie` lines of the session; `secure` says which of them are kept from plain HTTP. */
  cookieLines(session: Session, secure: Switches["secureCookies"]): string[];
}

/** The value of the session cookie among those sent: `ST`, else its twin for old browsers. */
export function sessionValue(cookies: Readonly<Record<string, string>>): string | undefined {
  return cookies["ST"] ?? cookies["ST-NO-SS"];
}

/** Creates an empty session store for one environment. */
export function createSessions(clock: Clock, environmentId: string): Sessions {
  const byValue = new Map<string, Session>();
  const voided = new Set<string>();
  const ended = new Set<string>();
  const end = (session: Session) => {
    for (const [value, one] of byValue) if (one === session) byValue.delete(value);
    ended.add(session.id);
  };
  const all = () => [...new Set(byValue.values())];
  const put = (session: Session) => byValue.set(session.value, session);
  return {
    open: () => {
      const endsAt = clock.now() + LIFE_S * 1000;
      const session: Session = { id: randomUUID(), value: randomUUID(), endsAt, signOn: undefined };
      put(session);
      return session;
    },
    find: (value) => {
      const session = value === undefined ? undefined : byValue.get(value);
      return session !== undefined && clock.now() < session.endsAt ? session : undefined;
    },
    isVoided: (value) => value !== undefined && voided.has(value),
    rotate: (session) => {
      byValue.delete(session.value);
      voided.add(session.value);
      session.value = randomUUID();
      put(session);
    },
    signOn: (session, signOn, most) => {
      session.signOn = signOn;
      const own = all().filter((one) => one.signOn?.account === signOn.account);
      const oldestFirst = own.toSorted((a, b) => (a.signOn?.authTime ?? 0) - (b.signOn?.authTime ?? 0));
      for (const one of oldestFirst.slice(0, Math.max(0, own.length - most))) end(one);
    },
    end,
    endById: (id) => {
      for (const one of all()) if (one.id === id) end(one);
    },
    hasEnded: (id) => ended.has(id),
    adopt: (session, value) => byValue.set(value, session),
    cookieLines: ({ value }, secure) => {
      const expires = new Date(clock.now() + LIFE_S * 1000).toUTCString();
      const common = `Path=/${environmentId}; Max-Age=${LIFE_S}; Expires=${expires}`;
      const twin = secure === "both" ? "Secure; HttpOnly" : "HttpOnly";
      return [
        `ST=${value}; ${common}; Secure; HttpOnly; SameSite=None`,
        `ST-NO-SS=${value}; ${common}; ${twin}`,
      ];
    },
  };
}
