import { PolicyPack } from "@pulumi/policy";
import { isDryRun, watchDryRun } from "./intake/dry-run";
import { createPolicies } from "./policies";
import { rules } from "./rules";

watchDryRun();
new PolicyPack("eks-irsa", {
  description: "Checks the whole chain of IAM Roles for Service Accounts on Amazon EKS before it is deployed.",
  policies: createPolicies(rules, {
    today: () => new Date().toISOString().slice(0, 10),
    // A preview judges the whole stack at its end; only an update must stop before it makes a broken resource.
    get early() {
      return !isDryRun();
    },
  }),
});
