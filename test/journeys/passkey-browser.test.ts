import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { hasBrowser, launchBrowser, noBrowserHere } from "../support/browser.ts";
import { serveHttp } from "../support/loopback.ts";
import { createProduct } from "../support/product.ts";
import { standInApplications } from "../support/stand-in.ts";
import { addPasskey } from "../support/virtual-authenticator.ts";

/** What the page's own `navigator.credentials` makes of a view, as its `toJSON()` gives it. */
async function signedBy(page: Page, view: unknown): Promise<unknown> {
  const script = `(async () => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(${JSON.stringify(view)});
    return (await navigator.credentials.get({ publicKey })).toJSON();
  })()`;
  return page.evaluate(script);
}

/** Signs on as the person with a passkey, from a page in a browser. Gives whose ID token it is. */
async function signOnAt(url: string): Promise<unknown> {
  const [application] = Object.values(JSON.parse(standInApplications));
  const product = await createProduct({
    APPLICATIONS: JSON.stringify({ mobile: { ...Object(application), passkeyOrigins: [url] } }),
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await addPasskey(page, people.passkey.devices[0].passkey);
    const client = product.client();
    await client.start({ policy: "Passwordless" });
    const { username } = people.passkey;
    const { body } = await client.step("lookup", { username });
    const assertion = await signedBy(page, body["publicKey"]);
    await client.step("assertion", { assertion });
    return (await product.finish(client))["preferred_username"];
  } finally {
    await browser.close();
    await product.close();
  }
}

it(`a passkey in a browser signs what the API asks for, and what it gives signs on${noBrowserHere}`, async () => {
  const page = await serveHttp((_, answer) => {
    answer.writeHead(200, { "content-type": "text/html" });
    answer.end("<title>Sign on</title>");
  });
  const url = page.replace("127.0.0.1", "localhost");
  expect(hasBrowser ? await signOnAt(url) : "nobody").toBe(hasBrowser ? people.passkey.username : "nobody");
});
