/** Where the secrets are by which applications prove themselves to PingOne. */
export interface ClientSecrets {
  /** The secret of an application, by the name clients give; nothing where it can't be had just now. */
  of(application: string): Promise<string | undefined>;
  /** PingOne has turned it down: it is read anew when it is next needed. */
  forget(application: string): void;
}
