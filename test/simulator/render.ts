import { randomUUID } from "node:crypto";
import type { Account, LiveDevice } from "./accounts.ts";
import { actionsOf } from "./actions.ts";
import { askedAttributes } from "./asked-attributes.ts";
import type { Flow, FlowStatus } from "./flow.ts";
import { requestOptions } from "./passkey.ts";
import { passwordPolicy } from "./password-policy.ts";
import type { FlowError } from "./reason.ts";
import { toFlowError } from "./reason.ts";
import { OTP_LENGTH } from "./steps.ts";
import type { Switches } from "./switches.ts";
import type { World } from "./world.ts";

/** A flow object as JSON. */
export type FlowBody = Readonly<Record<string, unknown>>;

const withDevices: readonly FlowStatus[] = [
  "DEVICE_SELECTION_REQUIRED",
  "OTP_REQUIRED",
  "ASSERTION_REQUIRED",
  "PUSH_CONFIRMATION_REQUIRED",
  "PUSH_CONFIRMATION_TIMED_OUT",
];

/** The statuses in which a new password can be chosen. */
const withPasswordPolicy: readonly FlowStatus[] = [
  "PASSWORD_EXPIRED",
  "MUST_CHANGE_PASSWORD",
  "RECOVERY_CODE_REQUIRED",
];

const providerId = "7b0b2c1e-90a1-4f5f-8d5c-2f0a6f3e9d77";

/** The flow object in the generation of `shapes`; `told` is the error that stands beside an open status. */
export function renderFlow(world: World, flow: Flow, told?: FlowError): FlowBody {
  const ended = flow.status === "FAILED" ? flow.reason : undefined;
  const error = ended === undefined ? told : toFlowError(ended);
  const newest = world.switches.shapes === "2026";
  return {
    _links: {
      ...renderLinks(world, flow, [...actionsOf(flow, world.switches), "self"]),
      ...renderProviderLink(world, flow),
    },
    id: flow.id,
    ...(newest && flow.status === "COMPLETED" && flow.session ? { session: { id: flow.session.id } } : {}),
    resumeUrl: `${world.baseUrl}/as/resume?flowId=${flow.id}`,
    status: flow.status,
    createdAt: new Date(flow.createdAt).toISOString(),
    expiresAt: new Date(flow.expiresAt).toISOString(),
    _embedded: renderEmbedded(world, flow),
    ...(world.switches.agreementIn === "flow" ? renderAgreement(flow) : {}),
    ...(withDevices.includes(flow.status) ? renderMfa(world, flow, newest) : {}),
    ...(newest && flow.status === "VERIFICATION_CODE_REQUIRED" && flow.username
      ? { email: maskedAddress(flow.username) }
      : {}),
    ...(error === undefined ? {} : { error }),
  };
}

/** What resume, or authorize with a live session, gives under `pi.flow`. */
export function renderAuthorized(world: World, flow: Flow, code: string): FlowBody {
  const { state } = flow.request;
  return {
    ...renderFlow(world, flow),
    environment: { id: world.environmentId },
    authorizeResponse: { code, ...(state === undefined ? {} : { state }) },
  };
}

/**
 * The malformed answer of the 2018 sample of `otp.check`: every field has slipped into `_links`, and the `id`
 * there is not the one in the URLs. That id is made to lead to the flow as well.
 */
export function renderSlipped(world: World, flow: Flow): FlowBody {
  const { _links: _dropped, ...fields } = renderFlow(world, flow);
  const id = randomUUID();
  world.flows.alias(flow, id);
  const completed = flow.status === "COMPLETED" && flow.account !== undefined;
  const embedded = completed ? { _embedded: { user: renderUser(flow.account, true) } } : {};
  return { _links: { ...renderLinks(world, flow, ["self"]), ...fields, id, ...embedded } };
}

/** Links of the given names, all to the flow's one URL. */
export function renderLinks(world: World, flow: Flow, names: readonly string[]): FlowBody {
  const href = `${world.baseUrl}/flows/${flow.id}`;
  return Object.fromEntries(names.map((name) => [name, { href }]));
}

