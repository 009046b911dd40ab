/** `canon check`: tries properties on a machine, prints what was tried and what was found, and keeps failures. */
import {
  asFound,
  asStored,
  campaign,
  catalogueHash,
  encodePretty,
  exitCodeOf,
  listing,
  MachineFault,
  openStore,
  reportOfNothing,
  sameSubject,
  select,
  storyOf,
  suite,
  type Campaign,
  type CheckReport,
  type Failure,
  type Stored,
} from "../conformance/index.ts";
import { createModel } from "../model/index.ts";
import { startProgress } from "./progress.ts";
import { commandInWords, openSubject, type Subject } from "./subjects.ts";
import { checkInWords } from "./tables.ts";
import { inform, print, Refusal, stylesFor } from "./terminal.ts";

export interface CheckOptions {
  readonly seed?: number;
  readonly path?: string;
  readonly runs?: number;
  readonly maxTime?: number;
  readonly json?: boolean;
  readonly list?: boolean;
  readonly color?: boolean;
}

/** Runs of each property, and the time of all of them, when nobody says otherwise. A machine in another process is slower. */
const defaultRuns = 500;
const defaultTime = { "built-in": 90_000, command: 180_000 } as const;

/** The exit code. */
export const check = async (names: readonly string[], options: CheckOptions, command: readonly string[]): Promise<number> => {
  const chosen = choose(names, options);
  if (options.list) return list(options);
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
  let subject: Subject;
  try {
    subject = await openSubject(command);
  } catch (reason) {
    if (!(reason instanceof MachineFault)) throw reason;
    const because = `${reason.fault}: the machine did not shake hands: ${reason.message}`;
    return report({ report: reportOfNothing(command.join(" "), seed, chosen, because), failures: [] }, options, lastOf(reason.stderr));
  }
  try {
    return await trialOf(subject, chosen, seed, options);
  } finally {
    const end = await subject.end();
    if (end !== null) inform(`canon: the machine did not end well: ${end}`);
  }
};

/** Tries the chosen properties, the stored failures first, and tells what came of it. */
const trialOf = async (subject: Subject, chosen: ReturnType<typeof choose>, seed: number, options: CheckOptions): Promise<number> => {
  const { stored, store } = await storedFor(subject, options);
  const progress = startProgress();
  let tried: Campaign;
  try {
    tried = await campaign({
      subject: subject.machine,
      seed,
      runs: options.runs ?? defaultRuns,
      maxTime: options.maxTime ?? defaultTime[subject.name.kind],
      vocabulary: subject.vocabulary,
      excluded: subject.excluded,
      properties: chosen,
      stored: stored.failures,
      unreadable: stored.unreadable,
      ...(options.path !== undefined && { path: options.path }),
      onProgress: ({ property, runs, share }) => progress.update(share, `${property}, run ${runs}`),
    });
  } finally {
    progress.stop();
  }
  markFixed(tried.report, stored, store);
  const stories: string[] = [];
  for (const { failure: id, outcome } of tried.report.stored) {
    const again = stored.failures.find((candidate) => candidate.id === id);
    if (again && outcome === "STILL FAILING") stories.push(...(await tell(asFound(again), subject, store)), "");
  }
  for (const failure of tried.failures) {
    store.saveFailure(asStored(failure, subject.name, subject.machine.name, catalogueHash()));
    stories.push(...(await tell(failure, subject, store)), "");
  }
  return report(tried, options, stories);
};

type Store = Awaited<ReturnType<typeof openStore>>;

/** The chosen properties. @throws Refusal when a name is nobody's. */
const choose = (names: readonly string[], { path }: CheckOptions) => {
  const selection = select(suite, names);
  if (selection.kind === "unknown") {
    const { word, nearest } = selection;
    throw new Refusal(
      nearest === null
        ? `no property or rule "${word}" is checked by anything; \`canon check --list\` names them`
        : `there is no property or rule "${word}"; did you mean "${nearest}"?`,
    );
  }
  if (path !== undefined && selection.properties.length !== 1)
    throw new Refusal(`--path: expected one property, got ${selection.properties.length}`);
  return selection.properties;
};

const list = ({ json, color }: CheckOptions): number => {
  const listed = listing(suite);
  if (json) {
    print(encodePretty(listed));
    return 0;
  }
  const { bold, dim } = stylesFor(process.stdout, color);
  print(
    bold(`${listed.properties.length} properties`),
    ...listed.properties.flatMap(({ id, kind, statement }) => [
      `  ${id}${kind === "agreement" ? dim(" (agreement)") : ""}`,
      `    ${statement}`,
    ]),
    "",
    bold(`${listed.rules.length} rules, ${listed.rules.reduce((sum, { clauses }) => sum + clauses.length, 0)} clauses`),
    ...listed.rules.map(({ id, chapter, title, clauses }) => `  ${id}: ${title} ${dim(`(${chapter}, ${clauses.length} clauses)`)}`),
  );
  return 0;
};

/** The failures of earlier runs that belong to this machine; none for somebody who asks for one case. */
const storedFor = async ({ name }: Subject, { path }: CheckOptions): Promise<{ stored: Stored; store: Store }> => {
  const store = await openStore();
  if (path !== undefined) return { store, stored: { failures: [], unreadable: [] } };
  const { failures, unreadable } = store.loadFailures();
  return { store, stored: { failures: failures.filter(({ subject }) => sameSubject(subject, name)), unreadable } };
};

/** Writes down which stored failures no longer fail, and which fail again. */
const markFixed = ({ stored: replayed }: CheckReport, { failures }: Stored, store: Store): void => {
  for (const { failure: id, outcome } of replayed) {
    const failure = failures.find((candidate) => candidate.id === id);
    const status = outcome === "FIXED" ? "fixed" : "failing";
    if (failure && outcome !== "CANNOT REPLAY" && failure.status !== status) store.saveFailure({ ...failure, status });
  }
};

/** The story of a failure that is stored. */
const tell = async (failure: Failure, subject: Subject, store: Store): Promise<readonly string[]> => {
  const property = suite.find(({ id }) => id === failure.property)!;
  const machine = commandInWords(subject.name);
  return storyOf(property, failure, {
    subject: subject.machine,
    reference: (witness) => createModel({ witness }),
    reproduce: [
      `canon replay ${store.fileOf(failure.id)}${machine}`,
      `canon check ${property.id} --seed ${failure.seed} --path ${failure.path}${machine}`,
    ],
  });
};

/** Prints, and says with which code to end. */
const report = ({ report: made }: Campaign, { json, color }: CheckOptions, stories: readonly string[]): number => {
  if (json) {
    if (stories.length > 0) inform(...stories);
    print(encodePretty(made));
  } else {
    print(...stories, ...checkInWords(made, stylesFor(process.stdout, color)));
  }
  return exitCodeOf(made.verdict);
};

const lastOf = (text: string): readonly string[] => text.trimEnd().split("\n").filter(Boolean).slice(-10);
