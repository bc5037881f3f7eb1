import type { CrossOriginSettings } from "../../infra/api/cross-origin.ts";
import type { TableShape } from "../support/table.ts";
import type { Gateway, RestApi } from "./rest-api.ts";

/** A way to run the product: the handlers as they stand in the sources, or as they would be deployed. */
export interface Shape {
  /** How it is told apart in print. */
  readonly description: string;
  readonly table: TableShape & { readonly name: string };
  /** The name of the functions' environment. */
  readonly environment: string;
  /** The KMS keys that the functions name. */
  readonly keyArns: readonly string[];
  /** Serves the public API; port 0 takes any free one. */
  listen(port: number): Promise<Gateway>;
  /** Tells the functions where they run, before the first request. */
  configure(surroundings: Surroundings): void;
  /** Ends what runs beside the gateway. */
  close(): Promise<void>;
}

/** Where the stand-ins are, and who we are to them. */
export interface Surroundings {
  readonly pingOneBaseUrl: string;
  /** JSON, as the variable `APPLICATIONS` has it. */
  readonly applications: string;
  readonly dynamoDbEndpoint: string;
  readonly kmsEndpoint: string;
  readonly secretsEndpoint: string;
  /** Variables of the functions that are to be otherwise. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Whose pages may call the sandbox, and what its API is made into for them. */
export interface Pages extends CrossOriginSettings {
  readonly wrapped: (api: RestApi) => RestApi;
}
