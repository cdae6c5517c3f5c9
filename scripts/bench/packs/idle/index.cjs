/* The floor: what any pack costs that has one resource policy and one stack policy, before they do anything. */
const { PolicyPack } = require("@pulumi/policy");

new PolicyPack("bench-idle", {
  policies: [
    { name: "idle-resource", description: "Nothing.", enforcementLevel: "advisory", validateResource: () => {} },
    { name: "idle-stack", description: "Nothing.", enforcementLevel: "advisory", validateStack: () => {} },
  ],
});
