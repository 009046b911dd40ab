/** Arguments of the management canister as drawn worlds have them: mostly such as can be understood, and now and then one that says too much. */
import { managementCanister, type CanisterId, type ManagementMethod } from "../spec/index.ts";
import { digestOf } from "./chunks.ts";
import type { Draw } from "./drawing.ts";

/** The words of an argument; `whom` draws the canister that is asked about, `settingsFrom` what is said of it. */
export const wordsFor = (draw: Draw, method: ManagementMethod, whom: () => CanisterId, settingsFrom = settings): string => {
  if (draw.chance(1, 30)) return draw.of(["", "A", "a b c", "a".repeat(33), "a upgrade m0 skip skip", "a compute_allocation=101"]);
  switch (method) {
    case "install_code":
      return installation(draw, whom());
    case "update_settings":
      return [whom(), ...settingsFrom(draw, whom)].join(" ");
    case "create_canister":
      return draw.chance(1, 2) ? "" : settingsFrom(draw, whom).join(" ");
    case "canister_info":
      return [whom(), ...draw.of([[], ["1"], ["2"], ["255"]])].join(" ");
    case "take_canister_snapshot":
      return [whom(), ...(draw.chance(1, 4) ? [numberFrom(draw)] : [])].join(" ");
    case "load_canister_snapshot": {
      const loaded = whom();
      return [loaded, draw.chance(2, 3) ? loaded : whom(), numberFrom(draw)].join(" ");
    }
    case "delete_canister_snapshot":
      return [whom(), numberFrom(draw)].join(" ");
    case "sign_with_ecdsa":
      return [keyFrom(draw), draw.chance(1, 16) ? "AB".repeat(32) : "ab".repeat(draw.chance(1, 16) ? 31 : 32)].join(" ");
    case "sign_with_schnorr":
    case "vetkd_derive_key":
      return [keyFrom(draw), draw.of(draw.chance(1, 8) ? ["", "\x7f", "a b"] : ["!", "text~"])].join(" ");
    case "http_request":
      return outcall(draw);
    case "upload_chunk":
      return [whom(), draw.of(chunks)].join(" ");
    case "install_chunked_code":
      return joinedInstallation(draw, whom(), whom);
    case "provisional_create_canister_with_cycles":
      return [...(draw.chance(2, 3) ? [madeFrom(draw)] : []), ...(draw.chance(1, 3) ? [] : settingsFrom(draw, whom))].join(" ");
    case "provisional_top_up_canister":
      return [whom(), ...(draw.chance(1, 16) ? draw.of([[], ["01"], ["1", "2"]]) : [madeFrom(draw)])].join(" ");
    case "clear_chunk_store":
    case "stored_chunks":
    case "list_canister_snapshots":
    case "start_canister":
    case "stop_canister":
    case "canister_status":
    case "uninstall_code":
    case "delete_canister":
    case "deposit_cycles":
      return whom();
    default: {
      const never: never = method;
      throw new Error(`no arguments for ${String(never)}`);
    }
  }
};

/** Names of the modules of drawn worlds, and one that none has. */
export const moduleNames = ["m0", "m1", "m2"];

const installation = (draw: Draw, whom: CanisterId): string => {
  const { mode, options } = mannerFrom(draw, whom);
  return [whom, mode, draw.of(draw.chance(1, 24) ? ["gone"] : moduleNames), ...options].join(" ");
};

/** Of the module that chunks make; of those of the canister itself as often as not. */
const joinedInstallation = (draw: Draw, whom: CanisterId, store: () => CanisterId): string => {
  const { mode, options } = mannerFrom(draw, whom);
  const keeper = draw.chance(2, 3) ? whom : store();
  const parts = draw.chance(1, 12) ? draw.list(1, 5, () => draw.of(chunks)) : draw.of(joins);
  const whole = draw.chance(1, 12) ? draw.of(moduleNames) : parts.join("");
  return [whom, mode, keeper, digestOf(whole), parts.map(digestOf).join(","), ...options].join(" ");
};

/** Few, so that what is joined is often there. */
const chunks = ["m0", "m0", "m0", "m0", "m", "m", "m", "0", "0", "0", "1", "m1", "m2", "gone", "m".repeat(32)];

/** Mostly such as make a module. */
const joins = [
  ...[["m0"], ["m0"], ["m0"], ["m0"], ["m", "0"], ["m", "0"], ["m", "0"], ["m", "1"], ["m1"], ["m2"]],
  ...[
    ["0", "m"],
    ["m", "m0"],
    ["m".repeat(32), "m"],
  ],
];

const mannerFrom = (draw: Draw, whom: CanisterId): { readonly mode: string; readonly options: readonly string[] } => {
  const isChild = whom.startsWith("canister-"); // and without code at first
  const mode = draw.of(["install", isChild ? "install" : "upgrade", "reinstall", "upgrade", isChild ? "install" : "upgrade"]);
  const options =
    mode === "upgrade" ? draw.of([[], [], ["skip"], ["keep"], ["keep"], ["replace"], ["skip", "keep"], ["replace", "skip"]]) : [];
  return { mode, options };
};

/** Mostly one with which the subnet signs. */
const keyFrom = (draw: Draw): string => draw.of(draw.chance(1, 10) ? ["k9", "K", ""] : ["k1", "k1", "k2"]);

/** Mostly with an answer that is short enough to be paid for. */
const outcall = (draw: Draw): string => {
  const url = draw.of(draw.chance(1, 12) ? ["http://a", "https://", "https://\x1f", ""] : ["https://a", "https://a.b/c?d"]);
  return [url, ...(draw.chance(1, 10) ? draw.of([[], ["2000000"], ["2000001"], ["01"], ["1", "2"]]) : [draw.of([0, 1, 8, 8, 100])])].join(
    " ",
  );
};

/** Cycles from nothing: mostly so many that something can be done with them, seldom as many as can be made at once, or one more. */
const madeFrom = (draw: Draw): bigint =>
  draw.of(draw.chance(1, 10) ? [2n ** 100n - 1n, 2n ** 100n] : [0n, 1n, 700n, 9_000n, 30_000n, 900_000n]);

/** That of a snapshot: mostly of an early one. */
const numberFrom = (draw: Draw): number => draw.of([0, 0, 0, 0, 0, 0, 1, 1, 2]);

/** Mostly one, for a payload of these worlds holds hardly more. */
const settings = (draw: Draw, whom: () => CanisterId): readonly string[] => {
  const said = [
    `controllers=${draw.chance(1, 12) ? manyIds : draw.list(0, 3, () => (draw.chance(1, 9) ? managementCanister : whom())).join(",")}`,
    `compute_allocation=${draw.of([0, 1, 7, 30, 100])}`,
    `freezing_threshold=${draw.of([0, 1, 10, 300, 100_000])}`,
    `reserved_cycles_limit=${draw.of([0, 20, 500, 1_000_000])}`,
  ];
  const first = draw.below(4);
  const second = draw.below(4);
  return second === first || draw.chance(1, 2) ? [said[first]!] : [said[first]!, said[second]!];
};

const manyIds = "abcdefghijk".split("").join(",");
