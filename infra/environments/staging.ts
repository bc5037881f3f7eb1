import type { Environment } from "../environment.ts";

/** Production's shape at a smaller size. What is marked as a placeholder stands for something of yours. */
export const staging = {
  name: "staging",
  region: "eu-west-1",
  production: false,
  pingOne: {
    baseUrl: "https://auth.pingone.eu/00000000-0000-4000-8000-000000000005", // placeholder
    timeoutMs: 8_000,
    forwardUserAgent: true,
    forwardAcceptLanguage: true,
  },
  applications: {
    web: {
      clientId: "00000000-0000-4000-8000-000000000051", // placeholder
      redirectUri: "https://app.staging.example.com/callback", // placeholder
      scopes: ["openid", "profile"],
      policies: ["Multi_Factor", "Passwordless"],
    },
    mobile: {
      clientId: "00000000-0000-4000-8000-000000000052", // placeholder
      redirectUri: "com.example.app.staging://callback", // placeholder
      scopes: ["openid", "profile"],
      policies: ["Multi_Factor", "Passwordless"],
    },
    // At PingOne, only the monitor's person has access to it.
    monitor: {
      clientId: "00000000-0000-4000-8000-000000000053", // placeholder
      redirectUri: "https://app.staging.example.com/monitor", // placeholder
      scopes: ["openid"],
      policies: ["Single_Factor"],
    },
  },
  allowedOrigins: ["https://app.staging.example.com", "https://admin.staging.example.com"], // placeholder
  cookieDelivery: false,
  disclosure: "hints",
  limits: {
    attempts: 10,
    credentials: 5,
    names: { perName: 10, perNetwork: 200, windowSeconds: 300 },
    messages: { perPerson: 15, windowSeconds: 900 },
    throttling: { default: { perSecond: 50, burst: 100 }, credentials: { perSecond: 20, burst: 40 } },
    reservedConcurrency: {
      start: 3,
      status: 2,
      lookup: 2,
      password: 3,
      otp: 3,
      assertion: 1,
      device: 1,
      "push-cancel": 1,
      profile: 1,
      consent: 1,
      resume: 2,
      token: 1,
      refresh: 1,
      register: 1,
      verify: 1,
      "verification-code": 1,
      "password-forgot": 1,
      "password-recover": 1,
      "recovery-code": 1,
      "password-change": 1,
      reset: 1,
    },
  },
  memoryMb: 1024,
  logRetentionDays: 30,
  deletionProtection: false,
  alarms: { mail: "sign-on-staging@example.com" }, // placeholder
  firewall: { requestsPerAddress: 600, credentialsPerAddress: 100, accountTakeoverPrevention: false },
  egress: "direct",
  gradualDeployment: true,
  tracing: true,
  workflows: {
    handOver: "arn:aws:lambda:eu-west-1:123456789012:function:hand-over-staging", // placeholder
    afterSignOn: "arn:aws:lambda:eu-west-1:123456789012:function:after-sign-on-staging", // placeholder
    monitor: {
      everyMinutes: 5,
      credentialSecret: "sign-on/staging/credentials/monitor",
      application: "monitor",
    },
  },
  gatewayLogRole: true,
  tags: { owner: "identity" },
} as const satisfies Environment;
