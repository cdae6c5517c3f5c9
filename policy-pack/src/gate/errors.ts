/**
 * Run-time error texts and the rules that find their cause before. docs/troubleshooting.md holds the same table for
 * readers; a test keeps the two alike.
 */
export interface KnownError {
  /** The text as AWS, Kubernetes or Pulumi prints it; `…` stands for what differs. */
  readonly text: string;
  /** Matches a pasted log that has it, whatever stands around. */
  readonly match: Pick<RegExp, "test">;
  /** Where the chain broke. */
  readonly cause: string;
  /** Rule ids; `trust-policy-*` stands for all rules of that beginning. Empty: only by hand. */
  readonly rules: readonly string[];
}

/** Matches a text that has all the parts, written in lower case, one after the other: `a.*b` without its square cost. */
function inOrder(...parts: readonly string[]): Pick<RegExp, "test"> {
  return {
    test: (text) => {
      const lower = text.toLowerCase();
      let from = 0;
      return parts.every((part) => {
        const at = lower.indexOf(part, from);
        from = at + part.length;
        return at >= 0;
      });
    },
  };
}

const NOTHING_INJECTED: readonly string[] = [
  "service-account-role-missing",
  "service-account-annotation-key",
  "workload-service-account-mismatch",
  "workload-service-account-missing",
  "workload-injection-skipped",
  "workload-order",
  "workload-rollout",
];

