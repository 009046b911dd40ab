/** Values: what a script reads of the world around it, and where each of them is there to be read. */
import { rule } from "../rule.ts";

export const valueRead = rule({
  id: "value-read",
  chapter: "execution",
  title: "A script reads what it was given, what it has, and when it is",
  intent:
    "What an execution sees is all that its result may depend on. What makes no sense where it runs is not zero there, or empty: whoever reads it traps.",
  source: "facts/messages.md MSG-10.4.1, MSG-10.4.2, MSG-10.4.5, MSG-10.4.7, MSG-10.4.8, MSG-10.4.16, X13",
  fidelity: {
    simplified: "values are read whole; in a reject callback what was given is the code of the reject, where the network has no argument",
  },
  when: {
    inside: ["a page that is read is one of the heap, or of stable memory as far as that goes", "IC0502"],
    given: ["`message` is read where something was given: not by a task, a cleanup, or code that an upgrade replaces", "IC0504"],
    available: ["`available` is read by an update, a query in a round, or a callback that is not one of a query", "IC0504"],
    refunded: ["`refunded` is read by a callback that is not one of a query", "IC0504"],
    deadline: ["`deadline` is read by an update, a query, or a callback", "IC0504"],
  },
  then: {
    message: "`message` is what the execution was given",
    page: "`page` is the content of the page, or nothing where it was never written",
    size: "`stable-size` is how many pages stable memory has",
    time: "`time` is the time at which the execution began",
    balance: "`balance` is the balance of the canister, without what is prepaid",
    available: "`available` is what the call context holds",
    refunded: "`refunded` is what the response brought back",
    deadline: "`deadline` is that of the call of the context, or 0 where it has none",
    instructions: "`instructions` is how many instructions were used so far",
    version: "`version` is how many times the canister has changed",
  },
});

export const identityRead = rule({
  id: "identity-read",
  chapter: "execution",
  title: "A script reads who takes part",
  intent:
    "A canister decides by who asks it. A callback still serves the one who made the call, whoever answered meanwhile; what runs by itself is asked for by the management canister.",
  source: "facts/messages.md MSG-10.4.2, MSG-10.4.3, MSG-10.4.4, MSG-10.4.10, MSG-10.4.16",
  fidelity: "faithful",
  when: {
    rejected: ["`reject-code` is read by a callback, or by a cleanup that is not one of a query", "IC0504"],
    inspected: ["`method` is read by an inspection", "IC0504"],
  },
  then: {
    self: "`self` is the id of the canister",
    caller: "`caller` is who made the call that is served, whoever asked for the installation, or, of a task, the management canister",
    status: "`status` is 1 for a canister that is running, 2 for a stopping, 3 for a stopped one",
    controller: "`controller` is 1 where the one that is named is a controller of the canister, else 0",
    code: "`reject-code` is the code of the reject that is executed, or 0 where it is a reply",
    method: "`method` is the name of the method that the message asks for",
  },
});
