interface Asked {
  readonly Endpoint?: string | undefined;
  readonly Region?: string | undefined;
}

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
    const suffix = Region?.startsWith("cn-") === true ? "amazonaws.com.cn" : "amazonaws.com";
    return { url: new URL(Endpoint ?? `https://${service}.${Region}.${suffix}`) };
  };
}
