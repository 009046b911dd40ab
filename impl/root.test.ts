/** The state root of a history that outgrows its first lanes, through the door that everybody uses. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { drive, type Trace } from "../spec/index.ts";
import { impl } from "./index.ts";
import { ingress, reply, round, smallWorld, write } from "./small-world.ts";

const digestOf = (text: string): bigint => BigInt(`0x${createHash("sha256").update(text).digest("hex")}`);

test("the root is the sum of the digests of all records, however many the history holds", () => {
  const ids = Array.from({ length: 300 }, (_, index) => `i${index}`);
  const genesis = smallWorld({ a: { go: [write(4, "04"), write(0, ""), reply("77")] } });
  const trace = drive(impl, { genesis, inputs: [...ids.map((id) => ingress(id, "a")), round()] }) as Trace;
  const before = trace.steps[299]!.observation.stateRoot;
  const received = ids.map((id) => `ingress ${id} received`);
  expect(before).toBe(sumOf(["canister a - ", ...received]));
  // The counter is 2991: each message uses 3 and the overhead of 10, so 231 of them run.
  const statuses = ids.map((id, index) => `ingress ${id} ${index < 231 ? "reply:77" : "processing"}`);
  expect(trace.steps[300]!.observation.stateRoot).toBe(sumOf(["canister a - 0:,4:04", ...statuses]));
});

const sumOf = (texts: readonly string[]): string =>
  (texts.reduce((sum, text) => sum + digestOf(text), 0n) % 2n ** 256n).toString(16).padStart(64, "0");
