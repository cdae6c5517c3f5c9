import { Cluster } from "@pulumi/aws/eks";
import { Provider } from "@pulumi/aws/provider";
import { IrsaBinding, type RichIrsaBindingArgs } from "../../components/src";
import { all, ISSUER, run } from "./program";

const POLICY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

describe("a second provider for one issuer", () => {
  const two = (first: RichIrsaBindingArgs, second: RichIrsaBindingArgs) => () => {
    new IrsaBinding("api", first);
    new IrsaBinding("report", second);
  };
  const args = { namespace: "shop", policyArns: [POLICY] };

  it("is refused for the same issuer, however it is written", async () => {
    await expect(
      run("up", two({ ...args, issuerUrl: ISSUER }, { ...args, issuerUrl: `https://${ISSUER}` })),
    ).rejects.toThrow(/issuerUrl: IrsaBinding "api" creates the OIDC provider of .* already.*give oidcProviderArn/);
  });

  it("is refused for the same cluster while its issuer is unknown", async () => {
    const program = () => {
      const cluster = new Cluster("prod", {
        roleArn: "arn:aws:iam::111122223333:role/cluster",
        vpcConfig: { subnetIds: ["subnet-1"] },
      });
      two({ ...args, cluster }, { ...args, cluster })();
    };
    await expect(run("preview", program)).rejects.toThrow(
      /cluster: IrsaBinding "api" creates the OIDC provider of this cluster already/,
    );
  });

  it("is refused within one binding", async () => {
    await expect(
      run(
        "up",
        () =>
          new IrsaBinding("api", {
            ...args,
            issuerUrl: ISSUER,
            additionalClusters: [{ issuerUrl: `https://${ISSUER}` }],
          }),
      ),
    ).rejects.toThrow(/additionalClusters\[0\]\.issuerUrl: .* stands at issuerUrl already/);
  });

  it("is right in another account, and in the next run of the program", async () => {
    const program = () => {
      new IrsaBinding("api", { ...args, issuerUrl: ISSUER });
      const account = new Provider("other", { region: "eu-west-1" });
      return new IrsaBinding("report", { ...args, issuerUrl: ISSUER }, { provider: account });
    };
    for (const mode of ["preview", "up"] as const) {
      const { resources } = await run(mode, program);
      expect(all(resources, "OpenIdConnectProvider")).toHaveLength(2);
    }
  });
});
