declare module "@usebruno/lang" {
  /** A request of Bruno's, from its file's text. */
  export function bruToJsonV2(text: string): unknown;
  /** An environment of Bruno's, from its file's text. */
  export function bruToEnvJsonV2(text: string): unknown;
}
