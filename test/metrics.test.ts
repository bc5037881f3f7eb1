import { describe, expect, it } from "vitest";
import { embeddedMetrics } from "../lib/metrics.ts";

const now = Date.UTC(2026, 0, 15);

function metricsOf(line: Parameters<typeof embeddedMetrics>[0]) {
  return embeddedMetrics(line, now);
}

describe("the metrics of a log line", () => {
  it("count the request and its outcome, and point at its durations", () => {
    expect(metricsOf({ outcome: "otp-rejected", upstreamStatus: 400, upstreamMs: 120 })).toEqual({
      requests: 1,
      "otp-rejected": 1,
      _aws: {
        Timestamp: now,
        CloudWatchMetrics: [
          {
            Namespace: "SignOn",
            Dimensions: [
              ["service", "environment"],
              ["service", "environment", "step"],
            ],
            Metrics: [
              { Name: "requests", Unit: "Count" },
              { Name: "otp-rejected", Unit: "Count" },
              { Name: "totalMs", Unit: "Milliseconds" },
              { Name: "upstreamMs", Unit: "Milliseconds" },
            ],
          },
        ],
      },
    });
  });

  it("tell PingOne's limit from ours", () => {
    expect(metricsOf({ outcome: "rate-limited", upstreamStatus: 429, upstreamMs: 9 })).toMatchObject({
      "rate-limited": 1,
      "upstream-throttled": 1,
    });
    expect(metricsOf({ outcome: "rate-limited" })).not.toHaveProperty("upstream-throttled");
  });

  it("count a lockout that the answer doesn't tell", () => {
    expect(metricsOf({ outcome: "otp-rejected", lockedOut: true })).toMatchObject({
      "otp-rejected": 1,
      "locked-out": 1,
    });
  });

  it("don't speak of PingOne where it was not asked", () => {
    expect(JSON.stringify(metricsOf({ outcome: "view" }))).not.toContain("upstreamMs");
  });
});
