/**
 * Keeps the books of a trace: every event is posted, and after every step the accounts are held against what the machine
 * says of them, term by term and balance by balance. Whatever is not equal to the last cycle is written down with its step,
 * its account and the flows that touched it; the next steps are held against the difference, so that each fault is told once.
 */
import { absorb, anticipate, openWorld, places, splitBySubnet, type Place, type SubnetTrace, type World } from "../../properties/index.ts";
import { byId, type CanisterId, type Ledger, type Step, type Trace } from "../../spec/index.ts";
import { MachineFault, messageOf } from "../fault.ts";
import type { Account, CanisterBook, Disagreement, Entry, LedgerReport, Owner, Posting, SubnetBook, Suspect, Total } from "./data.ts";
import { flowNames, kindOfPlace, type FlowName } from "./flows.ts";
import type { Draft } from "./drafts.ts";
import { genesisPosting, postingsOf } from "./postings.ts";
import { tokenBookOf } from "./tokens.ts";

/** @throws MachineFault when the events are such that nobody could follow them. */
export const ledgerOf = (trace: Trace): LedgerReport => {
  const subnets = splitBySubnet(trace).map(bookOf);
  return {
    report: "canon-ledger",
    version: 1,
    machine: trace.machine,
    balanced: subnets.every(({ disagreements, tokens }) => disagreements.length + (tokens?.disagreements.length ?? 0) === 0),
    subnets,
  };
};

const bookOf = ({ name, trace, at: whole }: SubnetTrace): SubnetBook => {
  const { genesis } = trace.scenario;
  const desk: Desk = {
    world: openWorld(genesis),
    accounts: new Map(places.map((place) => [place, new Map<Owner, bigint>()])),
    forgiven: new Map(),
  };
  const { accounts } = desk;
  const postings = genesis.canisters
    .filter(({ balance }) => balance > 0n)
    .map(({ id, balance }) => book(desk, genesisPosting(id, balance), null, null));
  const [opened, first] = [sumsOf(accounts), new Map(accounts.get("balances"))];
  const disagreements: Disagreement[] = [];
  trace.steps.forEach((step, own) => {
    const at = whole[own]!;
    const booked = follow(desk, step, at);
    postings.push(...booked);
    disagreements.push(...compare(desk, step.observation.ledger, at, booked));
  });
  return {
    subnet: name === null ? null : (genesis.network?.own ?? null),
    steps: trace.steps.length,
    flows: entriesOf(postings),
    canisters: canisterBooks(postings, first, accounts),
    totals: totalsOf(opened, sumsOf(accounts)),
    disagreements,
    postings,
    tokens: tokenBookOf(genesis, trace.steps, whole),
  };
};

/** What lies before somebody who keeps books. */
interface Desk {
  /** What an onlooker knows; of balances, what the last event that told them said, and what moved since then. */
  readonly world: World;
  /** What is in each account. What left a source is negative there. */
  readonly accounts: Accounts;
  /** By how much an account is another than what the machine says, and was said to be. */
  readonly forgiven: Map<string, bigint>;
}

type Accounts = ReadonlyMap<Place, Map<Owner, bigint>>;

const book = ({ accounts }: Desk, draft: Draft, step: number | null, event: number | null): Posting => {
  move(accounts, draft.from, -draft.cycles);
  move(accounts, draft.to, draft.cycles);
  return { step, event, ...draft };
};

const move = (accounts: Accounts, { place, owner }: Account, cycles: bigint): void => {
  const term = accounts.get(place)!;
  term.set(owner, (term.get(owner) ?? 0n) + cycles);
};

/** Leads an onlooker through a step, and posts each event by what he knows just before it. */
const follow = (desk: Desk, step: Step, at: number): readonly Posting[] => {
  const { world } = desk;
  world.previous = null;
  try {
    return step.observation.events.flatMap((event, position) => {
      anticipate(world, event, step);
      const booked = postingsOf(event, world).map((draft) => book(desk, draft, at, position));
      absorb(world, event, step);
      return booked;
    });
  } catch (reason) {
    throw new MachineFault("PROTOCOL_ERROR", `the events of input ${at + 1} make no sense: ${messageOf(reason)}`, at);
  }
};

