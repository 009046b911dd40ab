/** What users read from the certified state: refusals, witnesses and what they show, and the signature. */
import { createHash } from "node:crypto";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { describe, expect, test } from "vitest";
import {
  hex,
  lookUp,
  rootOf,
  type Committee,
  type Event,
  type HashTree,
  type Hex,
  type Input,
  type Lookup,
  type Observation,
  type Path,
} from "../spec/index.ts";
import { boot } from "./engine.ts";
import { bytesOf, certify, ingress, only, readState, reject, reply, round, smallWorld, trap, uninstall, write } from "./small-world.ts";

const sha256 = (content: Hex): Hex => hex(createHash("sha256").update(Buffer.from(content, "hex")).digest("hex"));
const pruned = (tree: HashTree): HashTree => ({ kind: "pruned", digest: rootOf(tree, sha256) });
const leaf = (value: string): HashTree => ({ kind: "leaf", value: hex(value) });
const text = (content: string): HashTree => leaf(Buffer.from(content).toString("hex"));
const labeled = (label: string, tree: HashTree): HashTree => ({ kind: "labeled", label, tree });
const fork = (left: HashTree, right: HashTree): HashTree => ({ kind: "fork", left, right });

/** Canisters `a`, `c` and `e`, and messages that were answered in each way; one waits. At the end the time is 1001. */
const genesis = smallWorld({
  a: { go: [certify("01"), write(3, "04"), reply("77")] },
  c: { go: [certify("0203"), reject] },
  e: { go: [certify("ff"), trap] },
});
const settle: readonly Input[] = [ingress("i1", "a"), ingress("i3", "c"), ingress("i5", "e"), round(), ingress("i7", "a")];

const lastOf = (inputs: readonly Input[], of = genesis): Observation => {
  const session = boot(of);
  return inputs.map((input) => session.apply(input)).at(-1)!;
};

const issued = (observation: Observation): Extract<Event, { kind: "certificate-issued" }> => {
  expect(observation.events).toHaveLength(1);
  const certificate = only(observation.events, "certificate-issued")[0]!;
  expect(rootOf(certificate.witness, sha256)).toBe(observation.stateRoot);
  return certificate;
};

const witnessFor = (...paths: readonly Path[]): HashTree => issued(lastOf([...settle, readState(...paths)])).witness;

const refusedWith = (error: string) => [{ kind: "read-state-refused", error }];

describe("a read is refused", () => {
  test("before the first round, whatever is read", () => {
    expect(lastOf([readState(["time"])]).events).toEqual(refusedWith("IC0208"));
    expect(lastOf([readState(["nothing"])]).events).toEqual(refusedWith("IC0208"));
    expect(only(lastOf([round(), readState(["time"])]).events, "certificate-issued")).toHaveLength(1);
  });
  test("with more than a thousand paths, even if none of them can be read", () => {
    expect(lastOf([round(), readState(...Array.from({ length: 1_001 }, () => ["nothing"]))]).events).toEqual(refusedWith("CN0022"));
    expect(only(lastOf([round(), readState(...Array.from({ length: 1_000 }, () => ["time"]))]).events, "certificate-issued")).toHaveLength(
      1,
    );
  });
  test.each([
    [[]],
    [["times"]],
    [["time", "a"]],
    [["canister"]],
    [["canister", "a"]],
    [["canister", "a", "memory"]],
    [["canister", "a", "timer"]],
    [["canister", "a", "certified_data", "x"]],
    [["canister", "a", "controllers", "boss"]],
    [["controllers", "a"]],
    [["request_status", "i1", "controllers"]],
    [["request_status"]],
    [["request_status", "i1", "time"]],
    [["request_status", "i1", "status", "x"]],
  ])("with a path that nobody may read: %j", (path) =>
    expect(lastOf([round(), readState(["time"], path)]).events).toEqual(refusedWith("CN0023")),
  );
  test("and changes nothing, as one that is answered", () => {
    const session = boot(genesis);
    for (const input of settle) session.apply(input);
    const before = session.view();
    const root = session.apply(readState()).stateRoot;
    expect(session.apply(readState(["canister"])).stateRoot).toBe(root);
    expect(session.view()).toEqual(before);
  });
});

/** What is below the labels of the messages. */
const replied = fork(labeled("reply", leaf("77")), labeled("status", text("replied")));
const rejected = (error: string): HashTree =>
  fork(
    labeled("error_code", text(error)),
    fork(labeled("reject_code", leaf(error === "IC0406" ? "04" : "05")), labeled("status", text("rejected"))),
  );
const received = labeled("status", text("received"));

