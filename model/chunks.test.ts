/** Chunks in small stories: a module comes in pieces, is joined where it is allowed, and is gone when it has to be. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  hex,
  instructions,
  moduleName,
  nanoseconds,
  seconds,
  type CanisterGenesis,
  type Genesis,
  type Input,
  type Parameters,
  type Trace,
} from "../spec/index.ts";
import {
  asks,
  balanced,
  canister,
  eventsOfKind as find,
  frozen,
  ingress,
  literal,
  replyWith,
  round,
  rounds,
  run,
  world,
} from "./testing.ts";

const digest = (text: string) => hex(createHash("sha256").update(text, "ascii").digest("hex"));

/** Joins parts to a module. */
const joining = (store: string, parts: readonly string[], whole = parts.join(""), onto = "a install"): string =>
  `install_chunked_code ${onto} ${store} ${digest(whole)} ${parts.map(digest).join(",")}`;

/** A canister with a method for each list of things to ask for. */
const asking = (id: string, asked: readonly (readonly string[])[], more: Partial<CanisterGenesis> = {}): CanisterGenesis =>
  canister(id, Object.fromEntries(asked.map((words, k) => [`go${k}`, words.map((said) => asks(said))])), more);

const chief = (...asked: readonly (readonly string[])[]): CanisterGenesis => asking("chief", asked);

const target = (id = "a", more: Partial<CanisterGenesis> = {}): CanisterGenesis =>
  canister(
    id,
    { fill: [{ op: "write", page: 0, value: { kind: "message" } }, replyWith(literal(""))] },
    { controllers: [canisterId("chief")], ...more },
  );

const genesis = (canisters: readonly CanisterGenesis[], parameters: Partial<Parameters> = {}): Genesis => ({
  ...world(canisters, {
    queueCapacity: 20,
    maxPayload: bytes(1_024),
    messageInstructionLimit: instructions(200),
    installInstructionLimit: instructions(200),
    chunkInstructions: instructions(100),
    chunkBytes: bytes(64),
    ...parameters,
  }),
  modules: [{ name: moduleName("new-one"), methods: [{ name: "hello", body: [replyWith(literal("aa"))] }], onTimer: [] }],
});

const go = (k: number, id = "chief"): readonly Input[] => [ingress(`${id}-${k}`, id, `go${k}`), ...rounds(3)];
const answers = (trace: Trace) =>
  find(trace, "management-answered").map(({ result }) => (result.kind === "reply" ? result.payload : result.error));
const told = (canisters: readonly CanisterGenesis[], parameters: Partial<Parameters> = {}) =>
  answers(run(genesis(canisters, parameters), go(0)));

/** The digests of the chunks that a canister keeps after some inputs. */
const kept = (world: Genesis, inputs: readonly Input[], id = "a") => {
  const session = frozen.boot(world);
  if ("then" in session) throw new Error("the reference answers at once");
  for (const input of inputs) void session.apply(input);
  const view = session.view?.();
  if (view === undefined || "then" in view) throw new Error("the reference shows its state at once");
  return view.canisters.find(({ id: one }) => one === id)?.chunks;
};

