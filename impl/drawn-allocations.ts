/** What drawn worlds of memory allocations have beside others: what is asked in them, what is said of memory, and what they begin with. */
import { asciiOf, bytes, seconds, type CanisterId, type ManagementMethod, type Move, type Parameters } from "../spec/index.ts";
import { chunkLimitsFrom } from "./drawn-chunks.ts";
import type { Draw } from "./drawing.ts";
import { ingress, round } from "./small-world.ts";

/** As often as it stands here: settings, and all that uses memory or gives it back. */
export const methodsOfAllocations: readonly ManagementMethod[] = [
  ...Array.from({ length: 6 }, () => ["update_settings", "update_settings", "create_canister", "install_code"] as const).flat(),
  ...Array.from({ length: 3 }, () => ["take_canister_snapshot", "delete_canister_snapshot", "upload_chunk"] as const).flat(),
  ...(["load_canister_snapshot", "clear_chunk_store", "uninstall_code", "stop_canister", "start_canister", "delete_canister"] as const),
];

/** Of chunks, of memory, which is mostly scarce, and of messages that are long enough to say several settings. */
export const allocationLimitsFrom = (draw: Draw): Partial<Parameters> => {
  const threshold = draw.of([0, 0, 2048, 6144]);
  const capacity = threshold + draw.of([8_192, 20_480, 20_480, 60_000]);
  const storage = { threshold: bytes(threshold), capacity: bytes(capacity), period: seconds(draw.of([0, 100, 2_000, 2_000, 30_000])) };
  return { ...chunkLimitsFrom(draw), ...(draw.chance(4, 5) && { storage }), maxPayload: bytes(170) };
};

/** Settings that say something of memory: as much as some pages take, or as the subnet has, or none, or more than there ever is. */
export const memorySettings = (draw: Draw): readonly string[] => [
  `memory_allocation=${draw.of(draw.chance(1, 16) ? [2 ** 53 - 1, 2 ** 53] : sizes)}`,
  ...(draw.chance(1, 2) ? [`freezing_threshold=${draw.of([0, 1, 5, 60])}`] : []),
  ...(draw.chance(1, 6) ? [`reserved_cycles_limit=${draw.of([0, 20, 500, 1_000_000])}`] : []),
  ...(draw.chance(1, 8) ? [`compute_allocation=${draw.of([0, 1, 30])}`] : []),
];

const sizes = [0, 0, 1, 500, 1023, 1024, 1025, 2048, 2048, 3000, 4096, 6_000, 9_216, 10_240, 14_000, 20_000];

/** The canister that is asked about most allocates some memory before it does anything else, and perhaps uses some, gives it back, and allocates other. */
export const allocating = (draw: Draw, ids: readonly CanisterId[]): readonly Move[] => {
  const one = ids[0]!;
  const settings = () => ["update_settings", `${one} ${memorySettings(draw).join(" ")}`] as const;
  const asked: (readonly [ManagementMethod, string])[] = [
    ...draw.list(1, 2, settings),
    ...draw.list(0, 1, () => ["take_canister_snapshot", one] as const),
    ...draw.list(0, 1, () => ["upload_chunk", `${one} m0`] as const),
    ...draw.list(0, 1, settings),
    ...draw.list(0, 1, () =>
      draw.of([["delete_canister_snapshot", `${one} 0`] as const, ["load_canister_snapshot", `${one} ${one} 0`] as const]),
    ),
    ...draw.list(0, 1, () => ["clear_chunk_store", one] as const),
    ...draw.list(0, 1, settings),
  ];
  return asked.flatMap(([method, words], at) => [ingress(`memory-${at}`, draw.of(ids), method, asciiOf(words)), round(0n), round(0n)]);
};
