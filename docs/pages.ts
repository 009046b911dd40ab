/** The pages of the book as files: path from the site's folder, and text. The API reference stands beside them. */
import { contextOf, type Book } from "./book.ts";
import { attacksPage } from "./pages/attacks.ts";
import { chapterPage } from "./pages/chapter.ts";
import { claimsPage } from "./pages/claims.ts";
import { faultsPage } from "./pages/faults.ts";
import { frontPage } from "./pages/front.ts";
import { ruleMarkdown } from "./pages/markdown.ts";
import { peersPage } from "./pages/peers.ts";
import { persistencePage } from "./pages/persistence.ts";
import { propertyPage } from "./pages/property.ts";
import { rulePage } from "./pages/rule.ts";
import { silencesPage } from "./pages/silences.ts";
import { systemCallsPage } from "./pages/system-calls.ts";
import { viewsPage } from "./pages/views.ts";

export interface PageFile {
  /** With slashes, from the folder of the site. */
  readonly path: string;
  readonly text: string;
}

export const pagesOf = (book: Book): readonly PageFile[] => {
  const context = contextOf(book);
  return [
    { path: "index.html", text: frontPage(book) },
    { path: "silences.html", text: silencesPage(book) },
    { path: "system-calls.html", text: systemCallsPage() },
    { path: "persistence.html", text: persistencePage() },
    { path: "attacks.html", text: attacksPage() },
    { path: "claims.html", text: claimsPage(book) },
    { path: "peers.html", text: peersPage(book) },
    { path: "views.html", text: viewsPage(book) },
    { path: "faults.html", text: faultsPage(book) },
    ...book.chapters.map((entry) => ({ path: `chapters/${entry.chapter}.html`, text: chapterPage(entry, context) })),
    ...book.rules.flatMap((entry) => [
      { path: `rules/${entry.rule.id}.html`, text: rulePage(entry, context) },
      { path: `rules/${entry.rule.id}.md`, text: ruleMarkdown(entry) },
    ]),
    ...book.properties.map((entry) => ({ path: `properties/${entry.property.id}.html`, text: propertyPage(entry, context) })),
  ];
};
