/**
 * Observers walk along with a system and remember a little: what they remember is part of the state that is walked, so
 * that what they say is about every history, and not only about the one by which a state was found first. They see
 * inputs and observations alone, and judge any machine's trace in the same way.
 */
import type { CanisterId, Event, Genesis, Step } from "../../spec/index.ts";
import { hasWork, noteWork, noWork, type Workload } from "../workload.ts";
import type { Complaint } from "./engine.ts";

/** A finite memory of what was seen. */
export interface Observer<Memory> {
  readonly id: string;
  readonly statement: string;
  begin(genesis: Genesis): Memory;
  note(memory: Memory, step: Step, genesis: Genesis): { readonly memory: Memory; readonly complaint: Complaint };
  /** The memory as a text, the same for memories that are the same. */
  text(memory: Memory): string;
  /** The walk tells the greatest that it came upon. */
  measure(memory: Memory): number;
}

/** An observer whose memory is nobody's business. */
export type AnyObserver = Observer<unknown>;

/** How far a canister is behind what its allocation promises. */
interface Book {
  readonly allocation: number;
  /** The most that is missing of its allocation over any rounds in a row up to now, in which it had work. @unit percent of a round */
  readonly lag: number;
}

interface Books {
  readonly promised: ReadonlyMap<CanisterId, Book>;
  readonly work: ReadonlyMap<CanisterId, Workload>;
}

/**
 * In rounds in a row in which a canister with allocation A has work, it is promised A percent of a full round each. What
 * is missing over the worst such rows that end now is `max(0, what was missing a round ago + A − 100 · full)`: a number,
 * so all rows of all lengths are watched at once. Where it stays below 100, any 100 rounds have A full ones: the
 * published guarantee, for windows of every start, as a bound on a state.
 */
export const allocationKept = (most: number): AnyObserver =>
  erased<Books>({
    id: `allocation-kept-${most}`,
    statement: `A canister that has work is never behind its allocation by more than ${most} percent of a round, counted from whichever round it is.`,
    begin: ({ canisters }) => ({
      promised: new Map(canisters.map(({ id, computeAllocation }): [CanisterId, Book] => [id, { allocation: computeAllocation, lag: 0 }])),
      work: new Map(canisters.map(({ id }): [CanisterId, Workload] => [id, noWork])),
    }),
    note: (before, { observation: { events } }, { parameters }) => {
      const books = new Map(before.promised);
      const work = new Map(before.work);
      let active: ReadonlySet<CanisterId> | null = null;
      const full = new Set<CanisterId>();
      const cores = new Set<number>();
      const settled = parameters.scheduler !== "published";
      let complaint: Complaint;
      for (const event of events) {
        if (event.kind === "turn-began") {
          active ??= activeIn(work);
          if (!settled && event.iteration === 1 && !cores.has(event.core)) full.add(event.canister);
          cores.add(event.core);
        }
        if (!settled && event.kind === "turn-ended" && event.drained) full.add(event.canister);
        if (event.kind === "full-round") full.add(event.canister);
        if (event.kind === "round-ended") {
          active ??= activeIn(work);
          for (const [id, book] of books) {
            const lag = active.has(id) ? Math.max(0, book.lag + book.allocation - (full.has(id) ? 100 : 0)) : 0;
            if (lag !== book.lag) books.set(id, { ...book, lag });
            if (lag > most)
              complaint ??= `${id}, with an allocation of ${book.allocation}, has work and is ${lag} percent of a round behind it`;
          }
        }
        noted(books, event);
        noteWork(work, event);
      }
      return { memory: { promised: books, work }, complaint };
    },
    // What waits is in the state too; ids of messages are not, and need not be.
    text: ({ promised }) => [...promised].map(([id, { allocation, lag }]) => `${id} ${allocation} ${lag}`).join(),
    measure: ({ promised }) => Math.max(0, ...[...promised.values()].map(({ lag }) => lag)),
  });

const activeIn = (work: ReadonlyMap<CanisterId, Workload>): ReadonlySet<CanisterId> =>
  new Set([...work].flatMap(([id, known]) => (hasWork(known) ? [id] : [])));

/** Promises that begin, end and change. */
const noted = (books: Map<CanisterId, Book>, event: Event): void => {
  switch (event.kind) {
    case "canister-created":
      return void books.set(event.canister, { allocation: event.computeAllocation, lag: 0 });
    case "conversion-settled":
      return void (event.outcome.kind === "created" && books.set(event.outcome.canister, { allocation: 0, lag: 0 }));
    case "canister-deleted":
      return void books.delete(event.canister);
    case "settings-updated":
    case "allocation-set":
      // A promise that changes begins anew.
      return void (books.has(event.canister) && books.set(event.canister, { allocation: event.computeAllocation, lag: 0 }));
    case "ran-dry":
      return void (books.has(event.canister) && books.set(event.canister, { allocation: 0, lag: 0 }));
    default:
      return;
  }
};

const erased = <Memory>(observer: Observer<Memory>): AnyObserver => observer;
