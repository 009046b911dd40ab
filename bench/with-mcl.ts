/**
 * Threshold signatures with mcl-wasm, a C++ library compiled to WebAssembly: the peer. Pairings use tables that are
 * computed once for each key, as it offers them.
 *
 * Its hash to the curve has the domain separator of another suite built in. The call that sets one is exported by its
 * WebAssembly module but not by its types; the tests hold all bytes against those of the engine's library.
 */
import { createRequire } from "node:module";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import type * as Mcl from "mcl-wasm";
import { domain, weightsOf, type Threshold } from "./threshold.ts";

interface Key {
  readonly point: Mcl.G2;
  readonly table: Mcl.PrecomputedG2;
}

/** The library, once its module is compiled. It has one curve for the whole process, so it is asked for once. */
export const withMcl = async (): Promise<Threshold<Mcl.G1, Key>> => {
  await mcl.init(mcl.BLS12_381);
  mcl.setETHserialization(true);
  mcl.setMapToMode(mcl.IRTF);
  mcl.verifyOrderG1(true);
  mcl.verifyOrderG2(true);
  setDomain();
  const generator = pointOf(new mcl.G2(), bls12_381.G2.Point.BASE.toBytes());
  const generatorTable = new mcl.PrecomputedG2(generator);

  /** e(signature, generator) = e(message, key), as one product with one final exponentiation. */
  const isValid = (message: Mcl.G1, signature: Mcl.G1, key: Key): boolean =>
    mcl.finalExp(mcl.precomputedMillerLoop2(signature, generatorTable, mcl.neg(message), key.table)).isOne();

  return {
    library: "mcl-wasm",
    hash: (message) => mcl.hashAndMapToG1(message),
    keyOf: (secret) => {
      const point = mcl.mul(generator, scalar(secret));
      return { point, table: new mcl.PrecomputedG2(point) };
    },
    keyBytes: ({ point }) => point.serialize(),
    sign: (message, secret) => mcl.mul(message, scalar(secret)).serialize(),
    verify: (message, signature, key) => isValid(message, pointOf(new mcl.G1(), signature), key),
    combine: (shares) =>
      mcl
        .recoverG1(
          shares.map(({ node }) => scalar(BigInt(node))),
          shares.map(({ signature }) => pointOf(new mcl.G1(), signature)),
        )
        .serialize(),
    verifyAll: (signed, key) => {
      const weights = weightsOf(signed.map(({ signature }) => signature)).map(scalar);
      const signatures = signed.map(({ signature }) => pointOf(new mcl.G1(), signature));
      const messages = signed.map(({ message }) => message);
      return isValid(mcl.mulVec(messages, weights), mcl.mulVec(signatures, weights), key);
    },
  };
};

// The package is CommonJS and fills in its exports when it is initialised, which an import would not see.
const mcl = createRequire(import.meta.url)("mcl-wasm") as typeof Mcl;

interface Module {
  readonly HEAP8: Int8Array;
  stackSave(): number;
  stackAlloc(size: number): number;
  stackRestore(to: number): void;
  _mclBnG1_setDst(text: number, size: number): number;
}

const setDomain = (): void => {
  const { mod } = mcl as unknown as { readonly mod: Module };
  const stack = mod.stackSave();
  const text = mod.stackAlloc(domain.length);
  mod.HEAP8.set(Buffer.from(domain), text);
  const status = mod._mclBnG1_setDst(text, domain.length);
  mod.stackRestore(stack);
  if (status !== 0) throw new Error(`mcl-wasm does not take the domain separator ${domain}`);
};

const pointOf = <Point extends Mcl.G1 | Mcl.G2>(point: Point, bytes: Uint8Array): Point => {
  point.deserialize(bytes);
  return point;
};

const scalar = (value: bigint): Mcl.Fr => {
  const made = new mcl.Fr();
  made.setStr(value.toString(16), 16);
  return made;
};
