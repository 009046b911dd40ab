/** Doctoring a tale in one place: besides an event that is changed, left out or told again, events that change places, and slices that were others. */
import type { Event, EventKind, Slice, Step, StreamMessage, Trace } from "../../spec/index.ts";
import { edited } from "./stories.ts";

/** An event: the n-th of its kind in the whole trace, from 0. */
export type Place = readonly [kind: EventKind, nth: number];

/** The event at a place. */
export const eventAt = ({ steps }: Trace, [kind, nth]: Place): Event => {
  const event = steps.flatMap(({ observation }) => observation.events.filter((one) => one.kind === kind))[nth];
  if (event === undefined) throw new RangeError(`the tale has no event ${nth} of kind ${kind}`);
  return event;
};

/** The same trace with two of its events in each other's place. */
export const exchanged = (trace: Trace, one: Place, other: Place): Trace => {
  const [first, second] = [eventAt(trace, one), eventAt(trace, other)];
  return retold(trace, (event) => [event === first ? second : event === second ? first : event]);
};

/** The same trace with one event right before another one, and not where it was. */
export const hastened = (trace: Trace, late: Place, before: Place): Trace => {
  const [moved, other] = [eventAt(trace, late), eventAt(trace, before)];
  return retold(trace, (event) => (event === other ? [moved, event] : event === moved ? [] : [event]));
};

/** The same trace without these events. */
export const silenced = (trace: Trace, ...places: readonly Place[]): Trace => {
  const silent = new Set(places.map((place) => eventAt(trace, place)));
  return retold(trace, (event) => (silent.has(event) ? [] : [event]));
};

/** The same trace with something right behind the beginning of the round of one step. */
export const begunWith = (trace: Trace, at: number, ...more: readonly object[]): Trace => ({
  ...trace,
  steps: trace.steps.map((step, k): Step => {
    const [began, ...rest] = step.observation.events;
    if (k !== at || began?.kind !== "round-began") return step;
    return { ...step, observation: { ...step.observation, events: [began, ...(more as readonly Event[]), ...rest] } };
  }),
});

/** The same trace in which from one step on rounds begin and end, and nothing else is told. */
export const asleepFrom = (trace: Trace, from: number, dream: readonly object[] = []): Trace => ({
  ...trace,
  steps: trace.steps.map((step, at): Step => {
    const { events } = step.observation;
    const [first, last] = [events[0], events.at(-1)];
    if (at < from || first === undefined || last === undefined) return step;
    return { ...step, observation: { ...step.observation, events: [first, ...(dream as readonly Event[]), last] } };
  }),
});

/** The same trace in which a message enters its stream as another one; the slices that bring it stay as they are. */
export const streamedAs = (trace: Trace, nth: number, change: Readonly<Record<string, unknown>>): Trace =>
  edited(trace, "message-streamed", nth, { message: { ...streamedAt(trace, nth), ...change } });

/** The same trace in which two messages enter streams each at the place of the other. */
export const streamedInTurn = (trace: Trace, one: number, other: number): Trace => {
  const [first, second] = [streamedAt(trace, one), streamedAt(trace, other)];
  return edited(edited(trace, "message-streamed", one, { message: second }), "message-streamed", other, { message: first });
};

/** The n-th message of the trace that enters a stream, from 0. */
export const streamedAt = (trace: Trace, nth: number): StreamMessage => {
  const event = eventAt(trace, ["message-streamed", nth]);
  if (event.kind !== "message-streamed") throw new TypeError("an event is looked up by its kind");
  return event.message;
};

/** The same trace in which the round of one step was handed its slices otherwise. */
export const handed = (trace: Trace, at: number, change: Partial<Slice>): Trace => ({
  ...trace,
  steps: trace.steps.map((step, k): Step => {
    const { input } = step;
    if (k !== at || input.kind !== "round") return step;
    return { ...step, input: { ...input, slices: (input.slices ?? []).map((slice) => ({ ...slice, ...change })) } };
  }),
});

const retold = (trace: Trace, tell: (event: Event) => readonly Event[]): Trace => ({
  ...trace,
  steps: trace.steps.map((step): Step => ({
    ...step,
    observation: { ...step.observation, events: step.observation.events.flatMap(tell) },
  })),
});
