import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { lenientSwitches } from "../simulator/switches.ts";
import { launchBrowser } from "../support/browser.ts";
import { portOf } from "../support/engines.ts";
import { createProduct, type Product } from "../support/product.ts";
import { standInApplications } from "../support/stand-in.ts";
import { type ServedFiles, serveFile } from "./files.ts";
import { stories } from "./introduction.ts";
import { pageFiles } from "./page-files.ts";

const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** Somebody of the simulator, as far as a page needs to know. */
type Somebody = { readonly username: string };

/** The page at the sandbox's root, before the product, in one browser. */
export class PageStage {
  readonly product: Product;
  readonly url: string;
  readonly #browser: Browser;
  readonly #close: () => Promise<void>;

  private constructor(product: Product, url: string, browser: Browser, close: () => Promise<void>) {
    this.product = product;
    this.url = url;
    this.#browser = browser;
    this.#close = close;
  }

  static async open(): Promise<PageStage> {
    let files: ServedFiles = new Map();
    let target = "";
    const server = createServer((incoming, answer) => {
      if (!serveFile(files, incoming, answer)) forward(target, incoming, answer);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "localhost", resolve);
    });
    const url = `http://localhost:${portOf(server.address())}`;
    const [application] = Object.values(JSON.parse(standInApplications));
    const APPLICATIONS = JSON.stringify({ mobile: { ...Object(application), passkeyOrigins: [url] } });
    const [product, browser] = await Promise.all([
      createProduct({ APPLICATIONS }, { switches: lenientSwitches }),
      launchBrowser(),
    ]);
    files = pageFiles(product.simulator);
    target = product.api;
    return new PageStage(product, url, browser, async () => {
      await browser.close();
      server.closeAllConnections();
      server.close();
      await product.close();
    });
  }

  /** A page that nobody has used, at the time of the product's clock. */
  async visit(look: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
    const context: BrowserContext = await this.#browser.newContext(look);
    const page = await context.newPage();
    await page.clock.setFixedTime(this.product.clock.now());
    await page.goto(this.url);
    await page.locator("body[data-ready=true]").waitFor();
    return page;
  }

  /** Begins a sign-on of somebody. @param story tells their entries apart where they have several */
  async begin(page: Page, { username }: Somebody, story = ""): Promise<void> {
    const label = stories
      .flatMap(([, who, told]) => who.map((one) => `${one.username}: ${told}`))
      .find((one) => one.startsWith(username) && one.includes(story));
    if (label === undefined) throw new Error(`The page has nobody of the name ${username}.`);
    await page.getByLabel("Who signs on").selectOption({ label });
    await page.getByRole("button", { name: "Sign on", exact: true }).click();
  }

  /** The serious findings of axe, and worse: each with what it was found at. */
  async findings(page: Page): Promise<readonly string[]> {
    await page.evaluate(axe);
    const script = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))`;
    const found: unknown = await page.evaluate(script);
    return Array.isArray(found) ? found.map(String) : ["axe did not run"];
  }

  close(): Promise<void> {
    return this.#close();
  }
}

function forward(target: string, incoming: IncomingMessage, answer: ServerResponse): void {
  const { method, headers, url = "/" } = incoming;
  const onward = request(new URL(url, target), { method, headers, agent: false });
  onward.once("response", (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(answer);
  });
  onward.once("error", () => answer.destroy());
  incoming.pipe(onward);
}
