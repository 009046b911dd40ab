/** What users read from the certified state about each other: of messages only what they sent themselves, of canisters who controls them. */
import { describe, expect, test } from "vitest";
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  hex,
  lookUp,
  type Event,
  type Genesis,
  type Input,
  type Lookup,
  type Path,
} from "../spec/index.ts";
import { boot, type EngineSession } from "./engine.ts";
import { install, of, started } from "./small-code.ts";
import { asked, manager, order } from "./small-management.ts";
import { certify, ingress, readState, reply, round, sentBy, smallWorld, uninstall, write } from "./small-world.ts";

const read = (session: EngineSession, sender: string | null, ...paths: readonly Path[]): Event => {
  const input = readState(...paths);
  const { events } = session.apply(sender === null ? input : sentBy(sender, input));
  expect(events).toHaveLength(1);
  return events[0]!;
};

/** What the reader finds at a path, or why it is refused. */
const found = (session: EngineSession, sender: string | null, path: Path): Lookup | string => {
  const event = read(session, sender, path);
  if (event.kind === "read-state-refused") return event.error;
  return event.kind === "certificate-issued" ? lookUp(event.witness, path) : event.kind;
};
const text = (content: string): Lookup => ({ kind: "found", value: asciiOf(content) });
const absent: Lookup = { kind: "absent" };

const statusOf = (id: string): Path => ["request_status", id, "status"];
const after = (genesis: Genesis, ...inputs: readonly Input[]): EngineSession => {
  const session = boot(genesis);
  for (const input of inputs) session.apply(input);
  return session;
};

describe("of a message", () => {
  const genesis = smallWorld({ a: { go: [reply("77")] } });
  const ann = sentBy("@ann", ingress("i", "a"));

  test("whoever sent it reads, and nobody else: no other user, and not whoever has no name", () => {
    const session = after(genesis, round(), ann);
    for (const step of [undefined, round(0n), { kind: "restart" } as const]) {
      if (step !== undefined) session.apply(step);
      for (const path of [statusOf("i"), ["request_status", "i", "reply"], ["request_status", "i"]]) {
        expect(read(session, "@ann", path).kind).toBe("certificate-issued");
        for (const other of ["@bob", "@anonymous", null]) expect(found(session, other, path)).toBe("CN0027");
      }
    }
    expect(found(session, "@ann", statusOf("i"))).toEqual(text("replied"));
  });

  test("that nobody in particular sent whoever is nobody in particular reads, by that name, too", () => {
    const session = after(genesis, ingress("i", "a"), sentBy("@anonymous", ingress("j", "a")), round());
    for (const id of ["i", "j"]) {
      for (const nobody of [null, "@anonymous"]) expect(found(session, nobody, statusOf(id))).toEqual(text("replied"));
      expect(found(session, "@ann", statusOf(id))).toBe("CN0027");
    }
  });

  test("all paths are looked at, and this is the last that is refused", () => {
    const session = boot(genesis);
    const own = ["@ann", "@bob"].map((sender) => sentBy(sender, ingress(sender.slice(1), "a")));
    for (const input of own) session.apply(input);
    const refusal = (sender: string, ...paths: readonly Path[]): string => {
      const event = read(session, sender, ...paths);
      return event.kind === "read-state-refused" ? event.error : event.kind;
    };
    expect(refusal("@ann", statusOf("bob"))).toBe("IC0208");
    session.apply(round());
    expect(refusal("@ann", ...Array.from({ length: 1_001 }, () => statusOf("bob")))).toBe("CN0022");
    for (const paths of [
      [statusOf("bob"), ["nothing"]],
      [["nothing"], statusOf("bob")],
    ])
      expect(refusal("@ann", ...paths)).toBe("CN0023");
    for (const paths of [
      [statusOf("ann"), statusOf("bob")],
      [statusOf("bob"), ["time"], statusOf("ann")],
    ])
      expect(refusal("@ann", ...paths)).toBe("CN0027");
    expect(refusal("@ann", statusOf("ann"), ["time"], statusOf("carl"), ["canister", "bob", "controllers"])).toBe("certificate-issued");
  });

  test("that is not known everybody reads that it is not there: one that was refused, one that was never sent, and one that was pruned", () => {
    const session = after(genesis, sentBy("@ann", ingress("bad", "nobody")), ann, round());
    for (const id of ["bad", "never"])
      for (const reader of ["@ann", "@bob", null]) expect(found(session, reader, statusOf(id))).toEqual(absent);
    session.apply(round(1_000_000_000_000n));
    for (const reader of ["@ann", "@bob", null]) expect(found(session, reader, statusOf("i"))).toEqual(absent);
  });

  test("that comes again once it was pruned is of whoever sent it then; before that, of whoever sent it first", () => {
    const again = sentBy("@bob", ingress("i", "a"));
    const session = after(genesis, ann, round(), again);
    expect([found(session, "@ann", statusOf("i")), found(session, "@bob", statusOf("i"))]).toEqual([text("replied"), "CN0027"]);
    for (const input of [round(1_000_000_000_000n), again]) session.apply(input);
    expect([found(session, "@ann", statusOf("i")), found(session, "@bob", statusOf("i"))]).toEqual(["CN0027", text("received")]);
  });

  test("the answer of which is forgotten is still of whoever sent it, also after a restart", () => {
    const session = after(smallWorld({ a: { go: [reply("77")] } }, { historyMemory: bytes(0) }), ann, round());
    for (const input of [readState(), { kind: "restart" } as const]) {
      session.apply(input);
      expect([found(session, "@ann", statusOf("i")), found(session, "@bob", statusOf("i"))]).toEqual([text("done"), "CN0027"]);
    }
  });

  test("to the management canister it is the same", () => {
    const session = after(smallWorld({ a: { controllers: ["@ann"] } }), asked("u", "@ann", "canister_status", "a"), round(0n), round(0n));
    expect([found(session, "@ann", statusOf("u")), found(session, "@bob", statusOf("u"))]).toEqual([text("replied"), "CN0027"]);
  });
});

