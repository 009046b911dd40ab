/** Chunks of modules, kept, listed, cleared away and joined: `docs/machine.md`, section 17.10. */
import { asciiOf, byId, type Asked, type CanisterId, type ErrorCode, type Hex, type Principal } from "../spec/index.ts";
import { install } from "./installing.ts";
import { canisterOf, errorOf, tell } from "./reading.ts";
import { chunkAhead, chunkPrice, clearChunks, digestOf, joinChunks, joinedIn, keepChunk } from "./rules/chunks.ts";
import type { Outcome } from "./snapshots.ts";
import type { State } from "./state.ts";
import type { Fire } from "./transition.ts";

/** One that is there already is no error: whoever asks learns its digest. */
export const keep = (fire: Fire, before: State, { canister, chunk }: Asked & { method: "upload_chunk" }): Outcome => {
  const digest = digestOf(chunk);
  const fired = fire(keepChunk, before, { canister, chunk });
  if (!fired.applied) return { state: before, answer: fired.error === null ? asciiOf(digest) : { error: fired.error } };
  const state = tell(fired.state, {
    kind: "chunk-kept",
    canister,
    digest,
    charged: chunkPrice(before),
    reserved: chunkAhead(before, { canister, chunk }),
    balance: canisterOf(fired.state, canister).balance,
  });
  return { state, answer: asciiOf(digest) };
};

export const clear = (fire: Fire, before: State, canister: CanisterId): State =>
  tell(fire(clearChunks, before, { canister }).state, {
    kind: "chunks-cleared",
    canister,
    chunks: canisterOf(before, canister).chunks.size,
  });

/** Installs what the chunks make; the error when the code is not in place. */
export const installJoined = (
  fire: Fire,
  before: State,
  asked: Asked & { method: "install_chunked_code" },
  by: Principal,
): { readonly state: State; readonly error: ErrorCode | null } => {
  const joined = fire(joinChunks, before, { asked, by });
  if (!joined.applied) return { state: before, error: errorOf(joined.error) };
  const { canister, mode, skipsPreUpgrade, heap } = asked;
  return install(fire, before, { canister, mode, module: joinedIn(before, asked), skipsPreUpgrade, heap }, by);
};

/** The digests of the chunks of a canister as an answer. */
export const chunksOf = (state: State, canister: CanisterId): Hex =>
  asciiOf([...canisterOf(state, canister).chunks.keys()].sort(byId).join(" "));
