/** Chunks: what is kept, who may look after it and join it, and what takes it away. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { asciiOf, bytes, canisterId, instructions, type Event, type Parameters } from "../spec/index.ts";
import { boot, type EngineSession } from "./engine.ts";
import { errorOf, of, ran, ruled } from "./small-code.ts";
import { ask, manager, order, told } from "./small-management.ts";
import { consume, ingress, only, reply, round, smallWorld, trap, uninstall, withModules, write, type SmallCode } from "./small-world.ts";

const digestOf = (text: string): string => createHash("sha256").update(text, "ascii").digest("hex");
const keep = (session: EngineSession, words: string, by?: string): readonly Event[] => order(session, "upload_chunk", words, by);
const list = (session: EngineSession, words = "b", by?: string): readonly Event[] => order(session, "stored_chunks", words, by);
const clear = (session: EngineSession, words = "b", by?: string): readonly Event[] => order(session, "clear_chunk_store", words, by);

/** Installs, in this manner, what the chunks of a canister make. */
const join = (session: EngineSession, manner: string, store: string, chunks: readonly string[], whole = chunks.join(""), by?: string) =>
  order(session, "install_chunked_code", `${manner} ${store} ${digestOf(whole)} ${chunks.map(digestOf).join(",")}`, by);

/** Long enough for the digests of some chunks. */
const long = { maxPayload: bytes(300), guaranteedResponseMemory: bytes(40_000) };
const modules: Record<string, SmallCode> = {
  m0: { go: [reply("a0")], onInit: [write(1, "01")] },
  mm0: { go: [reply("b0")] },
  m: { go: [reply("c0")] },
  bad: { onInit: [trap] },
};
const started = (parameters: Partial<Parameters> = {}): EngineSession =>
  boot(
    withModules(
      smallWorld(
        { b: { ...ruled, ...manager() }, boss: manager({ attached: 9n }), c: ruled, other: manager() },
        { ...long, ...parameters },
      ),
      modules,
    ),
  );
const keeping = (chunks: readonly string[], parameters: Partial<Parameters> = {}, session = started(parameters)): EngineSession => {
  for (const chunk of chunks) expect(errorOf(keep(session, `b ${chunk}`))).toBe(asciiOf(digestOf(chunk)));
  return session;
};
const chunksOf = (session: EngineSession, id = "b") => of(session, id).chunks;
const sorted = (...chunks: readonly string[]) => chunks.map(digestOf).sort();

