/**
 * Markup as a value: whatever is put into the template is escaped, unless it is markup already. Names of machines,
 * canisters and files come from outside, and none of them may become an element or an attribute.
 */

export interface Markup {
  readonly markup: string;
}

/** What may stand in a template: texts and numbers are escaped, lists are joined, `null` is nothing. */
export type Content = string | number | Markup | null | readonly Content[];

/** Makes markup of a template. */
export const html = (parts: TemplateStringsArray, ...values: readonly Content[]): Markup => ({
  markup: parts.reduce((markup, part, at) => markup + written(values[at - 1] ?? null) + part),
});

/** A text that is markup as it stands: a constant of ours, never anything from outside. */
export const verbatim = (markup: string): Markup => ({ markup });

const written = (content: Content): string => {
  if (content === null) return "";
  if (typeof content === "string" || typeof content === "number") return escaped(String(content));
  return "markup" in content ? content.markup : content.map(written).join("");
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
