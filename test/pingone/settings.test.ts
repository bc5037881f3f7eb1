import { describe, expect, it } from "vitest";
import { baseUrlFault, isPlainHttp } from "../../lib/pingone/settings.ts";

describe("baseUrlFault", () => {
  it.each([
    "https://auth.pingone.eu/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6",
    "https://login.example.com",
    "https://login.example.com:8443",
    "https://login.example.com/assets",
    "http://127.0.0.1:3000/env",
    "http://127.8.9.1:3000",
    "http://localhost:3000/env",
    "http://[::1]:3000/env",
  ])("finds nothing wrong with %s", (url) => {
    expect(baseUrlFault(url)).toBeUndefined();
  });

  it.each([
    ["planted-secret", /absolute/],
    ["//planted-secret.example", /absolute/],
    ["ftp://planted-secret.example", /https/],
    ["https://user:planted-secret@auth.pingone.eu/env", /credentials/],
    ["https://planted-secret@auth.pingone.eu/env", /credentials/],
    ["https://auth.pingone.eu/env?planted-secret", /query/],
    ["https://auth.pingone.eu/planted-secret?", /query/],
    ["https://auth.pingone.eu/planted-secret#", /query/],
    ["https://auth.pingone.eu/planted-secret/", /slash/],
    ["https://auth.pingone.eu/v1/planted-secret", /v1/],
    ["https://auth.pingone.eu/planted-secret/v1", /v1/],
    ["https://auth.pingone.eu/planted-secret/as", /\/as/],
    ["https://auth.pingone.eu/x/../planted-secret", /plain form/],
    [" https://auth.pingone.eu/planted-secret", /plain form/],
    ["https://auth.pingone.eu\\planted-secret", /plain form/],
    ["https://AUTH.pingone.eu/planted-secret", /plain form/],
    ["https://@auth.pingone.eu/planted-secret", /plain form/],
    ["https://auth.pingone.eu", /environment id/],
    ["https://auth.pingone.com/planted-secret", /environment id/],
    ["https://auth.pingone.com.au/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f", /environment id/],
    ["https://auth.pingone.ca/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/planted-secret", /environment id/],
  ])("names the fault of %s without repeating it", (url, fault) => {
    const sentence = baseUrlFault(url);
    expect(sentence).toMatch(fault);
    expect(sentence).toMatch(/^The PingOne base URL must [^.]+\.$/);
    expect(sentence).not.toContain("planted-secret");
  });
});

describe("isPlainHttp", () => {
  it.each([
    "https://login.example.com/env",
    "http://127.0.0.1:3000/env",
    "http://localhost:3000/env",
    "http://[::1]:3000/env",
    "http://simulator.internal:9031/env",
  ])("lets %s be", (url) => {
    expect(isPlainHttp(url, "simulator.internal")).toBe(false);
  });

  it.each(["http://login.example.com/env", "http://127.0.0.1.example.com", "http://other.internal/env"])(
    "tells of %s",
    (url) => {
      expect([isPlainHttp(url, "simulator.internal"), isPlainHttp(url, "")]).toEqual([true, true]);
    },
  );
});
