/**
 * Worlds with a committee, and with an adversary who owns the network and some of the nodes. Shares come late, twice,
 * out of order or never; they are leaked by as many nodes as may be faulty, made up, and taken from other nodes and
 * heights; blocks are said to be final out of turn, by nodes that do not exist; and rounds come with their tape, with
 * another one, and before there is one. Dealings come from a small pool and heights are low, so that what is dear to
 * sign is signed once.
 * @source facts/messages.md J1, J2, J3, MSG-P23
 */
import type * as fc from "fast-check";
import {
  height,
  hex,
  nanoseconds,
  shareSize,
  type Committee,
  type Genesis,
  type Hex,
  type Input,
  type Scenario,
  type ShareOrigin,
} from "../../spec/index.ts";
import { beaconShareOf, shareOf, tapeOf } from "../committee/signatures.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { someBytes } from "./grammar.ts";
import { smugglersGenesis, smugglersIngress, smugglersQuestion } from "./smugglers.ts";

/** Worlds in which a committee makes the tape; where there is no such word, worlds without one. */
export const committeeWorlds = (vocabulary: Vocabulary, among: readonly CommitteeSize[] = everySize): fc.Arbitrary<Scenario> =>
  drawn((dice) => committeeWorld(dice, vocabulary, among), withFewerInputs);

/** So many nodes, and so many shares that make a tape. */
export type CommitteeSize = readonly [weight: number, size: readonly [nodes: number, threshold: number], dealings: number];

/** Four nodes are the rule: few enough that all ways to make a tape are soon known. */
export const fourNodes: readonly CommitteeSize[] = [[1, [4, 2], 3]];

const everySize: readonly CommitteeSize[] = [
  [20, [4, 2], 3],
  [5, [7, 3], 1],
  [1, [1, 1], 1],
  [1, [2, 1], 1],
  [1, [3, 2], 1],
  [1, [4, 3], 1],
  [1, [4, 4], 1],
  [1, [10, 4], 1],
];

const dealings = ["07", "1f", "c3"].map((byte) => hex(byte.repeat(32)));

/** The last block that a node sees as final; the tape of the next height is the last one. */
const lastBlock = 5;

export const committeeWorld = (dice: Dice, vocabulary: Vocabulary, among: readonly CommitteeSize[]): Scenario => {
  const [nodes, threshold, pool] = dice.weigh(among.map(([weight, [n, t], k]) => [weight, [n, t, k] as const]));
  const committee: Committee = {
    nodes,
    threshold,
    dealing: dealings[dice.whole(0, pool - 1)]!,
    offset: dice.weigh([
      [3, 0],
      [1, 1],
    ]),
  };
  const genesis: Genesis = { ...smugglersGenesis(dice, vocabulary), ...(vocabulary.committee && { committee }) };
  const plan = openPlan(genesis, committee);
  const powers = powersOf(dice, committee);
  if (vocabulary.inputs.has("ingress")) {
    for (let at = dice.whole(0, 2); at > 0; at--) plan.inputs.push(smugglersIngress(dice, genesis, plan.inputs.length));
    if (dice.chance(90)) plan.inputs.push(smugglersQuestion(dice, genesis, plan.inputs.length));
  }
  for (let left = dice.whole(10, 45); left > 0; left--) act(dice, vocabulary, plan, powers);
  // What is asked in the first round is answered the tape lag later.
  const answered = dice.chance(90) ? 1 + genesis.parameters.tapeLag : 0;
  goOn(dice, vocabulary, plan, powers, Math.min(lastBlock, Math.max(answered, plan.height + dice.whole(1, 3))));
  return { genesis, inputs: plan.inputs };
};

/** Who is on whose side. At most as many nodes are faulty as cannot make a tape, and can be done without. */
interface Powers {
  readonly faulty: readonly number[];
  readonly honest: readonly number[];
  /** Faulty nodes that say nothing at all. */
  readonly silent: readonly number[];
}

const powersOf = (dice: Dice, { nodes, threshold }: Committee): Powers => {
  const most = Math.min(threshold - 1, nodes - threshold, Math.floor((nodes - 1) / 3));
  const mixed = dice.shuffle(Array.from({ length: nodes }, (_, k) => k + 1));
  const faulty = mixed.slice(0, dice.whole(0, most));
  return { faulty, honest: mixed.slice(faulty.length), silent: dice.chance(50) ? faulty : [] };
};

