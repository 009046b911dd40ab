/** How often canisters changed, and how: what they say of themselves, what anybody is told, and that both only grow. */
import * as fc from "fast-check";
import type { CanisterId, CodeGenesis, Event, Executed } from "../../spec/index.ts";
import { codedWorlds } from "../arbitraries/coded.ts";
import { alone } from "../case.ts";
import { readingOf } from "../reading.ts";
import { rulingOf } from "../tracking/ingress.ts";
import { infoOf } from "../tracking/histories.ts";
import { askedIn } from "../tracking/management.ts";
import { callText } from "../tracking/messages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";

export const versionsCountChanges = watchedLaw({
  id: "versions-count-changes",
  statement:
    "A method that does nothing but reply with the version says how often the canister changed before: each execution that completed and is no query, each installation that completed, each snapshot that was brought back, each loss of its code, each change of its settings or its allocation, and each request to start or to stop it and each stop counted once, and nothing else.",
  source: "facts/messages.md MSG-P30, MSG-ST07, D3, D5, F4, F12, F16, F17, F22, K18",
  cites: [
    "execution-commit",
    "code-replace",
    "install-rollback",
    "snapshot-load",
    "settings-update",
    "allocation-set",
    "canister-stop",
    "canister-rest",
    "canister-start",
    "canister-uninstall",
    "canister-exhaust",
    "call-reply",
    "query-answer",
    "restart",
  ],
  needs: ["code"],
  otherwise: "nobody told its version",
  cases: (vocabulary) =>
    fc.oneof(codedWorlds(vocabulary, { candid: true }), codedWorlds(vocabulary, { candid: true, kept: true })).map(alone),
  watch: () => {
    let told = false;
    let expected: number | null = null;
    return {
      onEvent: (event, world) => {
        if (event.kind === "query-answered") {
          const canister = world.canisters.get(event.canister);
          if (canister === undefined || !tellsVersion(canister.genesis, event.method)) return undefined;
          told ||= event.result.kind === "reply";
          return event.result.kind === "reply" ? misnumbered(event.canister, event.result, canister.version) : undefined;
        }
        if (event.kind === "executed") {
          expected = versionToldBy(event, world);
          return undefined;
        }
        if (event.kind !== "answered") return undefined;
        const wanted = expected;
        expected = null;
        if (wanted === null || world.latest?.kind !== "executed" || world.latest.canister !== event.canister) return undefined;
        told = true;
        return misnumbered(event.canister, event.result, wanted);
      },
      interested: () => told,
    };
  },
});

const tellsVersion = (code: CodeGenesis, method: string): boolean => {
  const [only, ...more] = readingOf(code).methods.get(method) ?? [];
  return only?.op === "reply" && only.payload.kind === "version" && more.length === 0;
};

const versionToldBy = ({ canister: id, cause, trap }: Executed, { canisters }: World): number | null => {
  const canister = canisters.get(id);
  if (canister === undefined || cause.kind !== "update" || trap !== null) return null;
  return tellsVersion(canister.genesis, cause.method) ? canister.version : null;
};

const misnumbered = (id: CanisterId, result: Extract<Event, { readonly kind: "answered" }>["result"], version: number): Complaint => {
  const payload = version.toString(16).padStart(16, "0");
  if (result.kind === "reply" && result.payload === payload) return undefined;
  const said = result.kind === "reply" ? `that it had changed ${Number.parseInt(result.payload || "0", 16)} times` : result.error;
  return `${id} had changed ${version} times, and said ${said}`;
};

export const historiesTellTheNewest = watchedLaw({
  id: "histories-tell-the-newest",
  statement:
    "Whoever asks about a canister is told how many changes of its code and its controllers there were, who controls it now, and the newest changes that are kept, as many as it asked for, the oldest of these first: each with the version after it, the time of the round, or of the last one, what it was and who wanted it; of a canister that ran dry, no change of before; and how many there were never falls, nor does a version that is told come again.",
  source: "facts/messages.md F7, K4, MSG-P30, MSG-ST17, MSG-G1, MSG-G9",
  cites: [
    "info-tell",
    "code-replace",
    "snapshot-load",
    "settings-update",
    "canister-make",
    "canister-uninstall",
    "canister-exhaust",
    "install-rollback",
    "management-allow",
    "restart",
  ],
  needs: ["code"],
  otherwise: "nobody asked about a canister",
  cases: (vocabulary) => fc.oneof(codedWorlds(vocabulary), codedWorlds(vocabulary, { kept: true })).map(alone),
  watch: () => {
    let told = false;
    const totals = new Map<CanisterId, number>();
    return {
      onEvent: (event, world) => {
        if (event.kind === "canister-deleted") totals.delete(event.canister);
        if (event.kind !== "management-answered" || event.result.kind === "reject") return undefined;
        const asking = rulingOf(event, world)?.asking;
        const asked = asking === undefined ? null : askedIn(asking);
        const canister = asked?.canister == null ? undefined : world.canisters.get(asked.canister);
        if (asked?.method !== "canister_info" || canister === undefined) return undefined;
        told = true;
        const text = textOf(event.result.payload);
        const before = totals.get(canister.id) ?? 0;
        const [total = Number.NaN] = text.split(" ", 1).map(Number);
        totals.set(canister.id, total);
        const what = `${callText(event.caller, event.callback)} was told "${text}" of ${canister.id}`;
        if (!(total >= before)) return `${what}, which had changed ${before} times before`;
        return unordered(text, canister, what) ?? misinformed(text, infoOf(canister, asked.newest), what);
      },
      interested: () => told,
    };
  },
});

const textOf = (payload: string): string =>
  (payload.match(/../g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join("");

/** Versions of changes go up, and times do not go down. */
const unordered = (text: string, { version: latest }: TrackedCanister, what: string): Complaint => {
  let [version, time] = [-1, -1n];
  for (const change of text.split(" ").slice(2)) {
    const [number = "", at = ""] = change.split(":");
    if (Number(number) <= version || BigInt(at || -1) < time) return `${what}, whose changes are out of order`;
    [version, time] = [Number(number), BigInt(at)];
  }
  return version > latest ? `${what}, which has version ${latest}` : undefined;
};

const misinformed = (text: string, expected: string, what: string): Complaint =>
  text === expected ? undefined : `${what}, and is "${expected}"`;
