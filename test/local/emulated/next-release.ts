import type { Environment } from "../../../infra/environment.ts";

/** A policy that the next release takes away. */
export const dropped = "Agreement";

/** An origin that it allows. */
export const added = "https://next.example.com";

/** The identifier of a statement that it adds to the policies of the keys. */
export const statement = "NextRelease";

/** The settings of a release that comes after another: a bound, an origin and a policy differ. */
export function nextRelease(environment: Environment): Environment {
  const { limits, allowedOrigins, applications } = environment;
  const named = Object.entries(applications).map(([name, application]) => {
    const policies = application.policies.filter((policy) => policy !== dropped);
    return [name, { ...application, policies }] as const;
  });
  return {
    ...environment,
    limits: { ...limits, attempts: limits.attempts - 1 },
    allowedOrigins: [...allowedOrigins, added],
    applications: Object.fromEntries(named),
  };
}
