/** Ledgers: double-entry books of a session, as data, as a page and as a picture. */
export { inGroups } from "../wording/words.ts";
export { ledgerOf } from "./books.ts";
export type { Entry, LedgerReport, SubnetBook, TokenBook } from "./data.ts";
export { flows } from "./flows.ts";
export { pageOf } from "./page.ts";
export { svgOf } from "./picture.ts";
export { tokenFlows } from "./tokens.ts";
export { disagreementInWords, signed, summaryOf, sumOf, tokenDisagreementInWords } from "./words.ts";
