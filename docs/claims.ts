/**
 * What the fact sheets say that any implementation has to keep, claim by claim: which laws hold machines to it, and where
 * none does, why. A claim is cited by a property in its source; the reasons are said here.
 */
import type { Property } from "../properties/index.ts";

/** A claim of the fact sheets, in a few words. `instead`: why no property cites it, or what is held to it instead of a law. */
export interface Claim {
  readonly id: string;
  readonly title: string;
  readonly instead?: string;
}

export const claims: readonly Claim[] = [
  { id: "CYC-P1", title: "No cycle is lost or made" },
  { id: "CYC-P2", title: "Each step moves cycles by a known flow" },
  { id: "CYC-P3", title: "A call's cycles are given out once" },
  { id: "CYC-P4", title: "No response refunds more than was sent" },
  { id: "CYC-P5", title: "Slices, pauses and aborts cost nothing" },
  { id: "CYC-P6", title: "A trap leaves nothing but its cost" },
  { id: "CYC-P7", title: "What an execution costs has exact bounds" },
  { id: "CYC-P8", title: "What a whole call costs its caller" },
  { id: "CYC-P9", title: "What one execution does to a balance" },
  { id: "CYC-P10", title: "Nothing done by choice goes below the freezing threshold" },
  { id: "CYC-P11", title: "A call that was sent is answered, frozen or not" },
  { id: "CYC-P12", title: "Postponed fees are paid once, and only while something is paused" },
  { id: "CYC-P13", title: "Charges add up over any split of time" },
  { id: "CYC-P14", title: "What is set aside for memory pays for memory, first and only" },
  {
    id: "CYC-P15",
    title: "What was validated can be applied",
    instead:
      "No law by itself: settings and installations that are not refused are told with all that they leave (settings-are-kept-to, management-is-foretold), and a machine that breaks down over them fails, whatever it is tried with.",
  },
  { id: "CYC-P16", title: "Cycles on best-effort messages that are dropped" },
  { id: "CYC-P17", title: "What is not executed costs nothing" },
  {
    id: "CYC-P18",
    title: "Counters of burned cycles never fall, and add up",
    instead: "The ledger command books each burned cycle under one use, and its test holds the sums to the observation.",
  },
  { id: "CYC-P19", title: "Nobody mints but who may" },
  { id: "CYC-P20", title: "A conversion has one effect" },
  { id: "CYC-P21", title: "The supply of tokens" },
  { id: "CYC-P22", title: "Nothing is left of a canister that is gone" },
  { id: "CYC-P23", title: "The arithmetic of fees" },
  { id: "CYC-P24", title: "Prices that change under way" },
  { id: "CYC-P25", title: "A free subnet charges nothing" },
  { id: "SCH-P1", title: "The same again is the same" },
  { id: "SCH-P2", title: "Priorities sum to zero" },
  { id: "SCH-P3", title: "A reservation gets its full rounds" },
  { id: "SCH-P4", title: "A reservation with calls of several slices" },
  { id: "SCH-P5", title: "Free compute is shared evenly" },
  { id: "SCH-P6", title: "What a full round is" },
  { id: "SCH-P7", title: "Nobody waits while a core has room" },
  {
    id: "SCH-P8",
    title: "Priority of the idle burns down",
    instead: "A rule of the scheduler after this one (SCH-G5); in the current one, priority beyond the bounds decays whoever is idle.",
  },
  { id: "SCH-P9", title: "Suspensions are exact" },
  { id: "SCH-P10", title: "Priorities are bounded" },
  { id: "SCH-P11", title: "No core executes more than its limit" },
  { id: "SCH-P12", title: "Long and new executions do not share a core" },
  { id: "SCH-P13", title: "A long execution comes to its end" },
  { id: "SCH-P14", title: "Which executions stay paused" },
  { id: "SCH-P15", title: "An abort costs nothing" },
  { id: "SCH-P16", title: "Heap delta ends rounds, exactly" },
  { id: "SCH-P17", title: "More allocation is never fewer rounds" },
  { id: "SCH-P18", title: "Canisters come and go at nobody's cost" },
  { id: "SCH-P19", title: "What may be allocated" },
  { id: "SCH-P20", title: "Tasks and messages take turns" },
  { id: "SCH-P21", title: "The queue of the management canister" },
  { id: "SCH-P22", title: "Frozen canisters block nobody" },
  { id: "SCH-P23", title: "Every round ends" },
  { id: "MSG-P1", title: "The optimized machine does what the reference does" },
  { id: "MSG-P2", title: "Cycles are conserved by messages" },
  { id: "MSG-P3", title: "One answer for each call" },
  { id: "MSG-P4", title: "Slots of queues" },
  { id: "MSG-P5", title: "Requests of a pair keep their order" },
  { id: "MSG-P6", title: "Nothing is known of a tape before it is there" },
  { id: "MSG-P7", title: "A trap is as if nothing had run" },
  { id: "MSG-P8", title: "Slices cannot be seen" },
  { id: "MSG-P9", title: "The life of a call context" },
  { id: "MSG-P10", title: "Code is taken away" },
  { id: "MSG-P11", title: "Canisters stop" },
  { id: "MSG-P12", title: "Who can no longer be answered is rejected" },
  { id: "MSG-P13", title: "Cleanups" },
  { id: "MSG-P14", title: "Every replica comes to the same state" },
  { id: "MSG-P15", title: "How many rounds a message takes" },
  { id: "MSG-P16", title: "What only looks changes nothing" },
  { id: "MSG-P17", title: "A cache of queries cannot be seen" },
  { id: "MSG-P18", title: "Memory for responses" },
  { id: "MSG-P19", title: "A fast producer is slowed down, and what it made drains" },
  { id: "MSG-P20", title: "Best-effort calls" },
  { id: "MSG-P21", title: "The life of an ingress message" },
  { id: "MSG-P22", title: "Each byte of a tape is drawn once" },
  { id: "MSG-P23", title: "A tape needs its threshold" },
  { id: "MSG-P24", title: "A change of code is all or nothing" },
  { id: "MSG-P25", title: "Sources of inputs take turns" },
  { id: "MSG-P26", title: "Timers and heartbeats" },
  { id: "MSG-P27", title: "A frozen canister answers and is answered" },
  { id: "MSG-P28", title: "Codes say who failed" },
  { id: "MSG-P29", title: "Subnets split", instead: "Not modelled: canisters do not migrate, and the routes of a world are fixed." },
  { id: "MSG-P30", title: "Only who may changes a canister" },
];

/** The properties that cite a claim, in the order of the suite. */
export const citing = ({ id }: Pick<Claim, "id">, properties: readonly Property[]): readonly Property[] => {
  const named = new RegExp(`\\b${id}\\b`);
  return properties.filter(({ source }) => named.test(String(source)));
};
