/** Code, modules and settings in the words that people read. */
import { expect, test } from "vitest";
import { asciiOf, bytes, canisterId, cycles, instructions, moduleName, percent, seconds, type Event } from "../../spec/index.ts";
import { callTo, canister, genesisOf } from "../testing/worlds.ts";
import { eventInWords } from "./events.ts";
import { genesisInWords } from "./genesis.ts";

const module = { name: moduleName("m"), methods: [], onTimer: [], onInit: [{ op: "trap" }], persistentHeap: true } as const;

test("a genesis says who controls a canister, what runs around an upgrade, and what can be installed", () => {
  const asks = [callTo("aaaaa-aa", "install_code", { payload: { kind: "bytes", bytes: asciiOf("a upgrade m keep") } })];
  const told = genesisInWords({
    ...genesisOf([
      canister("a", { go: asks }, { controllers: [canisterId("a"), canisterId("b")], onPreUpgrade: [{ op: "trap" }], onPostUpgrade: [] }),
    ]),
    modules: [module],
  });
  expect(told).toContain("module m: its heap can outlive an upgrade");
  expect(told).toContain("  when installed { trap }");
  expect(told.join("\n")).toMatch(/a: balance [0-9_]+, controlled by a and b/);
  expect(told).toContain("  before an upgrade { trap }");
  expect(told).toContain("  after an upgrade {}");
  expect(told.join("\n")).toContain('call aaaaa-aa.install_code("a upgrade m keep")');
});

test("events name what changed, and answers are texts", () => {
  const settings: Event = {
    kind: "settings-updated",
    canister: canisterId("a"),
    controllers: [canisterId("b"), canisterId("c")],
    memoryAllocation: bytes(0),
    computeAllocation: percent(7),
    freezingThreshold: seconds(0),
    reservedLimit: cycles(0n),
  };
  expect(eventInWords(settings)).toBe("settings-updated, a, controllers b and c, computeAllocation 7");
  const answered: Event = {
    kind: "management-answered",
    caller: canisterId("b"),
    callback: 0,
    result: { kind: "reply", payload: asciiOf("running") },
    refund: cycles(0n),
  };
  expect(eventInWords(answered)).toBe('management-answered, caller b, callback 0, result reply "running"');
  expect(eventInWords({ ...answered, result: { kind: "reply", payload: asciiOf("") } })).toContain("result reply nothing");
  expect(
    eventInWords({
      kind: "installation-ran",
      canister: canisterId("a"),
      mode: "upgrade",
      module: module.name,
      trap: "IC0503",
      instructions: instructions(3),
      prepaid: cycles(9n),
      charged: cycles(4n),
      burned: cycles(0n),
      reserved: cycles(0n),
      wrote: [],
      pages: 2,
      timer: null,
      balance: cycles(5n),
    }),
  ).toBe("installation-ran, a, mode upgrade, module m, trap IC0503, instructions 3, prepaid 9, charged 4, pages 2, balance 5");
});
