/**
 * The story of a failure, for people: what the property says, the small case that speaks against it, what the machine
 * did there, where it first parts from the reference and how the two states differ at that point, which clauses of the
 * specification are at work, and the commands that show it again.
 */
import { clauseName, type Event, type Machine, type Move, type Scenario, type StateView } from "../spec/index.ts";
import { twinOf, type Case, type Property } from "../properties/index.ts";
import type { Witness } from "./evidence.ts";
import type { Failure } from "./failure.ts";
import { guarded } from "./guard.ts";
import { alignedSteps, firstParting, stateDifferences, type Difference, type Parting } from "./oracle.ts";
import { record, stateAfter, type Recording } from "./recording.ts";
import { genesesOf, nameOfSubnet, subnetOf } from "./subnets.ts";
import { eventInWords } from "./wording/events.ts";
import { genesisInWords } from "./wording/genesis.ts";
import { inputInWords, relationInWords } from "./wording/inputs.ts";

export interface StoryOptions {
  readonly subject: Machine;
  readonly reference: (witness: Witness) => Machine;
  /** The commands that show the failure again, one a line. */
  readonly reproduce: readonly string[];
}

/** The story, one line an item. */
export const storyOf = async (
  property: Property,
  failure: Failure,
  { subject, reference, reproduce }: StoryOptions,
): Promise<readonly string[]> => {
  const { case: tried, judgement } = failure;
  const { scenario } = tried;
  const met: string[][] = [[]];
  const witnessing = reference(({ rule, kind, clause }) => met.at(-1)!.push(clauseName({ rule, kind, clause })));
  const expected = await record(witnessing, scenario, () => met.push([]));
  const came = await record(guarded(subject), scenario);
  const parting = came.fault ? null : firstParting(expected.steps, came.steps);
  const shownAt = judgement.at ?? parting?.at ?? (came.fault ? came.steps.length : null);
  return [
    `${failure.outcome}  ${property.id}`,
    `  says:  ${property.statement}`,
    `  but:   ${judgement.at === null ? "" : `at input ${judgement.at + 1}: `}${judgement.because}`,
    `  found: seed ${failure.seed}, path ${failure.path}; ${failure.drawnInputs} inputs were drawn, ${scenario.inputs.length} are left after ${failure.tries} tries to make it smaller`,
    ...section("The case", caseInWords(tried)),
    ...section("What the machine did", stepsInWords(scenario, came, shownAt, parting)),
    ...section("Where the two worlds part", await worldsInWords(subject, tried, came)),
    ...section("Where it parts from the reference", await partingInWords(subject, witnessing, scenario, parting, expected)),
    ...section("The specification there", clausesInWords(property, shownAt === null ? [] : (met[shownAt + 1] ?? []))),
    ...section("Its standard error ended with", lastLines(judgement.stderr ?? "")),
    ...section("reproduce with:", reproduce),
  ];
};

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ["", `  ${title}`, ...lines.map((line) => `    ${line}`)];

const caseInWords = ({ scenario, relation }: Case): readonly string[] => {
  const second = relationInWords(relation);
  const geneses = genesesOf(scenario);
  return [
    ...geneses.flatMap((genesis, subnet) =>
      geneses.length === 1
        ? genesisInWords(genesis)
        : [`subnet ${nameOfSubnet(scenario, subnet)}`, ...genesisInWords(genesis).map((line) => `  ${line}`)],
    ),
    ...scenario.inputs.map((move, at) => `${at + 1}. ${moveInWords(scenario, move)}`),
    ...(second ? [`second world: ${second}`] : []),
  ];
};

/** An input, with the subnet that it is for when there are several. */
const moveInWords = (scenario: Scenario, move: Move): string => {
  const said = inputInWords(move, (subnet) => nameOfSubnet(scenario, subnet));
  return genesesOf(scenario).length === 1 ? said : `subnet ${nameOfSubnet(scenario, subnetOf(scenario, move))}: ${said}`;
};

/** Steps and events that are shown; more would bury the one that matters. */
const shownSteps = 12;
const shownEvents = 40;
const shownDifferences = 20;

