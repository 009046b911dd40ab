/** What the nodes of a committee know as plain records, and a committee from such records. */
import type { Height, Hex, NodeNumber } from "../spec/index.ts";
import type { Seated } from "./committee/tape.ts";

export interface WrittenNode {
  readonly final: number;
  readonly held: readonly (readonly [Height, readonly NodeNumber[]])[];
  readonly made: readonly Height[];
}

export interface WrittenCommittee {
  readonly nodes: readonly WrittenNode[];
  readonly tapes: readonly (readonly [Height, Hex])[];
}

export const writtenCommittee = ({ nodes, tapes }: Seated): WrittenCommittee => ({
  nodes: nodes.map(({ final, held, made }) => ({
    final,
    held: [...held].map(([of, makers]) => [of, [...makers]]),
    made: [...made],
  })),
  tapes: [...tapes],
});

/** Into a committee as at genesis. */
export const readCommittee = ({ nodes, tapes }: Seated, written: WrittenCommittee): void => {
  for (const [at, { final, held, made }] of written.nodes.entries()) {
    const node = nodes[at]!;
    node.final = final;
    for (const [of, makers] of held) node.held.set(of, new Set(makers));
    for (const of of made) node.made.add(of);
  }
  for (const [of, tape] of written.tapes) tapes.set(of, tape);
};
