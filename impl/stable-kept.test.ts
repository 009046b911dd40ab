/** What stable memory that has grown outlives, and who notices that it did. */
import { describe, expect, test } from "vitest";
import { drive, type Genesis, type Input, type Scenario, type Trace } from "../spec/index.ts";
import { all, charged, dry, pass, told } from "./charged-world.ts";
import { drawnQueries } from "./drawn-queries.ts";
import { drawnSchedule } from "./drawn-schedule.ts";
import { drawnWorld } from "./drawn-world.ts";
import { applyInput, boot, type EngineSession } from "./engine.ts";
import { impl } from "./index.ts";
import { faultsIn } from "./invariants.ts";
import { errorOf, install, of, ran, ruled, started } from "./small-code.ts";
import { manager, order, ordering } from "./small-management.ts";
import { said } from "./small-queries.ts";
import {
  call,
  grow,
  ingress,
  message,
  only,
  pageOf,
  reply,
  round,
  smallWorld,
  stableSize,
  trap,
  uninstall,
  withModules,
  write,
  type SmallCanister,
  type SmallCode,
} from "./small-world.ts";
import { engineOf } from "./state.ts";

const sized = (pages: number): string => pages.toString(16).padStart(16, "0");

describe("what is grown outlives", () => {
  const grown = (m: SmallCode, b: SmallCanister = {}): EngineSession => {
    const session = started({ ...ruled, go: [write(0, "0a"), grow(2), write(5, "0b"), reply()], ...b }, m);
    session.apply(ingress("fill", "b"));
    session.apply(round(0n));
    return session;
  };
  test("an upgrade, with what its scripts grow it by, and no other installation", () => {
    const session = grown({ onPostUpgrade: [write(5, stableSize), grow(1)] }, { onPreUpgrade: [grow(1)] });
    const events = install(session, "b upgrade m");
    expect(ran(events)).toMatchObject({ pages: 4, wrote: [[5, sized(3)]] });
    expect(only(events, "stable-resized")).toEqual([{ kind: "stable-resized", canister: "b", stablePages: 4 }]);
    expect(only(install(grown({}), "b upgrade m"), "stable-resized")).toEqual([]);
    const anew = grown({ onInit: [write(0, stableSize), grow(1), write(4, "0c")] });
    expect(ran(install(anew, "b reinstall m"))).toMatchObject({ pages: 2 });
    expect([of(anew).stablePages, of(anew).pages]).toEqual([
      1,
      [
        [0, sized(0)],
        [4, "0c"],
      ],
    ]);
    const bare = grown({});
    const emptied = install(bare, "b reinstall m");
    expect([ran(emptied)!.pages, only(emptied, "stable-resized")[0]!.stablePages]).toEqual([0, 0]);
  });

  test("an installation that traps", () => {
    const session = grown(
      { onInit: [grow(4), write(7, "01"), trap], onPostUpgrade: [write(6, "01"), write(7, "02")] },
      { onPreUpgrade: [grow(1)] },
    );
    const before = of(session);
    for (const words of ["b reinstall m", "b upgrade m"]) {
      const events = install(session, words);
      expect([ran(events)!.pages, only(events, "stable-resized")]).toEqual([3, []]);
      expect(of(session)).toMatchObject({ stablePages: 2, pages: before.pages });
    }
    expect(errorOf(install(session, "b upgrade m"))).toBe("IC0502");
  });

  test("a restart, but no uninstall, and no running dry", () => {
    const session = grown({});
    const before = session.view();
    session.apply({ kind: "restart" });
    expect(session.view()).toEqual(before);
    session.apply(uninstall("b"));
    expect(of(session)).toMatchObject({ stablePages: 0, pages: [] });
    const poor = boot(charged({ a: { stablePages: 3, balance: 60n } }));
    expect(told(poor, pass(10))).toEqual([all(1, 30n, 0n)]);
    expect(told(poor, pass(20))).toEqual([all(1, 0n, 0n), dry("a", 30n)]);
    expect(of(poor, "a").stablePages).toBe(0);
  });

  test("in a snapshot, which brings it back with all that is written there", () => {
    const session = boot(
      smallWorld({
        b: {
          ...ruled,
          stablePages: 2,
          go: [write(0, "0a"), write(5, "0b"), reply()],
          methods: { more: [grow(2), write(7, "0d"), reply()] },
        },
        c: { ...ruled, go: [reply()] },
        boss: manager(),
      }),
    );
    for (const input of [ingress("i", "b"), round(0n)]) session.apply(input);
    const heapDelta = session.view().heapDelta;
    expect(only(order(session, "take_canister_snapshot", "b"), "snapshot-taken")).toMatchObject([{ pages: 3 }]);
    expect(session.view().heapDelta).toBe(heapDelta + 3 * 1024);
    for (const input of [ingress("j", "b", "more"), round(0n)]) session.apply(input);
    expect([of(session).stablePages, of(session).pages.length]).toEqual([4, 3]);
    const back = order(session, "load_canister_snapshot", "b b 0");
    expect(only(back, "snapshot-loaded")).toMatchObject([{ wrote: [], pages: 3 }]);
    expect(only(back, "stable-resized")).toMatchObject([{ canister: "b", stablePages: 2 }]);
    expect(only(order(session, "load_canister_snapshot", "b b 0"), "stable-resized")).toEqual([]);
    expect(only(order(session, "load_canister_snapshot", "c b 0"), "stable-resized")).toMatchObject([{ canister: "c", stablePages: 2 }]);
    expect(of(session, "c").pages).toEqual(of(session).pages);
  });
});

