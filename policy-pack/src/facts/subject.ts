import { texts } from "./lists";

/** The account that the subject of a Kubernetes token names. */
export interface Subject {
  readonly namespace: string;
  readonly name: string;
}

/** True for text that means a ServiceAccount, however badly it is written. */
export function namesAccount(text: string): boolean {
  return /^\s*system:serviceaccount/i.test(text);
}

/** The parts of `system:serviceaccount:<namespace>:<name>`, or undefined for text of another form. */
export function parseSubject(text: string): Subject | undefined {
  const match = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(text);
  if (!match) return undefined;
  const [, namespace, name] = texts(match);
  return { namespace, name };
}
