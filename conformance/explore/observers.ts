/**
 * Observers walk along with a system and remember a little: what they remember is part of the state that is walked, so
 * that what they say is about every history, and not only about the one by which a state was found first. They see
 * inputs and observations alone, and judge any machine's trace in the same way.
 */
import type { CanisterId, Event, Genesis, Step } from "../../spec/index.ts";
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
  /** What it has to do. */
  readonly waiting: number;
  /** The most that is missing of its allocation over any rounds in a row up to now, in which it had work. @unit percent of a round */
  readonly lag: number;
}

type Books = ReadonlyMap<CanisterId, Book>;

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
    begin: ({ canisters }) =>
      new Map(
        canisters.map(({ id, computeAllocation }): [CanisterId, Book] => [id, { allocation: computeAllocation, waiting: 0, lag: 0 }]),
      ),
    note: (before, { observation: { events } }, { parameters }) => {
      const books = new Map(before);
      let active: ReadonlySet<CanisterId> | null = null;
      const full = new Set<CanisterId>();
      const cores = new Set<number>();
      const settled = parameters.scheduler !== "published";
      let complaint: Complaint;
      for (const event of events) {
        if (event.kind === "turn-began") {
          active ??= activeIn(books);
          if (!settled && event.iteration === 1 && !cores.has(event.core)) full.add(event.canister);
          cores.add(event.core);
        }
        if (!settled && event.kind === "turn-ended" && event.drained) full.add(event.canister);
        if (event.kind === "full-round") full.add(event.canister);
        if (event.kind === "round-ended") {
          active ??= activeIn(books);
          for (const [id, book] of books) {
            const lag = active.has(id) ? Math.max(0, book.lag + book.allocation - (full.has(id) ? 100 : 0)) : 0;
            if (lag !== book.lag) books.set(id, { ...book, lag });
            if (lag > most)
              complaint ??= `${id}, with an allocation of ${book.allocation}, has work and is ${lag} percent of a round behind it`;
          }
        }
        noted(books, event);
      }
      return { memory: books, complaint };
    },
    text: (books) => [...books].map(([id, { allocation, waiting, lag }]) => `${id} ${allocation} ${waiting} ${lag}`).join(),
    measure: (books) => Math.max(0, ...[...books.values()].map(({ lag }) => lag)),
  });

const activeIn = (books: Books): ReadonlySet<CanisterId> => new Set([...books].flatMap(([id, { waiting }]) => (waiting > 0 ? [id] : [])));

/** What an event adds to what a canister has to do, or takes from it. A paused execution is still to be done. */
const noted = (books: Map<CanisterId, Book>, event: Event): void => {
  const more = (id: CanisterId, by: number) => {
    const book = books.get(id);
    if (book !== undefined) books.set(id, { ...book, waiting: book.waiting + by });
  };
  switch (event.kind) {
    case "ingress-inducted":
    case "randomness-answered":
    case "timer-due":
      return more(event.canister, 1);
    case "request-inducted":
      return more(event.callee, 1);
    case "request-bounced":
    case "response-inducted":
      return more(event.caller, 1);
    case "executed":
    case "not-executed":
      return more(event.canister, -1);
    case "canister-created":
      return void books.set(event.canister, { allocation: event.computeAllocation, waiting: 0, lag: 0 });
    case "canister-deleted":
      return void books.delete(event.canister);
    case "allocation-set": {
      const book = books.get(event.canister);
      // A promise that changes begins anew.
      if (book !== undefined) books.set(event.canister, { ...book, allocation: event.computeAllocation, lag: 0 });
      return;
    }
    default:
      return;
  }
};

const erased = <Memory>(observer: Observer<Memory>): AnyObserver => observer;
