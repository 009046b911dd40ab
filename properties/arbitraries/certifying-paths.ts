/** Paths of certified state: who certifies, what users read, and what they are not told. */
import { lookUp, type CertificationEvent, type Event, type Executed, type Input } from "../../spec/index.ts";

export const certifyingPaths = [
  "an update certifies data",
  "a callback certifies data",
  "a task certifies data",
  "a certificate shows what a canister certified",
  "a certificate shows what became of a message",
  "a certificate shows that there is no such canister",
  "a certificate shows that there is no such message",
  "the state is read before the first round",
  "too many paths are read at once",
  "somebody reads what nobody may read",
  "a certificate is signed",
] as const;

type CertifyingPath = (typeof certifyingPaths)[number];

/** The paths that the events of one input show. */
export const certifyingPathsOf = (events: readonly Event[], input: Input): readonly CertifyingPath[] => {
  let latest: Executed | null = null;
  return events.flatMap((event): readonly CertifyingPath[] => {
    if (event.kind === "executed") latest = event;
    if (event.kind === "data-certified") return latest === null ? [] : [certifiers[latest.cause.kind]];
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
    if (ofCanister) return shown.kind === "found" && shown.value !== "" ? ["a certificate shows what a canister certified"] : [];
    return ["a certificate shows what became of a message"];
  }),
];
