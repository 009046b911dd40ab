/** What a campaign must reach, declared before it begins and looked at when it is over. */
import { rules, type RuleId } from "../spec/index.ts";
import { paths, properties as allProperties, type Path, type Property } from "../properties/index.ts";
import { inputKinds, rulesFired, type Evidence } from "./evidence.ts";
import type { Goal } from "./report.ts";
import type { Exclusion } from "./support.ts";

/** Below this many runs a property that ran out of time says too little, and a campaign has no goals. */
export const minimumRuns = 10;

/** Below this many runs a campaign need not have been everywhere: a path is taken in one of five worlds of its pool alone. */
export const runsForPaths = 100;

interface Declared {
  readonly runs: number;
  readonly path?: string;
  readonly excluded?: readonly Exclusion[];
}

/**
 * Goals are declared for a run of the whole suite that is long enough to reach them; whoever filters has chosen what
 * to see. The rules are counted by the reference, or shown by a path that the machine on trial took, so they are goals
 * only where a property leads the reference too. Paths are goals where nothing is left out.
 */
export const declareGoals = (chosen: readonly Property[], { runs, path, excluded = [] }: Declared) => {
  const whole = allProperties.every((property) => chosen.includes(property)) && path === undefined && runs >= minimumRuns;
  const left = new Set(excluded.map(({ rule }) => rule));
  const ruleGoals = whole && chosen.some(({ kind }) => kind === "agreement") ? rules.map(({ id }) => id).filter((id) => !left.has(id)) : [];
  const inputGoals = whole && left.size === 0 ? inputKinds : [];
  const pathGoals = whole && left.size === 0 && runs >= runsForPaths ? paths : [];
  return (evidence: Evidence): readonly Goal[] => {
    const fired = rulesFired(evidence.clauses());
    const drawn = new Set(evidence.inputs().map(({ kind }) => kind));
    const taken = evidence.paths();
    const isShown = (id: RuleId): boolean => shownBy[id]?.some((shown) => taken.has(shown)) ?? false;
    return [
      ...ruleGoals.map((id) => ({ goal: `rule ${id} takes place`, met: fired.has(id) || isShown(id) })),
      ...inputGoals.map((kind) => ({ goal: `an input of kind ${kind} is drawn`, met: drawn.has(kind) })),
      ...pathGoals.map((taking) => ({ goal: `it happens that ${taking}`, met: taken.has(taking) })),
    ];
  };
};

/** Rules that take place in few worlds, each with the paths that show one of them. */
const shownBy: Readonly<Partial<Record<RuleId, readonly Path[]>>> = {
  "request-expire": ["a request comes back because it did not leave in time"],
  "message-expire": ["a request is dropped because it came too late", "a response is dropped because it came too late"],
  "callback-expire": ["a best-effort call is answered by its deadline"],
  "response-late": ["a response comes when nobody waits for it"],
  "message-shed": [
    "a request is shed where it was sent",
    "a request is shed where it arrived",
    "a response is shed where it was sent",
    "a response is shed where it arrived",
  ],
  "cycles-lose": ["dropped cycles are lost"],
  "cycles-return": ["dropped cycles are returned"],
  "refund-stream": ["dropped cycles are streamed"],
  "refund-induct": ["a refund arrives"],
  "stream-reject": [
    "a request of a stream finds no slot",
    "a request of a stream finds no memory",
    "a request of a stream finds no callee",
  ],
  "message-ignore": ["a message of a stream is ignored"],
  "ingress-expire": ["an ingress message expires before a block has it", "an ingress message expires in the queue of its canister"],
  "ingress-forget": ["an answer is forgotten"],
  "ingress-prune": ["an ingress message is pruned"],
  "message-accept": ["an inspection lets a message in"],
  "tasks-drop": ["tasks are dropped"],
  "hook-ready": ["a hook becomes ready"],
  "canister-uninstall": ["a message finds no code"],
  "context-withdraw": ["an open call is withdrawn"],
  "context-delete": ["a call context is deleted"],
  "response-discard": ["a response is discarded"],
  "resources-charge": ["canisters pay for their memory", "canisters pay for their allocation"],
  "memory-charge": ["canisters pay for their memory"],
  "allocation-charge": ["canisters pay for their allocation"],
  "canister-exhaust": ["a canister runs dry"],
  "response-orphan": ["a response is orphaned"],
  "tokens-transfer": ["tokens change hands"],
  "conversion-pay": ["tokens are paid for a conversion"],
  "conversion-notify": ["a conversion tops up a canister", "a conversion creates a canister"],
  "cycles-mint": ["a conversion tops up a canister", "a conversion creates a canister"],
  "conversion-top-up": ["a conversion tops up a canister"],
  "conversion-create": ["a conversion creates a canister"],
  "conversion-burn": ["a conversion tops up a canister", "a conversion creates a canister"],
  "conversion-refund": ["a conversion finds no canister", "a conversion finds its id taken", "a conversion meets the limit of minting"],
  "reward-mint": ["a reward is minted"],
  "rate-set": ["the worth of a token changes"],
  "management-ask": ["the management canister tells a status", "a canister is stopped"],
  "management-take": ["the management canister tells a status", "a canister is started"],
  "management-answer": ["the management canister tells a status", "somebody asks who may not"],
  "canister-stop": ["a canister is stopped"],
  "canister-rest": ["a canister is stopped"],
  "stop-expire": ["a request to stop is given up"],
  "canister-start": ["a canister is started"],
  "cycles-deposit": ["cycles are deposited"],
  "data-certify": ["an update certifies data", "a callback certifies data", "a task certifies data"],
  "certificate-issue": ["a certificate shows what a canister certified", "a certificate shows what became of a message"],
  "certificate-sign": ["a certificate is signed"],
};