const compare = (desk: Desk, ledger: Ledger, step: number, booked: readonly Posting[]): readonly Disagreement[] => {
  const { accounts, forgiven } = desk;
  const { canisters } = desk.world;
  const found: Disagreement[] = [];
  const hold = (of: Disagreement["of"], account: Account, expected: bigint, total: bigint): void => {
    const key = JSON.stringify([of, account]);
    const derived = total - (forgiven.get(key) ?? 0n);
    if (derived === expected) return;
    const difference = derived - expected;
    forgiven.set(key, total - expected);
    found.push({ step, of, account, expected, derived, difference, suspects: suspectsOf(of, account, difference, booked) });
  };
  const balances = accounts.get("balances")!;
  const terms = sumsOf(accounts);
  for (const place of places) hold("term", { place, owner: null }, ledger[place], signed(place, terms[place]));
  const told = new Map<Owner, bigint>([...canisters.values()].map(({ id, balance }) => [id, balance]));
  for (const owner of [...new Set([...told.keys(), ...balances.keys()])].sort(byOwner))
    hold("account", { place: "balances", owner }, told.get(owner) ?? 0n, balances.get(owner) ?? 0n);
  return found;
};

const byOwner = (left: Owner, right: Owner): number => byId(left ?? "", right ?? "");

/** As the ledger counts it: there, a source grows by what comes out of it. */
const signed = (place: Place, cycles: bigint): bigint => (kindOfPlace[place] === "source" ? -cycles : cycles);

const sumsOf = (accounts: Accounts): Readonly<Record<Place, bigint>> =>
  Object.fromEntries(places.map((place) => [place, sum(accounts.get(place)!.values())])) as Record<Place, bigint>;

const sum = (counts: Iterable<bigint>): bigint => {
  let total = 0n;
  for (const count of counts) total += count;
  return total;
};

const suspectsOf = (of: Disagreement["of"], account: Account, difference: bigint, booked: readonly Posting[]): readonly Suspect[] => {
  const touches = (side: Account): boolean => side.place === account.place && (of === "term" || side.owner === account.owner);
  const touching = booked.filter(({ from, to }) => touches(from) || touches(to));
  const size = difference < 0n ? -difference : difference;
  const suspects = touching.map(({ event, flow, cycles }) => ({ event: event ?? 0, flow, cycles, exact: cycles === size }));
  const exact = suspects.filter((suspect) => suspect.exact);
  return exact.length > 0 ? exact : suspects;
};

/** Postings of each flow together, in the order of the chart of accounts. */
const entriesOf = (postings: readonly Posting[]): readonly Entry[] => {
  const entries = new Map<FlowName, { readonly flow: FlowName; count: number; cycles: bigint }>();
  for (const { flow, cycles } of postings) {
    const entry = entries.get(flow) ?? { flow, count: 0, cycles: 0n };
    entries.set(flow, { flow, count: entry.count + 1, cycles: entry.cycles + cycles });
  }
  return flowNames.flatMap((flow) => entries.get(flow) ?? []);
};

/** What went into the balance of each canister and out of it. */
const canisterBooks = (postings: readonly Posting[], first: ReadonlyMap<Owner, bigint>, accounts: Accounts): readonly CanisterBook[] => {
  const closing = accounts.get("balances")!;
  const canisters = [...new Set([...first.keys(), ...closing.keys()])].filter((owner): owner is CanisterId => owner !== null);
  const later = postings.filter(({ flow }) => flow !== "genesis");
  const [ins, outs] = [byBalance(later, "to"), byBalance(later, "from")];
  return canisters.sort(byId).map((canister) => ({
    canister,
    opening: first.get(canister) ?? 0n,
    in: entriesOf(ins.get(canister) ?? []),
    out: entriesOf(outs.get(canister) ?? []),
    closing: closing.get(canister) ?? 0n,
  }));
};

const byBalance = (postings: readonly Posting[], side: "from" | "to"): ReadonlyMap<Owner, readonly Posting[]> => {
  const groups = new Map<Owner, Posting[]>();
  for (const posting of postings) {
    const { place, owner } = posting[side];
    if (place !== "balances") continue;
    const group = groups.get(owner);
    if (group === undefined) groups.set(owner, [posting]);
    else group.push(posting);
  }
  return groups;
};

const totalsOf = (opening: Readonly<Record<Place, bigint>>, closing: Readonly<Record<Place, bigint>>): readonly Total[] =>
  places.map((place) => ({ place, opening: opening[place], closing: closing[place] }));
