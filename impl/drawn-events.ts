/** What happened in a drawn world, by name: of each event the cases that it shows to have been met. */
import {
  asciiOf,
  bitcoinPrefix,
  managementCanister,
  type CanisterId,
  type Event,
  type EventKind,
  type HashTree,
  type Hex,
  type NestedQuery,
  type Result,
  type SentCall,
} from "../spec/index.ts";
import { usualBitcoin } from "./drawn-bitcoin.ts";
import { userPrefix } from "./drawn-users.ts";

/** An event of which nothing is said shows that there was one. */
export const casesIn = (event: Event): readonly string[] => (cases[event.kind] as Cases | undefined)?.(event) ?? [event.kind];

/** Between rounds the root of the state is the certificate: whoever answers with it read it, or was told by whoever did. */
export const casesOfCertificates = (event: Event, root: Hex | null): readonly string[] => {
  if (event.kind !== "query-answered") return [];
  const isRoot = (result: Result): boolean => result.kind === "reply" && result.payload === root;
  return [
    ...(isRoot(event.result) ? ["certificate told"] : []),
    ...event.nested.flatMap(({ callee, result }) =>
      callee === event.canister && isRoot(result) ? ["certificate told on the way back"] : [],
    ),
  ];
};

type Cases = (event: Event) => readonly string[];

const outcomeOf = (result: Result): string => (result.kind === "reply" ? "reply" : result.error);

const statusIn = (result: Result): string | undefined =>
  result.kind === "reply" ? ["running", "stopping", "stopped"].find((status) => asciiOf(status) === result.payload) : undefined;

const byError = ({ kind, error }: { readonly kind: EventKind; readonly error: string | null }): readonly string[] => [
  `${kind} ${error ?? "-"}`,
];

/** What becomes of what a user asked of the management canister. */
const ofUser = (ingress: string, what: string): readonly string[] => (ingress.startsWith(userPrefix) ? [`user ${what}`] : []);

/** Of the usual Bitcoin canister, which few call by its name, of another one, and of calls that only look like those to one. */
const bitcoinCases = (caller: CanisterId, { callee, method, attached, deadline }: SentCall): readonly string[] => {
  if (!method.startsWith(bitcoinPrefix)) return /bitcoin/i.test(method) && callee === managementCanister ? ["Bitcoin nearly asked"] : [];
  if (callee === managementCanister) return ["Bitcoin unknown"];
  if (callee !== usualBitcoin) return [method === bitcoinPrefix ? "Bitcoin another" : "Bitcoin not asked"];
  return [
    caller === callee ? "Bitcoin asks itself" : "Bitcoin asked",
    deadline === null ? "Bitcoin to answer" : "Bitcoin to answer in time",
    ...(attached > 0n ? ["Bitcoin to be paid"] : []),
  ];
};

/** What a canister learns in a query, and how deep. */
const nestedCases = ({ depth, callee, method, result }: NestedQuery): readonly string[] => {
  if (callee !== managementCanister) return [`nested ${outcomeOf(result)}`];
  const isBitcoin = method.startsWith(bitcoinPrefix);
  return [`canister learns ${statusIn(result) ?? outcomeOf(result)}`, `learned at ${depth}`, ...(isBitcoin ? ["nested Bitcoin"] : [])];
};

/** What users read. */
const shownIn = (tree: HashTree): readonly string[] => {
  if (tree.kind === "fork") return [...shownIn(tree.left), ...shownIn(tree.right)];
  if (tree.kind !== "labeled") return [];
  const { label, tree: below } = tree;
  if (below.kind !== "leaf") return shownIn(below);
  if (label === "controllers") return [below.value === "" ? "shown no controllers" : "shown controllers"];
  return [label === "status" && below.value === asciiOf("done") ? "shown a message that is done" : `shown ${label}`];
};

