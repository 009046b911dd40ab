/** What a query is told of the certified state, and who is told nothing of it: the rule `certificate-read`, clause by clause. */
import { describe, expect, test } from "vitest";
import { nanoseconds, userId, type Input, type Script } from "../spec/index.ts";
import { answering, led, outcomes, passOn } from "./testing-queries.ts";
import { call, eventsOf, eventsOfKind, ingress, query, replyWith, round } from "./testing.ts";

const told: Script = [replyWith({ kind: "certificate" })];
const whether: Script = [replyWith({ kind: "certified" })];

const a = answering("a", {
  query: { told, whether },
  composite: {
    herself: told,
    again: [passOn("a", "told")],
    away: [passOn("b", "told", { onReject: [replyWith({ kind: "reject-code" })] })],
    whetherAway: [passOn("b", "whether")],
    back: [passOn("b", "through")],
    late: [call("a", "whether", { onReply: told })],
    whetherLate: [call("a", "whether", { onReply: whether })],
  },
  update: { go: told, see: whether },
});
const b = answering("b", { query: { told, whether }, composite: { through: [passOn("a", "told")] } });

const answersTo = (method: string, before: readonly Input[] = [round(1)]): string =>
  outcomes(led([a, b], [...before, query("a", method)]))[0]!;

const root = led([a, b], [round(1)]).steps[0]!.observation.stateRoot;

describe("the certificate", () => {
  test.each([
    ["told", root],
    ["whether", "01"],
    ["herself", root],
    ["again", root],
    ["back", root],
    ["away", "05"],
    ["whetherAway", "00"],
    ["late", "IC0504"],
    ["whetherLate", "00"],
  ])("is there for whom the user asks, but not in callbacks: %s comes to %s", (method, answer) => expect(answersTo(method)).toBe(answer));

  test("is there after the first round, and says what the state is then", () => {
    expect([answersTo("told", []), answersTo("whether", [])]).toEqual(["IC0504", "00"]);
    const trace = led([a, b], [round(1), ingress("i", "a", "write", "07"), round(2), query("a", "told")]);
    expect(outcomes(trace)).toEqual([trace.steps.at(-1)!.observation.stateRoot]);
    expect(outcomes(trace)).not.toEqual([root]);
  });

  test("is not there in a round", () => {
    const trace = led(
      [a, b],
      [ingress("i", "a", "go"), ingress("j", "a", "see"), ingress("k", "a", "told"), ingress("l", "a", "whether"), round(1)],
    );
    const answers = eventsOfKind(trace, "ingress-answered").map(({ result }) => (result.kind === "reply" ? result.payload : result.error));
    expect(answers).toEqual(["IC0504", "00", "IC0504", "00"]);
  });
});

describe("a user who reads the state", () => {
  const parameters = { ingressLifetime: nanoseconds(10n), historyLifetime: nanoseconds(10n) };
  const sent = (id: string, sender?: string): Input => ({
    ...(ingress(id, "a", "write") as Input & { kind: "ingress" }),
    ...(sender !== undefined && { sender: userId(sender) }),
  });
  const readBy = (sender: string | undefined, ...ids: readonly string[]): Input => ({
    kind: "read-state",
    paths: ids.map((id) => ["request_status", id, "status"]),
    ...(sender !== undefined && { sender: userId(sender) }),
  });
  /** For each time that somebody reads, whether it was refused. */
  const read = (inputs: readonly Input[]): readonly string[] =>
    eventsOf(led([a, b], inputs, parameters)).flatMap((event) =>
      event.kind === "read-state-refused" ? [event.error] : event.kind === "certificate-issued" ? ["issued"] : [],
    );

  test("is told of no message that another user sent", () => {
    const before = [round(1), sent("i", "@ann"), sent("j")];
    const reads = [
      readBy("@ann", "i"),
      readBy("@bob", "i"),
      readBy(undefined, "j", "i"),
      readBy(undefined, "j"),
      readBy("@anonymous", "j"),
    ];
    expect(read([...before, ...reads, readBy("@ann", "j")])).toEqual(["issued", "CN0027", "CN0027", "issued", "issued", "CN0027"]);
  });

  test("is told that nobody knows of a message, whoever asks", () => {
    expect(read([round(1), readBy("@bob", "i")])).toEqual(["issued"]);
  });

  test("is told of no message of others for as long as it is known, also after a restart", () => {
    const inputs: readonly Input[] = [sent("i", "@ann"), round(1), readBy("@bob", "i"), { kind: "restart" }, readBy("@bob", "i")];
    expect(read([...inputs, round(2, 1000n), readBy("@bob", "i")])).toEqual(["CN0027", "CN0027", "issued"]);
  });
});
