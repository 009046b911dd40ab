/** Slices and messages of streams for the tests of the engine, with little in them that a test does not speak of. */
import { canisterId, cycles, hex, subnetId, type Slice, type StreamMessage } from "../spec/index.ts";

export const sliceOf = (messages: readonly StreamMessage[], begin = 0, signals = 0, from = "s1"): Slice => ({
  from: subnetId(from),
  begin,
  messages,
  signals,
});

export const request = (caller: string, callee: string, callback = 0, attached = 0n): Extract<StreamMessage, { kind: "request" }> => ({
  kind: "request",
  caller: canisterId(caller),
  callback,
  callee: canisterId(callee),
  method: "go",
  payload: hex(""),
  attached: cycles(attached),
  deadline: null,
});

export const response = (caller: string, respondent: string, callback = 0, refund = 0n, payload = "07"): StreamMessage => ({
  kind: "response",
  caller: canisterId(caller),
  callback,
  respondent: canisterId(respondent),
  result: { kind: "reply", payload: hex(payload) },
  refund: cycles(refund),
  deadline: null,
});
