import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { hasBrowser, noBrowserHere } from "../support/browser.ts";
import { PageStage } from "./page-stage.ts";

let stage: PageStage | undefined;

/** Has one stage for all journeys of a test file. */
export function setStage(): void {
  beforeAll(async () => {
    if (hasBrowser) stage = await PageStage.raise();
  });
  afterAll(() => stage?.close());
}

/** A journey on a page of its own, and what axe finds where it ends. */
export function journey(name: string, walk: (page: Page, stage: PageStage) => Promise<void>): void {
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
export async function sees(page: Page, heading: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  expect(await page.evaluate("document.activeElement?.tagName")).toBe("H1");
}

/** Presses the button of exactly that name. */
export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

/** Waits for what is told as an alert. */
export async function tells(page: Page, text: string): Promise<void> {
  await page.getByRole("alert").filter({ hasText: text }).waitFor();
}

/** Waits for the end: the claims of somebody. */
export async function signedOnAs(page: Page, { username }: { readonly username: string }): Promise<void> {
  await sees(page, "You are signed on");
  await page.getByRole("definition").filter({ hasText: username }).first().waitFor();
}

/** Types a password on the screen "Sign on", and sends it. */
export async function typePassword(page: Page, password: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name: "Sign on" }).waitFor();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await press(page, "Sign on");
}

/** Types a one-time code, and sends it. */
export async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel("One-time code").fill(code);
  await press(page, "Check the code");
}
