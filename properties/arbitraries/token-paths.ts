/** Paths of tokens: how a conversion may end, and what is refused to whoever asks for one. */
import type { ErrorCode, Event } from "../../spec/index.ts";

export const tokenPaths = [
  "tokens change hands",
  "somebody spends tokens that it does not hold",
  "tokens are paid for a conversion",
  "a conversion tops up a canister",
  "a conversion creates a canister",
  "a conversion finds no canister",
  "a conversion finds its id taken",
  "a conversion does not cover a creation",
  "a conversion meets the limit of minting",
  "a conversion uses what was minted in vain",
  "a conversion is asked for twice",
  "a conversion is asked for that was never paid",
  "a reward is minted",
  "the worth of a token changes",
] as const;

type TokenPath = (typeof tokenPaths)[number];

export const tokenPathsOf = (event: Event): readonly TokenPath[] => {
  switch (event.kind) {
    case "tokens-transferred":
      return ["tokens change hands"];
    case "conversion-paid":
      return ["tokens are paid for a conversion"];
    case "rate-set":
      return ["the worth of a token changes"];
    case "transfer-refused":
      return ["somebody spends tokens that it does not hold"];
    case "reward-minted":
      return ["a reward is minted"];
    case "conversion-refused":
      return [event.error === "CN0018" ? "a conversion is asked for twice" : "a conversion is asked for that was never paid"];
    case "conversion-settled": {
      const { minted, outcome } = event;
      if (outcome.kind === "refunded") {
        const path = failures[outcome.error];
        return path === undefined ? [] : [path];
      }
      return [
        outcome.kind === "topped-up" ? "a conversion tops up a canister" : "a conversion creates a canister",
        ...(minted < outcome.cycles ? (["a conversion uses what was minted in vain"] as const) : []),
      ];
    }
    default:
      return [];
  }
};

const failures: Readonly<Partial<Record<ErrorCode, TokenPath>>> = {
  IC0301: "a conversion finds no canister",
  IC0205: "a conversion finds its id taken",
  IC0403: "a conversion does not cover a creation",
  CN0019: "a conversion meets the limit of minting",
};