/** The inputs so far, and what they must have come to: enough to say which tape is there. */
interface Plan {
  readonly genesis: Genesis;
  readonly committee: Committee;
  readonly inputs: Input[];
  /** Of the last round that took place. */
  height: number;
  /** The last block that each node saw as final, by number. */
  readonly finalised: Map<number, number>;
  /** The nodes whose shares a node holds, by node and height. */
  readonly holds: Map<string, Set<number>>;
}

const openPlan = (genesis: Genesis, committee: Committee): Plan => ({
  genesis,
  committee,
  inputs: [],
  height: 0,
  finalised: new Map(Array.from({ length: committee.nodes }, (_, k) => [k + 1, -1])),
  holds: new Map(),
});

const heldBy = ({ holds }: Plan, node: number, of: number): Set<number> => {
  const key = `${node} ${of}`;
  const held = holds.get(key) ?? new Set<number>();
  holds.set(key, held);
  return held;
};

const isMade = (plan: Plan, of: number): boolean =>
  [...plan.finalised.keys()].some((node) => heldBy(plan, node, of).size >= plan.committee.threshold);

const final = (plan: Plan, node: number, of: number): void => {
  plan.inputs.push({ kind: "finalise", node, height: height(of) });
  if (plan.finalised.get(node) !== of - 1) return;
  plan.finalised.set(node, of);
  heldBy(plan, node, of + 1).add(node);
};

const share = (plan: Plan, from: number, to: number, of: number, origin: ShareOrigin): void => {
  plan.inputs.push({ kind: "share", from, to, height: height(of), origin });
  if (plan.finalised.has(from) && plan.finalised.has(to) && isTrue(plan, from, of, origin)) heldBy(plan, to, of).add(from);
};

const isTrue = ({ finalised, committee }: Plan, from: number, of: number, origin: ShareOrigin): boolean => {
  if (origin.kind === "released") return finalised.get(from)! >= of - 1;
  return origin.kind === "leaked" || origin.share === shareOf(committee, from, of);
};

const released: ShareOrigin = { kind: "released" };
const leaked: ShareOrigin = { kind: "leaked" };

const round = (dice: Dice, plan: Plan, tape: Hex): void => {
  const of = plan.height + 1 + plan.committee.offset;
  plan.inputs.push({ kind: "round", elapsed: nanoseconds(dice.pick([0n, 1n, 1_000_000_000n])), tape });
  if (plan.genesis.committee === undefined || (isMade(plan, of) && tape === tapeOf(plan.committee, of))) plan.height++;
};

type Act = (dice: Dice, plan: Plan, powers: Powers) => void;

/** One thing that happens, as chance and the adversary want it. */
const act = (dice: Dice, vocabulary: Vocabulary, plan: Plan, powers: Powers): void => {
  const seen = vocabulary.inputs.has("finalise") ? 1 : 0;
  const shared = vocabulary.inputs.has("share") ? 1 : 0;
  dice.weigh<Act>([
    [24 * seen, finalNext],
    [26 * shared, deliver],
    [6 * shared, leak],
    [4 * shared, repeat],
    [10 * shared, forge],
    [3 * seen, stranger],
    [4 * seen, outOfTurn],
    [5 * shared, premature],
    [12, executeNext],
    [
      vocabulary.inputs.has("ingress") ? 14 : 0,
      (_, { inputs, genesis }) => void inputs.push(smugglersIngress(dice, genesis, inputs.length)),
    ],
    [vocabulary.inputs.has("restart") ? 5 : 0, (_, { inputs }) => void inputs.push({ kind: "restart" })],
  ])(dice, plan, powers);
};

const talking = ({ honest, faulty, silent }: Powers): readonly number[] => [...honest, ...faulty.filter((node) => !silent.includes(node))];

const anybody = (dice: Dice, { committee }: Plan): number => dice.whole(1, committee.nodes);

const finalNext: Act = (dice, plan, powers) => {
  const node = dice.pick(talking(powers));
  const next = plan.finalised.get(node)! + 1;
  if (next <= lastBlock) final(plan, node, next);
};

