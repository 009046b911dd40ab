/** Drawn worlds in which canisters certify and users read: every root and every witness against the whole tree, made from the state alone. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { anonymous, hex, lookUp, networkOf, rootOf, type Event, type HashTree, type Hex, type Input } from "../spec/index.ts";
import { drawnCertified } from "./drawn-certified.ts";
import { applyInput } from "./engine.ts";
import { faultsIn } from "./invariants.ts";
import { plainTree, plainWitness } from "./plain-tree.ts";
import { fromText, toText } from "./restart.ts";
import { engineOf, type Engine } from "./state.ts";

const digests = new Map<Hex, Hex>();
const sha256 = (content: Hex): Hex => {
  const digest = digests.get(content) ?? hex(createHash("sha256").update(Buffer.from(content, "hex")).digest("hex"));
  digests.set(content, digest);
  return digest;
};
const hashed = (tree: HashTree): Hex => rootOf(tree, sha256);

test("the root is that of the whole tree after every input, and of a world that restarts before every one, too; witnesses are by the rules", () => {
  const met = new Set<string>();
  for (let seed = 0; seed < 120; seed++) {
    const scenario = drawnCertified(seed);
    const geneses = [scenario.genesis, ...(scenario.others ?? [])];
    const engines = geneses.map((genesis) => engineOf(genesis));
    const network = networkOf(geneses);
    const known = geneses.map((): Senders => new Map());
    for (const move of scenario.inputs) {
      const { subnet, input } = network.arrange(move);
      const engine = engines[subnet]!;
      const kept = dataIn(engine);
      const again = seed % 2 === 0 ? engine : fromText(toText(engine));
      const observation = applyInput(again, input);
      network.carry(subnet, observation);
      engines[subnet] = again;
      const whole = plainTree(again);
      expect([seed, observation.stateRoot]).toEqual([seed, hashed(whole)]);
      expect([seed, ...faultsIn(again)]).toEqual([seed]);
      lookAtReader(known[subnet]!, input, observation.events, met);
      for (const event of observation.events) lookAt(event, input, whole, met);
      lookAtData(kept, again, observation.events, input, met);
    }
  }
  expect([...met].sort()).toEqual(
    [
      "of nobody",
      "of the reader",
      "changed",
      "cleared",
      "deleted",
      "found",
      "absent",
      "error",
      "refused CN0022",
      "refused CN0023",
      "refused CN0027",
      "refused IC0208",
    ].sort(),
  );
});

const lookAt = (event: Event, input: Input, whole: HashTree, met: Set<string>): void => {
  if (event.kind === "read-state-refused") met.add(`refused ${event.error}`);
  if (event.kind !== "certificate-issued" || input.kind !== "read-state") return;
  expect(event.witness).toEqual(plainWitness(whole, [["time"], ...input.paths], hashed));
  for (const path of input.paths) {
    const lookup = lookUp(event.witness, path);
    expect(lookup).toEqual(lookUp(whole, path));
    met.add(lookup.kind);
  }
};

/** Who sent the messages that the history knows, as the events tell. */
type Senders = Map<string, string>;

/** Whoever reads of a message that another user sent is refused, and nobody else is for that. */
const lookAtReader = (known: Senders, input: Input, events: readonly Event[], met: Set<string>): void => {
  for (const event of events) {
    if (event.kind === "ingress-received" && input.kind === "ingress") known.set(event.ingress, input.sender ?? anonymous);
    else if (event.kind === "ingress-pruned") known.delete(event.ingress);
    else if (input.kind === "read-state") {
      const { paths, sender = anonymous } = input;
      const named = paths.flatMap(([first, id]) => (first === "request_status" ? [known.get(id!)] : []));
      const isForeign = named.some((by) => by !== undefined && by !== sender);
      const isRefused = event.kind === "read-state-refused" && event.error === "CN0027";
      if (isRefused || event.kind === "certificate-issued") expect([input, isRefused]).toEqual([input, isForeign]);
      if (event.kind === "certificate-issued") for (const by of named) met.add(by === undefined ? "of nobody" : "of the reader");
    }
  }
};

const dataIn = ({ canisters }: Engine): ReadonlyMap<string, Hex> => new Map(canisters.map(({ id, certifiedData }) => [id, certifiedData]));

/** Certified data change with an event, or go with the code or with the canister; else they stay. */
const lookAtData = (kept: ReadonlyMap<string, Hex>, engine: Engine, events: readonly Event[], input: Input, met: Set<string>): void => {
  const data = new Map(kept);
  for (const event of events) {
    if (event.kind === "data-certified") {
      expect(data.get(event.canister)).not.toBe(event.data);
      data.set(event.canister, event.data);
      met.add("changed");
    } else if (event.kind === "uninstalled" || event.kind === "ran-dry") {
      if (data.get(event.canister) !== "") met.add("cleared");
      data.set(event.canister, hex(""));
    } else if (event.kind === "canister-created") data.set(event.canister, hex(""));
    else if (event.kind === "canister-deleted") {
      if (data.get(event.canister) !== "") met.add("deleted");
      data.delete(event.canister);
    } else if (event.kind === "conversion-settled") for (const { id } of engine.canisters) if (!data.has(id)) data.set(id, hex(""));
  }
  expect([input.kind, ...dataIn(engine)]).toEqual([input.kind, ...[...data].sort(([left], [right]) => (left < right ? -1 : 1))]);
};
