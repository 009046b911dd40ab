/**
 * HTML as a value. Whatever is put into the template is escaped, unless it is HTML already, so that no text of a rule,
 * of a file or of a subject can become markup.
 */

/** Markup that is safe to write out. */
export interface Html {
  readonly markup: string;
}

/** What may stand in a template: texts and numbers are escaped, lists are joined, `null` is nothing. */
export type Content = string | number | Html | null | readonly Content[];

/** Makes HTML of a template. */
export const html = (parts: TemplateStringsArray, ...values: readonly Content[]): Html => ({
  markup: parts.reduce((markup, part, at) => markup + markupOf(values[at - 1] ?? null) + part),
});

/** Escapes the characters that mean something in HTML, in text and in quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const markupOf = (content: Content): string => {
  if (content === null) return "";
  if (typeof content === "string") return escapeHtml(content);
  if (typeof content === "number") return String(content);
  return isHtml(content) ? content.markup : content.map(markupOf).join("");
};

const isHtml = (content: Html | readonly Content[]): content is Html => "markup" in content;
