/**
 * Threads: what it would cost to run the cores of a round in worker threads, in the currency of the round itself. Nothing is
 * executed there: what the cores of a real round need and what they leave goes to workers and back, and that alone is timed.
 */
import { deserialize, serialize } from "node:v8";
import { availableParallelism } from "node:os";
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from "node:worker_threads";
import { impl } from "../impl/index.ts";
import { nanoseconds, type Event, type Input, type Observation, type Session } from "../spec/index.ts";
import { eventsOf, lanesOf } from "./lanes.ts";
import { bold, ranged, rounded, tableOf } from "./markdown.ts";
import { interleaved, scaled, spreadOf, timed } from "./measure.ts";
import type { ThreadsReport } from "./report.ts";
import { crowdOf, type Crowd } from "./worlds.ts";

/** Active canisters, one in ten of all. */
export const threads = async (repetitions: number, actives: readonly number[] = [1_000, 10_000]): Promise<ThreadsReport> => {
  const workers = Math.min(4, Math.max(2, availableParallelism()));
  const subjects = actives.map((active) => subjectOf(active, workers));
  try {
    const samples = interleaved(
      subjects.flatMap(({ acts }) => acts),
      repetitions,
      3,
    );
    const rows = subjects.map(({ active, acts, events, bytes }, at) => {
      const [round, ...ways] = samples.slice(at * acts.length, (at + 1) * acts.length);
      const against = (way: readonly number[]) => spreadOf(way.map((time, sample) => time / round![sample]!));
      const [cloned, shared, rebuilt] = ways.map(against);
      const micro = scaled(spreadOf(round!), (milliseconds) => 1_000 * milliseconds);
      return { active, events, bytes, round: micro, cloned: cloned!, shared: shared!, rebuilt: rebuilt! };
    });
    return { workers, rows };
  } finally {
    await Promise.all(subjects.map(({ close }) => close()));
  }
};

interface Subject {
  readonly active: number;
  /** What the cores leave. */
  readonly events: number;
  readonly bytes: number;
  /** Milliseconds: a whole round; there and back by messages; the part of the main thread with bytes that are shared; with lanes. */
  readonly acts: readonly (() => number)[];
  close(): Promise<unknown>;
}

const subjectOf = (active: number, workers: number): Subject => {
  const crowd = crowdOf(10 * active);
  const session = booted(crowd);
  const { asked, events } = roundOf(session, crowd, active);
  const left = ofCores(events);
  // A worker gets every so-manyth core, and needs the messages of its canisters; their code and memory it has already.
  const jobs = Array.from({ length: workers }, (_, worker) => {
    const outputs = left.filter(({ core }) => core % workers === worker).map(({ event }) => event);
    const mine = new Set(outputs.flatMap((event) => (event.kind === "executed" ? [event.canister] : [])));
    return { inputs: asked.filter((input) => input.kind === "ingress" && mine.has(input.canister)), outputs };
  });
  const staff = jobs.map(({ inputs, outputs }) => ({ inputs, bytes: serialize(outputs), ...employed(outputs) }));
  const lanes = jobs.map(({ outputs }) => lanesOf(outputs));
  let made = 0;
  const counted = (some: readonly Event[]): void => {
    made = some.length;
    if (made > left.length) throw new Error("more events came back than there were");
  };
  return {
    active,
    events: left.length,
    bytes: staff.reduce((sum, { bytes }) => sum + bytes.length, 0),
    acts: [
      () => roundOf(session, crowd, active).milliseconds,
      () =>
        timed(() => {
          for (const { port, inputs } of staff) port.postMessage(inputs);
          for (const { receive } of staff) counted(receive());
        }),
      () =>
        timed(() => {
          for (const { inputs } of staff) serialize(inputs);
          for (const { bytes } of staff) counted(deserialize(bytes) as readonly Event[]);
        }),
      () => timed(() => lanes.forEach((some) => counted(eventsOf(some)))),
    ],
    close: () => Promise.all(staff.map(({ close }) => close())),
  };
};

/** A worker that has done its work already: whenever it is told its inputs, it hands over the same outputs. */
const employed = (outputs: readonly Event[]): { port: MessagePort; receive: () => readonly Event[]; close: () => Promise<number> } => {
  const { port1: port, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(atWork, { eval: true, workerData: { port: port2, done, outputs }, transferList: [port2] });
  let received = 0;
  const receive = (): readonly Event[] => {
    Atomics.wait(done, 0, received++);
    return (receiveMessageOnPort(port) as { readonly message: readonly Event[] }).message;
  };
  return { port, receive, close: () => (port.close(), worker.terminate()) };
};

const atWork = `
const { port, done, outputs } = require("node:worker_threads").workerData;
port.on("message", (inputs) => {
  port.postMessage(inputs.length >= 0 ? outputs : []);
  Atomics.add(done, 0, 1);
  Atomics.notify(done, 0);
});`;

interface Round {
  readonly asked: readonly Input[];
  readonly events: readonly Event[];
  readonly milliseconds: number;
}

/** A busy round; another one, out of the time, forgets its messages. */
const roundOf = (session: Session, crowd: Crowd, active: number): Round => {
  const asked = crowd.burst(active);
  for (const input of asked) void session.apply(input);
  const input = crowd.round();
  let observation: Observation | null = null;
  const milliseconds = timed(() => (observation = session.apply(input) as Observation));
  void session.apply(crowd.round(nanoseconds(301_000_000_000n)));
  return { asked, events: observation!.events, milliseconds };
};

/** The events that a core made, with the core. */
const ofCores = (events: readonly Event[]): readonly { readonly core: number; readonly event: Event }[] => {
  let core = -1;
  return events.flatMap((event) => {
    if (event.kind === "turn-began") core = event.core;
    const made = core < 0 ? [] : [{ core, event }];
    if (event.kind === "turn-ended") core = -1;
    return made;
  });
};

const booted = ({ genesis }: Crowd): Session => {
  const session = impl.boot(genesis);
  if (session instanceof Promise) throw new Error(`${impl.name} answers later: it cannot be measured here`);
  return session;
};

export const threadsSection = ({ workers, rows }: ThreadsReport): string =>
  [
    `## The threads: what the cores of a round would cost elsewhere

One canister in ten is active, with the messages of the scale. Nothing is executed elsewhere: a worker has its outputs ready, and what is timed is handing ${workers} workers the messages of their canisters, and getting the events of the cores, beside a whole round of impl on one thread, in which all of them are made. Cloned: messages to the workers and back, from the first to the last. Shared: the part of the main thread alone, if bytes of V8 were shared and nobody waited. Lanes: the least that the main thread does in any way, making the events out of lanes of numbers made for these very events; nothing goes out, nothing is waited for. The decision: [docs/decisions/0011](../docs/decisions/0011-cores-stay-on-one-thread.md).`,
    tableOf(
      ["active", "events", "bytes", "round, µs", "cloned, of a round", "shared, of a round", "lanes, of a round"],
      rows.map(({ active, events, bytes, round, cloned, shared, rebuilt }) => [
        rounded(active),
        rounded(events),
        rounded(bytes),
        ranged(round),
        bold(cloned),
        bold(shared),
        bold(rebuilt),
      ]),
    ),
  ].join("\n\n");
