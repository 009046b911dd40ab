/** What waits for consensus as plain records, and a queue from such records: what is listed and counted of it is listed and counted again. */
import type { Height, Hex } from "../spec/index.ts";
import { enterConsensus, isForConsensus, type Consensus } from "./consensus.ts";
import { askedIn } from "./management.ts";
import type { Engine } from "./state.ts";
import { readRequest, writtenRequest, type WrittenRequest } from "./written-messages.ts";

interface WrittenWaiting {
  readonly number: number;
  readonly request: WrittenRequest;
  readonly sent: Height;
  readonly since: Height;
  readonly id: Hex | null;
  readonly nonce: Hex | null;
}

export interface WrittenConsensus {
  readonly next: number;
  readonly waiting: readonly WrittenWaiting[];
}

export const writtenConsensus = ({ next, waiting }: Consensus): WrittenConsensus => ({
  next,
  waiting: [...waiting.values()].map(({ number, request, sent, since, id, nonce }) => ({
    number,
    request: writtenRequest(request),
    sent,
    since,
    id,
    nonce,
  })),
});

/** Into an engine in which nothing waits. */
export const readConsensus = ({ consensus, totals }: Engine, { next, waiting }: WrittenConsensus): void => {
  consensus.next = next;
  for (const { request: written, ...rest } of waiting) {
    const request = readRequest(written);
    const asked = askedIn(request);
    if (!isForConsensus(asked)) throw new Error(`consensus does not answer ${asked.method}`);
    enterConsensus(consensus, { ...rest, request, asked });
    totals.messages += request.attached;
  }
};
