import * as z from "zod/mini";
import {
  type Agreement,
  type Device,
  type FlowDetails,
  inOrder,
  largeDetails,
  type PasswordPolicy,
  type Profile,
  type ProfileAttribute,
  type Provider,
} from "../flow/details.ts";
import type { Claim, Flow, FlowState } from "../flow/flow.ts";
import type { PasskeyDescriptor, PasskeyRequest } from "../flow/passkey.ts";
import { isStep, stepNames } from "../flow/steps.ts";
import type { OptionalWaiter } from "../flow/store.ts";
import { sameHash } from "./tokens.ts";

/**
 * The row format this release writes. An attribute that may be absent, and that another release can leave
 * unread without harm, needs no new one: releases overlap while traffic moves from one to the next.
 */
export const rowVersion = 1;

/** A row as the document client gives it, before anything is known of it. */
export type StoredItem = Readonly<Record<string, unknown>>;

/** A list of words that we know; words that only a later release knows are left out. */
function wordsOf<const Word extends string>(known: readonly Word[]) {
  const isKnown = (word: string): word is Word => known.some((one) => one === word);
  const knownAmong = z.transform((words: string[]): readonly Word[] => words.filter(isKnown));
  return z.pipe(z.array(z.string()), knownAmong);
}

/** A schema for every member of `T`, the optional ones too. */
export type Shape<T> = Record<keyof T, z.ZodMiniType>;

const DeviceSchema = z.object({
  id: z.string(),
  type: z.string(),
  hint: z.optional(z.string()),
} satisfies Shape<Device>);

const AttributeSchema = z.object({
  name: z.string(),
  label: z.optional(z.string()),
} satisfies Shape<ProfileAttribute>);

const ProfileSchema = z.object({
  prompt: z.optional(z.string()),
  attributes: z.readonly(z.array(AttributeSchema)),
} satisfies Shape<Profile>);

const AgreementSchema = z.object({
  title: z.optional(z.string()),
  text: z.optional(z.string()),
  contentType: z.optional(z.string()),
} satisfies Shape<Agreement>);

const SequenceSchema = z.optional(z.object({ maxLength: z.number() }));
const NumberSchema = z.optional(z.number());
const FlagSchema = z.optional(z.boolean());

const PasswordPolicySchema = z.object({
  length: z.optional(z.object({ min: NumberSchema, max: NumberSchema })),
  minCharacters: z.optional(z.record(z.string(), z.number())),
  maxRepeatedCharacters: NumberSchema,
  minUniqueCharacters: NumberSchema,
  minComplexity: NumberSchema,
  alphabetSequenceRule: SequenceSchema,
  numberSequenceRule: SequenceSchema,
  qwertySequenceRule: SequenceSchema,
  shiftedNumberRowSequenceRule: SequenceSchema,
  history: z.optional(z.object({ count: NumberSchema, retentionDays: NumberSchema })),
  notSimilarToCurrent: FlagSchema,
  excludesProfileData: FlagSchema,
  excludesCommonlyUsed: FlagSchema,
  maxAgeDays: NumberSchema,
  minAgeDays: NumberSchema,
  lockout: z.optional(z.object({ failureCount: NumberSchema, durationSeconds: NumberSchema })),
} satisfies Shape<PasswordPolicy>);

const PasskeySchema = z.object({
  type: z.literal("public-key"),
  id: z.string(),
  transports: z.optional(z.readonly(z.array(z.string()))),
} satisfies Shape<PasskeyDescriptor>);

const PasskeyRequestSchema = z.object({
  challenge: z.string(),
  timeout: z.optional(z.number()),
  rpId: z.optional(z.string()),
  allowCredentials: z.optional(z.readonly(z.array(PasskeySchema))),
  userVerification: z.optional(z.string()),
} satisfies Shape<PasskeyRequest>);

const ProviderSchema = z.object({
  name: z.optional(z.string()),
  type: z.optional(z.string()),
} satisfies Shape<Provider>);

/** The parts of a view that only some answers have, as the row and a stored reply keep them. */
export const DetailsSchema = z.object({
  otpLength: z.optional(z.number()),
  selectedDevice: z.optional(z.string()),
  devices: z.optional(z.readonly(z.array(DeviceSchema))),
  email: z.optional(z.string()),
  identityProvider: z.optional(ProviderSchema),
  passwordPolicy: z.optional(PasswordPolicySchema),
  resend: z.optional(z.literal(false)),
  publicKey: z.optional(PasskeyRequestSchema),
  profile: z.optional(ProfileSchema),
  agreement: z.optional(AgreementSchema),
  more: z.optional(wordsOf(largeDetails)),
} satisfies Shape<FlowDetails>);

/** A list of our step names. */
export const StepsSchema = wordsOf(stepNames);

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const SealedSchema = z.object({
  counter: z.number(),
  sealed: Bytes,
  /** Where it was sealed for the owner of a key pair: the sealer's X25519 public key. */
  ephemeral: z.optional(Bytes),
});

