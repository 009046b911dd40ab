/**
 * What an observer may know just before a draw: everything that was given and seen until then, all earlier tapes and
 * draws, those of the same round included, the block that is executed, and as many shares of the coming tape as fewer
 * than the threshold of nodes have. What it may not know is the tape of the round itself.
 */
import { hex, type Draw, type Genesis, type Hex, type Input, type Step, type Trace } from "../../spec/index.ts";
import { ascii, sha256, toHex } from "../hashing.ts";

export interface Knowledge {
  readonly genesis: Genesis;
  /** The height and the time of the round that answers. */
  readonly height: number;
  readonly time: bigint;
  /** Who is answered, and what is known of the request: all of a draw but its bytes. */
  readonly request: Omit<Draw, "bytes">;
  /** What was given since the round before: the content of the block. */
  readonly block: readonly Input[];
  /** The tapes of the rounds before, that of round 1 first. */
  readonly tapes: readonly Hex[];
  /** How many of them came before the last restart, by restart. */
  readonly restarts: readonly number[];
  /** Every draw before this one. */
  readonly earlier: readonly Draw[];
  /** Their bytes. */
  readonly known: ReadonlySet<string>;
  /** Those of the same round. */
  readonly inRound: readonly Draw[];
  /** The state root after the last input; `null` when the machine tells none. */
  readonly root: Hex | null;
  /** Shares of the tape of the round, of one node less than the threshold. */
  readonly shares: readonly (readonly [node: number, share: Hex])[];
}

/** Every draw of a trace, with what was known before it. What is handed out is only valid until the next one. */
export const drawsOf = function* ({ scenario: { genesis }, steps }: Trace): Iterable<readonly [known: Knowledge, draw: Draw]> {
  const tapes: Hex[] = [];
  const restarts: number[] = [];
  const earlier: Draw[] = [];
  const known = new Set<string>();
  const shares = new Map<number, Map<number, Hex>>();
  let block: Input[] = [];
  let root: Hex | null = null;
  for (const { input, observation } of steps) {
    noteShares(observation, shares);
    const [began] = observation.events;
    if (input.kind === "round" && began?.kind === "round-began") {
      const inRound: Draw[] = [];
      const tape = began.height + (genesis.committee?.offset ?? 0);
      const fewer = [...(shares.get(tape) ?? [])].slice(0, (genesis.committee?.threshold ?? 1) - 1);
      const round = {
        genesis,
        height: began.height,
        time: began.time,
        block,
        tapes,
        restarts,
        earlier,
        known,
        inRound,
        root,
        shares: fewer,
      };
      for (const draw of observation.draws) {
        const { bytes, ...request } = draw;
        yield [{ ...round, request }, draw];
        earlier.push(draw);
        known.add(bytes);
        inRound.push(draw);
      }
      tapes.push(input.tape);
      block = [];
    } else block.push(input);
    if (input.kind === "restart") restarts.push(tapes.length);
    root = observation.stateRoot;
  }
};

const noteShares = ({ events }: Step["observation"], shares: Map<number, Map<number, Hex>>): void => {
  for (const event of events) {
    if (event.kind !== "share-released") continue;
    const known = shares.get(event.height) ?? new Map<number, Hex>();
    shares.set(event.height, known.set(event.node, event.share));
  }
};

/** The hash of what a block contains: what a careless machine might take for randomness. */
export const hashOfBlock = (block: readonly Input[]): Hex =>
  hex(toHex(sha256(ascii(JSON.stringify(block, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value))))));
