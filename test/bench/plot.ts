import type { Measured } from "./measured.ts";
import { summaryOf } from "./rounds.ts";

const row = 26;
const width = 760;
const labels = 290;
const values = 150;

/** A page may be light or dark, and the picture has no ground of its own. */
const style = [
  "text{fill:#24292f}.bar{fill:#4477aa}.first{fill:#ee7733}.spread{stroke:#24292f;stroke-width:2}",
  "@media (prefers-color-scheme:dark){text{fill:#e6edf3}.bar{fill:#77aadd}.spread{stroke:#e6edf3}}",
].join("");

/** The name of a measurement's plot. */
export function plotName({ title }: Measured): string {
  return `${title.replaceAll(/\W+/g, "-").toLowerCase()}.svg`;
}

/**
 * A bar for each side with its quartiles, as SVG. All bars are shares of the longest, and each says its
 * figure, so no axis is needed.
 */
export function plot({ title, unit, figures }: Measured): string {
  const sides = Object.entries(figures).map(([name, all]) => ({ name, ...summaryOf(all) }));
  const most = Math.max(...sides.map(({ upper }) => upper));
  const scale = (value: number) => ((width - labels - values) * value) / most;
  const first = sides[0]?.median ?? Number.NaN;
  const bars = sides.map(({ name, median, lower, upper }, index) => {
    const y = 36 + index * row;
    const end = labels + scale(Math.max(median, upper));
    const ratio = index === 0 ? "" : ` (× ${(median / first).toFixed(2)})`;
    const [from, to] = [lower, upper].map((value) => (labels + scale(value)).toFixed(1));
    const spread = `<line class="spread" x1="${from}" x2="${to}" y1="${y + 9}" y2="${y + 9}"/>`;
    return [
      `<text x="${labels - 8}" y="${y + 13}" text-anchor="end">${escaped(name)}</text>`,
      `<rect class="${index === 0 ? "first" : "bar"}" x="${labels}" y="${y}" width="${scale(median).toFixed(1)}" height="18"/>`,
      lower === upper ? "" : spread,
      `<text x="${(end + 8).toFixed(1)}" y="${y + 13}">${shown(median)} ${unit}${ratio}</text>`,
    ].join("");
  });
  const height = 44 + sides.length * row;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13"><title>${escaped(title)}</title><style>${style}</style><text x="12" y="22" font-weight="bold">${escaped(title)}</text>${bars.join("")}</svg>\n`;
}

function shown(value: number): string {
  return value >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
