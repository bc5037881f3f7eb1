import { describe, expect, it } from "vitest";
import { OtpBody } from "../../lib/operation/bodies/otp.ts";
import { LetterCode, Passcode } from "../../lib/operation/bodies/passcode.ts";

/** Every digit that there is, in the order of their code points. */
const digits = Array.from({ length: 0x11_00_00 }, (_, at) => at)
  .filter((at) => at < 0xd8_00 || at > 0xdf_ff)
  .map((at) => String.fromCodePoint(at))
  .filter((sign) => /^\p{Nd}$/u.test(sign));

const rowOf = (zero: string) =>
  Array.from({ length: 10 }, (_, value) => String.fromCodePoint((zero.codePointAt(0) ?? 0) + value));

describe("a passcode in the digits of another script", () => {
  it("is read whichever script it is: all that there are", () => {
    expect(digits.length).toBeGreaterThan(600);
    const read = digits.map((digit) => Passcode.parse(digit.repeat(4)));
    expect(read).toEqual(digits.map((_, at) => String(at % 10).repeat(4)));
  });

  it.each([
    ["Arabic", "\u0660"],
    ["Persian", "\u06f0"],
    ["Devanagari", "\u0966"],
    ["full-width", "\uff10"],
    ["bold", "\u{1d7ce}"],
    ["monospace", "\u{1d7f6}"],
  ])("has the value that each digit says: %s", (_, zero) => {
    expect(Passcode.parse(rowOf(zero).join(""))).toBe("0123456789");
  });

  it.each([
    "\u00b2\u00b3\u00b9\u2074",
    "\u2160\u2161\u2162\u2163",
    "\u4e00\u4e8c\u4e09\u56db",
    "\u00bd".repeat(4),
  ])("isn't one where the signs only mean numbers: %s", (text) => {
    expect(Passcode.safeParse(text).success).toBe(false);
  });
});

describe("a passcode as people paste it", () => {
  const between = [
    ...[" ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2007", "\u2009", "\u202f", "\u3000", "\ufeff"],
    ...["-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212", "\ufe58", "\uff0d", " - "],
    ...["\u30fc", "\uff70", "\u0085", "\u2028", "\u3164", "\u{e0020}", "\u2e3a"],
    ...["\u00ad", "\u200b", "\u200e", "\u200f", "\u2060", "\u2066", "\u2069"],
  ];

  it.each(between.map((text) => [JSON.stringify(text), text]))("is its digits alone: with %s", (_, text) => {
    for (const pasted of [`123${text}456`, `${text}123456`, `123456${text}`, [..."123456"].join(text)]) {
      expect(OtpBody.parse({ otp: pasted })).toEqual({ otp: "123456" });
    }
  });

  it.each([".", ",", "/", "_", "+", "x", "#", ":", "'", "\u0000", "\u0301"])(
    "isn't one with %j in it",
    (text) => {
      expect(Passcode.safeParse(`123${text}456`).success).toBe(false);
    },
  );

  it.each([
    ["three digits", "1 2 3", false],
    ["four", "1 2 3 4", true],
    ["ten", "12345-67890", true],
    ["eleven", "12345-678901", false],
    ["nothing but what is between", " - ", false],
    ["64 characters", `1234${" ".repeat(60)}`, true],
    ["65 characters", `1234${" ".repeat(61)}`, false],
  ])("has 4 to 10 digits: %s", (_, text, isOne) => {
    expect(Passcode.safeParse(text).success).toBe(isOne);
  });
});

describe("a code of letters as people paste it", () => {
  it.each([
    "ab12-cd34",
    "AB12 CD34",
    "ａｂ１２ｃｄ３４",
    "ＡＢ１２ーＣＤ３４",
    "\u200baB\u0661\u0662-cD\u0663\u0664\u00a0",
  ])("is its letters and digits alone: %s", (text) => {
    expect(LetterCode.parse(text)).toBe("AB12CD34");
  });

  it.each(["ab1", "ab12_cd34", "ab12.cd34", "äb12", "аb12", "\u212ab12", "a".repeat(33)])(
    "isn't one: %s",
    (text) => {
      expect(LetterCode.safeParse(text).success).toBe(false);
    },
  );
});
