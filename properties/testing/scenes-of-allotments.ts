/** Scenes of memory that is allocated: chief allots some to b, or makes canisters with it; it is paid for at once, and for as long as it is theirs. */
import { bytes, cycles, nanoseconds, seconds, type Parameters } from "../../spec/index.ts";
import { errand, say, staged } from "./scenes-of-code.ts";
import { network, round } from "./stories.ts";

/** Of 256 bytes the first 32 need 16 to be set aside, 64 need 64, 96 need 144, 128 need 256, and all of them 1024. */
const scarce: Partial<Parameters> = {
  storage: { threshold: bytes(0), capacity: bytes(256), period: seconds(16) },
  fees: { ...network.fees, gibSecond: cycles(2n ** 29n), creation: cycles(50n) },
};

/** B gets 33 bytes, for 16, and writes 64, for 48 more; then it may set 144 aside, and no less, for 96; and there are no more than 256. */
export const estate = staged(
  [
    ...errand("update_settings", "b memory_allocation=33"),
    ...say("keep", "01"),
    ...errand("update_settings", "b memory_allocation=96 reserved_cycles_limit=143"),
    ...errand("update_settings", "b memory_allocation=96 reserved_cycles_limit=144"),
    ...errand("update_settings", "b memory_allocation=257"),
    ...errand("update_settings", "b memory_allocation=256 reserved_cycles_limit=1024"),
    ...errand("update_settings", "b memory_allocation=0"),
    { kind: "restart" },
    ...errand("update_settings", "b memory_allocation=64"),
    ...errand("update_settings", "b memory_allocation=65"),
    ...errand("update_settings", "b freezing_threshold=1"),
  ],
  scarce,
);

/** Of the 500 that come with it a canister has 450, for 64 bytes and as long as it says: the first sets 64 aside, the next one 192. */
export const dowry = staged(
  [
    ...errand("create_canister", "memory_allocation=64 freezing_threshold=2"),
    ...errand("create_canister", "memory_allocation=64 freezing_threshold=15"),
    ...errand("create_canister", "memory_allocation=64 freezing_threshold=0 reserved_cycles_limit=191"),
    ...errand("create_canister", "memory_allocation=193 freezing_threshold=0"),
    ...errand("create_canister", "memory_allocation=64 freezing_threshold=14"),
    ...errand("update_settings", "canister-1 freezing_threshold=0"),
    ...errand("install_code", "canister-1 install plain"),
  ],
  scarce,
);

/** A byte costs a sixteenth of a cycle in a second. */
const leased: Partial<Parameters> = {
  chargePeriod: nanoseconds(2_000_000_000n),
  fees: { ...network.fees, gibSecond: cycles(2n ** 26n), creation: cycles(50n) },
};

/** B pays for 64 bytes that it does not use, until it cannot; from then on it has none, and owes nothing. */
export const vacancy = staged(
  [
    ...errand("update_settings", "b memory_allocation=64"),
    round(5_000_000_000n),
    round(500_000_000_000n),
    round(500_000_000_000n),
    ...errand("update_settings", "b freezing_threshold=0"),
  ],
  leased,
  { balance: cycles(600n) },
);

/** B lasts with 65 bytes, and not with 66; and then it has nothing left for a message. */
export const frugality = staged(
  [...errand("update_settings", "b memory_allocation=66"), ...errand("update_settings", "b memory_allocation=65"), ...say("version")],
  leased,
  { balance: cycles(48n), freezingThreshold: seconds(12) },
);