describe("a chunk", () => {
  test("is kept under its digest, and paid for", () => {
    const session = started();
    const { balance, version, changes } = of(session);
    const { heapDelta } = session.view();
    const events = keep(session, "b m");
    expect(only(events, "chunk-kept")).toEqual([
      { kind: "chunk-kept", canister: "b", digest: digestOf("m"), charged: 70n, reserved: 0n, balance: balance - 70n },
    ]);
    expect(told(events)).toEqual([["boss", asciiOf(digestOf("m")), 9n]]);
    expect(of(session)).toMatchObject({ chunks: [digestOf("m")], balance: balance - 70n, version, changes });
    expect(session.view().heapDelta).toBe(heapDelta + 512);
  });

  test("that is there is neither kept nor paid for again, also where there is no room for more", () => {
    const session = keeping(["m"], { chunkLimit: 1 });
    const { balance } = of(session);
    const { heapDelta } = session.view();
    const events = keep(session, "b m");
    expect(only(events, "chunk-kept")).toEqual([]);
    expect(told(events)).toEqual([["boss", asciiOf(digestOf("m")), 9n]]);
    expect([of(session).balance, session.view().heapDelta]).toEqual([balance, heapDelta]);
    expect(errorOf(keep(session, "b 0"))).toBe("IC0504");
  });

  test("is listed with the others by its digest, as far as an answer goes", () => {
    const session = started({ chunkLimit: 5 });
    expect(told(list(session))).toEqual([["boss", "", 9n]]);
    keeping(["a", "b", "c", "d"], {}, session);
    expect(errorOf(list(session))).toBe(asciiOf(sorted("a", "b", "c", "d").join(" ")));
    expect(chunksOf(session)).toEqual(sorted("a", "b", "c", "d"));
    keeping(["e"], {}, session); // five digests, and what is between them, are 324 letters
    expect(errorOf(list(session))).toBe("IC0504");
  });

  test("may be looked after by the canister that keeps it, and by its controllers", () => {
    const session = started();
    const answers = (by: string) => [keep(session, "b m", by), list(session, "b", by), clear(session, "b", by)].map(errorOf);
    expect(answers("other")).toEqual(["IC0512", "IC0512", "IC0512"]);
    expect(answers("b")).toEqual([asciiOf(digestOf("m")), asciiOf(digestOf("m")), ""]);
    expect(
      ["upload_chunk", "stored_chunks", "clear_chunk_store"].map((method) =>
        errorOf(order(session, method as "stored_chunks", method === "upload_chunk" ? "gone m" : "gone")),
      ),
    ).toEqual(["IC0301", "IC0301", "IC0301"]);
  });

  test("waits for an execution under way", () => {
    const slow = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(300) };
    const session = boot(smallWorld({ b: { ...ruled, go: [consume(500), reply()] }, boss: manager() }, { ...long, ...slow }));
    session.apply(ingress("i", "b"));
    session.apply(round(0n));
    ask(session, "upload_chunk", "b m");
    for (let waited = 0; of(session).execution !== null; waited++) {
      expect(waited).toBeLessThan(6);
      expect(only(session.apply(round(0n)).events, "chunk-kept")).toEqual([]);
    }
    expect(only(session.apply(round(0n)).events, "chunk-kept")).toHaveLength(1);
  });

  test("is gone when it is cleared away, and may come again", () => {
    const session = keeping(["m", "0"]);
    expect(only(clear(session), "chunks-cleared")).toEqual([{ kind: "chunks-cleared", canister: "b", chunks: 2 }]);
    expect(told(clear(session))).toEqual([["boss", "", 9n]]);
    expect(only(clear(session), "chunks-cleared")).toMatchObject([{ chunks: 0 }]);
    keeping(["m"], {}, session);
    expect(chunksOf(session)).toEqual(sorted("m"));
  });

  test("is there after a restart and an installation, which traps or not, and gone with the code of its canister", () => {
    const session = keeping(["m", "0"]);
    session.apply({ kind: "restart" });
    order(session, "install_code", "b reinstall m");
    expect(ran(order(session, "install_code", "b reinstall bad"))).toMatchObject({ trap: "IC0503" });
    expect(chunksOf(session)).toEqual(sorted("m", "0"));
    session.apply(uninstall("b"));
    expect(chunksOf(session)).toEqual([]);
    keeping(["0"], {}, session); // of which no chunk has any need
    session.apply({ kind: "restart" });
    expect(chunksOf(session)).toEqual(sorted("0"));
    expect(errorOf(order(session, "uninstall_code", "b"))).toBe("");
    expect(chunksOf(session)).toEqual([]);
  });

  test("comes back with a snapshot, in place of those that are there, to another canister, too", () => {
    const session = keeping(["m", "0"]);
    order(session, "take_canister_snapshot", "b");
    clear(session);
    keeping(["other"], {}, session);
    expect(errorOf(keep(session, "c c"))).toBe(asciiOf(digestOf("c")));
    for (const id of ["b", "c"]) {
      expect(errorOf(order(session, "load_canister_snapshot", `${id} b 0`))).toBe("");
      expect(chunksOf(session, id)).toEqual(sorted("m", "0"));
    }
    keeping(["1"], {}, session);
    expect(errorOf(keep(session, "b 2"))).toBe("IC0504"); // three are the most, whatever they came from
    expect([chunksOf(session), chunksOf(session, "c")]).toEqual([sorted("m", "0", "1"), sorted("m", "0")]);
    session.apply({ kind: "restart" });
    order(session, "load_canister_snapshot", "b b 0");
    expect(chunksOf(session)).toEqual(sorted("m", "0"));
  });

  test("is gone, and not that of the others, when a snapshot without any comes back", () => {
    const session = started();
    order(session, "take_canister_snapshot", "b");
    keeping(["m"], {}, session);
    order(session, "take_canister_snapshot", "b");
    order(session, "load_canister_snapshot", "b b 0");
    expect(chunksOf(session)).toEqual([]);
    order(session, "load_canister_snapshot", "b b 1");
    expect(chunksOf(session)).toEqual(sorted("m"));
  });
});

