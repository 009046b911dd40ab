/** `canon ledger SCENARIO`: keeps the books of a scenario, and holds them against what the machine says of itself. */
import { basename } from "node:path";
import { encode, openLedgers, type Entry, type SubnetBook, type TokenBook } from "../conformance/index.ts";
import { drive } from "../spec/index.ts";
import { showScenario, writeDrawing } from "./scenarios.ts";
import { table } from "./tables.ts";
import { inform, print, stylesFor, type Styles } from "./terminal.ts";

export interface LedgerCommand {
  readonly html?: string;
  readonly svg?: string;
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Most canisters, and most disagreements of a subnet, that are printed; pages and JSON have more. */
const [mostCanisters, mostDisagreements] = [20, 10];

/** Of the reference, or of the machine that COMMAND starts. 0 when the books balance, 1 when they do not. */
export const ledger = async (file: string, options: LedgerCommand, command: readonly string[]): Promise<number> => {
  const books = await openLedgers();
  const { html, svg, json = false } = options;
  return showScenario(file, command, "CANNOT KEEP BOOKS", async (scenario, machine) => {
    const report = books.ledgerOf(await drive(machine, scenario));
    const title = basename(file);
    if (html !== undefined) writeDrawing(html, books.pageOf(report, title));
    if (svg !== undefined) writeDrawing(svg, books.svgOf(report.subnets, title));
    const drawn = [html, svg].filter((each) => each !== undefined).map((each) => `${file}: drawn in ${each}`);
    const styles = stylesFor(process.stdout, options.color);
    if (json) {
      print(encode(report));
      if (drawn.length > 0) inform(...drawn);
    } else {
      const told = report.subnets.map((book) => bookInWords(book, books, styles));
      print(...told.flatMap((lines) => [...lines, ""]), (report.balanced ? styles.good : styles.bad)(books.summaryOf(report)), ...drawn);
    }
    return report.balanced ? 0 : 1;
  });
};

type Books = Awaited<ReturnType<typeof openLedgers>>;

const bookInWords = (book: SubnetBook, books: Books, styles: Styles): readonly string[] => {
  const { subnet, disagreements } = book;
  return [
    ...(subnet === null ? [] : [styles.bold(`subnet ${subnet}`), ""]),
    flowTable(book.flows, books, styles),
    "",
    canisterTable(book, books, styles),
    ...rest(book.canisters.length - mostCanisters, "canisters more: --json has all of them", styles),
    "",
    totalTable(book, books, styles),
    ...(book.tokens === null ? [] : tokensInWords(book.tokens, books, styles)),
    ...(disagreements.length === 0 ? [] : [""]),
    ...disagreements.slice(0, mostDisagreements).map((disagreement) => styles.bad(`! ${books.disagreementInWords(disagreement)}`)),
    ...rest(disagreements.length - mostDisagreements, "more like these: --json has all of them", styles),
  ];
};

const rest = (count: number, what: string, { dim }: Styles): readonly string[] => (count > 0 ? [dim(`and ${count} ${what}`)] : []);

const flowTable = (entries: readonly Entry[], { flows, inGroups }: Books, styles: Styles): string =>
  table(
    ["flow", "from", "to", "transition", "times", "cycles"],
    entries.map(({ flow, count, cycles }) => {
      const { from, to, transitions } = flows[flow];
      return [flow, from, to, transitions.join(" "), inGroups(count), inGroups(cycles)];
    }),
    styles,
    [4, 5],
  );

const canisterTable = ({ canisters }: SubnetBook, { inGroups, signed }: Books, styles: Styles): string =>
  table(
    ["canister", "balance", "times", "cycles"],
    canisters
      .slice(0, mostCanisters)
      .flatMap(({ canister, opening, in: ins, out, closing }) => [
        [styles.bold(canister), "at the beginning", "", inGroups(opening)],
        ...ins.map(({ flow, count, cycles }) => ["", `  ${flow}`, inGroups(count), signed(cycles)]),
        ...out.map(({ flow, count, cycles }) => ["", `  ${flow}`, inGroups(count), signed(-cycles)]),
        ["", "at the end", "", inGroups(closing)],
      ]),
    styles,
    [2, 3],
  );

const tokensInWords = (
  book: TokenBook,
  { inGroups, signed, tokenFlows, tokenDisagreementInWords }: Books,
  styles: Styles,
): readonly string[] => {
  const { flows, accounts, totals, disagreements } = book;
  const line = (name: string, { opening, closing }: { readonly opening: bigint; readonly closing: bigint }): readonly string[] => [
    name,
    inGroups(opening),
    inGroups(closing),
    signed(closing - opening),
  ];
  const moved = flows.map(({ flow, count, tokens }) => [
    flow,
    tokenFlows[flow].from,
    tokenFlows[flow].to,
    inGroups(count),
    inGroups(tokens),
  ]);
  const held = [
    ...accounts.slice(0, mostCanisters).map((each) => line(each.account, each)),
    ...totals.map((total) => line(total.place, total).map(styles.bold)),
  ];
  return [
    "",
    table(["flow of tokens", "from", "to", "times", "e8s"], moved, styles, [3, 4]),
    "",
    table(["tokens", "beginning", "end", "difference"], held, styles, [1, 2, 3]),
    ...rest(accounts.length - mostCanisters, "accounts more: --json has all of them", styles),
    ...disagreements.slice(0, mostDisagreements).map((disagreement) => styles.bad(`! ${tokenDisagreementInWords(disagreement)}`)),
  ];
};

/** Sources are negative: what came from there is in the other accounts, so the sum is nothing, at the beginning and at the end. */
const totalTable = ({ totals }: SubnetBook, { inGroups, signed, sumOf }: Books, styles: Styles): string => {
  const [opening, closing] = [sumOf(totals, "opening"), sumOf(totals, "closing")];
  const rows = totals.map((total) => [
    total.place,
    inGroups(total.opening),
    inGroups(total.closing),
    signed(total.closing - total.opening),
  ]);
  const sum = ["sum", inGroups(opening), inGroups(closing), signed(closing - opening)].map(styles.bold);
  return table(["account", "beginning", "end", "difference"], [...rows, sum], styles, [1, 2, 3]);
};
