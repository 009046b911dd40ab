/** The report as Markdown, for the terminal and for `bench/RESULTS.md`. */
import { lockstepSection } from "./lockstep.ts";
import { bold, ranged, rounded, tableOf } from "./markdown.ts";
import { exploreText, type ExploreRow } from "./explore.ts";
import type { BenchReport, ChargesRow, DeliveredRow, MemoryRow, PairRow, QueriesRow, TapeOperation, TapeWay } from "./report.ts";
import { rootSection } from "./root.ts";
import { scaleSection } from "./scale.ts";
import { threadsSection } from "./threads.ts";

export const toMarkdown = (report: BenchReport, command: string): string =>
  [
    "# How fast",
    `Written by \`${command}\`: Node ${report.node}, ${report.cores} cores, seed ${report.seed}, ${report.repetitions} repetitions (crowded worlds, and many heights of the tape: a third of them), subjects taking turns. A number is a median; the range behind it is that of the middle half of the repetitions. Trust the ratios more than the numbers. All parts are written by \`npm run bench -- --write\`, which takes some minutes; Spin and Quint are measured where they are installed, Quint as \`QUINT\` says.`,
    ...(report.pair === undefined ? [] : [pairText, pairTable(report.pair)]),
    ...(report.lockstep === undefined ? [] : [lockstepSection(report.lockstep)]),
    ...(report.scale === undefined ? [] : [scaleSection(report.scale)]),
    ...(report.threads === undefined ? [] : [threadsSection(report.threads)]),
    ...(report.charges === undefined ? [] : [chargesText, chargesTable(report.charges)]),
    ...(report.messages === undefined
      ? []
      : [messagesText, deliveredTable(report.messages.delivered), memoryText, memoryTable(report.messages.memory)]),
    ...(report.queries === undefined ? [] : [queriesText, queriesTable(report.queries)]),
    ...(report.root === undefined ? [] : [rootSection(report.root)]),
    ...(report.explore === undefined
      ? []
      : [exploreText, exploreTable(report.explore.rows), ...report.explore.skipped.map((line) => `Not measured: ${line}.`)]),
    ...(report.tape === undefined ? [] : [tapeText, operationTable(report.tape.operations), waysText, wayTable(report.tape.ways)]),
  ]
    .join("\n\n")
    .concat("\n");

const pairText = `## The pair: impl and model on the same scenarios

From boot to the last observation, state root included; the observations of both are compared first. Drawn worlds are those of the properties, with 1 to 6 canisters; crowded worlds are up to 64 canisters of drawn worlds on one subnet. A restart writes the whole state out and reads it back, so worlds with restarts stand apart.`;

const chargesText = `## The charges: lazily and one by one

Canisters of up to 9 pages, up to 100 of them with a reserved share of a core, pay for what they occupy every 10 seconds. A charged round is the whole round in which that happens, with its observation; the loop is the charges alone, as they would be taken by looking at every canister, with what it pays in a day known beforehand. Nobody is active in these rounds; in the column before the loop, one canister in a hundred was since the last charge, so it is looked at again. The sums of both agree, which a test asserts.`;

const messagesText = `## The messages: short calls on one core

Each repetition asks every caller for ten calls to its own callee, which replies at once; payloads are empty and all prices zero. A delivered message is a request or a response that entered the input queue of its receiver: ingress messages are not counted, their cost is. The time is that of the rounds, with their whole observation: an event for every step of every message. No step of them stands out: about a seventh of it goes into sweeping up, mostly of events, and the rest is spread over executing, settling, answering and queueing.`;

const memoryText = `What the engine holds for each canister that does nothing, in the heap and in buffers, swept before and after. Its genesis, which says its code in objects of some fields, is data of whoever made it; it is told apart. Each canister has one method that calls its neighbour and one that replies.`;

const queriesText = `## The queries: executed, kept, and as updates

Canisters are asked in turn, each the same again and again. Executed: an engine without room for answers. Kept: one with room, in which nothing happened since the first time. After a round: every answer is looked at again, for its round may have changed what it depends on; the round itself is not counted. An update reads the same in the same words; its time is that of its ingress message and its share of the rounds up to its answer. Whatever is asked is told with a whole observation.`;

const tapeText = `## The tape: threshold signatures

Signatures in G1, keys in G2, of BLS12-381; both libraries make the same bytes, which a test asserts. Milliseconds, on one thread. A message was hashed to the curve before; a signature that is handed in is decoded and its order verified each time. mcl-wasm is C++ compiled to WebAssembly.`;