describe("a chunk", () => {
  test("is kept under its digest, once, and paid for once", () => {
    const trace = run(
      genesis([chief(["upload_chunk a new", "upload_chunk a new", "upload_chunk a -one", "stored_chunks a"]), target()]),
      go(0),
    );
    const [one, two] = [digest("new"), digest("-one")];
    expect(answers(trace)).toEqual([asciiOf(one), asciiOf(one), asciiOf(two), asciiOf([one, two].sort().join(" "))]);
    // 100 instructions cost 100, without a base fee.
    const [first, second] = find(trace, "chunk-kept");
    expect(first).toMatchObject({ canister: "a", digest: one, charged: 100n, reserved: 0n });
    expect([second?.digest, second?.balance]).toEqual([two, first!.balance - 100n]);
    expect(balanced(trace)).toBe(true);
  });

  test("is kept by a canister for itself, for its controllers, and for nobody else", () => {
    const words = ["upload_chunk b x", "stored_chunks b", "clear_chunk_store b"];
    expect(told([chief(words), target("b", { controllers: [] })])).toEqual(["IC0512", "IC0512", "IC0512"]);
    const own = asking("b", [words, [joining("b", ["x"])]]);
    const trace = run(genesis([own, target()]), [...go(0, "b"), ...go(1, "b")]);
    expect(answers(trace)).toEqual([asciiOf(digest("x")), asciiOf(digest("x")), "", "IC0512"]);
  });

  test("has no room where there are enough, nor behind much that was written", () => {
    const words = ["upload_chunk a x", "upload_chunk a y", "upload_chunk a x"];
    expect(told([chief(words), target()], { chunkLimit: 1 })).toEqual([asciiOf(digest("x")), "IC0504", asciiOf(digest("x"))]);
    expect(told([chief(words), target()], { heapDeltaRateLimit: bytes(64) })[1]).toBe("IC0210");
  });

  test("is paid for like memory, and set aside for where memory is scarce", () => {
    const scarce = { storage: { threshold: bytes(0), capacity: bytes(64), period: seconds(1_000_000_000) } };
    const words = chief(["upload_chunk a x"]);
    const trace = run(genesis([words, target()], scarce), go(0));
    const [event] = find(trace, "chunk-kept");
    expect(event!.reserved).toBeGreaterThan(0n);
    expect(trace.steps.at(-1)!.observation.ledger.reserved).toBe(event!.reserved);
    expect(told([words, target("a", { reservedLimit: cycles(event!.reserved - 1n) })], scarce)).toEqual(["IC0534"]);
    const having = (balance: bigint) => told([words, target("a", { balance: cycles(balance) })]);
    expect([having(100n), having(99n)]).toEqual([[asciiOf(digest("x"))], ["IC0207"]]);
    expect(balanced(trace)).toBe(true);
  });

  test("takes of memory what pages of so many bytes take", () => {
    const due = { chargePeriod: nanoseconds(1_000_000_000n), pageSize: bytes(2 ** 20), chunkBytes: bytes(2 ** 20) };
    const charged = (inputs: readonly Input[]) =>
      find(run(genesis([chief(["upload_chunk a x"]), target()], due), [...inputs, round(9, 86_400_000_000_000n)]), "resources-charged");
    const [page, chunk] = [charged([ingress("f", "a", "fill", "01"), ...rounds(4)]), charged(go(0))];
    expect(page.at(-1)!.memory).toBeGreaterThan(0n);
    expect(chunk.at(-1)!.memory).toBe(page.at(-1)!.memory);
  });
});

