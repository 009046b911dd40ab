/**
 * Between subnets nothing is lost and nothing comes twice: whatever the network delays or repeats, each subnet sees of
 * the stream of another one a beginning, message by message; and the cycles of all subnets with those under way between
 * them are what was minted.
 */
import type { Ledger, StreamMessage, SubnetId } from "../../spec/index.ts";
import { sidesOf } from "../flows.ts";
import { networkedWorlds } from "../arbitraries/busy.ts";
import type { Focus } from "../arbitraries/focus.ts";
import { slowConsumerWorlds } from "../arbitraries/slow.ts";
import { cyclesOn } from "../tracking/messages.ts";
import * as fc from "fast-check";
import type { Complaint } from "../tracking/watch.ts";
import { firstDifference } from "./comparison.ts";
import { farJammedWorlds } from "./deadlines-jams.ts";
import { lawBetween, type Site } from "./network-walk.ts";

export const streamsArriveWhole = lawBetween({
  id: "streams-arrive-whole",
  statement:
    "Of what one subnet put into its stream for another one, that one has seen a beginning: each message once, in its order, as it was sent; and the stream is cut only as far as that has come.",
  source: "facts/messages.md MSG-P3, MSG-P5, I2, I3, RND-6",
  cites: ["message-stream", "message-see", "slice-admit", "stream-request", "stream-response", "refund-induct", "restart"],
  needs: ["networks"],
  otherwise: "no message went from one subnet to another",
  worlds: (vocabulary) => fc.oneof(networkedWorlds(vocabulary), slowConsumerWorlds(vocabulary)),
  watch: (sites) => {
    const lines = openLines(sites);
    let crossed = false;
    return {
      onEvent: (event, { name, world }) => {
        if (event.kind === "message-streamed") return sent(lines(name, event.to), event.index, event.message);
        if (event.kind === "slice-taken") return signalled(lines(event.from, name), event.signals);
        if (event.kind === "stream-collected") return cut(lines(name, event.to), event.begin, name === event.to);
        const { arrival } = world;
        if (arrival === null) return undefined;
        const line = lines(arrival.from, name);
        crossed ||= line !== null && arrival.from !== name;
        return seen(line, arrival.index, arrival.message);
      },
      interested: () => crossed,
    };
  },
});

/** All that one subnet ever put into its stream for another one, and how much of it that one has seen. */
interface Line {
  readonly from: SubnetId;
  readonly to: SubnetId;
  readonly sent: StreamMessage[];
  seen: number;
}

type Lines = (from: SubnetId, to: SubnetId) => Line | null;

/** The lines between the subnets of a trace, those to themselves included; none of strangers, who say what they please. */
const openLines = (sites: readonly Site[]): Lines => {
  const known = new Map(
    sites.flatMap(({ name: from }) => sites.map(({ name: to }): [string, Line] => [`${from} ${to}`, { from, to, sent: [], seen: 0 }])),
  );
  return (from, to) => known.get(`${from} ${to}`) ?? null;
};

const sent = (line: Line | null, index: number, message: StreamMessage): Complaint => {
  const next = line?.sent.push(message);
  return next === undefined || next === index + 1 ? undefined : `${between(line!)}: message ${index} is sent, and the next is ${next - 1}`;
};

const seen = (line: Line | null, index: number, message: StreamMessage): Complaint => {
  if (line === null) return undefined;
  if (index !== line.seen) return `${between(line)}: message ${index} is seen, and the next is ${line.seen}`;
  const told = line.sent[line.seen++];
  if (told === undefined) return `${between(line)}: message ${index} is seen, and was never sent`;
  const difference = firstDifference(told, message);
  return difference === null ? undefined : `${between(line)}: message ${index} is not what was sent: ${difference}`;
};

const signalled = (line: Line | null, signals: number): Complaint =>
  line === null || line.seen === signals ? undefined : `${between(line)}: ${signals} messages are said to be seen, and ${line.seen} were`;

/** The loopback stream is cut before its messages are seen, in the same breath. */
const cut = (line: Line | null, begin: number, loopback: boolean): Complaint =>
  line === null || loopback || begin <= line.seen
    ? undefined
    : `${between(line)}: the stream is cut to ${begin}, and ${line.seen} messages were seen`;

const between = ({ from, to }: Line): string => `from ${from} to ${to}`;