describe("a witness", () => {
  test("shows the time and nothing else when nothing is asked for", () => {
    const witness = witnessFor();
    expect(witness).toMatchObject({ kind: "fork", left: { kind: "pruned" } });
    expect(witness).toMatchObject({ right: { left: { kind: "pruned" }, right: labeled("time", leaf("e907")) } });
    expect(witnessFor(["time"])).toEqual(witness);
  });

  test("shows certified data, with the rest of the canister pruned", () => {
    const memory = labeled("memory", labeled("0000000000000003", leaf("04")));
    const noTimer = labeled("timer", leaf(""));
    const noControllers = labeled("controllers", leaf(""));
    const other = (id: string, data: string): HashTree =>
      labeled(id, fork(fork(fork(labeled("certified_data", leaf(data)), noControllers), labeled("memory", { kind: "empty" })), noTimer));
    const a = labeled("a", fork(fork(fork(labeled("certified_data", leaf("01")), pruned(noControllers)), pruned(memory)), pruned(noTimer)));
    expect(witnessFor(["canister", "a", "certified_data"])).toMatchObject({
      left: labeled("canister", fork(fork(a, pruned(other("c", "0203"))), pruned(other("e", "")))),
      right: { left: { kind: "pruned" } },
    });
  });

  test("shows all of a message, or a part of it", () => {
    const said = (...paths: readonly Path[]): string => JSON.stringify(witnessFor(...paths));
    expect(said(["request_status", "i1"])).toContain(JSON.stringify(labeled("i1", replied)));
    expect(said(["request_status", "i3"])).toContain(JSON.stringify(labeled("i3", rejected("IC0406"))));
    expect(said(["request_status", "i5"])).toContain(JSON.stringify(labeled("i5", rejected("IC0503"))));
    expect(said(["request_status", "i7"])).toContain(JSON.stringify(labeled("i7", received)));
    const half = labeled("i1", fork(labeled("reply", leaf("77")), pruned(labeled("status", text("replied")))));
    expect(said(["request_status", "i1", "reply"])).toContain(JSON.stringify(half));
    expect(said(["request_status", "i1", "reply"], ["request_status", "i1"])).toContain(JSON.stringify(labeled("i1", replied)));
  });

  test("shows of a part that is missing those next to it", () => {
    const none = labeled("i1", fork(labeled("reply", pruned(leaf("77"))), pruned(labeled("status", text("replied")))));
    expect(JSON.stringify(witnessFor(["request_status", "i1", "reject_code"]))).toContain(JSON.stringify(none));
  });

  test("shows of a canister that is missing those next to it, closed", () => {
    const witness = witnessFor(["canister", "b", "certified_data"]);
    const said = JSON.stringify(witness);
    expect(said).toContain(`{"kind":"labeled","label":"a","tree":{"kind":"pruned"`);
    expect(said).toContain(`{"kind":"labeled","label":"c","tree":{"kind":"pruned"`);
    expect(said).not.toContain(`"label":"e"`);
  });
});

describe("whoever looks a path up in its witness", () => {
  const found = (value: string): Lookup => ({ kind: "found", value: hex(value) });
  const hexOf = (content: string): string => Buffer.from(content).toString("hex");
  test.each<[Path, Lookup]>([
    [["time"], found("e907")],
    [["canister", "a", "certified_data"], found("01")],
    [["canister", "c", "certified_data"], found("0203")],
    [["canister", "e", "certified_data"], found("")],
    [["canister", "a", "controllers"], found("")],
    [["canister", "b", "controllers"], { kind: "absent" }],
    ...["0", "b", "d", "f", "aa", "a-", "zzz"].map((id): [Path, Lookup] => [["canister", id, "certified_data"], { kind: "absent" }]),
    [["request_status", "i1", "status"], found(hexOf("replied"))],
    [["request_status", "i1", "reply"], found("77")],
    [["request_status", "i1", "reject_code"], { kind: "absent" }],
    [["request_status", "i1", "error_code"], { kind: "absent" }],
    [["request_status", "i3", "reject_code"], found("04")],
    [["request_status", "i3", "error_code"], found(hexOf("IC0406"))],
    [["request_status", "i3", "reply"], { kind: "absent" }],
    [["request_status", "i5", "error_code"], found(hexOf("IC0503"))],
    [["request_status", "i7", "status"], found(hexOf("received"))],
    [["request_status", "i7", "reply"], { kind: "absent" }],
    [["request_status", "i1"], { kind: "error" }],
    [["request_status", "i2"], { kind: "absent" }],
    [["request_status", "i2", "status"], { kind: "absent" }],
    [["request_status", "a"], { kind: "absent" }],
    [["request_status", "z"], { kind: "absent" }],
  ])("finds out: %j", (path, lookup) => {
    expect(lookUp(witnessFor(path), path)).toEqual(lookup);
    expect(lookUp(witnessFor(["request_status", "i3"], path, ["canister", "bb", "certified_data"]), path)).toEqual(lookup);
  });

  test("finds nothing out of what it did not ask for", () => {
    const witness = witnessFor(["canister", "a", "certified_data"]);
    for (const path of [
      ["canister", "e", "certified_data"],
      ["canister", "d"],
      ["canister", "a", "timer"],
      ["canister", "a", "controllers"],
      ["request_status", "i1"],
    ])
      expect(lookUp(witness, path)).toEqual({ kind: "unknown" });
  });

  test("finds that nobody is there where nobody is", () => {
    const witness = issued(
      lastOf([round(), readState(["request_status", "i1"], ["canister", "a", "certified_data"])], smallWorld({})),
    ).witness;
    expect(lookUp(witness, ["request_status", "i1"])).toEqual({ kind: "absent" });
    expect(lookUp(witness, ["canister", "a", "certified_data"])).toEqual({ kind: "absent" });
  });
});

