/** Canisters: what happens to their calls when the code is taken away. */
import { rule } from "../rule.ts";

export const canisterUninstall = rule({
  id: "canister-uninstall",
  chapter: "canisters",
  title: "The code of a canister is taken away",
  intent:
    "The canister goes on to exist, with its cycles and its callbacks, but nothing of it can run any more. What it owes is answered at once.",
  source: "facts/messages.md F16, MSG-P10",
  fidelity: { simplified: "an input of the machine; the management canister that decides who may do so is a chapter of its own" },
  when: {
    exists: ["the canister exists", "IC0301"],
  },
  then: {
    code: "the canister has no code: no methods, no heartbeat, no inspection, no hook",
    memory: "the canister has no pages",
    timer: "the global timer is deactivated",
  },
});

export const contextWithdraw = rule({
  id: "context-withdraw",
  chapter: "canisters",
  title: "An open call of an uninstalled canister is rejected",
  intent: "Nobody can answer it any more. The caller gets back what was not accepted.",
  source: "facts/messages.md F16, RC4, MSG-P10",
  fidelity: "faithful",
  when: {
    open: ["the call context is open", null],
  },
  then: {
    respond: "a reject with error IC0406, with all available cycles, goes to the origin",
  },
});

export const contextDelete = rule({
  id: "context-delete",
  chapter: "canisters",
  title: "A call context of an uninstalled canister is deleted",
  intent:
    "Callbacks of it may still be open; the context stays, marked, until the last of them came back. Contexts that were responded are deleted as well: their callbacks have no code either.",
  source: "facts/messages.md F16, E4, K20, MSG-P10",
  fidelity: "faithful",
  decides: [{ place: "K20, responded contexts of an uninstalled canister", answer: "deleted like the open ones" }],
  when: {},
  then: {
    delete: "the call context is deleted",
  },
});

export const responseDiscard = rule({
  id: "response-discard",
  chapter: "canisters",
  title: "A response for a deleted call context is discarded",
  intent: "The code that asked is gone. No instruction runs, and what was set aside for it returns, with the refund.",
  source: "facts/messages.md E4, MSG-P10; facts/cycles.md T24",
  fidelity: "faithful",
  decides: [
    {
      place: "K10, the reserve of a callback whose context is deleted",
      answer: "back to the balance, less the price of the response's bytes",
    },
  ],
  when: {
    deleted: ["the call context of the callback is deleted", null],
  },
  then: {
    close: "the callback is gone, and the call is no longer open",
    refund: "the refunded cycles, at most the attached ones, go to the balance",
    release: "the reserve of the callback, less the price of the response's bytes, goes to the balance",
    burn: "the price of the response's bytes is burned",
  },
});
