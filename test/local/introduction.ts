import { documentUrl, pageUrl } from "../contract/page.ts";
import { applications } from "../simulator/applications.ts";
import { people } from "../simulator/people.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { createPkce } from "../support/flow-client.ts";

/** What there is to try, by the policy to start with. */
export const stories: readonly (readonly [
  policy: string,
  who: readonly { readonly username: string; readonly password?: string }[],
  story: string,
])[] = [
  ["Single_Factor", [people.passwordOnly], "password only"],
  ["Multi_Factor", [people.smsOtp], "password, then a code by SMS"],
  ["Multi_Factor", [people.twoDevices], "password, then a choice between e-mail and SMS"],
  ["Multi_Factor", [people.push], "password, then a push to approve"],
  ["Passwordless", [people.emailOtp, people.noPassword], "name, then a code by e-mail"],
  ["Passwordless", [people.passkeyAndMail], "a passkey, or a code by e-mail"],
  ["Passwordless", [people.pushAndSms], "a push to approve, or a code by SMS"],
  ["Identifier_First", [people.passwordOnly], "name, then the password"],
  ["Progressive_Profiling", [people.passwordOnly], "password, then two questions"],
  ["Agreement", [people.passwordOnly], "password, then terms to agree to"],
  ["Single_Factor", [people.lockedTimed], "locked out for an hour"],
  ["Single_Factor", [people.lockedForever], "locked out until somebody helps"],
  ["Single_Factor", [people.passwordExpired, people.temporaryPassword], "has to change the password"],
  ["Self_Service", [people.emailOtp], "forgets the password, or registers anew"],
  ["Single_Factor", [people.disabled], "account disabled"],
  ["Multi_Factor", [people.noUsableDevice], "second factor wanted, no usable device"],
];

/** What to print once the sandbox is up. */
export function introduction({ api, simulator, engine }: Running): string {
  const { verifier, challenge } = createPkce();
  const { clientId, redirectUris } = applications.public;
  const { username, password } = people.smsOtp;
  const folk = stories.map(
    ([policy, who, story]) =>
      `  ${policy.padEnd(22)}${who.map((person) => person.username).join(", ")}: ${story}`,
  );
  const step = (name: string, body: string) =>
    `  curl -sw '\\n' ${api}/flows/$FLOW/${name} -H "Authorization: Bearer $TOKEN" \\
    -H 'Content-Type: application/json' -d '${body}'`;
  return `
  a page      ${api.replace("127.0.0.1", "localhost")}/   (signs on in a browser)
  API         ${api}
  reference   ${api}${pageUrl}   (its OpenAPI document: ${documentUrl})
  PingOne     ${simulator.baseUrl}   (a simulator)
  codes       ${simulator.origin}/_simulator/inbox?username=${username}   (the newest is last)
  pushes      curl -s ${simulator.origin}/_simulator/push/${people.push.username} -d '{"answer":"approve"}'
  DynamoDB    ${engine}

People by policy (every password is ${password}):
${folk.join("\n")}

Try it, with FLOW and TOKEN set from the flowId and the newest flowToken of each answer:
  curl -sw '\\n' ${api}/flows -H 'Content-Type: application/json' \\
    -d '{"codeChallenge":"${challenge}","policy":"Multi_Factor"}'
  FLOW=… TOKEN=…
${step("password", `{"username":"${username}","password":"${password}"}`)}
  TOKEN=…      the code is printed below
${step("otp", '{"otp":"123456"}')}
  TOKEN=…
${step("resume", "{}")}
  CODE=…       valid once, for a minute
  curl -sw '\\n' ${simulator.baseUrl}/as/token -d grant_type=authorization_code -d client_id=${clientId} \\
    -d redirect_uri=${redirectUris[0]} -d code=$CODE -d code_verifier=${verifier}

Ctrl-C stops it.`;
}

interface Running {
  readonly api: string;
  readonly simulator: Pick<Simulator, "baseUrl" | "origin">;
  readonly engine: string;
}
