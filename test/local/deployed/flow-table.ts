import * as z from "zod";
import type { TableShape } from "../../support/table.ts";
import type { Assembly } from "./assembly.ts";

const TableProperties = z.looseObject({
  KeySchema: z.array(z.looseObject({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) })),
  AttributeDefinitions: z.array(
    z.looseObject({ AttributeName: z.string(), AttributeType: z.enum(["B", "N", "S"]) }),
  ),
  TimeToLiveSpecification: z.looseObject({ AttributeName: z.string(), Enabled: z.literal(true) }),
});

/** The one table of an assembly, by its local name. */
export function tableOf(assembly: Assembly): TableShape & { readonly name: string } {
  const [table, ...others] = assembly.resources("AWS::DynamoDB::Table", TableProperties);
  if (table === undefined || others.length > 0) throw new Error("The template hasn't exactly one table.");
  const [name, properties] = table;
  return {
    name,
    keys: properties.KeySchema,
    attributes: properties.AttributeDefinitions,
    ttlAttribute: properties.TimeToLiveSpecification.AttributeName,
  };
}
