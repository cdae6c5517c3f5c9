/** What `irsa-gate init` writes; examples/ci holds the same files for reading. */

export type Ci = "github" | "gitlab";

export interface Template {
  /** Where it goes, relative to the repository. */
  readonly path: string;
  readonly content: string;
}

const CONFIG = `# Configuration of irsa-gate. All optional; flags replace what stands here.
# The schema ships with the package: node_modules/eks-irsa-policy-pack/schemas/config.v1.json

# projects:
#   - directory: infrastructure
#     stacks: [dev, production]

# What fails the gate: mandatory, advisory, or a severity and all above it.
failOn: [mandatory]

# Exit with 4 when no stack has anything to check: a gate that looks in the wrong folder must not pass.
requireIrsa: true

# Exit with 3 when something could not be verified.
# strict: true

# rehearsal:
#   region: eu-west-1
#   issuers:
#     shop: https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF

# Levels of rules, and facts that lie outside of the programs, as in a Pulumi policy-pack configuration.
# policies:
#   workload-root: disabled
#   irsa-context:
#     roles: [arn:aws:iam::111122223333:role/shared]
`;

const GITHUB = `name: irsa-gate
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
  pull-requests: write
  security-events: write
jobs:
  irsa-gate:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      # The programs' own packages. No cloud account, cluster or Pulumi login is needed.
      - run: npm ci
      - uses: pulumi/actions@v6
      - name: Judge
        run: >-
          npx --yes --package eks-irsa-policy-pack irsa-gate
          --format github,sarif=irsa.sarif,markdown=irsa.md,html=irsa.html
      - name: Summary
        if: \${{ !cancelled() && hashFiles('irsa.md') != '' }}
        run: cat irsa.md >> "$GITHUB_STEP_SUMMARY"
      - name: Comment on the pull request
        if: \${{ !cancelled() && github.event_name == 'pull_request' && hashFiles('irsa.md') != '' }}
        env:
          GH_TOKEN: \${{ github.token }}
          PULL_REQUEST: \${{ github.event.pull_request.number }}
        run: |
          comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"
          mine='.[] | select(.user.type == "Bot" and (.body | startswith("<!-- irsa-gate -->"))) | .id'
          id=$(gh api --paginate "$comments" --jq "$mine" | head -n 1)
          if [ -n "$id" ]; then
            gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field body=@irsa.md
          else
            gh api --silent --method POST "$comments" --field body=@irsa.md
          fi
      - name: Code scanning
        if: \${{ !cancelled() && hashFiles('irsa.sarif') != '' }}
        uses: github/codeql-action/upload-sarif@v3
        with:
          sarif_file: irsa.sarif
          category: irsa-gate
      - name: Keep the report
        if: \${{ !cancelled() && hashFiles('irsa.html') != '' }}
        uses: actions/upload-artifact@v4
        with:
          name: irsa-gate
          path: irsa.html
`;

const GITLAB = `# Include this file in .gitlab-ci.yml:
#   include:
#     - local: irsa-gate.gitlab-ci.yml
irsa-gate:
  image: node:22
  stage: test
  variables:
    # The Pulumi CLI is installed once and kept in the cache of the job.
    XDG_CACHE_HOME: $CI_PROJECT_DIR/.cache
  cache:
    key: irsa-gate
    paths: [.cache/eks-irsa]
  script:
    # The programs' own packages. No cloud account, cluster or Pulumi login is needed.
    - npm ci
    - >-
      npx --yes --package eks-irsa-policy-pack irsa-gate
      --format text,junit=irsa-junit.xml,html=irsa.html,json=irsa.json
  artifacts:
    when: always
    expire_in: 30 days
    paths: [irsa.html, irsa.json]
    reports:
      junit: irsa-junit.xml
`;

export const TEMPLATES: Readonly<Record<Ci, Template>> = {
  github: { path: ".github/workflows/irsa-gate.yml", content: GITHUB },
  gitlab: { path: "irsa-gate.gitlab-ci.yml", content: GITLAB },
};

export const STARTER_CONFIG: Template = { path: ".irsa-gate.yaml", content: CONFIG };
