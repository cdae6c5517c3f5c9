"""IrsaBinding for programs that do not use the SDK that ``pulumi package add`` generates.

The generated SDK has the same class with typed arguments. This one takes the arguments of the schema as they are
(``pulumi package get-schema`` prints them), in camel case.
"""

from typing import Any, Mapping, Optional

import pulumi


class IrsaBinding(pulumi.ComponentResource):
    """One ServiceAccount of an EKS cluster that may use one IAM role."""

    role_arn: pulumi.Output[str]
    service_account_name: pulumi.Output[str]
    namespace: pulumi.Output[str]
    pod_annotations: pulumi.Output[Mapping[str, str]]
    env: pulumi.Output[Any]

    _OUTPUTS = {
        "role_arn": "roleArn",
        "role_name": "roleName",
        "oidc_provider_arn": "oidcProviderArn",
        "issuer": "issuer",
        "subject": "subject",
        "subjects": "subjects",
        "audience": "audience",
        "trust_policy": "trustPolicy",
        "namespace": "namespace",
        "service_account_name": "serviceAccountName",
        "service_account_names": "serviceAccountNames",
        "service_account_annotations": "serviceAccountAnnotations",
        "pod_annotations": "podAnnotations",
        "env": "env",
        "pod_security_context": "podSecurityContext",
    }

    def __init__(
        self,
        name: str,
        args: Mapping[str, pulumi.Input[Any]],
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        outputs = {output: None for output in self._OUTPUTS.values()}
        super().__init__("eks-irsa:index:IrsaBinding", name, {**outputs, **args}, opts, remote=True)

    def translate_output_property(self, prop: str) -> str:
        """The name under which this class has an output of the schema."""
        return next((mine for mine, theirs in self._OUTPUTS.items() if theirs == prop), prop)
