/** Installations in small stories: what an upgrade keeps, what a trap undoes, and what all of it costs. */
import { describe, expect, test } from "vitest";
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  instructions,
  moduleName,
  nanoseconds,
  seconds,
  type CanisterGenesis,
  type CodeGenesis,
  type Genesis,
  type Input,
  type Instruction,
  type Module,
  type Parameters,
  type Script,
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
  literal,
  replyWith,
  round,
  rounds,
  run,
  world,
} from "./testing.ts";

const write = (page: number, content: string): Instruction => ({ op: "write", page, value: literal(content) });
const timer: Instruction = { op: "set-timer", after: nanoseconds(100n) };
const trap: Instruction = { op: "trap" };
const consume = (count: number): Instruction => ({ op: "consume", instructions: instructions(count) });

const parts = (methods: Readonly<Record<string, Script>>, more: Partial<CodeGenesis> = {}): CodeGenesis => ({
  methods: Object.entries(methods).map(([name, body]) => ({ name, body })),
  onTimer: [],
  ...more,
});
const module = (name: string, more: Partial<CodeGenesis> = {}): Module => ({
  ...parts({ read: [replyWith({ kind: "page", page: 0 })], keep: [replyWith({ kind: "page", page: 3 })] }, more),
  name: moduleName(name),
});

/** A chief who asks for one thing after another, each in a call of its own. */
const chiefWho = (...words: readonly string[]): CanisterGenesis =>
  canister("chief", {
    go: words.map((said) => asks(said)),
  });

/** Two pages of heap, and two of stable memory: 2 and 3. */
const controlled = { controllers: [canisterId("chief")], stablePages: 2 };
const target = (more: Partial<CanisterGenesis> = {}): CanisterGenesis =>
  canister(
    "a",
    { fill: [write(0, "aa"), write(3, "bb"), timer, { op: "certify", data: literal("cc") }, replyWith(literal(""))] },
    { ...controlled, ...more },
  );

const genesis = (canisters: readonly CanisterGenesis[], modules: readonly Module[], parameters: Partial<Parameters> = {}): Genesis => ({
  ...world(canisters, {
    queueCapacity: 9,
    maxPayload: bytes(64),
    heapPages: 2,
    installInstructionLimit: instructions(50),
    installRateLimit: instructions(50),
    ...parameters,
  }),
  modules,
});

const fillAndGo: readonly Input[] = [ingress("f", "a", "fill"), round(1), ingress("i", "chief", "go"), ...rounds(4)];

const answers = (trace: Trace) => find(trace, "management-answered").map(({ result }) => (result.kind === "reply" ? "" : result.error));
const ran = (trace: Trace) => find(trace, "installation-ran");
const read = (method: string): readonly Input[] => [ingress(`r-${method}`, "a", method), round(9)];
const contents = (trace: Trace) =>
  find(trace, "ingress-answered")
    .filter(({ ingress: id }) => id.startsWith("r-"))
    .map(({ result }) => (result.kind === "reply" ? result.payload : result.error));

describe("an installation", () => {
  test("puts code where there was none, and runs its beginning", () => {
    const begins = module("m", { onInit: [write(0, "01"), { op: "certify", data: literal("02") }] });
    const trace = run(genesis([chiefWho("uninstall_code a", "install_code a install m"), target()], [begins]), [
      ...fillAndGo,
      ...read("read"),
    ]);
    expect(answers(trace)).toEqual(["", ""]);
    expect(ran(trace)).toMatchObject([
      { mode: "install", module: "m", trap: null, instructions: 2, wrote: [[0, "01"]], pages: 1, timer: null },
    ]);
    expect(find(trace, "data-certified").map(({ data }) => data)).toEqual(["cc", "02"]);
    expect(contents(trace)).toEqual(["01"]);
    expect(balanced(trace)).toBe(true);
  });

  test("is refused, and costs nothing, when it makes no sense", () => {
    const keeps = { ...target(), persistentHeap: true };
    const chief = chiefWho(
      "install_code a install m",
      "install_code a upgrade n",
      "install_code a upgrade m",
      "install_code a upgrade m keep",
    );
    const trace = run(genesis([chief, keeps], [module("m")]), fillAndGo);
    expect(answers(trace)).toEqual(["IC0514", "IC0505", "IC0504", "IC0504"]);
    expect(ran(trace)).toEqual([]);
    const bare = run(genesis([chiefWho("uninstall_code a", "install_code a upgrade m"), target()], [module("m")]), fillAndGo);
    expect(answers(bare)).toEqual(["", "IC0537"]);
  });

  test("begins anew as a reinstallation", () => {
    const trace = run(genesis([chiefWho("install_code a reinstall m"), target()], [module("m")]), [
      ...fillAndGo,
      ...read("read"),
      ...read("keep"),
    ]);
    expect(ran(trace)).toMatchObject([{ pages: 0, timer: null, wrote: [] }]);
    expect(find(trace, "data-certified").map(({ data }) => data)).toEqual(["cc", ""]);
    expect(contents(trace)).toEqual(["", "IC0502"]);
    expect(find(trace, "stable-resized").map(({ stablePages }) => stablePages)).toEqual([0]);
  });
});

