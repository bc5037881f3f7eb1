import type { Environment } from "../../infra/environment.ts";
import { checkEnvironment } from "../../infra/environment-check.ts";
import { environmentNamed } from "../../infra/environments.ts";
import type { AccountState } from "./aws-account.ts";

/** Where the settings stand that tests have. */
const file = "infra/environments/staging.ts";
const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/7d1c0a52-9b7e-4a43-8f0e-3a5b9c2d1e01";
/** Its domain. */
export const domain = { name: "sign-on.shop.test", certificateArn };
/** Who is told of its alarms. */
export const mail = "alarms@shop.test";

/** Staging, which reserves concurrency and rings alarms, with nothing in it that is made up. */
export const own: Environment = (() => {
  const { applications: _applications, workflows: _workflows, ...settings } = environmentNamed("staging");
  return checkEnvironment({
    ...settings,
    pingOne: { ...settings.pingOne, baseUrl: "https://login.shop.test" },
    applications: {
      shop: { clientId: "7d1c0a52", redirectUri: "https://shop.test/back", scopes: ["openid"], policies: [] },
    },
    allowedOrigins: ["https://shop.test"],
    alarms: { mail },
    domain,
    gatewayLogRole: true,
  });
})();

/** What its functions reserve together. */
export const wanted = Object.values(own.limits.reservedConcurrency).reduce((sum, one) => sum + one, 0);

/** A kind of finding, and an account or settings that have it. */
interface Row {
  readonly kind: string;
  readonly because: string;
  readonly account?: Partial<AccountState>;
  readonly settings?: Partial<Environment>;
  readonly says: string;
  readonly mend: string;
}

const otherRole = "arn:aws:iam::111122223333:role/shop-ApiRestCloudWatchRole-1";
/** How CloudFormation calls the topic of its alarms. */
export const topic = "sign-on-staging-AlarmsTopicB8B2C1F5-1";