export const cyclesCrossSubnets = lawBetween({
  id: "cycles-cross-subnets",
  statement:
    "After every input, what all subnets together have, burned and lost, with the cycles on messages that were sent and not seen yet, is what was minted on all of them and what came from strangers; and each subnet's totals of sent and received cycles are the sums over the messages of its streams.",
  source: "facts/messages.md MSG-P2; facts/cycles.md CYC-6.1, CYC-P1",
  cites: ["message-stream", "stream-reject", "refund-stream", "message-see", "message-ignore", "refund-induct", "cycles-lose", "top-up"],
  needs: ["networks"],
  otherwise: "no cycles went from one subnet to another",
  worlds: (vocabulary) => fc.oneof(networkedWorlds(vocabulary, paying), farJammedWorlds(vocabulary)),
  watch: (sites) => {
    const totals = sites.map((site): Totals => ({
      ...site,
      sent: 0n,
      received: 0n,
      strange: 0n,
      held: mintedAt(site),
      minted: mintedAt(site),
    }));
    const names = new Set(sites.map(({ name }) => name));
    /** On messages that were sent in a direction and not seen yet. @unit cycles */
    const underway = new Map<string, bigint>();
    const travel = (from: SubnetId, to: SubnetId, cycles: bigint): Complaint => {
      const now = (underway.get(`${from} ${to}`) ?? 0n) + cycles;
      underway.set(`${from} ${to}`, now);
      return now < 0n ? `from ${from} to ${to}: ${-now} cycles more were seen than were sent` : undefined;
    };
    let crossed = false;
    return {
      onEvent: (event, { number, name, world: { arrival } }) => {
        const total = totals[number]!;
        if (event.kind === "message-streamed") {
          total.sent += cyclesOn(event.message);
          return travel(name, event.to, cyclesOn(event.message));
        }
        if (arrival === null) return undefined;
        const cycles = cyclesOn(arrival.message);
        total.received += cycles;
        crossed ||= arrival.from !== name && cycles > 0n;
        if (names.has(arrival.from)) return travel(arrival.from, name, -cycles);
        total.strange += cycles;
        return undefined;
      },
      onStep: ({ observation: { ledger } }, { number }) => {
        const total = totals[number]!;
        [total.held, total.minted] = [heldIn(ledger), ledger.minted];
        return mistotalled(total, ledger) ?? unbalanced(totals, [...underway.values()]);
      },
      interested: () => crossed,
    };
  },
});

/** Canisters that send each other cycles, and mostly have some. */
const paying: Focus = {
  always: ["call", "accept", "reply"],
  ample: ["guaranteedResponseMemory", "callbackLimit", "roundInstructionLimit", "streamCapacity", "ingressLifetime"],
  plant: ["pay"],
  programs: [["pay", "pay", "hurry"], ["serve"], ["serve"]],
};

interface Totals {
  readonly name: SubnetId;
  /** On messages put into its streams, and on those that it has seen; of these, on those of strangers. @unit cycles */
  sent: bigint;
  received: bigint;
  strange: bigint;
  /** What is there, or gone, as its ledger has it. @unit cycles */
  held: bigint;
  minted: bigint;
}

const mintedAt = ({ world: { genesis } }: Site): bigint => genesis.canisters.reduce((sum, { balance }) => sum + balance, 0n);

const heldIn = (ledger: Ledger): bigint => sidesOf(ledger).there - ledger.sent;

const mistotalled = ({ name, sent: told, received }: Totals, ledger: Ledger): Complaint => {
  if (ledger.sent !== told) return `${name} says that it sent ${ledger.sent} cycles, and ${told} were on its messages`;
  if (ledger.received !== received)
    return `${name} says that it received ${ledger.received} cycles, and ${received} were on what it has seen`;
  return undefined;
};

const unbalanced = (totals: readonly Totals[], underway: readonly bigint[]): Complaint => {
  const sum = (terms: readonly bigint[]): bigint => terms.reduce((all, term) => all + term, 0n);
  const travelling = sum(underway);
  const held = sum(totals.map((total) => total.held)) + travelling;
  const come = sum(totals.map(({ minted, strange }) => minted + strange));
  return held === come ? undefined : `all subnets have ${held} cycles, ${travelling} of them under way, and ${come} were minted`;
};
