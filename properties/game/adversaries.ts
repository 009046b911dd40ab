/**
 * Adversaries of the prediction game, by name: each is a way in which randomness has been got wrong, and knows how to
 * profit from it. It guesses all 32 bytes, every bit of which is a bet; and it may name other values that it would not
 * be surprised by.
 * @source seed 003, random tape; facts/messages.md MSG-P6, MSG-P22, MSG-M6a, MSG-M6b, MSG-M6c, MSG-M22a
 */
import { bigEndian, hex, type Hex } from "../../spec/index.ts";
import { combined, tapeOfSignature } from "../committee/signatures.ts";
import { drawFrom } from "../laws/draws.ts";
import { fromHex, sha256, toHex } from "../hashing.ts";
import { hashOfBlock, type Knowledge } from "./knowledge.ts";

export interface Guess {
  /** 32 bytes; each of its bits is a bet. */
  readonly bytes: Hex;
  /** Other values, any of which would be a hit. */
  readonly among?: ReadonlySet<string>;
}

export interface Adversary {
  /** Permanent, kebab-case. */
  readonly id: string;
  /** What it believes, in a sentence. */
  readonly story: string;
  guess(knowledge: Knowledge): Guess;
}

const nothing = hex("00".repeat(32));
const hashed = (bytes: Hex): Hex => hex(toHex(sha256(fromHex(bytes))));

/** An adversary who believes that the tape of the round is one of these. */
const believer = (id: string, story: string, tapesOf: (knowledge: Knowledge) => readonly (Hex | null | undefined)[]): Adversary => ({
  id,
  story,
  guess: (knowledge) => {
    const draws = tapesOf(knowledge).flatMap((tape) =>
      tape === null || tape === undefined ? [] : [drawFrom(tape, knowledge.request.index)],
    );
    return { bytes: draws[0] ?? nothing, among: new Set(draws) };
  },
});

export const adversaries: readonly Adversary[] = [
  {
    id: "repeat-last",
    story: "What was drawn before is drawn again.",
    guess: ({ earlier, known }) => ({ bytes: earlier.at(-1)?.bytes ?? nothing, among: known }),
  },
  { id: "constant", story: "Bits are zero.", guess: () => ({ bytes: nothing }) },
  believer("last-tape", "The generator is seeded with the tape of the round before.", ({ tapes }) => [tapes.at(-1)]),
  believer("tape-of-asking-round", "A request is answered with the tape of the round that made it.", ({ tapes, request }) => [
    tapes[request.asked - 1],
  ]),
  believer("any-known-tape", "The generator is seeded with some tape that is known already.", ({ tapes }) => [
    ...tapes.slice(0, 3),
    ...tapes.slice(-3),
  ]),
  believer("hash-of-last-tape", "Tapes are a chain: each is the hash of the one before.", ({ tapes }) => tapes.slice(-1).map(hashed)),
  believer("hash-of-height", "The tape is made of the height.", ({ height }) => numbered(BigInt(height))),
  believer("hash-of-time", "The tape is made of the time of the block.", ({ time }) => numbered(time)),
  believer("hash-of-block", "The tape is made of the content of the block, which whoever writes the block can try out.", ({ block }) => [
    hashOfBlock(block),
  ]),
  believer("hash-of-state", "The tape is made of the state root.", ({ root }) => (root === null ? [] : [root, hashed(root)])),
  {
    id: "same-as-other-request",
    story: "Requests of one round share their bytes.",
    guess: ({ inRound }) => ({ bytes: inRound.at(-1)?.bytes ?? nothing, among: new Set(inRound.map(({ bytes }) => bytes)) }),
  },
  {
    id: "order-sensitive",
    story: "Who is answered first can compute what those behind get.",
    guess: ({ inRound }) => successorsOf(inRound.at(-1)?.bytes),
  },
  {
    id: "xor-of-draws",
    story: "A draw is a sum of those before it.",
    guess: ({ inRound, earlier }) => ({ bytes: summed((inRound.length > 0 ? inRound : earlier).map(({ bytes }) => bytes)) }),
  },
  {
    id: "low-entropy-dictionary",
    story: "Only one byte of the tape is random, so that all draws can be listed.",
    guess: ({ request }) => dictionaryOf(request.index),
  },
  believer("replay-after-restart", "After a restart, the tapes are used again from the first.", ({ tapes, restarts }) => {
    const since = tapes.length - (restarts.at(-1) ?? 0);
    return restarts.length === 0 ? [] : [tapes[since], tapes[(restarts.at(-2) ?? 0) + since]];
  }),
  believer("f-shares-interpolator", "The threshold is one less than it should be.", ({ shares }) =>
    shares.length === 0 ? [] : [tapeOfSignature(combined(shares)), ...shares.map(([, share]) => tapeOfSignature(share))],
  ),
];

const numbered = (count: bigint): readonly Hex[] => [bigEndian(count, 8), bigEndian(count, 32)].flatMap((bytes) => [hashed(bytes), bytes]);

const successorsOf = (last: Hex | undefined): Guess => {
  if (last === undefined) return { bytes: nothing };
  const next = (BigInt(`0x${last}`) + 1n) % (1n << 256n);
  return { bytes: hashed(last), among: new Set([next.toString(16).padStart(64, "0")]) };
};

const summed = (draws: readonly Hex[]): Hex =>
  bigEndian(
    draws.reduce((sum, bytes) => sum ^ BigInt(`0x${bytes}`), 0n),
    32,
  );

/** All draws of tapes of which only the first, or only the last byte is not zero. */
const dictionaryOf = (index: number): Guess => {
  const before = dictionaries.get(index);
  if (before !== undefined) return before;
  const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
  const draws = bytes
    .flatMap((byte) => [`${byte}${"00".repeat(31)}`, `${"00".repeat(31)}${byte}`])
    .map((tape) => drawFrom(hex(tape), index));
  const dictionary = { bytes: draws[0]!, among: new Set(draws) };
  if (dictionaries.size < 64) dictionaries.set(index, dictionary);
  return dictionary;
};

const dictionaries = new Map<number, Guess>();
