import type { Call } from "./answers.ts";
import type { Application, Applications } from "./applications.ts";

/** What a token request says of its client in the body. */
interface Said {
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
}

type Method = Application["tokenEndpointAuthMethod"];

/** A client's name, its secret if it has shown one, and how. */
interface Claim {
  readonly method: Method;
  readonly clientId: string;
  readonly secret: string | undefined;
}

/** The application, if it proves itself by its one registered method and no other. */
export function authenticate(applications: Applications, call: Call, said: Said): Application | undefined {
  const claim = claimOf(call, said);
  const application = claim && applications.find(claim.clientId);
  if (application?.tokenEndpointAuthMethod !== claim?.method) return undefined;
  return application?.clientSecret === claim?.secret ? application : undefined;
}

/** The client that a token request names, proven or not. */
export function claimedClientId(call: Call, said: Said): string | undefined {
  return claimOf(call, said)?.clientId;
}

function claimOf({ headers }: Call, { client_id, client_secret }: Said): Claim | undefined {
  const header = headers.get("authorization");
  if (header !== null) {
    const claim = basicClaim(header);
    const agrees = client_secret === undefined && (client_id === undefined || client_id === claim?.clientId);
    return agrees ? claim : undefined;
  }
  if (client_id === undefined) return undefined;
  const method = client_secret === undefined ? "NONE" : "CLIENT_SECRET_POST";
  return { method, clientId: client_id, secret: client_secret };
}

function basicClaim(header: string): Claim | undefined {
  const encoded = /^Basic +([\w+/]+=*)$/i.exec(header)?.[1] ?? "";
  const pair = Buffer.from(encoded, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  if (colon < 1) return undefined;
  const clientId = formDecode(pair.slice(0, colon));
  return { method: "CLIENT_SECRET_BASIC", clientId, secret: formDecode(pair.slice(colon + 1)) };
}

/** RFC 6749 §2.3.1: both halves of Basic are form-encoded first. */
function formDecode(text: string): string {
  return new URLSearchParams(`v=${text.replaceAll("&", "%26")}`).get("v") ?? "";
}
