/** By which names the editor of a case knows what to do with a field: scripts, lists, what may go unsaid, and what may be lowered. */

/** Fields that hold a script. */
export const scriptKeys = new Set([
  "body",
  "onTimer",
  "onHeartbeat",
  "inspect",
  "onInit",
  "onPreUpgrade",
  "onPostUpgrade",
  "hook",
  "then",
  "otherwise",
  "onReply",
  "onReject",
  "onCleanup",
  "onRefused",
]);

/** Lists whose items may go, one by one. */
export const deletable = new Set([
  ...scriptKeys,
  "methods",
  "modules",
  "before",
  "coreOrder",
  "slices",
  "answers",
  "messages",
  "deliveries",
  "routes",
  "accounts",
]);

/** Fields without which the rest says the same, only less. */
export const optional = new Set([
  "committee",
  "network",
  "tokens",
  "bitcoin",
  "provisional",
  "reservedLimit",
  "stablePages",
  "controllers",
  "modules",
  "onInit",
  "onPreUpgrade",
  "onPostUpgrade",
  "persistentHeap",
  "onHeartbeat",
  "inspect",
  "lowMemory",
  "timeout",
  "expiry",
  "sender",
  "slices",
  "answers",
  "deliveries",
  "again",
  "coreOrder",
  "checkpoint",
  "summary",
]);

/** Numbers that are no names and whose zero means nothing special. */
export const lowered = new Set([
  "cores",
  "tapeLag",
  "queueCapacity",
  "cleanupReserve",
  "computeAllocation",
  "freezingThreshold",
  "instructions",
  "page",
  "pages",
  "stablePages",
  "round",
  "count",
  "again",
  "begin",
  "signals",
  "limit",
  "threshold",
  "nextCheckpoint",
  "length",
  "conversion",
  "by",
]);
