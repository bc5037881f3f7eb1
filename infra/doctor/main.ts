import { saidBy } from "../emulator/surroundings.ts";
import { environmentNamed } from "../environments.ts";
import { terminalOn } from "./api/terminal.ts";
import { doctor } from "./doctor.ts";

process.exitCode = await doctor(process.argv.slice(2), {
  environmentNamed: (name) => environmentNamed(name, saidBy(process.env)),
  fetch: globalThis.fetch,
  now: () => Date.now(),
  print: (line) => process.stdout.write(`${line}\n`),
  aws: {},
  terminal: terminalOn({ input: process.stdin, output: process.stdout }),
});
