import { PolicyPack } from "@pulumi/policy";
import { createPolicies } from "./policies";
import { rules } from "./rules";

new PolicyPack("eks-irsa", {
  description: "Checks the whole chain of IAM Roles for Service Accounts on Amazon EKS before it is deployed.",
  policies: createPolicies(rules, () => new Date().toISOString().slice(0, 10)),
});
