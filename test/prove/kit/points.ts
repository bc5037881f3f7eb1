import type { FlowPorts } from "../../../lib/flow/context.ts";
import type { Jar } from "../../../lib/flow/jar.ts";
import type { IdentityProvider } from "../../../lib/flow/provider.ts";
import type { FlowStore, HeldClaim } from "../../../lib/flow/store.ts";

/** Who stands beside the functions: at each point nothing goes on until they have looked. */
export interface Onlooker {
  /** Something has been written, or PingOne is about to be asked, or has answered. */
  at(point: string): Promise<void>;
  /** PingOne has given this. */
  given(jar: Jar): void;
}

/**
 * Lets an onlooker see every point of a sign-on: after each write, and on both sides of each call to PingOne.
 */
export function watched({ store, provider, limiter, ...ports }: FlowPorts, onlooker: Onlooker): FlowPorts {
  const seen: Seen = async (point, work) => {
    const result = await work;
    await onlooker.at(point);
    return result;
  };
  return {
    ...ports,
    store: watchedStore(store, seen),
    limiter: { ...limiter, admit: (tries, now) => seen("limit", limiter.admit(tries, now)) },
    provider: watchedProvider(provider, onlooker),
  };
}

type Seen = <T>(point: string, work: Promise<T>) => Promise<T>;

function watchedStore(store: FlowStore, seen: Seen): FlowStore {
  const held = (claim: HeldClaim): HeldClaim => ({
    ...claim,
    commit: (result) => seen("commit", claim.commit(result)),
    release: (release) => seen("release", claim.release(release)),
    markDoubtful: (jar, options) => seen("doubt", claim.markDoubtful(jar, options)),
    expire: (now) => seen("expire", claim.expire(now)),
  });
  return {
    ...store,
    create: (flow) => seen("create", store.create(flow)),
    claim: async (request) => {
      const result = await seen("claim", store.claim(request));
      return result.kind === "held" ? { ...result, claim: held(result.claim) } : result;
    },
    takeOver: async (request) => {
      const result = await seen("settle", store.takeOver(request));
      return result.kind === "held" ? { ...result, claim: held(result.claim) } : result;
    },
    remove: (key, now) => seen("remove", store.remove(key, now)),
  };
}

function watchedProvider(provider: IdentityProvider, onlooker: Onlooker): IdentityProvider {
  const around = async (call: () => ReturnType<IdentityProvider["read"]>) => {
    await onlooker.at("before PingOne is asked");
    const reply = await call();
    onlooker.given(reply.jar);
    await onlooker.at("PingOne has answered");
    return reply;
  };
  return {
    prepare: () => provider.prepare(),
    start: (...call) => around(() => provider.start(...call)),
    act: (...call) => around(() => provider.act(...call)),
    read: (...call) => around(() => provider.read(...call)),
    browserLeg: (...call) => provider.browserLeg(...call),
    signOff: async (...call) => {
      await onlooker.at("before PingOne is asked");
      const told = await provider.signOff(...call);
      await onlooker.at("PingOne has answered");
      return told;
    },
    verify: (...call) => provider.verify(...call),
    refresh: (...call) => provider.refresh(...call),
  };
}
