/**
 * What survives what: an entry for each pair of something that a canister has, or the platform for it, and something that happens.
 * Nobody saves or loads anything: memory is there in the next message, round or process because nothing took it away, and this table
 * says what does.
 * @source docs/machine.md sections 2, 3, 5, 7, 9 to 14, 16 and 17; facts/messages.md D2, F16, F18, F20, F28, F32, F33, K1, K2, X12, MSG-P14
 */
import { happenings, items, type Happening, type Item } from "./persistence-names.ts";

/** `impossible`: the pair does not come about. */
export type Fate = "kept" | "changed" | "gone" | "impossible";

export interface PersistenceEntry {
  readonly item: Item;
  readonly happening: Happening;
  readonly fate: Fate;
  /** Where it is more than kept: what became of it. */
  readonly how: string | null;
  /** What later looks at it show; nothing when the pair does not come about. */
  readonly shown: string;
}

/** A fate, what became of it, and what looks show. */
type Turn = readonly [fate: Fate, how: string, shown: string];

/** An item that is as it was, whatever happens but for what is named. */
interface Row {
  /** What looks show of an item that was kept. */
  readonly kept: string;
  readonly turns: Readonly<Partial<Record<Happening, Turn>>>;
}

/** Where an item goes with its canister. */
const goneWith = (shown: string): Turn => ["gone", "there is no such canister", shown];

const codeless = (shown: string): Turn => ["gone", "there is no code", shown];

const exchanged = (shown: string): Turn => ["changed", "it is the new one", shown];

const rearmed: Turn = ["changed", "it is armed again", "runs again"];

const broughtBack = (shown: string): Turn => ["changed", "it is that of the snapshot", shown];

const waitedFor = (what: string): Turn => ["kept", `the ${what} waits until it is over`, "goes on, 01"];

/** Of a page, whatever part of memory it belongs to; an upgrade tells them apart. */
const memory: Row["turns"] = {
  completed: ["changed", "what it wrote is there", "03"],
  reinstalled: ["gone", "no page was ever written", ""],
  loaded: broughtBack("03"),
  // Whoever has no code shows no pages, but pays for none either: were they there, the canister would be frozen.
  uninstalled: ["gone", "no page was ever written", "IC0537"],
  dry: ["gone", "no page was ever written", "IC0537"],
  deleted: ["gone", "there is no such canister", "IC0301"],
};

const refused = (error: string, shown: string): Turn => ["kept", `it stands in the way: ${error}`, shown];

const callless: Turn = ["impossible", "a canister that does not run takes no calls", ""];

const untouched: Turn = ["impossible", "the canister takes nothing else meanwhile", ""];