const cases: { readonly [Kind in EventKind]?: (event: Extract<Event, { kind: Kind }>) => readonly string[] } = {
  executed: ({ canister, cause, cleanup, trap, calls, refusedCalls, reserved }) => [
    `executed ${cause.kind}`,
    `cleanup ${cleanup}`,
    `trap ${trap ?? "-"}`,
    ...calls.flatMap((call) => bitcoinCases(canister, call)),
    ...refusedCalls.map(({ callee, error }) => `call ${callee === usualBitcoin ? "to Bitcoin " : ""}refused ${error}`),
    ...(reserved > 0n ? [trap === null ? "set aside" : "set aside by a cleanup"] : []),
  ],
  "not-executed": ({ canister, cause, error }) => [
    `not executed ${cause.kind} ${error}`,
    ...(canister === usualBitcoin ? [`Bitcoin does not execute ${error}`] : []),
  ],
  "canister-create-refused": byError,
  "canister-delete-refused": byError,
  "allocation-refused": byError,
  "uninstall-refused": byError,
  "consensus-refused": byError,
  "conversion-refused": byError,
  "transfer-refused": byError,
  "ingress-refused": ({ kind, ingress, error }) => [`${kind} ${error}`, ...ofUser(ingress, `refused ${error}`)],
  "ingress-inducted": ({ kind, ingress, canister }) => [kind, ...ofUser(ingress, canister === null ? "inducted for nothing" : "inducted")],
  "ingress-answered": ({ kind, ingress, result }) => [kind, ...ofUser(ingress, `told ${statusIn(result) ?? outcomeOf(result)}`)],
  "slice-refused": byError,
  "message-refused": byError,
  "request-bounced": byError,
  "resources-charged": ({ memory, messages, compute }) => [
    memory > 0n ? "memory paid" : "no memory paid",
    messages > 0n ? "messages paid" : "no messages paid",
    compute > 0n ? "allocation paid" : "no allocation paid",
  ],
  "query-answered": ({ canister, result, nested }) => [
    canister === managementCanister ? `user learns ${statusIn(result)}` : `asked ${outcomeOf(result)}`,
    ...nested.flatMap(nestedCases),
  ],
  "read-state-refused": byError,
  "certificate-issued": ({ kind, witness }) => [kind, ...shownIn(witness)],
  "query-refused": ({ canister, error }) => [canister === managementCanister ? `user does not learn ${error}` : `query refused ${error}`],
  "management-asked": ({ method }) => [`asked to ${method}`],
  "management-answered": ({ result }) => [`told ${statusIn(result) ?? outcomeOf(result)}`],
  "consensus-asked": ({ method, fee }) => [`sent out to ${method}`, ...(fee === 0n ? ["sent out for nothing"] : [])],
  "installation-ran": ({ mode, trap, wrote, reserved }) => [
    `${mode} ${trap ?? "-"}`,
    ...(wrote.length > 0 ? [`${mode} writes`] : []),
    ...(reserved > 0n ? [`${mode} sets aside`] : []),
  ],
  "snapshot-taken": ({ replaced, pages, reserved }) => [
    replaced === null ? "taken" : "taken in place of another",
    pages > 0 ? "taken with pages" : "taken without pages",
    ...(reserved > 0n ? ["taken with cycles set aside"] : []),
  ],
  "chunk-kept": ({ reserved }) => ["kept", ...(reserved > 0n ? ["kept with cycles set aside"] : [])],
  "chunks-cleared": ({ chunks }) => [chunks > 0 ? "chunks-cleared" : "no chunks-cleared"],
  "snapshot-loaded": ({ source, canister, wrote, pages }) => [
    source === canister ? "loaded" : "loaded from another",
    wrote.length > 0 ? "loaded pages" : "loaded the pages that are there",
    ...(wrote.length > 0 && wrote.length < pages ? ["loaded some pages"] : []),
  ],
  "settings-updated": ({ kind, memoryAllocation }) => [kind, memoryAllocation > 0 ? "memory allocated" : "no memory allocated"],
  "prepayment-adjusted": ({ taken }) => [taken > 0n ? "prepayment taken" : "prepayment returned"],
  "conversion-settled": ({ outcome, minted }) => [
    outcome.kind === "refunded" ? `refunded ${outcome.error}` : `${outcome.kind} ${minted > 0n ? "anew" : "from float"}`,
  ],
  "execution-paused": ({ cause }) => [`paused ${cause.kind}`],
  "execution-aborted": ({ postponed }) => [`aborted${postponed > 0n ? " with postponed fees" : ""}`],
  "execution-resumed": ({ afresh }) => [afresh ? "resumed afresh" : "resumed"],
  "execution-finished": ({ postponed }) => [`finished${postponed > 0n ? " with postponed fees" : ""}`],
  "canister-suspended": ({ iteration }) => [iteration > 1 ? "suspended later" : "suspended"],
  "priorities-settled": ({ decayed, shared }) => [
    ...(decayed < 0n ? ["priority decayed"] : decayed > 0n ? ["debt decayed"] : []),
    ...(shared > 0n ? ["shared"] : []),
  ],
  "message-dropped": ({ reason, queue, message }) => [`${reason} ${queue} ${message}`],
  "cycles-dropped": ({ fate }) => [`cycles ${fate}`],
  "stable-resized": ({ kind, stablePages }) => [stablePages > 0 ? kind : "resized to nothing"],
  "tasks-chosen": ({ turn }) => [`turn of ${turn}`],
  "message-streamed": ({ message, to }) => [
    `streamed ${message.kind}`,
    ...(message.kind === "request" && message.callee === usualBitcoin ? [`Bitcoin asked on ${to}`] : []),
    ...(message.kind === "response" && message.respondent === usualBitcoin ? [`Bitcoin answers ${to}`] : []),
  ],
  "request-inducted": ({ kind, callee }) => [kind, ...(callee === usualBitcoin ? ["Bitcoin asked here"] : [])],
};
