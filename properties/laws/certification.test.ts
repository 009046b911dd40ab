/** The laws of certificates, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { hex, type Committee, type HashTree, type Move, type Path, type Scenario, type Trace } from "../../spec/index.ts";
import { tapeOf } from "../committee/signatures.ts";
import { eventAt } from "../testing/doctoring.ts";
import { judged, moved } from "../testing/judging.ts";
import { canister, edited, ingress, observed, replyMessage, round, setIn, world } from "../testing/stories.ts";
import { certify, greeting, quiet, reads, register } from "../testing/tales.ts";
import { forgetfulness, privacy, readsBy } from "../testing/scenes-of-certificates.ts";
import { closed, fork, labeled, leaf } from "../testing/trees.ts";
import { led } from "../testing/weak-machines.ts";
import { aChangedLeafBreaksTheWitness, certificatesAreSigned, certificatesShowWhatIs } from "./certification.ts";

/** Canisters a, a- and m, of which a certifies what its user says; and somebody who reads all sorts of things. */
const archive: Scenario = {
  genesis: world([canister("m", {}), canister("a", { m0: [certify, replyMessage] }), canister("a-", { m0: [{ op: "trap" }] })]),
  inputs: [
    ingress("x", "a", "m0", "2a"),
    ingress("x1", "a-", "m0"),
    round(),
    ...[
      [["canister", "a", "certified_data"]],
      [
        ["canister", "b", "certified_data"],
        ["canister", "z", "certified_data"],
        ["canister", "0", "certified_data"],
      ],
      [
        ["request_status", "x"],
        ["request_status", "x1", "error_code"],
      ],
      [["request_status", "x", "reject_code"], ["request_status", "x0", "status"], ["time"]],
    ].map((paths: readonly Path[]) => reads(...paths)),
  ],
};

const witnessAt = (trace: Trace, nth: number): HashTree => {
  const event = eventAt(trace, ["certificate-issued", nth]);
  if (event.kind !== "certificate-issued") throw new TypeError("an event is looked up by its kind");
  return event.witness;
};

describe("certificates-show-what-is", () => {
  const told = (trace: Trace): string => judged(certificatesShowWhatIs, trace);
  const archived = led(model, archive);
  const shown = (change: (witness: HashTree) => HashTree, nth = 0): string =>
    told(edited(archived, "certificate-issued", nth, { witness: change(witnessAt(archived, nth)) }));

  test("accepts the story of a register, and refusals", () => expect(told(register)).toBe("holds"));
  test("accepts what is there and what is not", () => expect(told(archived)).toBe("holds"));
  test("passes over who reads nothing", () => expect(told(greeting)).toBe("vacuous"));
  test("condemns a certificate of another state", () =>
    expect(shown((witness) => ({ kind: "fork", left: witness, right: leaf("") }))).toMatch(/^the certificate has the root/));
  test("condemns a certificate that shows less", () =>
    expect(shown(closed)).toMatch(/says of canister\/a\/certified_data something else than is/));
  test("condemns a certificate that does not show the time", () =>
    expect(shown((witness) => (witness.kind === "fork" ? fork(witness.left, closed(witness.right)) : witness))).toMatch(
      /says of time something else/,
    ));
  test("condemns a certificate that shows more", () => {
    const status = witnessAt(archived, 2);
    const instead = (witness: HashTree): HashTree =>
      witness.kind === "fork" && witness.right.kind === "fork" && status.kind === "fork" && status.right.kind === "fork"
        ? fork(witness.left, fork(status.right.left, witness.right.right))
        : witness;
    expect(shown(instead)).toMatch(/was to be another: right.left.kind: "labeled" and "pruned"/);
  });
  test("condemns a certificate that was to be refused", () => {
    const hasty = { ...archived, steps: archived.steps.filter(({ input }) => input.kind !== "round") };
    expect(told(hasty)).toBe("a read was to be IC0208, and was answered");
  });
  test("condemns the error of a later condition", () =>
    expect(told(edited(register, "read-state-refused", 0, { error: "CN0023" }))).toBe("a read was to be IC0208, and was CN0023"));
  test("condemns a refusal of what may be read", () => {
    const asked = register.steps.map((step, at) => (at === 4 ? { ...step, input: reads(["time"]) } : step));
    expect(told({ ...register, steps: asked })).toBe("a read was to be answered, and was CN0023");
  });
  test("accepts who reads what is his, in histories that prune and forget", () => {
    for (const scene of [privacy, forgetfulness]) expect(told(led(model, scene))).toBe("holds");
  });
  test("condemns who reads what became of the message of another", () => {
    const secretive = led(model, privacy);
    const foreign = secretive.steps.flatMap(({ observation: { events } }, at) =>
      events.some((event) => event.kind === "read-state-refused" && event.error === "CN0027") ? [at] : [],
    );
    const [own] = secretive.steps.flatMap(({ observation: { events } }) => events.filter(({ kind }) => kind === "certificate-issued"));
    expect(foreign.length).toBeGreaterThan(30);
    for (const at of foreign) expect(told(observed(secretive, at, { events: [own!] }))).toBe("a read was to be CN0027, and was answered");
  });
  test("condemns a refusal of what the history knows no more", () => {
    const asked = led(model, { ...privacy, inputs: [...privacy.inputs.slice(0, 1), round(), readsBy(undefined, ["request_status", "w"])] });
    expect(told(observed(asked, 2, { events: [{ kind: "read-state-refused", error: "CN0027" }] }))).toBe(
      "a read was to be answered, and was CN0027",
    );
  });
  test("condemns a certificate that tells of controllers who are no more", () => {
    const decided = led(model, privacy);
    expect(told(edited(decided, "settings-updated", 0, { controllers: ["@ann"] }))).toMatch(/^the certificate has the root/);
  });
  test("condemns certified data that outlive what was certified", () =>
    expect(told(edited(archived, "data-certified", 0, { data: "" }))).toMatch(/^the certificate has the root/));
  test("condemns a read that costs something", () =>
    expect(told(moved(register, 3, { balances: -1n, burned: 1n }))).toMatch(/^a read of the state changed something: ledger/));
  test("condemns a read that changes the state", () =>
    expect(told(observed(observed(register, 2, { stateRoot: hex("00") }), 3, { stateRoot: hex("01") }))).toMatch(
      /^a read of the state changed something: stateRoot/,
    ));
  test("condemns a read that draws randomness", () =>
    expect(told(observed(register, 3, { draws: [{} as never] }))).toMatch(/drew 1 times/));
  test("condemns a certificate that nobody asked for", () => {
    const [event] = register.steps[3]!.observation.events;
    expect(told(observed(quiet, 0, { events: [event!] }))).toBe("a round was told as a read of the state");
  });
});

