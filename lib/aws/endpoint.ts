interface Asked {
  readonly Endpoint?: string | undefined;
  readonly Region?: string | undefined;
}

/** The names under which AWS serves the regions that begin so; all others have the usual one. */
const suffixes = [
  ["cn-", "amazonaws.com.cn"],
  ["eusc-", "amazonaws.eu"],
  ["us-iso-", "c2s.ic.gov"],
  ["us-isob-", "sc2s.sgov.gov"],
  ["us-isof-", "csp.hci.ic.gov"],
  ["eu-isoe-", "cloud.adc-e.uk"],
] as const;

const usual = ["", "amazonaws.com"] as const;

/**
 * Finds a service's public endpoint in a region, or the one that the SDK was told (`AWS_ENDPOINT_URL`). The
 * SDK's own rules for it would be ten kilobytes of every cold start, for endpoints that no function uses:
 * FIPS, dual stack, and by account.
 *
 * @param service as the host names it
 * @returns what the SDK's clients take as `endpointProvider`
 * @see https://docs.aws.amazon.com/general/latest/gr/rande.html#regional-endpoints
 */
export function endpointOf(service: "dynamodb" | "kms" | "secretsmanager" | "states") {
  return ({ Endpoint, Region }: Asked) => {
    const [, suffix] = suffixes.find(([prefix]) => Region?.startsWith(prefix)) ?? usual;
    return { url: new URL(Endpoint ?? `https://${service}.${Region}.${suffix}`) };
  };
}
