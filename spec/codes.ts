/**
 * Why something was refused. An error code is one of the IC's registry; its reject code is its first digit.
 * Codes that begin with CN are ours: the IC answers these cases before execution, with an HTTP status.
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
  IC0203: "CanisterQueueNotEmpty",
  IC0205: "CanisterIdAlreadyExists",
  IC0207: "CanisterOutOfCycles",
  IC0301: "CanisterNotFound",
  IC0406: "CanisterRejectedMessage",
  IC0408: "InvalidManagementPayload",
  IC0502: "CanisterTrapped",
  IC0503: "CanisterCalledTrap",
  IC0504: "CanisterContractViolation",
  IC0506: "CanisterDidNotReply",
  IC0510: "CanisterNotStopped",
  IC0520: "InsufficientCyclesInCall",
  IC0522: "CanisterInstructionLimitExceeded",
  IC0536: "CanisterMethodNotFound",
  CN0001: "IngressAlreadyKnown",
  CN0002: "IngressPayloadTooLarge",
  CN0003: "NotInCommittee",
  CN0004: "BlockOutOfOrder",
  CN0005: "ShareNotReleased",
  CN0006: "ShareInvalid",
  CN0007: "ShareAlreadyKnown",
  CN0008: "TapeNotMade",
  CN0009: "TapeNotOfCommittee",
  CN0010: "CanisterPaused",
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** The reject code of an error: the first digit of its number; for a code of ours none. @source facts/messages.md MSG-P28 */
export const rejectCodeOf = (error: ErrorCode): RejectCode | null => (error.startsWith("IC") ? (Number(error[3]) as RejectCode) : null);
