import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { people } from "../simulator/people.ts";
import { journey, press, sees, signedOnAs, typePassword } from "./page-journey.ts";

const { password } = people.passwordOnly;

/** Journeys on pages that sign on at an API of another origin: on the sandbox's page and that of the docs. */
export function journeysElsewhere(): void {
  describe("the page signs people on at an API elsewhere", () => {
    async function typeBoth(page: Page, { username }: { readonly username: string }): Promise<void> {
      await page.getByLabel("User name").first().fill(username);
      await typePassword(page, password);
    }

    journey("that its address names", async (page, at) => {
      await at.open(page, { ...at.pointedAt(at.product.api), policy: "Single_Factor" });
      expect(await page.getByLabel("Who signs on").count()).toBe(0);
      expect(await at.findings(page)).toEqual([]);
      await press(page, "Sign on");
      await sees(page, "Sign on");
      await typeBoth(page, people.passwordOnly);
      await signedOnAs(page, people.passwordOnly);
    });

    journey("by a cookie that no script sees", async (page, at) => {
      const settings = { ...at.pointedAt(at.elsewhere), tokenDelivery: "cookie", policy: "Multi_Factor" };
      await at.open(page, settings);
      await press(page, "Sign on");
      await typeBoth(page, people.push);
      await sees(page, "Confirm on your phone");
      expect(await page.getByLabel("What happens behind").innerHTML()).not.toMatch(/flowToken|Authorization/);
      const cookies = await page.context().cookies(`${at.elsewhere}/flows`);
      const all = [...cookies, ...(await page.context().cookies())];
      expect(all.map(({ name, httpOnly }) => [name, httpOnly])).toContainEqual(["__Secure-flow-token", true]);
      const push = `${at.product.simulator.origin}/_simulator/push/${people.push.username}`;
      await fetch(push, { method: "POST", body: JSON.stringify({ answer: "approve" }) });
      await signedOnAs(page, people.push);
    });

    journey("that never answers, and says where to look", async (page, at) => {
      // The client pauses for a quarter of a minute in all: here time-outs end a hundred times as soon.
      await page.addInitScript(
        "const wait = setTimeout; setTimeout = (work, ms) => wait(work, (ms ?? 0) / 100);",
      );
      await at.open(page, at.pointedAt("http://127.0.0.1:1"));
      await press(page, "Sign on");
      const advice = page.getByText(`Does http://127.0.0.1:1 list ${at.url} in allowedOrigins?`);
      await advice.waitFor();
      expect(await at.findings(page)).toEqual([]);
    });
  });

  describe("the page of docs/integration.md", () => {
    journey("signs a person on", async (page, { product, elsewhere }) => {
      await page.goto(`${elsewhere}/page.html`);
      const { username } = people.smsOtp;
      await page.getByLabel("User name").fill(username);
      await page.getByLabel("Password").fill("wrong");
      await press(page, "Sign on");
      await page.getByText("credentials-rejected").waitFor();
      await page.getByLabel("User name").fill(username);
      await page.getByLabel("Password").fill(password);
      await press(page, "Sign on");
      await page.getByLabel("Code").waitFor();
      await page.getByLabel("Code").fill(product.code(username));
      await press(page, "Check");
      await page.getByText(`Signed on as ${username}`).waitFor();
    });
  });
}
