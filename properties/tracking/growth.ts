/**
 * How memory grows in an execution: by a page of the heap that is written for the first time, or by what is asked of stable memory. From
 * `docs/machine.md` sections 2 and 5 alone.
 */
import { stableRoomOf, type ErrorCode } from "../../spec/index.ts";
import { setAsideFor } from "../money.ts";
import type { Changing, Seen } from "./enactment.ts";
import { isAsking, type Mode } from "./modes.ts";
import { pagesInUse } from "./pages.ts";

/** What changes when memory grows. */
type Growing = { -readonly [Key in "stablePages" | "balance" | "reserved" | "used"]: Changing[Key] } & Pick<Changing, "pages" | "messages">;

/** Whether what it writes is gone in the end, so that memory does not grow. */
export const isFleeting = (mode: Mode): boolean => mode === "inspection" || isAsking(mode);

/** More of stable memory, as far as there is room on this canister, and on the subnet. */
export const enlarge = (pages: number, seen: Seen, now: Growing): ErrorCode | null => {
  const { mode, parameters, memory: memoryWith } = seen;
  const all = now.stablePages + pages;
  if (all > stableRoomOf(parameters)) return null;
  if (!isFleeting(mode)) {
    const used = pagesInUse(parameters, now);
    const more = memoryWith(used + pages) - memoryWith(used);
    if (more > 0 && now.used + more > Math.floor(parameters.storage.capacity / parameters.cores)) return null;
    const trap = pages > 0 ? grow(seen, now, pages) : null;
    if (trap !== null) return trap;
  }
  now.stablePages = all;
  return null;
};

/** Some pages more: what has to be set aside for what the memory grows by, if that may be, and what must be left then. */
export const grow = (seen: Seen, now: Growing, pages: number): ErrorCode | null => {
  const { mode, parameters, memory: memoryWith, threshold, reservedLimit } = seen;
  const before = pagesInUse(parameters, now);
  const more = memoryWith(before + pages) - memoryWith(before);
  const due = setAsideFor(parameters, now.used, more);
  const [balance, reserved] = [now.balance - due, now.reserved + due];
  if (due > 0n && reserved > reservedLimit) return "IC0534";
  if (balance < 0n) return "IC0532";
  const memory = (before + pages) * parameters.pageSize;
  if ((mode === "update" || mode === "task") && balance < threshold({ memory, messages: now.messages, reserved })) return "IC0532";
  Object.assign(now, { balance, reserved, used: now.used + more });
  return null;
};
