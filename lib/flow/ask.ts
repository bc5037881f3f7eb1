import type { Application } from "./application.ts";
import type { FlowPorts } from "./context.ts";
import { sameAgain } from "./decoy.ts";
import type { FlowDetails } from "./details.ts";
import { alike, minimal } from "./disclosure.ts";
import { idAmong } from "./ids.ts";
import type { Jar } from "./jar.ts";
import type { DeviceContext, StartCommand, UpstreamReply } from "./provider.ts";
import { asksAboutName, type StepCommand, type StepName, steps } from "./steps.ts";
import type { HeldClaim } from "./store.ts";

type ProviderPorts = Pick<FlowPorts, "clock" | "provider" | "settings">;
type ClaimedFlow = Pick<HeldClaim, "flow" | "jar">;

/** Begins a flow with PingOne. What comes back tells no more than is configured. */
export async function askToStart(
  { clock, provider, settings }: ProviderPorts,
  command: StartCommand,
  device: DeviceContext,
): Promise<UpstreamReply> {
  const reply = await provider.start(command, device);
  if (settings.disclosure === "hints") return reply;
  // Whoever an ID token names exists. Nothing shows yet that it is they who have sent it.
  const standing = command.subject === undefined ? reply.jar.standing : "named";
  const asked = { step: "start", asksName: command.loginHint !== undefined, now: clock.now() } as const;
  return minimal({ ...reply, jar: { ...reply.jar, standing } }, asked);
}

/** What a step is asked for with. */
export interface StepQuestion {
  readonly command: StepCommand;
  readonly device: DeviceContext;
  readonly application: Application;
}

/** Asks PingOne for a step, once; for a decoy's, which PingOne has no part in, by reading. */
export async function askForStep(
  { clock, provider, settings }: ProviderPorts,
  { flow, jar }: ClaimedFlow,
  { command, device, application }: StepQuestion,
): Promise<UpstreamReply> {
  const asked = asKnown(command, flow.details);
  const { step, deviceId } = asked;
  const isDecoy = jar.standing === "decoy";
  const repeats = deviceId !== undefined && deviceId === flow.details.selectedDevice;
  const reply = isDecoy
    ? await provider.read(jar, device, step)
    : await provider.act(repeats ? selecting(jar, asked) : asked, jar, application, device);
  const tellsMore = settings.disclosure === "hints" && !isDecoy;
  if (tellsMore && steps[step].hidesNames !== true) return reply;
  const now = clock.now();
  const isAgain = repeats || steps[step].resends === true || asked.call.kind === "read";
  const again = isAgain ? sameAgain(flow, now) : undefined;
  const { status, details: before } = flow;
  const question = { step, status, before, asksName: asksAboutName(step), again, now };
  return tellsMore ? alike(reply, question) : minimal(reply, question);
}

/** Reads a flow to learn what became of a step. */
export async function askWhatBecame(
  { clock, provider, settings }: ProviderPorts,
  { flow, jar }: ClaimedFlow,
  step: StepName,
  device: DeviceContext,
): Promise<UpstreamReply> {
  const reply = await provider.read(jar, device, step);
  if (settings.disclosure === "hints" && jar.standing !== "decoy") return reply;
  const now = clock.now();
  // It is asked where the flow stands, and not about a name.
  const { status, details: before } = flow;
  return minimal(reply, { step, status, before, asksName: false, again: sameAgain(flow, now), now });
}

/** The device by its id in PingOne's spelling, whatever letters the client has it in. */
function asKnown(command: StepCommand, { devices = [], selectedDevice }: FlowDetails): StepCommand {
  const { deviceId } = command;
  if (deviceId === undefined) return command;
  const known = [...devices.map(({ id }) => id), ...(selectedDevice === undefined ? [] : [selectedDevice])];
  return steps.device.command({ deviceId: idAmong(known, deviceId) ?? deviceId });
}

/** The device by PingOne's own id, where the client knows it by another. */
function selecting({ selectedDevice }: Jar, command: StepCommand): StepCommand {
  return selectedDevice === undefined ? command : steps.device.command({ deviceId: selectedDevice });
}
