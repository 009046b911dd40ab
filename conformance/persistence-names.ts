/** The items and the happenings of the table of what survives what, for people. */

/** What there is to keep. */
export const items = [
  "heap",
  "stable",
  "size",
  "timer",
  "certified",
  "balance",
  "reserved",
  "allocation",
  "code",
  "heartbeat",
  "hook",
  "context",
  "call",
  "waiting",
  "execution",
  "controllers",
  "rest",
  "stop",
  "petition",
  "inquiry",
  "snapshot",
  "chunk",
  "status",
  "id",
] as const;

/** What happens to a canister; an execution changes what it can, and then ends in one way or another. */
export const happenings = [
  "completed",
  "trapped",
  "asked",
  "round-asked",
  "inspected",
  "idle",
  "checkpoint",
  "restarted",
  "paused",
  "aborted",
  "upgraded",
  "failed",
  "reinstalled",
  "loaded",
  "uninstalled",
  "dry",
  "deleted",
] as const;

export type Item = (typeof items)[number];
export type Happening = (typeof happenings)[number];

/** Of an item, for people. */
export const nameOfItem: Readonly<Record<Item, string>> = {
  heap: "its heap",
  stable: "what its stable memory holds",
  size: "the size of its stable memory",
  timer: "its global timer",
  certified: "its certified data",
  balance: "its balance",
  reserved: "the cycles that it set aside",
  allocation: "its compute allocation",
  code: "its code",
  heartbeat: "its heartbeat",
  hook: "that its hook has run",
  context: "its open call context",
  call: "its open call",
  waiting: "the message that waits in its input queue",
  execution: "its execution under way",
  controllers: "its controllers",
  rest: "that it is stopped",
  stop: "the request to stop that waits with it",
  petition: "its request that waits for the management canister",
  inquiry: "its request that waits for consensus",
  snapshot: "a snapshot of it",
  chunk: "a chunk that it keeps",
  status: "the answer that it gave a user",
  id: "its id",
};

/** Of what happens, for people. */
export const nameOfHappening: Readonly<Record<Happening, string>> = {
  completed: "a message that completes",
  trapped: "a message that traps",
  asked: "a query between two rounds",
  "round-asked": "a query in a round",
  inspected: "an inspection",
  idle: "a round without work",
  checkpoint: "a round with a checkpoint",
  restarted: "a restart",
  paused: "a slice that is not the last",
  aborted: "an abort of an execution in slices",
  upgraded: "an upgrade",
  failed: "an upgrade that traps",
  reinstalled: "a reinstallation",
  loaded: "a snapshot brought back",
  uninstalled: "an uninstall",
  dry: "running dry",
  deleted: "a deletion",
};
