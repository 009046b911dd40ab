/** The story of a failure holds everything that a reader needs to see it again. */
import { describe, expect, test } from "vitest";
import { createModel, model } from "../model/index.ts";
import { hex, type Machine } from "../spec/index.ts";
import { alone } from "../properties/index.ts";
import type { Failure } from "./failure.ts";
import { storyOf } from "./story.ts";
import { ledgerAdds, rerunsAgree } from "./testing/properties.ts";
import { conversation, neighbours, restart, topUp } from "./testing/worlds.ts";

const failure = (rest: Partial<Failure> = {}): Failure => ({
  id: "ledger-adds-1",
  property: "ledger-adds",
  seed: 3,
  path: "17",
  case: alone(conversation),
  judgement: { outcome: "FAIL", at: 1, because: "the ledger does not add up" },
  outcome: "FAIL",
  drawnInputs: 30,
  tries: 12,
  ...rest,
});
const tell = async (subject: Machine, told = failure(), property = ledgerAdds) =>
  (await storyOf(property, told, { subject, reference: (witness) => createModel({ witness }), reproduce: ["canon replay x.json"] })).join(
    "\n",
  );

describe("a story", () => {
  const forgetful = { ...createModel({ mutation: { rule: "top-up", kind: "then", clause: "credit" } }), name: "forgetful" };

  test("says what the property says, what speaks against it, and how to see it again", async () => {
    const story = await tell(forgetful);
    expect(story).toContain("FAIL  ledger-adds\n  says:  ledger-adds is true\n  but:   at input 2: the ledger does not add up");
    expect(story).toContain("seed 3, path 17; 30 inputs were drawn, 7 are left after 12 tries");
    expect(story.endsWith("  reproduce with:\n    canon replay x.json")).toBe(true);
  });

  test("shows the case as a person would write it", async () => {
    const story = await tell(forgetful);
    expect(story).toContain(
      "go { call beta.serve(nothing) attaching 500 on reply { write page 1 = message; reply message } on reject { reject } }",
    );
    expect(story).toContain("2. top-up of beta with 7\n");
  });

  test("shows where machine and reference part, in what they say and in their states", async () => {
    const story = await tell(forgetful);
    expect(story).toContain("events[0].balance: reference 1000000000007, machine 1000000000000");
    expect(story).toContain("canister beta.balance: reference 1000000000007, machine 1000000000000");
    expect(story).toContain("top-up: when.exists, then.credit, then.mint");
  });

  test("says so when the machine agrees with the reference", async () => {
    expect(await tell({ ...model, name: "twin" })).toContain("it does not part from the reference in this case");
  });

  test("goes as far as a machine that crashes, and shows what it said last", async () => {
    const crashing: Machine = {
      name: "crashing",
      boot: (genesis) => {
        const session = model.boot(genesis);
        if (session instanceof Promise) throw new Error("the model answers at once");
        return { apply: (input) => (input.kind === "restart" ? Promise.reject(new Error("lost")) : session.apply(input)) };
      },
    };
    const story = await tell(
      crashing,
      failure({ outcome: "CRASH", judgement: { outcome: "CRASH", at: 3, because: "crashed: lost", stderr: "one\ntwo\n" } }),
    );
    expect(story).toContain("4. restart\n         CRASH: lost");
    expect(story).toContain("Its standard error ended with\n    one\n    two");
  });

  test("of two worlds shows where these part", async () => {
    let boots = 0;
    const fickle: Machine = { name: "fickle", boot: (genesis) => (boots++ % 2 === 0 ? model : forgetful).boot(genesis) };
    const tried = { scenario: { ...conversation, inputs: [restart, topUp("alpha", 5n)] }, relation: { kind: "rerun" } as const };
    const story = await tell(
      fickle,
      failure({ case: tried, judgement: { outcome: "FAIL", at: null, because: "the second run differs" } }),
      rerunsAgree,
    );
    expect(story).toContain("second world: the same again");
    expect(story).toContain("at input 2\n    events[0].balance: first world 1000000000005, second world 1000000000000");
  });

  test("of several subnets says which is meant, and what came from where", async () => {
    const deaf = createModel({ mutation: { rule: "stream-response", kind: "then", clause: "enter" } });
    const told = failure({ case: alone(neighbours), judgement: { outcome: "FAIL", at: 3, because: "nobody answers" } });
    const story = await tell({ ...deaf, name: "deaf" }, told);
    expect(story).toContain("    subnet left\n      fees F25");
    expect(story).toContain("      it is right, and knows alpha on left\n      beta: balance 1_000_000_000_000\n");
    expect(story).toMatch(/3\. subnet right: round: .*, delivering at most 10 new of left\n/);
    expect(story).toMatch(
      /3\. subnet right: round: .*, a slice of left \(message 0, signals 0; request 0 of alpha to beta\.serve\(nothing\) attaching 500\)\n/,
    );
    expect(story).toContain(
      "message-streamed, to left, index 0, message response of beta to callback 0 of alpha: reply 0x0102 refunding 200",
    );
    expect(story).toContain("at input 4: subnet left: round: ");
    expect(story).toMatch(/canister alpha\.callbacks\.0: reference nothing, machine/);
    expect(story).not.toContain("subnet 1");
  });

  test("does not bury the reader under a long payload", async () => {
    const long = {
      scenario: { ...conversation, inputs: [{ ...conversation.inputs[0]!, payload: hex("ab".repeat(60)) }] },
      relation: { kind: "none" },
    } as never;
    expect(await tell(forgetful, failure({ case: long }))).toContain("alpha.go(0xabababababababab... (60 bytes))");
  });
});