const stepsInWords = (
  scenario: Scenario,
  { steps, fault }: Recording,
  shownAt: number | null,
  parting: Parting | null,
): readonly string[] => {
  const last = shownAt ?? steps.length - 1;
  const first = Math.max(0, last - shownSteps + 1);
  const told = steps
    .slice(first, last + 1)
    .flatMap(({ subnet = 0, input, observation: { events } }, index) => [
      `${first + index + 1}. ${moveInWords(scenario, { ...input, subnet })}`,
      ...eventsInWords(events, first + index === parting?.at ? partingEvent(parting) : 0),
    ]);
  const failing = scenario.inputs[steps.length];
  return [
    ...(first > 0 ? [`(${first} steps before)`] : []),
    ...told,
    ...(fault ? [failing ? `${steps.length + 1}. ${moveInWords(scenario, failing)}` : "at boot", `     ${fault}`] : []),
  ];
};

/** The events of a step; of very many those around the one that matters. */
const eventsInWords = (events: readonly Event[], centre: number): readonly string[] => {
  const from = Math.max(0, Math.min(centre - shownEvents / 2, events.length - shownEvents));
  const more = (count: number, where: string) => (count > 0 ? [`     (${count} events ${where})`] : []);
  return [
    ...more(from, "before"),
    ...events.slice(from, from + shownEvents).map((event) => `     ${eventInWords(event)}`),
    ...more(events.length - from - shownEvents, "after"),
  ];
};

/** The index of the first event that differs, which the first difference names. */
const partingEvent = ({ differences }: Parting): number => Number(/^events\[(\d+)\]/.exec(differences[0]?.field ?? "")?.[1] ?? 0);

/** For a property of two worlds: where the machine's own two traces part. */
const worldsInWords = async (subject: Machine, tried: Case, { steps }: Recording): Promise<readonly string[]> => {
  const { relation } = tried;
  if (relation.kind === "none") return [];
  const twin = twinOf(tried);
  const second = await record(guarded(subject), twin);
  if (second.fault) return [`the second world ends: ${second.fault}`];
  const aligned = alignedSteps(
    { machine: subject.name, scenario: twin, steps: second.steps },
    relation.kind === "restarted" ? relation.before : [],
  );
  const parting = firstParting(steps, aligned);
  return parting
    ? [`at input ${parting.at + 1}`, ...differencesInWords(parting.differences, "first world", "second world")]
    : ["they do not part"];
};

const partingInWords = async (
  subject: Machine,
  reference: Machine,
  scenario: Scenario,
  parting: Parting | null,
  expected: Recording,
): Promise<readonly string[]> => {
  if (expected.fault) return [`the reference itself ended: ${expected.fault}`];
  if (!parting) return ["it does not part from the reference in this case, as far as both went"];
  const [theirs, ours] = [
    await stateAfter(guarded(subject), scenario, parting.at + 1),
    await stateAfter(reference, scenario, parting.at + 1),
  ];
  return [
    `at input ${parting.at + 1}: ${moveInWords(scenario, scenario.inputs[parting.at]!)}`,
    ...differencesInWords(parting.differences, "reference", "machine"),
    ...stateInWords(ours, theirs),
  ];
};

const stateInWords = (ours: StateView | string, theirs: StateView | string): readonly string[] => {
  if (typeof ours === "string") return [`the state after it: ${ours}`];
  if (typeof theirs === "string") return [`the state after it: ${theirs}`];
  const differences = stateDifferences(ours, theirs);
  return differences.length === 0
    ? ["the state after it is the same: they differ in what they tell"]
    : ["the state after it", ...differencesInWords(differences, "reference", "machine").map((line) => `  ${line}`)];
};

const differencesInWords = (differences: readonly Difference[], left: string, right: string): readonly string[] => [
  ...differences.slice(0, shownDifferences).map(({ field, expected, came }) => `${field}: ${left} ${expected}, ${right} ${came}`),
  ...(differences.length > shownDifferences ? [`and ${differences.length - shownDifferences} more`] : []),
];

/** The rules that the property checks, and their clauses that the reference met at the step that shows the failure. */
const clausesInWords = ({ cites }: Property, met: readonly string[]): readonly string[] => {
  const here = [...new Set(met)];
  const lines = cites.flatMap((rule) => {
    const clauses = here.filter((name) => name.startsWith(`${rule}.`)).map((name) => name.slice(rule.length + 1));
    return clauses.length > 0 ? [`${rule}: ${clauses.join(", ")}`] : [];
  });
  return lines.length > 0 ? lines : [`the property checks ${cites.join(", ")}`];
};

const lastLines = (text: string): readonly string[] => text.trimEnd().split("\n").filter(Boolean).slice(-10);