describe("an upgrade", () => {
  test("keeps stable memory and certified data, and the heap only when it is told so", () => {
    const keeps = module("m", { persistentHeap: true });
    const read2 = [...fillAndGo, ...read("read"), ...read("keep")];
    const replaced = run(genesis([chiefWho("install_code a upgrade m replace"), target({ persistentHeap: true })], [keeps]), read2);
    expect(contents(replaced)).toEqual(["", "bb"]);
    expect(ran(replaced)).toMatchObject([{ pages: 2, timer: null }]);
    expect(find(replaced, "data-certified")).toHaveLength(1);
    const kept = run(genesis([chiefWho("install_code a upgrade m keep"), target({ persistentHeap: true })], [keeps]), read2);
    expect(contents(kept)).toEqual(["aa", "bb"]);
  });

  test("runs the hook of the old code, and then that of the new, unless it is told to skip the first", () => {
    const saving = target({ onPreUpgrade: [{ op: "write", page: 3, value: { kind: "page", page: 0 } }, timer] });
    const loading = module("m", { onPostUpgrade: [{ op: "write", page: 0, value: { kind: "page", page: 3 } }] });
    const both = run(genesis([chiefWho("install_code a upgrade m"), saving], [loading]), [...fillAndGo, ...read("read")]);
    expect(contents(both)).toEqual(["aa"]);
    expect(ran(both)).toMatchObject([{ instructions: 3, timer: null, wrote: [[3, "aa"]] }]);
    const skipped = run(genesis([chiefWho("install_code a upgrade m skip"), saving], [loading]), [...fillAndGo, ...read("read")]);
    expect(contents(skipped)).toEqual(["bb"]);
  });

  test("that traps anywhere leaves all as it was, but for its cost", () => {
    const breaking = (hooks: Partial<CodeGenesis>, of: Partial<CanisterGenesis> = {}) =>
      run(
        genesis(
          [chiefWho("install_code a upgrade m"), target({ ...of, methods: [...target().methods, ...module("x").methods] })],
          [module("m", hooks)],
        ),
        [...fillAndGo, ...read("read"), ...read("keep")],
      );
    for (const trace of [
      breaking({}, { onPreUpgrade: [write(3, "99"), { op: "burn", cycles: cycles(1n) }, trap] }),
      breaking({ onPostUpgrade: [write(3, "99"), { op: "certify", data: literal("99") }, trap] }, { onPreUpgrade: [write(0, "99")] }),
    ]) {
      expect(answers(trace)).toEqual(["IC0503"]);
      expect(ran(trace)).toMatchObject([{ trap: "IC0503", wrote: [], pages: 3, timer: 101n, burned: 0n }]);
      expect(find(trace, "data-certified")).toHaveLength(1);
      expect(contents(trace)).toEqual(["aa", "bb"]);
      expect(balanced(trace)).toBe(true);
    }
  });

  test("has one limit for all that runs, and may not call, accept or answer", () => {
    const slow = target({ onPreUpgrade: [consume(30)] });
    const over = run(genesis([chiefWho("install_code a upgrade m"), slow], [module("m", { onPostUpgrade: [consume(21)] })]), fillAndGo);
    expect(ran(over)).toMatchObject([{ trap: "IC0522", instructions: 50 }]);
    const within = run(genesis([chiefWho("install_code a upgrade m"), slow], [module("m", { onPostUpgrade: [consume(20)] })]), fillAndGo);
    expect(ran(within)).toMatchObject([{ trap: null, instructions: 50 }]);
    for (const forbidden of [
      call("b", "x"),
      replyWith(literal("")),
      { op: "reject" } as const,
      { op: "accept", cycles: cycles(1n) } as const,
    ]) {
      const trace = run(
        genesis([chiefWho("install_code a upgrade m"), target()], [module("m", { onPostUpgrade: [forbidden] })]),
        fillAndGo,
      );
      expect(ran(trace)).toMatchObject([{ trap: "IC0504" }]);
    }
  });
});

