import type { Server } from "node:http";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createAccounts, failuresOf } from "./accounts.ts";
import { isPerformed } from "./actions.ts";
import { createApp } from "./app.ts";
import { createApplications } from "./applications.ts";
import type { RecordedCall } from "./calls.ts";
import { createCalls } from "./calls.ts";
import type { Clock } from "./clock.ts";
import { createCodes } from "./codes.ts";
import type { Fault } from "./faults.ts";
import { createFaults } from "./faults.ts";
import { createFlows } from "./flow.ts";
import type { Inbox, InboxMessage } from "./inbox.ts";
import { createInbox } from "./inbox.ts";
import type { Person } from "./people.ts";
import { createRefreshTokens } from "./refresh-tokens.ts";
import { createSessions } from "./sessions.ts";
import { shownCode } from "./shown-codes.ts";
import { OTP_LENGTH, showsCode } from "./steps.ts";
import type { Switches } from "./switches.ts";
import { strictSwitches, switchesSchema } from "./switches.ts";
import { createSigner } from "./tokens.ts";
import type { World } from "./world.ts";

/** The environment that exists unless another id is asked for. */
export const DEFAULT_ENVIRONMENT_ID = "c2f0b6de-7a43-4f4e-9d55-2f6f5d0a9e10";

/** How to start the stand-in. */
export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Epoch milliseconds; the machine's clock unless given. */
  readonly clock?: Clock;
  readonly switches?: Partial<Switches>;
  readonly environmentId?: string;
  /** Hears of each one-time passcode sent. */
  readonly onCode?: (message: InboxMessage) => void;
}

/** A running stand-in for one PingOne environment. */
export interface Simulator {
  /** `http://127.0.0.1:{port}/{envID}`. */
  readonly baseUrl: string;
  /** `http://127.0.0.1:{port}`. */
  readonly origin: string;
  readonly environmentId: string;
  /** Live: turn one and the next call obeys. */
  readonly switches: Switches;
  readonly faults: { script(fault: Fault): void; clear(): void };
  readonly inbox: Inbox;
  /**
   * What somebody has at hand to answer their newest flow with: the code that was sent last or that a device
   * shows, or the challenge that their passkey has to sign, in base64url.
   *
   * @param flowIds the flows that it may be about, where it is about one of them
   */
  atHand(username: string, flowIds?: ReadonlySet<string>): string | undefined;
  /** Takes what is signed for it under another base URL: somebody stands before it. */
  answersTo(baseUrl: string): void;
  /** Makes somebody who is like a seeded person, for whoever changes what they find. */
  enrol(likeness: Person): Person;
  /** Whether there is somebody of that name. */
  knows(username: string): boolean;
  /** How many wrong passwords and codes were ever counted for a person; none for somebody unknown. */
  failures(username: string): number;
  /** Every request on PingOne's own paths, in order of arrival. */
  readonly calls: readonly RecordedCall[];
  /** Closes every socket and ends slow answers; nothing is left running. May be called again. */
  close(): Promise<void>;
}

/** Starts the stand-in on loopback. Rejects when the port is taken or a switch is unknown. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const switches = switchesSchema.parse({ ...strictSwitches, ...options.switches });
  const clock = options.clock ?? { now: () => Date.now() };
  const environmentId = options.environmentId ?? DEFAULT_ENVIRONMENT_ID;
  // An idle connection that only one side takes for open would break the next call.
  const server = createServer({ keepAliveTimeout: 0 });
  const origin = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`;
  const closing = new AbortController();
  const world = {
    clock,
    environmentId,
    origin,
    baseUrl: `${origin}/${environmentId}`,
    otherBaseUrls: new Set<string>(),
    switches,
    applications: createApplications(),
    accounts: createAccounts(clock),
    flows: createFlows(clock),
    sessions: createSessions(clock, environmentId),
    codes: createCodes(clock),
    refreshTokens: createRefreshTokens(clock),
    signer: createSigner(),
    inbox: createInbox(options.onCode ?? (() => undefined)),
    faults: createFaults(isPerformed),
    calls: createCalls(),
    closing: closing.signal,
  };
  const app = createApp(world);
  // The adapter would otherwise replace the process's own Request and Response.
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  server.on("request", listener);
  return {
    baseUrl: world.baseUrl,
    origin,
    environmentId,
    switches,
    faults: world.faults,
    inbox: world.inbox,
    atHand: (username, flowIds) => atHand(world, username, flowIds),
    enrol: (likeness) => world.accounts.enrol(likeness),
    knows: (username) => world.accounts.get(username) !== undefined,
    failures: (username) => {
      const account = world.accounts.get(username);
      return account === undefined ? 0 : failuresOf(account);
    },
    calls: world.calls.all,
    answersTo: (baseUrl) => world.otherBaseUrls.add(baseUrl),
    close: () => {
      closing.abort();
      return close(server);
    },
  };
}

function atHand(
  { clock, flows, inbox }: Pick<World, "clock" | "flows" | "inbox">,
  username: string,
  flowIds: ReadonlySet<string> | undefined,
): string | undefined {
  const { challenge, selected } = flows.latestOf(username, flowIds) ?? {};
  if (challenge !== undefined) return challenge.toString("base64url");
  if (selected !== undefined && showsCode(selected)) return shownCode(selected.id, OTP_LENGTH, clock.now());
  const own = inbox.all().findLast(({ flowId }) => flowIds?.has(flowId));
  return (own ?? inbox.latest(username))?.code;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(address !== null && typeof address === "object" ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // The callback's only error says that the server was closed before.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
