/**
 * How an event changes what an onlooker knows. Nothing is judged here: an event that cannot be, because it names a
 * canister, a call or a message that nobody knows of, is noted as far as it makes sense; laws say what is wrong with it.
 */
import { anonymous, type CanisterId, type Event, type EventKind, type Step } from "../../spec/index.ts";
import { chargeNotes, loseCode } from "./charges.ts";
import { installationIn } from "./chunks.ts";
import { committeeNotes } from "./committee.ts";
import { noteNonces } from "./consensus.ts";
import { foresee } from "./foresight.ts";
import { countChange, recordChange } from "./histories.ts";
import { memorySeen } from "./holdings.ts";
import { askingOf, isForManagement } from "./ingress.ts";
import { foreseeInstallation, moduleNamed, type ForeseenInstallation } from "./installations.ts";
import { askedIn, nextAsking } from "./management.ts";
import { callbacksLeft, freeMemory } from "./memory.ts";
import { chunkNotes } from "./notes-of-chunks.ts";
import { codeNotes } from "./notes-of-code.ts";
import { consensusNotes } from "./notes-of-consensus.ts";
import { executionNotes } from "./notes-of-executions.ts";
import { managementNotes, passSilently, settlePetition } from "./notes-of-management.ts";
import { messageNotes } from "./notes-of-messages.ts";
import { schedulingNotes } from "./notes-of-scheduling.ts";
import { snapshotNotes } from "./notes-of-snapshots.ts";
import { tokenNotes } from "./notes-of-tokens.ts";
import { isPaused } from "./executions.ts";
import { countQuery } from "./budgets.ts";
import { arrivalOf, incomingOf } from "./streams.ts";
import { withdraw } from "./queues.ts";
import { remainingCounter } from "./counters.ts";
import { isActive, isQuiet, type TrackedIteration, type TrackedRound, type World } from "./world.ts";

/** Notes an event of a step. */
export const absorb = (world: World, event: Event, step: Step): void => {
  if (!withdrawals.has(event.kind)) world.withdrawing = null;
  const note = notes[event.kind] as ((world: World, event: Event, step: Step) => void) | undefined;
  note?.(world, event, step);
  world.foreseen = null;
  world.installing = null;
  world.previous = event;
};

/** What is told of the contexts of a canister that lost its code. */
const withdrawals: ReadonlySet<EventKind> = new Set(["answered", "ingress-answered", "context-deleted"] as const);

/**
 * Notes what begins with an event, before anybody looks at it: a round, or an iteration, whose active canisters are
 * those of this moment; and what can be said of it in advance.
 */
export const anticipate = (world: World, event: Event, { input }: Step): void => {
  if (event.kind === "round-began") {
    const incoming = input.kind === "round" ? [...incomingOf(world, input)] : [];
    world.round = {
      height: event.height,
      skipped: false,
      managed: false,
      iterations: [],
      turn: null,
      ended: false,
      incoming,
      arriving: [],
    };
  }
  const { round } = world;
  world.arrival = arrivalOf(world, event);
  passSilently(world, event);
  if (event.kind === "turn-began" && round !== null && event.iteration !== round.iterations.at(-1)?.number)
    round.iterations.push(iterationOf(world, round, event.iteration));
  if (event.kind === "executed") world.foreseen = foresee(event, world);
  if (event.kind === "installation-ran") world.installing = installingNow(event.canister, world);
};

/** What the installation must do that is next; `null` where none is, or not of this canister. */
const installingNow = (id: CanisterId, world: World): ForeseenInstallation | null => {
  const asking = nextAsking(world);
  const canister = world.canisters.get(id);
  const installation = asking === undefined ? null : installationIn(world, askedIn(asking));
  if (
    asking === undefined ||
    canister === undefined ||
    installation?.canister !== id ||
    moduleNamed(world, installation.module) === undefined
  )
    return null;
  return foreseeInstallation(world, canister, installation, asking.request.caller);
};

const iterationOf = (world: World, round: TrackedRound, number: number): TrackedIteration => {
  const { cores, finalisationOverhead } = world.parameters;
  const active = [...world.canisters.values()].filter(isActive).map(({ id }) => id);
  return {
    number,
    counter: remainingCounter(world, round),
    finalisation: finalisationOverhead * world.canisters.size,
    active,
    turns: [],
    shares: new Array<number>(cores).fill(Math.floor(freeMemory(world) / cores)),
    callbacks: new Array<number>(cores).fill(callbacksLeft(world)),
    used: new Array<number>(cores).fill(memorySeen(world)),
  };
};

export type NotesOf<Kinds extends EventKind> = {
  readonly [Kind in Kinds]: (world: World, event: Extract<Event, { kind: Kind }>, step: Step) => void;
};

const roundNotes: NotesOf<
  | Extract<EventKind, `ingress-${string}`>
  | `query-${"answered" | "refused"}`
  | "topped-up"
  | "top-up-refused"
  | "round-began"
  | "round-ended"
  | "turn-began"
  | "turn-ended"
  | "tasks-chosen"
  | "tasks-dropped"
  | "hook-ready"
  | "uninstalled"
  | "uninstall-refused"
  | "data-certified"
  | "certificate-issued"
  | "read-state-refused"
  | "restarted"
  | "fees-set"
