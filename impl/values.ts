/**
 * What a script reads of the world around it. Where a value is not there to be read, `null` stands for it, and what the script traps with is
 * found out afterwards: reading is done more often than anything else.
 */
import {
  asciiOf,
  bigEndian,
  certificateRead,
  hex,
  identityRead,
  valueRead,
  type CanisterStatus,
  type ErrorCode,
  type Hex,
  type Principal,
  type Value,
} from "../spec/index.ts";
import { abilities, type GuardedValue } from "./abilities.ts";
import { noBytes, type Frame } from "./frame.ts";
import {
  lookAtBalance,
  lookAtCaller,
  lookAtCertificate,
  lookAtController,
  lookAtPage,
  lookAtStableSize,
  lookAtVersion,
  lookWhetherCertified,
} from "./looks.ts";
import { isInside } from "./pages.ts";
import { refusalOf } from "./refusals.ts";

/**
 * The bytes of a value; `null` when it is not there to be read.
 * @rule value-read
 * @rule identity-read
 * @rule certificate-read
 */
export const valueOf = (frame: Frame, value: Value): Hex | null => {
  switch (value.kind) {
    case "bytes":
      return value.bytes;
    case "message":
      return abilities[frame.kind].reads.message ? frame.message : null;
    case "page":
      return hasPage(frame, value.page) ? (frame.writes?.get(value.page) ?? pageBefore(frame, value.page) ?? noBytes) : null;
    case "stable-size":
      return bigEndian(BigInt(stableSize(frame)), 8);
    case "time":
      if (frame.asking !== null) frame.asking.looks.time = frame.time;
      return bigEndian(frame.time, 8);
    case "balance":
      if (frame.asking !== null) lookAtBalance(frame.asking.looks, frame.canister);
      return bigEndian(frame.balance, 16);
    case "available":
      return abilities[frame.kind].reads.available ? bigEndian(frame.available, 16) : null;
    case "deadline":
      return abilities[frame.kind].reads.deadline ? bigEndian(frame.context.deadline ?? 0n, 8) : null;
    case "refunded":
      return abilities[frame.kind].reads.refunded ? bigEndian(frame.refunded, 16) : null;
    case "instructions":
      return bigEndian(BigInt(frame.used), 8);
    case "version":
      if (frame.asking !== null) lookAtVersion(frame.asking.looks, frame.canister);
      return bigEndian(BigInt(frame.version), 8);
    case "self":
      return asciiOf(frame.canister.id);
    case "caller":
      if (frame.asking !== null) lookAtCaller(frame.asking.looks, frame.context.caller);
      return asciiOf(frame.context.caller);
    case "status":
      return statuses[frame.canister.status];
    case "controller":
      return isController(frame, value.principal) ? yes : no;
    case "reject-code":
      return abilities[frame.kind].reads["reject-code"] ? hex(`0${frame.rejectCode}`) : null;
    case "method":
      return abilities[frame.kind].reads.method ? asciiOf(frame.method) : null;
    case "certified":
      return isCertificateThere(frame) ? yes : no;
    case "certificate":
      return isCertificateThere(frame) ? lookAtCertificate(frame.asking!.looks, frame.engine) : null;
    default: {
      const never: never = value;
      throw new Error(`a value of no kind: ${JSON.stringify(never)}`);
    }
  }
};

/** With what a script traps that reads a value which is not there. */
export const trapOfReading = ({ kind }: Value): ErrorCode => traps[kind as GuardedValue | "page"];

const traps: Readonly<Record<GuardedValue | "page", ErrorCode>> = {
  page: refusalOf(valueRead.when.inside),
  message: refusalOf(valueRead.when.given),
  available: refusalOf(valueRead.when.available),
  refunded: refusalOf(valueRead.when.refunded),
  deadline: refusalOf(valueRead.when.deadline),
  "reject-code": refusalOf(identityRead.when.rejected),
  method: refusalOf(identityRead.when.inspected),
  certificate: refusalOf(certificateRead.when.asked), // as where none was issued yet
};

/** How many pages stable memory has now. */
export const stableSize = ({ canister, stablePages, asking }: Frame): number => {
  if (asking !== null) lookAtStableSize(asking.looks, canister);
  return stablePages;
};

/** Whether a page is one of the heap, or of stable memory as far as that goes now. */
export const hasPage = (frame: Frame, page: number): boolean => {
  const { parameters } = frame.engine.genesis;
  return isInside(parameters, page < parameters.heapPages ? 0 : stableSize(frame), page);
};

/** A page as it was before this script wrote it. */
const pageBefore = ({ canister, pages, asking }: Frame, page: number): Hex | undefined =>
  asking === null ? pages?.get(page) : (asking.pages?.get(page) ?? lookAtPage(asking.looks, canister, page));

/** Nothing that somebody else does to the canister comes between the slices of an execution, so this is what its beginning saw. */
const isController = ({ canister, asking }: Frame, principal: Principal): boolean =>
  asking === null ? canister.controllers.includes(principal) : lookAtController(asking.looks, canister, principal);

/** For the body of a query, and there for the canister that the user asked alone, also where the tree of calls comes back to it. */
const isCertificateThere = ({ engine, canister, kind, asking }: Frame): boolean =>
  abilities[kind].reads.certificate && canister === asking!.first && lookWhetherCertified(asking!.looks, engine);

const no = hex("00");
const yes = hex("01");
const statuses: Readonly<Record<CanisterStatus, Hex>> = { running: hex("01"), stopping: hex("02"), stopped: hex("03") };
