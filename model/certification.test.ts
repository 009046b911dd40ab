/** Certified state on the reference: what canisters certify, what users read, and what is signed. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  canisterId,
  cycles,
  hex,
  ingressId,
  lookUp,
  mostPaths,
  nanoseconds,
  principal,
  rootOf,
  type Committee,
  type Event,
  type Genesis,
  type HashTree,
  type Hex,
  type Input,
  type Instruction,
  type Label,
  type Path,
  type Script,
  type Trace,
} from "../spec/index.ts";
import { natural } from "./rules/certification.ts";
import { call, canister, eventsOfKind, ingress, run, literal, replyWith, round, world } from "./testing.ts";
import { stateMessage } from "./threshold/certificate.ts";
import { combine, deal, signShare, verifies } from "./threshold/signing.ts";

const sha256 = (content: Hex): Hex => hex(createHash("sha256").update(Buffer.from(content, "hex")).digest("hex"));
const textHex = (text: string): Hex => hex(Buffer.from(text).toString("hex"));

const read = (...paths: readonly Path[]): Input => ({ kind: "read-state", paths });
const certify = (text: string): Instruction => ({ op: "certify", data: literal(text) });
const done = replyWith(literal(""));
const dataOf = (id: string): Path => ["canister", id, "certified_data"];

type Issued = Event & { kind: "certificate-issued" };

/** The certificates of a trace, each of which has the root of its step. */
const issued = (trace: Trace): readonly Issued[] =>
  trace.steps.flatMap(({ observation: { events, stateRoot } }) =>
    events.filter((event): event is Issued => {
      if (event.kind === "certificate-issued") expect(rootOf(event.witness, sha256)).toBe(stateRoot);
      return event.kind === "certificate-issued";
    }),
  );

/** What the last certificate says of a path. */
const said = (trace: Trace, path: Path): string => {
  const lookup = lookUp(issued(trace).at(-1)!.witness, path);
  return lookup.kind === "found" ? `0x${lookup.value}` : lookup.kind;
};

const errors = (trace: Trace): readonly string[] => eventsOfKind(trace, "read-state-refused").map(({ error }) => error);

