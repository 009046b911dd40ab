/**
 * The management canister. It is no canister: the platform executes what is sent to it, at the start of a round, for callers
 * that may ask for it. A canister is stopped so that nobody finds it in the middle of something, and started again.
 */
import { rule } from "../rule.ts";

export const managementAsk = rule({
  id: "management-ask",
  chapter: "management",
  title: "A request to the management canister waits for the next round",
  intent: "What canisters ask of the platform never happens in the round that asks. Nonsense is answered before it waits.",
  source: "facts/messages.md section 2.F, F41, F43, I1; facts/scheduler.md SCH-0.3",
  fidelity: {
    simplified: "arguments are words in ASCII instead of Candid; canisters of other subnets do not ask",
  },
  when: {
    known: ["the method is one of the management canister", "IC0536"],
    provisional: ["it makes no cycles from nothing, or the subnet is there for trying things out", "IC0536"],
    named: ["the argument says what the method needs", "IC0408"],
  },
  then: {
    leave: "the request leaves the output queue of the caller",
    wait: "the request waits, behind those that wait already",
  },
});

export const managementAdmit = rule({
  id: "management-admit",
  chapter: "management",
  title: "A user asks something of the management canister",
  intent:
    "Nonsense, and what somebody may not ask for, is refused at the door, where it costs nobody anything: the canister that a message is about has to pay for it, and must not be drained by strangers.",
  source: "facts/messages.md A1, A2, A8, F1, F3, F5, F7, F26, MSG-10.1.28, IC0408, IC0512, IC0536; facts/cycles.md CYC-2.14",
  fidelity: {
    simplified: "users are names; no subnet admins, and no status that others may see; nobody asks in a query",
  },
  decides: [
    { place: "A4, who inspects what is asked of the management canister", answer: "nobody: no script runs at the door" },
    {
      place: "A8, who pays for a message to the management canister",
      answer: "the canister that it names; for cycles from nothing, nobody",
    },
  ],
  when: {
    known: ["the method is one of the management canister", "IC0536"],
    provisional: ["it makes no cycles from nothing, or the subnet is there for trying things out", "IC0536"],
    open: ["the method is not one for canisters alone", "IC0406"],
    named: ["the argument says what the method needs", "IC0408"],
    exists: ["the canister that the message names exists, if it names one", "IC0301"],
    allowed: ["the sender is a controller of it, or makes cycles from nothing", "IC0512"],
    funded: ["the balance of the canister that pays, if one does, less the freezing threshold, covers the reception fee", "IC0207"],
  },
  then: {},
});

export const bitcoinRoute = rule({
  id: "bitcoin-route",
  chapter: "management",
  title: "What is asked of Bitcoin goes to the Bitcoin canister",
  intent:
    "Bitcoin is kept by a canister like any other, perhaps of another subnet: the platform only knows which. It waits for it like any callee, and the answer comes from there, straight to whoever asked.",
  source: "facts/messages.md F30, F41; seed 003, messages to Bitcoin",
  fidelity: { simplified: "one Bitcoin network; what is asked is not looked at on the way, and costs what any call does" },
  when: {
    platform: ["the call is one to the management canister", null],
    method: ["the name of its method begins with bitcoin_", null],
  },
  then: {
    callee: "the call is one to the Bitcoin canister that the subnet knows, if it knows one",
  },
});

export const managementTake = rule({
  id: "management-take",
  chapter: "management",
  title: "A request to the management canister is executed",
  intent:
    "Nobody changes a canister under an execution that has not come to its end. Whoever has to wait lets others pass, but never later requests of the same caller; of users, nobody passes an earlier one about the same canister.",
  source: "facts/messages.md F43, MSG-3.5; facts/scheduler.md SCH-R7a, SCH-P21",
  fidelity: {
    simplified:
      "once a round, before all canisters, in the order in which requests came to wait; without a limit of instructions of its own; a deposit waits for nobody",
  },
  when: {
    ordered: [
      "no earlier request of the same caller still waits, or, for the message of a user, no earlier one of a user about the same canister",
      null,
    ],
    steady: ["the canister that it names has no execution under way, or nothing of it is changed but the balance", null],
  },
  then: {
    leave: "the request waits no longer",
  },
});

