import { type Figures, summaryOf } from "./rounds.ts";

const row = 28;
const width = 720;
const labels = 260;

/**
 * A bar for each side with its quartiles, as SVG. All bars are shares of the longest, so no axis is
 * needed.
 */
export function plot(title: string, figures: Figures): string {
  const sides = Object.entries(figures).map(([name, all]) => ({ name, ...summaryOf(all) }));
  const most = Math.max(...sides.map(({ upper }) => upper));
  const scale = (value: number) => ((width - labels - 80) * value) / most;
  const first = sides[0]?.median ?? Number.NaN;
  const bars = sides.map(({ name, median, lower, upper }, index) => {
    const y = 40 + index * row;
    const ratio = `× ${(median / first).toFixed(2)}`;
    return [
      `<text x="${labels - 8}" y="${y + 13}" text-anchor="end">${name}</text>`,
      `<rect x="${labels}" y="${y}" width="${scale(median).toFixed(1)}" height="18" fill="#4477aa"/>`,
      `<line x1="${labels + scale(lower)}" x2="${labels + scale(upper)}" y1="${y + 9}" y2="${y + 9}" stroke="#222" stroke-width="2"/>`,
      `<text x="${labels + scale(upper) + 8}" y="${y + 13}">${ratio}</text>`,
    ].join("");
  });
  const height = 48 + sides.length * row;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="#fff"/><text x="12" y="24" font-weight="bold">${title}</text>${bars.join("")}</svg>\n`;
}