/** Everything that can be wrong with an account. */
export const rows: readonly Row[] = [
  {
    kind: "account",
    because: "of somebody else",
    settings: { account: "444455556666" },
    says: "The credentials are of the account 111122223333, and the environment belongs to 444455556666.",
    mend: "AWS_PROFILE",
  },
  {
    kind: "credentials",
    because: "that AWS refuses",
    account: { denied: ["sts:GetCallerIdentity"] },
    says: "AWS doesn't know who is asking: AccessDenied",
    mend: "AWS_PROFILE",
  },
  {
    kind: "bootstrap",
    because: "that never ran",
    account: { bootstrap: undefined },
    says: "CDK was never set up in 111122223333, eu-west-1.",
    mend: "npx cdk bootstrap -c env=staging",
  },
  {
    kind: "bootstrap",
    because: "of an old version",
    account: { bootstrap: "5" },
    says: "CDK was set up here by version 5, and its templates need 6.",
    mend: "npx cdk bootstrap -c env=staging",
  },
  {
    kind: "concurrency",
    because: "of a new account",
    account: { concurrency: 10, unreserved: 10 },
    says: `The functions reserve ${wanted} executions at once, AWS keeps 100 unreserved, and only 10 are free.`,
    mend: `ask for ${wanted + 100} at Service Quotas (lambda, L-B99A9384), or lower limits.reservedConcurrency in ${file}`,
  },
  {
    kind: "concurrency",
    because: "that others have reserved, one too few",
    account: { unreserved: wanted + 99 },
    says: `only ${wanted + 99} are free.`,
    mend: "ask for 1001 at Service Quotas",
  },
  {
    kind: "lambda-storage",
    because: "used up",
    account: { codeBytes: 80_530_636_800 - 1 },
    says: "Lambda has room for 0 MB more of code",
    mend: "L-2ACBD22F",
  },
  {
    kind: "kms-keys",
    because: "by AWS's default",
    account: { defaultKeyQuota: 5 },
    says: "KMS allows 5 keys in this region, 3 are there, and the deployment makes 3.",
    mend: "L-C2F1777E",
  },
  {
    kind: "kms-keys",
    because: "with those that sign for applications",
    settings: { signingKeys: ["2026", "2027"] },
    account: { keyQuota: 7 },
    says: "KMS allows 7 keys in this region, 3 are there, and the deployment makes 5.",
    mend: "L-C2F1777E",
  },
  {
    kind: "kms-keys",
    because: "by the account's own quota",
    account: { keyQuota: 4 },
    says: "KMS allows 4 keys in this region",
    mend: "L-C2F1777E",
  },
  {
    kind: "certificate-region",
    because: "elsewhere",
    settings: { domain: { ...domain, certificateArn: certificateArn.replace("eu-west-1", "us-east-1") } },
    says: "The certificate is in us-east-1, and the API is in eu-west-1.",
    mend: `domain.certificateArn in ${file}`,
  },
  {
    kind: "certificate-account",
    because: "of somebody else",
    settings: {
      domain: { ...domain, certificateArn: certificateArn.replace("111122223333", "444455556666") },
    },
    says: "The certificate is in the account 444455556666",
    mend: `domain.certificateArn in ${file}`,
  },
  {
    kind: "certificate-missing",
    because: "deleted",
    account: { certificate: undefined },
    says: "There is no such certificate.",
    mend: "AWS Certificate Manager",
  },
  ...["PENDING_VALIDATION", "EXPIRED", "REVOKED"].map((Status) => ({
    kind: "certificate-state",
    because: Status,
    account: { certificate: { Status, DomainName: domain.name } },
    says: `The certificate is ${Status}, not ISSUED.`,
    mend: Status === "PENDING_VALIDATION" ? "make the DNS record" : "make a new one",
  })),
  {
    kind: "certificate-name",
    because: "for a name above",
    account: {
      certificate: {
        Status: "ISSUED",
        DomainName: "shop.test",
        SubjectAlternativeNames: ["*.www.shop.test"],
      },
    },
    says: "The certificate isn't for sign-on.shop.test.",
    mend: `domain.certificateArn in ${file}`,
  },
  ...[[], ["sign-on-dev"], ["gone"]].map((apis) => ({
    kind: "domain-taken",
    because: `by ${apis[0] ?? "nothing"}`,
    account: { domains: { [domain.name]: apis } },
    says: "API Gateway has sign-on.shop.test in this region already",
    mend: `domain.name in ${file}`,
  })),
  {
    kind: "log-role-taken",
    because: "by another stack",
    account: { logRole: otherRole },
    says: "by the role shop-ApiRestCloudWatchRole-1, and the deployment puts one of its own in its place.",
    mend: `gatewayLogRole in ${file}: false`,
  },
  {
    kind: "log-role-missing",
    because: "where nobody sets it",
    settings: { gatewayLogRole: false },
    says: "API Gateway has no role to write logs by",
    mend: `gatewayLogRole in ${file}: true`,
  },
  {
    kind: "mail-pending",
    because: "since the first deployment",
    account: { topics: { [topic]: { [mail]: "PendingConfirmation" } } },
    says: "Nobody has confirmed the mail subscription",
    mend: `alarms.mail in ${file}`,
  },
  {
    kind: "mail-missing",
    because: "given up",
    account: { topics: { [topic]: { "other@shop.test": `arn:aws:sns:eu-west-1:111122223333:${topic}:1` } } },
    says: "The alarms have no mail subscription any more",
    mend: topic,
  },
  {
    kind: "not-asked",
    because: "for a right that is missing",
    account: { denied: ["lambda:GetAccountSettings"] },
    says: "The account couldn't be asked about Lambda's limits: AccessDeniedException.",
    mend: "the rights of whoever asks",
  },
  {
    kind: "placeholder",
    because: "for the domain",
    settings: { domain: { ...domain, name: "sign-on.example.com" } },
    says: "domain.name: This is a placeholder.",
    mend: file,
  },
];
