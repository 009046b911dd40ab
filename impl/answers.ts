/**
 * Answers that are kept, so that whoever asks the same again need not wait. Nobody can see that one was: it is given again only while
 * everything that its query looked at is as it was. Those asked for longest ago go first. Between two rounds nothing changes, so an
 * answer that was right in this revision of the state is not looked through again. An answer that looked at who asks is kept for that user,
 * beside those for others; any other is everybody's.
 */
import type { Input, UserId } from "../spec/index.ts";
import type { Answer } from "./evaluation.ts";
import { isAsSeen, ofRecord, weightOf } from "./looks.ts";
import type { Engine } from "./state.ts";

/** How much is kept. */
export interface Room {
  readonly answers: number;
  /** Of questions, answers and what they depend on. @unit bytes, roughly */
  readonly bytes: number;
}

export const usualRoom: Room = { answers: 10_000, bytes: 64 * 2 ** 20 };

export interface Answers {
  readonly room: Room;
  /** By question, with the user before it where it matters who asks; those asked for longest ago first. */
  readonly kept: Map<string, KeptAnswer>;
  bytes: number;
  /** How often an answer was given again, and how often none was there or none that was still right. */
  hits: number;
  misses: number;
}

export interface KeptAnswer {
  readonly answer: Answer;
  readonly weight: number;
  /** The revision of the state in which it was last found to be right. */
  rightIn: number;
}

export const noAnswers = (room: Room): Answers => ({ room, kept: new Map(), bytes: 0, hits: 0, misses: 0 });

/** A question as one text: ids and payloads have no spaces. */
export const nameOf = ({ canister, method, payload }: Extract<Input, { kind: "query" }>): string => `${canister} ${payload} ${method}`;

/** The same question out of the mouth of one user. */
const nameFor = (sender: UserId, question: string): string => `${sender} ${question}`;

/** The answer to a question if it is kept, for everybody or for this user, and still right. */
export const recall = (engine: Engine, sender: UserId, question: string): Answer | null => {
  const { answers } = engine;
  const answer = given(engine, question) ?? given(engine, nameFor(sender, question));
  if (answer === null) answers.misses++;
  else answers.hits++;
  return answer;
};

const given = (engine: Engine, name: string): Answer | null => {
  const { answers, revision } = engine;
  const kept = answers.kept.get(name);
  if (kept === undefined || (kept.rightIn !== revision && !isAsSeen(engine, kept.answer.looks))) return null;
  kept.rightIn = revision;
  answers.kept.delete(name);
  answers.kept.set(name, kept);
  return kept.answer;
};

/** Keeps an answer that was just found, in the place of an older one; others go as far as there is no room for it. */
export const keep = ({ answers, revision }: Engine, question: string, answer: Answer): void => {
  const { room, kept } = answers;
  const { sender, isPersonal } = answer.looks;
  const name = isPersonal ? nameFor(sender, question) : question;
  forget(answers, name);
  const weight = weightOfAnswer(name, answer);
  if (room.answers < 1 || weight > room.bytes) return;
  kept.set(name, { answer, weight, rightIn: revision });
  answers.bytes += weight;
  for (const oldest of kept.keys()) {
    if (kept.size <= room.answers && answers.bytes <= room.bytes) return;
    forget(answers, oldest);
  }
};

export const weightOfAnswer = (name: string, { result, nested, looks }: Answer): number => {
  let weight = name.length + ofRecord + weightOf(looks) + (result.kind === "reply" ? result.payload.length : 0);
  for (const { result: inner } of nested) weight += ofRecord + (inner.kind === "reply" ? inner.payload.length : 0);
  return weight;
};

const forget = (answers: Answers, name: string): void => {
  const kept = answers.kept.get(name);
  if (kept === undefined) return;
  answers.kept.delete(name);
  answers.bytes -= kept.weight;
};
