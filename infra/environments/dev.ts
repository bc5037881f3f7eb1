import type { Environment } from "../environment.ts";

/**
 * One developer's environment: small, cheap, and gone with one command. What is marked as a placeholder
 * stands for something of yours, and `cdk deploy` refuses it.
 */
export const dev = {
  name: "dev",
  region: "eu-west-1",
  production: false,
  pingOne: {
    baseUrl: "https://auth.pingone.eu/00000000-0000-4000-8000-00000000000d", // placeholder
    timeoutMs: 8_000,
    forwardUserAgent: true,
    forwardAcceptLanguage: true,
  },
  applications: {
    mobile: {
      clientId: "00000000-0000-4000-8000-0000000000d1", // placeholder
      redirectUri: "com.example.app.dev://callback", // placeholder
      scopes: ["openid", "profile"],
      policies: ["Single_Factor", "Multi_Factor", "Passwordless"],
    },
  },
  allowedOrigins: ["http://localhost:3000"],
  cookieDelivery: false,
  disclosure: "hints",
  limits: {
    attempts: 10,
    credentials: 5,
    names: { perName: 10, perNetwork: 200, windowSeconds: 300 },
    messages: { perPerson: 15, windowSeconds: 900 },
    throttling: { default: { perSecond: 20, burst: 40 }, credentials: { perSecond: 5, burst: 10 } },
    reservedConcurrency: {},
  },
  memoryMb: 512,
  logRetentionDays: 14,
  deletionProtection: false,
  egress: "direct",
  gradualDeployment: false,
  tracing: true,
  gatewayLogRole: true,
  tags: { owner: "identity" },
} as const satisfies Environment;
