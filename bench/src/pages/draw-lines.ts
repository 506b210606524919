/** Draws a chart of lines as an SVG: the x axis is logarithmic, and the colours suit light and dark pages. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Axes {
  readonly title: string;
  readonly x: string;
  readonly y: string;
}

const WIDTH = 640;
const HEIGHT = 320;
const MARGIN = { left: 56, right: 16, top: 40, bottom: 76 };
const COLOURS = ['#2f7ed8', '#d95f02', '#1b9e77', '#a05bc4'];

export function drawLines({ title, x, y }: Axes, lines: readonly Line[]): string {
  const points = lines.flatMap((each) => each.points);
  const xs = [...new Set(points.map(([size]) => size))].toSorted((a, b) => a - b);
  const yMax = 1.25 * Math.max(...points.map(([, value]) => value));
  const span = Math.log10((xs.at(-1) ?? 1) / (xs[0] ?? 1)) || 1;
  const toX = (value: number) =>
    MARGIN.left + (Math.log10(value / (xs[0] ?? 1)) / span) * (WIDTH - MARGIN.left - MARGIN.right);
  const toY = (value: number) => HEIGHT - MARGIN.bottom - (value / yMax) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => part * yMax);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${title}</title>`,
    drawText([WIDTH / 2, 20], title),
    ...ticks.map((tick) => drawText([MARGIN.left - 8, toY(tick) + 4], tick.toFixed(1), 'end')),
    ...ticks.map((tick) => drawGridLine([MARGIN.left, toY(tick)], [WIDTH - MARGIN.right, toY(tick)])),
    ...xs.map((size) =>
      drawText([Math.min(toX(size), WIDTH - 44), HEIGHT - MARGIN.bottom + 18], size.toLocaleString('en-US')),
    ),
    drawText([WIDTH / 2, HEIGHT - MARGIN.bottom + 38], x),
    drawText([8, MARGIN.top - 12], y, 'start'),
    ...lines.flatMap(({ name, points: linePoints }, index) => {
      const colour = COLOURS[index % COLOURS.length];
      const path = linePoints.map(([size, value]) => `${round(toX(size))},${round(toY(value))}`).join(' ');
      const left = index % 2 === 0 ? MARGIN.left : WIDTH / 2;
      const bottom = HEIGHT - 22 + 16 * Math.floor(index / 2);
      return [
        `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        `<rect x="${round(left)}" y="${bottom - 9}" width="10" height="10" fill="${colour}"/>`,
        drawText([left + 14, bottom], name, 'start'),
      ];
    }),
    '</svg>\n',
  ].join('\n');
}

function drawText(at: readonly [number, number], content: string, anchor = 'middle'): string {
  return `<text x="${round(at[0])}" y="${round(at[1])}" text-anchor="${anchor}" fill="#808080">${content}</text>`;
}

function drawGridLine([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="#808080" stroke-opacity="0.25"/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
