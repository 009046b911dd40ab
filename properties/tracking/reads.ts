/** What a script reads of what an execution sees: whether the value is there to be read, and what it is. From the table of `docs/machine.md` section 5. */
import { asciiOf, type CanisterStatus, type ErrorCode, type Value } from "../../spec/index.ts";
import type { Enacted, Seen } from "./enactment.ts";
import { mayRead } from "./modes.ts";
import { isInside } from "./pages.ts";

export const unknown = "unknown";

/** How a walk along a script, or one step of it, ends: with the error of a trap, with what nobody can know, or just so. */
export type End = ErrorCode | typeof unknown | null;

type Now = Pick<Enacted, "balance" | "available" | "pages" | "stablePages" | "instructions">;

/** Bytes that a script names, or how it ends that it names them. */
export const valueOf = (value: Value, seen: Seen, now: Now): string | { readonly end: Exclude<End, null> } => {
  if (!mayRead(value.kind, seen.mode) || (value.kind === "certificate" && seen.certificate === null)) return { end: "IC0504" };
  if (value.kind === "page" && !isInside(seen.parameters, now.stablePages, value.page)) return { end: "IC0502" };
  const content = contentOf(value, seen, now);
  return content === null ? { end: unknown } : content;
};

export const isEnd = (value: ReturnType<typeof valueOf>): value is Exclude<ReturnType<typeof valueOf>, string> => typeof value !== "string";

/** What a value is where it is there to be read; `null` when an onlooker cannot know it. */
const contentOf = (value: Value, seen: Seen, now: Now): string | null => {
  switch (value.kind) {
    case "bytes":
      return value.bytes;
    case "message":
      return seen.message;
    case "page":
      return now.pages.get(value.page) ?? "";
    case "stable-size":
      return wide(BigInt(now.stablePages), 8);
    case "time":
      return wide(seen.time, 8);
    case "balance":
      return wide(now.balance, 16);
    case "available":
      return wide(now.available, 16);
    case "deadline":
      return wide(seen.deadline, 8);
    case "instructions":
      return wide(BigInt((seen.usedBefore ?? 0) + now.instructions), 8);
    case "version":
      return wide(BigInt(seen.version), 8);
    case "refunded":
      return wide(seen.refunded, 16);
    case "self":
      return asciiOf(seen.self);
    case "caller":
      return seen.caller === null ? null : asciiOf(seen.caller);
    case "status":
      return statuses[seen.status];
    case "controller":
      return seen.controllers.includes(value.principal) ? "01" : "00";
    case "method":
      return asciiOf(seen.method);
    case "certified":
      return seen.certificate !== null && mayRead("certificate", seen.mode) ? "01" : "00";
    case "certificate":
      return seen.certificate?.() ?? null;
    case "reject-code":
      return seen.code;
  }
};

const statuses: Readonly<Record<CanisterStatus, string>> = { running: "01", stopping: "02", stopped: "03" };

/** A number of so many bytes, the highest first. */
export const wide = (count: bigint, width: number): string => count.toString(16).padStart(width * 2, "0");
