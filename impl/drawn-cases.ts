/** What may happen in drawn worlds, by name: the worlds of a kind are worth something only if everything that can happen in them does. */
import type { EventKind } from "../spec/index.ts";

/** What an event tells only by the one behind it. */
export const casesOfNeighbours = (kind: EventKind, next: EventKind | undefined): readonly string[] => {
  if (kind === "ran-dry" && next === "answered") return ["ran-dry with a context"];
  if (kind === "execution-resumed" && next === "not-executed") return ["desisted"];
  if (kind === "installation-ran" && next === "data-certified") return ["certified by an installation"];
  if (kind === "installation-ran" && next === "stable-resized") return ["resized by an installation"];
  if (kind === "snapshot-loaded" && next === "data-certified") return ["certified by a snapshot"];
  if (kind === "snapshot-loaded" && next === "stable-resized") return ["resized by a snapshot"];
  if (kind === "data-certified" && next === "stable-resized") return ["certified and resized"];
  if (kind === "stable-resized" && next === "hook-ready") return ["resized before a hook"];
  if (kind === "management-answered" && next === "response-late") return ["told too late"];
  if (kind === "management-answered" && next === "message-dropped") return ["told nobody"];
  if (kind === "management-answered" && next === "round-skipped") return ["told in a round that is skipped"];
  return [];
};

export const everyCase = `
  answered, call refused IC0101, call refused IC0201, call refused IC0207, call refused IC0507, callback-expired,
  cleanup completed, cleanup none, cleanup trapped, context-deleted, context-removed, cycles lost, cycles returned,
  cycles streamed, executed heartbeat, executed low-memory, executed response, executed timer, executed update,
  expired input request, expired output response, hook-ready, ingress-answered, ingress-expired, ingress-forgotten,
  ingress-inducted, ingress-pruned, ingress-received, ingress-refused CN0001, ingress-refused CN0002,
  ingress-refused CN0010, ingress-refused CN0011, ingress-refused IC0204, ingress-refused IC0207, ingress-refused IC0301,
  ingress-refused IC0406, ingress-refused IC0502, ingress-refused IC0503, ingress-refused IC0504, ingress-refused IC0522, ingress-refused IC0537,
  message-refused -, message-refused IC0201, message-refused IC0301, message-refused IC0507,
  not executed heartbeat IC0207, not executed timer IC0207, not executed update IC0207, not executed update IC0536,
  not executed update IC0537, randomness-answered, randomness-asked, refund-inducted, request-bounced CN0210,
  request-bounced CN0211, request-bounced IC0301, request-bounced IC0408, request-bounced IC0536, request-inducted,
  response-discarded, response-inducted, response-late, round-began, round-ended, shed input request,
  shed input response, shed output request, slice-refused CN0012, slice-refused CN0013, slice-refused CN0014,
  slice-taken, stable-resized, stream-collected, streamed refund, streamed request, streamed response, tasks-dropped, top-up-refused,
  resized before a hook, topped-up, trap -, trap IC0502, trap IC0503, trap IC0504, trap IC0520, trap IC0522, trap IC0532, trap IC0539, turn of heartbeat,
  turn of message, turn of timer, turn-began, turn-ended, uninstall-refused IC0301, uninstalled
`;

export const everyCaseOfScheduling = `
  aborted, aborted with postponed fees, allocation-refused CN0015, allocation-refused IC0101, allocation-refused IC0301,
  allocation-set, canister-create-refused IC0101, canister-create-refused IC0205, canister-created,
  canister-delete-refused IC0203, canister-delete-refused IC0301, canister-delete-refused IC0510, canister-deleted,
  debt decayed, finished, finished with postponed fees, full-round, paused heartbeat, paused low-memory, paused response,
  paused timer, paused update, priority decayed, request-bounced IC0301, resumed, resumed afresh, round-skipped, shared,
  stable-resized, suspended, suspended later, tasks-dropped, trap IC0522, trap IC0532, uninstall-refused CN0015
`;

