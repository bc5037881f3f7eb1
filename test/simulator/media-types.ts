import type { Switches } from "./switches.ts";

const prefix = "application/vnd.pingidentity.";
const suffix = "+json";

/** Actions that the documentation names without `+json` and samples with it. */
const bare: readonly string[] = ["password.sendRecoveryCode"];

/**
 * The action that a media type names, among those known. Parameters (RFC 9110 §8.3.1), letter case and a
 * missing `+json` are overlooked as far as the switches say.
 */
export function actionIn(
  { mediaTypes, bareMediaTypes }: Switches,
  contentType: string,
  known: readonly string[],
): string | undefined {
  const lenient = mediaTypes === "lenient";
  const fold = (text: string) => (lenient ? text.toLowerCase() : text);
  const given = fold(lenient ? contentType.replace(/;.*$/s, "").trim() : contentType);
  return known.find((action) => {
    const spelled = fold(prefix + action);
    const withoutSuffix = bareMediaTypes === "understood" && bare.includes(action);
    return given === spelled + suffix || (withoutSuffix && given === spelled);
  });
}
