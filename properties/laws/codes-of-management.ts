/** Codes of the management canister: each method is refused in its own ways, and an installation traps like an execution. */
import { isManagementMethod, type ErrorCode, type Event, type ManagementMethod } from "../../spec/index.ts";
import { isAnsweredBy } from "../tracking/ingress.ts";
import { petitionsIn, waitingForManagement } from "../tracking/management.ts";
import type { Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";

/** What a hook of the code can trap with, and what the end of an installation can. @source facts/messages.md F12, F13, F14 */
const trapsOfInstallations = ["IC0502", "IC0503", "IC0504", "IC0522", "IC0532", "IC0534", "IC0207"] as const;

/** What is asked of the management canister, and the errors with which it is refused. @source facts/messages.md section 4.2, F1 to F29 */
export const failuresOfManagement = {
  "the management canister refused start_canister": ["IC0301", "IC0512"],
  "the management canister refused stop_canister": ["IC0301", "IC0512", "IC0206", "IC0511"],
  "the management canister refused canister_status": ["IC0301", "IC0512"],
  "the management canister refused uninstall_code": ["IC0301", "IC0512"],
  "the management canister refused delete_canister": ["IC0301", "IC0512", "IC0510", "IC0203"],
  "the management canister refused deposit_cycles": ["IC0301"],
  "the management canister refused install_code": ["IC0301", "IC0512", "IC0505", "IC0514", "IC0537", "IC0209", ...trapsOfInstallations],
  "the management canister refused update_settings": ["IC0301", "IC0512", "IC0504", "IC0101", "IC0530", "IC0540", "IC0533", "IC0531"],
  "the management canister refused create_canister": ["IC0504", "IC0101", "IC0403", "IC0533", "IC0531"],
  "the management canister refused canister_info": ["IC0301", "IC0504"],
  "the management canister refused take_canister_snapshot": ["IC0301", "IC0512", "IC0406", "IC0305", "IC0210", "IC0534", "IC0207"],
  "the management canister refused load_canister_snapshot": ["IC0301", "IC0512", "IC0305", "IC0210", "IC0207"],
  "the management canister refused delete_canister_snapshot": ["IC0301", "IC0512", "IC0305"],
  "the management canister refused list_canister_snapshots": ["IC0301", "IC0512", "IC0504"],
  "the management canister refused sign_with_ecdsa": ["IC0406", "CN0212"],
  "the management canister refused sign_with_schnorr": ["IC0406", "CN0212"],
  "the management canister refused vetkd_derive_key": ["IC0406", "CN0212"],
  "the management canister refused http_request": ["IC0406", "CN0212"],
  "the management canister refused upload_chunk": ["IC0301", "IC0512", "IC0504", "IC0210", "IC0534", "IC0207"],
  "the management canister refused clear_chunk_store": ["IC0301", "IC0512"],
  "the management canister refused stored_chunks": ["IC0301", "IC0512", "IC0504"],
  "the management canister refused install_chunked_code": [
    "IC0301",
    "IC0512",
    "IC0505",
    "IC0514",
    "IC0537",
    "IC0209",
    ...trapsOfInstallations,
  ],
  "the management canister refused provisional_create_canister_with_cycles": ["IC0504", "IC0101", "IC0533", "IC0531"],
  "the management canister refused provisional_top_up_canister": ["IC0301"],
  "an installation trapped": trapsOfInstallations,
} as const satisfies Readonly<
  Record<`the management canister refused ${ManagementMethod}` | "an installation trapped", readonly ErrorCode[]>
>;

/** The error of an answer of the management canister, or of an installation, against the table. */
export const wronglyManaged = (event: Event, world: World): Complaint => {
  if (event.kind === "installation-ran") return event.trap === null ? undefined : only(event.trap, "an installation trapped");
  if ((event.kind !== "management-answered" && event.kind !== "ingress-answered") || event.result.kind === "reply") return undefined;
  // Whoever asked may be gone.
  const { result } = event;
  const method = [...petitionsIn(world), ...waitingForManagement(world)].find(isAnsweredBy(event))?.method;
  return method !== undefined && isManagementMethod(method) ? only(result.error, `the management canister refused ${method}`) : undefined;
};

const only = (error: ErrorCode, place: keyof typeof failuresOfManagement): Complaint =>
  (failuresOfManagement[place] as readonly ErrorCode[]).includes(error) ? undefined : `${place} with ${error}, which cannot happen there`;
