/** Laws that read the notebook of the scheduler: one walk along the events of each subnet, with the book before and after each. */
import type { Event, Genesis, Step, Trace } from "../../spec/index.ts";
import { fails, holds, traceLaw, vacuous, type Property, type Verdict } from "../property.ts";
import { note, openBook, type Book } from "../tracking/schedule.ts";
import { splitBySubnet } from "../tracking/subnets.ts";

export interface Reader {
  /** An event, and the book before it. */
  readonly onEvent: (event: Event, book: Book, step: Step, position: number) => string | undefined;
  readonly interested: () => boolean;
}

export const bookedLaw = (
  said: Omit<Property, "kind" | "check" | "judge"> & { readonly otherwise: string; readonly read: (genesis: Genesis) => Reader },
): Property => traceLaw({ ...said, judge: (trace) => judge(trace, said) });

const judge = (trace: Trace, { read, otherwise }: { readonly otherwise: string; readonly read: (genesis: Genesis) => Reader }): Verdict => {
  let spoke = false;
  for (const { trace: one, at } of splitBySubnet(trace)) {
    const book = openBook(one.scenario.genesis);
    const reader = read(one.scenario.genesis);
    for (const [number, step] of one.steps.entries()) {
      for (const [position, event] of step.observation.events.entries()) {
        const because = reader.onEvent(event, book, step, position);
        if (because !== undefined) return fails(at[number]!, because);
        note(book, event, step);
      }
    }
    spoke ||= reader.interested();
  }
  return spoke ? holds : vacuous(otherwise);
};