export const everyCaseOfCharges = `
  aborted, allocation paid, allocation-set, canister-created, canister-deleted, context-deleted, executed response,
  call refused IC0535, executed update, finished, memory paid, messages paid, no allocation paid, no memory paid,
  no messages paid, not executed update IC0207, set aside, stable-resized, trap IC0532, trap IC0534,
  paused update, ran-dry, ran-dry with a context, refund-inducted, response-discarded, response-late, resumed, round-skipped,
  topped-up, uninstalled
`;

export const everyCaseOfPrices = `
  aborted, callback-refused, canister-create-refused IC0403, canister-created,
  conversion-paid, conversion-refused CN0017, conversion-refused CN0018, created anew, created from float, desisted, fees-set,
  finished, prepayment returned, prepayment taken, ran-dry, rate-set, refunded CN0019, refunded IC0205, refunded IC0301,
  refunded IC0403, response-discarded, resumed, resumed afresh, reward-minted, tokens-transferred, topped-up,
  topped-up anew, topped-up from float, transfer-refused CN0016
`;

export const everyCaseOfQueries = `
  canister learns IC0301, canister learns IC0408, canister learns IC0512, canister learns IC0536, canister learns running,
  learned at 1, learned at 2, learned at 3, learned at 4, learned at 5, user does not learn CN0020, user does not learn IC0301,
  user does not learn IC0408, user does not learn IC0512, user does not learn IC0536, user learns running,
  asked IC0406, asked IC0502, asked IC0503, asked IC0504, asked IC0506, asked IC0522, asked IC0525, asked IC0526, asked reply, executed update,
  nested IC0207, nested IC0301, nested IC0502, nested IC0504, nested IC0506, nested IC0522, nested IC0536,
  certificate told, certificate told on the way back, nested IC0537, nested reply, not executed update IC0527, query refused CN0020, query refused CN0021, query refused IC0207,
  query refused IC0301, query refused IC0536, query refused IC0537
`;

export const everyCaseOfManagement = `
  asked to canister_status, asked to delete_canister, asked to deposit_cycles, asked to start_canister, asked to stop_canister,
  asked to uninstall_code, canister-delete-refused IC0203, canister-deleted, canister-started, canister-stopped,
  canister-stopping, context-deleted, cycles-deposited, executed low-memory, finished, ingress-refused IC0508,
  ingress-refused IC0509, nested IC0508, not executed update IC0508, not executed update IC0509, query refused IC0508,
  query refused IC0509, request-bounced IC0408, request-bounced IC0536, response-discarded, round-skipped,
  told IC0206, told IC0301, told IC0510, told IC0511, told IC0512, told reply, told running, told stopped, told stopping,
  told too late, uninstalled
`;

export const everyCaseOfCode = `
  asked to canister_info, asked to create_canister, asked to install_code, asked to update_settings, canister-created,
  canister-deleted, certified by an installation, executed low-memory, executed timer, finished, install -, install writes,
  asked reply, certified and resized, ran-dry, reinstall -, upgrade IC0207, reinstall IC0502, reinstall IC0503, reinstall IC0504, reinstall IC0522, reinstall IC0534,
  reinstall sets aside, reinstall writes, request-bounced IC0408, resized by an installation, resized to nothing, response-discarded, settings-updated, told IC0101,
  told IC0207, told IC0209, told IC0301, told IC0403, told IC0504, told IC0505, told IC0512, told IC0514, told IC0530,
  told IC0537, told too late, uninstalled, upgrade -, upgrade IC0502, upgrade IC0503, upgrade IC0504, upgrade IC0522,
  upgrade IC0532, upgrade IC0534, upgrade sets aside, upgrade writes
`;

export const everyCaseOfChunks = `
  asked to clear_chunk_store, asked to install_chunked_code, asked to stored_chunks, asked to upload_chunk, canister-deleted,
  chunks-cleared, finished, kept, kept with cycles set aside, reinstall -, upgrade writes,
  loaded, loaded from another, no chunks-cleared, ran-dry, suspended, taken, told IC0207, told IC0210, told IC0301, told IC0504,
  told IC0505, told IC0512, told IC0514, told IC0534, told too late, uninstalled, upgrade -
`;

