/** RFC 7636, appendix B: whoever tries the API out has its verifier there, and redeems the code with it. */
export const exampleChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/**
 * A first call for whoever has deployed: a command that starts a flow.
 *
 * @param url the API's, with a slash at its end
 */
export function firstCall(url: string): string {
  const body = JSON.stringify({ codeChallenge: exampleChallenge });
  return `curl -sS -X POST ${url}flows -H 'Content-Type: application/json' -d '${body}'`;
}
