/** The random tape: the generator of a round, and who is answered from it. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { bigEndian, height, hex, managementCanister, type Hex } from "../spec/index.ts";
import { awaiting, enterInput, pairOf } from "./mail.ts";
import { responseOf } from "./messages.ts";
import { creditLate, orphan } from "./responses.ts";
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

/** A best-effort call that expired meanwhile is answered like the others; then its answer is a late one. */
const answer = (engine: Engine, { request, asked }: WaitingRandomness, index: number, bytes: Hex): void => {
  const { origin, attached, deadline } = request;
  const { canister, callback } = origin;
  const caller = engine.byId.get(canister);
  const tape = height(engine.height + (engine.committee?.offset ?? 0));
  engine.totals.messages -= attached;
  engine.draws.push({ tape, index, asked, canister, callback, bytes });
  engine.events.push({ kind: "randomness-answered", canister, callback });
  if (caller === undefined) return orphan(engine, managementCanister, canister, callback, attached);
  const awaited = awaiting(caller, callback);
  if (awaited === null) return creditLate(engine, caller, callback, attached);
  const result = { kind: "reply", payload: bytes } as const;
  enterInput(engine, pairOf(engine, caller, managementCanister), responseOf(canister, callback, result, attached, deadline), awaited);
};
