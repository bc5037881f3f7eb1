import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { Intrinsics } from "./intrinsics.ts";

const Manifest = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      environment: z.string().optional(),
      properties: z
        .looseObject({ templateFile: z.string().optional(), file: z.string().optional() })
        .optional(),
    }),
  ),
});

const Assets = z.looseObject({
  files: z.record(
    z.string(),
    z.looseObject({
      source: z.looseObject({ path: z.string() }),
      destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
    }),
  ),
});

const Template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

/** A stack as it would be deployed. */
export interface Assembly {
  readonly region: string;
  /** Every resource of a type, by logical id, with what its properties refer to put in. */
  resources<Properties>(type: string, schema: z.ZodType<Properties>): ReadonlyMap<string, Properties>;
  /** The folder whose content is uploaded under a key. */
  uploadedAs(objectKey: string): string;
}

/**
 * Reads the one stack of a cloud assembly.
 *
 * @throws an error when the folder holds none, or more than one
 */
export function readAssembly(folder: string): Assembly {
  const { artifacts } = Manifest.parse(json(folder, "manifest.json"));
  const all = Object.values(artifacts);
  const stacks = all.filter(({ type }) => type === "aws:cloudformation:stack");
  const [stack] = stacks;
  const templateFile = stack?.properties?.templateFile;
  if (stacks.length !== 1 || templateFile === undefined) throw new Error("The assembly isn't one stack.");
  const region = stack?.environment?.split("/").at(-1) ?? "";
  const { Resources } = Template.parse(json(folder, templateFile));
  const intrinsics = new Intrinsics(Resources, region);
  const assets = all.flatMap(({ type, properties }) =>
    type === "cdk:asset-manifest" && properties?.file !== undefined ? [properties.file] : [],
  );
  const uploads = assets.flatMap((file) => Object.values(Assets.parse(json(folder, file)).files));
  return {
    region,
    resources: (type, schema) => {
      const ofType = Object.entries(Resources).filter(([, resource]) => resource.Type === type);
      return new Map(
        ofType.map(([id, { Properties }]) => [id, schema.parse(intrinsics.resolve(Properties))]),
      );
    },
    uploadedAs: (objectKey) => {
      const found = uploads.find(({ destinations }) =>
        Object.values(destinations).some((destination) => destination.objectKey === objectKey),
      );
      if (found === undefined) throw new Error(`Nothing is uploaded as ${objectKey}.`);
      return join(folder, found.source.path);
    },
  };
}

function json(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), "utf8"));
}
