import { randomUUID } from "node:crypto";
import type { Clock } from "./clock.ts";
import type { AuthorizeRequest } from "./flow.ts";
import type { Session, SignOn } from "./sessions.ts";

const LIFE_MS = 60_000;

/** What somebody's sign-on allows an application. */
export interface Authorization {
  readonly request: AuthorizeRequest;
  readonly sessionId: string;
  readonly signOn: SignOn;
}

/** What an authorization code stands for. */
interface Grant extends Authorization {
  readonly expiresAt: number;
}

/** Authorization codes: opaque, good once, for 60 seconds. */
export interface Codes {
  issue(request: AuthorizeRequest, session: Session, signOn: SignOn): string;
  /** Looks at a grant without spending it. */
  peek(code: string): Grant | undefined;
  spend(code: string): void;
}

/** An empty store of codes. */
export function createCodes(clock: Clock): Codes {
  const grants = new Map<string, Grant>();
  return {
    issue: (request, session, signOn) => {
      const code = randomUUID();
      grants.set(code, { request, sessionId: session.id, signOn, expiresAt: clock.now() + LIFE_MS });
      return code;
    },
    peek: (code) => {
      const grant = grants.get(code);
      return grant !== undefined && clock.now() < grant.expiresAt ? grant : undefined;
    },
    spend: (code) => {
      grants.delete(code);
    },
  };
}
