/**
 * Induction: what canisters left in their output queues goes to where it is due, without leaving the subnet. Only
 * canisters with something to send are visited, in the order of their ids.
 */
import { managementCanister, randomnessAsk, requestInduct, type ErrorCode, type Height } from "../spec/index.ts";
import { dequeue } from "./queues.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import { receive, type Canister, type Engine, type Request } from "./state.ts";

/** Empties every output queue; `asked` is the height of the round that executed what is in them. */
export const induct = (engine: Engine, asked: Height): void => {
  const senders = engine.sending.sort((left, right) => left.index - right.index);
  for (const sender of senders) {
    sender.isSending = false;
    for (let message = dequeue(sender.outputs); message !== null; message = dequeue(sender.outputs)) {
      switch (message.kind) {
        case "request":
          inductRequest(engine, sender, message, asked);
          break;
        case "response":
          // @rule response-induct
          receive(engine, engine.byId.get(message.caller)!, message);
          engine.events.push({
            kind: "response-inducted",
            caller: message.caller,
            callback: message.callback,
            result: message.result.kind,
          });
          break;
        case "ingress":
          throw new Error(`${sender.id} sends an ingress message`);
        default: {
          const never: never = message;
          throw new Error(`a message of no kind: ${JSON.stringify(never)}`);
        }
      }
    }
  }
  senders.length = 0;
};

const noSuchCanister = refusalOf(requestInduct.when.exists);
const noSuchMethod = refusalOf(randomnessAsk.when.method);
const notEmpty = refusalOf(randomnessAsk.when.empty);

/**
 * @rule request-induct
 * @rule randomness-ask
 */
const inductRequest = (engine: Engine, sender: Canister, request: Request, asked: Height): void => {
  const { callee, method, payload, origin } = request;
  if (callee === managementCanister) {
    if (method !== "raw_rand") return bounce(engine, sender, request, noSuchMethod);
    if (payload.length > 0) return bounce(engine, sender, request, notEmpty);
    engine.waitingRandomness.push({ request, asked });
    engine.events.push({ kind: "randomness-asked", canister: sender.id, callback: origin.callback, asked });
    return;
  }
  const receiver = engine.byId.get(callee);
  if (receiver === undefined) return bounce(engine, sender, request, noSuchCanister);
  receive(engine, receiver, request);
  engine.events.push({ kind: "request-inducted", caller: sender.id, callback: origin.callback, callee });
};

/** @rule request-bounce */
const bounce = (engine: Engine, sender: Canister, { origin, attached }: Request, error: ErrorCode): void => {
  receive(engine, sender, {
    kind: "response",
    caller: sender.id,
    callback: origin.callback,
    result: rejectWith(error),
    refund: attached,
    next: null,
  });
  engine.events.push({ kind: "request-bounced", caller: sender.id, callback: origin.callback, error });
};