export const managementAllow = rule({
  id: "management-allow",
  chapter: "management",
  title: "Who may ask what of the management canister",
  intent:
    "Controllers decide about a canister; a canister may ask how it is itself, and look after its chunks; a gift needs nobody's leave.",
  source: "facts/messages.md F5, F9, F10, F11, F16, F17, F22, F24, F25, IC0512; facts/cycles.md CYC-3.9",
  fidelity: { simplified: "no subnet admins, and no status that others may see" },
  when: {
    exists: ["the canister that the request names exists, if it names one", "IC0301"],
    allowed: [
      "the caller is a controller of it, or the canister itself that asks for its status or looks after its chunks, or asks for what is public, or for a new canister, or makes a deposit",
      "IC0512",
    ],
    stopped: ["a canister that is to be deleted is stopped", "IC0510"],
  },
  then: {},
});

export const managementAnswer = rule({
  id: "management-answer",
  chapter: "management",
  title: "The management canister answers",
  intent: "One answer for each request, with all cycles that were not given away. A user finds it in the ingress history, like any other.",
  source: "facts/messages.md section 2.F, F43; facts/cycles.md T60",
  fidelity: { simplified: "the response is in the input queue of the caller at once, not by way of an output queue of the subnet" },
  when: {},
  then: {
    respond: "the answer to a canister is the last in its input queue for the management canister, if the callback still waits",
  },
});

export const canisterStop = rule({
  id: "canister-stop",
  chapter: "management",
  title: "A canister is asked to stop",
  intent: "From now on nothing new begins; what was begun goes on to its end. The caller hears of it when it is done.",
  source: "facts/messages.md F17, F18, F19, MSG-P11, K18",
  fidelity: "faithful",
  decides: [
    {
      place: "K13, a stopping canister that goes on to call others",
      answer: "allowed; stopping need not come to an end, the request does",
    },
    { place: "K18, the version after a stop that was refused", answer: "as before: what is refused changes nothing" },
  ],
  when: {},
  then: {
    stop: "a running canister is stopping",
    wait: "the request waits with the canister, behind those that wait there already, with the time of the round",
    version: "the version of the canister is one greater",
  },
});

export const canisterRest = rule({
  id: "canister-rest",
  chapter: "management",
  title: "A stopping canister is stopped",
  intent:
    "Only when it owes no answer, and nobody owes one to it, for as long as its context stays: then its code can be changed without anybody's noticing.",
  source: "facts/messages.md F20, MSG-P11",
  fidelity: "faithful",
  when: {
    stopping: ["the canister is stopping", null],
    answered: ["the canister has no call context", null],
  },
  then: {
    rest: "the canister is stopped",
    version: "the version of the canister is one greater",
  },
});

export const stopAnswer = rule({
  id: "stop-answer",
  chapter: "management",
  title: "A request to stop is answered",
  intent: "Everybody who asked gets an answer, once, also when others asked before.",
  source: "facts/messages.md F19, F20, MSG-P11",
  fidelity: "faithful",
  when: {
    stopped: ["the canister is stopped", null],
  },
  then: {
    leave: "the request waits with the canister no longer",
  },
});

export const stopExpire = rule({
  id: "stop-expire",
  chapter: "management",
  title: "A request to stop is given up",
  intent: "A canister that never comes to rest must not keep those who wait for it, for they could not be stopped either.",
  source: "facts/messages.md F21, IC0206, MSG-P11",
  fidelity: "faithful",
  when: {
    late: ["the time is more than the longest wait for a stop after the one of the request", null],
  },
  then: {
    leave: "the request waits with the canister no longer",
  },
});

export const canisterStart = rule({
  id: "canister-start",
  chapter: "management",
  title: "A canister is started",
  intent: "It takes messages again, whether it was stopped or only about to be.",
  source: "facts/messages.md F22, F23",
  fidelity: "faithful",
  when: {},
  then: {
    run: "the canister is running",
    cancel: "no request to stop waits with the canister",
    version: "the version of the canister is one greater",
  },
});

export const cyclesProvide = rule({
  id: "cycles-provide",
  chapter: "management",
  title: "Cycles are made from nothing",
  intent: "Where things are tried out nobody should have to earn cycles first; and what was made is counted like all else that was.",
  source: "facts/messages.md F3; facts/cycles.md T54",
  fidelity: "faithful",
  when: {},
  then: {
    credit: "the balance of the canister is greater by what is asked for",
    mint: "what is asked for is minted",
  },
});

export const cyclesDeposit = rule({
  id: "cycles-deposit",
  chapter: "management",
  title: "Cycles are deposited",
  intent: "Anybody may give to anybody, also to a canister that is frozen, stopped or without code.",
  source: "facts/messages.md F25; facts/cycles.md CYC-3.9",
  fidelity: "faithful",
  when: {},
  then: {
    credit: "the attached cycles go to the balance of the canister that the request names",
  },
});
