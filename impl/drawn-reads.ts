/**
 * Reads of the certified state in drawn worlds: between the inputs users read, at paths that are there, that are not, and that nobody may read, mostly of messages
 * that they sent themselves, which may be done with or pruned by then, and sometimes of those of others. Nothing else of the world changes by it.
 */
import { anonymous, userId, type Input, type Label, type Move, type Path, type Scenario, type UserId } from "../spec/index.ts";
import { drawFrom, type Draw } from "./drawing.ts";
import { readState } from "./small-world.ts";

/** The same world, by the same seed for ever, with a read behind one of so many moves. */
export const withReads = (seed: number, { inputs, ...scenario }: Scenario, among: number): Scenario => {
  const draw = drawFrom(seed + 77);
  const sent: Sent[] = [];
  return {
    ...scenario,
    inputs: inputs.flatMap((move): Move[] => {
      if (move.kind === "ingress") sent.push(move);
      return draw.chance(1, among) ? [move, readFrom(draw, sent, move)] : [move];
    }),
  };
};

type Sent = Extract<Input, { kind: "ingress" }>;

const readers: readonly (UserId | null)[] = [null, ...["@ann", "@ann", "@bob", "@eve"].map(userId)];

const readFrom = (draw: Draw, sent: readonly Sent[], { subnet }: Move): Move => {
  const reader = draw.of(readers);
  const own = sent.filter(({ sender = anonymous }) => sender === (reader ?? anonymous));
  const paths = draw.chance(1, 40) ? Array.from({ length: 1_001 }, () => ["time"]) : draw.list(0, 4, () => pathFrom(draw, sent, own));
  return {
    ...readState(...paths),
    ...(reader === null ? {} : { sender: reader }),
    ...(subnet === undefined ? {} : { subnet }),
  };
};

const pathFrom = (draw: Draw, sent: readonly Sent[], own: readonly Sent[]): Path => {
  const canister = (): Label => draw.of(["a", "b", "c", "d", "e", "x", "y", "0", "nobody", "zz"]);
  const part = (): Label[] => draw.of([["status"], ["reply"], ["reject_code"], ["error_code"], []]);
  const cut = draw.below(24);
  if (cut < 2) return ["time"];
  if (cut < 6) return ["canister", canister(), "certified_data"];
  if (cut < 10) return ["canister", canister(), "controllers"];
  if (cut < 22) return ["request_status", messageFrom(draw, draw.chance(1, 12) ? sent : own), ...part()];
  return draw.chance(1, 4) ? ["canister", canister(), draw.of(["memory", "timer"])] : ["time"];
};

/** One of these, or one that most likely nobody sent. */
const messageFrom = (draw: Draw, sent: readonly Sent[]): Label =>
  sent.length === 0 || draw.chance(1, 6) ? draw.of(["i-again", `i${draw.below(1000)}`, `m${draw.below(10)}`]) : draw.of(sent).id;
