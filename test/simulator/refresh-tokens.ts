import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.ts";
import type { Authorization } from "./codes.ts";

/**
 * How long a refresh token is good, and how long its family can be kept alive by rotation, in milliseconds.
 */
export const REFRESH_LIFE_MS = 30 * 24 * 3_600_000;
export const REFRESH_FAMILY_LIFE_MS = 180 * 24 * 3_600_000;

/** A refresh token that was taken, and the one that comes in its place. */
interface Rotated {
  readonly authorization: Authorization;
  readonly next: string;
}

/** Refresh tokens: opaque, good once; a second use revokes all that came from the same sign-on. */
export interface RefreshTokens {
  /** The first token of a new family. */
  issue(authorization: Authorization): string;
  /** What a token of that client's stands for, without taking it. */
  peek(token: string, clientId: string): Authorization | undefined;
  /**
   * Takes a token of that client's. A stranger's try changes nothing, nor does another use within `graceMs`
   * milliseconds.
   */
  rotate(token: string, clientId: string, graceMs: number): Rotated | undefined;
}

interface Family {
  readonly authorization: Authorization;
  readonly endsAt: number;
  revoked: boolean;
}

interface Token {
  readonly family: Family;
  readonly endsAt: number;
  /** Epoch milliseconds. */
  usedAt: number | undefined;
}

/** An empty store of refresh tokens. A repeated use counts as a theft. */
export function createRefreshTokens(clock: Clock): RefreshTokens {
  const tokens = new Map<string, Token>();
  const put = (family: Family) => {
    const token = randomBytes(32).toString("base64url");
    const endsAt = Math.min(clock.now() + REFRESH_LIFE_MS, family.endsAt);
    tokens.set(token, { family, endsAt, usedAt: undefined });
    return token;
  };
  const find = (value: string, clientId: string) => {
    const token = tokens.get(value);
    return token?.family.authorization.request.application.clientId === clientId ? token : undefined;
  };
  return {
    issue: (authorization) =>
      put({ authorization, endsAt: clock.now() + REFRESH_FAMILY_LIFE_MS, revoked: false }),
    peek: (value, clientId) => find(value, clientId)?.family.authorization,
    rotate: (value, clientId, graceMs) => {
      const token = find(value, clientId);
      if (token === undefined) return undefined;
      const { family } = token;
      const now = clock.now();
      if (token.usedAt !== undefined && now - token.usedAt >= graceMs) family.revoked = true;
      if (family.revoked || now >= token.endsAt) return undefined;
      token.usedAt ??= now;
      return { authorization: family.authorization, next: put(family) };
    },
  };
}
