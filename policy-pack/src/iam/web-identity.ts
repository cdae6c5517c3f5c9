/**
 * Everything that is asked of a trust policy on behalf of a ServiceAccount: whether it admits a token and why not, which
 * statements are for web identities, what their conditions and keys are, and how far they reach.
 */
export { admits, minimalStatement, webIdentityRequest, type WebIdentityToken } from "./web-identity-request";
export {
  audienceConditions,
  coversAction,
  splitConditionKey,
  subjectConditions,
  webIdentityStatements,
  type ClaimConditions,
} from "./trust-statements";
export { conditionKeyProblem, type ConditionKeyKind } from "./condition-key";
export { explainDenial } from "./explain";
export { breadth } from "./breadth";
export { GRADES, gradesOf, type Grade } from "./subject-pattern";