/** A share that its node released and the receiver waits for, mostly of the height that is needed next. */
const deliver: Act = (dice, plan, powers) => {
  const of = dice.chance(70) ? plan.height + 1 + plan.committee.offset : dice.whole(1, lastBlock + 1);
  const to = dice.chance(60) ? powers.honest[0]! : anybody(dice, plan);
  const from = talking(powers).filter((node) => plan.finalised.get(node)! >= of - 1 && !heldBy(plan, to, of).has(node));
  if (from.length > 0) share(plan, dice.pick(from), to, of, released);
};

const leak: Act = (dice, plan, { faulty }) => {
  if (faulty.length > 0) share(plan, dice.pick(faulty), anybody(dice, plan), dice.whole(1, lastBlock + 1), leaked);
};

const repeat: Act = (dice, plan) => {
  const sent = plan.inputs.filter((input) => input.kind === "share");
  if (sent.length === 0) return;
  const { from, to, height: of, origin } = dice.pick(sent);
  share(plan, from, to, of, origin);
};

const forge: Act = (dice, plan, { faulty }) => {
  const [from, to] = [anybody(dice, plan), anybody(dice, plan)];
  const of = dice.whole(1, lastBlock + 1);
  const bytes = dice.weigh<() => Hex>([
    [3, () => someBytes(dice, shareSize)],
    [1, () => someBytes(dice, dice.whole(0, 3))],
    // That of another node, of another height, of nobody, of the beacon, and, for once, the true one.
    [4, () => shareOf(plan.committee, anybody(dice, plan), of)],
    [3, () => shareOf(plan.committee, from, dice.whole(1, lastBlock + 1))],
    [1, () => shareOf(plan.committee, 0, of)],
    [2, () => beaconShareOf(plan.committee, from, of)],
    [plan.finalised.get(from)! >= of - 1 || faulty.includes(from) ? 1 : 0, () => shareOf(plan.committee, from, of)],
  ])();
  share(plan, from, to, of, { kind: "forged", share: bytes });
};

const stranger: Act = (dice, plan) => {
  const nobody = dice.pick([0, plan.committee.nodes + 1, 99]);
  if (dice.chance(50)) final(plan, nobody, 0);
  else if (dice.chance(50)) share(plan, nobody, anybody(dice, plan), 1, dice.pick([released, leaked]));
  else share(plan, anybody(dice, plan), nobody, 1, dice.pick([released, leaked]));
};

const outOfTurn: Act = (dice, plan) => final(plan, anybody(dice, plan), dice.whole(0, lastBlock));

const premature: Act = (dice, plan) => {
  const from = anybody(dice, plan);
  const next = plan.finalised.get(from)! + 2;
  if (next <= lastBlock + 1) share(plan, from, anybody(dice, plan), next, released);
};

/** The next round: with its tape, mostly when it is there; or with what is not its tape. */
const executeNext: Act = (dice, plan) => {
  const of = plan.height + 1 + plan.committee.offset;
  if (of > lastBlock + 1) return;
  const made = isMade(plan, of);
  if (dice.chance(made ? 70 : 30)) return round(dice, plan, tapeOf(plan.committee, of));
  if (!made && dice.chance(70)) return;
  round(
    dice,
    plan,
    dice.pick([() => tapeOf(plan.committee, of > 1 ? of - 1 : 2), () => someBytes(dice, 32), () => hex("00".repeat(32))])(),
  );
};

/** The protocol without an adversary, until the round of a height: enough honest nodes, one of which makes the tapes. */
const goOn = (dice: Dice, vocabulary: Vocabulary, plan: Plan, { honest }: Powers, until: number): void => {
  const makers = honest.slice(0, plan.committee.threshold);
  while (plan.height < until) {
    const of = plan.height + 1 + plan.committee.offset;
    if (of > lastBlock + 1) return;
    if (vocabulary.inputs.has("finalise"))
      for (const node of makers) while (plan.finalised.get(node)! < of - 1) final(plan, node, plan.finalised.get(node)! + 1);
    if (vocabulary.inputs.has("share"))
      for (const node of makers.slice(1)) if (!heldBy(plan, makers[0]!, of).has(node)) share(plan, node, makers[0]!, of, released);
    const before = plan.height;
    round(dice, plan, tapeOf(plan.committee, of));
    if (plan.height === before) return;
  }
};