describe("a signature", () => {
  const committee: Committee = { nodes: 4, threshold: 2, dealing: hex("0b".repeat(32)), offset: 0 };
  test("is there where a committee is, of the root, under the key of the subnet", () => {
    const world = { ...genesis, committee };
    const leaked = (from: number): Input => ({ kind: "share", from, to: 1, height: 1 as never, origin: { kind: "leaked" } });
    const session = boot(world);
    const made = [leaked(2), leaked(3)].flatMap((input) => session.apply(input).events);
    const { tape } = only(made, "tape-made")[0]!;
    session.apply({ ...(round() as Extract<Input, { kind: "round" }>), tape });
    const observation = session.apply(readState());
    const { signature } = issued(observation);
    const { G2, shortSignatures, fields } = bls12_381;
    const secret = [0, 1]
      .map((side) => Buffer.from([0, 0, 0, 0, side]))
      .map((end) =>
        createHash("sha256")
          .update(Buffer.concat([Buffer.from("canon-dealing"), Buffer.from(committee.dealing, "hex"), end]))
          .digest("hex"),
      );
    const key = G2.Point.BASE.multiply(fields.Fr.create(BigInt(`0x${secret.join("")}`)));
    const message = shortSignatures.hash(
      Buffer.concat([Buffer.from([13]), Buffer.from("ic-state-root"), Buffer.from(observation.stateRoot!, "hex")]),
    );
    expect(signature).toHaveLength(96);
    expect(shortSignatures.verify(Buffer.from(signature!, "hex"), message, key)).toBe(true);
  });
  test("is not there where none is", () => expect(issued(lastOf([...settle, readState()])).signature).toBeNull());
});

describe("a canister certifies", () => {
  const told = (go: Parameters<typeof smallWorld>[0][string]["go"], ...more: readonly Input[]) =>
    only(
      lastOf([ingress("i", "a"), ...(more.length === 0 ? [round()] : more)], smallWorld({ a: { go: go! } })).events,
      "data-certified",
    ).map(({ data }) => data);

  test("the last data that it names, told once, right behind the execution", () => {
    expect(told([certify("01"), certify("02"), reply()])).toEqual(["02"]);
    const { events } = lastOf([ingress("i", "a"), round()], smallWorld({ a: { go: [certify("01"), reply()] } }));
    const at = events.findIndex(({ kind }) => kind === "executed");
    expect(events.slice(at, at + 3).map(({ kind }) => kind)).toEqual(["executed", "data-certified", "answered"]);
  });
  test("at most 32 bytes", () => {
    expect(told([certify("ab".repeat(32))])).toEqual(["ab".repeat(32)]);
    expect(told([certify("ab".repeat(33))])).toEqual([]);
  });
  test("and tells nothing when they are what they were, or when it traps", () => {
    expect(told([certify("")])).toEqual([]);
    expect(told([certify("01"), certify("")])).toEqual([]);
    expect(told([certify("01"), trap])).toEqual([]);
    expect(told([certify(bytesOf("01")), reply()], round(), ingress("j", "a"), round())).toEqual([]);
  });
  test("and what it certified is kept by a restart, and gone with its code", () => {
    const session = boot(smallWorld({ a: { go: [certify("0a"), reply()] } }));
    for (const input of [ingress("i", "a"), round()]) session.apply(input);
    const read = () =>
      lookUp(issued(session.apply(readState(["canister", "a", "certified_data"]))).witness, ["canister", "a", "certified_data"]);
    const before = session.apply(readState()).stateRoot;
    expect(session.apply({ kind: "restart" }).stateRoot).toBe(before);
    expect(read()).toEqual({ kind: "found", value: "0a" });
    session.apply(uninstall("a"));
    expect(read()).toEqual({ kind: "found", value: "" });
    session.apply({ kind: "delete-canister", canister: genesis.canisters[0]!.id });
    expect(read()).toEqual({ kind: "absent" });
  });
});
