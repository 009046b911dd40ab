/**
 * Who and what is meant. Identifiers are symbolic texts, so that a scenario can be read; wherever they are walked,
 * printed, hashed or compared, they come in canonical order: by UTF-16 code unit, which for the allowed letters is
 * the order of the bytes.
 */

declare const identifier: unique symbol;

/** A canister: 1 to 32 characters of `a-z`, `0-9` and `-`. */
export type CanisterId = string & { readonly [identifier]: "canister" };
/** A user: `@`, and 1 to 32 characters of `a-z`, `0-9` and `-`. No canister has such an id. */
export type UserId = string & { readonly [identifier]: "user" };
/** Who asks for something, and who decides about a canister. */
export type Principal = CanisterId | UserId;
/** An ingress message: 1 to 32 characters of `a-z`, `0-9` and `-`. */
export type IngressId = string & { readonly [identifier]: "ingress" };
/** An account of tokens: 1 to 32 characters of `a-z`, `0-9` and `-`. */
export type AccountId = string & { readonly [identifier]: "account" };
/** A module, code that can be installed: 1 to 32 characters of `a-z`, `0-9` and `-`. */
export type ModuleName = string & { readonly [identifier]: "module" };
/** A key with which the subnet signs: 1 to 32 characters of `a-z`, `0-9` and `-`. */
export type KeyName = string & { readonly [identifier]: "key" };
/** A subnet: 1 to 32 characters of `a-z`, `0-9` and `-`. */
export type SubnetId = string & { readonly [identifier]: "subnet" };
/** A method of a canister: 1 to 64 characters of `a-z`, `0-9`, `_` and `-`. */
export type MethodName = string;
/** A call context: counted from 0 for each canister, never given again. */
export type ContextId = number;
/** A callback, which names one call of its canister: counted from 0 for each canister. A number that was given in an execution that trapped was never given. */
export type CallbackId = number;

/** The management canister. It is no canister: what is sent to it is executed by the platform. */
export const managementCanister = "aaaaa-aa" as CanisterId;

/** @throws RangeError when the text is not an identifier. */
export const canisterId = (text: string): CanisterId => checked(text, "canister id") as CanisterId;

/** Who sends a message without saying who. */
export const anonymous = "@anonymous" as UserId;

/** @throws RangeError when the text is not the id of a user. */
export const userId = (text: string): UserId => {
  if (!isUser(text)) throw new RangeError(`user id: expected @ and 1 to 32 of a-z, 0-9 and -, got "${text}"`);
  return text as UserId;
};

/** @throws RangeError when the text names neither a canister nor a user. */
export const principal = (text: string): Principal => (isUser(text) ? userId(text) : canisterId(text));

/** @throws RangeError when the text is not an identifier. */
export const ingressId = (text: string): IngressId => checked(text, "ingress id") as IngressId;

/** @throws RangeError when the text is not an identifier. */
export const subnetId = (text: string): SubnetId => checked(text, "subnet id") as SubnetId;

/** @throws RangeError when the text is not an identifier. */
export const accountId = (text: string): AccountId => checked(text, "account id") as AccountId;

/** @throws RangeError when the text is not an identifier. */
export const moduleName = (text: string): ModuleName => checked(text, "module name") as ModuleName;

/** @throws RangeError when the text is not an identifier. */
export const keyName = (text: string): KeyName => checked(text, "key name") as KeyName;
/** A module that somebody asks for: chunks, joined, may have more characters than the name of any module has. */
export const joinedName = (chunks: readonly string[]): ModuleName => chunks.join("") as ModuleName;

/** The subnet of a genesis that names no other. */
export const loneSubnet = "subnet" as SubnetId;

/** The canonical order of identifiers: negative when `left` comes first. */
export const byId = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Whether a text may name a canister or an ingress message. */
export const isIdentifier = (text: string): boolean => /^[a-z0-9-]{1,32}$/.test(text);

/** Whether a text may name a user. */
export const isUser = (text: string): boolean => text.startsWith("@") && isIdentifier(text.slice(1));

/** Whether a text may name a canister or a user. */
export const isPrincipal = (text: string): boolean => isIdentifier(text) || isUser(text);

const checked = (text: string, name: string): string => {
  if (!isIdentifier(text)) throw new RangeError(`${name}: expected 1 to 32 of a-z, 0-9 and -, got "${text}"`);
  return text;
};