describe("chunks, joined", () => {
  test("are installed as their module is, in the order in which they are named", () => {
    const session = keeping(["m", "0"]);
    const { version, changes } = of(session, "c");
    const events = join(session, "c reinstall", "b", ["m", "0"]);
    expect(ran(events)).toMatchObject({ canister: "c", mode: "reinstall", module: "m0", trap: null, wrote: [[1, "01"]] });
    expect(told(events)).toEqual([["boss", "", 9n]]);
    expect(of(session, "c")).toMatchObject({ version: version + 1, changes: changes + 1, chunks: [] });
    expect(ran(join(session, "c upgrade", "b", ["m", "m", "0"]))).toMatchObject({ module: "mm0", trap: null });
    expect(errorOf(join(session, "c upgrade", "b", ["0", "m"], "m0"))).toBe("IC0504");
  });

  test("are those of the canister itself, too, which takes them from wherever it may", () => {
    const session = keeping(["m"]);
    expect(ran(join(session, "b reinstall", "b", ["m"]))).toMatchObject({ module: "m" });
    session.apply(uninstall("c"));
    expect(errorOf(join(session, "c upgrade", "b", ["m"]))).toBe("IC0537");
    expect(ran(join(session, "c install", "b", ["m"]))).toMatchObject({ mode: "install", module: "m" });
  });

  test("are refused in order: no such canister, none of the caller's, a chunk that is not there, another digest, and then no such module", () => {
    const session = keeping(["m", "0", "x".repeat(32)]);
    order(session, "update_settings", "c controllers=boss,other,b");
    const answers: readonly (readonly [readonly Event[], string])[] = [
      [join(session, "gone install", "b", ["m"]), "IC0301"],
      [join(session, "b reinstall", "b", ["m"], "m", "other"), "IC0512"],
      [join(session, "c reinstall", "gone", ["m"]), "IC0301"],
      [join(session, "c reinstall", "b", ["gone"], "m", "other"), "IC0512"],
      [join(session, "c reinstall", "b", ["m", "gone"]), "IC0504"],
      [join(session, "c reinstall", "b", ["m"], "m0"), "IC0504"],
      [join(session, "c install", "b", ["0", "m"]), "IC0505"],
      [join(session, "c install", "b", ["x".repeat(32), "m"]), "IC0505"],
      [join(session, "c install", "b", ["m"]), "IC0514"],
    ];
    for (const [at, [events, answer]] of answers.entries()) {
      expect([at, ...told(events).map(([, said]) => said)]).toEqual([at, answer]);
      expect(ran(events)).toBeUndefined();
    }
  });

  test("may be taken by the canister that keeps them, which nobody has to control", () => {
    const session = keeping(["m"]);
    order(session, "update_settings", "c controllers=b");
    order(session, "update_settings", "b controllers=");
    expect(ran(join(session, "c reinstall", "b", ["m"], "m", "b"))).toMatchObject({ module: "m" });
    expect(errorOf(join(session, "c reinstall", "b", ["m"]))).toBe("IC0512");
  });

  test("do not wait for the canister that keeps them, but for the one onto which they are installed", () => {
    const slow = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(300) };
    const go = [consume(500), reply()];
    const world = smallWorld({ b: { ...ruled, go }, boss: manager(), c: { ...ruled, go } }, { ...long, ...slow });
    const isInstalledBehind = (busy: string): boolean => {
      const session = boot(withModules(world, modules));
      keep(session, "b m");
      session.apply(ingress("i", busy));
      session.apply(round(0n));
      expect(of(session, busy).execution).not.toBe(null);
      return ran(join(session, "c reinstall", "b", ["m"])) !== undefined;
    };
    expect(["b", "c"].map(isInstalledBehind)).toEqual([true, false]);
  });
});

test("nothing is left of the chunks of a canister that is deleted", () => {
  const session = keeping(["m"]);
  order(session, "stop_canister", "b");
  expect(only(order(session, "delete_canister", "b"), "canister-deleted")).toHaveLength(1);
  session.apply({ kind: "create-canister", canister: { ...smallWorld({ bb: {} }).canisters[0]!, id: canisterId("bb") } });
  expect(chunksOf(session, "bb")).toEqual([]);
});