const waysText = `The same task in two ways, in one library. To interpolate and verify once is enough when no share is wrong; when the one signature is not valid, the shares are still there to be looked at one by one. To make a share again takes its secret, which a machine that was given the dealing has and a node has not. Many heights are verified as a sum with weights of 128 bits that depend on all signatures.`;

const pairTable = (rows: readonly PairRow[]): string =>
  tableOf(
    [
      "worlds",
      "canisters",
      "inputs",
      "rounds",
      "model, inputs/s",
      "impl, inputs/s",
      "model, rounds/s",
      "impl, rounds/s",
      "impl is faster by",
    ],
    rows.map(({ worlds, canisters, inputs, rounds, inputsPerSecond, roundsPerSecond, ratio }) => [
      worlds,
      canisters.toFixed(1),
      rounded(inputs),
      rounded(rounds),
      ranged(inputsPerSecond.model),
      ranged(inputsPerSecond.impl),
      ranged(roundsPerSecond.model),
      ranged(roundsPerSecond.impl),
      bold(ratio),
    ]),
  );

const chargesTable = (rows: readonly ChargesRow[]): string =>
  tableOf(
    [
      "canisters",
      "prices",
      "quiet round, µs",
      "charged round, µs",
      "charged after 1 % were active, µs",
      "loop over all, µs",
      "ratio",
      "ratio after 1 % were active",
    ],
    rows.map(({ canisters, prices, quietRound, chargedRound, wokenRound, chargeEverybody, ratio, wokenRatio }) => [
      rounded(canisters),
      rounded(prices),
      ranged(quietRound),
      ranged(chargedRound),
      ranged(wokenRound),
      ranged(chargeEverybody),
      `**${rounded(ratio)}**`,
      `**${rounded(wokenRatio)}**`,
    ]),
  );

const deliveredTable = (rows: readonly DeliveredRow[]): string =>
  tableOf(
    ["calls", "pairs", "messages", "rounds", "delivered messages/s"],
    rows.map(({ calls, pairs, messages, rounds, perSecond }) => [
      calls,
      rounded(pairs),
      rounded(messages),
      rounded(rounds),
      bold(perSecond),
    ]),
  );

const memoryTable = (rows: readonly MemoryRow[]): string =>
  tableOf(
    ["a canister that", "canisters", "bytes", "bytes of its genesis"],
    rows.map(({ canisters, state, bytes, genesis }) => [
      state,
      rounded(canisters),
      `**${rounded(Math.round(bytes))}**`,
      rounded(Math.round(genesis)),
    ]),
  );

const queriesTable = (rows: readonly QueriesRow[]): string =>
  tableOf(
    [
      "what is read",
      "canisters",
      "updates/s",
      "executed/s",
      "kept/s",
      "kept, after a round/s",
      "executed over updates",
      "kept over executed",
      "after a round",
    ],
    rows.map(({ reads, canisters, updates, executed, kept, lookedAt, overUpdate, keptOver, lookedAtOver }) => [
      reads,
      rounded(canisters),
      ranged(updates),
      ranged(executed),
      ranged(kept),
      ranged(lookedAt),
      `**${rounded(overUpdate)}**`,
      `**${rounded(keptOver)}**`,
      `**${rounded(lookedAtOver)}**`,
    ]),
  );

const exploreTable = (rows: readonly ExploreRow[]): string =>
  tableOf(
    ["subject", "how", "states", "transitions", "states/s", "transitions/s"],
    rows.map(({ subject, how, states, transitions, whole, statesPerSecond, transitionsPerSecond }) => [
      subject,
      how,
      states === null ? "not counted" : `${rounded(states)}${whole ? ", all" : ""}`,
      rounded(transitions),
      statesPerSecond === null ? "" : ranged(statesPerSecond),
      ranged(transitionsPerSecond),
    ]),
  );

const operationTable = (rows: readonly TapeOperation[]): string =>
  tableOf(
    ["operation", "noble, ms", "mcl-wasm, ms", "mcl-wasm is faster by"],
    rows.map(({ operation, noble, mcl, ratio }) => [operation, ranged(noble), ranged(mcl), bold(ratio)]),
  );

const wayTable = (rows: readonly TapeWay[]): string =>
  tableOf(
    ["task", "library", "plainly", "ms", "cleverly", "ms", "faster by"],
    rows.map(({ task, library, plainly, cleverly, plain, clever, ratio }) => [
      task,
      library,
      plainly,
      ranged(plain),
      cleverly,
      ranged(clever),
      bold(ratio),
    ]),
  );
