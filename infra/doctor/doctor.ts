import { EmulatorRefused } from "../emulator/surroundings.ts";
import { type Environment, EnvironmentRefused } from "../environment.ts";
import { nobodysAccount } from "../placeholders.ts";
import type { AwsSettings } from "./account/clients.ts";
import type { Terminal } from "./api/hands.ts";
import { NobodyToAsk } from "./api/terminal.ts";
import { type Asked, readCommandLine, UsageRefused } from "./command-line.ts";
import { type Examination, lineOf } from "./finding.ts";
import { examineTenant, type TenantTools } from "./tenant/examine.ts";

/** How the command reaches the world. */
export interface DoctorTools extends TenantTools {
  /**
   * The environment of a name, checked.
   *
   * @throws EnvironmentRefused when there is none, or when its settings can't be used
   */
  readonly environmentNamed: (name: string | undefined) => Environment;
  readonly print: (line: string) => void;
  /** How AWS is reached. */
  readonly aws: AwsSettings;
  /** Who tells of a test person, where there is no simulator. */
  readonly terminal: Terminal;
}

/** Emulators take a key of twelve digits for the account. */
const nobodys = { accessKeyId: nobodysAccount, secretAccessKey: "test" };

/**
 * Says what is wrong with an environment, a line for each thing.
 *
 * @returns the exit code: 1 when something is wrong, or when there was nothing to examine
 */
export async function doctor(args: readonly string[], tools: DoctorTools): Promise<number> {
  try {
    const asked = readCommandLine(args);
    const environment = tools.environmentNamed(asked.environment);
    return report(await examination(asked, environment, tools), tools.print);
  } catch (error) {
    if (error instanceof EnvironmentRefused) return refuse(error, tools.print);
    const isSaid = [UsageRefused, NobodyToAsk, EmulatorRefused].some((known) => error instanceof known);
    if (!(error instanceof Error && isSaid)) throw error;
    tools.print(error.message);
    return 1;
  }
}

async function examination(asked: Asked, environment: Environment, tools: DoctorTools): Promise<Examination> {
  if (asked.api !== undefined) {
    const { examineApi } = await import("./api/examine.ts");
    return examineApi(environment, asked.api, tools);
  }
  if (!asked.account) return examineTenant(environment, tools);
  // AWS's clients take longer to load than all calls to PingOne take.
  const { examineAccount } = await import("./account/examine.ts");
  const { endpoint } = environment;
  return examineAccount(environment, endpoint === undefined ? tools.aws : { endpoint, credentials: nobodys });
}

function report({ looked, findings, toLookAt }: Examination, print: (line: string) => void): number {
  print(looked);
  for (const finding of findings) print(lineOf(finding));
  print(findings.length === 0 ? "Nothing is wrong, as far as this can see." : `Wrong: ${findings.length}.`);
  if (toLookAt.length > 0) print("\nThis can't see the following. Look at it:");
  for (const line of toLookAt) print(`- ${line}`);
  return findings.length === 0 ? 0 : 1;
}

/** Settings that can't be used are what is wrong. */
function refuse({ message }: EnvironmentRefused, print: (line: string) => void): number {
  for (const what of message.split("\n")) {
    print(lineOf({ kind: "settings", what, mend: "infra/environments/; docs/configuration.md" }));
  }
  return 1;
}
