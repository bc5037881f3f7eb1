/** An application as PingOne's registry holds it. */
export interface Application {
  readonly name: string;
  readonly clientId: string;
  /** Compared byte for byte. */
  readonly redirectUris: readonly string[];
  readonly tokenEndpointAuthMethod: "NONE" | "CLIENT_SECRET_BASIC";
  readonly clientSecret?: string;
  readonly scopes: readonly string[];
}

/** The two registered applications. Both enforce PKCE (`pkceEnforcement: S256_REQUIRED`). */
export const applications = {
  public: {
    name: "Sunrise mobile",
    clientId: "5a7c2f10-3d1e-4b8a-9c66-0e1d2a3b4c01",
    redirectUris: ["https://app.example.com/callback", "com.example.app://callback"],
    tokenEndpointAuthMethod: "NONE",
    scopes: ["openid", "profile", "email"],
  },
  confidential: {
    name: "Sunrise web",
    clientId: "5a7c2f10-3d1e-4b8a-9c66-0e1d2a3b4c02",
    redirectUris: ["https://web.example.com/callback"],
    tokenEndpointAuthMethod: "CLIENT_SECRET_BASIC",
    clientSecret: "simulator-secret-of-sunrise-web",
    scopes: ["openid", "profile", "email"],
  },
} as const satisfies Record<string, Application>;

/** The application of a `client_id`, if registered. */
export function findApplication(clientId: string): Application | undefined {
  const registered: readonly Application[] = Object.values(applications);
  return registered.find((application) => application.clientId === clientId);
}
