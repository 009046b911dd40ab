/** Certified state in the words that people read: what a canister certifies, what users ask for, and what a certificate shows. */
import { expect, test } from "vitest";
import { canisterId, hex, userId, type Event, type HashTree, type Path, type Script } from "../../spec/index.ts";
import { canister, genesisOf } from "../testing/worlds.ts";
import { eventInWords } from "./events.ts";
import { genesisInWords } from "./genesis.ts";
import { inputInWords } from "./inputs.ts";

const pruned: HashTree = { kind: "pruned", digest: hex("07".repeat(32)) };
const issued = (witness: HashTree): Event => ({ kind: "certificate-issued", witness, signature: null });

test("a script certifies", () => {
  const a = canister("a", { go: [{ op: "certify", data: { kind: "bytes", bytes: hex("2a") } }] });
  expect(genesisInWords(genesisOf([a])).join("\n")).toContain("certify 0x2a");
});

test("a query says whether there is a certificate, and hands it out", () => {
  const body: Script = [
    { op: "when-odd", value: { kind: "certified" }, then: [{ op: "reply", payload: { kind: "certificate" } }], otherwise: [] },
  ];
  expect(genesisInWords(genesisOf([canister("a", { go: body })])).join("\n")).toContain("whether there is a certificate");
  expect(genesisInWords(genesisOf([canister("a", { go: body })])).join("\n")).toContain("reply certificate");
});

test("data are certified", () =>
  expect(eventInWords({ kind: "data-certified", canister: canisterId("a"), data: hex("2a") })).toBe("data-certified, a, data 0x2a"));

test("a read names its paths, the first of them one by one", () => {
  expect(inputInWords({ kind: "read-state", paths: [] })).toBe("read the state at no path");
  expect(inputInWords({ kind: "read-state", paths: [["time"], ["canister", "a", "certified_data"]] })).toBe(
    "read the state at /time and /canister/a/certified_data",
  );
  expect(inputInWords({ kind: "read-state", sender: userId("@ann"), paths: [["time"]] })).toBe("@ann reads the state at /time");
  const many: readonly Path[] = Array.from({ length: 1_001 }, () => ["time"]);
  expect(inputInWords({ kind: "read-state", paths: many })).toMatch(/\/time and 993 more paths$/);
});

test("a read is refused", () =>
  expect(eventInWords({ kind: "read-state-refused", error: "IC0208" })).toMatch(/^read-state-refused, error IC0208/));

test("a certificate shows values by their paths, and labels that show where nothing is", () => {
  const a: HashTree = {
    kind: "labeled",
    label: "a",
    tree: { kind: "labeled", label: "certified_data", tree: { kind: "leaf", value: hex("2a") } },
  };
  const witness: HashTree = {
    kind: "fork",
    left: { kind: "labeled", label: "canister", tree: { kind: "fork", left: a, right: { kind: "labeled", label: "c", tree: pruned } } },
    right: { kind: "fork", left: pruned, right: { kind: "labeled", label: "memory", tree: { kind: "empty" } } },
  };
  expect(eventInWords(issued(witness))).toContain("/canister/a/certified_data = 0x2a and /canister/c and /memory is empty");
});
