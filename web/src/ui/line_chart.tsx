// Lines over whole numbers, drawn without a library. The same figures stand in a table beside it, which is what screen readers read.

export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly (number | undefined)[];
}

interface LineChartProps {
  readonly title: string;
  readonly unit: string;
  /** What the bottom counts. */
  readonly along: string;
  readonly at: readonly number[];
  /** The top; what is higher is left out. */
  readonly most: number;
  readonly series: readonly Series[];
}

const [WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM] = [460, 260, 52, 14, 12, 40] as const;

export function LineChart({ title, unit, along, at, most, series }: LineChartProps) {
  const [width, height] = [WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM];
  const x = (n: number) => LEFT + (width * n) / Math.max(1, at.length - 1);
  const y = (value: number) => TOP + height - (height * value) / most;
  const every = Math.ceil(at.length / 15);
  return (
    <figure className="card chart">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title}>
        {[0, 1, 2, 3, 4].map((n) => (
          <g key={n}>
            <line x1={LEFT} x2={WIDTH - RIGHT} y1={y((most * n) / 4)} y2={y((most * n) / 4)} style={{ stroke: "var(--edge)" }} />
            <text x={LEFT - 6} y={y((most * n) / 4) + 4} textAnchor="end" className="chart-text">
              {Math.round((most * n) / 4)} {unit}
            </text>
          </g>
        ))}
        {at.map((value, n) =>
          n % every === 0 ? (
            <text key={value} x={x(n)} y={HEIGHT - BOTTOM + 18} textAnchor="middle" className="chart-text">
              {value}
            </text>
          ) : null,
        )}
        <text x={LEFT + width / 2} y={HEIGHT - 6} textAnchor="middle" className="chart-text">
          {along}
        </text>
        {series.map((one) => (
          <polyline
            key={one.name}
            fill="none"
            style={{ stroke: one.colour }}
            strokeWidth={2}
            points={one.values.flatMap((value, n) => (value !== undefined && value <= most ? [`${x(n).toFixed(1)},${y(value).toFixed(1)}`] : [])).join(" ")}
          />
        ))}
      </svg>
      <ul className="chart-legend" aria-hidden>
        {series.map((one) => (
          <li key={one.name}>
            <span style={{ background: one.colour }} /> {one.name}
          </li>
        ))}
      </ul>
    </figure>
  );
}
