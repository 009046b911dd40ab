/**
 * A trace of several subnets is several traces of one: each subnet is a machine of its own, and what the others sent
 * came in with its rounds. So whatever holds for one machine is looked for on each of them.
 */
import type { Input, Step, Trace } from "../../spec/index.ts";

/** A plain trace of one subnet, and which step of the whole trace each of its steps was. */
export interface SubnetTrace {
  readonly number: number;
  /** The name of the subnet, when there is more than one. */
  readonly name: string | null;
  readonly trace: Trace;
  readonly at: readonly number[];
}

/** The traces of the subnets, each with its own genesis and the inputs as its machine got them. */
export const subnetTraces = (trace: Trace): readonly Trace[] => splitBySubnet(trace).map((one) => one.trace);

/** The same, with the way back to the whole trace. */
export const splitBySubnet = (trace: Trace): readonly SubnetTrace[] => {
  const { machine, scenario, steps } = trace;
  const genesis = [scenario.genesis, ...(scenario.others ?? [])];
  if (genesis.length === 1) return [{ number: 0, name: null, trace, at: steps.map((_, at) => at) }];
  return genesis.map((own, number): SubnetTrace => {
    const inputs: Input[] = [];
    const kept: Step[] = [];
    const at: number[] = [];
    scenario.inputs.forEach((move, place) => {
      const step = steps[place];
      const named = step === undefined ? (move.subnet ?? 0) : (step.subnet ?? 0);
      if ((named in genesis ? named : 0) !== number) return;
      inputs.push(step?.input ?? move);
      if (step === undefined) return;
      kept.push({ input: step.input, observation: step.observation });
      at.push(place);
    });
    return {
      number,
      name: own.network?.own ?? `number ${number}`,
      trace: { machine, scenario: { genesis: own, inputs }, steps: kept },
      at,
    };
  });
};