/** The more special first: the first that matches is the answer. */
export const KNOWN_ERRORS: readonly KnownError[] = [
  {
    text: "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://oidc.eks…",
    match: /No OpenIDConnect provider found in your account/i,
    cause:
      "There is no IAM OIDC provider for this issuer in the role's account, or STS of another partition was asked.",
    rules: [
      "oidc-provider-not-found",
      "oidc-provider-issuer-mismatch",
      "oidc-provider-issuer-host-invalid",
      "oidc-provider-url-invalid",
      "workload-region-missing",
    ],
  },
  {
    text: "InvalidIdentityToken: Incorrect token audience",
    match: /Incorrect token audience/i,
    cause: "The provider's client ids lack the token's audience.",
    rules: ["oidc-provider-audience-missing", "service-account-audience-mismatch", "workload-token-volume"],
  },
  {
    text: "InvalidIdentityToken: OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
    match: /certificate doesn.?t match configured thumbprint/i,
    cause: "A certificate is pinned, on an issuer that AWS's trusted authorities do not cover.",
    rules: ["oidc-provider-thumbprint-pinned", "oidc-provider-thumbprint-invalid"],
  },
  {
    text: "InvalidIdentityToken: Couldn't retrieve verification key from your identity provider",
    match: /Couldn.?t retrieve verification key/i,
    cause: "AWS cannot reach the issuer's keys. Look by hand: curl <issuer>/keys from outside the VPC.",
    rules: [],
  },
  {
    text: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
    match: /Not authorized to perform:? sts:AssumeRoleWithWebIdentity/i,
    cause: "The trust policy refuses the token, or the role does not exist.",
    rules: ["trust-policy-*", "service-account-role-mismatch"],
  },
  {
    text: "AccessDenied: User: … is not authorized to perform: sts:AssumeRole on resource: …",
    match: /is not authorized to perform: sts:AssumeRole on resource/i,
    cause: "The role may not assume the next role of a chain, or that role does not trust it.",
    rules: ["role-chain-denied"],
  },
  {
    text: "AccessDenied: User: arn:aws:sts::…:assumed-role/<your role>/… is not authorized to perform: …",
    match: inOrder("assumed-role/", " is not authorized to perform"),
    cause: "If the role named is the pod's own, it lacks permissions.",
    rules: ["role-permissions-missing", "role-action-denied", "role-attachment-conflict"],
  },
  {
    text: "AccessDenied: User: arn:aws:sts::…:assumed-role/<node role>/… is not authorized …",
    match: inOrder("assumed-role/", " is not authorized"),
    cause: "If the role named is the node's, nothing was injected into the pod.",
    rules: NOTHING_INJECTED,
  },
  {
    text: "Unable to locate credentials",
    match: /Unable to locate credentials|Could not load credentials|NoCredentialProviders|no EC2 IMDS role found/i,
    cause: "Nothing was injected, and the pod cannot reach the node's role.",
    rules: NOTHING_INJECTED,
  },
  {
    text: "ValidationError: Request ARN is invalid",
    match: /Request ARN is invalid/i,
    cause: "The annotation is no role ARN.",
    rules: ["service-account-role-arn-invalid"],
  },
  {
    text: "MalformedPolicyDocument: Federated principals must be valid domain names or SAML metadata ARNs",
    match: /Federated principals must be valid/i,
    cause: "The principal is empty, a URL, or another ARN.",
    rules: ["trust-policy-principal-invalid", "oidc-provider-not-found"],
  },
  {
    text: "MalformedPolicyDocument: Has prohibited field Resource",
    match: /Has prohibited field/i,
    cause: "An identity policy was used as a trust policy.",
    rules: ["trust-policy-invalid"],
  },
  {
    text: "MalformedPolicyDocument",
    match: /MalformedPolicyDocument/i,
    cause: "The document is not what IAM accepts.",
    rules: ["trust-policy-invalid"],
  },
  {
    text: "LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048",
    match: /quota for ACLSizePerRole/i,
    cause: "The trust policy is too long.",
    rules: ["trust-policy-too-long"],
  },
  {
    text: "LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10",
    match: /quota for PoliciesPerRole/i,
    cause: "The role has too many managed policies.",
    rules: ["role-policy-arn-invalid"],
  },
  {
    text: "EntityAlreadyExists: Provider with url … already exists",
    match: inOrder("provider with url ", " already exists"),
    cause: "There are two providers for one issuer.",
    rules: ["oidc-provider-duplicate"],
  },
  {
    text: "expected length of thumbprint_list.0 to be in the range (40 - 40)",
    match: /thumbprint_list\.\d+ to be in the range/i,
    cause: "The thumbprint is no SHA-1 of 40 hex digits.",
    rules: ["oidc-provider-thumbprint-invalid"],
  },
  {
    text: 'error looking up service account <namespace>/<name>: serviceaccount "<name>" not found',
    match: /error looking up service account|serviceaccount "[^"]{1,256}" not found/i,
    cause: "The pod names an account that nobody made.",
    rules: ["service-account-not-found", "workload-service-account-mismatch"],
  },
  {
    text: "open /var/run/secrets/eks.amazonaws.com/serviceaccount/token: permission denied",
    match: /serviceaccount\/token'?:? permission denied|Permission denied: '?\S*serviceaccount\/token/i,
    cause: "The container's user cannot read the token.",
    rules: ["workload-token-unreadable"],
  },
  {
    text: "open …/serviceaccount/token: no such file or directory",
    match: /serviceaccount\/token'?:? no such file|No such file or directory: '?\S*serviceaccount\/token/i,
    cause: "The token was not mounted where the environment says.",
    rules: ["workload-token-volume", "workload-identity-env"],
  },
  {
    text: "role ARN is not set",
    match: /role ARN is not set/i,
    cause: "Half of the pair AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE is set.",
    rules: ["workload-identity-env"],
  },
  {
    text: "InvalidClientTokenId … GetCallerIdentity",
    match: /InvalidClientTokenId/i,
    cause: "In a China region: a client without a region asks STS of another partition.",
    rules: ["workload-region-missing"],
  },
  {
    text: "ExpiredTokenException: Token expired",
    match: /ExpiredToken(Exception)?\b/i,
    cause: "The token was read once, or is mounted with subPath.",
    rules: ["workload-token-volume"],
  },
  {
    text: "DurationSeconds exceeds the MaxSessionDuration set for this role",
    match: /DurationSeconds exceeds the MaxSessionDuration/i,
    cause: "The session asked for is too long.",
    rules: ["role-session-duration"],
  },
  {
    text: "RegionDisabledException",
    match: /RegionDisabledException/i,
    cause: "STS is off in that region. Look by hand: aws account get-region-opt-status --region-name <region>.",
    rules: [],
  },
  {
    text: "mountPath: Invalid value: … must be unique",
    match: inOrder("mountpath: invalid value: ", " must be unique"),
    cause: "Another volume stands at the token's directory.",
    rules: ["workload-token-volume"],
  },
];
