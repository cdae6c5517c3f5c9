/** What the id of an existing AWS resource tells about it: `aws.iam.Role.get("r", "shop-api")`. */
import { own, type ValueMap } from "../values";

const byName =
  (property: string) =>
  (id: string): ValueMap => ({ [property]: id });

const idReaders: Readonly<Record<string, (id: string) => ValueMap>> = {
  "aws:iam/role:Role": byName("name"),
  "aws:iam/user:User": byName("name"),
  "aws:iam/group:Group": byName("name"),
  "aws:eks/cluster:Cluster": byName("name"),
  "aws:s3/bucket:Bucket": byName("bucket"),
  "aws:s3/bucketV2:BucketV2": byName("bucket"),
  "aws:dynamodb/table:Table": byName("name"),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": (id) => ({
    arn: id,
    url: id.split(":oidc-provider/")[1] ?? id,
  }),
  "aws:iam/policy:Policy": (id) => ({ arn: id, name: id.slice(id.lastIndexOf("/") + 1) }),
  "aws:eks/addon:Addon": (id) => pair(id, "clusterName", "addonName"),
  "aws:eks/nodeGroup:NodeGroup": (id) => pair(id, "clusterName", "nodeGroupName"),
  "aws:iam/rolePolicy:RolePolicy": (id) => pair(id, "role", "name"),
};

function pair(id: string, first: string, second: string): ValueMap {
  const [left = "", right = ""] = id.split(":");
  return { [first]: left, [second]: right };
}

export const inputsFromId = (type: string, id: string): ValueMap => own(idReaders, type)?.(id) ?? {};
