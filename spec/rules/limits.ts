/** Limits of the heap delta: how much memory a subnet, a round and a canister may change. */
import { rule } from "../rule.ts";

export const roundGate = rule({
  id: "round-gate",
  chapter: "limits",
  title: "A round executes while there is room for heap delta",
  intent:
    "Changed pages are kept in memory until a checkpoint. The limit grows from one checkpoint to the next, so that a subnet slows down before it stops. It is soft: the round that passes it is kept.",
  source: "facts/scheduler.md SCH-R3, SCH-4.1, SCH-P16",
  fidelity: "faithful",
  when: {
    room: ["the heap delta since the last checkpoint is below the limit of the round", null],
  },
  then: {},
});

export const canisterSuspend = rule({
  id: "canister-suspend",
  chapter: "limits",
  title: "A canister that changed too much memory is suspended",
  intent:
    "What a canister changes beyond its share of a round is a debit. While the debit is high it takes no turns, so over time it stays below the limit.",
  source: "facts/scheduler.md SCH-2.4.5, SCH-4.3, SCH-P9; seed 003, heap delta",
  fidelity: "faithful",
  when: {
    indebted: ["the heap debit of the canister is at least the limit of a canister", null],
    awake: ["the canister is not suspended in this round yet", null],
  },
  then: {
    suspend: "the canister takes no more turns in this round",
  },
});

export const suspensionCharge = rule({
  id: "suspension-charge",
  chapter: "limits",
  title: "A suspended canister pays for the round that it may not use",
  intent: "Else it would come back with the priority that it saved up while it was suspended, and be none the slower.",
  source: "facts/scheduler.md SCH-2.4.5, SCH-E6, SCH-P9, SCH-M4",
  fidelity: "faithful",
  when: {
    first: ["it is the first iteration of the round", null],
  },
  then: {
    pay: "the accumulated priority of the canister falls by 100 percent",
  },
});

export const debitDecay = rule({
  id: "debit-decay",
  chapter: "limits",
  title: "A round forgives heap debit and install debit",
  intent: "A round that was skipped forgives nothing.",
  source: "facts/scheduler.md SCH-R9, SCH-2.4.9.4, SCH-4.3, SCH-4.4",
  fidelity: "faithful",
  when: {},
  then: {
    decay: "the heap debit of each canister falls by the limit of a canister, to zero at least",
    install: "the install debit of each canister falls by the limit of installations, to zero at least",
  },
});

export const checkpoint = rule({
  id: "checkpoint",
  chapter: "limits",
  title: "A round ends in a checkpoint",
  intent: "The changed pages are on disk then, and what lives in memory alone is given up.",
  source: "facts/scheduler.md SCH-R10, SCH-3.9, SCH-4.1",
  fidelity: "faithful",
  when: {},
  then: {
    delta: "the heap delta since the last checkpoint is zero",
    keep: "the round keeps no paused execution",
  },
});
