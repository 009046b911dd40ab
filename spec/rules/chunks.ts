/** Modules in pieces: a canister keeps chunks, each under its digest, and what they make joined is installed. */
import { rule } from "../rule.ts";

export const chunkKeep = rule({
  id: "chunk-keep",
  chapter: "code",
  title: "A chunk is kept",
  intent: "What does not fit into one message comes in several. The same chunk comes as often as one likes, and is kept and paid for once.",
  source: "facts/messages.md F9, IC0210; facts/cycles.md CYC-C30, CYC-2.17, CYC-4.2, T64",
  fidelity: {
    simplified:
      "a chunk has letters of the name of a module, where the network has bytes of its code; what it takes does not depend on their number",
  },
  when: {
    fresh: ["the canister does not keep that chunk yet", null],
    room: ["the canister keeps fewer chunks than it may", "IC0504"],
    calm: ["the heap debit of the canister is below its limit", "IC0210"],
    limited: ["nothing has to be set aside for the chunk, or with it no more is set aside than the limit of the canister", "IC0534"],
    funded: ["the balance covers the price, what has to be set aside, and the freezing threshold with the chunk", "IC0207"],
  },
  then: {
    keep: "the canister keeps the chunk under its digest",
    pay: "the price leaves the balance, and is burned",
    reserve: "what has to be set aside for the chunk is set aside from the balance",
    debit: "the heap debit of the canister and the heap delta grow by the bytes that a chunk takes",
  },
});

export const chunksClear = rule({
  id: "chunks-clear",
  chapter: "code",
  title: "The chunks of a canister are cleared away",
  intent: "What they took is free. What was set aside for them stays, for what comes next.",
  source: "facts/messages.md F10",
  fidelity: "faithful",
  when: {},
  then: {
    clear: "the canister keeps no chunks",
  },
});

export const chunksJoin = rule({
  id: "chunks-join",
  chapter: "code",
  title: "Chunks are joined to a module",
  intent:
    "Whoever controls a canister installs onto it what another one keeps, if that is under the same control; and what was mixed up on the way is never installed.",
  source: "facts/messages.md F15",
  fidelity: { simplified: "the chunks make the name of a module; whoever keeps them is looked at also in the middle of an execution" },
  when: {
    known: ["the canister that keeps the chunks exists", "IC0301"],
    allowed: ["the caller is that canister, or one of its controllers", "IC0512"],
    found: ["it keeps each of the chunks that are named", "IC0504"],
    whole: ["the digest of the chunks, joined in their order, is the given one", "IC0504"],
  },
  then: {},
});
