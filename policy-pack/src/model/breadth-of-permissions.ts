import { texts } from "../facts/lists";
import { type Fact, isKnownAs } from "../facts/fact";
import type { Leaf, PolicyDocument, Statement } from "../iam/document";
import { coversAction } from "../iam/trust-statements";
import { awsManagedName } from "./aws-managed-policies";
import type { Attachment } from "./types";

/** How a policy gives more than an application needs. */
export interface Excess {
  readonly kind: "administrator" | "everything" | "pass-any-role" | "escalation";
  /** What the finding names: an AWS-managed policy, or the actions. */
  readonly seen: readonly string[];
  /** The statement that gives it; undefined for AWS-managed policies. */
  readonly statement: Statement | undefined;
}

const PASS_ROLE = "iam:PassRole";

/**
 * Actions that let a role give itself, or take over, any permissions, when they are allowed on every resource. Each entry is
 * enough on its own when all its actions are allowed (Rhino Security Labs, "AWS IAM privilege escalation methods").
 */
const ESCALATIONS: readonly (readonly string[])[] = [
  ["iam:CreatePolicyVersion"],
  ["iam:SetDefaultPolicyVersion"],
  ["iam:AttachRolePolicy"],
  ["iam:PutRolePolicy"],
  ["iam:AttachUserPolicy"],
  ["iam:PutUserPolicy"],
  ["iam:AttachGroupPolicy"],
  ["iam:PutGroupPolicy"],
  ["iam:AddUserToGroup"],
  ["iam:CreateAccessKey"],
  ["iam:CreateLoginProfile"],
  ["iam:UpdateLoginProfile"],
  ["iam:UpdateAssumeRolePolicy"],
  [PASS_ROLE, "ec2:RunInstances"],
  [PASS_ROLE, "lambda:CreateFunction", "lambda:InvokeFunction"],
  [PASS_ROLE, "lambda:CreateFunction", "lambda:CreateEventSourceMapping"],
  [PASS_ROLE, "ecs:RunTask"],
  [PASS_ROLE, "glue:CreateDevEndpoint"],
  [PASS_ROLE, "cloudformation:CreateStack"],
  [PASS_ROLE, "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"],
  [PASS_ROLE, "sagemaker:CreateNotebookInstance"],
];

/** The widest thing that an attachment gives; undefined for one that is not too wide, or whose content is not to be seen. */
export function excessOf({ document, policyArn }: Attachment): Excess | undefined {
  const name = policyArn.is === "known" ? awsManagedName(policyArn.value) : undefined;
  if (name === "AdministratorAccess" || name === "IAMFullAccess")
    return { kind: "administrator", seen: [name], statement: undefined };
  return document.is === "known" ? excessIn(document.value) : undefined;
}

function excessIn(document: PolicyDocument): Excess | undefined {
  const wide = document.statements.filter(isUnlimitedAllow);
  const everything = wide.find(
    ({ actions, resources }) =>
      holds(actions, (text) => text === "*" || text === "*:*") && holds(resources, (text) => text === "*"),
  );
  if (everything) return { kind: "everything", seen: ["*"], statement: everything };
  const allowing = (action: string) => wide.find((statement) => coversAction(statement, action) === true);
  const found = ESCALATIONS.find((actions) => actions.every((action) => allowing(action)));
  if (found) return { kind: "escalation", seen: found, statement: allowing(texts(found)[0]) };
  const passing = allowing(PASS_ROLE);
  return passing ? { kind: "pass-any-role", seen: [PASS_ROLE], statement: passing } : undefined;
}

/** An Allow on every resource (or every role) under no condition. */
function isUnlimitedAllow({ effect, resources, conditions, notResources }: Statement): boolean {
  if (!isKnownAs(effect, "Allow")) return false;
  if (conditions.is === "unknown" || (conditions.is === "known" && conditions.value.length > 0)) return false;
  return notResources.is === "absent" && holds(resources, (text) => EVERY.test(text));
}

const EVERY = /^(\*|arn:[a-z0-9*-]+:iam::[0-9*]*:(\*|role\/\*))$/;

function holds(leaves: Fact<readonly Leaf[]>, test: (text: string) => boolean): boolean {
  return leaves.is === "known" && leaves.value.some(({ value }) => value.is === "known" && test(value.value));
}
