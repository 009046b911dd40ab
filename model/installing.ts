/** An installation, from the old code to the new one, or back: `docs/machine.md`, section 17.5. */
import { hex, type ErrorCode, type Event, type Installation, type Script, type Principal } from "../spec/index.ts";
import { beginning, changesTold } from "./finish.ts";
import { canisterOf, changedPages, errorOf, pagesOf, runningOf, tell } from "./reading.ts";
import { beginInstall, chargedFor, commitInstall, replaceCode, rollBackInstall, settleInstall } from "./rules/code.ts";
import { runScript, type Ended } from "./script.ts";
import { nothingDone, type State } from "./state.ts";
import type { Fire } from "./transition.ts";

/** The state after it, with what is told of it, and the error when the code is not in place. */
export const install = (
  fire: Fire,
  before: State,
  asked: Installation,
  by: Principal,
): { readonly state: State; readonly error: ErrorCode | null } => {
  const { canister } = asked;
  const limit = before.parameters.installInstructionLimit;
  const execution = { ...beginning(before, canisterOf(before, canister), "installation", by, null, null), limit };
  const begun = fire(beginInstall, before, { asked, execution });
  if (!begun.applied) return { state: before, error: errorOf(begun.error) };
  const ran = runAll(fire, begun.state, asked, by);
  const settled = fire(settleInstall, ran.state, {}).state;
  const told = tell(settled, ...eventsOf(begun.state, ran, settled, asked));
  return { state: { ...told, running: null }, error: ran.trap };
};

/** All that runs in it: whole, or undone. */
const runAll = (fire: Fire, start: State, asked: Installation, by: Principal): Ended => {
  const { canister, mode } = asked;
  const codeOf = (state: State) => canisterOf(state, canister).code;
  const isHooked = mode === "upgrade" && !asked.skipsPreUpgrade;
  const before: Script = isHooked ? (codeOf(start)?.onPreUpgrade ?? []) : [];
  const prepared = runScript(fire, start, before);
  if (prepared.trap !== null) return undone(fire, start, prepared);
  const given: State = { ...prepared.state, running: { ...runningOf(prepared.state), message: hex("") } };
  const replaced = fire(replaceCode, given, { asked, by }).state;
  const after: Script = (mode === "upgrade" ? codeOf(replaced)?.onPostUpgrade : codeOf(replaced)?.onInit) ?? [];
  const ended = runScript(fire, replaced, after);
  if (ended.trap !== null) return undone(fire, start, ended);
  const committed = fire(commitInstall, ended.state, { asked });
  return committed.applied
    ? { state: committed.state, trap: null }
    : undone(fire, start, { state: ended.state, trap: errorOf(committed.error) });
};

const undone = (fire: Fire, start: State, { state, trap }: Ended): Ended => {
  const back = fire(rollBackInstall, state, { start }).state;
  return { state: { ...back, running: { ...runningOf(back), report: nothingDone } }, trap };
};

const eventsOf = (
  start: State,
  { state: ran, trap }: Ended,
  settled: State,
  { canister, mode, module }: Installation,
): readonly Event[] => {
  const { used, prepaid, report } = runningOf(ran);
  const [was, is] = [canisterOf(start, canister), canisterOf(settled, canister)];
  return [
    {
      kind: "installation-ran",
      canister,
      mode,
      module,
      trap,
      instructions: used,
      prepaid,
      charged: chargedFor(ran),
      burned: report.burned,
      reserved: report.reserved,
      wrote: changedPages(was, is),
      pages: pagesOf(start.parameters, is),
      timer: is.timer,
      balance: is.balance,
    },
    ...changesTold(was, is),
  ];
};
