import { redact } from "../../policy-pack/src/intake/redact";

test.each(["kubernetes:core/v1:Secret", "kubernetes:core/v1:SecretPatch", "kubernetes:core/v1:ConfigMap"])(
  "%s keeps its keys and loses its values",
  (type) => {
    const seen = redact(type, {
      metadata: { name: "aws" },
      data: { AWS_ACCESS_KEY_ID: "QUtJQQ==" },
      stringData: { password: "hunter2" },
    });
    expect(seen).toEqual({ metadata: { name: "aws" }, data: { AWS_ACCESS_KEY_ID: "" }, stringData: { password: "" } });
  },
);

test("items of a SecretList lose their values too", () => {
  expect(redact("kubernetes:core/v1:SecretList", { items: [{ data: { key: "c2VjcmV0" } }] })).toEqual({
    items: [{ data: { key: "" } }],
  });
});

test("a pod keeps AWS's own settings and no other value of its environment", () => {
  const env = [
    { name: "AWS_REGION", value: "eu-west-1" },
    { name: "AWS_ROLE_ARN", value: "arn:aws:iam::111122223333:role/x" },
    { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/token" },
    { name: "AWS_ACCESS_KEY_ID", value: "AKIA" },
    { name: "AWS_SECRET_ACCESS_KEY", value: "wJalr" },
    { name: "AWS_SESSION_TOKEN", value: "IQoJ" },
    { name: "DATABASE_URL", value: "postgres://user:pw@db" },
    { name: "EMPTY", value: "" },
    { name: "FROM", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
  ];
  const seen = redact("kubernetes:apps/v1:Deployment", {
    spec: { template: { spec: { containers: [{ name: "c", env }] } } },
  });
  const text = JSON.stringify(seen);
  for (const secret of ["AKIA", "wJalr", "IQoJ", "postgres"]) expect(text).not.toContain(secret);
  for (const kept of ["eu-west-1", "role/x", "/token", "secretKeyRef"]) expect(text).toContain(kept);
});

test("resources of other kinds are left as they are", () => {
  const role = { assumeRolePolicy: "{}", env: [{ name: "X", value: "y" }] };
  expect(redact("aws:iam/role:Role", role)).toEqual(role);
});
