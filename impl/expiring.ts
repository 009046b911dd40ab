/** What has a last moment: ingress messages, requests that did not leave, best-effort messages and callbacks. */
import type { Callback, IngressMessage, Message } from "./messages.ts";
import { watchOf, type Watch } from "./watch.ts";

export type Expirable = IngressMessage | Message | Callback;

/** The earliest first; of what expires at the same time everything is asked for at once. */
export const expiringOf = (): Watch<Expirable> => watchOf<Expirable>((left, right) => left.expiry! < right.expiry!, canExpire);

/** Whether time can still do something to this. */
export const canExpire = (item: Expirable): boolean => {
  switch (item.kind) {
    case "ingress":
      return item.isQueued;
    case "request":
      return item.pair !== null && (item.deadline !== null || item.side === "output");
    case "response":
      return item.pair !== null && item.deadline !== null && item.side === "output";
    case "callback":
      return item.expiry !== null && !item.isAnswered;
    default: {
      const never: never = item;
      throw new Error(`nothing of this kind expires: ${String(never)}`);
    }
  }
};
