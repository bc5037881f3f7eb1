import type { Environment } from "../environment.ts";
import { nobodysAccount } from "../placeholders.ts";
import { dev } from "./dev.ts";

/** What an emulator's environment has to know of the machine. */
interface Surroundings {
  /** Where the emulator listens, on loopback. */
  readonly endpoint?: string | undefined;
  /**
   * The host at which functions find the simulator. In containers it is the name that this machine has there,
   * such as `host.docker.internal`.
   */
  readonly simulatorHost?: string | undefined;
  /** The port at which it listens. */
  readonly simulatorPort?: string | undefined;
}

/**
 * An AWS emulator on this machine: every switch is off, and what stays is what emulators know. Its account
 * is nobody's, so no deployment of it can reach a real one. It signs on the people of the simulator, and its
 * settings are those of the simulator's own application.
 */
export function emulatorAt({
  endpoint = "http://127.0.0.1:4566",
  simulatorHost = "127.0.0.1",
  simulatorPort = "9031",
}: Surroundings): Environment {
  return {
    ...dev,
    name: "emulator",
    region: "us-east-1",
    account: nobodysAccount,
    endpoint,
    pingOne: {
      ...dev.pingOne,
      baseUrl: `http://${simulatorHost}:${simulatorPort}/c2f0b6de-7a43-4f4e-9d55-2f6f5d0a9e10`,
      plainHttpHost: simulatorHost,
    },
    applications: {
      mobile: {
        clientId: "5a7c2f10-3d1e-4b8a-9c66-0e1d2a3b4c01",
        redirectUri: "com.example.app://callback",
        scopes: ["openid", "profile"],
        policies: [
          ...["Single_Factor", "Multi_Factor", "Passwordless", "Identifier_First"],
          ...["Self_Service", "Self_Service_Multi_Factor", "Progressive_Profiling", "Agreement"],
        ],
        passkeyOrigins: ["http://localhost:3000", "http://localhost:8080"],
      },
    },
    allowedOrigins: [...dev.allowedOrigins],
    tracing: false,
    gatewayLogRole: false,
  };
}
