import GithubSlugger from "github-slugger";
import MarkdownIt from "markdown-it";
import { passageOf } from "./passage.js";

/** @import { Fence, OpenTable, Page, Passage, Piece, Table } from "./types.ts" */
/** @typedef {import("markdown-it").Token} Token */

const parser = new MarkdownIt({ html: true });

const breaks = new Set(["hardbreak", "softbreak"]);

/** What shows as text. */
const texts = new Set(["code_inline", "image", "text"]);

/**
 * Reads a Markdown file as GitHub would show it.
 *
 * @param {string} path
 * @param {string} text
 * @returns {Page}
 */
export function pageOf(path, text) {
  const reader = new Reader();
  for (const token of parser.parse(text, {})) reader.take(token);
  reader.endMark();
  return { path, ...reader.found };
}

/** Takes the tokens of a page one after the other, and keeps what the checks ask for. */
class Reader {
  found = {
    /** @type {Set<string>} */ anchors: new Set(),
    /** @type {string[]} */ titles: [],
    /** @type {Map<string, Set<string>>} */ sections: new Map(),
    /** @type {Piece[]} */ links: [],
    /** @type {Piece[]} */ codes: [],
    /** @type {Fence[]} */ fences: [],
    /** @type {Table[]} */ tables: [],
    /** @type {Piece[]} */ strayMarks: [],
    /** @type {Passage[]} */ passages: [],
  };
  #slugger = new GithubSlugger();
  /** Of the block that an inline token is the text of. */
  #line = 1;
  #inHeading = false;
  /**
   * The first cells of the tables in the section that is being read.
   *
   * @type {Set<string>}
   */
  #rows = new Set();
  /** @type {Piece | undefined} */
  #mark;
  /** @type {OpenTable | undefined} */
  #table;

  /** @param {Token} token */
  take(token) {
    if (token.map) this.#line = token.map[0] + 1;
    if (token.type === "html_block") this.#html(token.content, this.#line);
    else if (token.type === "inline") this.#inline(token.children ?? []);
    else if (token.type === "fence" || token.type === "code_block") this.#code(token);
    else this.#structure(token.type);
    if (token.type !== "html_block") this.endMark();
  }

  /** A mark that no table followed is a stray. */
  endMark() {
    if (this.#mark) this.found.strayMarks.push(this.#mark);
    this.#mark = undefined;
  }

  /** @param {string} type */
  #structure(type) {
    if (type === "heading_open" || type === "heading_close") this.#inHeading = type === "heading_open";
    if (type === "table_open") {
      this.#table = { name: this.#mark?.text, line: this.#line, rows: [] };
      this.#mark = undefined;
    }
    if (type === "tr_open") this.#table?.rows.push({ line: this.#line, cells: [] });
    if (type === "table_close") this.#endTable();
  }

  #endTable() {
    if (!this.#table) return;
    const { name, line, rows } = this.#table;
    const [head, ...others] = rows;
    this.found.tables.push({ name, line, columns: head?.cells.map(({ text }) => text) ?? [], rows: others });
    for (const { cells } of others) {
      const first = cells[0]?.text ?? "";
      this.found.titles.push(first);
      this.#rows.add(first);
    }
    this.#table = undefined;
  }

  /** @param {Token} token */
  #code({ type, info, content }) {
    const [language = ""] = info.trim().split(/\s+/);
    this.found.fences.push({ language, text: content, line: this.#line + (type === "fence" ? 1 : 0) });
  }

  /**
   * @param {string} html
   * @param {number} line
   */
  #html(html, line) {
    this.endMark();
    const name = /^<!-- table: ([\w-]+) -->\s*$/.exec(html)?.[1];
    if (name !== undefined) this.#mark = { text: name, line };
    for (const [, id = ""] of html.matchAll(/\s(?:id|name)="([^"]+)"/g)) this.found.anchors.add(id);
    for (const [, text = ""] of html.matchAll(/\s(?:href|src)="([^"]+)"/g))
      this.found.links.push({ text, line });
  }

  /** @param {readonly Token[]} tokens */
  #inline(tokens) {
    const spans = this.#spansOf(tokens);
    const text = spans.map((span) => span.text).join("");
    this.found.passages.push(passageOf(spans));
    if (this.#inHeading) this.#heading(text);
    const row = this.#table?.rows.at(-1);
    if (row) {
      row.cells.push({ text, codes: spans.filter(({ isCode }) => isCode).map((span) => span.text) });
      return;
    }
    const lead = leadOf(tokens);
    if (lead) this.found.titles.push(lead);
  }

  /** @param {string} text */
  #heading(text) {
    this.found.anchors.add(this.#slugger.slug(text));
    this.found.titles.push(text);
    this.#rows = new Set();
    const number = /^(\d+(?:\.\d+)*)\.?(?=\s)/.exec(text)?.[1];
    if (number !== undefined) this.found.sections.set(number, this.#rows);
  }

  /**
   * The text as it is read, piece by piece. On the way it keeps the links, and what stands in backticks.
   *
   * @param {readonly Token[]} tokens
   */
  #spansOf(tokens) {
    let line = this.#line;
    return tokens.flatMap((token) => {
      this.#keep(token, line);
      if (breaks.has(token.type)) line += 1;
      const text = textOf(token);
      return text === "" ? [] : [{ text, line, isCode: token.type === "code_inline" }];
    });
  }

  /**
   * @param {Token} token
   * @param {number} line
   */
  #keep(token, line) {
    const target = token.attrGet("href") ?? token.attrGet("src");
    if (target !== null) this.found.links.push({ text: decoded(String(target)), line });
    if (token.type === "html_inline") this.#html(token.content, line);
    if (token.type === "code_inline") this.found.codes.push({ text: token.content, line });
  }
}

/** @param {Token} token */
function textOf({ type, content }) {
  if (breaks.has(type)) return " ";
  return texts.has(type) ? content : "";
}

/**
 * What a paragraph begins with in bold.
 *
 * @param {readonly Token[]} tokens
 */
function leadOf(tokens) {
  const [first, ...others] = tokens.filter(({ type, content }) => type !== "text" || content !== "");
  if (first?.type !== "strong_open") return undefined;
  const end = others.findIndex(({ type }) => type === "strong_close");
  return others
    .slice(0, end)
    .map(({ content }) => content)
    .join("");
}

/** @param {string} href */
function decoded(href) {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
