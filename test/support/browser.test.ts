import { expect, it } from "vitest";
import { hasBrowser, launchBrowser, noBrowserHere } from "./browser.ts";
import { serveHttp } from "./loopback.ts";

/** What the page at a URL says of itself in a browser. */
async function titleOf(url: string): Promise<string> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(url);
    return await page.title();
  } finally {
    await browser.close();
  }
}

it(`a browser starts, shows a page and ends${noBrowserHere}`, async () => {
  const url = await serveHttp((_, answer) => {
    answer.writeHead(200, { "content-type": "text/html" });
    answer.end("<title>as it was</title><script>document.title = 'as the script has it'</script>");
  });
  expect(hasBrowser ? await titleOf(url) : "nobody looked").toBe(
    hasBrowser ? "as the script has it" : "nobody looked",
  );
});
