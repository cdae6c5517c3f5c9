/** @type {import("./index.mjs").Reason[]} */
export default [];
