import { describe, expect, it } from "vitest";
import { faultsIn } from "./repository.ts";

const script = (code: string, files = {}) =>
  faultsIn({ "test/main.ts": "", ...files, "README.md": `# Title\n\n\`\`\`sh\n${code}\n\`\`\`\n` });

const challenge = "x".repeat(43);

describe("a shell example", () => {
  it.each([
    "npm ci && npm start   # npm run gone",
    'PROVE_SEED=7 npm run --silent prove -- race "fault matrix"',
    "npm test && npm i --no-save x",
    "node test/main.ts",
    "npx cdk deploy -c env=dev",
    `curl -s $API/flows -H 'Content-Type: application/json' -d '{"codeChallenge":"${challenge}"}'`,
    'curl -s "$API/flows" --json \'{"codeChallenge":"…43 characters…","policy":"<policy>"}\'',
    `curl $API/flows -d '{"codeChallenge":"'"$CHALLENGE"'"}'`,
    'curl -X POST https://x.example.com/v1/flows/$FLOW/otp --data=\'{"otp":"123456"}\'',
    "curl -XDELETE $API/flows/{flowId}",
    "curl $API/flows -d @body.json",
    "curl https://example.com/other -d nothing",
    `aws stepfunctions start-execution --input '{"codeChallenge":"{challenge}"}'`,
    "aws stepfunctions start-execution --input file://input.json",
    "aws stepfunctions describe-execution --input '{}'",
  ])("is right: %s", (code) => {
    expect(script(code)).toEqual([]);
  });

  it.each([
    ["if true; then\necho", /^README\.md:\d: bash can't read this: syntax error/],
    ["echo 'open", /^README\.md:4: bash can't read this: unexpected EOF/],
    ["npm ci &&\nnpm run gone", /^README\.md:5: there is no script "gone" in package.json$/],
    ["npm stop", /^README\.md:4: there is no script "stop" in package.json$/],
    ["npm prove", /^README\.md:4: npm has no "prove"; a script needs npm run$/],
    ["A=$(npm run gone)", /^README\.md:4: there is no script "gone" in package.json$/],
    ["node test/gone.ts", /^README\.md:4: node runs test\/gone.ts, which isn't there$/],
    ["curl $API/flows", /^README\.md:4: the API has no GET \/flows$/],
    ["curl -X PUT $API/flows/1/otp", /^README\.md:4: the API has no PUT \/flows\/1\/otp$/],
    ["curl -d '{}' $API/flows/1/pin", /^README\.md:4: the API has no POST \/flows\/1\/pin$/],
    ["curl -d '{…}' $API/flows", /^README\.md:4: POST \/flows: the body isn't JSON /],
    ["curl -d '{}' $API/flows", /^README\.md:4: POST \/flows: codeChallenge: /],
    ["curl -X POST $API/flows", /^README\.md:4: POST \/flows: codeChallenge: /],
    [`curl -d '{"codeChallenge":"xx"}' $API/flows`, /^README\.md:4: POST \/flows: codeChallenge: /],
    [`curl --data-raw '{"otp":123456}' $API/flows/1/otp`, /^README\.md:4: POST .*: otp: /],
    [`curl --json '{"otp":"…","pin":"…"}' $API/flows/1/otp`, /^README\.md:4: POST .*: the body: .*"pin"/],
    [`FLOW=$(curl -s $API/flows \\\n  -d '{"policy":"a"}')`, /^README\.md:4: POST \/flows: codeChallenge: /],
    [
      "aws stepfunctions start-execution --input '{}'",
      /^README\.md:4: the execution's input: codeChallenge: /,
    ],
    [
      `aws stepfunctions start-execution --input '{"codeChallenge":"…","user":"…"}'`,
      /^README\.md:4: the execution's input: the body: .*"user"/,
    ],
  ])("is wrong: %s", (code, fault) => {
    expect(script(code)).toEqual([expect.stringMatching(fault)]);
  });

  it("may stand in a sentence", () => {
    expect(faultsIn({ "README.md": "Run `npm run prove`, `npm ci`,\nor `npm run gone`.\n" })).toEqual([
      'README.md:2: there is no script "gone" in package.json',
    ]);
  });
});
