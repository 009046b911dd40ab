/** Rounds: consensus finalises a block, and everything that the layer does for it is one round. */
import { rule } from "../rule.ts";

export const roundBegin = rule({
  id: "round-begin",
  chapter: "rounds",
  title: "A round begins",
  intent:
    "A block brings the time that passed and the random tape of its height. Both are inputs: a machine that looked at a clock of its own could not be replayed.",
  source: "facts/messages.md RND-2, RND-8a; facts/scheduler.md SCH-K1; seed 003, overview",
  fidelity: { simplified: "the overhead of a message is part of the counter's margin, so that a round never passes its limit" },
  when: {},
  then: {
    height: "the height grows by one",
    time: "the time advances by the elapsed time",
    generator: "the generator of the round is seeded with the tape of the round and has drawn nothing",
    counter: "the instruction counter is the round limit, less the limit of a slice and the overhead of a message, plus one",
  },
});

export const restart = rule({
  id: "restart",
  chapter: "rounds",
  title: "A machine writes its state out and reads it back",
  intent:
    "A replica that restarts, or joins by state sync, goes on as if nothing had been. Whatever a machine keeps beside its state is lost here, and determinism shows it.",
  source: "facts/messages.md MSG-P14; facts/scheduler.md SCH-P1, SCH-7.16",
  fidelity: "faithful",
  decides: [
    {
      place: "MSG-6.4, what queries used of their budgets",
      answer: "no part of the state: a node that restarts begins with all budgets whole",
    },
  ],
  when: {},
  then: {
    clock: "height and time are as before",
    balances: "the balances are as before",
    reserves: "what is set aside is as before",
    prices: "the prices are as before",
    tokens: "the accounts, the rate, the conversions, the past mintings and what the minting canister holds are as before",
    code: "the code of the canisters is as before",
    memory: "the memory, global timers and hooks are as before",
    certified: "the certified data are as before",
    queues: "the input and output queues are as before",
    turns: "the turns between tasks and messages, and between the sources of inputs, are as before",
    streams: "the streams, and what was seen of those of other subnets, are as before",
    contexts: "the call contexts are as before",
    callbacks: "the callbacks, and the counters that name contexts and callbacks, are as before",
    priorities: "the accumulated priorities are as before",
    ingress: "the ingress history, and the messages that wait for a block, are as before",
    randomness: "the requests that wait for a tape are as before",
    statuses: "which canisters are running, stopping or stopped, and the requests to stop that wait with them, are as before",
    management: "the requests that wait for the management canister are as before",
    consensus: "the requests that wait for consensus, with their ids and nonces, and the number of the next one, are as before",
    members: "the canisters, and the ids that canisters had, are those of before",
    snapshots: "the snapshots of the canisters, and the numbers of the next ones, are as before",
    chunks: "the chunks that the canisters keep are as before",
    settings: "the controllers, the freezing thresholds and the limits of what may be set aside are as before",
    histories: "the versions and the histories of the canisters are as before",
    allocations: "the compute allocations and the memory allocations are as before",
    executions: "the executions under way are as before",
    executed: "the executed rounds are as before",
    debits: "the heap debits and the install debits are as before",
    stamps: "the times of the last charges are as before",
    delta: "the heap delta since the last checkpoint is as before",
    committee: "what the nodes of the committee saw as final, released, hold and made is as before",
    totals: "the totals of burned, lost, sent, received and minted cycles are as before",
  },
});
