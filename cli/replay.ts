/** `canon replay FILE`: tries a stored failure again on its machine and tells its story. */
import { asFound, judge, isFailing, openExplorer, openStore, sameSubject, storyOf, suite } from "../conformance/index.ts";
import { createModel } from "../model/index.ts";
import { commandInWords, openSubject } from "./subjects.ts";
import { print, Refusal, stylesFor } from "./terminal.ts";

/** 0 when it no longer fails, 1 when it does, 2 when it cannot be tried. */
export const replay = async (file: string, { color }: { readonly color?: boolean }, command: readonly string[]): Promise<number> => {
  const stored = (await openStore()).readFailure(file);
  const property = suite.find(({ id }) => id === stored.property) ?? (await openExplorer()).exploredProperty(stored.property);
  if (!property) throw new Refusal(`${file}: CANNOT REPLAY, there is no property "${stored.property}" any more`);
  if (stored.subject.kind === "command" && command.length === 0) {
    // A file from somewhere else must not start a command by itself.
    throw new Refusal(
      `${file}: this failure belongs to another machine; say it, as in: canon replay ${file}${commandInWords(stored.subject)}`,
    );
  }
  const { good, bad, dim } = stylesFor(process.stdout, color);
  const subject = await openSubject(command);
  try {
    const parties = { subject: subject.machine, reference: createModel() };
    const judgement = await judge(property, stored.case, parties);
    if (judgement.outcome === "HARNESS_ERROR") throw new Refusal(`${file}: CANNOT REPLAY, ${judgement.because}`);
    if (!sameSubject(stored.subject, subject.name)) print(dim(`(found on ${stored.machine}, tried on ${subject.machine.name})`));
    if (!isFailing(judgement)) {
      print(`${good("FIXED")}  ${property.id}: ${judgement.outcome === "VACUOUS" ? `vacuous, ${judgement.because}` : "it holds"}`);
      return 0;
    }
    const failure = {
      ...asFound(stored),
      judgement,
      outcome: judgement.outcome === "PASS" || judgement.outcome === "VACUOUS" ? stored.outcome : judgement.outcome,
    };
    const story = await storyOf(property, failure, {
      subject: subject.machine,
      reference: (witness) => createModel({ witness }),
      reproduce: [`canon replay ${file}${commandInWords(subject.name)}`],
    });
    print(bad("STILL FAILING"), ...story);
    return 1;
  } finally {
    await subject.end();
  }
};
