import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { terminalOn } from "../../infra/doctor/api/terminal.ts";

function streams(isTTY: boolean) {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => undefined });
  const output = new PassThrough();
  let shown = "";
  output.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
  });
  return { input, terminal: terminalOn({ input, output }), shown: () => shown };
}

describe("the terminal", () => {
  it("shows what is typed for a name, and nothing of a password", async () => {
    const { input, terminal, shown } = streams(true);
    const name = terminal.ask("Name: ");
    input.write("sam@shop.test\r");
    expect(await name).toBe("sam@shop.test");
    const password = terminal.askHidden("Password: ");
    input.write("Sunny-Harbour-42\r");
    expect(await password).toBe("Sunny-Harbour-42");
    expect(shown()).toContain("sam@shop.test");
    expect(shown()).toContain("Password: ");
    expect(shown()).not.toMatch(/Sunny|Harbour|42/);
  });

  it("stops at Ctrl-C", async () => {
    const { input, terminal } = streams(true);
    const password = terminal.askHidden("Password: ");
    input.write("Sunny\u0003");
    await expect(password).rejects.toThrow("Stopped.");
  });

  it("takes nothing from a pipe", async () => {
    const { terminal } = streams(false);
    await expect(terminal.askHidden("Password: ")).rejects.toThrow("there is none");
    await expect(terminal.ask("Name: ")).rejects.toThrow("there is none");
  });
});