> = {
  "ingress-received": (world, { ingress: id }, { input }) => {
    if (input.kind !== "ingress") return;
    const { canister, method, payload, sender = anonymous } = input;
    const expiry = input.expiry ?? world.time + world.parameters.ingressLifetime;
    world.ingress.set(id, { id, sender, canister, method, payload, expiry, status: "received", result: null, answeredAt: null });
    world.pool.push(id);
  },
  "ingress-refused": () => {},
  "ingress-inducted": (world, { ingress: id, canister: to, fee, balance }) => {
    const ingress = world.ingress.get(id);
    if (ingress !== undefined) ingress.status = "processing";
    withdraw(world.pool, (waiting) => waiting === id);
    const canister = to === null ? undefined : world.canisters.get(to);
    if (canister !== undefined) canister.balance = balance;
    if (canister !== undefined && isPaused(canister)) canister.execution!.attempt!.postponed += fee;
    if (ingress !== undefined && isForManagement(ingress)) {
      const asking = askingOf(world, ingress);
      if (asking !== null) world.management.push(asking);
      return;
    }
    canister?.queues.ingress.push(id);
  },
  "ingress-expired": (world, { ingress: id }) => {
    withdraw(world.pool, (waiting) => waiting === id);
    withdraw(world.management, ({ request }) => request.kind === "ingress" && request.id === id);
    for (const { queues } of world.canisters.values()) withdraw(queues.ingress, (waiting) => waiting === id);
  },
  "ingress-answered": (world, event) => {
    const { ingress: id, result } = event;
    const ingress = world.ingress.get(id);
    settlePetition(world, event);
    withdraw(world.pool, (waiting) => waiting === id);
    if (ingress === undefined) return;
    ingress.status = "answered";
    ingress.result = result;
    ingress.answeredAt = world.time;
  },
  "ingress-forgotten": ({ ingress }, { ingress: id }) => {
    const message = ingress.get(id);
    if (message !== undefined) message.status = "done";
  },
  "ingress-pruned": ({ ingress }, { ingress: id }) => void ingress.delete(id),
  "query-answered": (world, { canister, instructions }) => countQuery(world, canister, instructions),
  "query-refused": () => {},
  "topped-up": (world, { canister: id, balance }) => {
    const canister = world.canisters.get(id);
    if (canister !== undefined) canister.balance = balance;
  },
  "top-up-refused": () => {},
  "round-began": (world, { height, time }) => {
    world.height = height;
    world.time = time;
    for (const canister of world.canisters.values()) Object.assign(canister, { suspended: false, rested: false });
  },
  "round-ended": (world, _, { observation: { draws } }) => {
    const { round, canisters, parameters } = world;
    noteNonces(world, draws);
    if (round !== null) round.ended = true;
    for (const canister of canisters.values()) {
      if (isQuiet(canister)) canister.queues.source = "local";
      if (round?.skipped !== false) continue;
      canister.installDebit = Math.max(0, canister.installDebit - parameters.installRateLimit);
      canister.heapDebit = Math.max(0, canister.heapDebit - parameters.heapDeltaRateLimit);
    }
  },
  "turn-began": ({ round }, { core, canister }) => {
    if (round === null) return;
    round.turn = { core, canister, messages: 0, instructions: 0, used: 0, heapDelta: 0, drained: false };
    round.iterations.at(-1)?.turns.push(round.turn);
  },
  "turn-ended": ({ round, parameters }, { drained }) => {
    if (round === null || round.turn === null) return;
    if (round.turn.used > 0) round.turn.instructions += parameters.canisterOverhead;
    round.turn.drained = drained;
    round.turn = null;
  },
  "tasks-chosen": ({ canisters, time }, { canister: id, turn }) => {
    const canister = canisters.get(id);
    if (canister === undefined) return;
    canister.turn = turn === "timer" ? "heartbeat" : turn === "heartbeat" ? "message" : "timer";
    canister.tasks.length = 0;
    if (turn === "message") return;
    const due = canister.timer !== null && canister.timer <= time;
    const waiting = [...(due ? (["timer"] as const) : []), ...(canister.genesis.onHeartbeat === undefined ? [] : (["heartbeat"] as const))];
    canister.tasks.push(turn, ...waiting.filter((task) => task !== turn));
  },
  "tasks-dropped": ({ canisters }, { canister }) => {
    const tasks = canisters.get(canister)?.tasks;
    if (tasks !== undefined) tasks.length = 0;
  },
  "hook-ready": ({ canisters }, { canister: id }) => {
    const canister = canisters.get(id);
    if (canister !== undefined) canister.hook = "ready";
  },
  uninstalled: (world, { canister: id }, { input }) => {
    const canister = world.canisters.get(id);
    if (canister === undefined) return;
    loseCode(world, canister);
    countChange(canister);
    recordChange(world, canister, "uninstall", input.kind === "round" ? (nextAsking(world)?.request.caller ?? null) : null);
  },
  "uninstall-refused": () => {},
  "data-certified": ({ canisters }, { canister: id, data }) => {
    const canister = canisters.get(id);
    if (canister !== undefined) canister.certifiedData = data;
  },
  "certificate-issued": () => {},
  "read-state-refused": () => {},
  restarted: ({ budgets }) => budgets.clear(),
  "fees-set": (world, _, { input }) => {
    if (input.kind === "set-fees") world.parameters = { ...world.parameters, fees: input.fees };
  },
};

const notes: NotesOf<EventKind> = {
  ...roundNotes,
  ...messageNotes,
  ...executionNotes,
  ...schedulingNotes,
  ...chargeNotes,
  ...managementNotes,
  ...codeNotes,
  ...snapshotNotes,
  ...consensusNotes,
  ...chunkNotes,
  ...committeeNotes,
  ...tokenNotes,
};
