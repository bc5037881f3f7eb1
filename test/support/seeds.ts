// The example answers of the four documentation pages that the API was built from, values unchanged.

/** `user.lookup`, 2026: a mail device, and the most members of the four. */
export const lookupEmailSeed = {
  _links: {
    "otp.check": {
      href: "https://auth.pingone.com/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/flows/0305793d-7b59-4b59-a1a4-043287dd5d64",
    },
    "device.select": {
      href: "https://auth.pingone.com/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/flows/0305793d-7b59-4b59-a1a4-043287dd5d64",
    },
    self: {
      href: "https://auth.pingone.com/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/flows/0305793d-7b59-4b59-a1a4-043287dd5d64",
    },
  },
  id: "0305793d-7b59-4b59-a1a4-043287dd5d64",
  resumeUrl:
    "https://auth.pingone.com/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/as/resume?flowId=0305793d-7b59-4b59-a1a4-043287dd5d64",
  status: "OTP_REQUIRED",
  createdAt: "2026-04-22T19:05:49.950Z",
  expiresAt: "2026-04-22T19:21:03.741Z",
  _embedded: {
    devices: [
      {
        id: "eb8ef69e-6d08-41b3-97d9-167c801fa6f5",
        type: "EMAIL",
        status: "ACTIVE",
        usableStatus: {
          status: "ENABLED",
        },
        email: "jo****@pingidentity.com",
      },
    ],
    user: {
      id: "386e547a-45b6-410f-b61f-e4f4dc177fac",
    },
    application: {
      name: "WebAppPasswordless_1776884559",
    },
  },
  otpLength: 6,
  bypassAllowed: false,
  selectedDevice: {
    id: "eb8ef69e-6d08-41b3-97d9-167c801fa6f5",
  },
} as const;

/** `user.lookup`, 2021: a telephone; no `otpLength`, no `usableStatus`, no user. */
export const lookupSmsSeed = {
  _links: {
    "otp.check": {
      href: "https://auth.pingone.com/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/flows/037243b1-7ae9-4b6b-ad11-028250650f02",
    },
    "device.select": {
      href: "https://auth.pingone.com/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/flows/037243b1-7ae9-4b6b-ad11-028250650f02",
    },
    self: {
      href: "https://auth.pingone.com/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/flows/037243b1-7ae9-4b6b-ad11-028250650f02",
    },
  },
  id: "037243b1-7ae9-4b6b-ad11-028250650f02",
  resumeUrl:
    "https://auth.pingone.com/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/as/resume?flowId=037243b1-7ae9-4b6b-ad11-028250650f02",
  status: "OTP_REQUIRED",
  createdAt: "2021-07-13T19:00:08.426Z",
  expiresAt: "2021-07-13T19:15:21.241Z",
  _embedded: {
    devices: [
      {
        id: "203fe40d-1b4a-419b-947b-d59fe4d62405",
        type: "SMS",
        status: "ACTIVE",
        phone: "*******01",
      },
    ],
    application: {
      name: "WebAppWithMFA_1626202732",
    },
  },
  bypassAllowed: false,
  selectedDevice: {
    id: "203fe40d-1b4a-419b-947b-d59fe4d62405",
  },
} as const;

/** `usernamePassword.check`, 2026: the sign-on is complete. */
export const passwordSeed = {
  _links: {
    self: {
      href: "https://auth.pingone.com/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/flows/03c69293-8ec6-4f4a-a60f-535eae4b7520",
    },
  },
  id: "03c69293-8ec6-4f4a-a60f-535eae4b7520",
  session: {
    id: "fd0af6af-3727-421d-b8cb-50bade11e0a1",
  },
  resumeUrl:
    "https://auth.pingone.com/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/as/resume?flowId=03c69293-8ec6-4f4a-a60f-535eae4b7520",
  status: "COMPLETED",
  createdAt: "2026-01-16T17:38:05.995Z",
  expiresAt: "2026-01-16T17:54:16.328Z",
  _embedded: {
    user: {
      id: "b74be2c9-d8b9-4a67-aae4-35cd35073767",
      username: "testuser1",
      name: {
        given: "Test",
        family: "SimpleLoginUser",
      },
    },
    application: {
      name: "SolutionApp_1768234372",
    },
  },
} as const;

/** `otp.check`, 2018: everything has slipped into `_links`, and `id` is not the id in the links. */
export const otpSeed = {
  _links: {
    self: {
      href: "https://auth.pingone.com/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/flows/d8bbb008-dc4d-469e-819f-e12a350f51c2",
    },
    id: "7b37d3e8-38b0-4469-b553-04b8bee08e6f",
    resumeUrl:
      "https://auth.pingone.com/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/as/resume?flowId=d8bbb008-dc4d-469e-819f-e12a350f51c2",
    status: "COMPLETED",
    createdAt: "2018-09-20T13:40:56.977Z",
    expiresAt: "2018-09-20T13:56:12.306Z",
    _embedded: {
      user: {
        id: "482a626f-a894-485d-b9f3-ba8f4ed0c58d",
        username: "johndoe",
        name: {
          given: "John",
          family: "Doe",
        },
      },
    },
  },
} as const;

/** The cookie that the `password` page shows beside its answer. */
export const sessionCookieSeed =
  "ST=3e0967f4-aba0-479c-86cf-fb5fe5b804d6; Path=/082dba86-d36e-413e-85b4-ee499a5cea55; Max-Age=2592000; Expires=Thu, 19 Feb 2026 19:29:00 GMT; Secure; HttpOnly; SameSite=None";