describe("certificates-are-signed", () => {
  const told = (trace: Trace): string => judged(certificatesAreSigned, trace);
  const committee: Committee = { nodes: 1, threshold: 1, dealing: hex("07".repeat(32)), offset: 0 };
  const another: Committee = { ...committee, dealing: hex("1f".repeat(32)) };
  const agreed: readonly Move[] = [{ kind: "finalise", node: 1, height: 0 as never }, { ...round(), tape: tapeOf(committee, 1) } as Move];
  const signed = led(model, { genesis: { ...archive.genesis, committee }, inputs: [...agreed, reads(), reads(["time"])] });

  test("accepts a signature of the subnet", () => {
    expect(eventAt(signed, ["certificate-issued", 0])).toMatchObject({ signature: expect.stringMatching(/^[0-9a-f]{96}$/) as string });
    expect(told(signed)).toBe("holds");
  });
  test("accepts none where there is no committee", () => expect(told(register)).toBe("holds"));
  test("passes over who reads nothing", () => expect(told(greeting)).toBe("vacuous"));
  test("condemns a signature of nobody", () =>
    expect(told(edited(register, "certificate-issued", 0, { signature: "2a" }))).toBe(
      "there is no committee, and a certificate is signed with 2a",
    ));
  test("condemns a certificate that is not signed", () =>
    expect(told(edited(signed, "certificate-issued", 1, { signature: null }))).toBe(
      "there is a committee, and a certificate is not signed",
    ));
  test("condemns the signature of another subnet", () =>
    expect(told(setIn(signed, { ...signed.scenario.genesis, committee: another }))).toMatch(
      /is not the signature of the subnet for the root/,
    ));
  test("condemns the signature of another state", () =>
    expect(told(edited(signed, "certificate-issued", 0, { witness: labeled("time", leaf("02")) }))).toMatch(
      /is not the signature of the subnet for the root/,
    ));
});

describe("a-changed-leaf-breaks-the-witness", () => {
  const told = (trace: Trace): string => judged(aChangedLeafBreaksTheWitness, trace);
  const archived = led(model, archive);

  test("accepts witnesses that nobody can change", () => expect(told(archived)).toBe("holds"));
  test("passes over a machine that computes no root", () => expect(told(register)).toBe("vacuous"));
  test("condemns a witness of another state", () =>
    expect(told(edited(archived, "certificate-issued", 1, { witness: leaf("2a") }))).toMatch(
      /^the witness has the root .*, and the state root is/,
    ));
  test("condemns a witness that is itself a changed one", () =>
    expect(told(edited(archived, "certificate-issued", 0, { witness: labeled("time", witnessAt(archived, 0)) }))).toMatch(
      /^the witness has the root/,
    ));
});
