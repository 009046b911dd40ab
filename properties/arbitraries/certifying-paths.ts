/** Paths of certified state: who certifies, what users read, and what they are not told. */
import { lookUp, type CertificationEvent, type Event, type Executed, type Input, type Observation, type Result } from "../../spec/index.ts";

export const certifyingPaths = [
  "an update certifies data",
  "a callback certifies data",
  "a task certifies data",
  "a certificate shows what a canister certified",
  "a certificate shows who controls a canister",
  "a certificate shows what became of a message",
  "a certificate shows that there is no such canister",
  "a certificate shows that there is no such message",
  "the state is read before the first round",
  "too many paths are read at once",
  "somebody reads what nobody may read",
  "somebody reads what became of the message of another",
  "a certificate is signed",
] as const;

/** Of queries that hand out the certificate, and must ask for it to do so. */
export const handoutPaths = [
  "a query hands out the certificate",
  "a query has the certificate when the calls come back to it",
  "a query asks for a certificate in vain",
] as const;

type CertifyingPath = (typeof certifyingPaths | typeof handoutPaths)[number];

/** The paths that the events of one input show. */
export const certifyingPathsOf = (
  { events, stateRoot }: Pick<Observation, "events" | "stateRoot">,
  input: Input,
): readonly CertifyingPath[] => {
  let latest: Executed | null = null;
  return events.flatMap((event): readonly CertifyingPath[] => {
    if (event.kind === "executed") latest = event;
    if (event.kind === "data-certified") return latest === null ? [] : [certifiers[latest.cause.kind]];
    if (event.kind === "query-answered") return stateRoot === null ? [] : handedOut(event, stateRoot);
    if (event.kind === "read-state-refused") return refusals[event.error] ?? [];
    return event.kind === "certificate-issued" && input.kind === "read-state" ? shownBy(event, input) : [];
  });
};

const certifiers: Readonly<Record<Executed["cause"]["kind"], CertifyingPath>> = {
  update: "an update certifies data",
  response: "a callback certifies data",
  timer: "a task certifies data",
  heartbeat: "a task certifies data",
  "low-memory": "a task certifies data",
};

const refusals: Readonly<Record<string, readonly CertifyingPath[]>> = {
  IC0208: ["the state is read before the first round"],
  CN0022: ["too many paths are read at once"],
  CN0023: ["somebody reads what nobody may read"],
  CN0027: ["somebody reads what became of the message of another"],
};

/** A query changes nothing, so what it hands out is the root behind it, too. */
const handedOut = (
  { canister, result, nested }: Extract<Event, { readonly kind: "query-answered" }>,
  root: string,
): readonly CertifyingPath[] => {
  const has = (given: Result): boolean => given.kind === "reply" && given.payload === root;
  return [
    ...(has(result) ? (["a query hands out the certificate"] as const) : []),
    ...(nested.some((call) => call.callee === canister && has(call.result))
      ? (["a query has the certificate when the calls come back to it"] as const)
      : []),
    ...(nested.some((call) => call.callee !== canister && call.result.kind === "reject" && call.result.error === "IC0504")
      ? (["a query asks for a certificate in vain"] as const)
      : []),
  ];
};

type Issued = Extract<CertificationEvent, { readonly kind: "certificate-issued" }>;

const shownBy = ({ witness, signature }: Issued, { paths }: Extract<Input, { readonly kind: "read-state" }>): readonly CertifyingPath[] => [
  ...(signature === null ? [] : (["a certificate is signed"] as const)),
  ...paths.flatMap((path): readonly CertifyingPath[] => {
    const shown = lookUp(witness, path);
    const ofCanister = path[0] === "canister";
    if (path[0] === "time") return [];
    if (shown.kind === "absent")
      return [ofCanister ? "a certificate shows that there is no such canister" : "a certificate shows that there is no such message"];
    if (ofCanister && (shown.kind !== "found" || shown.value === "")) return [];
    if (ofCanister)
      return [path[2] === "controllers" ? "a certificate shows who controls a canister" : "a certificate shows what a canister certified"];
    return ["a certificate shows what became of a message"];
  }),
];
