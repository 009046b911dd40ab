/** The law of users who ask the management canister, shown what it accepts, what it passes over and what it must condemn; and others that speak of them. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { canisterId, type Trace } from "../../spec/index.ts";
import type { Property } from "../property.ts";
import { hastened, silenced } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { excess } from "../testing/scenes-of-statuses.ts";
import { audience, meanness, vigil } from "../testing/scenes-of-users.ts";
import { edited, observed, rejected, replied, setIn } from "../testing/stories.ts";
import { payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { codesAreDisciplined } from "./codes.ts";
import { lateMessagesExpire } from "./deadlines.ts";
import { feesFollowTheTable } from "./fees.ts";
import { managementIsForetold } from "./management.ts";
import { madeCanistersAreNew } from "./settings.ts";
import { stopsAreAnsweredOnce } from "./stopping.ts";
import { streamsGoOutInTurns } from "./streams-out.ts";
import { usersAskForWhatIsTheirs } from "./users.ts";

const [heard, denied, waited] = [led(model, audience), led(model, meanness), led(model, vigil)];

const told = (trace: Trace, law: Property = usersAskForWhatIsTheirs): string => judged(law, trace);

/** The same trace, in which a message gets in that was refused, or the other way round. */
const letIn = (trace: Trace, at: number, ingress: string): Trace =>
  observed(trace, at, { events: [{ kind: "ingress-received", ingress } as never] });
const keptOut = (trace: Trace, at: number, ingress: string, error: string): Trace =>
  observed(trace, at, { events: [{ kind: "ingress-refused", ingress, error } as never] });

describe("users-ask-for-what-is-theirs", () => {
  test.each([heard, denied, waited])("accepts true tales", (tale) => expect(told(tale)).toBe("holds"));
  test("passes over worlds in which no user asks", () => expect(told(payment)).toBe("vacuous"));

  test.each([
    ["stranger", 1, "IC0512"],
    ["nobody", 2, "IC0512"],
    ["unknown", 3, "IC0536"],
    ["closed", 4, "IC0406"],
    ["senseless", 5, "IC0408"],
    ["nowhere", 6, "IC0301"],
    ["lean", 9, "IC0207"],
  ])("condemns that %s gets in", (id, at, error) =>
    expect(told(letIn(heard, at, id))).toBe(`ingress ${id} to aaaaa-aa: expected ${error}, got that it is received`),
  );
  test("condemns that somebody gets in who asks for cycles where there are none", () => {
    expect(told(letIn(denied, 12, "gift"))).toMatch(/expected IC0536, got that it is received$/);
    expect(told(setIn(heard, meanness.genesis))).toBe("ingress gift to aaaaa-aa: expected IC0536, got that it is received");
  });
  test("condemns that a controller is kept out, or hears another reason", () => {
    expect(told(keptOut(heard, 0, "status", "IC0512"))).toMatch(/expected that it is received, got IC0512$/);
    expect(told(keptOut(heard, 10, "open", "IC0512"))).toMatch(/expected that it is received, got IC0512$/);
    expect(told(keptOut(heard, 3, "unknown", "IC0406"))).toMatch(/expected IC0536, got IC0406$/);
  });
  test("condemns that the wrong one pays, or somebody where nobody does", () => {
    expect(told(edited(heard, "ingress-inducted", 0, { canister: canisterId("open") }))).toBe(
      "ingress status to aaaaa-aa is for b to pay, and open pays",
    );
    expect(told(edited(heard, "ingress-inducted", 5, { canister: canisterId("b") }))).toBe(
      "ingress child to aaaaa-aa is for nobody to pay, and b pays",
    );
    expect(told(edited(heard, "ingress-inducted", 5, { fee: 5n }))).toMatch(/costs nobody anything, and was said to cost 5/);
    expect(told(edited(heard, "ingress-inducted", 0, { asked: "stop_canister" }))).toMatch(/was said to ask for stop_canister$/);
  });
  test("condemns that somebody is turned away who can pay, or is there", () => {
    expect(told(edited(heard, "ingress-answered", 0, { result: rejected("IC0301") }))).toBe(
      "ingress second was turned away, but poor exists",
    );
    expect(told(edited(heard, "ingress-answered", 1, { result: rejected("IC0207") }))).not.toBe("holds");
  });
  test("condemns that a message is left out of the block", () =>
    expect(told(silenced(heard, ["ingress-inducted", 3]))).toMatch(/^ingress gift is in the block before again/));
});

