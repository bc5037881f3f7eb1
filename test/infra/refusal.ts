import { checkEnvironment } from "../../infra/environment-check.ts";

/** The sentences by which settings are refused; `taken` where they are not. */
export function refusal(settings: unknown): string {
  try {
    checkEnvironment(settings);
  } catch (error) {
    if (error instanceof Error && error.name === "EnvironmentRefused") return error.message;
    throw error;
  }
  return "taken";
}
