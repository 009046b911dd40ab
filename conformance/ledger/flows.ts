/**
 * The chart of accounts: where cycles can be, and by which flows they get from one place to another. A flow always has the
 * same two sides, so whatever is booked under its name adds up; the transitions are those of the balanced table of the facts.
 * @source facts/cycles.md section 6.1, 6.3
 */
import type { Place } from "../../properties/index.ts";

/** A source is where cycles come into the subnet, a sink where they leave it, and in between somebody holds them. */
export const kindOfPlace = {
  balances: "holding",
  reserved: "holding",
  messages: "holding",
  contexts: "holding",
  callbacks: "holding",
  executions: "holding",
  float: "holding",
  burned: "sink",
  lost: "sink",
  sent: "sink",
  received: "source",
  minted: "source",
} as const satisfies Readonly<Record<Place, "source" | "holding" | "sink">>;

export interface Flow {
  readonly from: Place;
  readonly to: Place;
  /** The rows of the table of transitions that it is part of; none for what lies before them. */
  readonly transitions: readonly string[];
  /** What it is, in a sentence. */
  readonly says: string;
}

const flow = (from: Place, to: Place, transitions: string, says: string): Flow => ({
  from,
  to,
  transitions: transitions === "" ? [] : transitions.split(" "),
  says,
});

