/** Shedding: best-effort messages share a memory that nobody reserved; what does not fit at the end of a round goes, the largest first. */
import { drop, dropCycles, sayDropped } from "./dropping.ts";
import { noCycles } from "./frame.ts";
import { leaveOutput, replaceInput } from "./mail.ts";
import { responseOf, type Message, type Request, type Response } from "./messages.ts";
import { rejectWith, requestShed, responseDropped } from "./refusals.ts";
import { bounce } from "./responses.ts";
import type { Engine } from "./state.ts";
import { firstOf, settle } from "./watch.ts";

/** @rule message-shed */
export const shed = (engine: Engine): void => {
  const { usage, weights, genesis } = engine;
  settle(weights);
  while (usage.bestEffort > genesis.parameters.bestEffortMemory) {
    const largest = firstOf(weights);
    if (largest === null) throw new Error(`${usage.bestEffort} bytes of best-effort messages, and no message`);
    shedOne(engine, largest.message);
  }
};

const shedOne = (engine: Engine, message: Message): void => {
  if (message.kind === "request" && message.side === "output") shedRequest(engine, message);
  else if (message.kind === "response" && message.side === "input") shedResponse(engine, message);
  else drop(engine, message, "shed");
};

/** It never left its caller, who gets everything back. */
const shedRequest = (engine: Engine, request: Request): void => {
  sayDropped(engine, request, "shed");
  leaveOutput(engine, request);
  bounce(engine, request, requestShed);
};

/** Its caller waits for an answer, and gets one without bytes. */
const shedResponse = (engine: Engine, response: Response): void => {
  const { caller, callback, refund, deadline } = response;
  sayDropped(engine, response, "shed");
  replaceInput(engine, response, responseOf(caller, callback, rejectWith(responseDropped), noCycles, deadline));
  dropCycles(engine, caller, refund);
};
