/**
 * The tape itself: there is one for each height, it is the signature of the subnet, nobody who lacks a share of the
 * threshold knows anything of it, and no round begins with another.
 */
import type { Committee, Event, Hex, Step } from "../../spec/index.ts";
import { committeeWorlds, fourNodes } from "../arbitraries/committees.ts";
import { alone } from "../case.ts";
import { interpolated, order, type Point } from "../committee/sharing.ts";
import { combined, secretOf, signedWith, tapeOf, tapeOfSignature, verifies } from "../committee/signatures.ts";
import { heldBy, tapeMadeFor } from "../tracking/committee.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";

type TapeMade = Extract<Event, { readonly kind: "tape-made" }>;

export const tapeIsOne = watchedLaw({
  id: "tape-is-one",
  statement:
    "All tapes that are made for a height are the same, whichever nodes made them of whichever shares in whatever order: the hash of the signature of the subnet.",
  source: "facts/messages.md J2, J4, MSG-P23; seed 003, random tape",
  cites: ["tape-make", "share-admit", "restart"],
  otherwise: "no tape was made",
  cases: (vocabulary) => committeeWorlds(vocabulary).map(alone),
  watch: ({ scenario: { genesis } }) => {
    let made = false;
    return {
      onEvent: (event, world) => {
        if (event.kind !== "tape-made") return undefined;
        made = true;
        const { node, height, tape } = event;
        const other = tapeMadeFor(world, height);
        if (other !== undefined && other !== tape) return `node ${node} made ${tape} of height ${height}, and another node made ${other}`;
        if (genesis.committee === undefined) return `node ${node} made a tape, and there is no committee`;
        return tape === tapeOf(genesis.committee, height)
          ? undefined
          : `node ${node} made ${tape} of height ${height}, which is not what the subnet signs`;
      },
      interested: () => made,
    };
  },
});

/** A pairing is dear, so only the first heights are looked at; each share and tape of them once. */
const highestPaired = 2;

export const tapeVerifies = watchedLaw({
  id: "tape-verifies",
  statement:
    "By the pairing that everybody can compute, what a node releases is its signature, and a tape is the hash of the signature of the subnet that the shares of its maker make.",
  source: "docs/machine.md section 9; facts/messages.md J2; seed 003, random tape",
  cites: ["block-finalise", "share-admit", "tape-make"],
  otherwise: "no tape of the first heights was made of released shares",
  cases: (vocabulary) => committeeWorlds(vocabulary, [[1, [4, 2], 1]]).map(alone),
  watch: ({ scenario: { genesis } }) => {
    let verified = false;
    return {
      onEvent: (event, world) => {
        const { committee } = genesis;
        if (committee === undefined || !("height" in event) || event.height > highestPaired) return undefined;
        if (event.kind === "share-released") {
          return verifies(committee, event.node, event.height, event.share)
            ? undefined
            : `the share of node ${event.node} for height ${event.height} is not its signature`;
        }
        if (event.kind !== "tape-made") return undefined;
        const shares = releasedAmong(event, world, committee);
        if (shares.length < committee.threshold) return undefined;
        verified = true;
        const signature = combined(shares);
        if (!verifies(committee, 0, event.height, signature))
          return `the shares of nodes ${shares.map(([node]) => node).join(", ")} for height ${event.height} do not make the signature of the subnet`;
        return tapeOfSignature(signature) === event.tape
          ? undefined
          : `the tape of height ${event.height} is not the hash of the signature that the shares make`;
      },
      interested: () => verified,
    };
  },
});

/** The first shares that the maker of a tape holds, of those whose bytes were told. */
const releasedAmong = ({ node, height }: TapeMade, { nodes }: World, { threshold }: Committee): readonly (readonly [number, Hex])[] =>
  [...heldBy(nodes.get(node), height)]
    .flatMap((from): readonly (readonly [number, Hex])[] => {
      const share = nodes.get(from)?.released.get(height);
      return share === undefined ? [] : [[from, share]];
    })
    .slice(0, threshold);

