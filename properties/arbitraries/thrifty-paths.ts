/** Paths of thrift: what happens only where memory is paid for in advance, messages are billed, or prices change. */
import type { Event } from "../../spec/index.ts";

export const thriftyPaths = [
  "cycles are set aside for memory",
  "growth is refused for want of cycles",
  "growth needs more than may be set aside",
  "a call is not sent for want of cycles for its place",
  "canisters pay for their messages",
  "prices change",
  "a prepayment is adjusted",
  "an execution that begins again is given up",
  "a response is refused",
  "an execution cannot pay what came while it was paused",
  "a creation is not paid",
] as const;

type ThriftyPath = (typeof thriftyPaths)[number];

/** The paths that the events of one input show. */
export const thriftyPathsOf = (events: readonly Event[]): readonly ThriftyPath[] =>
  events.flatMap((event, at): readonly ThriftyPath[] => {
    const before = events[at - 1];
    switch (event.kind) {
      case "executed":
        return [
          ...when("cycles are set aside for memory", event.reserved > 0n),
          ...when("growth is refused for want of cycles", event.trap === "IC0532"),
          ...when("growth needs more than may be set aside", event.trap === "IC0534"),
          ...when("an execution cannot pay what came while it was paused", event.trap === "IC0207" && before?.kind === "execution-resumed"),
          ...when(
            "a call is not sent for want of cycles for its place",
            event.refusedCalls.some(({ error }) => error === "IC0535"),
          ),
        ];
      case "resources-charged":
        return when("canisters pay for their messages", event.messages > 0n);
      case "fees-set":
        return ["prices change"];
      case "prepayment-adjusted":
        return ["a prepayment is adjusted"];
      case "not-executed":
        return when("an execution that begins again is given up", before?.kind === "execution-resumed");
      case "callback-refused":
        return ["a response is refused"];
      case "canister-create-refused":
        return when("a creation is not paid", event.error === "IC0403");
      default:
        return [];
    }
  });

const when = (path: ThriftyPath, taken: boolean): readonly ThriftyPath[] => (taken ? [path] : []);
