import { saidBy } from "../emulator/surroundings.ts";
import { environmentNamed } from "../environments.ts";
import { jwks } from "./jwks.ts";

process.exitCode = await jwks(process.argv.slice(2), {
  environmentNamed: (name) => environmentNamed(name, saidBy(process.env)),
  aws: {},
  print: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
});
