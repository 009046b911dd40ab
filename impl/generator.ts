/** The generator of a round: whoever draws from it in the round takes the next bytes, whatever they are for. It is seeded for the first draw. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { bigEndian, height, hex, type Draw, type Height, type Hex } from "../spec/index.ts";
import type { Request } from "./messages.ts";
import type { Engine } from "./state.ts";

export interface Generator {
  readonly tape: Hex;
  /** `null` before the first draw. */
  seed: Uint8Array | null;
  /** How often it was drawn from: the number of the next draw. */
  drawn: number;
}

export const generatorOf = (tape: Hex): Generator => ({ tape, seed: null, drawn: 0 });

/** The next draw, for a request that was sent at this height. */
export const drawFor = (engine: Engine, purpose: Draw["purpose"], { origin }: Request, asked: Height): Hex => {
  const { generator } = engine;
  const { canister, callback } = origin;
  const index = generator.drawn++;
  generator.seed ??= sha256(concatBytes(tapeDomain, hexToBytes(generator.tape)));
  const bytes = hex(bytesToHex(sha256(concatBytes(generator.seed, drawDomain, hexToBytes(bigEndian(BigInt(index), 8))))));
  const tape = height(engine.height + (engine.committee?.offset ?? 0));
  engine.draws.push({ tape, index, purpose, asked, canister, callback, bytes });
  return bytes;
};

const encoder = new TextEncoder();
const tapeDomain = encoder.encode("canon-random-tape");
const drawDomain = encoder.encode("raw-rand");
