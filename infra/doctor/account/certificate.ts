import { type CertificateDetail, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import type { Environment } from "../../environment.ts";
import { type Finding, settingAt } from "../finding.ts";
import { type Check, unlessMissing } from "./check.ts";

/** Whether the custom domain's certificate can be used. */
export const certificateCheck: Check = {
  about: "the certificate of the domain",
  run: async ({ environment, clients: { acm }, account }) => {
    const { domain, region } = environment;
    if (domain === undefined) return [];
    const [, , , itsRegion, itsAccount] = domain.certificateArn.split(":");
    if (itsRegion !== region) {
      const mend = `make one in ${region}`;
      return [
        finding(
          environment,
          "region",
          `The certificate is in ${itsRegion}, and the API is in ${region}.`,
          mend,
        ),
      ];
    }
    if (itsAccount !== account) {
      const what = `The certificate is in the account ${itsAccount}, and this is ${account}.`;
      return [finding(environment, "account", what, "make one in this account")];
    }
    const asked = acm.send(new DescribeCertificateCommand({ CertificateArn: domain.certificateArn }));
    const found = await unlessMissing(asked, "ResourceNotFoundException");
    if (found?.Certificate === undefined) {
      return [
        finding(
          environment,
          "missing",
          "There is no such certificate.",
          "make one in AWS Certificate Manager",
        ),
      ];
    }
    return findingsIn(environment, domain.name, found.Certificate);
  },
};

function findingsIn(environment: Environment, name: string, certificate: CertificateDetail): Finding[] {
  const { Status = "unknown", DomainName = "", SubjectAlternativeNames = [] } = certificate;
  if (Status !== "ISSUED") {
    const mend =
      Status === "PENDING_VALIDATION"
        ? "make the DNS record that AWS Certificate Manager shows for it, and wait"
        : "make a new one in AWS Certificate Manager";
    return [finding(environment, "state", `The certificate is ${Status}, not ISSUED.`, mend)];
  }
  if ([DomainName, ...SubjectAlternativeNames].some((one) => covers(one, name))) return [];
  const what = `The certificate isn't for ${name}.`;
  return [finding(environment, "name", what, "make one for that name")];
}

/** A star stands for one label (RFC 6125 §6.4.3). */
function covers(pattern: string, name: string): boolean {
  if (pattern.toLowerCase() === name) return true;
  return pattern.startsWith("*.") && name.slice(name.indexOf(".")) === pattern.slice(1).toLowerCase();
}

function finding(environment: Environment, kind: string, what: string, mend: string): Finding {
  const setting = settingAt(environment, "domain.certificateArn");
  return { kind: `certificate-${kind}`, what, mend: `${mend}; ${setting}` };
}
