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

export const requestInduct = rule({
  id: "request-induct",
  chapter: "rounds",
  title: "A request enters the queue of its callee",
  intent:
    "Requests between canisters of one subnet need no consensus: they go to the queue of the callee in the same round, after each iteration, or at the start of the next round when the round ended first.",
  source: "facts/messages.md I1, SCH-R7j; seed 003, fast execution",
  fidelity: { simplified: "one input queue for each canister; a call that was sent has its slot, so induction never fails for space" },
  when: {
    exists: ["the callee is a canister of this subnet", "IC0301"],
  },
  then: {
    leave: "the request leaves the output queue of the caller",
    enter: "the request is the last in the input queue of the callee",
  },
});

export const requestBounce = rule({
  id: "request-bounce",
  chapter: "rounds",
  title: "A request that has no destination comes back",
  intent: "A call to nobody is answered by the platform, so that every call has exactly one response.",
  source: "facts/messages.md B4, B13, F41; facts/cycles.md CYC-3.6, T22",
  fidelity: "faithful",
  when: {},
  then: {
    leave: "the request leaves the output queue of the caller",
    reject: "a reject that refunds all attached cycles is the last in the input queue of the caller",
  },
});

export const responseInduct = rule({
  id: "response-induct",
  chapter: "rounds",
  title: "A response enters the queue of the caller",
  intent: "The slot of a response was reserved when the call was sent: the response can never fail for space.",
  source: "facts/messages.md MSG-CAP04, I1",
  fidelity: "faithful",
  when: {},
  then: {
    leave: "the response leaves the output queue of the respondent",
    enter: "the response is the last in the input queue of the caller",
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
  when: {},
  then: {
    clock: "height and time are as before",
    balances: "the balances are as before",
    memory: "the pages and global timers are as before",
    queues: "the input and output queues, and the tasks, are as before",
    contexts: "the call contexts are as before",
    callbacks: "the callbacks, and the counters that name contexts and callbacks, are as before",
    priorities: "the accumulated priorities are as before",
    ingress: "the ingress history, and the messages that wait for a block, are as before",
    randomness: "the requests that wait for a tape are as before",
    members: "the canisters, and the ids that canisters had, are those of before",
    allocations: "the compute allocations are as before",
    executions: "the executions under way are as before",
    executed: "the executed rounds are as before",
    debits: "the heap debits are as before",
    delta: "the heap delta since the last checkpoint is as before",
    committee: "what the nodes of the committee saw as final, released, hold and made is as before",
    totals: "the totals of burned and minted cycles are as before",
  },
});