/** Every flow by its name, in the order in which tables list them. */
export const flows = {
  genesis: flow("minted", "balances", "", "The balance with which a canister begins."),
  created: flow("minted", "balances", "T54", "The balance of a canister that is created."),
  "creation fee": flow("minted", "burned", "T50", "The price of a creation, of the cycles that come with the canister."),
  made: flow("messages", "balances", "T50", "What came with the request of a canister for a new one, less the fee."),
  "creation fee attached": flow("messages", "burned", "T50", "The price of a creation, of what came with the request."),
  provided: flow("minted", "balances", "T54", "What is made from nothing for a canister that another one asks for."),
  "consensus fee": flow("messages", "burned", "T59", "The price of a signature, a key or an outcall, of what came with the request."),
  installation: flow("balances", "burned", "T10", "What an installation used of what was set aside for it."),
  snapshot: flow("balances", "burned", "T64", "The price of taking a snapshot, or of bringing it back."),
  chunk: flow("balances", "burned", "T64", "The price of a chunk that is kept."),
  "top-up": flow("minted", "balances", "T53 T54", "Cycles that are minted onto a canister."),
  "minted for tokens": flow("minted", "float", "T53", "What the minting canister lacked for a conversion."),
  converted: flow("float", "balances", "T50 T52", "Cycles of a conversion, onto a canister that is there or is created."),
  "creation fee converted": flow("float", "burned", "T50", "The price of a creation, of the cycles of a conversion."),
  received: flow("received", "messages", "T21", "On a message that came out of a stream."),
  "refund received": flow("received", "balances", "T33", "Cycles of a dropped message that came back through a stream."),
  "late refund received": flow("received", "balances", "T31", "On a response of a stream that nobody waits for."),
  reception: flow("balances", "burned", "T01", "The receiver pays for an ingress message."),
  "postponed reception": flow("balances", "burned", "T03", "The same, for one that came while an execution was paused."),
  prepayment: flow("balances", "executions", "T06", "Set aside for the most that an execution may use."),
  "prepayment raised": flow("balances", "executions", "T41", "What a prepayment lacks at the prices of a new attempt."),
  "prepayment lowered": flow("executions", "balances", "T41", "What a prepayment has beyond the prices of a new attempt."),
  "prepayment returned": flow("executions", "balances", "T42", "Of an execution that cannot pay the prices of a new attempt."),
  "request returned": flow("executions", "messages", "T42", "What is attached to its request goes back to the caller."),
  "execution refund": flow("executions", "balances", "T10 T13 T14 T16", "What the execution did not use of it."),
  "execution burned": flow("executions", "burned", "T10 T13 T14 T15 T16", "What the execution used of it."),
  "refusal burned": flow("balances", "burned", "T09", "The price of a call that was not executed."),
  "burned by the canister": flow("balances", "burned", "T55", "The canister burned its own cycles."),
  "set aside": flow("balances", "reserved", "T46", "For memory, where it is scarce."),
  attached: flow("balances", "messages", "T18", "Sent along with a call."),
  "call fee": flow("balances", "burned", "T18", "The price of a call, whatever its size."),
  "request transmission": flow("balances", "burned", "T18", "The price of the bytes of a request."),
  "callback reserve": flow("balances", "callbacks", "T18", "Set aside for the way back and the callback of a call."),
  deposited: flow("messages", "balances", "T52", "What was attached to a deposit goes to the canister that it names."),
  opened: flow("messages", "contexts", "T07", "What was attached is available to the callee."),
  "request held": flow("messages", "executions", "T36", "What is attached to the request of a paused execution."),
  "request let go": flow("executions", "contexts", "T37", "The same, available when that execution is over."),
  accepted: flow("contexts", "balances", "T11", "The callee takes what was available."),
  "answer refund": flow("contexts", "messages", "T12", "What was not accepted goes back with the answer."),
  "unanswered refund": flow("contexts", "messages", "T13 T15 T16 T17", "What was not accepted goes back when nobody can answer any more."),
  "uninstall refund": flow("contexts", "messages", "T47", "What was not accepted goes back from a canister without code."),
  refunded: flow("messages", "balances", "T24", "The refund of a response is on the balance of the caller."),
  "response held": flow("messages", "executions", "T38", "The refund on the response of a paused callback."),
  "response let go": flow("executions", "balances", "T39", "The same, on the balance when that callback is over."),
  "late refund": flow("messages", "balances", "T31", "The refund of a response that nobody waits for."),
  "response transmission": flow("callbacks", "burned", "T24", "The price of the bytes of a response."),
  "response transmission refund": flow("callbacks", "balances", "T24", "What was set aside for more bytes than came."),
  "callback raised": flow("balances", "callbacks", "T27", "What the reserve of a callback lacks at the prices of now."),
  "callback lowered": flow("callbacks", "balances", "T27", "What the reserve of a callback has beyond the prices of now."),
  "callback burned": flow("callbacks", "burned", "T25", "What a callback used of its prepayment."),
  "callback refund": flow("callbacks", "balances", "T25", "What a callback did not use of it."),
  "callback refused": flow("callbacks", "burned", "T26", "The price of a callback that was not executed."),
  "reserve released": flow("callbacks", "balances", "T24 T26", "What was set aside for a callback that cannot run any more."),
  "returned on drop": flow("messages", "balances", "T28 T29 T33", "From a dropped message back to its caller."),
  "lost on drop": flow("messages", "lost", "T28 T29", "Gone with a dropped message."),
  sent: flow("messages", "sent", "T21 T32", "On a message that entered a stream."),
  "sent back": flow("received", "sent", "T22", "On a request of a stream that was rejected at once."),
  ignored: flow("received", "lost", "T35", "On a message that no honest subnet sends."),
  memory: flow("balances", "burned", "T44", "The price of the memory in use, by the second."),
  "memory set aside for": flow("reserved", "burned", "T43 T44", "The same, of what was set aside."),
  "message memory": flow("balances", "burned", "T44", "The price of the memory for messages, by the second."),
  "message memory set aside for": flow("reserved", "burned", "T43 T44", "The same, of what was set aside."),
  "compute allocation": flow("balances", "burned", "T44", "The price of a reserved share of a core, by the second."),
  "compute allocation set aside for": flow("reserved", "burned", "T43 T44", "The same, of what was set aside."),
  "ran dry": flow("balances", "burned", "T45", "What was left to a canister that could not pay for what it occupies."),
  "set aside, ran dry": flow("reserved", "burned", "T45", "What such a canister had set aside."),
  deleted: flow("balances", "burned", "T49", "The balance of a canister that is deleted."),
  "set aside, deleted": flow("reserved", "burned", "T49", "What such a canister had set aside."),
} as const satisfies Readonly<Record<string, Flow>>;

export type FlowName = keyof typeof flows;

export const flowNames = Object.keys(flows) as readonly FlowName[] as readonly [FlowName, ...FlowName[]];
