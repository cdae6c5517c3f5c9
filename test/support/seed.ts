import fc from "fast-check";

/**
 * Properties run on one seed, so that a red test is red again for whoever looks into it and a green one does not turn red by
 * chance in the middle of other work. To search further: PROPERTY_SEED takes another seed, PROPERTY_RUNS raises the counts.
 * A counterexample of another seed is a fault of a rule: it is to be mended and kept as a case of that rule, not avoided by a
 * choice of seed.
 */
const SEED = 20261124;

const wanted = Number(process.env["PROPERTY_SEED"] ?? SEED);
fc.configureGlobal({ seed: Number.isInteger(wanted) ? wanted : SEED });