describe("certified data", () => {
  const one = (go: Script, more: Parameters<typeof canister>[2] = {}) => world([canister("a", { go }, more)]);

  test("are empty at first, are those that were set last, and are read as they are", () => {
    const trace = run(one([certify("0102"), certify("03"), done]), [
      round(1),
      read(dataOf("a")),
      ingress("i", "a", "go"),
      round(2),
      read(dataOf("a")),
    ]);
    const [before, after] = issued(trace).map(({ witness }) => lookUp(witness, dataOf("a")));
    expect(before).toEqual({ kind: "found", value: "" });
    expect(after).toEqual({ kind: "found", value: "03" });
    expect(eventsOfKind(trace, "data-certified")).toEqual([{ kind: "data-certified", canister: "a", data: "03" }]);
  });

  test("have at most 32 bytes", () => {
    const genesis = world([canister("a", { most: [certify("11".repeat(32)), done], more: [certify("22".repeat(33)), done] })]);
    const trace = run(genesis, [ingress("i", "a", "most"), round(1), ingress("j", "a", "more"), round(2), read(dataOf("a"))]);
    expect(eventsOfKind(trace, "executed").map(({ trap }) => trap)).toEqual([null, "IC0504"]);
    expect(said(trace, dataOf("a"))).toBe(`0x${"11".repeat(32)}`);
  });

  test("are as before when the execution traps, and of that nothing is told", () => {
    const genesis = world([canister("a", { set: [certify("01"), done], spoil: [certify("02"), { op: "trap" }] })]);
    const trace = run(genesis, [ingress("i", "a", "set"), round(1), ingress("j", "a", "spoil"), round(2), read(dataOf("a"))]);
    expect(said(trace, dataOf("a"))).toBe("0x01");
    expect(eventsOfKind(trace, "data-certified")).toHaveLength(1);
  });

  test("are told when they are others than before, right behind the execution", () => {
    const trace = run(one([certify("01"), done]), [ingress("i", "a", "go"), round(1), ingress("j", "a", "go"), round(2)]);
    expect(eventsOfKind(trace, "data-certified")).toHaveLength(1);
    const kinds = trace.steps[1]!.observation.events.map(({ kind }) => kind);
    expect(kinds.slice(kinds.indexOf("executed"), kinds.indexOf("executed") + 3)).toEqual(["executed", "data-certified", "answered"]);
  });

  test("are set by updates, callbacks and tasks, and not by cleanups and inspections", () => {
    const onReply = (script: Script, onCleanup: Script = []) => [call("a", "none", { onReject: script, onCleanup })];
    const traps = (genesis: Genesis) =>
      eventsOfKind(run(genesis, [ingress("i", "a", "go"), round(1), round(2)]), "executed").map(
        ({ trap, cleanup }) => `${trap} ${cleanup}`,
      );
    expect(traps(one(onReply([certify("01")])))).toEqual(["null none", "null none"]);
    expect(traps(one([{ op: "set-timer", after: nanoseconds(0n) }], { onTimer: [certify("01")] })).at(-1)).toBe("null none");
    expect(traps(one(onReply([{ op: "trap" }], [certify("01")])))).toEqual(["null none", "IC0503 trapped"]);
    const refused = run(one([done], { inspect: [certify("01"), { op: "accept-message" }] }), [ingress("i", "a", "go")]);
    expect(eventsOfKind(refused, "ingress-refused").map(({ error }) => error)).toEqual(["IC0504"]);
  });

  test("survive a restart, and are empty when the code is taken away or the canister runs dry", () => {
    const genesis = one([certify("01"), done]);
    const inputs = [ingress("i", "a", "go"), round(1)];
    expect(said(run(genesis, [...inputs, { kind: "restart" }, read(dataOf("a"))]), dataOf("a"))).toBe("0x01");
    expect(said(run(genesis, [...inputs, { kind: "uninstall", canister: canisterId("a") }, read(dataOf("a"))]), dataOf("a"))).toBe("0x");
    const poor = world([
      canister("a", { go: [certify("01"), { op: "burn", cycles: cycles(10n ** 18n) }, done] }, { computeAllocation: 50 as never }),
    ]);
    const dry = run(poor, [...inputs, round(2, 10n ** 15n), read(dataOf("a"))]);
    expect(eventsOfKind(dry, "ran-dry")).toHaveLength(1);
    expect(said(dry, dataOf("a"))).toBe("0x");
  });
});

