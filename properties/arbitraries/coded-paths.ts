/** Paths of code, settings and histories: what becomes of what clerks ask for. */
import type { ErrorCode, Event, MethodName } from "../../spec/index.ts";

export const codedPaths = [
  "code is installed",
  "code is reinstalled",
  "code is upgraded",
  "an installation traps",
  "an upgrade traps",
  "an installation uses up its instructions",
  "an installation burns cycles",
  "an installation certifies",
  "an installation knows no such module",
  "code is installed onto code",
  "an upgrade finds no code",
  "an upgrade says nothing fitting of the heap",
  "an installation comes too soon",
  "an installation cannot be paid",
  "settings are changed",
  "settings want more compute than there is",
  "settings want more compute than can be paid",
  "too many controllers are named",
  "a canister makes a canister",
  "a canister that is to be made wants more compute than there is",
  "a canister that is to be made is not paid",
  "a canister that was made runs code",
  "a canister tells its history",
  "a history is too long for an answer",
  "words make no sense",
] as const;

export const storedCodePaths = [
  "an installation sets cycles aside",
  "an installation grows too much",
  "a limit is below what is set aside",
  "a canister with a history runs dry",
] as const;

type CodedPath = (typeof codedPaths)[number] | (typeof storedCodePaths)[number];

/** What must be known of what was before. */
export interface CodedWalk {
  /** The method of each question, by caller and number. */
  readonly asked: Map<string, MethodName>;
  /** Whose code, or controllers, were changed. */
  readonly changed: Set<string>;
}

export const openCodedWalk = (): CodedWalk => ({ asked: new Map(), changed: new Set() });

/** The paths that the events of one input show. */
export const codedPathsOf = (events: readonly Event[], walk: CodedWalk): readonly CodedPath[] =>
  events.flatMap((event, at): readonly CodedPath[] => {
    switch (event.kind) {
      case "management-asked":
        walk.asked.set(`${event.caller} ${event.callback}`, event.method);
        return [];
      case "request-bounced":
        return event.error === "IC0408" ? ["words make no sense"] : [];
      case "installation-ran":
        if (event.trap === null) walk.changed.add(event.canister);
        return [
          ...pathsOfInstallation(event),
          ...(events[at + 1]?.kind === "data-certified" ? (["an installation certifies"] as const) : []),
        ];
      case "settings-updated":
        walk.changed.add(event.canister);
        return ["settings are changed"];
      case "management-answered": {
        const method = walk.asked.get(`${event.caller} ${event.callback}`) ?? "";
        if (event.result.kind === "reply") return named(replies, method);
        const ran = events.slice(Math.max(0, at - 2), at).some(({ kind }) => kind === "installation-ran");
        return ran ? [] : named(refusals, `${method} ${event.result.error}`);
      }
      case "executed":
        return event.canister.startsWith("canister-") && walk.changed.has(event.canister) ? ["a canister that was made runs code"] : [];
      case "ran-dry":
        return walk.changed.has(event.canister) ? ["a canister with a history runs dry"] : [];
      default:
        return [];
    }
  });

const pathsOfInstallation = ({
  mode,
  trap,
  burned,
  reserved,
}: Extract<Event, { readonly kind: "installation-ran" }>): readonly CodedPath[] => [
  ...(trap === null
    ? ([`code is ${participles[mode]}`] as const)
    : [mode === "upgrade" ? ("an upgrade traps" as const) : ("an installation traps" as const)]),
  ...(trap === null ? [] : named(traps, trap)),
  ...(burned > 0n ? (["an installation burns cycles"] as const) : []),
  ...(reserved > 0n ? (["an installation sets cycles aside"] as const) : []),
];

const participles = { install: "installed", reinstall: "reinstalled", upgrade: "upgraded" } as const;

const traps: Readonly<Partial<Record<ErrorCode, CodedPath>>> = {
  IC0522: "an installation uses up its instructions",
  IC0532: "an installation grows too much",
  IC0534: "an installation grows too much",
  IC0207: "an installation grows too much",
};

const replies: Readonly<Record<string, CodedPath>> = {
  create_canister: "a canister makes a canister",
  canister_info: "a canister tells its history",
};

/** By method and error. */
const refusals: Readonly<Record<string, CodedPath>> = {
  "install_code IC0505": "an installation knows no such module",
  "install_code IC0514": "code is installed onto code",
  "install_code IC0537": "an upgrade finds no code",
  "install_code IC0504": "an upgrade says nothing fitting of the heap",
  "install_code IC0209": "an installation comes too soon",
  "install_code IC0207": "an installation cannot be paid",
  "update_settings IC0101": "settings want more compute than there is",
  "update_settings IC0530": "settings want more compute than can be paid",
  "update_settings IC0504": "too many controllers are named",
  "update_settings IC0540": "a limit is below what is set aside",
  "create_canister IC0101": "a canister that is to be made wants more compute than there is",
  "create_canister IC0403": "a canister that is to be made is not paid",
  "canister_info IC0504": "a history is too long for an answer",
};

const named = (table: Readonly<Partial<Record<string, CodedPath>>>, name: string): readonly CodedPath[] => {
  const path = table[name];
  return path === undefined ? [] : [path];
};
