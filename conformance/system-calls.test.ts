/** Every system call in every context, on the reference and on the engine; and a machine that allows too much or too little is found. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { impl } from "../impl/index.ts";
import { createModel, model } from "../model/index.ts";
import { clauseName, clauses, drive, faultsOf, type Instruction, type Machine, type Trace, type Value } from "../spec/index.ts";
import { everything, without } from "../properties/index.ts";
import { systemCalls, systemCallsByContext, systemCallTable, systemCallWorld, phases, type SystemCallEntry } from "./system-calls.ts";

const verdictOn = (machine: Machine, entries: readonly SystemCallEntry[]) =>
  systemCallsByContext.judge!(drive(machine, systemCallWorld(entries)) as Trace);

describe("the table of system calls", () => {
  test("has every instruction and every value that a script can have, in every context", () => {
    const all: Readonly<Record<Instruction["op"] | Exclude<Value["kind"], "bytes">, true>> = {
      consume: true,
      write: true,
      "stable-grow": true,
      "when-odd": true,
      call: true,
      accept: true,
      "accept-message": true,
      reply: true,
      reject: true,
      trap: true,
      burn: true,
      "set-timer": true,
      certify: true,
      message: true,
      page: true,
      "stable-size": true,
      instructions: true,
      time: true,
      balance: true,
      available: true,
      refunded: true,
      deadline: true,
      version: true,
      self: true,
      caller: true,
      status: true,
      controller: true,
      "reject-code": true,
      method: true,
      certified: true,
      certificate: true,
    };
    expect(systemCalls.toSorted()).toEqual(Object.keys(all).toSorted());
    expect(systemCallTable).toHaveLength(systemCalls.length * phases.length);
    expect(systemCallTable.filter(({ allowed }) => !allowed)).toHaveLength(164);
  });

  test("makes worlds that a machine can be booted with", () => {
    expect(faultsOf(systemCallWorld(systemCallTable).genesis)).toEqual([]);
  });
});

describe.each([model, impl])("on $name", (machine) => {
  test.each(systemCallTable)("$call in $phase: allowed is $allowed", (entry) => {
    expect(verdictOn(machine, [entry])).toEqual({ kind: "holds" });
  });

  test("all of them together", () => {
    expect(verdictOn(machine, systemCallTable)).toEqual({ kind: "holds" });
  });
});

describe("a machine", () => {
  test.each([
    "system-call.when.sender",
    "system-call.when.answerer",
    "system-call.when.inspector",
    "system-call.when.lasting",
    "system-call.when.certifier",
    "system-call.when.burner",
    "value-read.when.given",
    "value-read.when.available",
    "value-read.when.refunded",
    "value-read.when.deadline",
    "identity-read.when.rejected",
    "identity-read.when.inspected",
    "certificate-read.when.asked",
  ])("without %s is found", (name) => {
    const mutation = clauses.find((clause) => clauseName(clause) === name)!;
    expect(verdictOn(createModel({ mutation }), systemCallTable)).toMatchObject({ kind: "fails" });
  });

  test("that forbids what is allowed is found, and told where", () => {
    const strict: Machine = {
      name: "strict",
      boot: async (genesis) => {
        const session = await model.boot(genesis);
        return {
          apply: async (input) => {
            const observation = await session.apply(input);
            const events = observation.events.map((event) =>
              event.kind === "executed" && event.cause.kind === "heartbeat" ? { ...event, trap: "IC0504" as const } : event,
            );
            return { ...observation, events };
          },
        };
      },
    };
    const entry = systemCallTable.find(({ call, phase }) => call === "burn" && phase === "heartbeat")!;
    return expect(Promise.resolve(drive(strict, systemCallWorld([entry]))).then(systemCallsByContext.judge)).resolves.toEqual({
      kind: "fails",
      at: 0,
      because: "burn in a heartbeat: expected no trap, got IC0504",
    });
  });
});

test("a case whose scripts are no longer those of the table says nothing", () => {
  const world = systemCallWorld(systemCallTable.slice(0, 1));
  const [peer, tried] = world.genesis.canisters;
  const changed = { ...world, genesis: { ...world.genesis, canisters: [peer!, { ...tried!, methods: [] }] } };
  expect(systemCallsByContext.judge!(drive(model, changed) as Trace)).toMatchObject({ kind: "vacuous" });
});

test("cases are drawn from all entries, or from those that a partial machine knows", () => {
  const drawn = (excluded: readonly string[]) =>
    new Set(
      fc
        .sample(systemCallsByContext.cases(excluded.length === 0 ? everything : without(new Set(excluded))), { seed: 1, numRuns: 800 })
        .flatMap(({ scenario }) => scenario.genesis.canisters.map(({ id }) => id as string)),
    );
  const others = ["peer", "installer"];
  expect([...drawn([])].filter((id) => !others.includes(id))).toHaveLength(systemCallTable.length);
  const partial = [...drawn(["timer-set", "cycles-burn", "ingress-inspect"])];
  expect(partial.filter((id) => /timer|burn|inspection|accept-message/.test(id))).toEqual([]);
  expect(partial).toContain("reply-in-heartbeat");
  expect([...drawn(["ingress-submit"])].every((id) => id === "peer" || /-in-(heartbeat|query|composite)/.test(id))).toBe(true);
  expect([...drawn(["ingress-submit", "tasks-choose", "query-admit"])]).toEqual(["peer"]);
});
