export { IrsaBinding } from "./irsa-binding";
export type * from "./args";
