/** The law of what is asked of Bitcoin, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { canisterId, managementCanister, type Executed, type Trace } from "../../spec/index.ts";
import { eventAt, handed } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { oblivion, ruin, soliloquy, till, treasury, voyage } from "../testing/scenes-of-bitcoin.ts";
import { edited, followed } from "../testing/stories.ts";
import { payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { bitcoinAnswersForItself } from "./bitcoin.ts";

const tales = {
  treasury: led(model, treasury),
  till: led(model, till),
  voyage: led(model, voyage),
  ruin: led(model, ruin),
  oblivion: led(model, oblivion),
  soliloquy: led(model, soliloquy),
};

const told = (trace: Trace): string => judged(bitcoinAnswersForItself, trace);

/** Where in a tale the execution is told that sent this call of a, among all executions. */
const sending = ({ steps }: Trace, callback: number): number =>
  steps
    .flatMap(({ observation }) => observation.events)
    .filter((event) => event.kind === "executed")
    .findIndex(({ canister, calls }) => canister === "a" && calls.some((call) => call.callback === callback));

/** The same tale in which a call of a is one to somebody else. */
const redirected = (trace: Trace, callback: number, callee: string): Trace => {
  const nth = sending(trace, callback);
  const { calls } = eventAt(trace, ["executed", nth]) as Executed;
  const others = calls.map((call) => (call.callback === callback ? { ...call, callee: canisterId(callee) } : call));
  return edited(trace, "executed", nth, { calls: others });
};

describe("bitcoin-answers-for-itself", () => {
  test.each(Object.entries(tales))("accepts the tale of %s", (_, tale) => expect(told(tale)).toBe("holds"));
  test("passes over worlds in which nobody asks", () => expect(told(payment)).toBe("vacuous"));

  test("condemns a call that stays with the management canister", () =>
    expect(told(redirected(tales.treasury, 0, managementCanister))).toBe(
      "a called bitcoin_get_balance of aaaaa-aa, and was to call bitcoin_get_balance of vault",
    ));
  test("condemns a call to an ordinary canister, or for something else, that is one to the Bitcoin canister", () => {
    expect(told(redirected(tales.treasury, 1, "vault"))).toBe(
      "a called bitcoin_get_balance of vault, and was to call bitcoin_get_balance of b",
    );
    expect(told(redirected(tales.treasury, 2, "vault"))).toBe("a called raw_rand of vault, and was to call raw_rand of aaaaa-aa");
    expect(told(redirected(tales.treasury, 3, "vault"))).toBe("a called bitcoin of vault, and was to call bitcoin of aaaaa-aa");
  });
  test("condemns a call to somebody whom nobody named", () =>
    expect(told(redirected(tales.oblivion, 0, "vault"))).toBe(
      "a called bitcoin_get_balance of vault, and was to call bitcoin_get_balance of aaaaa-aa",
    ));
  test("condemns a slot that is another canister's, or nobody's", () => {
    const nth = sending(tales.till, 0);
    const refused = [{ callee: managementCanister, error: "IC0201" }];
    expect(told(edited(tales.till, "executed", nth, { refusedCalls: refused }))).toBe(
      "a called aaaaa-aa in vain (IC0201), and was to call vault in vain (IC0201)",
    );
    expect(told(edited(tales.till, "executed", nth, { refusedCalls: [] }))).toBe(
      "a called nobody more, and was to call vault in vain (IC0201)",
    );
    const twice = [...refused, ...refused].map((one) => ({ ...one, callee: canisterId("vault") }));
    expect(told(edited(tales.till, "executed", nth, { refusedCalls: twice }))).toBe(
      "a called vault in vain (IC0201), and was to call nobody more",
    );
  });
  test("condemns a query that asks the Bitcoin canister", () => {
    const event = eventAt(tales.treasury, ["query-answered", 0]);
    if (event.kind !== "query-answered") throw new TypeError("an event is looked up by its kind");
    const nested = event.nested.map((call) => ({ ...call, callee: canisterId("vault") }));
    expect(told(edited(tales.treasury, "query-answered", 0, { nested }))).toMatch(/^a query did not ask whom it names/);
  });
  test("condemns a management canister that has something to say", () => {
    const sender = { caller: canisterId("a"), callback: 0 };
    const after = (...more: readonly object[]): string => told(followed(tales.treasury, "turn-ended", 0, ...more));
    expect(after({ kind: "management-asked", ...sender, method: "bitcoin_get_balance", canister: null })).toBe(
      "call 0 of a for bitcoin_get_balance waits for the management canister",
    );
    expect(after({ kind: "management-answered", ...sender, result: { kind: "reply", payload: "" }, refund: 0n })).toBe(
      "call 0 of a for bitcoin_get_balance is answered by the management canister",
    );
    expect(after({ kind: "randomness-asked", canister: "a", callback: 0, asked: 1 })).toBe(
      "call 0 of a for bitcoin_get_balance waits for randomness",
    );
  });
  test("condemns a request that comes back for another reason, or for none", () => {
    expect(told(edited(tales.oblivion, "request-bounced", 0, { error: "IC0301" }))).toBe(
      "call 0 of a to aaaaa-aa came back with IC0301: expected IC0536",
    );
    expect(told(edited(tales.ruin, "request-bounced", 0, { error: "IC0536" }))).toBe(
      "call 0 of a to vault came back with IC0536: expected IC0301",
    );
    const bounced = { kind: "request-bounced", caller: canisterId("a"), callback: 0, error: "IC0301" };
    expect(told(followed(tales.treasury, "turn-ended", 0, bounced))).toBe(
      "call 0 of a to vault came back with IC0301: expected that it does not come back",
    );
  });
  test("accepts a request that comes back since it did not leave", () =>
    expect(told(edited(tales.ruin, "request-bounced", 0, { error: "CN0210" }))).toBe("holds"));
  test("condemns an answer of somebody else", () => {
    const answered = edited(tales.treasury, "answered", 0, { canister: canisterId("b") });
    expect(told(answered)).toBe("b answers call 0 of a, which is one to vault");
    const step = tales.voyage.steps.findIndex(({ observation }) => observation.events.some(({ kind }) => kind === "response-inducted"));
    const { input } = tales.voyage.steps[step]!;
    const messages = (input.kind === "round" ? (input.slices ?? []) : []).flatMap((slice) => slice.messages);
    const strange = messages.map((message) => ({ ...message, respondent: canisterId("b") }));
    expect(told(handed(tales.voyage, step, { messages: strange }))).toBe(
      "on subnet here: call 0 of a is one to vault, and what comes back is of b",
    );
  });
});