describe("an answer that is kept", () => {
  const queries = {
    size: [reply(stableSize)],
    inside: [write(4, "01"), reply("02")],
    room: [grow(2), reply("03")],
    heap: [reply(pageOf(3))],
  };
  const composites = { tree: [call("a", { method: "size", onReply: [reply(message)] })] };
  const started = (): EngineSession =>
    boot(smallWorld({ a: { stablePages: 1, queries, composites, go: [grow(1), reply()], methods: { fill: [write(0, "01"), reply()] } } }));
  const isKept = (method: string, asked: string): boolean => {
    const session = started();
    said(session, "a", method);
    for (const input of [ingress("i", "a", asked), round(0n)]) session.apply(input);
    said(session, "a", method);
    return session.recalled().hits > 0;
  };

  test.each(["size", "inside", "room", "tree"])(
    "is found anew when stable memory has another size, if that was looked at: %s",
    (method) => {
      expect([isKept(method, "fill"), isKept(method, "go")]).toEqual([true, false]);
    },
  );

  test("stays when nobody looked, and says how large it is now when somebody did", () => {
    expect([isKept("heap", "fill"), isKept("heap", "go")]).toEqual([true, true]);
    const session = started();
    expect([said(session, "a", "size"), said(session, "a", "tree")]).toEqual([sized(1), sized(1)]);
    for (const input of [ingress("i", "a"), round(0n)]) session.apply(input);
    expect([said(session, "a", "size"), said(session, "a", "tree")]).toEqual([sized(2), sized(2)]);
  });
});

test("what is kept by changes is what there is, after every step, also after a restart", () => {
  const b: SmallCanister = { ...ruled, stablePages: 1, go: [grow(1), write(5, "01"), write(1, "02"), reply()] };
  const genesis: Genesis = withModules(smallWorld({ b, boss: manager(), c: ruled }), {
    m: { persistentHeap: true, onInit: [grow(2), write(0, "03")], onPostUpgrade: [grow(1)] },
    n: { onPreUpgrade: [grow(1), trap], onPostUpgrade: [write(4, "04")] },
  });
  const inputs: readonly Input[] = [
    ...[ingress("i", "b"), round(0n), ...ordering("take_canister_snapshot", "b"), ingress("j", "b"), round(0n)],
    ...["b reinstall m", "b upgrade m keep", "b upgrade n replace", "b upgrade m keep"].flatMap((words) => ordering("install_code", words)),
    ...["b b 0", "c b 0"].flatMap((words) => ordering("load_canister_snapshot", words)),
    ...[uninstall("b"), ...ordering("take_canister_snapshot", "c"), ...ordering("delete_canister_snapshot", "b 0")],
    ...[
      { kind: "create-canister", canister: smallWorld({ d: { stablePages: 3 } }).canisters[0]! } as const,
      ...ordering("stop_canister", "c"),
    ],
    ...ordering("delete_canister", "c"),
  ];
  const engine = engineOf(genesis);
  const session = boot(genesis);
  for (const input of inputs) {
    const observation = applyInput(engine, input);
    expect(faultsIn(engine)).toEqual([]);
    session.apply({ kind: "restart" });
    expect(session.apply(input)).toEqual(observation);
  }
  expect(engine.canisters.map(({ id, stablePages }) => [id, stablePages])).toEqual([
    ["b", 0],
    ["boss", 0],
    ["d", 3],
  ]);
  expect(engine.usage.memory).toBe(3 * 1024);
});

test("drawn worlds are others where the subnet has memory for everybody", () => {
  const observed = (scenario: Scenario) =>
    (drive(impl, scenario) as Trace).steps.map(({ observation }) => only(observation.events, "stable-resized"));
  const roomy = ({ genesis, others = [], inputs }: Scenario): Scenario => {
    const storage = { ...genesis.parameters.storage, capacity: smallWorld({}).parameters.storage.capacity };
    const [first, ...rest] = [genesis, ...others].map((one) => ({ ...one, parameters: { ...one.parameters, storage } }));
    return { genesis: first!, others: rest, inputs };
  };
  const changed = [drawnWorld, drawnSchedule, drawnQueries].map((drawn) => {
    const seeds = Array.from({ length: 150 }, (_, seed) => seed).filter((seed) => drawn(seed).genesis.parameters.storage.period === 0);
    return seeds.some((seed) => JSON.stringify(observed(drawn(seed))) !== JSON.stringify(observed(roomy(drawn(seed)))));
  });
  expect(changed).toEqual([true, true, true]);
});
