/** Installations that are refused, that trap, or that come where memory is scarce; and what is kept of all of them. */
import { describe, expect, test } from "vitest";
import { bytes, instructions, seconds } from "../spec/index.ts";
import { applyInput, boot, type EngineSession } from "./engine.ts";
import { faultsIn } from "./invariants.ts";
import { errorOf, filled, full, install, of, ran, ruled, started, world } from "./small-code.ts";
import { manager, ordering } from "./small-management.ts";
import {
  accept,
  acceptMessage,
  burn,
  call,
  certify,
  consume,
  grow,
  ingress,
  only,
  reject,
  reply,
  round,
  setTimer,
  smallWorld,
  trap,
  uninstall,
  withModules,
  write,
  type SmallCanister,
} from "./small-world.ts";
import { engineOf } from "./state.ts";

const version = { kind: "version" } as const;

describe("an installation that cannot come to a good end is refused before it costs anything", () => {
  const modules = { m: {}, lasting: { persistentHeap: true }, busy: { onInit: [consume(150)] } };
  const refusedBy = (words: string, b: SmallCanister = {}, isEmpty = false): string | undefined => {
    const session = boot(world({ ...ruled, ...b }, modules));
    if (isEmpty) session.apply(uninstall("b"));
    const { version: before } = of(session);
    const events = install(session, words);
    if (errorOf(events) !== "")
      expect([ran(events), of(session).version, of(session).balance]).toEqual([undefined, before, b.balance ?? 100_000n]);
    return errorOf(events);
  };

  test.each([
    ["b install none", "IC0505", {}, true],
    ["b install m", "IC0514", {}, false],
    ["b upgrade m", "IC0537", {}, true],
    ["b upgrade lasting", "IC0504", { persistentHeap: true }, false],
    ["b upgrade lasting replace", "", { persistentHeap: true }, false],
    ["b upgrade m keep", "IC0504", { persistentHeap: true }, false],
    ["b upgrade m replace", "", { persistentHeap: true }, false],
    ["b upgrade m", "", { persistentHeap: false }, false],
    ["b upgrade lasting keep", "", {}, false],
    ["b reinstall m", "IC0207", { balance: 2099n }, false],
    ["b reinstall m", "", { balance: 2100n }, false],
    ["b reinstall m", "", {}, true],
    ["c install m", "IC0301", {}, false],
  ] as const)("%s: %s", (words, error, b, isEmpty) => {
    expect(refusedBy(words, b, isEmpty)).toBe(error);
  });

  test("as is one that comes before rounds have forgiven the last one, whether that trapped or not", () => {
    for (const onInit of [[consume(250)], [consume(250), trap]]) {
      const session = boot(world(ruled, { m: { onInit } }));
      install(session, "b reinstall m");
      expect(of(session).installDebit).toBe(onInit.length === 1 ? 150 : 151); // a round forgives 100, also this one
      session.apply({ kind: "restart" });
      expect(errorOf(install(session, "b reinstall m"))).toBe("IC0209"); // it was asked in a round, too
      expect(of(session).installDebit).toBe(0);
      expect(ran(install(session, "b reinstall m"))).toMatchObject({ instructions: onInit.length === 1 ? 250 : 251 });
    }
  });

  test("and a round that was skipped forgives nothing", () => {
    const session = started(ruled, { ...full, onInit: [consume(249), grow(2)] }, { heapDeltaCapacity: bytes(1024) });
    install(session, "b reinstall m");
    session.apply(ingress("i", "b"));
    session.apply(round());
    const { installDebit } = of(session);
    session.apply(round());
    expect([installDebit, of(session).installDebit]).toEqual([50, 50]);
  });
});

