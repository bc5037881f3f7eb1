import type { Environment } from "../environment.ts";

/** Production's shape at a smaller size. */
export const staging = {
  name: "staging",
  region: "eu-west-1",
  production: false,
  pingOne: {
    baseUrl: "https://auth.pingone.eu/00000000-0000-4000-8000-000000000005",
    timeoutMs: 8_000,
    forwardUserAgent: true,
    forwardAcceptLanguage: true,
  },
  applications: {
    web: {
      clientId: "00000000-0000-4000-8000-000000000051",
      redirectUri: "https://app.staging.example.com/callback",
      scopes: ["openid", "profile"],
      policies: ["Multi_Factor", "Passwordless"],
    },
    mobile: {
      clientId: "00000000-0000-4000-8000-000000000052",
      redirectUri: "com.example.app.staging://callback",
      scopes: ["openid", "profile"],
      policies: ["Multi_Factor", "Passwordless"],
    },
    // At PingOne, only the monitor's person has access to it.
    monitor: {
      clientId: "00000000-0000-4000-8000-000000000053",
      redirectUri: "https://app.staging.example.com/monitor",
      scopes: ["openid"],
      policies: ["Single_Factor"],
    },
  },
  allowedOrigins: ["https://app.staging.example.com", "https://admin.staging.example.com"],
  cookieDelivery: false,
  disclosure: "hints",
  limits: {
    attempts: 10,
    credentials: 5,
    names: { perName: 10, perNetwork: 200, windowSeconds: 300 },
    messages: { perPerson: 15, windowSeconds: 900 },
    throttling: { default: { perSecond: 50, burst: 100 }, credentials: { perSecond: 20, burst: 40 } },
    reservedConcurrency: {
      start: 5,
      status: 3,
      lookup: 4,
      password: 6,
      otp: 5,
      assertion: 1,
      device: 2,
      resume: 4,
    },
  },
  memoryMb: 1024,
  logRetentionDays: 30,
  deletionProtection: false,
  alarms: { mail: "sign-on-staging@example.com" },
  firewall: { requestsPerAddress: 600, credentialsPerAddress: 100, accountTakeoverPrevention: false },
  egress: "direct",
  gradualDeployment: true,
  tracing: true,
  workflows: {
    handOver: "arn:aws:lambda:eu-west-1:123456789012:function:hand-over-staging",
    afterSignOn: "arn:aws:lambda:eu-west-1:123456789012:function:after-sign-on-staging",
    monitor: {
      everyMinutes: 5,
      credentialSecret: "sign-on/staging/credentials/monitor",
      application: "monitor",
    },
  },
  gatewayLogRole: true,
  tags: { owner: "identity" },
} as const satisfies Environment;
