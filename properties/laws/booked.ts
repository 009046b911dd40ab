/** Laws that read the notebook of the scheduler beside what an onlooker knows of the rest: one walk, two books. */
import type { Event, Genesis, Step } from "../../spec/index.ts";
import { close, note, openBook, prepare, type Book } from "../tracking/schedule.ts";
import { watchedLaw, type Complaint, type WatchedLaw } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";

export interface Reader {
  /** An event, and both books before it; what the event begins is noted already. */
  readonly onEvent: (event: Event, book: Book, world: World, position: number, step: Step) => Complaint;
  readonly interested: () => boolean;
}

export const bookedLaw = ({
  read,
  ...said
}: Omit<WatchedLaw, "kind" | "check" | "judge" | "watch"> & { readonly read: (genesis: Genesis) => Reader }): WatchedLaw =>
  watchedLaw({
    ...said,
    watch: ({ scenario: { genesis } }) => {
      const book = openBook(genesis);
      const reader = read(genesis);
      return {
        onEvent: (event, world, step, position) => {
          prepare(book, event, step);
          const complaint = reader.onEvent(event, book, world, position, step);
          note(book, event, world);
          if (event.kind === "round-ended") close(book);
          return complaint;
        },
        interested: reader.interested,
      };
    },
  });
