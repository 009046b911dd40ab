/** Prices under which a message of a user costs something: what costs nothing is paid by everybody, and cannot be postponed. */
import { cycles, type Genesis } from "../../spec/index.ts";

/** The same genesis, with a fee for every message of a user. */
export const withToll = (genesis: Genesis): Genesis => {
  const { fees } = genesis.parameters;
  const least = BigInt(fees.referenceSubnetSize);
  const toll = cycles(fees.ingress > least ? fees.ingress : least);
  return { ...genesis, parameters: { ...genesis.parameters, fees: { ...fees, ingress: toll, schedule: "normal" } } };
};
