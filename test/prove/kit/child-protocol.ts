import * as z from "zod";
import type { FunctionEnvironment } from "../../../lib/config.ts";
import type { ApiCall, RawReply } from "./api.ts";

/** Where a function's own process hangs until it is killed. */
export const hangs = ["before claim", "after claim", "before send", "before commit", "after commit"] as const;

/** One of {@link hangs}. */
export type Hang = (typeof hangs)[number];

/** Defects by name, for a process that no function can be passed to. */
const namedDefects = ["claims late", "keeps sockets", "sheds nothing", "leaks"] as const;

/** One of {@link namedDefects}. */
export type NamedDefect = (typeof namedDefects)[number];

const isObject = (value: unknown) => typeof value === "object" && value !== null;

/** What a process is built with. */
const Setup = z.object({
  kind: z.literal("setup"),
  environment: z.custom<FunctionEnvironment>(isObject),
  engine: z.string(),
  /** Epoch milliseconds at which its clock stands; without it, the machine's. */
  now: z.number().optional(),
  hang: z.enum(hangs).optional(),
  defect: z.enum(namedDefects).optional(),
});

/** How a process is built. */
export type ChildSetup = Omit<z.output<typeof Setup>, "kind">;

/** What is said to a process. */
export const ToChild = z.discriminatedUnion("kind", [
  Setup,
  z.object({ kind: z.literal("call"), id: z.number(), call: z.custom<ApiCall>(isObject) }),
  z.object({ kind: z.literal("heap?") }),
]);

/** What a process says. */
export const FromChild = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("reached") }),
  z.object({ kind: z.literal("heap"), bytes: z.number() }),
  z.object({ kind: z.literal("reply"), id: z.number(), reply: z.custom<RawReply>(isObject) }),
]);

/** One message of {@link FromChild}. */
export type ChildMessage = z.output<typeof FromChild>;
