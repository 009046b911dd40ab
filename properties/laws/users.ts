/** What users ask of the management canister: for whom it is done, who pays, and who is not even let in. */
import { usersWorlds } from "../arbitraries/users.ts";
import { alone } from "../case.ts";
import { isForManagement } from "../tracking/ingress.ts";
import { watchedLaw } from "../tracking/watch.ts";
import { screening } from "./ingress.ts";

export const usersAskForWhatIsTheirs = watchedLaw({
  id: "users-ask-for-what-is-theirs",
  statement:
    "What a user asks of the management canister gets in exactly when its method is known, where cycles from nothing are asked for is one that there is, is for users, its words make sense, the canister that they name exists, is controlled by the sender, unless cycles from nothing are asked for, and can pay the reception fee; it is refused with the code of the first of these that is false; in the next round that canister, if it is still there, pays, or the message is turned away, and nobody pays for cycles from nothing.",
  source: "facts/messages.md A1, A2, A8, F1, F3, F5, F7, F26, MSG-10.1.28, IC0408, IC0512, IC0536; facts/cycles.md T05",
  cites: [
    "management-admit",
    "ingress-submit",
    "ingress-induct",
    "ingress-answer",
    "ingress-expire",
    "ingress-postpone",
    "management-take",
  ],
  needs: ["users"],
  otherwise: "no user asked the management canister for anything",
  cases: (vocabulary) => usersWorlds(vocabulary).map(alone),
  watch: () => screening(isForManagement),
});
