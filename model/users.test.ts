/** Users who ask the management canister, in small stories: who is let in, who pays, who hears what. */
import { describe, expect, test } from "vitest";
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  feesOfSystem,
  instructions,
  nanoseconds,
  percent,
  seconds,
  userId,
  type CanisterGenesis,
  type Genesis,
  type Input,
  type Parameters,
  type Trace,
} from "../spec/index.ts";
import {
  asks,
  balanced,
  call,
  canister,
  eventsOf,
  eventsOfKind as find,
  ingress,
  replyWith,
  round,
  rounds,
  run,
  spoken,
  working,
  world,
} from "./testing.ts";

const ann = userId("@ann");

/** A message of Ann's, unless somebody else sends it. */
const sends = (id: string, said: string, more: Partial<Input & { kind: "ingress" }> = {}): Input => {
  const { method, payload } = spoken(said);
  return { ...(ingress(id, "aaaaa-aa", method, payload) as Input & { kind: "ingress" }), sender: ann, ...more };
};

const shop = (more: Partial<CanisterGenesis> = {}): CanisterGenesis =>
  canister("shop", { go: working(40), wait: [call("aaaaa-aa", "raw_rand")] }, { controllers: [ann], ...more });

const told = (
  inputs: readonly Input[],
  more: Partial<CanisterGenesis> = {},
  parameters: Partial<Parameters> = {},
  also: Partial<Genesis> = {},
) => {
  const genesis = world([shop(more), canister("clock", { go: working(2) })], {
    maxPayload: bytes(96),
    ...parameters,
  });
  const trace = run({ ...genesis, ...also }, inputs);
  expect(balanced(trace)).toBe(true);
  return trace;
};

/** What each user heard: the bytes of a reply, or an error. */
const heard = (trace: Trace) =>
  find(trace, "ingress-answered").map(({ ingress: id, result }) => [id, result.kind === "reply" ? result.payload : result.error]);
const refusals = (trace: Trace) => find(trace, "ingress-refused").map(({ error }) => error);

describe("at the door", () => {
  test.each([
    ["a method that nobody knows", "mint_canister shop", "IC0536"],
    ["a method for networks where things are tried out", "provisional_top_up_canister shop 5", "IC0536"],
    ["a method of Bitcoin where nobody keeps it", "bitcoin_get_balance", "IC0536"],
    ["a method for canisters alone", "canister_info shop", "IC0406"],
    ["a canister that costs cycles which users have not", "create_canister", "IC0406"],
    ["randomness", "raw_rand", "IC0406"],
    ["an argument that says too little", "start_canister", "IC0408"],
    ["a canister that is not there", "start_canister nobody", "IC0301"],
  ])("refuses %s", (_what, said, error) => {
    const trace = told([sends("x", said)]);
    expect(refusals(trace)).toEqual([error]);
  });

  test("refuses Bitcoin to users, where it is kept", () => {
    expect(refusals(told([sends("x", "bitcoin_get_balance")], {}, {}, { bitcoin: canisterId("clock") }))).toEqual(["IC0406"]);
  });

  test("refuses whoever is no controller, and whoever does not say who it is", () => {
    const { sender: _sender, ...nameless } = sends("y", "stop_canister shop") as Input & { kind: "ingress" };
    const trace = told([sends("x", "stop_canister shop", { sender: userId("@bob") }), nameless]);
    expect(refusals(trace)).toEqual(["IC0512", "IC0512"]);
  });

  test("lets whoever does not say who it is in, where that is a controller", () => {
    const trace = told([sends("x", "canister_status shop", { sender: userId("@anonymous") }), round()], {
      controllers: [userId("@anonymous")],
    });
    expect(heard(trace)).toEqual([["x", asciiOf("running")]]);
  });

  test("refuses what the canister cannot pay for, and not what it just can", () => {
    const fees = { ...feesOfSystem, ingress: cycles(10n), ingressByte: cycles(1n) };
    const inputs = [sends("x", "stop_canister shop")];
    expect(refusals(told(inputs, { balance: cycles(13n) }, { fees }))).toEqual(["IC0207"]);
    expect(refusals(told(inputs, { balance: cycles(14n) }, { fees }))).toEqual([]);
  });

  test("runs no inspection, and asks for no code", () => {
    const trace = told([sends("x", "uninstall_code shop"), round(), sends("y", "canister_status shop"), round()], {
      inspect: [{ op: "trap" }],
    });
    expect(heard(trace)).toEqual([
      ["x", ""],
      ["y", asciiOf("running")],
    ]);
  });

  test("refuses an id that was there, before it looks at anything else", () => {
    expect(refusals(told([sends("x", "start_canister shop"), sends("x", "nonsense")]))).toEqual(["CN0001"]);
  });
});

