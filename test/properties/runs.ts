/** How many inputs a property is tried with: a few seconds' worth, or PROPERTY_RUNS where that is set. */
export function runs(modest: number): number {
  const wanted = Number(process.env["PROPERTY_RUNS"]);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : modest;
}