describe("the state of a subnet", () => {
  const labeled = (label: Label, tree: HashTree): HashTree => ({ kind: "labeled", label, tree });
  const leaf = (value: string): HashTree => ({ kind: "leaf", value: hex(value) });
  const fork = (left: HashTree, right: HashTree): HashTree => ({ kind: "fork", left, right });
  const empty: HashTree = { kind: "empty" };
  const tree = (canisters: HashTree, messages: HashTree, time: string): HashTree =>
    fork(labeled("canister", canisters), fork(labeled("request_status", messages), labeled("time", leaf(time))));

  test("with nothing in it has the root of a tree with nothing but the time", () => {
    const trace = run(world([]), [round(1, 300n)]);
    expect(trace.steps[0]!.observation.stateRoot).toBe(rootOf(tree(empty, empty, "ac02"), sha256));
  });

  test("has the root of the tree of what canisters and messages are", () => {
    const genesis = world([
      canister(
        "a",
        {
          go: [
            certify("01"),
            { op: "write", page: 2, value: literal("2a") },
            { op: "write", page: 1, value: literal("") },
            replyWith(literal("00")),
          ],
          no: [{ op: "set-timer", after: nanoseconds(127n) }, { op: "reject" }],
        },
        { controllers: [principal("b"), principal("@ann"), principal("ab")] },
      ),
      canister("ab", {}),
    ]);
    const trace = run(genesis, [ingress("i", "a", "go"), ingress("j", "a", "no"), round(1), ingress("k", "ab", "x")]);
    const pages = fork(labeled("0000000000000001", leaf("")), labeled("0000000000000002", leaf("2a")));
    const of = (data: string, controllers: string, memory: HashTree, timer: string): HashTree =>
      fork(
        fork(fork(labeled("certified_data", leaf(data)), labeled("controllers", leaf(textHex(controllers)))), labeled("memory", memory)),
        labeled("timer", leaf(timer)),
      );
    const canisters = fork(labeled("a", of("01", "@ann ab b", pages, "8001")), labeled("ab", of("", "", empty, "")));
    const status = (text: string): HashTree => labeled("status", leaf(textHex(text)));
    // r is 01110010 and s is 01110011; e is 01100101; reject_code and reply part at the third letter.
    const replied = fork(labeled("reply", leaf("00")), status("replied"));
    const rejected = fork(labeled("error_code", leaf(textHex("IC0406"))), fork(labeled("reject_code", leaf("04")), status("rejected")));
    // i is 01101001, j is 01101010, k is 01101011.
    const messages = fork(labeled("i", replied), fork(labeled("j", rejected), labeled("k", status("received"))));
    expect(trace.steps.at(-1)!.observation.stateRoot).toBe(rootOf(tree(canisters, messages, "01"), sha256));
  });

  test("has another root when time passes, when memory or a timer changes, and not when a balance does", () => {
    const genesis = world([canister("a", { go: [done] })]);
    const roots = run(genesis, [
      round(1),
      round(2),
      { kind: "top-up", canister: canisterId("a"), cycles: cycles(5n) },
      { kind: "restart" },
      read(["time"]),
    ]).steps.map(({ observation }) => observation.stateRoot);
    expect(roots[1]).not.toBe(roots[0]);
    expect(new Set(roots.slice(1)).size).toBe(1);
  });

  test.each([
    [0n, "00"],
    [127n, "7f"],
    [128n, "8001"],
    [300n, "ac02"],
    [624_485n, "e58e26"],
  ])("writes the number %s as %s", (count, bytes) => expect(natural(count)).toBe(bytes));
});

