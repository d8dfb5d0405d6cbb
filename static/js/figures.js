/**
 * `<table data-chart="2">`: its first so many columns of figures are drawn above it, the first as bars, the
 * others as lines. Figures stand in `data-value`; without scripts the table alone says the same.
 */
const HEIGHT = 240;
const LABEL = 40; // pixels of a month's name and the gap beside it

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const short = new Intl.NumberFormat("ru", { notation: "compact", maximumFractionDigits: 1 });

function draw(table) {
  const rows = [...table.tBodies[0].rows];
  const labels = rows.map((row) => row.cells[0].textContent.trim());
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const columns = Array.from({ length: Number(table.dataset.chart) }, (_, place) => place + 1);
  const figures = (place) => rows.map((row) => {
    const told = row.cells[place].dataset.value;
    return told === "" ? null : Number(told);
  });
  const box = document.createElement("div");
  box.className = "figures-chart";
  box.setAttribute("aria-hidden", "true");
  table.before(box);
  const named = (places, width) => {
    const step = Math.ceil((places.length * LABEL) / width); // on a narrow screen every other one, or fewer
    return places.map((place) => (place % step ? "" : labels[place]?.slice(0, 3) ?? ""));
  };
  const accent = colour("--accent");
  const series = columns.map((place, number) => number
    ? { label: heads[place], stroke: colour("--ink-soft"), width: 2 }
    : { label: heads[place], stroke: accent, fill: accent, paths: window.uPlot.paths.bars({ size: [0.6, 60] }) });
  const axis = { stroke: colour("--ink-soft"), grid: { stroke: colour("--line") } };
  const plot = new window.uPlot({
    width: box.clientWidth || 320,
    height: HEIGHT,
    scales: { x: { time: false, range: [-0.6, labels.length - 0.4] }, y: { range: (_, low, high) => [Math.min(0, low), high || 1] } },
    axes: [
      { ...axis, splits: () => labels.map((_, place) => place), values: (chart, places) => named(places, chart.width) },
      { ...axis, size: 64, values: (_, sums) => sums.map((sum) => short.format(sum)) },
    ],
    series: [{ label: heads[0], value: (_, place) => labels[place] ?? "–" }, ...series],
  }, [labels.map((_, place) => place), ...columns.map(figures)], box);
  new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: HEIGHT })).observe(box);
}

if (window.uPlot) document.querySelectorAll("table[data-chart]").forEach(draw);
