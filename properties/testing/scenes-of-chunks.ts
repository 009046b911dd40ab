/** Scenes of chunks: chief gives b pieces of modules, and has them joined; what b keeps goes, and comes back. */
import { asciiOf, bytes, cycles, instructions, nanoseconds, seconds, type Move, type Parameters } from "../../spec/index.ts";
import { digestOf } from "../hashing.ts";
import { errand, say, staged } from "./scenes-of-code.ts";
import { ingress, network, round } from "./stories.ts";

/** A chunk costs 10, and takes half a page. */
const priced: Partial<Parameters> = {
  chunkInstructions: instructions(10),
  chunkBytes: bytes(16),
  chunkLimit: 3,
  maxPayload: bytes(420),
  snapshotInstructions: instructions(20),
};

/** Pieces are joined under the digest of a whole, and installed: "b reinstall b", and what is said behind it. */
const join = (words: string, whole: string, parts: readonly string[], options = "", clerk = "chief"): readonly Move[] =>
  errand("install_chunked_code", [words, digestOf(whole), parts.map(digestOf).join(","), options].join(" ").trim(), clerk);

/** What is right is installed; what is mixed up, not whole, somebody else's or no module at all is not. */
export const puzzle = staged(
  [
    ...errand("upload_chunk", "b pl"),
    ...errand("upload_chunk", "b ain"),
    ...join("b reinstall b", "plain", ["pl", "ain"]),
    ...say("version"),
    ...join("b reinstall b", "plain", ["ain", "pl"]),
    ...join("b reinstall b", "ainpl", ["ain", "pl"]),
    ...join("b reinstall b", "plain", ["pl", "x", "ain"]),
    ...join("b reinstall b", "lasting", ["pl", "ain"]),
    ...join("b reinstall nobody", "plain", ["pl", "ain"]),
    ...join("b reinstall c", "plain", ["pl", "ain"]),
    ...join("b reinstall b", "plain", ["pl", "ain"], "", "c"),
    ...errand("upload_chunk", "chief lasting"),
    ...errand("upload_chunk", "b failing"),
    ...join("b upgrade chief", "lasting", ["lasting"]),
    ...join("b reinstall b", "failing", ["failing"]),
    ...say("version"),
  ],
  priced,
);

/** Three chunks there may be; they go with a clearance and with the code, and come back with a snapshot. */
export const closet = staged(
  [
    ...errand("upload_chunk", "b x"),
    ...errand("upload_chunk", "b y"),
    ...errand("upload_chunk", "b x"),
    ...errand("upload_chunk", "b z"),
    ...errand("upload_chunk", "b w"),
    ...errand("upload_chunk", "b w", "c"),
    ...errand("stored_chunks", "b"),
    ...errand("take_canister_snapshot", "b"),
    ...errand("clear_chunk_store", "b"),
    ...errand("clear_chunk_store", "b"),
    ...errand("stored_chunks", "b"),
    ...errand("load_canister_snapshot", "b b 0"),
    { kind: "restart" },
    ...errand("stored_chunks", "b"),
    ...errand("uninstall_code", "b"),
    ...errand("stored_chunks", "b"),
    ...errand("stored_chunks", "b", "c"),
  ],
  priced,
);

/** Memory is scarce: the first chunk needs 64 to be set aside, the second 192. */
export const larder = staged(
  [
    ...errand("upload_chunk", "b x"),
    ...errand("update_settings", "b reserved_cycles_limit=255"),
    ...errand("upload_chunk", "b y"),
    ...errand("update_settings", "b reserved_cycles_limit=256"),
    ...errand("upload_chunk", "b y"),
  ],
  {
    ...priced,
    chunkBytes: bytes(64),
    storage: { threshold: bytes(0), capacity: bytes(256), period: seconds(16) },
    fees: { ...network.fees, gibSecond: cycles(2n ** 29n) },
  },
);

/** A round forgives one chunk: of two in a round, one is kept. */
export const scramble = staged(
  [...["b x", "b y"].map((words) => ingress("e", "chief", "upload_chunk", asciiOf(words))), round(), round(), round()],
  { ...priced, heapDeltaRateLimit: bytes(16) },
);

/** B can pay for three chunks, of which it can keep two, and for these not for ever. */
export const penury = staged(
  [
    ...errand("upload_chunk", "b x"),
    ...errand("upload_chunk", "b y"),
    ...errand("upload_chunk", "b z"),
    round(500_000_000_000n),
    ...errand("stored_chunks", "b"),
  ],
  { ...priced, chargePeriod: nanoseconds(2_000_000_000n), fees: { ...network.fees, gibSecond: cycles(2n ** 26n) } },
  { balance: cycles(45n), freezingThreshold: seconds(12) },
);