describe("a user who reads the state", () => {
  const genesis = world([canister("a", { go: [replyWith(literal("77"))], no: [{ op: "reject" }] }), canister("c", {})]);

  test("is refused before the first round, and told of the time in any case after it", () => {
    const trace = run(genesis, [read(), round(1, 300n), read()]);
    expect(errors(trace)).toEqual(["IC0208"]);
    expect(said(trace, ["time"])).toBe("0xac02");
  });

  test("sees what became of a message, and no other message", () => {
    const trace = run(genesis, [
      ingress("i", "a", "go"),
      ingress("j", "a", "no"),
      round(1),
      read(["request_status", "i"], ["request_status", "j", "error_code"]),
    ]);
    expect(said(trace, ["request_status", "i", "status"])).toBe(`0x${textHex("replied")}`);
    expect(said(trace, ["request_status", "i", "reply"])).toBe("0x77");
    expect(said(trace, ["request_status", "j", "error_code"])).toBe(`0x${textHex("IC0406")}`);
    expect(said(trace, ["request_status", "j", "reject_code"])).toBe("unknown");
    expect(said(trace, dataOf("a"))).toBe("unknown");
    expect(said(trace, ["canister", "a", "timer"])).toBe("unknown");
  });

  test("sees that there is nothing where there is nothing", () => {
    const absent: readonly Path[] = [dataOf("b"), dataOf("d"), dataOf("0"), ["request_status", "i"], ["request_status", "i", "reply"]];
    const none = run(genesis, [round(1), read(...absent)]);
    for (const path of absent) expect(said(none, path)).toBe("absent");
    const waiting = run(genesis, [round(1), ingress("i", "a", "go"), read(["request_status", "i", "reply"])]);
    expect(said(waiting, ["request_status", "i", "reply"])).toBe("absent");
    expect(said(waiting, ["request_status", "i", "status"])).toBe("unknown");
  });

  test.each<[Path]>([
    [[]],
    [["canister"]],
    [["canister", "a"]],
    [["canister", "a", "memory"]],
    [["canister", "a", "timer"]],
    [["time", "x"]],
    [["request_status"]],
    [["request_status", "i", "x"]],
    [["request_status", "i", "reply", "x"]],
    [["canister", "a", "certified_data", "x"]],
    [["canister", "a", "controllers", "x"]],
    [["subnet"]],
  ])("is refused the path %j", (path) => expect(errors(run(genesis, [round(1), read(["time"], path)]))).toEqual(["CN0023"]));

  test("sees who controls a canister, and nobody where nobody does", () => {
    const ruled = world([canister("a", {}, { controllers: [principal("c"), principal("@bob")] }), canister("c", {})]);
    const controllersOf = (id: string): Path => ["canister", id, "controllers"];
    const trace = run(ruled, [round(1), read(controllersOf("a"), controllersOf("c"), controllersOf("d"))]);
    expect(said(trace, controllersOf("a"))).toBe(`0x${textHex("@bob c")}`);
    expect(said(trace, controllersOf("c"))).toBe("0x");
    expect(said(trace, controllersOf("d"))).toBe("absent");
  });

  test("may name a thousand paths, and not one more", () => {
    const paths = (count: number): readonly Path[] => Array.from({ length: count }, () => ["time"]);
    const trace = run(genesis, [round(1), read(...paths(mostPaths)), read(...paths(mostPaths + 1))]);
    expect(issued(trace)).toHaveLength(1);
    expect(errors(trace)).toEqual(["CN0022"]);
  });

  test("changes nothing", () => {
    const inputs = [ingress("i", "a", "go"), round(1), round(2)];
    const seen = (all: readonly Input[]) =>
      run(genesis, all)
        .steps.filter(({ input }) => input.kind !== "read-state")
        .map(({ observation }) => observation);
    expect(seen(inputs.flatMap((input) => [read(["request_status", "i"]), input, read(dataOf("a"))]))).toEqual(seen(inputs));
  });

  test("is told of a message of the pool that it was received", () => {
    const trace = run(genesis, [round(1), ingress("i", "a", "go"), read(["request_status", ingressId("i"), "status"])]);
    expect(said(trace, ["request_status", "i", "status"])).toBe(`0x${textHex("received")}`);
  });
});

describe("a certificate", () => {
  const genesis = world([canister("a", {})]);

  test("has no signature where there is no committee", () => {
    expect(issued(run(genesis, [round(1), read()]))[0]!.signature).toBeNull();
  });

  test("has the signature that any threshold of shares makes, and the key of the subnet verifies it", () => {
    const committee: Committee = { nodes: 4, threshold: 2, dealing: hex("2a".repeat(32)), offset: 0 };
    const finalise = (node: number): Input => ({ kind: "finalise", node, height: 0 as never });
    const share: Input = { kind: "share", from: 2, to: 1, height: 1 as never, origin: { kind: "released" } };
    const making = run({ ...genesis, committee }, [finalise(1), finalise(2), share]);
    const { tape } = eventsOfKind(making, "tape-made")[0]!;
    const trace = run({ ...genesis, committee }, [finalise(1), finalise(2), share, { ...round(1), tape } as Input, read()]);
    const { witness, signature } = issued(trace)[0]!;
    const message = stateMessage(rootOf(witness, sha256));
    const dealt = deal(committee.dealing, 4, 2);
    expect(signature).toBe(combine(dealt, [signShare(dealt, 4, message), signShare(dealt, 2, message)]));
    expect(verifies(signature!, message, dealt.subnetKey)).toBe(true);
    expect(Buffer.from(message).toString("hex").slice(0, 28)).toBe("0d69632d73746174652d726f6f74");
  });
});
