/** A canister as it was: its code, its memory and what it had certified, kept beside it, and brought back. */
import { rule } from "../rule.ts";

export const snapshotTake = rule({
  id: "snapshot-take",
  chapter: "code",
  title: "A snapshot of a canister is taken",
  intent: "Whoever tries something new can go back. What is kept takes memory like the canister itself, and writing it takes its time.",
  source: "facts/messages.md F32, MSG-ST03, IC0210, IC0305; facts/cycles.md CYC-C31, CYC-2.17, CYC-4.2, T64, CYC-8b.13",
  fidelity: {
    simplified: "numbers for each canister stand for ids; no visibility, no upload of snapshots, and no uninstallation with it",
  },
  when: {
    present: ["the canister has code", "IC0406"],
    found: ["the snapshot that is to be replaced, if one is named, is one of the canister", "IC0305"],
    room: ["one is replaced, or the canister has fewer than it may have", "IC0406"],
    calm: ["the heap debit of the canister is below its limit", "IC0210"],
    limited: ["nothing has to be set aside for the snapshot, or with it no more is set aside than the limit of the canister", "IC0534"],
    funded: ["the balance covers the price, what has to be set aside, and the freezing threshold with the snapshot", "IC0207"],
  },
  then: {
    keep: "the snapshot has the code, the memory, the certified data and the chunks of the canister, and the next number",
    replace: "the one that is replaced is gone",
    pay: "the price leaves the balance, and is burned",
    reserve: "what has to be set aside for the snapshot is set aside from the balance",
    debit: "the heap debit of the canister and the heap delta grow by the bytes of its pages and of its chunks",
  },
});

export const snapshotLoad = rule({
  id: "snapshot-load",
  chapter: "code",
  title: "A snapshot is brought back",
  intent:
    "The canister is what it, or another under the same control, was then. What goes on around it, its calls, its cycles, its timer, is not turned back.",
  source: "facts/messages.md F33, MSG-ST03, IC0210, IC0305; facts/cycles.md CYC-C31, CYC-2.17",
  fidelity: {
    simplified: "a long execution makes the request wait; nothing is set aside for what comes back; no execution, so nothing can trap",
  },
  decides: [{ place: "K3, of whom the snapshot is", answer: "of any canister of the subnet that the caller controls" }],
  when: {
    known: ["the canister from which the snapshot comes exists", "IC0301"],
    allowed: ["the caller is one of its controllers", "IC0512"],
    found: ["it has the snapshot", "IC0305"],
    calm: ["the heap debit of the canister is below its limit", "IC0210"],
    funded: [
      "the balance covers the price, and the freezing threshold with the pages and the chunks of the snapshot in place of its own",
      "IC0207",
    ],
  },
  then: {
    code: "the code of the canister is that of the snapshot",
    memory: "the memory of the canister is that of the snapshot",
    certified: "the certified data of the canister are those of the snapshot",
    chunks: "the chunks of the canister are those of the snapshot",
    hook: "the hook of the canister is armed",
    pay: "the price leaves the balance, and is burned",
    debit: "the heap debit of the canister and the heap delta grow by the bytes of the snapshot's pages and of its chunks",
    version: "the version of the canister is one greater",
    change: "that a snapshot was brought back is the newest change of the canister's history",
  },
});

export const snapshotDelete = rule({
  id: "snapshot-delete",
  chapter: "code",
  title: "A snapshot is deleted",
  intent: "What it took is free. What was set aside for it stays, for what comes next.",
  source: "facts/messages.md F34, IC0305",
  fidelity: "faithful",
  when: {
    found: ["the canister has the snapshot", "IC0305"],
  },
  then: {
    remove: "the canister has the snapshot no longer",
  },
});
