import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { hasBrowser, noBrowserHere } from "../support/browser.ts";
import { addPasskey } from "../support/virtual-authenticator.ts";
import { PageStage } from "./page-stage.ts";

let stage: PageStage | undefined;

beforeAll(async () => {
  if (hasBrowser) stage = await PageStage.open();
});

afterAll(() => stage?.close());

/** A journey on a page of its own, and what axe finds where it ends. */
function journey(name: string, walk: (page: Page, stage: PageStage) => Promise<void>): void {
  it(`${name}${noBrowserHere}`, async () => {
    if (stage === undefined) {
      expect(hasBrowser).toBe(false);
      return;
    }
    const page = await stage.visit();
    await walk(page, stage);
    expect(await stage.findings(page)).toEqual([]);
    await page.context().close();
  });
}

/** Waits for a screen, and holds the focus to be where a screen reader begins. */
async function sees(page: Page, heading: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  expect(await page.evaluate("document.activeElement?.tagName")).toBe("H1");
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

async function tells(page: Page, text: string): Promise<void> {
  await page.getByRole("alert").filter({ hasText: text }).waitFor();
}

async function signedOnAs(page: Page, { username }: { readonly username: string }): Promise<void> {
  await sees(page, "You are signed on");
  await page.getByRole("definition").filter({ hasText: username }).first().waitFor();
}

async function typePassword(page: Page, password: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name: "Sign on" }).waitFor();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await press(page, "Sign on");
}

async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel("One-time code").fill(code);
  await press(page, "Check the code");
}

const { password } = people.passwordOnly;

it(`the page can be read in the dark, and on a phone${noBrowserHere}`, async () => {
  const page = await stage?.visit({ colorScheme: "dark", viewport: { width: 360, height: 740 } });
  const width = "document.documentElement.scrollWidth";
  const found = page === undefined ? [] : [await page.evaluate(width), await stage?.findings(page)];
  expect(found).toEqual(hasBrowser ? [360, []] : []);
  await page?.context().close();
});

describe("the page signs people on", () => {
  journey("by a password", async (page, at) => {
    await at.begin(page, people.passwordOnly, "password only");
    await typePassword(page, password);
    await signedOnAs(page, people.passwordOnly);
  });

  journey("after a wrong password", async (page, at) => {
    await at.begin(page, people.passwordOnly, "password only");
    await typePassword(page, "wrong");
    await tells(page, "User name or password is wrong.");
    expect(await at.findings(page)).toEqual([]);
    await typePassword(page, password);
    await signedOnAs(page, people.passwordOnly);
  });

  journey("by the keyboard alone", async (page, at) => {
    await at.begin(page, people.passwordOnly, "password only");
    await sees(page, "Sign on");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.type(password);
    await page.keyboard.press("Enter");
    await signedOnAs(page, people.passwordOnly);
  });

  journey("by a code, with one wrong and one sent again", async (page, at) => {
    await at.begin(page, people.smsOtp);
    await typePassword(page, password);
    await sees(page, "Enter your code");
    await page.getByText(/^This sign-on ends in 14:\d\d min\.$/).waitFor();
    const first = at.product.code(people.smsOtp.username);
    await typeCode(page, "000000");
    await tells(page, "That code is wrong. 2 left.");
    expect(await at.findings(page)).toEqual([]);
    await press(page, "Send it again");
    await at.product.until(() => at.product.code(people.smsOtp.username) !== first);
    await page.getByText(at.product.code(people.smsOtp.username)).waitFor();
    await typeCode(page, at.product.code(people.smsOtp.username));
    await signedOnAs(page, people.smsOtp);
  });

  journey("by the device that they choose", async (page, at) => {
    await at.begin(page, people.twoDevices);
    await typePassword(page, password);
    await sees(page, "How shall we check that it is you?");
    expect(await at.findings(page)).toEqual([]);
    await page.getByRole("button", { name: "A code by e-mail" }).click();
    await sees(page, "Enter your code");
    await typeCode(page, at.product.code(people.twoDevices.username));
    await signedOnAs(page, people.twoDevices);
  });

  journey("by a push that they approve", async (page, at) => {
    await at.begin(page, people.push);
    await typePassword(page, password);
    await sees(page, "Confirm on your phone");
    await press(page, "Approve");
    await signedOnAs(page, people.push);
  });

  journey("by a passkey", async (page, at) => {
    await addPasskey(page, people.passkeyAndMail.devices[0].passkey);
    await at.begin(page, people.passkeyAndMail);
    await sees(page, "Who are you?");
    await press(page, "Next");
    await press(page, "Use a passkey");
    await signedOnAs(page, people.passkeyAndMail);
  });

  journey("once their password, which has expired, is changed", async (page, at) => {
    await at.begin(page, people.passwordExpired);
    await typePassword(page, password);
    await sees(page, "Your password has expired");
    await page.getByLabel("New password").fill("x");
    await press(page, "Change the password");
    await tells(page, "The new password is not good enough");
    expect(await at.findings(page)).toEqual([]);
    await page.getByLabel("New password").fill("Windy-Harbour-43");
    await press(page, "Change the password");
    await signedOnAs(page, people.passwordExpired);
  });
});

