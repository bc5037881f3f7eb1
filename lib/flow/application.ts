/** What an application says of how it proves itself. */
interface Authenticated {
  readonly clientAuthentication?: "basic" | "none" | "post" | undefined;
}

/** Whether an application needs a secret to prove itself at PingOne's token endpoint. */
export function hasClientSecret({ clientAuthentication }: Authenticated): boolean {
  return clientAuthentication === "basic" || clientAuthentication === "post";
}
