import { people } from "../simulator/people.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { createPkce } from "../support/flow-client.ts";

const stories: Readonly<Record<keyof typeof people, string>> = {
  passwordOnly: "password only",
  emailOtp: "one-time passcode by e-mail",
  smsOtp: "one-time passcode by SMS, after the password",
  twoDevices: "chooses between e-mail and SMS",
  push: "push confirmation: a browser has to go on",
  lockedTimed: "locked out for an hour",
  lockedForever: "locked out until somebody helps",
  passwordExpired: "password expired: a browser has to go on",
  temporaryPassword: "temporary password: a browser has to go on",
  disabled: "account disabled",
  noUsableDevice: "second factor wanted, no usable device",
  noPassword: "has no password; one-time passcode by e-mail",
};

/** What to print once the sandbox is up. */
export function introduction({ api, simulator, engine }: Running): string {
  const folk = Object.entries(stories).map(([key, story]) => {
    const person = Object.entries(people).find(([name]) => name === key)?.[1];
    return `  ${(person?.username ?? key).padEnd(18)} ${story}`;
  });
  return `
  API         ${api}
  PingOne     ${simulator.baseUrl}   (a simulator)
  codes       ${simulator.origin}/_simulator/inbox
  DynamoDB    ${engine}

People (password ${people.passwordOnly.password}):
${folk.join("\n")}

Try it, with flowId and flowToken taken from each answer:
  curl -s ${api}/flows -H 'Content-Type: application/json' \\
    -d '{"codeChallenge":"${createPkce().challenge}","policy":"Multi_Factor"}'
  FLOW=… TOKEN=…
  curl -s ${api}/flows/$FLOW/password -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
    -d '{"username":"${people.smsOtp.username}","password":"${people.smsOtp.password}"}'
  TOKEN=…
  curl -s ${api}/flows/$FLOW/otp -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
    -d '{"otp":"the code printed below"}'
  TOKEN=…
  curl -s -X POST ${api}/flows/$FLOW/resume -H "Authorization: Bearer $TOKEN"

Ctrl-C stops it.`;
}

interface Running {
  readonly api: string;
  readonly simulator: Simulator;
  readonly engine: string;
}
