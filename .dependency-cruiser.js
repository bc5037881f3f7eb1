/** Module boundaries: what may import what, and why. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { pathNot: allowed },
});

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, pathNot: ["\\.d\\.ts$", "^\\.", "^infra/environments/"] },
      to: {},
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    only("core-is-pure", "^lib/flow/", "^lib/flow/", "The flow core imports nothing outside itself."),
    only(
      "pingone-sees-core",
      "^lib/pingone/",
      "^(lib/(pingone|flow)/|node_modules/(zod|cookie|jose)/|(node:)?(http|net|tls|crypto|dns/promises|timers/promises|zlib)$)",
      "The PingOne adapter sees the core and its own tools.",
    ),
    only(
      "store-sees-core",
      "^lib/store/",
      "^(lib/(store|flow)/|lib/aws/|lib/x25519\\.ts$|node_modules/@aws-sdk/|node_modules/zod/|(node:)?(crypto|timers/promises)$)",
      "The store sees the core, the AWS SDK and a pause.",
    ),
    only(
      "http-sees-core",
      "^lib/http/",
      "^(lib/(http|flow)/|lib/operation/|lib/log\\.ts$|node_modules/(@middy/core|cookie|zod|@types/aws-lambda)/|(node:)?(buffer|net)$)",
      "The HTTP adapter sees the core, the log and its own tools.",
    ),
    only(
      "workflow-sees-core",
      "^lib/workflow/",
      "^(lib/(workflow|flow)/|lib/(aws|operation)/|lib/(log|x25519)\\.ts$|node_modules/(@aws-sdk|zod)/)",
      "The workflow adapter sees the core, the request schemas, the log and the AWS SDK.",
    ),
    only(
      "client-stands-alone",
      "^lib/client/",
      "^lib/client/",
      "The client runs in somebody's page, without us.",
    ),
    {
      name: "nothing-of-ours-needs-the-client",
      severity: "error",
      from: { path: "^(lib|functions|infra)/", pathNot: "^(lib/client|infra/doctor)/" },
      to: { path: "^lib/client/" },
    },
    {
      name: "workflow-is-loaded-when-called",
      comment: "Its AWS clients would make every cold start pay for what most functions never do.",
      severity: "error",
      from: { path: "^(lib|functions)/", pathNot: "^lib/workflow/" },
      to: { path: "^lib/workflow/", dependencyTypesNot: ["type-only", "dynamic-import"] },
    },
    {
      name: "kms-is-loaded-when-hashing",
      comment: "Half of the functions are never given a name to hash.",
      severity: "error",
      from: { path: "^(lib|functions)/", pathNot: "^lib/store/keyed-hash\\.ts$" },
      to: { path: "^lib/store/keyed-hash\\.ts$", dependencyTypesNot: ["type-only", "dynamic-import"] },
    },
    {
      name: "zod-in-its-small-form",
      comment: "The other form carries JSON Schema and a language's messages into every cold start.",
      severity: "error",
      from: { path: "^(lib|functions)/" },
      to: { path: "^node_modules/zod/(index|v4/(index|classic/))" },
    },
    {
      name: "secrets-are-loaded-when-needed",
      comment: "Most functions never prove an application to PingOne, and sign nothing.",
      severity: "error",
      from: { path: "^(lib|functions)/", pathNot: "^lib/aws/(client-secrets|signing-key)\\.ts$" },
      to: {
        path: "^lib/aws/(client-secrets|signing-key)\\.ts$",
        dependencyTypesNot: ["type-only", "dynamic-import"],
      },
    },
    {
      name: "lambda-types-only-in-http",
      severity: "error",
      from: { path: "^(lib|functions)/", pathNot: "^lib/http/" },
      to: { path: "node_modules/@types/aws-lambda" },
    },
    {
      name: "handlers-are-strangers",
      severity: "error",
      from: { path: "^functions/" },
      to: { path: "^functions/" },
    },
    {
      name: "lib-never-reaches-up",
      severity: "error",
      from: { path: "^lib/" },
      to: { path: "^(functions|infra|test)/" },
    },
    {
      name: "nothing-imports-test",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
    {
      name: "infra-imports-no-runtime",
      comment:
        "Types excepted, and the pure tables that a template has to agree with: time budgets (the functions' timeouts), " +
        "problems (the gateway's own answers), metric names (dashboard and alarms), what a PingOne URL may look like, " +
        "what a workflow's errors, secrets and signing keys are called, which headers a page may read, and the parse of the " +
        "functions' variables (a synthesis refuses what they would refuse at their first call). They do no I/O, and " +
        "are handed what they read; a copy of them would drift.",
      severity: "error",
      from: { path: "^infra/", pathNot: "^infra/doctor/" },
      to: {
        path: "^(lib|functions)/",
        pathNot:
          "^lib/(addresses|client-secret-names|config|flow/(application|budgets|problem-body|problems|steps)|flow/steps/.*|http/exposed-headers|operation/(names|bodies/.*)|metrics|pingone/settings|signing-key-names|workflow/(errors|secret-names))\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "doctor-asks-as-the-product-does",
      comment:
        "What it asks PingOne and how it reads the answers are the adapter's and the core's; it takes an API " +
        "through its journeys with the client. It keeps out of the store, the log and whatever runs in Lambda.",
      severity: "error",
      from: { path: "^infra/doctor/" },
      to: { path: "^(lib|functions)/", pathNot: "^lib/(client|flow|pingone)/" },
    },
    {
      name: "templates-need-no-doctor",
      severity: "error",
      from: { path: "^infra/", pathNot: "^infra/doctor/" },
      to: { path: "^infra/doctor/" },
    },
    {
      name: "runtime-imports-no-cdk",
      severity: "error",
      from: { path: "^(lib|functions)/" },
      to: { path: "node_modules/(aws-cdk-lib|constructs)/" },
    },
    {
      name: "runtime-needs-no-dev-dependency",
      severity: "error",
      from: { path: "^(lib|functions)/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "simulator-stands-alone",
      comment: "The stand-in has its own schemas, so that it does not share our mistakes.",
      severity: "error",
      from: { path: "^test/simulator/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(lib|functions|infra)/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^cdk\\.out" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types", "default"],
    },
    parser: "swc",
  },
};
