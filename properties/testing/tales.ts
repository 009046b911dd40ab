/** All stories by name: what a test walks through when it has something to ask of each of them. */
import type { Trace } from "../../spec/index.ts";
import { alarm, fall, greeting, poverty, quiet, rivalry, untold } from "./tales-of-one.ts";
import { crowd, dice, errand, mending, payment } from "./tales-of-calls.ts";
import { register } from "./tales-of-certificates.ts";
import { farewell, haste, visitor } from "./tales-of-partings.ts";
import { hearing, inquiry } from "./tales-of-queries.ts";
import { eviction } from "./tales-of-rent.ts";
import { contest } from "./tales-of-priorities.ts";
import { arrivals, gluttony, marathon } from "./tales-of-slices.ts";
import { cramp, doorkeeper, oblivion, pulse } from "./tales-of-tasks.ts";
import { market } from "./tales-of-tokens.ts";

export { certify, reads, register } from "./tales-of-certificates.ts";
export { asks, hearing, inModes, inquiry, parlour } from "./tales-of-queries.ts";
export { eviction } from "./tales-of-rent.ts";
export { contest } from "./tales-of-priorities.ts";
export { arrivals, gluttony, marathon } from "./tales-of-slices.ts";
export { alarm, fall, greeting, poverty, quiet, rivalry, untold } from "./tales-of-one.ts";
export { crowd, dice, errand, firstDraw, mending, payment } from "./tales-of-calls.ts";
export { farewell, haste, visitor } from "./tales-of-partings.ts";
export { chosen, cramp, doorkeeper, oblivion, pulse } from "./tales-of-tasks.ts";
export { market } from "./tales-of-tokens.ts";

export const tales: Readonly<Record<string, Trace>> = {
  quiet,
  untold,
  greeting,
  payment,
  fall,
  mending,
  alarm,
  dice,
  poverty,
  crowd,
  rivalry,
  errand,
  pulse,
  cramp,
  doorkeeper,
  oblivion,
  farewell,
  haste,
  visitor,
  marathon,
  gluttony,
  arrivals,
  contest,
  eviction,
  market,
  inquiry,
  hearing,
  register,
};
