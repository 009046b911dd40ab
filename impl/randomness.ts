/** The random tape: the generator of a round, and who is answered from it. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { bigEndian, height, hex, type Hex } from "../spec/index.ts";
import { respondTo } from "./requests.ts";
import type { Engine, WaitingRandomness } from "./state.ts";

/**
 * Answers every request that waited long enough. Requests begin to wait in the order of the rounds that asked, so those
 * that are due stand before those that are not.
 * @rule randomness-answer
 */
export const answerRandomness = (engine: Engine, tape: Hex): void => {
  const { waitingRandomness: waiting, height: round } = engine;
  const { tapeLag } = engine.genesis.parameters;
  let due = 0;
  while (due < waiting.length && round >= waiting[due]!.asked + tapeLag) due++;
  if (due === 0) return;
  const seed = sha256(concatBytes(tapeDomain, hexToBytes(tape)));
  waiting.splice(0, due).forEach((request, index) => answer(engine, request, index, draw(seed, index)));
};

const encoder = new TextEncoder();
const tapeDomain = encoder.encode("canon-random-tape");
const drawDomain = encoder.encode("raw-rand");

const draw = (seed: Uint8Array, index: number): Hex =>
  hex(bytesToHex(sha256(concatBytes(seed, drawDomain, hexToBytes(bigEndian(BigInt(index), 8))))));

const answer = (engine: Engine, { request, asked }: WaitingRandomness, index: number, bytes: Hex): void => {
  const { origin, attached } = request;
  const { canister, callback } = origin;
  const tape = height(engine.height + (engine.committee?.offset ?? 0));
  engine.totals.messages -= attached;
  engine.draws.push({ tape, index, asked, canister, callback, bytes });
  engine.events.push({ kind: "randomness-answered", canister, callback });
  respondTo(engine, request, { kind: "reply", payload: bytes }, attached);
};
