/** The paths that an error names: what stands at the door, what is not sent, what comes back, and what no honest stream holds. */
import type { ErrorCode } from "../../spec/index.ts";
import type { Path } from "./paths.ts";

export const door = {
  CN0010: "an ingress message has expired when it comes",
  CN0011: "an ingress message expires too late",
  IC0204: "the ingress history is full",
  IC0406: "an inspection lets a message stand outside",
} as const satisfies Partial<Record<ErrorCode, Path>>;

/** What an inspection traps with. */
export const traps: readonly ErrorCode[] = ["IC0502", "IC0503", "IC0504", "IC0522"];

export const unsent = {
  IC0201: "a call is not sent for want of a slot",
  IC0507: "a call is not sent for want of memory",
  IC0101: "a call is not sent for want of a callback",
} as const satisfies Partial<Record<ErrorCode, Path>>;

export const rejected = {
  IC0201: "a request of a stream finds no slot",
  IC0507: "a request of a stream finds no memory",
  IC0301: "a request of a stream finds no callee",
} as const satisfies Partial<Record<ErrorCode, Path>>;

export const bounced = {
  CN0210: "a request comes back because it did not leave in time",
  CN0211: "a request is shed where it was sent",
} as const satisfies Partial<Record<ErrorCode, Path>>;

export const slices = {
  CN0012: "a slice comes of no known subnet",
  CN0013: "a slice leaves something out",
  CN0014: "a slice has seen what was never sent",
} as const satisfies Partial<Record<ErrorCode, Path>>;

export const turns = {
  timer: "the turn is that of the timer",
  heartbeat: "the turn is that of the heartbeat",
  message: "the turn is that of the messages",
} as const satisfies Record<string, Path>;
