/**
 * A small world on the reference, as a system to be walked. A state is that of the reference, with what the observers
 * remember; its key is the key of both. The trace that led to a state goes with it, for the laws that judge traces.
 */
import { createStepper, type Reading, type State, type Stepper } from "../../model/index.ts";
import { cycles, ingressId, type Genesis, type Input, type Observation, type Scenario, type Step, type Trace } from "../../spec/index.ts";
import { messageOf } from "../fault.ts";
import { clockOf, keyOf, type Clock } from "./canonical.ts";
import type { AnyObserver } from "./observers.ts";
import type { System } from "./system.ts";
import type { Move, SmallWorld } from "./worlds.ts";

export interface Situation {
  readonly genesis: Genesis;
  readonly clock: Clock;
  readonly stepper: Stepper;
  readonly state: State;
  /** What each observer remembers. */
  readonly memories: readonly unknown[];
  /** How it came to this; shared with the situations before. */
  readonly past: Past | null;
  /** How many inputs there were. */
  readonly inputs: number;
}

interface Past {
  readonly before: Past | null;
  readonly steps: readonly Step[];
}

/** What was seen of one move: a step for each of its inputs, and the complaint of an observer. */
export interface SeenMove {
  readonly steps: readonly Step[];
  readonly complaint: { readonly observer: AnyObserver; readonly because: string } | null;
}

export interface ModelSystemOptions {
  readonly observers?: readonly AnyObserver[];
  readonly reading?: Reading;
}

export type ModelSystem = System<Situation, Move, SeenMove>;

export const modelSystem = (
  { geneses, moves, underWay }: SmallWorld,
  { observers = [], reading = {} }: ModelSystemOptions = {},
): ModelSystem => {
  const kinds = new Set(moves.flatMap((move) => move.map(({ kind }) => kind)));
  return {
    name: "model",
    initial: geneses.map((genesis): Situation => {
      const stepper = createStepper(genesis, reading);
      return {
        genesis,
        clock: clockOf(genesis, kinds),
        stepper,
        state: stepper.initial,
        memories: observers.map(({ begin }) => begin(genesis)),
        past: null,
        inputs: 0,
      };
    }),
    movesOf: ({ state }) => moves.filter((move) => fits(state, move, underWay)),
    step: (before, move) => {
      const steps: Step[] = [];
      let { state } = before;
      const memories = [...before.memories];
      let complaint: SeenMove["complaint"] = null;
      for (const input of inputsOf(state, move)) {
        const stepped = attempted(before.stepper, state, input);
        if (typeof stepped === "string") {
          steps.push({ input, observation: nothingSeen });
          complaint ??= { observer: noBreakdown, because: stepped };
          break;
        }
        const step: Step = { input, observation: stepped.observation };
        steps.push(step);
        ({ state } = stepped);
        observers.forEach((observer, number) => {
          const noted = observer.note(memories[number], step, before.genesis);
          memories[number] = noted.memory;
          if (noted.complaint !== undefined) complaint ??= { observer, because: noted.complaint };
        });
      }
      const after = { ...before, state, memories, past: { before: before.past, steps }, inputs: before.inputs + steps.length };
      return { state: after, observation: { steps, complaint } };
    },
    keyOf: ({ clock, state, memories }) => [
      ...keyOf(state, clock),
      ...observers.map((observer, number) => `${observer.id}: ${observer.text(memories[number])}`),
    ],
    measure: ({ memories }) => Math.max(...observers.map((observer, number) => observer.measure(memories[number]))),
  };
};

/** Only the specification without one of its clauses breaks down; then that is what is told. */
export const noBreakdown: AnyObserver = {
  id: "no-step-breaks-down",
  statement: "Every input is legal in every state: the machine answers it.",
  begin: () => null,
  note: (memory) => ({ memory, complaint: undefined }),
  text: () => "",
  measure: () => -Infinity,
};

const attempted = ({ step }: Stepper, state: State, input: Input): ReturnType<Stepper["step"]> | string => {
  try {
    return step(state, input);
  } catch (reason) {
    return `the step broke down: ${messageOf(reason)}`;
  }
};

const none = cycles(0n);
const nothingSeen: Observation = {
  events: [],
  ledger: {
    balances: none,
    reserved: none,
    messages: none,
    contexts: none,
    callbacks: none,
    executions: none,
    float: none,
    burned: none,
    lost: none,
    sent: none,
    received: none,
    minted: none,
  },
  draws: [],
  stateRoot: null,
};

/** The trace that led to a situation. */
export const traceOf = ({ genesis, past }: Situation): Trace => {
  const parts: (readonly Step[])[] = [];
  for (let at = past; at !== null; at = at.before) parts.push(at.steps);
  const steps = parts.reverse().flat();
  const scenario: Scenario = { genesis, inputs: steps.map(({ input }) => input) };
  return { machine: "model", scenario, steps };
};

/** The inputs of a move, with ids that were not given yet: the canister that the message goes to, and a number. */
const inputsOf = ({ history }: State, move: Move): readonly Input[] => {
  let fresh = history.size;
  return move.map((act): Input => (act.kind === "ingress" ? { ...act, id: ingressId(`${act.canister}-${fresh++}`) } : act));
};

/** Whether a move leaves no more messages under way to a canister than may be. */
const fits = ({ history }: State, move: Move, most: number): boolean => {
  const sends = new Map<string, number>();
  for (const act of move) if (act.kind === "ingress") sends.set(act.canister, (sends.get(act.canister) ?? 0) + 1);
  if (sends.size === 0) return true;
  for (const [id, { kind }] of history) {
    const canister = id.slice(0, id.lastIndexOf("-"));
    if (kind !== "answered" && sends.has(canister)) sends.set(canister, sends.get(canister)! + 1);
  }
  return [...sends.values()].every((count) => count <= most);
};