describe("who installs", () => {
  test("pays for what runs, and has to let rounds pass", () => {
    const chief = chiefWho("install_code a upgrade m", "install_code a upgrade m");
    const slow = module("m", { onPostUpgrade: [consume(40)] });
    const twice = run(genesis([chief, target()], [slow], { installRateLimit: instructions(15) }), [
      ...fillAndGo,
      ingress("j", "chief", "go"),
      ...rounds(2),
    ]);
    expect(answers(twice)).toEqual(["", "IC0209", "", "IC0209"]);
    const [first] = ran(twice);
    expect(first!.prepaid - first!.charged).toBe(10n);
  });

  test("is refused when the balance does not cover it, and undone when it grows beyond its means", () => {
    const poor = run(
      genesis([chiefWho("install_code a upgrade m"), target({ balance: cycles(5_900_000n) })], [module("m")], {
        installInstructionLimit: instructions(5_000_000),
      }),
      [ingress("i", "chief", "go"), ...rounds(3)],
    );
    expect(answers(poor)).toEqual(["IC0207"]);
    expect(ran(poor)).toEqual([]);
  });

  test("does not grow beyond its means", () => {
    const growing = module("m", { onInit: [write(0, "01")] });
    const dear = target({ freezingThreshold: seconds(10_000_000_000), balance: cycles(60_000_000_000n) });
    const chief = chiefWho("uninstall_code a", "install_code a install m");
    const trace = run(genesis([chief, dear], [growing], { pageSize: bytes(1_000_000) }), [ingress("i", "chief", "go"), ...rounds(3)]);
    expect(answers(trace)).toEqual(["", "IC0207"]);
    expect(ran(trace)).toMatchObject([{ trap: "IC0207", instructions: 1, pages: 0 }]);
    expect(balanced(trace)).toBe(true);
  });

  test("sees another version before the code is exchanged than behind", () => {
    const tells = (page: number): Instruction => ({ op: "write", page, value: { kind: "version" } });
    const trace = run(
      genesis([chiefWho("install_code a upgrade m"), target({ onPreUpgrade: [tells(2)] })], [module("m", { onPostUpgrade: [tells(3)] })]),
      fillAndGo,
    );
    expect(ran(trace)).toMatchObject([
      {
        wrote: [
          [2, "0000000000000001"],
          [3, "0000000000000002"],
        ],
      },
    ]);
  });

  test("changes the version and the history, as everything does that lasts", () => {
    const versioned: Partial<CodeGenesis> = { methods: [{ name: "version", body: [replyWith({ kind: "version" })] }] };
    const chief = chiefWho("stop_canister a", "install_code a reinstall m", "start_canister a", "canister_info a 5");
    const told = run(genesis([chief, target()], [module("m", versioned)]), [ingress("i", "chief", "go"), ...rounds(3), ...read("version")]);
    // The stop, the installation, and the start, which comes before the canister is at rest.
    expect(contents(told)).toEqual(["0000000000000003"]);
    const info = find(told, "management-answered").at(-1)!.result;
    expect(info).toEqual({ kind: "reply", payload: asciiOf("1 chief 2:2:reinstall:chief") });
    expect(eventsOf(told).some(({ kind }) => kind === "installation-ran")).toBe(true);
  });
});
