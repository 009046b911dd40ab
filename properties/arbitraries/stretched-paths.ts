/** Paths of stable memory: in which executions it grows, and how it becomes smaller. */
import type { Event, EventKind, Executed } from "../../spec/index.ts";

export const stretchedPaths = [
  "stable memory grows in an update",
  "stable memory grows in a callback",
  "stable memory grows in a cleanup",
  "stable memory grows in a task",
  "an execution touches a page that is not there",
] as const;

/** Those that need code which comes and goes. */
export const exchangedPaths = [
  "stable memory changes in an installation",
  "an installation leaves no stable memory",
  "a snapshot brings another size of stable memory back",
] as const;

type StretchedPath = (typeof stretchedPaths)[number] | (typeof exchangedPaths)[number];

/** The paths that the events of one input show. */
export const stretchedPathsOf = (events: readonly Event[]): readonly StretchedPath[] => {
  let latest: Event | null = null;
  return events.flatMap((event): readonly StretchedPath[] => {
    if (changing.has(event.kind)) latest = event;
    if (event.kind === "executed" && event.trap === "IC0502") return ["an execution touches a page that is not there"];
    return event.kind === "stable-resized" && latest !== null ? [resizedBy(latest, event.stablePages)] : [];
  });
};

const changing: ReadonlySet<EventKind> = new Set(["executed", "installation-ran", "snapshot-loaded"] as const);

const resizedBy = (event: Event, stablePages: number): StretchedPath => {
  if (event.kind === "snapshot-loaded") return "a snapshot brings another size of stable memory back";
  if (event.kind === "executed") return event.cleanup === "completed" ? "stable memory grows in a cleanup" : growing[event.cause.kind];
  return stablePages === 0 ? "an installation leaves no stable memory" : "stable memory changes in an installation";
};

const growing: Readonly<Record<Executed["cause"]["kind"], StretchedPath>> = {
  update: "stable memory grows in an update",
  response: "stable memory grows in a callback",
  timer: "stable memory grows in a task",
  heartbeat: "stable memory grows in a task",
  "low-memory": "stable memory grows in a task",
};
