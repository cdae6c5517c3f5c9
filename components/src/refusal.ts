import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";

/** One property that is wrong. */
export type Flaw = pulumi.InputPropertyErrorDetails;

/**
 * The error that names every wrong property of a binding. Its stack is the message alone, since it is mostly thrown while Pulumi
 * waits for values; what is thrown at once gets the caller's frames by atCaller.
 */
export function refused(binding: string, flaws: readonly Flaw[]): pulumi.InputPropertiesError {
  const lines = flaws.map((each) => `  ${each.propertyPath}: ${each.reason}`);
  const message = `IrsaBinding "${binding}" has wrong arguments:\n${lines.join("\n")}`;
  const error = new pulumi.InputPropertiesError({ message, errors: [...flaws] });
  error.stack = message;
  // Pulumi prints an error with util.inspect, which would repeat every flaw as a field of the error.
  Object.defineProperty(error, inspect.custom, { value: () => error.stack });
  return error;
}

/** Runs `make`; an error that it throws is shown at the line of the program that called the constructor `entry`, without frames of libraries. */
export function atCaller<T>(entry: abstract new (...args: never[]) => unknown, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    Error.captureStackTrace(error, entry);
    const frames = (error.stack ?? "")
      .split("\n")
      .filter((line) => /^\s+at /.test(line) && !/node:|node_modules/.test(line));
    error.stack = [error.message, ...frames].join("\n");
    throw error;
  }
}
