/** What must hold between any two inputs of what waits for consensus: what is listed and counted of it is what there is, and nothing waits that could not. */
import { needsNonce, queueOf, type WaitingConsensus } from "./consensus.ts";
import { askedIn } from "./management.ts";
import type { Engine } from "./state.ts";

type Says = (about: string, fact: string, kept: unknown, found: unknown) => void;

export const lookAtConsensus = (engine: Engine, says: Says): void => {
  const { consensus } = engine;
  const waiting = [...consensus.waiting.values()];
  const numbers = waiting.map(({ number }) => number);
  says("consensus", "numbers of those that wait", [...consensus.waiting.keys()].join(), numbers.join());
  says("consensus", "numbers are given once, and grow", isAscending([...numbers, consensus.next]), true);
  const bare = waiting.filter(({ asked, nonce }) => needsNonce(asked) && nonce === null);
  says("consensus", "those without a nonce", consensus.bare.map(({ number }) => number).join(), bare.map(({ number }) => number).join());
  const queues = new Map<string, number>();
  for (const one of waiting) {
    queues.set(queueOf(one.asked), (queues.get(queueOf(one.asked)) ?? 0) + 1);
    lookAtOne(engine, one, says);
  }
  says("consensus", "lengths of the queues", told(consensus.lengths), told(queues));
};

const lookAtOne = ({ genesis, height, consensus }: Engine, one: WaitingConsensus, says: Says): void => {
  const { keys, signatureQueue, outcallLimit } = genesis.parameters;
  const { number, request, asked, sent, since, id, nonce } = one;
  const about = `request ${number} to consensus`;
  const length = consensus.lengths.get(queueOf(asked)) ?? 0;
  says(about, "what it says", JSON.stringify(asked), JSON.stringify(askedIn(request)));
  says(about, "it is in no queue", request.pair, null);
  says(about, "it was sent, and taken up in a later round", sent < since && since <= height, true);
  says(about, "it has room", length <= (asked.method === "http_request" ? outcallLimit : signatureQueue), true);
  says(about, "its key is one of those that sign", asked.method === "http_request" || keys.includes(asked.key), true);
  says(about, "it has an id", id === null, asked.method === "http_request");
  says(about, "a nonce comes in a later round, if one is needed", nonce === null || (needsNonce(asked) && since < height), true);
};

const isAscending = (numbers: readonly number[]): boolean => numbers.every((number, at) => at === 0 || numbers[at - 1]! < number);

const told = (queues: ReadonlyMap<string, number>): string =>
  [...queues]
    .map(([name, length]) => `${name}: ${length}`)
    .sort()
    .join();