describe("a trap", () => {
  const undone = (session: EngineSession, words: string, error: string, used: number): void => {
    const before = of(session);
    const events = install(session, words);
    const balance = before.balance - 100n - BigInt(used);
    expect(errorOf(events)).toBe(error);
    expect(ran(events)).toMatchObject({
      trap: error,
      instructions: used,
      charged: 100n + BigInt(used),
      burned: 0n,
      reserved: 0n,
      wrote: [],
    });
    const pages = before.pages.filter(([page]) => page < 4).length + before.stablePages;
    expect(ran(events)).toMatchObject({ pages, timer: before.timer, balance });
    expect(only(events, "data-certified")).toEqual([]);
    expect(of(session)).toMatchObject({ ...before, balance, installDebit: Math.max(0, used - 100) });
  };
  const much = [write(0, "01"), write(6, "02"), certify("03"), setTimer(1n), burn(7n)];

  test("in the hook of the old code leaves all as it was, but for what it cost", () => {
    undone(filled({}, { ...full, onPreUpgrade: [...much, trap] }), "b upgrade m", "IC0503", 6);
  });

  test("in the hooks of the new code, too, also what the old one did", () => {
    const b = { ...full, onPreUpgrade: much };
    undone(filled({ onPostUpgrade: [...much, trap] }, b), "b upgrade m", "IC0503", 11);
    undone(filled({ onInit: [grow(3), ...much, trap] }, b), "b reinstall m", "IC0503", 7);
  });

  test("leaves the version and the history of before, though the new code saw another one", () => {
    const b = { ...full, onPreUpgrade: [write(4, version)] };
    const session = filled({ onPostUpgrade: [write(5, version), certify(version), trap] }, b);
    undone(session, "b upgrade m", "IC0503", 4);
  });

  test("comes of the instructions of all hooks together", () => {
    const b = { ...full, onPreUpgrade: [consume(1200)] };
    undone(filled({ onPostUpgrade: [consume(801)] }, b), "b upgrade m", "IC0522", 2000);
    expect(ran(install(filled({ onPostUpgrade: [consume(800)] }, b), "b upgrade m"))).toMatchObject({ instructions: 2000, charged: 2100n });
  });

  test("comes of pages that cannot be paid for the time of the freezing threshold, at the end of all and not before", () => {
    const poor = { ...ruled, balance: 2150n, freezing: 10 }; // a page costs 10
    const writing = (pages: number) => started(poor, { onInit: [grow(2), ...[0, 1, 2, 3].slice(0, pages).map((page) => write(page, ""))] });
    undone(writing(4), "b reinstall m", "IC0207", 5);
    expect(ran(install(writing(3), "b reinstall m"))).toMatchObject({ pages: 5 });
  });

  test.each([
    ["call", call("boss")],
    ["reply", reply()],
    ["reject", reject],
    ["accept", accept(0n)],
    ["accept-message", acceptMessage],
  ] as const)("comes of %s, which nobody asked for", (_, instruction) => {
    undone(filled({ onInit: [instruction] }), "b reinstall m", "IC0504", 1);
    undone(filled({ onPostUpgrade: [instruction] }, { ...full, onPreUpgrade: [] }), "b upgrade m", "IC0504", 1);
    undone(filled({}, { ...full, onPreUpgrade: [instruction] }), "b upgrade m", "IC0504", 1);
  });

  test("comes of a page outside, or too large", () => {
    undone(filled({ onInit: [write(8, "")] }), "b reinstall m", "IC0502", 1);
    undone(filled({ onInit: [write(0, "00".repeat(1025))] }), "b reinstall m", "IC0502", 1);
  });
});

describe("memory that is scarce", () => {
  // Beyond the first page of 1 KiB, of which there are at most 9: a page sets aside what the formula of the page says.
  const storage = { threshold: bytes(1024), capacity: bytes(9 * 1024), period: seconds(160) };
  const scarce = { cores: 1, storage };

  test("is paid in advance by what an installation writes for the first time, also where it was written before", () => {
    const go = [write(0, "01"), write(1, "02"), reply()];
    const session = started({ ...ruled, go }, { onInit: [write(0, "03")] }, scarce);
    session.apply(ingress("i", "b"));
    session.apply(round(0n));
    const { reserved: before } = of(session);
    const events = install(session, "b reinstall m");
    // Two pages are in use when the third one is written, though both of them went.
    const all = (pages: bigint) => ((pages - 1n) * 1024n * 2n ** 20n * ((160n * (pages - 1n)) / 8n / 2n)) / 2n ** 30n;
    expect(before).toBe(all(2n));
    expect(ran(events)).toMatchObject({ reserved: all(3n) - all(2n), pages: 1 });
    expect(of(session).reserved).toBe(all(3n));
  });

  test("is not had beyond the limit of the canister, or beyond its balance", () => {
    const onInit = [0, 1, 2].map((page) => write(page, ""));
    const limited = started({ ...ruled, reservedLimit: 0n }, { onInit }, scarce);
    expect(errorOf(install(limited, "b reinstall m"))).toBe("IC0534");
    expect(of(limited)).toMatchObject({ reserved: 0n, pages: [] });
    const poor = started({ ...ruled, balance: 2105n }, { onInit }, scarce);
    expect(errorOf(install(poor, "b reinstall m"))).toBe("IC0532");
  });
});

test("what is kept by changes is what there is, after every step, also after a restart", () => {
  const modules = {
    m: {
      onHeartbeat: [write(1, version)],
      persistentHeap: true,
      onInit: [grow(3), write(0, "01"), write(5, "02"), setTimer(3n)],
      lowMemory: { limit: 9, threshold: 9, hook: [] },
    },
    n: { onPreUpgrade: [write(6, "03")], onPostUpgrade: [write(2, "04"), certify("05")], onTimer: [write(3, "06")] },
  };
  const genesis = withModules(smallWorld({ b: full, boss: manager(), c: ruled }, { installRateLimit: instructions(5), cores: 2 }), modules);
  const engine = engineOf(genesis);
  const session = boot(genesis);
  const words = [
    "b reinstall m",
    "c reinstall m",
    "b upgrade n replace",
    "c upgrade m keep",
    "b upgrade m",
    "c upgrade n replace",
    "c install n",
  ];
  const inputs = words.flatMap((said) => [...ordering("install_code", said), round(1n)]);
  for (const input of [ingress("fill", "b"), round(0n), ...inputs, uninstall("c"), ...ordering("install_code", "c install n")]) {
    const observation = applyInput(engine, input);
    expect(faultsIn(engine)).toEqual([]);
    session.apply({ kind: "restart" });
    expect(session.apply(input)).toEqual(observation);
  }
  expect(engine.canisters.map(({ changes }) => changes?.count ?? 0)).toEqual([3, 0, 5]);
  expect(engine.installed).toEqual([]);
});
