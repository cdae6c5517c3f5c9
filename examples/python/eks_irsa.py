"""IrsaBinding for programs without the SDK that ``pulumi package add ../../components`` generates.

The generated class has the same name and typed arguments. This one takes the arguments of the schema as they are, in camel case
(``pulumi package get-schema ../../components`` prints them), and has the outputs that workloads need.
"""

from typing import Any, Mapping, Optional

import pulumi

_OUTPUTS = {
    "roleArn": "role_arn",
    "namespace": "namespace",
    "serviceAccountName": "service_account_name",
    "serviceAccountAnnotations": "service_account_annotations",
    "podAnnotations": "pod_annotations",
    "env": "env",
}


class IrsaBinding(pulumi.ComponentResource):
    """One ServiceAccount of an EKS cluster that may use one IAM role."""

    role_arn: pulumi.Output[str]
    """ARN of the role, path included."""
    namespace: pulumi.Output[str]
    """Namespace of the account."""
    service_account_name: pulumi.Output[str]
    """Name of the account; pods that use it start after the ServiceAccount."""
    service_account_annotations: pulumi.Output[Mapping[str, str]]
    """Annotations for a ServiceAccount that a Helm chart makes."""
    pod_annotations: pulumi.Output[Mapping[str, str]]
    """Annotations for pod templates, by which pods are replaced when the role changes."""
    env: pulumi.Output[Any]
    """Region variables for containers."""

    def __init__(
        self,
        name: str,
        args: Mapping[str, pulumi.Input[Any]],
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        props = {**dict.fromkeys(_OUTPUTS.values()), **args}
        super().__init__("eks-irsa:index:IrsaBinding", name, props, opts, remote=True)

    def translate_output_property(self, prop: str) -> str:
        """The name that an output of the schema has in Python."""
        return _OUTPUTS.get(prop, prop)
