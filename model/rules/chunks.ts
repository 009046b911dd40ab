/** Chunks: the clauses of `spec/rules/chunks.ts`, one line each. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import {
  chunkKeep,
  chunksClear,
  chunksJoin,
  cycles,
  hex,
  joinedName,
  type CanisterId,
  type Cycles,
  type Hex,
  type JoinedInstallation,
  type ModuleName,
  type Principal,
} from "../../spec/index.ts";
import { aheadFor, burnPrice, canPay, isCalm, setAside, writeDown } from "../keeping.ts";
import { workCost } from "../money.ts";
import { canisterOf, draftOf } from "../reading.ts";
import type { Canister, State } from "../state.ts";
import { transition } from "../transition.ts";

interface Keeping {
  readonly canister: CanisterId;
  readonly chunk: string;
}

export const keepChunk = transition(chunkKeep)<Keeping>({
  when: {
    fresh: (before, { canister, chunk }) => !canisterOf(before, canister).chunks.has(digestOf(chunk)),
    room: (before, { canister }) => canisterOf(before, canister).chunks.size < before.parameters.chunkLimit,
    calm: (before, { canister }) => isCalm(before, canister),
    limited: (before, keeping) =>
      chunkAhead(before, keeping) === 0n || withAhead(before, keeping).reserved <= withAhead(before, keeping).reservedLimit,
    funded: (before, keeping) => canPay(before, withAhead(before, keeping), chunkPrice(before) + chunkAhead(before, keeping)),
  },
  then: {
    keep: (after, _before, { canister, chunk }) => void draftOf(after, canister).chunks.set(digestOf(chunk), chunk),
    pay: (after, before, { canister }) => burnPrice(after, before, canister, chunkPrice(before)),
    reserve: (after, before, keeping) => setAside(after, before, keeping.canister, chunkAhead(before, keeping)),
    debit: (after, before, { canister }) => writeDown(after, before, canister, before.parameters.chunkBytes),
  },
});

/** Under what a text is kept: the SHA-256 of its letters. */
export const digestOf = (text: string): Hex => hex(bytesToHex(sha256(utf8ToBytes(text))));

/** What keeping a chunk costs. */
export const chunkPrice = ({ parameters: { fees, chunkInstructions } }: State): Cycles => workCost(fees, chunkInstructions);

/** What has to be set aside for one more chunk. */
export const chunkAhead = (before: State, keeping: Keeping): Cycles =>
  aheadFor(before, canisterOf(before, keeping.canister), withChunk(before, keeping));

/** The canister as it would be with the chunk, before anything of it is paid. */
const withChunk = (before: State, { canister, chunk }: Keeping): Canister => {
  const now = canisterOf(before, canister);
  return { ...now, chunks: new Map([...now.chunks, [digestOf(chunk), chunk]]) };
};

const withAhead = (before: State, keeping: Keeping): Canister => {
  const then = withChunk(before, keeping);
  return { ...then, reserved: cycles(then.reserved + chunkAhead(before, keeping)) };
};

export const clearChunks = transition(chunksClear)<{ canister: CanisterId }>({
  when: {},
  then: {
    clear: (after, _before, { canister }) => void (draftOf(after, canister).chunks = new Map()),
  },
});

interface Joining {
  readonly asked: JoinedInstallation;
  readonly by: Principal;
}

export const joinChunks = transition(chunksJoin)<Joining>({
  when: {
    known: (before, { asked: { store } }) => before.canisters.has(store),
    allowed: (before, { asked: { store }, by }) => by === store || (before.canisters.get(store)?.controllers.has(by) ?? true),
    found: (before, { asked: { store, chunks } }) => chunks.every((chunk) => before.canisters.get(store)?.chunks.has(chunk) === true),
    whole: (before, { asked }) => digestOf(joinedIn(before, asked)) === asked.digest,
  },
  then: {},
});

/** What the chunks make in their order. */
export const joinedIn = ({ canisters }: State, { store, chunks }: JoinedInstallation): ModuleName =>
  joinedName(chunks.map((chunk) => canisters.get(store)?.chunks.get(chunk) ?? ""));
