/** The laws of chunks, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { asciiOf, bytes, canisterId, seconds, type CanisterGenesis, type Parameters, type Trace } from "../../spec/index.ts";
import { digestOf } from "../hashing.ts";
import { judged } from "../testing/judging.ts";
import { closet, larder, penury, puzzle, scramble } from "../testing/scenes-of-chunks.ts";
import { edited, rejected, repeated, replied, setIn, without } from "../testing/stories.ts";
import { payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { chunksAreKeptAndPaidFor, chunksMakeModules } from "./chunks.ts";

const tales = {
  puzzle: led(model, puzzle),
  closet: led(model, closet),
  larder: led(model, larder),
  scramble: led(model, scramble),
  penury: led(model, penury),
};

/** The same tale in a world where b, or the network, is another. */
const elsewhere = (tale: Trace, b: Partial<CanisterGenesis>, more: Partial<Parameters> = {}): Trace => {
  const { genesis } = tale.scenario;
  const canisters = genesis.canisters.map((one) => (one.id === "b" ? { ...one, ...b } : one));
  return setIn(tale, { ...genesis, canisters, parameters: { ...genesis.parameters, ...more } });
};

const digests = (...chunks: readonly string[]): string => chunks.map(digestOf).sort().join(" ");

describe.each([chunksAreKeptAndPaidFor, chunksMakeModules])("$id", (law) => {
  test.each(Object.entries(tales))("does not condemn the tale of %s", (_, tale) => expect(judged(law, tale)).not.toMatch(/ /));
  test("passes over worlds in which nothing is kept", () => expect(judged(law, payment)).toBe("vacuous"));
});

describe("chunks-are-kept-and-paid-for", () => {
  const told = (trace: Trace): string => judged(chunksAreKeptAndPaidFor, trace);
  const kept = (tale: Trace, nth: number, change: Readonly<Record<string, unknown>>): string =>
    told(edited(tale, "chunk-kept", nth, change));
  const answered = (tale: Trace, nth: number, result: object): string => told(edited(tale, "management-answered", nth, { result }));

  test("accepts what is kept and paid for", () => expect(Object.values(tales).map(told)).toEqual(Object.keys(tales).map(() => "holds")));

  test("condemns a chunk for which nobody asked, or whoever may not", () => {
    expect(kept(tales.closet, 0, { canister: "c" })).toBe("c keeps a chunk for which nobody asked");
    expect(told(elsewhere(tales.closet, { controllers: [canisterId("c")] }))).toBe('chunk "x" of b comes from chief, which may not');
  });
  test("condemns another digest", () =>
    expect(kept(tales.closet, 0, { digest: digestOf("y") })).toMatch(
      /^chunk "x" of b is kept under a1fc[0-9a-f]+, which is not its digest$/,
    ));
  test("condemns a chunk that is kept twice", () =>
    expect(told(repeated(tales.closet, "chunk-kept"))).toBe('chunk "x" of b was kept twice'));
  test("condemns one too many", () =>
    expect(told(elsewhere(tales.closet, {}, { chunkLimit: 2 }))).toBe('chunk "z" of b was kept beside 2, and 2 may be'));
  test("condemns whoever goes on though it changed too much", () =>
    expect(told(elsewhere(tales.closet, {}, { heapDeltaRateLimit: bytes(5) }))).toBe(
      'chunk "y" of b was kept, and 6 bytes were changed, of 5',
    ));
  test("condemns another price", () => expect(kept(tales.closet, 0, { charged: 9n })).toBe('chunk "x" of b costs 10, and was charged 9'));
  test("condemns more set aside than it needs, or less, or than may be", () => {
    expect(kept(tales.larder, 0, { reserved: 65n })).toBe('chunk "x" of b needs 64 set aside, and 65 were');
    expect(kept(tales.larder, 1, { reserved: 0n })).toBe('chunk "y" of b needs 192 set aside, and 0 were');
    expect(told(edited(tales.larder, "settings-updated", 1, { reservedLimit: 255n }))).toBe(
      'chunk "y" of b makes 256 set aside, and the limit is 255',
    );
  });
  test("condemns other cycles", () =>
    expect(kept(tales.closet, 1, { balance: 99_990n })).toBe('chunk "y" of b took 10 and 0 of 99990, and left 99990'));
  test("condemns a balance that no longer lasts", () =>
    expect(told(elsewhere(tales.penury, { freezingThreshold: seconds(13) }))).toBe(
      'chunk "y" of b left 25, below a freezing threshold of 26',
    ));
  test("condemns more that is cleared away than was kept, or less", () => {
    expect(told(edited(tales.closet, "chunks-cleared", 0, { chunks: 2 }))).toBe("b kept 3 chunks, and 2 were cleared away");
    expect(told(edited(tales.closet, "chunks-cleared", 1, { chunks: 3 }))).toBe("b kept 0 chunks, and 3 were cleared away");
  });
  test("condemns who is told of what is gone, or not of what is there", () => {
    const listed = (nth: number, text: string): string => answered(tales.closet, nth, replied(asciiOf(text)));
    expect(listed(6, digests("x", "y"))).toBe(`call 5 of chief was told of other chunks of b than "${digests("x", "y", "z")}"`);
    expect(listed(10, digests("x"))).toBe('call 9 of chief was told of other chunks of b than ""');
    expect(listed(12, "")).toMatch(/^call 11 of chief was told of other chunks/);
    expect(listed(14, digests("x", "y", "z"))).toMatch(/^call 13 of chief was told of other chunks of b than ""$/);
    expect(answered(tales.penury, 3, replied(asciiOf(digests("x", "y"))))).toMatch(/of b than ""$/);
    expect(answered(tales.closet, 6, rejected("IC0504"))).toBe("call 5 of chief was not told of the chunks of b");
  });
  test("says nothing of who is told too much for an answer, unless it is told", () => {
    const short = { ...tales.closet.scenario.genesis.parameters, maxPayload: bytes(100) };
    const tale = elsewhere(edited(tales.closet, "management-answered", 6, { result: rejected("IC0504") }), {}, short);
    expect(told(edited(tale, "management-answered", 12, { result: rejected("IC0504") }))).toBe("holds");
    expect(told(tale)).toMatch(/^call 11 of chief was told of other chunks of b/);
  });
  test("condemns a reply for what is not kept, and with another digest", () => {
    expect(told(without(tales.closet, "chunk-kept", 0))).toBe('call 0 of chief uploaded "x" to b, which does not keep it');
    expect(answered(tales.closet, 2, replied(asciiOf(digestOf("y"))))).toBe('call 2 of chief uploaded "x", and was told of another digest');
  });
  test("condemns a refusal of what can be kept, and another error", () => {
    expect(answered(tales.closet, 2, rejected("IC0504"))).toBe(
      'call 2 of chief uploaded "x" to b, refused with IC0504: expected its digest',
    );
    expect(answered(tales.closet, 4, rejected("IC0207"))).toBe('call 4 of chief uploaded "w" to b, refused with IC0207: expected IC0504');
    expect(answered(tales.scramble, 1, rejected("IC0504"))).toMatch(/expected IC0210$/);
    expect(answered(tales.larder, 2, rejected("IC0207"))).toMatch(/expected IC0534$/);
    expect(answered(tales.penury, 2, rejected("IC0504"))).toMatch(/expected IC0207$/);
  });
});

