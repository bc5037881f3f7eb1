import type { Environment } from "../environment.ts";
import { dev } from "./dev.ts";

const { workflows: _workflows, ...bare } = dev;

/** An AWS emulator: every switch is off, and what stays is what emulators know. */
export const emulator = {
  ...bare,
  name: "emulator",
  region: "us-east-1",
  tracing: false,
  gatewayLogRole: false,
} as const satisfies Environment;
