import { CfnResource, type IAspect } from "aws-cdk-lib";
import type { IConstruct } from "constructs";
import { machineFaults } from "./check/machine.ts";
import { OwnFunctions } from "./check/references.ts";

/**
 * Stops the synthesis of an app in which a state machine would leak into its history, or call a sign-on function
 * again that may have spent a credential. It reads what is deployed, with all other aspects and overrides in it.
 *
 * It doesn't see a function that is named by a text of its own making (an ARN typed by hand, an import by name).
 *
 * https://docs.aws.amazon.com/cdk/v2/guide/aspects.html
 */
export class LeakAspect implements IAspect {
  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node)) return;
    if (node.cfnResourceType !== "AWS::StepFunctions::StateMachine") return;
    node.node.addValidation({
      validate: () => machineFaults(new OwnFunctions(node.node.root).read(node)),
    });
  }
}
