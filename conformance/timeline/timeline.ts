/**
 * Reads a session into a timeline. Everything comes from the events, but the priorities, which a machine tells of
 * canisters with a full round alone: the others are known from a machine that shows its state.
 */
import { byId, type CanisterId, type Event } from "../../spec/index.ts";
import { MachineFault } from "../fault.ts";
import { hasWork, noteWork } from "../workload.ts";
import { cellsOf } from "./cells.ts";
import type { Timeline } from "./data.ts";
import {
  isPresent,
  noteCanister,
  noteRound,
  openNotebook,
  type CanisterNotes,
  type Notebook,
  type RoundNotes,
  type SliceNotes,
} from "./notebook.ts";
import type { Account, RecordedStep, Recording } from "./record.ts";

export const timelineOf = ({ machine, genesis, steps }: Recording): Timeline => {
  const notebook = openNotebook(genesis);
  const { scheduler, cores, priority } = genesis.parameters;
  let span = 0;
  for (const step of steps) span = Math.max(span, readStep(notebook, step));
  return {
    format: "canon-timeline/1",
    machine,
    scheduler,
    cores,
    span,
    bounds: scheduler === "current" ? { ceiling: priority.ceiling, floor: -priority.floor } : null,
    total: notebook.rounds.length,
    rounds: notebook.rounds,
    canisters: [...notebook.canisters.values()]
      .sort((left, right) => right.allocation - left.allocation || byId(left.id, right.id))
      .map(({ id, cells }) => ({ canister: id, cells })),
  };
};

/** How long the round was, when the step is one. @unit instructions */
const readStep = (notebook: Notebook, { input, observation, accounts }: RecordedStep): number => {
  const checkpoint = input.kind === "round" && input.checkpoint === true;
  for (const event of observation.events) {
    if (event.kind === "round-began") notebook.round = noteRound(notebook, event.height, checkpoint);
    else if (notebook.round === null) readMembership(notebook, event);
    else readEvent(notebook, notebook.round, event);
    const stranger = noteWork(notebook.work, event);
    if (stranger !== null) throw unheardOf(stranger);
  }
  const { round } = notebook;
  if (round === null) return 0;
  closeRound(notebook, round, accounts);
  notebook.round = null;
  return Math.max(0, ...round.turns.map(({ from, instructions }) => from + instructions));
};

/** Who is there and what it was promised; and whether it runs. */
const readMembership = (notebook: Notebook, event: Event): void => {
  if (event.kind === "canister-created") noteCanister(notebook, event.canister, event.computeAllocation);
  if (event.kind === "conversion-settled" && event.outcome.kind === "created") noteCanister(notebook, event.outcome.canister, 0);
  if (event.kind === "canister-deleted") notesOf(notebook, event.canister).present = false;
  if (event.kind === "allocation-set" || event.kind === "settings-updated")
    notesOf(notebook, event.canister).allocation = event.computeAllocation;
  if (event.kind === "canister-stopping") notesOf(notebook, event.canister).status = "stopping";
  if (event.kind === "canister-stopped") notesOf(notebook, event.canister).status = "stopped";
  if (event.kind === "canister-started") notesOf(notebook, event.canister).status = "running";
};

const readEvent = (notebook: Notebook, round: RoundNotes, event: Event): void => {
  switch (event.kind) {
    case "round-skipped":
      round.skipped = true;
      break;
    case "ran-dry":
      notesOf(notebook, event.canister).allocation = 0;
      break;
    case "canister-suspended":
      lookForWork(notebook, round);
      round.suspended.add(event.canister);
      break;
    case "turn-began":
      lookForWork(notebook, round);
      beginTurn(notebook, round, event);
      break;
    case "turn-ended":
      endTurn(round, event);
      break;
    case "execution-resumed":
      round.begins = event.afresh ? "afresh" : "resumed";
      break;
    case "execution-paused":
      noteSlice(notesOf(notebook, event.canister), round, event.slices, "paused");
      break;
    case "executed":
    case "not-executed":
    case "response-discarded":
      countMessage(round);
      break;
    case "execution-finished":
      noteSlice(notesOf(notebook, event.canister), round, event.slices, "finished");
      break;
    case "execution-aborted":
      abort(notesOf(notebook, event.canister), round, event.slices);
      break;
    case "full-round":
      round.full.add(event.canister);
      break;
    case "round-ended":
      lookForWork(notebook, round);
      round.iterations = event.iterations;
      break;
    default:
      readMembership(notebook, event);
      break;
  }
};

/** Notes who has work when the iterations begin; later it is too late. */
const lookForWork = ({ work }: Notebook, round: RoundNotes): void => {
  round.work ??= new Set([...work].flatMap(([id, known]) => (hasWork(known) ? [id] : [])));
};

const beginTurn = (
  { parameters, canisters }: Notebook,
  round: RoundNotes,
  { iteration, core, canister }: Event & { kind: "turn-began" },
): void => {
  if ((round.turns.at(-1)?.iteration ?? iteration) !== iteration) {
    const all = [...canisters.values()].filter(isPresent).length;
    round.start += Math.max(0, ...round.used.values()) + parameters.finalisationOverhead * all;
    round.used.clear();
  }
  const from = round.start + (round.used.get(core) ?? 0);
  round.turns.push({ iteration, core, canister, from, instructions: 0, messages: 0, drained: false, slices: [] });
};

const endTurn = (round: RoundNotes, { core, instructions, drained }: Event & { kind: "turn-ended" }): void => {
  const turn = round.turns.at(-1);
  if (turn === undefined) return;
  Object.assign(turn, { instructions, drained });
  round.used.set(core, (round.used.get(core) ?? 0) + instructions);
};

const countMessage = (round: RoundNotes): void => {
  const turn = round.turns.at(-1);
  if (turn !== undefined) turn.messages++;
};

const noteSlice = (canister: CanisterNotes, round: RoundNotes, number: number, ends: "paused" | "finished"): void => {
  const slice: SliceNotes = { number, of: null, begins: round.begins ?? (number === 1 ? "first" : "resumed"), ends, wasted: false };
  round.begins = null;
  canister.attempt.push(slice);
  round.turns.at(-1)?.slices.push(slice);
  if (ends === "paused") return;
  for (const each of canister.attempt) each.of = number;
  canister.attempt = [];
};

const abort = (canister: CanisterNotes, round: RoundNotes, lost: number): void => {
  for (const each of canister.attempt) each.wasted = true;
  canister.attempt = [];
  round.lost.set(canister.id, lost);
};

const closeRound = (notebook: Notebook, round: RoundNotes, accounts: readonly Account[] | null): void => {
  const cells = cellsOf(notebook, round, accounts);
  const { height, skipped, checkpoint, iterations, turns } = round;
  notebook.rounds.push({ height, skipped, checkpoint, iterations, turns });
  [...notebook.canisters.values()].forEach((canister, at) => {
    const cell = cells[at]!;
    canister.cells.push(cell);
    canister.priority = cell.priority;
    canister.unpaid = cell.unpaid;
  });
};

const notesOf = ({ canisters }: Notebook, id: CanisterId): CanisterNotes => {
  const notes = canisters.get(id);
  if (notes === undefined) throw unheardOf(id);
  return notes;
};

const unheardOf = (id: CanisterId): MachineFault =>
  new MachineFault("PROTOCOL_ERROR", `the events name a canister "${id}" that there is not`, null);
