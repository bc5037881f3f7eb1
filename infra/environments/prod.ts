import type { Environment } from "../environment.ts";

/** What people sign on with. */
export const prod = {
  name: "prod",
  region: "eu-west-1",
  production: true,
  pingOne: {
    baseUrl: "https://auth.pingone.eu/00000000-0000-4000-8000-00000000000f",
    timeoutMs: 8_000,
    forwardUserAgent: true,
    forwardAcceptLanguage: true,
  },
  applications: {
    web: {
      clientId: "00000000-0000-4000-8000-0000000000f1",
      redirectUri: "https://app.example.com/callback",
      scopes: ["openid", "profile"],
      policies: ["Multi_Factor", "Passwordless"],
    },
    mobile: {
      clientId: "00000000-0000-4000-8000-0000000000f2",
      redirectUri: "com.example.app://callback",
      scopes: ["openid", "profile"],
      policies: ["Multi_Factor", "Passwordless"],
    },
    // At PingOne, only the monitor's person has access to it.
    monitor: {
      clientId: "00000000-0000-4000-8000-0000000000f3",
      redirectUri: "https://app.example.com/monitor",
      scopes: ["openid"],
      policies: ["Single_Factor"],
    },
  },
  allowedOrigins: ["https://app.example.com", "https://account.example.com"],
  cookieDelivery: true,
  disclosure: "minimal",
  limits: {
    attempts: 10,
    credentials: 5,
    names: { perName: 10, perNetwork: 200, windowSeconds: 300 },
    messages: { perPerson: 15, windowSeconds: 900 },
    throttling: { default: { perSecond: 100, burst: 200 }, credentials: { perSecond: 50, burst: 100 } },
    reservedConcurrency: {
      start: 25,
      status: 15,
      lookup: 20,
      password: 25,
      otp: 25,
      assertion: 10,
      device: 10,
      resume: 20,
    },
  },
  memoryMb: 1024,
  logRetentionDays: 365,
  deletionProtection: true,
  domain: {
    name: "sign-on.example.com",
    certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-4000-8000-0000000000fc",
  },
  alarms: { mail: "sign-on@example.com" },
  firewall: { requestsPerAddress: 600, credentialsPerAddress: 100, accountTakeoverPrevention: false },
  egress: "static",
  gradualDeployment: true,
  tracing: true,
  workflows: {
    handOver: "arn:aws:lambda:eu-west-1:123456789012:function:hand-over-prod",
    afterSignOn: "arn:aws:lambda:eu-west-1:123456789012:function:after-sign-on-prod",
    monitor: {
      everyMinutes: 5,
      credentialSecret: "sign-on/prod/credentials/monitor",
      application: "monitor",
    },
  },
  gatewayLogRole: true,
  tags: { owner: "identity" },
} as const satisfies Environment;
