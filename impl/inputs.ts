/** Which input a canister takes next: the sources take turns, and within a source the senders do. */
import { leaveIngress, leaveInput } from "./mail.ts";
import type { IngressMessage, Mail, Message, Pair, Source } from "./messages.ts";
import { enqueue, unlink, type Queue } from "./queues.ts";
import type { Canister, Engine } from "./state.ts";

/**
 * Takes the next input out of its queue. The canister has one.
 * @rule input-take
 */
export const takeInput = (engine: Engine, canister: Canister): IngressMessage | Message => {
  const mail = canister.mail!;
  for (let source = mail.turn; ; source = behind[source]) {
    if (!hasSource(mail, source)) continue;
    mail.turn = behind[source];
    return source === "ingress" ? takeIngress(engine, mail) : takeFrom(engine, mail[source]);
  }
};

/** Whether the canister has an input. */
export const hasInput = ({ mail }: Canister): boolean => mail !== null && mail.inputs > 0;

const behind: Readonly<Record<Source, Source>> = { local: "ingress", ingress: "remote", remote: "local" };

const hasSource = (mail: Mail, source: Source): boolean => mail[source].first !== null;

const takeIngress = (engine: Engine, { ingress }: Mail): IngressMessage => {
  const message = ingress.first!;
  leaveIngress(engine, message);
  return message;
};

/** The first message of the first sender, who goes behind the others, or away. */
const takeFrom = (engine: Engine, senders: Queue<Pair>): Message => {
  const pair = senders.first!;
  const message = pair.inputs.first!;
  leaveInput(engine, message);
  if (pair.inputs.length > 0) {
    unlink(senders, pair);
    enqueue(senders, pair);
  }
  return message;
};