describe("the chunks of a canister", () => {
  const some = ["upload_chunk a new", "upload_chunk a -one"];
  const both = [digest("new"), digest("-one")].sort();

  test("are cleared away, and counted then", () => {
    const trace = run(genesis([chief([...some, "clear_chunk_store a", "stored_chunks a", "clear_chunk_store a"]), target()]), go(0));
    expect(answers(trace).slice(2)).toEqual(["", "", ""]);
    expect(find(trace, "chunks-cleared").map(({ chunks }) => chunks)).toEqual([2, 0]);
  });

  test("outlive installations and a restart, but not the code that is taken away", () => {
    const words = [...some, "install_code a reinstall new-one", "install_code a upgrade new-one", "install_code a upgrade none"];
    const one = genesis([chief(words, ["uninstall_code a"]), target()]);
    expect(kept(one, [...go(0), { kind: "restart" }])).toEqual(both);
    expect(kept(one, [...go(0), ...go(1)])).toEqual([]);
    expect(kept(genesis([chief(some), target()]), [...go(0), { kind: "uninstall", canister: canisterId("a") }])).toEqual([]);
  });

  test("are gone when their canister runs dry", () => {
    const poor = target("a", { balance: cycles(300n) });
    const free = { threshold: bytes(0), capacity: bytes(1), period: seconds(0) };
    const dear = { storage: free, chunkBytes: bytes(2 ** 40), chargePeriod: nanoseconds(1n) };
    const trace = run(genesis([chief(some, ["stored_chunks a"]), poor], dear), [...go(0), round(9, 10n ** 15n), ...go(1)]);
    expect(find(trace, "ran-dry")).toHaveLength(1);
    expect(answers(trace).at(-1)).toBe("");
  });

  test("are those of a snapshot when it is brought back", () => {
    const words = [...some, "take_canister_snapshot a", "clear_chunk_store a", "upload_chunk a x"];
    const one = genesis([chief(words, ["load_canister_snapshot a a 0"]), target()]);
    expect(kept(one, go(0))).toEqual([digest("x")]);
    expect(kept(one, [...go(0), ...go(1)])).toEqual(both);
  });

  test("weigh in a snapshot what they weigh in the canister", () => {
    const scarce = { storage: { threshold: bytes(0), capacity: bytes(1_024), period: seconds(1_000_000_000) } };
    const trace = run(genesis([chief([...some, "take_canister_snapshot a", "load_canister_snapshot a a 0"]), target()], scarce), go(0));
    const [taken] = find(trace, "snapshot-taken");
    expect(taken!.reserved).toBeGreaterThan(0n);
    const slow = { heapDeltaRateLimit: bytes(129) };
    const twice = ["take_canister_snapshot a", "take_canister_snapshot a"];
    expect(told([chief([...some, ...twice]), target()], slow).slice(2)).toEqual([asciiOf("0"), "IC0210"]);
  });
});

describe("an installation of chunks", () => {
  const parts = ["new", "-one"];
  const stored = ["upload_chunk b new", "upload_chunk b -one"];
  const installing = (words: string, more: readonly CanisterGenesis[] = []) =>
    told([chief(["uninstall_code a", ...stored, words]), target(), target("b"), ...more]).at(-1);

  test("puts the module in place that they make in their order", () => {
    const words = [...stored, joining("b", parts, "new-one", "a upgrade"), "canister_info a 1"];
    const trace = run(genesis([chief(words), target(), target("b")]), [...go(0), ingress("h", "a", "hello"), ...rounds(2)]);
    expect(find(trace, "installation-ran")).toMatchObject([{ canister: "a", mode: "upgrade", module: "new-one", trap: null }]);
    expect(find(trace, "ingress-answered").at(-1)?.result).toEqual({ kind: "reply", payload: "aa" });
    expect(answers(trace)[2]).toBe("");
    expect(answers(trace)[3]).toMatch(new RegExp(asciiOf(":upgrade:chief")));
  });

  test("takes them from the canister itself, too, and one of them several times", () => {
    const words = ["upload_chunk a new-one", joining("a", ["new-one"], "new-one", "a reinstall")];
    expect(told([chief(words), target()]).at(-1)).toBe("");
    const twice = ["upload_chunk a n", joining("a", ["n", "n"], "nn", "a upgrade")];
    expect(told([chief(twice), target()]).at(-1)).toBe("IC0505");
  });

  test("asks who keeps them, who wants them, whether they are there, and whether they are what was meant, in this order", () => {
    expect(installing(joining("gone", parts))).toBe("IC0301");
    expect(installing(joining("c", parts), [target("c", { controllers: [] })])).toBe("IC0512");
    expect(installing(joining("b", ["new", "x"]))).toBe("IC0504");
    expect(installing(joining("b", parts, "-onenew"))).toBe("IC0504");
    expect(installing(joining("b", [...parts].reverse(), "new-one"))).toBe("IC0504");
    expect(installing(joining("b", parts))).toBe("");
  });

  test("is an installation from its first condition on", () => {
    expect(installing(joining("b", ["new", "new"]))).toBe("IC0505");
    expect(
      installing(
        joining(
          "b",
          Array.from({ length: 9 }, () => "-one"),
        ),
      ),
    ).toBe("IC0505");
    const again = [...stored, joining("b", parts)];
    expect(told([chief(again), target(), target("b")]).at(-1)).toBe("IC0514");
  });
});
