/** Several subnets in one scenario are numbered, named, and held to being a network. */
import { describe, expect, test } from "vitest";
import { loneSubnet, type Scenario } from "../spec/index.ts";
import { faultsBetween, genesesOf, mostSubnets, nameOfSubnet, subnetOf } from "./subnets.ts";
import { conversation, delivered, neighbours, networkOf, restart, to } from "./testing/worlds.ts";
import { encode } from "./json.ts";
import { BorderError, read, schemas } from "./schemas/index.ts";

const [right] = neighbours.others!;
const withOthers = (...others: NonNullable<Scenario["others"]>): Scenario => ({ ...neighbours, others });
const refused = (scenario: Scenario): string => {
  try {
    read(schemas.scenario, JSON.parse(encode(scenario)), "case.json");
  } catch (reason) {
    if (reason instanceof BorderError) return reason.message;
  }
  return "nothing";
};

describe("the subnets of a scenario", () => {
  test("are counted from the genesis, and called what they call themselves", () => {
    expect(genesesOf(neighbours)).toEqual([neighbours.genesis, right]);
    expect([0, 1].map((subnet) => nameOfSubnet(neighbours, subnet))).toEqual(["left", "right"]);
    expect(nameOfSubnet(conversation, 0)).toBe(loneSubnet);
  });

  test("get the moves that name them; a move for one that is not there is for the first", () => {
    expect([{}, { subnet: 1 }, { subnet: 2 }].map((move) => subnetOf(neighbours, move))).toEqual([0, 1, 0]);
  });

  test("are a network when each has a name of its own", () => {
    expect(faultsBetween(conversation)).toEqual([]);
    expect(faultsBetween(neighbours)).toEqual([]);
    const { network: _, ...alone } = right!;
    expect(faultsBetween(withOthers(alone))).toEqual(["others[0].network: expected a network, as in each of several subnets, got nothing"]);
    expect(faultsBetween(withOthers({ ...right!, network: networkOf("left") }))).toEqual([
      "others[0].network.own: expected each subnet once, got left, left",
    ]);
  });
});

describe("a scenario of several subnets at the border", () => {
  test("is read as it was written", () => {
    expect(read(schemas.scenario, JSON.parse(encode(neighbours)), "x")).toEqual(neighbours);
  });

  test("is refused when its subnets are no network, or too many", () => {
    expect(refused(withOthers({ ...right!, network: networkOf("left") }))).toContain("expected each subnet once");
    const many = Array.from({ length: mostSubnets }, (_, at) => ({ ...right!, network: networkOf(`s-${at}`) }));
    expect(refused(withOthers(...many.slice(1)))).toBe("nothing");
    expect(refused(withOthers(...many))).toContain(`expected at most ${mostSubnets - 1}`);
    expect(refused(withOthers({ ...right!, parameters: { ...right!.parameters, tapeLag: 0 } }))).toContain("tapeLag: expected at least 1");
  });

  test("says to whom a move goes and what is delivered, which is nothing that a machine is told", () => {
    const told = (move: unknown) => () => read(schemas.input, JSON.parse(encode(move)), "x");
    expect(read(schemas.move, JSON.parse(encode(delivered(1, 0))), "x")).toEqual(delivered(1, 0));
    expect(told(to(1, restart))).toThrow('expected no field "subnet"');
    expect(told(delivered(0, 1))).toThrow('expected no field "deliveries"');
    expect(() => read(schemas.move, { ...restart, deliveries: [] }, "x")).toThrow('expected no field "deliveries"');
  });
});