describe("chunks-make-modules", () => {
  const told = (trace: Trace): string => judged(chunksMakeModules, trace);
  const answered = (nth: number, result: object): string => told(edited(tales.puzzle, "management-answered", nth, { result }));
  /** In the place of a refusal, something is installed. */
  const installed = (nth: number, module = "plain"): string => told(edited(tales.puzzle, "management-answered", nth, { ...ran, module }));
  const ran = { kind: "installation-ran", canister: "b", mode: "reinstall", trap: null };

  test("accepts modules that chunks make", () => expect(told(tales.puzzle)).toBe("holds"));
  test("passes over chunks that nobody joins", () => expect(told(tales.closet)).toBe("vacuous"));

  test("condemns what is mixed up, is not whole, or has another digest", () => {
    expect(installed(3)).toBe("plain, installed on b from chunks of b, has a digest that was not asked for");
    expect(installed(5)).toBe("plain, installed on b from chunks of b, has chunks that are not kept there");
    expect(installed(6, "lasting")).toBe("lasting, installed on b from chunks of b, has a digest that was not asked for");
    expect(told(without(tales.puzzle, "chunk-kept", 1))).toMatch(/^plain, installed on b from chunks of b, has chunks that are not kept/);
  });
  test("condemns what comes from nobody, or from somebody over whom one has no say", () => {
    expect(installed(7)).toBe("plain, installed on b from chunks of nobody, comes from nobody");
    expect(installed(8)).toBe("plain, installed on b from chunks of c, comes from a canister over which chief has no say");
    expect(told(elsewhere(tales.puzzle, { controllers: [] }))).toMatch(/comes from a canister over which chief has no say$/);
  });
  test("condemns another module, and another canister or mode", () => {
    const another = (change: Readonly<Record<string, unknown>>): string => told(edited(tales.puzzle, "installation-ran", 0, change));
    expect(another({ module: "lasting" })).toBe("lasting, installed on b from chunks of b, is not plain, which they make");
    expect(another({ mode: "upgrade" })).toBe("plain, installed on b from chunks of b, was asked for on b, as reinstall");
    expect(another({ canister: "c" })).toBe("plain, installed on c from chunks of b, was asked for on b, as reinstall");
  });
  test("condemns a reply without an installation", () =>
    expect(told(without(tales.puzzle, "installation-ran", 0))).toBe(
      "call 2 of chief for chunks of b was answered with a reply, and nothing was installed",
    ));
  test("condemns another error, or one where there is none, or none where there is one", () => {
    expect(answered(3, rejected("IC0505"))).toBe("call 3 of chief for chunks of b was answered with IC0505: expected IC0504");
    expect(answered(4, rejected("IC0504"))).toMatch(/was answered with IC0504: expected IC0505$/);
    expect(answered(7, rejected("IC0512"))).toMatch(/was answered with IC0512: expected IC0301$/);
    expect(answered(8, rejected("IC0504"))).toMatch(/was answered with IC0504: expected IC0512$/);
    expect(answered(2, rejected("IC0504"))).toMatch(/was answered with IC0504: expected a reply$/);
    expect(answered(13, replied(""))).toMatch(/was answered with a reply: expected IC0503$/);
  });
});
