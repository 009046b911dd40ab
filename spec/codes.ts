/**
 * Why something was refused. An error code is one of the IC's registry; its reject code is the first digit of its number.
 * Codes that begin with CN are ours: the IC answers these cases before execution, with an HTTP status (first digit 0,
 * no reject code), or with a reject that has a reject code and no error code.
 */

/** Reject codes of the interface specification, 1 to 6. */
export type RejectCode = 1 | 2 | 3 | 4 | 5 | 6;

/**
 * The registry, as far as rules use it: name and meaning of each error code.
 * @source facts/messages.md section 4.1 (dfinity/ic rs/types/error_types/src/lib.rs)
 */
export const errorCodes = {
  IC0101: "SubnetOversubscribed",
  IC0201: "CanisterQueueFull",
  IC0202: "IngressMessageTimeout",
  IC0203: "CanisterQueueNotEmpty",
  IC0204: "IngressHistoryFull",
  IC0205: "CanisterIdAlreadyExists",
  IC0206: "StopCanisterRequestTimeout",
  IC0207: "CanisterOutOfCycles",
  IC0208: "CertifiedStateUnavailable",
  IC0209: "CanisterInstallCodeRateLimited",
  IC0210: "CanisterHeapDeltaRateLimited",
  IC0301: "CanisterNotFound",
  IC0305: "CanisterSnapshotNotFound",
  IC0403: "InsufficientCyclesForCreateCanister",
  IC0406: "CanisterRejectedMessage",
  IC0408: "InvalidManagementPayload",
  IC0502: "CanisterTrapped",
  IC0503: "CanisterCalledTrap",
  IC0504: "CanisterContractViolation",
  IC0505: "CanisterInvalidWasm",
  IC0506: "CanisterDidNotReply",
  IC0507: "CanisterOutOfMemory",
  IC0508: "CanisterStopped",
  IC0509: "CanisterStopping",
  IC0510: "CanisterNotStopped",
  IC0511: "CanisterStoppingCancelled",
  IC0512: "CanisterInvalidController",
  IC0514: "CanisterNonEmpty",
  IC0520: "InsufficientCyclesInCall",
  IC0522: "CanisterInstructionLimitExceeded",
  IC0525: "QueryCallGraphTooDeep",
  IC0526: "QueryCallGraphTotalInstructionLimitExceeded",
  IC0527: "CompositeQueryCalledInReplicatedMode",
  IC0530: "InsufficientCyclesInComputeAllocation",
  IC0531: "InsufficientCyclesInMemoryAllocation",
  IC0532: "InsufficientCyclesInMemoryGrow",
  IC0533: "ReservedCyclesLimitExceededInMemoryAllocation",
  IC0534: "ReservedCyclesLimitExceededInMemoryGrow",
  IC0535: "InsufficientCyclesInMessageMemoryGrow",
  IC0536: "CanisterMethodNotFound",
  IC0537: "CanisterWasmModuleNotFound",
  IC0539: "CanisterWasmMemoryLimitExceeded",
  IC0540: "ReservedCyclesLimitIsTooLow",
  IC0601: "DeadlineExpired",
  IC0602: "ResponseDropped",
  CN0001: "IngressAlreadyKnown",
  CN0002: "IngressPayloadTooLarge",
  CN0003: "NotInCommittee",
  CN0004: "BlockOutOfOrder",
  CN0005: "ShareNotReleased",
  CN0006: "ShareInvalid",
  CN0007: "ShareAlreadyKnown",
  CN0008: "TapeNotMade",
  CN0009: "TapeNotOfCommittee",
  CN0010: "IngressExpired",
  CN0011: "IngressExpiryTooFar",
  CN0012: "SliceOfNoSubnet",
  CN0013: "SliceNotContiguous",
  CN0014: "SignalsBeyondStream",
  CN0015: "CanisterPaused",
  CN0016: "InsufficientTokens",
  CN0017: "NoSuchConversion",
  CN0018: "ConversionSettled",
  CN0019: "MintLimitReached",
  CN0020: "QueryPayloadTooLarge",
  CN0021: "QueryBudgetUsedUp",
  CN0022: "TooManyPaths",
  CN0023: "PathNotReadable",
  CN0024: "NoSuchRequest",
  CN0025: "NonceNotDrawn",
  CN0026: "AnswerTooLarge",
  CN0027: "NotTheSender",
  CN0210: "RequestTimedOut",
  CN0211: "RequestShed",
  CN0212: "ConsensusGaveUp",
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** The reject code of an error: the first digit of the three-digit number; none where that is 0. @source facts/messages.md 4.1, MSG-P28 */
export const rejectCodeOf = (error: ErrorCode): RejectCode | null => {
  const digit = Number(error[3]);
  return digit === 0 ? null : (digit as RejectCode);
};