export const roundsWaitForTheirTape = watchedLaw({
  id: "rounds-wait-for-their-tape",
  statement:
    "Where there is a committee, a round executes exactly when some node has made the tape of its height plus the offset, and it brings that tape; else nothing happens.",
  source: "facts/messages.md J3, J8, MSG-P23; seed 003, random tape",
  cites: ["tape-deliver", "tape-make", "round-begin", "restart"],
  otherwise: "there was no round of a committee",
  cases: (vocabulary) => committeeWorlds(vocabulary).map(alone),
  watch: ({ scenario: { genesis }, steps }) => {
    let rounds = false;
    let before: Step | undefined;
    return {
      onEvent: (event, world, step, position) => {
        if (event.kind === "round-refused" && (step.input.kind !== "round" || genesis.committee === undefined))
          return "a round was refused where none could be";
        if (step.input.kind !== "round" || genesis.committee === undefined || position > 0) return undefined;
        rounds = true;
        return misdelivered(event, world, step, genesis.committee);
      },
      onStep: (step) => {
        const earlier = before;
        before = step;
        const refused = step.observation.events[0]?.kind === "round-refused";
        return refused && earlier !== undefined ? disturbed(earlier, step) : undefined;
      },
      interested: () => rounds && steps.length > 0,
    };
  },
});

const misdelivered = (event: Event, world: World, { input, observation: { events } }: Step, { offset }: Committee): Complaint => {
  if (input.kind !== "round") return undefined;
  const height = world.height + 1;
  const made = tapeMadeFor(world, height + offset);
  const refusal = made === undefined ? "CN0008" : made === input.tape ? null : "CN0009";
  const what = `the round of height ${height}, whose tape ${made === undefined ? "nobody had made" : `is ${made}`}, came with ${input.tape}`;
  if (refusal === null) return event.kind === "round-began" ? undefined : `${what}, and did not begin`;
  if (event.kind !== "round-refused" || event.error !== refusal || event.height !== height)
    return `${what}: expected a refusal with ${refusal}, got ${event.kind}${"error" in event ? ` ${event.error}` : ""}`;
  return events.length === 1 ? undefined : `${what}; it was refused, and then came ${events[1]!.kind}`;
};

const disturbed = ({ observation: before }: Step, { observation: after }: Step): Complaint => {
  if (after.draws.length > 0) return "a round was refused, and drew randomness";
  if (after.stateRoot !== before.stateRoot) return "a round was refused, and the state root is another";
  const place = (Object.keys(before.ledger) as (keyof typeof before.ledger)[]).find((name) => before.ledger[name] !== after.ledger[name]);
  return place === undefined ? undefined : `a round was refused, and the cycles in ${place} are others`;
};

export const fewerSharesSayNothing = watchedLaw({
  id: "fewer-shares-say-nothing",
  statement:
    "One share less than the threshold fits every secret: for a candidate there is a dealing in which those nodes know just what they know, and which gives another tape; one share more leaves one secret, and the tape that is made is signed with it.",
  source: "facts/messages.md J2, MSG-P23; seed 003, random tape",
  cites: ["tape-make", "share-admit"],
  otherwise: "no tape was made",
  cases: (vocabulary) => committeeWorlds(vocabulary, fourNodes).map(alone),
  watch: ({ scenario: { genesis } }) => {
    let made = false;
    return {
      onEvent: (event, world) => {
        if (event.kind !== "tape-made" || genesis.committee === undefined) return undefined;
        made = true;
        return telling(event, [...heldBy(world.nodes.get(event.node), event.height)], genesis.committee);
      },
      interested: () => made,
    };
  },
});

const telling = ({ height, tape }: TapeMade, holders: readonly number[], committee: Committee): Complaint => {
  const points = holders.slice(0, committee.threshold).map((node): Point => [BigInt(node), secretOf(committee, node)]);
  const [fewer, last] = [points.slice(0, -1), points.at(-1)];
  if (last === undefined || points.length < committee.threshold) return `${points.length} shares made the tape of height ${height}`;
  const secret = interpolated(points, 0n);
  if (tapeOfSignature(signedWith(secret, height)) !== tape)
    return `the tape of height ${height} is not signed with the secret that the shares of its maker determine`;
  // Somebody who knows one share less may think that the secret is this, and that the last node knows what fits it.
  const candidate = (secret * 2n + 1n) % order;
  const imagined: Point = [last[0], interpolated([[0n, candidate], ...fewer], last[0])];
  if (interpolated([...fewer, imagined], 0n) !== candidate) return `no dealing fits ${fewer.length} shares and another secret`;
  const strayed = fewer.find(
    ([node, value]) => interpolated([[0n, candidate], ...fewer.filter(([other]) => other !== node), imagined], node) !== value,
  );
  if (strayed !== undefined) return `a dealing with another secret would give node ${strayed[0]} another share`;
  return tapeOfSignature(signedWith(candidate, height)) === tape ? `two secrets make the same tape of height ${height}` : undefined;
};
