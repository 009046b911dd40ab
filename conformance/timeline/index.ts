/** Timelines: what a session looked like, round by round, as data, as a page and as text for a terminal. */
export { clipped, type Timeline } from "./data.ts";
export { mostRounds, pageOf } from "./page.ts";
export { record } from "./record.ts";
export { scenarioFrom } from "./source.ts";
export { roundsIn, textOf, type Paint } from "./text.ts";
export { timelineOf } from "./timeline.ts";
