/** The ingress history at the end of a round: it forgets answers when they are too many, and drops messages that are old. */
import { byId, nanoseconds, type IngressId, type Nanoseconds } from "../spec/index.ts";
import { forgetAnswer, pruneIngress } from "./rules/ingress.ts";
import { tell } from "./reading.ts";
import type { State } from "./state.ts";
import type { Fire } from "./transition.ts";

export const forgetAndPrune = (fire: Fire, before: State): State => prune(fire, forget(fire, before));

const forget = (fire: Fire, before: State): State => {
  let state = before;
  for (const { ingress, time } of finished(before, ["answered"]).sort(
    (left, right) => Number(left.time - right.time) || byId(left.ingress, right.ingress),
  )) {
    const fired = fire(forgetAnswer, state, { ingress, time });
    if (!fired.applied) break;
    state = tell(fired.state, { kind: "ingress-forgotten", ingress });
  }
  return state;
};

const prune = (fire: Fire, before: State): State =>
  finished(before, ["answered", "done"])
    .sort((left, right) => byId(left.ingress, right.ingress))
    .reduce((state, { ingress, time }) => {
      const fired = fire(pruneIngress, state, { ingress, time });
      return fired.applied ? tell(fired.state, { kind: "ingress-pruned", ingress }) : state;
    }, before);

/** The messages that were answered, and when. */
const finished = ({ history }: State, kinds: readonly string[]): { readonly ingress: IngressId; readonly time: Nanoseconds }[] =>
  [...history].flatMap(([ingress, status]) =>
    "time" in status && kinds.includes(status.kind) ? [{ ingress, time: nanoseconds(status.time) }] : [],
  );
