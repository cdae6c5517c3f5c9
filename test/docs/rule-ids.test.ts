import { rules } from "../../policy-pack/src/rules";
import { CATALOGUE } from "../support/catalogue";
import { codeSpans, page, written } from "./markdown";

const ids = rules.map(({ id }) => id);
/** Failures that no program shows have no rule, and are named by their row of the catalogue. */
const byHand = Object.entries(CATALOGUE).flatMap(([id, how]) => (how === "N" ? [id] : []));
const SUBJECTS = [
  ...new Set(ids.flatMap((id) => /^(oidc-provider|trust-policy|service-account|[a-z]+)-/.exec(id)?.[1] ?? [])),
];
const ID = new RegExp(`^(${SUBJECTS.join("|")})(-[a-z0-9]+)+$`);

test.each(written.map((each) => [each.path, each] as const))("every rule that %s names exists", (_, { text }) => {
  const named = codeSpans(text).filter((code) => ID.test(code));
  expect(named.filter((id) => ![...ids, ...byHand].includes(id))).toEqual([]);
});

test("the troubleshooting guide names every rule", () => {
  const named = codeSpans(page("docs/troubleshooting.md").text);
  expect(ids.filter((id) => !named.includes(id))).toEqual([]);
});

test("no suppression or annotation of the documentation names a rule that does not exist", () => {
  const suppressed = written.flatMap(({ text }) =>
    [...text.matchAll(/ignore\.eks-irsa\.dev\/([a-z0-9-]+)/g)].flatMap(([, id]) => id ?? []),
  );
  expect(suppressed).not.toEqual([]);
  expect(suppressed.filter((id) => !ids.includes(id))).toEqual([]);
});
