"""A Deployment whose pods may read S3, on an EKS cluster that exists already."""

import pulumi
import pulumi_kubernetes as k8s

from eks_irsa import IrsaBinding

config = pulumi.Config()

cluster = k8s.Provider("shop", kubeconfig=config.get("kubeconfig"))

api = IrsaBinding(
    "api",
    {
        "issuerUrl": config.require("issuerUrl"),
        "namespace": "shop",
        "createNamespace": True,
        "policyArns": ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
    },
    pulumi.ResourceOptions(provider=cluster),
)

k8s.apps.v1.Deployment(
    "api",
    metadata={"name": "api", "namespace": api.namespace},
    spec={
        "selector": {"matchLabels": {"app": "api"}},
        "template": {
            "metadata": {"labels": {"app": "api"}, "annotations": api.pod_annotations},
            "spec": {
                "serviceAccountName": api.service_account_name,
                "containers": [{"name": "api", "image": "ghcr.io/example/shop-api:1.4.2", "env": api.env}],
            },
        },
    },
    opts=pulumi.ResourceOptions(provider=cluster),
)

pulumi.export("roleArn", api.role_arn)
