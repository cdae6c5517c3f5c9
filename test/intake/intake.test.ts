import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { Intake } from "../../policy-pack/src/intake/intake";
import { DEFAULT_CONFIG } from "../../policy-pack/src/model/config";
import { ROLE_ARN, TODAY, urnOf } from "../support/stack";

const ROLE = "aws:iam/role:Role";
const ACCOUNT = "kubernetes:core/v1:ServiceAccount";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const BINDING = "eks-irsa:index:IrsaBinding";

/** The part of the SDK's arguments that intake reads. */
function registered(type: string, name: string, props: object, parent?: string): ResourceValidationArgs {
  const opts = parent === undefined ? {} : { parent };
  return { urn: urnOf(type, name), type, name, props, opts } as unknown as ResourceValidationArgs;
}

function deployed(type: string, name: string, props: object, parent?: PolicyResource): PolicyResource {
  const urn = urnOf(type, name);
  return { urn, type, name, props, parent, dependencies: [], propertyDependencies: {} } as unknown as PolicyResource;
}

const snapshotOf = (intake: Intake, resources: readonly PolicyResource[]) =>
  intake.snapshot(resources, DEFAULT_CONFIG, TODAY).resources;
const around = (intake: Intake, type: string, name: string) =>
  intake.around(urnOf(type, name), DEFAULT_CONFIG, TODAY).resources.map((each) => each.name);

describe("inputs for remediation", () => {
  test("are plain data, with what is secret unknown", () => {
    expect(new Intake().inputsOf(ROLE, { name: "api", tags: { team: "shop" } })).toEqual({
      name: "api",
      tags: { team: "shop" },
    });
  });

  test("are none for a resource outside the chain", () => {
    expect(new Intake().inputsOf("aws:s3/bucket:Bucket", { bucket: "data" })).toBeUndefined();
  });
});

describe("parents", () => {
  test("the stack phase tells the component of this project that holds a resource", () => {
    const binding = deployed(BINDING, "api", {});
    const [role] = snapshotOf(new Intake(), [deployed(ROLE, "api", { name: "api" }, binding)]);
    expect(role?.parent).toBe(urnOf(BINDING, "api"));
  });

  test("components of other makers between the two are passed over", () => {
    const binding = deployed(BINDING, "api", {});
    const between = deployed("acme:index:Team", "shop", {}, binding);
    const [role] = snapshotOf(new Intake(), [deployed(ROLE, "api", { name: "api" }, between)]);
    expect(role?.parent).toBe(urnOf(BINDING, "api"));
    const alone = deployed("acme:index:Team", "shop", {});
    expect(snapshotOf(new Intake(), [deployed(ROLE, "api", { name: "api" }, alone)])[0]).not.toHaveProperty("parent");
  });

  test("a chain of parents without an end is not followed for ever", () => {
    const circle = { ...deployed("acme:index:Team", "shop", {}) };
    Object.assign(circle, { parent: circle });
    expect(snapshotOf(new Intake(), [deployed(ROLE, "api", { name: "api" }, circle)])[0]).not.toHaveProperty("parent");
  });
});

describe("what an early judgement looks at", () => {
  const account = registered(ACCOUNT, "api", {
    metadata: { name: "api", annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } },
  });
  const workload = (name: string, serviceAccountName: string) =>
    registered(DEPLOYMENT, name, { spec: { template: { spec: { serviceAccountName } } } });

  test("is a workload, its account, and the role that the account names", () => {
    const intake = new Intake();
    intake.record(registered(ROLE, "api", { name: "api-irsa" }));
    intake.record(registered(ROLE, "web", { name: "web" }));
    intake.record(account);
    intake.record(workload("api", "api"));
    intake.record(workload("web", "web"));
    expect(around(intake, DEPLOYMENT, "api")).toEqual(["api", "api", "api"]);
    expect(around(intake, DEPLOYMENT, "web")).toEqual(["web"]);
  });

  test("is what one component holds, even before its values are known", () => {
    const intake = new Intake();
    const parent = urnOf(BINDING, "jobs");
    intake.record(registered(BINDING, "jobs", {}));
    intake.record(registered(ROLE, "jobs", { name: "jobs" }, parent));
    intake.record(registered(ROLE, "other", { name: "other" }));
    expect(around(intake, ROLE, "jobs")).toEqual(["jobs", "jobs"]);
    const [, role] = intake.around(urnOf(BINDING, "jobs"), DEFAULT_CONFIG, TODAY).resources;
    expect(role).toMatchObject({ type: ROLE, parent });
  });

  test("is the resource alone where half the stack shares its account: the stack phase judges those", () => {
    const intake = new Intake();
    for (let index = 0; index < 70; index++) intake.record(workload(`w${index}`, "default"));
    expect(around(intake, DEPLOYMENT, "w0")).toEqual(["w0"]);
  });

  test("is nothing for a resource that was not recorded", () => {
    expect(around(new Intake(), ROLE, "api")).toEqual([]);
  });
});

test("properties that are no object at all are read as none", () => {
  expect(new Intake().inputsOf(ACCOUNT, "text")).toEqual({});
});