describe("the controllers of a canister", () => {
  const controllers = (session: EngineSession, id = "a", reader: string | null = null): Lookup | string =>
    found(session, reader, ["canister", id, "controllers"]);

  test("anybody reads, by id, each once, with one space between; no bytes where there are none", () => {
    const session = after(smallWorld({ a: { controllers: ["zed", "@ann", "boss", "@ann"] }, b: {} }), round());
    for (const reader of [null, "@ann", "@eve"]) {
      expect(controllers(session, "a", reader)).toEqual(text("@ann boss zed"));
      expect(controllers(session, "b", reader)).toEqual(text(""));
      expect(controllers(session, "c", reader)).toEqual(absent);
    }
  });

  test("are in the root, apart from all else: who controls nobody is another than who is controlled", () => {
    const rootWith = (...named: string[]): string => after(smallWorld({ a: { controllers: named } })).apply(readState()).stateRoot!;
    const roots = [rootWith(), rootWith("a"), rootWith("b"), rootWith("a", "b"), rootWith("@a")];
    expect(new Set(roots).size).toBe(roots.length);
    expect(rootWith("b", "a", "b")).toBe(rootWith("a", "b"));
  });

  test("are those that settings name last, and the ones before where settings name none", () => {
    const session = after(smallWorld({ a: { controllers: ["boss"] }, boss: manager() }), round());
    const before = session.apply(readState()).stateRoot!;
    order(session, "update_settings", "a controllers=zed,boss,@ann");
    expect(controllers(session)).toEqual(text("@ann boss zed"));
    order(session, "update_settings", "a freezing_threshold=7");
    expect(controllers(session)).toEqual(text("@ann boss zed"));
    expect(session.apply(readState()).stateRoot).not.toBe(before);
    order(session, "update_settings", "a controllers=");
    expect(controllers(session)).toEqual(text(""));
  });

  test("of a canister that is made are whoever asked, or those that are named; and of one that the world creates those that it is born with", () => {
    const session = after(smallWorld({ boss: manager({ attached: 9_000n }) }), round());
    order(session, "create_canister", "");
    order(session, "create_canister", "controllers=@bob,@ann");
    expect([controllers(session, "canister-0"), controllers(session, "canister-1")]).toEqual([text("boss"), text("@ann @bob")]);
    const [born] = smallWorld({ e: { controllers: ["e", "@ann"] } }).canisters;
    session.apply({ kind: "create-canister", canister: born! });
    expect(controllers(session, "e")).toEqual(text("@ann e"));
  });

  test("of a canister that a user makes out of nothing is that user", () => {
    const world: Genesis = { ...smallWorld({ a: {} }), provisional: cycles(700n) };
    const session = after(world, round(), asked("u", "@ann", "provisional_create_canister_with_cycles", ""), round(0n), round(0n));
    expect(controllers(session, "canister-0")).toEqual(text("@ann"));
  });

  test("stay with the canister: when code is installed or taken away, and when all starts anew; they go with it", () => {
    const session = started({ controllers: ["boss"] }, { onInit: [certify("01")] });
    const named = () => controllers(session, "b");
    install(session, "b reinstall m");
    expect([of(session).id, named()]).toEqual(["b", text("boss")]);
    order(session, "update_settings", "b controllers=boss,@ann");
    const root = session.apply(readState()).stateRoot!;
    expect(session.apply({ kind: "restart" }).stateRoot).toBe(root);
    for (const input of [uninstall("b"), round()]) session.apply(input);
    expect(named()).toEqual(text("@ann boss"));
    session.apply({ kind: "delete-canister", canister: canisterId("b") });
    expect(named()).toEqual(absent);
  });

  test("are shown beside the certified data where both are asked for, and each of them alone", () => {
    const session = after(
      smallWorld({ a: { controllers: ["@ann"], go: [write(3, "04"), certify("01"), reply()] } }),
      ingress("i", "a"),
      round(),
    );
    const both: readonly Path[] = ["certified_data", "controllers"].map((label) => ["canister", "a", label]);
    const lookups = (...paths: readonly Path[]) => {
      const event = read(session, null, ...paths);
      return event.kind === "certificate-issued" ? both.map((path) => lookUp(event.witness, path)) : [];
    };
    const [data, ruled] = [{ kind: "found", value: hex("01") }, text("@ann")] as const;
    const unknown = { kind: "unknown" };
    expect(lookups(...both)).toEqual([data, ruled]);
    expect(lookups(both[0]!)).toEqual([data, unknown]);
    expect(lookups(both[1]!)).toEqual([unknown, ruled]);
    expect(lookups(both[1]!, both[1]!, ["canister", "b", "controllers"])).toEqual([unknown, ruled]);
  });
});
