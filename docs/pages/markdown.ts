/** The page of a rule as Markdown, for readers and programs that want no HTML. */
import type { RuleEntry } from "../book.ts";
import { sentence } from "./layout.ts";
import { fidelityName, killText } from "./rule.ts";

export const ruleMarkdown = ({ rule, transition, clauses, citedBy }: RuleEntry): string => {
  const reason = typeof rule.fidelity === "string" ? "" : `: ${escapeMarkdown(Object.values(rule.fidelity).join(""))}`;
  const section = (kind: "when" | "then", title: string, none: string): readonly string[] => {
    const some = clauses.filter((clause) => clause.kind === kind);
    return [
      `## ${title}`,
      some.length === 0 ? none : "",
      ...some.map(({ number, name, sentence: said, refusal, line, kill }) =>
        [
          `${number}. **${escapeMarkdown(sentence(said))}** (\`${name}\`)`,
          kind === "then"
            ? ""
            : refusal === null
              ? "Otherwise the rule does not apply."
              : `Otherwise refused with \`${refusal.error}\` ${refusal.meaning}.`,
          fenced(line.code),
          `\`${line.path}:${line.line}\`; ${killText(kill)}${kill !== null && kill.killedBy.length > 0 ? `: ${kill.killedBy.join(", ")}` : ""}${kill?.equivalent ? `: ${escapeMarkdown(kill.equivalent)}` : ""}`,
        ]
          .filter((part) => part !== "")
          .map((part, at) => (at === 0 ? part : indented(part)))
          .join("\n\n"),
      ),
    ];
  };
  return [
    `# ${escapeMarkdown(rule.title)}`,
    `\`${rule.id}\` · ${rule.chapter} · ${fidelityName(rule.fidelity)}${reason}`,
    escapeMarkdown(rule.intent),
    `Source: ${escapeMarkdown(rule.source)}. In the model: \`${transition.name}\`, \`${transition.path}:${transition.line}\`.`,
    ...section("when", "Conditions", "None: the rule always applies."),
    ...section("then", "Effects", "None: the rule only says what may happen."),
    ...(rule.decides === undefined
      ? []
      : [
          "## Where the sources are silent",
          rule.decides.map(({ place, answer }) => `- ${escapeMarkdown(place)}: ${escapeMarkdown(sentence(answer))}`).join("\n"),
        ]),
    "## Properties that cite this rule",
    citedBy.map(({ id, statement }) => `- \`${id}\`: ${escapeMarkdown(sentence(statement))}`).join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
};

/** Keeps a text from being read as markup. */
export const escapeMarkdown = (text: string): string => text.replace(/[\\`*_[\]<>|#]/g, "\\$&");

/** A block of code; the fence is longer than any run of backticks inside. */
const fenced = (code: string): string => {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}ts\n${code}\n${fence}`;
};

const indented = (text: string): string => text.replace(/^(?=.)/gm, "   ");
