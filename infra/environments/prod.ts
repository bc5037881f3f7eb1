import type { Environment } from "../environment.ts";

/** What people sign on with. What is marked as a placeholder stands for something of yours. */
export const prod = {
  name: "prod",
  region: "eu-west-1",
  production: true,
  pingOne: {
    baseUrl: "https://auth.pingone.eu/00000000-0000-4000-8000-00000000000f", // placeholder
    timeoutMs: 8_000,
    forwardUserAgent: true,
    forwardAcceptLanguage: true,
  },
  applications: {
    web: {
      clientId: "00000000-0000-4000-8000-0000000000f1", // placeholder
      redirectUri: "https://app.example.com/callback", // placeholder
      scopes: ["openid", "profile"],
      policies: ["Multi_Factor", "Passwordless"],
    },
    mobile: {
      clientId: "00000000-0000-4000-8000-0000000000f2", // placeholder
      redirectUri: "com.example.app://callback", // placeholder
      scopes: ["openid", "profile"],
      policies: ["Multi_Factor", "Passwordless"],
    },
    // At PingOne, only the monitor's person has access to it.
    monitor: {
      clientId: "00000000-0000-4000-8000-0000000000f3", // placeholder
      redirectUri: "https://app.example.com/monitor", // placeholder
      scopes: ["openid"],
      policies: ["Single_Factor"],
    },
  },
  allowedOrigins: ["https://app.example.com", "https://account.example.com"], // placeholder
  cookieDelivery: true,
  disclosure: "minimal",
  limits: {
    attempts: 10,
    credentials: 5,
    names: { perName: 10, perNetwork: 200, windowSeconds: 300 },
    messages: { perPerson: 15, windowSeconds: 900 },
    throttling: { default: { perSecond: 100, burst: 200 }, credentials: { perSecond: 50, burst: 100 } },
    reservedConcurrency: {
      start: 18,
      status: 13,
      lookup: 16,
      password: 19,
      otp: 18,
      assertion: 10,
      device: 8,
      "push-cancel": 4,
      profile: 3,
      consent: 3,
      resume: 16,
      token: 4,
      refresh: 2,
      register: 2,
      verify: 2,
      "verification-code": 2,
      "password-forgot": 2,
      "password-recover": 2,
      "recovery-code": 2,
      "password-change": 2,
      reset: 2,
    },
  },
  memoryMb: 1024,
  logRetentionDays: 365,
  deletionProtection: true,
  domain: {
    name: "sign-on.example.com", // placeholder
    certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/fc", // placeholder
  },
  alarms: { mail: "sign-on@example.com" }, // placeholder
  firewall: { requestsPerAddress: 600, credentialsPerAddress: 100, accountTakeoverPrevention: false },
  egress: "static",
  gradualDeployment: true,
  tracing: true,
  workflows: {
    handOver: "arn:aws:lambda:eu-west-1:123456789012:function:hand-over-prod", // placeholder
    afterSignOn: "arn:aws:lambda:eu-west-1:123456789012:function:after-sign-on-prod", // placeholder
    monitor: {
      everyMinutes: 5,
      credentialSecret: "sign-on/prod/credentials/monitor",
      application: "monitor",
    },
  },
  gatewayLogRole: true,
  tags: { owner: "identity" },
} as const satisfies Environment;