describe("the page helps people who have no password", () => {
  /** The code of the newest message. */
  async function message(at: PageStage, username: string): Promise<string> {
    await at.product.until(() => at.product.code(username) !== "");
    return at.product.code(username);
  }

  journey("to recover one that they forgot", async (page, at) => {
    await at.begin(page, people.emailOtp, "forgets");
    await sees(page, "Sign on");
    expect(await at.findings(page)).toEqual([]);
    await page.getByText("Forgot your password?").click();
    await press(page, "Send me a code");
    await sees(page, "Recover your password");
    await page.getByLabel("Recovery code").fill(await message(at, people.emailOtp.username));
    await page.getByLabel("New password").fill("Windy-Harbour-43");
    await press(page, "Set the password");
    await signedOnAs(page, people.emailOtp);
  });

  journey("to register", async (page, at) => {
    const username = "rita@example.com";
    await at.begin(page, people.emailOtp, "forgets");
    await sees(page, "Sign on");
    await page.getByText("Register", { exact: true }).first().click();
    const form = page.locator("details[open] form");
    await form.getByLabel("User name").fill(username);
    await form.getByLabel("E-mail address").fill(username);
    await form.getByLabel("Password").fill("Windy-Harbour-43");
    await form.getByRole("button", { name: "Register" }).click();
    await sees(page, "Verify your address");
    expect(await at.findings(page)).toEqual([]);
    await page.getByLabel("Verification code").fill(await message(at, username));
    await press(page, "Verify");
    await signedOnAs(page, { username });
  });
});

describe("the page says why not", () => {
  journey("where a push is denied", async (page, at) => {
    await at.begin(page, people.push);
    await typePassword(page, password);
    await press(page, "Deny");
    await sees(page, "This sign-on is over");
    await tells(page, "The push was denied");
  });

  journey("where nobody answers a push, and sends it again", async (page, at) => {
    await at.begin(page, people.push);
    await typePassword(page, password);
    await press(page, "Let it time out");
    await sees(page, "Nobody answered");
    await press(page, "Send it again");
    await sees(page, "Confirm on your phone");
    await press(page, "Cancel");
    await tells(page, "You have cancelled the sign-on.");
  });

  journey("where an account is locked", async (page, at) => {
    await at.begin(page, people.lockedTimed);
    await typePassword(page, password);
    await tells(page, "Too many tries: this account is locked. Come back in");
  });

  journey("where a sign-on has expired", async (page, at) => {
    await at.begin(page, people.passwordOnly, "password only");
    await sees(page, "Sign on");
    at.product.clock.advance(16 * 60_000);
    await typePassword(page, password);
    await tells(page, "This took too long. Please start again.");
    await press(page, "Start again");
    await sees(page, "Welcome");
  });
});

describe("the page shows how trouble ends well", () => {
  /** How often PingOne was asked for something since. */
  const asked = ({ product }: PageStage, action: string) =>
    product.simulator.calls.filter((call) => call.action === action).length;

  journey("where a reply is lost", async (page, at) => {
    await at.begin(page, people.passwordOnly, "password only");
    await sees(page, "Sign on");
    const before = asked(at, "usernamePassword.check");
    await press(page, "Lose the reply");
    await typePassword(page, password);
    await signedOnAs(page, people.passwordOnly);
    await page.getByText("reply lost").waitFor();
    expect(await page.getByText("POST /flows/{flowId}/password").count()).toBe(2);
    expect(asked(at, "usernamePassword.check") - before).toBe(1);
  });

  journey("where the connection to PingOne is reset", async (page, at) => {
    await at.begin(page, people.passwordOnly, "password only");
    await sees(page, "Sign on");
    const before = asked(at, "usernamePassword.check");
    await press(page, "Reset the connection");
    await page.getByText("PingOne's next connection is going to be reset.").waitFor();
    await typePassword(page, password);
    await page.getByText("503").waitFor();
    await page.getByRole("button", { name: /again$/ }).waitFor();
    await page.getByText("GET /flows/{flowId}").first().waitFor();
    expect(asked(at, "usernamePassword.check") - before).toBe(1);
  });
});