function renderMfa({ switches }: World, flow: Flow, newest: boolean): FlowBody {
  const passkey = flow.selected?.passkey;
  return {
    ...(flow.challenge && passkey
      ? { publicKeyCredentialRequestOptions: requestOptions([passkey], flow.challenge, switches) }
      : {}),
    ...(newest && flow.status === "OTP_REQUIRED" ? { otpLength: OTP_LENGTH } : {}),
    bypassAllowed: false,
    ...(flow.selected === undefined ? {} : { selectedDevice: { id: flow.selected.id } }),
  };
}

function renderAgreement({ status }: Flow): FlowBody {
  if (status !== "AGREEMENT_CONSENT_REQUIRED") return {};
  const text = "You may sign on here. We keep your name as long as you do.";
  return { agreement: { id: randomUUID(), name: "Terms of use", contentType: "text/plain", text } };
}

function renderProfile({ status }: Flow): FlowBody {
  if (status !== "PROFILE_DATA_REQUIRED") return {};
  return { promptText: "Tell us a little more.", attributes: askedAttributes };
}

/** Whoever signs the people of another directory on: for a browser alone (docs/pingone.md §3.10). */
function renderProvider({ status }: Flow): FlowBody {
  if (status !== "EXTERNAL_AUTHENTICATION_REQUIRED") return {};
  return { identityProvider: { id: providerId, name: "Partner's directory", type: "OPENID_CONNECT" } };
}

function renderProviderLink({ baseUrl }: World, { id, status }: Flow): FlowBody {
  if (status !== "EXTERNAL_AUTHENTICATION_REQUIRED") return {};
  const href = `${baseUrl}/rp/authenticate?providerId=${providerId}&flowId=${id}`;
  return { authenticate: { href } };
}

function renderEmbedded({ switches }: World, flow: Flow): FlowBody {
  const { agreementIn, shapes } = switches;
  const { account } = flow;
  const showDevices = account !== undefined && withDevices.includes(flow.status);
  return {
    ...(showDevices ? { devices: account.devices.map((one) => renderDevice(one, shapes)) } : {}),
    ...renderProfile(flow),
    ...renderProvider(flow),
    ...(agreementIn === "embedded" ? renderAgreement(flow) : {}),
    ...(shapes === "2026" && account ? { user: renderUser(account, flow.status === "COMPLETED") } : {}),
    ...(showsPolicy(flow) ? { passwordPolicy } : {}),
    ...(shapes === "2018" ? {} : { application: { name: flow.request.application.name } }),
  };
}

/** Whoever may register is told the rules from the beginning. */
function showsPolicy({ request, status }: Flow): boolean {
  const mayRegister = status === "USERNAME_PASSWORD_REQUIRED" && request.policy.selfService === true;
  return mayRegister || withPasswordPolicy.includes(status);
}

function renderUser(account: Account | undefined, named: boolean): FlowBody {
  if (account === undefined) return {};
  const { id, username, given, family } = account.person;
  return named ? { id, username, name: { given, family } } : { id };
}

function renderDevice(device: LiveDevice, shapes: Switches["shapes"]): FlowBody {
  return {
    id: device.id,
    type: device.type,
    status: "ACTIVE",
    ...(shapes === "2026" ? { usableStatus: { status: usableStatus(device) } } : {}),
    ...renderAddress(device),
  };
}

function usableStatus(device: LiveDevice): string {
  if (!device.usable) return "DISABLED";
  return device.lock.lockedUntil() === 0 ? "ENABLED" : "LOCKED";
}

function renderAddress({ type, to }: LiveDevice): FlowBody {
  switch (type) {
    case "EMAIL":
      return { email: maskedAddress(to) };
    case "SMS":
    case "VOICE":
    case "WHATSAPP":
      return { phone: `*******${to.slice(-2)}` };
    case "FIDO2":
    case "MOBILE":
    case "TOTP":
      return { nickname: to };
  }
}

function maskedAddress(address: string): string {
  return `${address.slice(0, 2)}****${address.slice(address.indexOf("@"))}`;
}
