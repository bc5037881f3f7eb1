import {
  GetAccountCommand,
  GetBasePathMappingsCommand,
  GetDomainNameCommand,
  GetRestApiCommand,
} from "@aws-sdk/client-api-gateway";
import { settingAt } from "../finding.ts";
import { type Check, type Checked, unlessMissing } from "./check.ts";

/** Whether the name that the API shall have is another API's already. */
export const hostedNameCheck: Check = {
  about: "the domain of the API",
  run: async (checked) => {
    const { environment, clients } = checked;
    const { domain } = environment;
    if (domain === undefined) return [];
    const asked = clients.gateway.send(new GetDomainNameCommand({ domainName: domain.name }));
    const found = await unlessMissing(asked, "NotFoundException");
    if (found === undefined || (await leadsToUs(checked, domain.name))) return [];
    const what = `API Gateway has ${domain.name} in this region already, and it doesn't lead to this environment's API.`;
    const mend = `delete it there (Custom domain names), or choose another: ${settingAt(environment, "domain.name")}`;
    return [{ kind: "domain-taken", what, mend }];
  },
};

async function leadsToUs(
  { environment, clients: { gateway } }: Checked,
  domainName: string,
): Promise<boolean> {
  const { items = [] } = await gateway.send(new GetBasePathMappingsCommand({ domainName }));
  for (const { restApiId } of items) {
    const api = await unlessMissing(gateway.send(new GetRestApiCommand({ restApiId })), "NotFoundException");
    if (api?.name === `sign-on-${environment.name}`) return true;
  }
  return false;
}

/** What CloudFormation calls the role that an environment of this project makes, whichever it is. */
const ownLogRole = /^sign-on-.+-ApiRest/;

/**
 * Whether the role by which API Gateway writes logs is there, and whose. An account has one in a region.
 * Environments replace each other's without harm: the roles have the same rights, and outlive their stacks.
 */
export const logRoleCheck: Check = {
  about: "the role for gateway logs",
  run: async ({ environment, clients: { gateway } }) => {
    const { cloudwatchRoleArn: role = "" } = await gateway.send(new GetAccountCommand({}));
    const name = role.split("/").at(-1) ?? "";
    const mend = settingAt(environment, "gatewayLogRole");
    if (role === "" && !environment.gatewayLogRole) {
      const what = "API Gateway has no role to write logs by in this region, and refuses a stage that logs.";
      return [{ kind: "log-role-missing", what, mend: `${mend}: true` }];
    }
    if (role === "" || !environment.gatewayLogRole || ownLogRole.test(name)) return [];
    const what = `API Gateway writes the logs of this whole region by the role ${name}, and the deployment puts one of its own in its place.`;
    return [{ kind: "log-role-taken", what, mend: `${mend}: false` }];
  },
};
