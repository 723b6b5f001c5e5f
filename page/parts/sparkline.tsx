const [WIDTH, HEIGHT] = [88, 22];

/** The last calls, oldest first, against the greatest of them. */
export function Sparkline({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  if (values.length < 2) return null;
  const greatest = Math.max(...values, Number.MIN_VALUE);
  const step = (WIDTH - 4) / (values.length - 1);
  const points = values.map((value, at) => [2 + at * step, HEIGHT - 3 - (value / greatest) * (HEIGHT - 6)]);
  const line = points.map(([x, y]) => `${(x ?? 0).toFixed(1)},${(y ?? 0).toFixed(1)}`).join(' ');
  const [lastX = 0, lastY = 0] = points.at(-1) ?? [];
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={label}
    >
      <polygon points={`2,${String(HEIGHT - 2)} ${line} ${String(WIDTH - 2)},${String(HEIGHT - 2)}`} />
      <polyline points={line} />
      <circle cx={lastX} cy={lastY} r="2" />
    </svg>
  );
}
