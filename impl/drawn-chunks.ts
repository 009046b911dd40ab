/** What drawn worlds of chunks have beside others: their limits, what is asked in them, and what they begin with. */
import { asciiOf, bytes, instructions, type CanisterId, type ManagementMethod, type Move, type Parameters } from "../spec/index.ts";
import { wordsFor } from "./drawn-arguments.ts";
import type { Draw } from "./drawing.ts";
import { ingress, round } from "./small-world.ts";

/** As often as it stands here. Nothing is installed but what chunks make. */
export const methodsOfChunks: readonly ManagementMethod[] = [
  ...Array.from({ length: 8 }, () => ["upload_chunk", "install_chunked_code", "install_chunked_code"] as const).flat(),
  ...Array.from({ length: 4 }, () => ["take_canister_snapshot", "load_canister_snapshot"] as const).flat(),
  ...(["clear_chunk_store", "stored_chunks", "stored_chunks", "create_canister", "update_settings"] as const),
  ...(["uninstall_code", "start_canister", "stop_canister", "start_canister", "delete_canister"] as const),
];

/** Of chunks, and of messages that are long enough to name some of them. */
export const chunkLimitsFrom = (draw: Draw): Partial<Parameters> => ({
  chunkLimit: draw.of([1, 2, 2, 3, 100]),
  chunkBytes: bytes(draw.of([0, 100, 1024, 1024, 3000])),
  chunkInstructions: instructions(draw.of([0, 70, 70, 500, 20_000])),
  maxPayload: bytes(draw.of([170, 240, 300])),
  guaranteedResponseMemory: bytes(40_000),
});

/** The canister that is asked about most is to have some chunks, perhaps a snapshot with them, and what they make. */
export const storing = (draw: Draw, ids: readonly CanisterId[]): readonly Move[] => {
  const store = ids[0]!;
  const chunks = draw.of([
    ["m0", "m", "0"],
    ["m0", "m", "0"],
    ["m", "0", "m0"],
    ["m0", "m1"],
  ]);
  const asked: (readonly [ManagementMethod, string])[] = [
    ...chunks.map((chunk) => ["upload_chunk", `${store} ${chunk}`] as const),
    ...draw.list(0, 1, () => ["take_canister_snapshot", store] as const),
    ...draw.list(0, 1, () => ["load_canister_snapshot", `${draw.of(ids)} ${store} 0`] as const),
    ...draw.list(0, 3, () => {
      const whom = (): CanisterId => draw.of([store, store, draw.of(ids)]);
      return ["install_chunked_code", wordsFor(draw, "install_chunked_code", whom)] as const;
    }),
  ];
  return asked.flatMap(([method, words], at) => [ingress(`chunks-${at}`, draw.of(ids), method, asciiOf(words)), round(0n), round(0n)]);
};
