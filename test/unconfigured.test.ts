import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

describe("a function without its configuration", () => {
  it("imports without reading it, and refuses to serve with that one message", async () => {
    const script = `
      const { handler } = await import("./functions/otp.ts");
      console.log("imported");
      await handler({}, {}).catch((error) => console.log(error.name + ": " + error.message));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
      env: { TABLE_NAME: "flows", PINGONE_BASE_URL: "ftp://secret" },
    });
    expect(stdout).toBe(
      "imported\nConfigurationError: The function can't start. Environment variables missing: ENVIRONMENT, APPLICATIONS, HASH_KEY_ARN; " +
        "wrong: PINGONE_BASE_URL.\n",
    );
  });
});
