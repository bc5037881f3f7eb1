import { describe, expect } from "vitest";
import { people } from "../simulator/people.ts";
import { addPasskey } from "../support/virtual-authenticator.ts";
import { journeysElsewhere } from "./page-elsewhere.ts";
import { journey, press, sees, setStage, signedOnAs, tells, typeCode, typePassword } from "./page-journey.ts";
import type { PageStage } from "./page-stage.ts";

const { password } = people.passwordOnly;

setStage();
journeysElsewhere();

describe("the page can be read", () => {
  journey("in the dark, and on a phone", async (page, at) => {
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 360, height: 740 });
    await at.open(page);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
  });
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

  journey("by a code, where they don't wait for a push", async (page, at) => {
    await at.begin(page, people.pushAndSms);
    await sees(page, "Who are you?");
    await press(page, "Next");
    await sees(page, "Confirm on your phone");
    expect(await at.findings(page)).toEqual([]);
    await press(page, "Don't wait for the phone");
    await sees(page, "How shall we check that it is you?");
    await page.getByRole("button", { name: "A code by text message" }).click();
    await sees(page, "Enter your code");
    await typeCode(page, at.product.code(people.pushAndSms.username));
    await signedOnAs(page, people.pushAndSms);
  });

  journey("once they have told what their profile lacks", async (page, at) => {
    await at.begin(page, people.passwordOnly, "two questions");
    await typePassword(page, password);
    await sees(page, "A little more about you");
    expect(await at.findings(page)).toEqual([]);
    await page.getByLabel("Nickname").fill("Annie");
    await page.getByLabel("City").fill("1");
    await press(page, "Save");
    await tells(page, "One of these was not accepted");
    await page.getByLabel("City").fill("");
    await press(page, "Save");
    await signedOnAs(page, people.passwordOnly);
  });

  journey("once they have agreed to the terms", async (page, at) => {
    await at.begin(page, people.passwordOnly, "terms");
    await typePassword(page, password);
    await sees(page, "Please agree");
    await page.getByRole("heading", { level: 2, name: "Terms of use" }).waitFor();
    expect(await at.findings(page)).toEqual([]);
    await press(page, "I agree");
    await signedOnAs(page, people.passwordOnly);
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

  journey("where somebody refuses the terms", async (page, at) => {
    await at.begin(page, people.passwordOnly, "terms");
    await typePassword(page, password);
    await sees(page, "Please agree");
    await press(page, "I don't agree");
    await sees(page, "This sign-on is over");
    await tells(page, "Without your consent the sign-on can't go on.");
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
    await page.getByText("503", { exact: true }).waitFor();
    await page.getByRole("button", { name: /again$/ }).waitFor();
    await page.getByText("GET /flows/{flowId}").first().waitFor();
    expect(asked(at, "usernamePassword.check") - before).toBe(1);
  });
});