describe("in a round", () => {
  const fees = { ...feesOfSystem, ingress: cycles(10n), ingressByte: cycles(1n) };

  test("the canister that is named pays, and the answer is there in the same round", () => {
    const trace = told([sends("x", "stop_canister shop"), round()], { balance: cycles(100n) }, { fees });
    expect(find(trace, "ingress-inducted")).toEqual([
      { kind: "ingress-inducted", ingress: "x", canister: "shop", fee: 14n, balance: 86n, asked: "stop_canister" },
    ]);
    expect(eventsOf(trace).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["ingress-inducted", "canister-stopping", "canister-stopped", "ingress-answered"]),
    );
    expect(find(trace, "management-asked")).toEqual([]);
    expect(find(trace, "management-answered")).toEqual([]);
    expect(heard(trace)).toEqual([["x", ""]]);
  });

  test("a new canister costs nobody anything, and belongs to who asked for it", () => {
    const create = "provisional_create_canister_with_cycles";
    const inputs = [sends("x", `${create} 500`, { sender: userId("@bob") }), round(), sends("y", "stop_canister canister-0"), round()];
    const trace = told(inputs, {}, { fees }, { provisional: cycles(7n) });
    expect(find(trace, "ingress-inducted")).toEqual([
      { kind: "ingress-inducted", ingress: "x", canister: null, fee: 0n, balance: 0n, asked: create },
    ]);
    expect(heard(trace)).toEqual([["x", asciiOf("canister-0")]]);
    expect(refusals(trace)).toEqual(["IC0512"]);
    expect(
      heard(
        told(
          [...inputs.slice(0, 2), sends("z", "stop_canister canister-0", { sender: userId("@bob") }), round()],
          {},
          { fees },
          { provisional: cycles(7n) },
        ),
      )[1],
    ).toEqual(["z", ""]);
  });

  test("anybody may top up, where things are tried out", () => {
    const trace = told(
      [sends("x", "provisional_top_up_canister shop 9", { sender: userId("@bob") }), round()],
      {},
      {},
      { provisional: cycles(7n) },
    );
    expect(find(trace, "cycles-provided")).toMatchObject([{ canister: "shop", cycles: 9n }]);
    expect(find(trace, "ingress-inducted")).toMatchObject([{ canister: null, fee: 0n, balance: 0n }]);
  });

  test("a canister that is gone meanwhile, or poor, is not asked about", () => {
    const gone = told([sends("x", "canister_status shop"), { kind: "delete-canister", canister: canisterId("shop") }, round()]);
    expect(heard(gone)).toEqual([["x", "IC0301"]]);
    const poor = told([sends("x", "stop_canister shop"), sends("y", "start_canister shop"), round()], { balance: cycles(20n) }, { fees });
    expect(heard(poor)).toEqual([
      ["y", "IC0207"],
      ["x", ""],
    ]);
  });

  test("a change knows who asked for it", () => {
    const inputs = [sends("x", "update_settings shop controllers=@ann,clock"), ingress("g", "clock", "look"), ...rounds(3)];
    const look = asks("canister_info shop 5", { onReply: [replyWith({ kind: "message" })] });
    const genesis = world([shop(), canister("clock", { look: [look] })], { maxPayload: bytes(96) });
    const trace = run(genesis, inputs);
    expect(find(trace, "settings-updated")).toMatchObject([{ controllers: ["@ann", "clock"] }]);
    expect(heard(trace)[1]).toEqual(["g", asciiOf("1 @ann,clock 1:1:controllers:@ann")]);
  });
});

describe("whoever waits", () => {
  test("hears when the canister is stopped, or that it was started before that", () => {
    const begun = [ingress("g", "shop", "wait"), round(1), sends("x", "stop_canister shop"), round(2)];
    const stopped = told([...begun, ...rounds(3)], {}, { tapeLag: 3 });
    expect(heard(stopped)).toEqual([
      ["g", "IC0506"],
      ["x", ""],
    ]);
    const started = told([...begun, sends("y", "start_canister shop"), round(3), ...rounds(3)], {}, { tapeLag: 3 });
    expect(heard(started).slice(0, 2)).toEqual([
      ["x", "IC0511"],
      ["y", ""],
    ]);
  });

  test("waits for a paused execution, and so do later messages about the same canister, whoever sends them", () => {
    const parameters = { sliceInstructionLimit: instructions(10), roundInstructionLimit: instructions(12) };
    const inputs = [
      ingress("g", "shop", "go"),
      round(1),
      sends("x", "stop_canister shop"),
      sends("y", "canister_status shop", { sender: userId("@bob") }),
      sends("z", "canister_status clock", { sender: userId("@bob") }),
      ...rounds(6),
    ];
    const genesis = world(
      [{ ...shop(), controllers: [ann, userId("@bob")] }, canister("clock", { go: working(2) }, { controllers: [userId("@bob")] })],
      { ...parameters, maxPayload: bytes(96) },
    );
    const trace = run(genesis, inputs);
    expect(balanced(trace)).toBe(true);
    expect(find(trace, "execution-paused").length).toBeGreaterThan(0);
    expect(heard(trace).map(([id]) => id)).toEqual(["z", "g", "y", "x"]);
    expect(heard(trace)[2]).toEqual(["y", asciiOf("stopping")]);
  });

  test("may wait too long", () => {
    const parameters = { sliceInstructionLimit: instructions(10), roundInstructionLimit: instructions(12) };
    const inputs = [ingress("g", "shop", "go"), round(1), sends("x", "stop_canister shop", { expiry: nanoseconds(2n) }), ...rounds(6)];
    const trace = told(inputs, { computeAllocation: percent(0), freezingThreshold: seconds(0) }, parameters);
    expect(find(trace, "ingress-expired")).toEqual([{ kind: "ingress-expired", ingress: "x" }]);
    expect(heard(trace)).toContainEqual(["x", "IC0202"]);
    expect(find(trace, "canister-stopping")).toEqual([]);
  });

  test("is not let go by a restart", () => {
    const parameters = { sliceInstructionLimit: instructions(10), roundInstructionLimit: instructions(12) };
    const inputs = [
      ingress("g", "shop", "go"),
      round(1),
      sends("x", "stop_canister shop"),
      round(2),
      { kind: "restart" } as const,
      ...rounds(6),
    ];
    expect(heard(told(inputs, {}, parameters)).at(-1)).toEqual(["x", ""]);
  });
});
