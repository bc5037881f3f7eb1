import type { Application } from "./application.ts";
import type { FlowDetails } from "./details.ts";
import type { Standing } from "./jar.ts";
import type { FlowProblem } from "./problems.ts";
import type { ChoiceFault, Reason, Rejected } from "./reasons.ts";

/**
 * What a member of a step's body says: who the person is, attributes of theirs, which device, a secret, what
 * a key of the person's has signed for this one flow, or something else.
 */
export type MemberKind = "attributes" | "device" | "person" | "plain" | "secret" | "signed";

/** A reason of PingOne's, by the code of its detail; with `target` only where it is about that member. */
export interface RejectionReason {
  readonly code: Reason;
  readonly target?: string;
  /** What is wrong with something that was just chosen; absent where it is the name or the credential. */
  readonly means?: ChoiceFault["kind"];
}

/** What a flow knows that can tell against a well-formed request. */
export interface FlowKnowledge {
  readonly details: FlowDetails;
  readonly standing: Standing | undefined;
  /** The one that the person signs on to. */
  readonly application: Application;
}

/** What each member of a body says. */
type Members<Body extends object> = Readonly<Record<keyof Body, MemberKind>>;

/** What a name that PingOne knows comes to, and so every other name as well. */
export interface Decoy {
  readonly status: string;
  /** The actions that PingOne offers there. */
  readonly actions: readonly string[];
  /** What is shown beside it: it is no different for anybody. */
  readonly shows: readonly ("passwordPolicy" | "selectedDevice")[];
}

/** Everything that is true of one step. Whatever else has to know of steps derives it from here. */
export interface StepFacts<Name extends string, Body extends object, Kinds extends Members<Body>> {
  /** The last segment of the step's URL, and the name of its function. */
  readonly name: Name;
  /**
   * How PingOne is asked: by one of its actions, whose name is also the key of the link that offers it; by
   * `GET /as/resume`; by reading the flow; or by redeeming the code at `POST /as/token`.
   */
  readonly call:
    | { readonly kind: "action"; readonly action: string; readonly body: (body: Body) => object }
    | { readonly kind: "exchange"; readonly codeVerifier: (body: Body) => string }
    | { readonly kind: "read" | "resume" };
  /** The members of the body that a client sends. */
  readonly members: Kinds;
  /** The largest body that is read: bytes; 8 KB unless said. */
  readonly largestBody?: number;
  /** The statuses that offer the step, where PingOne sends no link for it. */
  readonly offeredIn?: readonly string[];
  /** What PingOne has to have told, or the client could answer nothing. */
  readonly offeredWith?: "profile";
  /** The setting of an application without which the step is never offered. */
  readonly needs?: "clientAuthentication";
  /** Whether a workflow may take the step: not where what it gives must never be in a history. */
  readonly forWorkflows?: false;
  /** Whether the step is held against the limit of attempts in one flow. */
  readonly countsAttempt: boolean;
  /** Whether the step is held against the limit of credentials tried in one flow as well. */
  readonly triesCredential: boolean;
  /**
   * Whether PingOne may send a message for the step: a code by mail, text or call, or a push. It may where
   * naming a person can lead to a second factor, where a device is chosen, and where a code is sent again.
   */
  readonly sendsMessage: boolean;
  /** What a decoy looks like after the step; for a step that asks about a name alone. */
  readonly decoy?: Decoy;
  /** Whether its answers tell nobody who exists even where they may tell more of a person. */
  readonly hidesNames?: boolean;
  /** Whether it has a code sent again, and changes nothing else. */
  readonly resends?: boolean;
  /**
   * Whether PingOne asks for it only of who has been proved, so that nothing has to be proved after it. A
   * second factor may still follow.
   */
  readonly afterProof?: true;
  /** Whether it takes back who has been named: the flow begins anew. */
  readonly forgetsPerson?: boolean;
  /**
   * Whether a sign-on that then can't go on (`MFA_DISABLED` …) shows that what was given was right: PingOne
   * tells nobody else.
   */
  readonly failureIsProof?: boolean;
  /** The reasons by which PingOne turns down what the person gave, and not the call. */
  readonly rejections: readonly RejectionReason[];
  /** What such a rejection means to the client. */
  readonly rejection: (told: Rejected) => FlowProblem;
  /** What it means that PingOne ends the flow at this step and gives no reason that we know. */
  readonly unexplained?: (body: Partial<Body>) => FlowProblem | undefined;
  /** What the flow itself tells against a well-formed body: PingOne is then not asked. */
  readonly objection?: (body: Body, flow: FlowKnowledge) => FlowProblem | undefined;
}

/** A step, and how to ask for it. */
export interface StepDefinition<Name extends string, Body extends object, Kinds extends Members<Body>>
  extends StepFacts<Name, Body, Kinds> {
  readonly command: (body: Body) => StepCommand<Name>;
}

/** A step together with what the client sent for it. */
export interface StepCommand<Name extends string = string> {
  readonly step: Name;
  /** What tells a repetition from another request. */
  readonly body: object;
  readonly call:
    | { readonly kind: "action"; readonly mediaType: string; readonly body: object }
    | { readonly kind: "exchange"; readonly codeVerifier: string }
    | { readonly kind: "read" | "resume" };
  /** The name that PingOne is asked about. */
  readonly person: string | undefined;
  /** The device that is asked for. */
  readonly deviceId: string | undefined;
  readonly objection: (flow: FlowKnowledge) => FlowProblem | undefined;
  /** What it means that PingOne ends the flow and gives no reason that we know. */
  readonly unexplained: FlowProblem | undefined;
}

/** Makes a step of its facts. */
export function defineStep<
  const Name extends string,
  Body extends object,
  const Kinds extends Members<Body> = Members<Body>,
>(facts: StepFacts<Name, Body, Kinds>): StepDefinition<Name, Body, Kinds> {
  return {
    ...facts,
    command: (body) => ({
      step: facts.name,
      body,
      call: upstreamCall(facts.call, body),
      person: memberOfKind("person", facts.members, body),
      deviceId: memberOfKind("device", facts.members, body),
      objection: (flow) => facts.objection?.(body, flow),
      unexplained: facts.unexplained?.(body),
    }),
  };
}

function upstreamCall<Body extends object>(
  call: StepFacts<string, Body, Members<Body>>["call"],
  body: Body,
): StepCommand["call"] {
  switch (call.kind) {
    case "action":
      // The media type is PingOne's verb (docs/pingone.md §3): every action goes to the same URL.
      return {
        kind: "action",
        mediaType: `application/vnd.pingidentity.${call.action}+json`,
        body: call.body(body),
      };
    case "exchange":
      return { kind: "exchange", codeVerifier: call.codeVerifier(body) };
    case "read":
    case "resume":
      return call;
  }
}

function memberOfKind(
  kind: MemberKind,
  members: Readonly<Record<string, MemberKind>>,
  body: object,
): string | undefined {
  // By the order of the definition: the first of its kind counts.
  const name = Object.keys(members).find((one) => members[one] === kind);
  const found = Object.entries(body).find(([one]) => one === name)?.[1];
  return typeof found === "string" ? found : undefined;
}
