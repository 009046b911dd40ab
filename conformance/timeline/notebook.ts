/**
 * What an onlooker writes down while a session is read: of each canister how much work it has, and of the round that is
 * being read which turns there were. It is mutable, and private to one reading.
 */
import { byId, type CanisterId, type CanisterStatus, type Genesis, type Parameters } from "../../spec/index.ts";
import { noWork, type Workload } from "../workload.ts";
import type { Cell, Round } from "./data.ts";

export interface Notebook {
  readonly parameters: Parameters;
  readonly canisters: Map<CanisterId, CanisterNotes>;
  /** Of those that are there. */
  readonly work: Map<CanisterId, Workload>;
  readonly rounds: Round[];
  /** The round that is being read. */
  round: RoundNotes | null;
}

export interface CanisterNotes {
  readonly id: CanisterId;
  present: boolean;
  status: CanisterStatus;
  allocation: number;
  /** @unit rounds of one core */
  priority: number | null;
  unpaid: number | null;
  /** The rounds in a row in which it had work, at most as many as the guarantee counts. */
  readonly backlog: { readonly full: boolean; readonly allocation: number }[];
  /** The slices of the attempt that is under way. */
  attempt: SliceNotes[];
  readonly cells: Cell[];
}

export interface SliceNotes {
  readonly number: number;
  of: number | null;
  readonly begins: "first" | "resumed" | "afresh";
  readonly ends: "paused" | "finished";
  wasted: boolean;
}

export interface TurnNotes {
  readonly iteration: number;
  readonly core: number;
  readonly canister: CanisterId;
  readonly from: number;
  instructions: number;
  messages: number;
  drained: boolean;
  readonly slices: SliceNotes[];
}

export interface RoundNotes {
  readonly height: number;
  readonly checkpoint: boolean;
  skipped: boolean;
  iterations: number;
  readonly turns: TurnNotes[];
  /** Those that had work when the iterations began; `null` before that. */
  work: ReadonlySet<CanisterId> | null;
  /** Those that were long when the round began. */
  readonly long: ReadonlySet<CanisterId>;
  readonly suspended: Set<CanisterId>;
  /** Those of which the machine says that they had a full round. */
  readonly full: Set<CanisterId>;
  readonly lost: Map<CanisterId, number>;
  /** How a resumed slice began. */
  begins: "resumed" | "afresh" | null;
  /** Where the iteration begins, and how far each core has come in it. @unit instructions */
  start: number;
  readonly used: Map<number, number>;
}

export const openNotebook = ({ parameters, canisters }: Genesis): Notebook => {
  const notebook: Notebook = { parameters, canisters: new Map(), work: new Map(), rounds: [], round: null };
  for (const { id, computeAllocation } of [...canisters].sort((left, right) => byId(left.id, right.id)))
    noteCanister(notebook, id, computeAllocation);
  for (const id of notebook.canisters.keys()) notebook.work.set(id, noWork);
  return notebook;
};

/** A canister that is new; it was absent in all rounds so far. */
export const noteCanister = ({ canisters, rounds }: Notebook, id: CanisterId, allocation: number): void => {
  const notes: CanisterNotes = {
    id,
    present: true,
    status: "running",
    allocation,
    priority: 0,
    unpaid: 0,
    backlog: [],
    attempt: [],
    cells: [],
  };
  for (let round = 0; round < rounds.length; round++) notes.cells.push(absent);
  canisters.set(id, notes);
};

export const noteRound = ({ work }: Notebook, height: number, checkpoint: boolean): RoundNotes => ({
  height,
  checkpoint,
  skipped: false,
  iterations: 0,
  turns: [],
  work: null,
  long: new Set([...work].flatMap(([id, { long }]) => (long ? [id] : []))),
  suspended: new Set(),
  full: new Set(),
  lost: new Map(),
  begins: null,
  start: 0,
  used: new Map(),
});

/** The cell of a canister that is not there. */
export const absent: Cell = {
  state: "absent",
  status: "running",
  work: false,
  full: false,
  allocation: 0,
  share: 0,
  priority: null,
  unpaid: null,
  lost: 0,
  overtaken: null,
  window: null,
};

export const isPresent = ({ present }: CanisterNotes): boolean => present;