const RowSchema = z.object({
  v: z.number(),
  env: z.string(),
  tokenHash: Bytes,
  status: z.string(),
  next: StepsSchema,
  view: DetailsSchema,
  /** Absent once the flow has expired by our own hand. */
  jar: z.optional(SealedSchema),
  /** Epoch milliseconds. */
  deadline: z.number(),
  /** Epoch seconds: DynamoDB's own clean-up, which comes late. */
  ttl: z.number(),
  createdAt: z.number(),
  attempts: z.number(),
  credentialTries: z.optional(z.number()),
  claim: z.optional(
    z.object({
      id: z.string(),
      step: z.string(),
      digest: Bytes,
      until: z.number(),
      doubtful: z.optional(z.boolean()),
    }),
  ),
  previous: z.optional(
    z.object({
      tokenHash: Bytes,
      reply: SealedSchema,
      /** From `repetitionCheck`. */
      check: z.optional(Bytes),
      /** How many requests have been shown with the token that were not the one it bought. */
      misses: z.optional(z.number()),
    }),
  ),
  resumeTries: z.optional(z.number()),
  /** Epoch milliseconds. */
  resumeAt: z.optional(z.number()),
  /** Epoch milliseconds. */
  pollAt: z.optional(z.number()),
  /**
   * A workflow began the flow for somebody else to hold, or waits for it: only then the person's id is kept.
   */
  watched: z.optional(z.boolean()),
  waiter: z.optional(Bytes),
  userId: z.optional(z.string()),
  /** Where the flow was started under a key: the hash of its first token, which tells a repetition. */
  startHash: z.optional(Bytes),
});

/** A sealed value and the counter that it was sealed with. */
export type Sealed = z.infer<typeof SealedSchema>;

/** A row of the table, without its key. */
export type Row = z.infer<typeof RowSchema>;

// The formats this release reads: the one it writes and, after a change, the one before.
const formats = new Map<unknown, z.ZodMiniType<Row>>([[rowVersion, RowSchema]]);

/** The format numbers this release reads. */
export const readableVersions: readonly unknown[] = [...formats.keys()];

/** Whose hash is whose, in every format there will ever be. */
const HashSchema = z.object({ tokenHash: Bytes });

/** By which request a flow was started under a key, in every format there will ever be. */
const StartSchema = z.object({ startHash: z.optional(Bytes) });

/** Who waits for the flow of an item, if anybody does. */
export function waitedIn(item: StoredItem | undefined): OptionalWaiter {
  return { waiter: Bytes.safeParse(item?.["waiter"]).data };
}

/** The partition key of a flow's row. */
export function keyOf(flowId: string): string {
  return `flow#${flowId}`;
}

/** The row in an item, or nothing when it is in a format this release doesn't read. */
export function rowOf(item: StoredItem): Row | undefined {
  return formats.get(item["v"])?.safeParse(item).data;
}

/** The status in an item, whatever else is in it; empty where there is none. */
export function statusOf(item: StoredItem): string {
  return z.string().safeParse(item["status"]).data ?? "";
}

const ClaimId = z.object({ id: z.string() });

/** The id of the claim in an item, whatever else is in it. */
export function claimIdOf(item: StoredItem): string | undefined {
  return ClaimId.safeParse(item["claim"]).data?.id;
}

/** Which of the flow's tokens a hash belongs to, whatever the format of its row. */
export function tokenKindOf(item: StoredItem, tokenHash: Uint8Array): "current" | "previous" | "none" {
  const isIn = (hashed: unknown) => {
    const { data } = HashSchema.safeParse(hashed);
    return data !== undefined && sameHash(data.tokenHash, tokenHash);
  };
  if (isIn(item)) return "current";
  return HashSchema.safeParse(item).success && isIn(item["previous"]) ? "previous" : "none";
}

/** Whether the flow of an item was started under a key, by the request whose first token has this hash. */
export function startedBy(item: StoredItem | undefined, tokenHash: Uint8Array): boolean {
  const { data } = z.safeParse(StartSchema, item);
  return data?.startHash !== undefined && sameHash(data.startHash, tokenHash);
}

/** The flow in a row, without its secrets. */
export function flowOf(flowId: string, row: Row): Flow {
  return {
    flowId,
    status: row.status,
    next: row.next,
    details: inOrder(row.view),
    deadline: row.deadline,
    createdAt: row.createdAt,
    attempts: row.attempts,
    credentialTries: row.credentialTries ?? 0,
    claim: row.claim && claimOf(row.claim),
    resumeTries: row.resumeTries,
    resumeAt: row.resumeAt,
    pollAt: row.pollAt,
    userId: row.userId,
  };
}

function claimOf({ id, step, until, doubtful = false }: NonNullable<Row["claim"]>): Claim {
  return { id, step: isStep(step) ? step : undefined, until, doubtful };
}

/** The attributes that an answer of PingOne decides. */
export function stateAttributes(state: FlowState) {
  return {
    status: state.status,
    next: state.next,
    view: state.details,
    ...deadlineAttributes(state.deadline),
  };
}

/**
 * The attributes that end a flow's life.
 *
 * @param deadline epoch milliseconds; `ttl` is in whole seconds and never before it
 */
export function deadlineAttributes(deadline: number) {
  return { deadline, ttl: Math.ceil(deadline / 1000) };
}
