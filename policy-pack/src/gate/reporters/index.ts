import type { Format } from "../options";
import { githubReporter } from "./github";
import { htmlReporter } from "./html";
import { jsonReporter } from "./json";
import { junitReporter } from "./junit";
import { markdownReporter } from "./markdown";
import { sarifReporter } from "./sarif";
import { textReporter } from "./text";
import type { Reporter } from "./words";

export const REPORTERS: Readonly<Record<Format, Reporter>> = {
  text: textReporter,
  json: jsonReporter,
  sarif: sarifReporter,
  junit: junitReporter,
  markdown: markdownReporter,
  html: htmlReporter,
  github: githubReporter,
};