const rows: Readonly<Record<Item, Row>> = {
  heap: { kept: "01", turns: { ...memory, upgraded: ["gone", "no page was ever written", ""] } },
  stable: { kept: "01", turns: { ...memory, reinstalled: ["gone", "stable memory has no pages", "IC0502"] } },
  size: {
    kept: "1",
    turns: {
      ...memory,
      completed: ["changed", "it has grown", "3"],
      reinstalled: ["gone", "it is 0", "0"],
      loaded: broughtBack("2"),
      uninstalled: ["gone", "it is 0", "IC0537"],
      dry: ["gone", "it is 0", "IC0537"],
    },
  },
  timer: {
    kept: "fires",
    turns: {
      completed: ["changed", "it is what was set last", "does not fire"],
      upgraded: ["gone", "it is deactivated", "does not fire"],
      reinstalled: ["gone", "it is deactivated", "does not fire"],
      uninstalled: ["gone", "it is deactivated", "does not fire"],
      dry: ["gone", "it is deactivated", "does not fire"],
      deleted: goneWith("does not fire"),
    },
  },
  certified: {
    kept: "01",
    turns: {
      completed: ["changed", "they are what was certified last", "03"],
      reinstalled: ["gone", "they are empty", "empty"],
      loaded: ["changed", "they are those of the snapshot", "03"],
      uninstalled: ["gone", "they are empty", "empty"],
      dry: ["gone", "they are empty", "empty"],
      deleted: goneWith("absent"),
    },
  },
  balance: {
    kept: "1000000",
    turns: {
      completed: ["changed", "less what it burned and what it cost", "999994"],
      trapped: ["changed", "less what it cost", "999999"],
      "round-asked": ["changed", "less what it cost", "999999"],
      paused: ["changed", "less the prepayment, which is held", "999999"],
      aborted: ["changed", "less the prepayment, which is held", "999999"],
      upgraded: ["changed", "less what it cost", "999999"],
      failed: ["changed", "less what it cost", "999999"],
      reinstalled: ["changed", "less what it cost", "999999"],
      // What it burned behind the snapshot, and what that and its return cost, is not turned back.
      loaded: ["kept", "what it burned before the snapshot was taken is burned", "999994"],
      dry: ["gone", "it is burned", "0, 5000 burned"],
      deleted: ["gone", "it is burned", "IC0301, 1000000 burned"],
    },
  },
  reserved: {
    kept: "as before",
    turns: {
      completed: ["changed", "more is set aside for the page that it wrote", "more"],
      dry: ["gone", "they are burned", "nothing"],
      deleted: ["gone", "they are burned", "nothing"],
    },
  },
  allocation: {
    kept: "is paid for",
    turns: {
      dry: ["gone", "it is 0", "is not paid for"],
      deleted: goneWith("IC0301"),
    },
  },
  code: {
    kept: "01",
    turns: {
      upgraded: exchanged("02"),
      reinstalled: exchanged("02"),
      loaded: broughtBack("02"),
      uninstalled: codeless("IC0537"),
      dry: codeless("IC0537"),
      deleted: goneWith("IC0301"),
    },
  },
  heartbeat: {
    kept: "beats",
    turns: {
      upgraded: ["gone", "the new code has none", "is silent"],
      reinstalled: ["gone", "the new code has none", "is silent"],
      loaded: ["gone", "the code of the snapshot has none", "is silent"],
      uninstalled: codeless("is silent"),
      dry: codeless("is silent"),
      deleted: goneWith("is silent"),
    },
  },
  hook: {
    kept: "does not run again",
    turns: {
      upgraded: rearmed,
      reinstalled: rearmed,
      loaded: rearmed,
      uninstalled: codeless("IC0537"),
      dry: codeless("IC0537"),
      deleted: goneWith("IC0301"),
    },
  },
  context: {
    kept: "01",
    turns: {
      uninstalled: ["gone", "it is deleted, and the call rejected with IC0406", "04, deleted"],
      dry: ["gone", "it is deleted, and the call rejected with IC0406", "04, deleted"],
      deleted: refused("IC0510", "01"),
    },
  },
  call: {
    kept: "1 run, 100 cycles back",
    turns: {
      completed: ["changed", "there is another one", "2 run, 100 cycles back"],
      uninstalled: ["changed", "its response is discarded, its cycles come back", "1 discarded, 100 cycles back"],
      dry: ["changed", "its response is discarded, its cycles come back", "1 discarded, 100 cycles back"],
      deleted: refused("IC0510", "1 run, 100 cycles back"),
    },
  },
  waiting: {
    kept: "01",
    turns: {
      idle: ["impossible", "a canister with an input has work", ""],
      uninstalled: ["changed", "in its turn it is rejected with IC0537", "IC0537"],
      dry: ["changed", "in its turn it is rejected with IC0207", "IC0207"],
      deleted: refused("IC0203", "01"),
    },
  },
  execution: {
    kept: "goes on, 01",
    turns: {
      completed: untouched,
      trapped: untouched,
      "round-asked": untouched,
      checkpoint: ["changed", "it begins again", "begins again, 01"],
      aborted: ["changed", "it begins again", "begins again, 01"],
      upgraded: waitedFor("installation"),
      failed: waitedFor("installation"),
      reinstalled: waitedFor("installation"),
      loaded: waitedFor("snapshot"),
      uninstalled: refused("CN0015", "goes on, 01"),
      dry: ["kept", "it is charged when it is over", "goes on, 01"],
      deleted: refused("IC0510", "goes on, 01"),
    },
  },
  controllers: { kept: "running", turns: { deleted: goneWith("reject 3") } },
  rest: {
    kept: "stopped",
    turns: {
      completed: callless,
      trapped: callless,
      asked: callless,
      "round-asked": callless,
      inspected: callless,
      paused: callless,
      aborted: callless,
      deleted: goneWith("reject 3"),
    },
  },
  // What is executed meanwhile is the response to another call.
  stop: {
    kept: "01 when it is stopped",
    turns: { asked: callless, "round-asked": callless, inspected: callless, deleted: refused("IC0510", "01 when it is stopped") },
  },
  petition: {
    kept: "running",
    turns: {
      uninstalled: ["kept", "it is executed, and the answer discarded", "running, discarded"],
      dry: ["kept", "it is executed, and the answer discarded", "running, discarded"],
      deleted: refused("IC0510", "running"),
    },
  },
  inquiry: {
    kept: "01",
    turns: {
      uninstalled: ["kept", "it is answered, and the answer discarded", "01, discarded"],
      dry: ["kept", "it is answered, and the answer discarded", "01, discarded"],
      deleted: refused("IC0510", "01"),
    },
  },
  // Its number, its time and its pages.
  snapshot: {
    kept: "0:2000001000:1",
    turns: {
      dry: ["gone", "there is none", "none"],
      deleted: goneWith("reject 3"),
    },
  },
  // The digest of a text.
  chunk: {
    kept: "34235a2c502e3919d3f00af5dabb87cb58aef4566b10631f2a5db94950ebffbd",
    turns: {
      loaded: ["gone", "the snapshot has none", "none"],
      uninstalled: ["gone", "there is none", "none"],
      dry: ["gone", "there is none", "none"],
      deleted: goneWith("reject 3"),
    },
  },
  status: { kept: "replied 01", turns: {} },
  id: { kept: "IC0205", turns: { deleted: ["kept", "it never means another canister", "IC0205"] } },
};

/** Every pair. */
export const persistenceTable: readonly PersistenceEntry[] = items.flatMap((item) =>
  happenings.map((happening): PersistenceEntry => {
    const { kept, turns } = rows[item];
    const [fate, how, shown]: Turn | readonly ["kept", null, string] = turns[happening] ?? ["kept", null, kept];
    return { item, happening, fate, how, shown };
  }),
);