export const everyCaseOfSnapshots = `
  asked to delete_canister_snapshot, asked to list_canister_snapshots, asked to load_canister_snapshot,
  asked to take_canister_snapshot, canister-deleted, suspended, certified by a snapshot, finished, loaded, loaded from another,
  loaded pages, loaded some pages, loaded the pages that are there, ran-dry, resized by a snapshot, resized to nothing, round-skipped,
  snapshot-deleted, taken, taken in place of another,
  taken with cycles set aside, taken with pages, taken without pages, told IC0207, told IC0210, told IC0301, told IC0305, told IC0406,
  told IC0504, told IC0512, told IC0534, told too late, uninstalled
`;

export const everyCaseOfOutcalls = `
  canister-deleted, canister-stopped, consensus-answered, consensus-refused CN0024, consensus-refused CN0025, consensus-refused CN0026,
  context-deleted, fees-set, finished, ran-dry, request-bounced IC0408, response-discarded, round-skipped, sent out for nothing,
  sent out to http_request, sent out to sign_with_ecdsa, sent out to sign_with_schnorr, sent out to vetkd_derive_key, told CN0212,
  told IC0406, told in a round that is skipped, told nobody, told reply, told too late
`;

export const everyCaseOfAllocations = `
  asked to create_canister, asked to update_settings, canister-deleted, executed update, finished, install -, kept,
  kept with cycles set aside, loaded, memory allocated, memory-reserved, no memory allocated, ran-dry, reinstall -, request-bounced IC0408,
  set aside, snapshot-deleted, stable-resized, taken, taken with cycles set aside, told IC0101, told IC0531, told IC0533, told IC0534, told IC0540,
  trap IC0532, trap IC0534, uninstalled, upgrade -, upgrade sets aside
`;

export const everyCaseOfBitcoin = `
  Bitcoin another, Bitcoin answers s0, Bitcoin answers s1, Bitcoin asked, Bitcoin asked here, Bitcoin asked on s0,
  Bitcoin asked on s1, Bitcoin asked on s9, Bitcoin asks itself,
  Bitcoin does not execute IC0527, Bitcoin does not execute IC0536, Bitcoin does not execute IC0537,
  Bitcoin nearly asked, Bitcoin not asked, Bitcoin to answer, Bitcoin to answer in time, Bitcoin to be paid,
  Bitcoin unknown, call to Bitcoin refused IC0101, call to Bitcoin refused IC0201, call to Bitcoin refused IC0507,
  callback-expired, canister-deleted, executed response, message-refused -, nested Bitcoin, request-bounced CN0210,
  request-bounced CN0211, request-bounced IC0301, request-bounced IC0536, response-inducted, response-late
`;

export const everyCaseOfUsers = `
  certificate-issued, read-state-refused CN0022, read-state-refused CN0023, read-state-refused CN0027, read-state-refused IC0208,
  shown a message that is done, shown certified_data, shown controllers, shown error_code, shown no controllers, shown reject_code,
  shown reply, shown status, shown time,
  canister learns running, canister learns stopped, canister learns stopping,
  user does not learn IC0301, user does not learn IC0408, user does not learn IC0512, user does not learn IC0536,
  user learns running, user learns stopped, user learns stopping,
  aborted with postponed fees, canister-created, canister-deleted, canister-started, canister-stopped, cycles-provided, stable-resized,
  finished with postponed fees, ran-dry, round-skipped, settings-updated, taken, uninstalled, told too late,
  user inducted, user inducted for nothing, user refused CN0001, user refused CN0002, user refused CN0010,
  user refused CN0011, user refused IC0204, user refused IC0207, user refused IC0301, user refused IC0406, user refused IC0408,
  user refused IC0512, user refused IC0536, user told IC0202, user told IC0206, user told IC0207, user told IC0301,
  user told IC0305, user told IC0406, user told IC0504, user told IC0505, user told IC0510, user told IC0511, user told IC0512,
  user told IC0514, user told IC0534, user told IC0537, user told reply, user told running, user told stopped, user told stopping
`;
