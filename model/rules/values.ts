/** Values: the clauses of `spec/rules/values.ts`, one line each. What was read is the `value` of the execution that goes on. */
import type { Draft } from "immer";
import { asciiOf, bigEndian, hex, identityRead, valueRead, type Hex, type Value } from "../../spec/index.ts";
import { canisterOf, isInside, runningOf } from "../reading.ts";
import type { Canister, State } from "../state.ts";
import { transition } from "../transition.ts";
import { availableNow, contextNow } from "./calls.ts";
import { isAny } from "./execution.ts";

/** What is read. */
interface Reading {
  readonly value: Value;
}

export const readValue = transition(valueRead)<Reading>({
  when: {
    inside: (before, { value }) => value.kind !== "page" || isInside(before.parameters, readerOf(before), value.page),
    given: (before, { value }) => value.kind !== "message" || runningOf(before).message !== null,
    available: (before, { value }) => value.kind !== "available" || isAny(before, "update", "callback", "replicated query"),
    refunded: (before, { value }) => value.kind !== "refunded" || isAny(before, "callback"),
    deadline: (before, { value }) =>
      value.kind !== "deadline" || isAny(before, "update", "callback", "replicated query", "query", "composite", "query callback"),
  },
  then: {
    message: (after, before, { value }) => reads(after, value, "message", () => runningOf(before).message ?? hex("")),
    page: (after, before, { value }) => {
      if (value.kind === "page") after.running!.value = readerOf(before).pages.get(value.page) ?? hex("");
    },
    size: (after, before, { value }) => reads(after, value, "stable-size", () => bigEndian(BigInt(readerOf(before).stablePages), 8)),
    time: (after, before, { value }) => reads(after, value, "time", () => bigEndian(runningOf(before).time, 8)),
    balance: (after, before, { value }) => reads(after, value, "balance", () => bigEndian(readerOf(before).balance, 16)),
    available: (after, before, { value }) => reads(after, value, "available", () => bigEndian(availableNow(before), 16)),
    refunded: (after, before, { value }) => reads(after, value, "refunded", () => bigEndian(runningOf(before).refunded, 16)),
    deadline: (after, before, { value }) => reads(after, value, "deadline", () => bigEndian(contextNow(before)?.deadline ?? 0n, 8)),
    instructions: (after, before, { value }) => reads(after, value, "instructions", () => bigEndian(BigInt(runningOf(before).used), 8)),
    version: (after, before, { value }) => reads(after, value, "version", () => bigEndian(BigInt(readerOf(before).version), 8)),
  },
});

export const readIdentity = transition(identityRead)<Reading>({
  when: {
    rejected: (before, { value }) => value.kind !== "reject-code" || isAny(before, "callback", "cleanup", "query callback"),
    inspected: (before, { value }) => value.kind !== "method" || isAny(before, "inspection"),
  },
  then: {
    self: (after, before, { value }) => reads(after, value, "self", () => asciiOf(runningOf(before).canister)),
    caller: (after, before, { value }) => reads(after, value, "caller", () => asciiOf(runningOf(before).caller)),
    status: (after, before, { value }) => reads(after, value, "status", () => statusByte[readerOf(before).status]),
    controller: (after, before, { value }) => {
      if (value.kind === "controller") after.running!.value = readerOf(before).controllers.has(value.principal) ? hex("01") : hex("00");
    },
    code: (after, before, { value }) => reads(after, value, "reject-code", () => bigEndian(BigInt(runningOf(before).rejectCode), 1)),
    method: (after, before, { value }) => reads(after, value, "method", () => asciiOf(runningOf(before).method)),
  },
});

const statusByte: Readonly<Record<Canister["status"], Hex>> = { running: hex("01"), stopping: hex("02"), stopped: hex("03") };

const readerOf = (state: State): Canister => canisterOf(state, runningOf(state).canister);

const reads = (after: Draft<State>, value: Value, kind: Value["kind"], content: () => Hex): void => {
  if (value.kind === kind) after.running!.value = content();
};