describe("settings that are one more than they may be", () => {
  const tale = led(model, excess);
  const [first] = tale.steps.flatMap(({ input }, at) => (input.kind === "ingress" && input.id === "u0" ? [at] : []));
  const refused = tale.steps.flatMap(({ observation }) => observation.events.filter(({ kind }) => kind === "ingress-refused"));

  test("are refused at the door", () => {
    expect(refused.map((event) => "error" in event && event.error)).toEqual(refused.map(() => "IC0408"));
    expect(refused.length).toBe(12);
    expect(told(tale)).toBe("holds");
  });
  test.each(refused.map((_, at) => [`u${at}`, at] as const))("are not let in, as in message %s", (id, at) =>
    expect(told(letIn(tale, first! + at, id))).toBe(`ingress ${id} to aaaaa-aa: expected IC0408, got that it is received`),
  );
  test("come back where a canister asks for them", () => {
    const bounced = tale.steps.flatMap(({ observation }) => observation.events.filter(({ kind }) => kind === "request-bounced"));
    expect(bounced.map((event) => "error" in event && event.error)).toEqual(Array.from({ length: 16 }, () => "IC0408"));
    for (const [at, event] of bounced.entries()) {
      expect(told(edited(tale, "request-bounced", at, { error: "IC0536" }), codesAreDisciplined)).toMatch(/with IC0536: expected IC0408$/);
      const asked = { ...event, kind: "management-asked", method: "create_canister", canister: null };
      const awaited = edited(tale, "request-bounced", at, asked);
      expect(told(awaited, streamsGoOutInTurns)).toMatch(/comes back with IC0408", and .* waits for the management canister" came$/);
      expect(told(awaited, managementIsForetold)).toMatch(/^call [0-9]+ of chief for .* of nobody could be executed, and waits on$/);
    }
    expect(told(tale, codesAreDisciplined)).toBe("holds");
    expect(told(tale, streamsGoOutInTurns)).toBe("holds");
  });
});

describe("other laws", () => {
  test.each([managementIsForetold, feesFollowTheTable, stopsAreAnsweredOnce, lateMessagesExpire, madeCanistersAreNew])(
    "accept the same tales",
    (law) => {
      for (const tale of [heard, denied, waited]) expect(["holds", "vacuous"]).toContain(told(tale, law));
    },
  );
  test("foretell what a user hears", () => {
    expect(told(edited(heard, "ingress-answered", 2, { result: replied("00") }), managementIsForetold)).toMatch(
      /^ingress status of @ann for canister_status of b is first/,
    );
    expect(told(silenced(heard, ["ingress-answered", 2]), managementIsForetold)).not.toBe("holds");
  });
  test("hold who waits behind another user to his turn", () =>
    expect(told(hastened(waited, ["cycles-provided", 0], ["round-ended", 1]), managementIsForetold)).not.toBe("holds"));
  test("price what is asked, and nothing where nobody pays", () => {
    expect(told(edited(heard, "ingress-inducted", 0, { fee: 5n }), feesFollowTheTable)).toMatch(/reception fee of status is 5/);
    expect(told(edited(heard, "ingress-inducted", 5, { fee: 5n }), feesFollowTheTable)).toMatch(/gives 0$/);
  });
  test("miss who expires while it waits", () =>
    expect(told(silenced(waited, ["ingress-expired", 0], ["ingress-answered", 1]), lateMessagesExpire)).not.toBe("holds"));
  test("miss the answer to a stop", () => {
    expect(told(silenced(heard, ["ingress-answered", 8]), stopsAreAnsweredOnce)).not.toBe("holds");
    expect(told(edited(heard, "ingress-answered", 8, { result: rejected("IC0206") }), stopsAreAnsweredOnce)).not.toBe("holds");
  });
  test("hear who is made", () =>
    expect(told(edited(heard, "ingress-answered", 7, { result: replied("00") }), madeCanistersAreNew)).toMatch(
      /^canister-0 was made, and ingress child of @bob heard something else/,
    ));
});
