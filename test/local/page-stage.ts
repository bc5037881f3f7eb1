import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { applications } from "../simulator/applications.ts";
import { lenientSwitches } from "../simulator/switches.ts";
import { launchBrowser } from "../support/browser.ts";
import { portOf } from "../support/engines.ts";
import { exampleIn } from "../support/example.ts";
import { createProduct, type Product } from "../support/product.ts";
import { standInApplications } from "../support/stand-in.ts";
import { type ServedFiles, serveFile } from "./files.ts";
import { stories } from "./introduction.ts";
import { clientScript, pageFiles } from "./page-files.ts";

const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** Somebody of the simulator, as far as a page needs to know. */
type Somebody = { readonly username: string };

/** The page at the sandbox's root, before the product, in one browser. */
export class PageStage {
  readonly product: Product;
  /** Where the page is. */
  readonly url: string;
  /** The same API without the page, on another origin of the same site; and docs/integration.md's page. */
  readonly elsewhere: string;
  readonly #browser: Browser;
  readonly #close: () => Promise<void>;

  private constructor(
    { product, url, elsewhere }: Pick<PageStage, "elsewhere" | "product" | "url">,
    browser: Browser,
    close: () => Promise<void>,
  ) {
    this.product = product;
    this.url = url;
    this.elsewhere = elsewhere;
    this.#browser = browser;
    this.#close = close;
  }

  static async raise(): Promise<PageStage> {
    let files: ServedFiles = new Map();
    let target = "";
    const server = createServer((incoming, answer) => {
      if (!serveFile(files, incoming, answer)) forward(target, incoming, answer);
    });
    let example = "";
    const other = createServer((incoming, answer) => {
      if (incoming.url === "/page.html") answer.setHeader("Content-Type", "text/html").end(example);
      else if (incoming.url === "/dist/client/sign-on.js") {
        answer.setHeader("Content-Type", "text/javascript").end(clientScript());
      } else forward(target, incoming, answer);
    });
    const [url, elsewhere] = await Promise.all([placeOf(server), placeOf(other)]);
    const [application] = Object.values(JSON.parse(standInApplications));
    const APPLICATIONS = JSON.stringify({ mobile: { ...Object(application), passkeyOrigins: [url] } });
    const [product, browser] = await Promise.all([
      createProduct(
        { APPLICATIONS, ALLOWED_ORIGINS: `${url},${elsewhere}`, COOKIE_DELIVERY: "true" },
        { switches: lenientSwitches },
      ),
      launchBrowser(),
    ]);
    files = pageFiles(product.simulator);
    target = product.api;
    example = exampleIn("integration.md", "page")
      .replace("http://127.0.0.1:8080", product.api)
      .replace("http://127.0.0.1:9031", product.simulator.origin);
    return new PageStage({ product, url, elsewhere }, browser, async () => {
      await browser.close();
      for (const one of [server, other]) {
        one.closeAllConnections();
        one.close();
      }
      await product.close();
    });
  }

  /** A page that nobody has used, at the time of the product's clock. */
  async visit(): Promise<Page> {
    const context: BrowserContext = await this.#browser.newContext();
    const page = await context.newPage();
    await page.clock.setFixedTime(this.product.clock.now());
    await this.open(page);
    return page;
  }

  /** Opens the page anew. @param settings what its address says, as `tokenDelivery` */
  async open(page: Page, settings: Readonly<Record<string, string>> = {}): Promise<void> {
    await page.goto(`${this.url}/?${new URLSearchParams(settings)}`);
    await page.locator("body[data-ready=true]").waitFor();
  }

  /** The settings by which the page signs on at another API, as at one that is deployed. */
  pointedAt(api: string): Readonly<Record<string, string>> {
    const { clientId } = applications.public;
    return { api, issuer: `${this.product.simulator.baseUrl}/as`, clientId };
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

async function placeOf(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, "localhost", resolve);
  });
  return `http://localhost:${portOf(server.address())}`;
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
