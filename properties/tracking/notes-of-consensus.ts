/** How what leaves the layer, and comes back, changes what an onlooker knows. From `docs/machine.md` section 17.9 alone. */
import type { NotesOf } from "./absorb.ts";
import { outwardBy } from "./consensus.ts";
import { withdraw } from "./queues.ts";

export const consensusNotes: NotesOf<"consensus-asked" | "consensus-answered" | "consensus-refused"> = {
  "consensus-asked": (world, { request: number, caller, callback, kept }) => {
    const asking = withdraw(
      world.management,
      ({ request }) => request.kind === "request" && request.caller === caller && request.callback === callback,
    );
    const asked = asking === undefined ? null : outwardBy(asking.request);
    if (asking?.request.kind !== "request" || asked === null) return;
    world.consensus.set(number, { number, request: asking.request, asked, kept, since: world.height, prepared: false });
    world.nextOutcall++;
  },
  // It is gone when its answer is told, right behind.
  "consensus-answered": () => {},
  "consensus-refused": () => {},
};
