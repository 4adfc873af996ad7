// Counts of a flow service as Prometheus text. A library for it would be larger than the service.

/** Upper bounds of the histogram's buckets, in seconds. */
const BUCKETS = [0.005, 0.01, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

type Labels = Readonly<Record<string, string>>;

interface Family {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly series: Map<string, Series>;
}

interface Series {
  readonly labels: Labels;
  value: number;
  count: number;
  readonly buckets: number[];
}

const FAMILIES = {
  flow_requests_total: ["counter", "HTTP requests by route, method and status."],
  flow_request_duration_seconds: ["histogram", "Time of HTTP requests by route."],
  flow_runs_total: ["counter", "Flow runs by flow and outcome."],
  flow_runs_active: ["gauge", "Flow runs under way."],
  flow_agent_runs_total: ["counter", "Agent runs by agent and outcome."],
  flow_agent_duration_seconds: ["histogram", "Time of agent runs by agent."],
  flow_memory_operations_total: ["counter", "Memory operations by kind and outcome."],
  flow_tokens_total: ["counter", "Tokens sent to and got from the model, by agent and direction."],
  flow_uptime_seconds: ["gauge", "Seconds since the start."],
} as const;

/** A name of a metric. */
export type MetricName = keyof typeof FAMILIES;

/** Collects counts; labels come from us or from ids that were checked, so their number is bounded. */
export class FlowMetrics {
  readonly #families = new Map<MetricName, Family>();

  /** Adds to a counter. */
  add(name: MetricName, labels: Labels, amount = 1): void {
    this.#series(name, labels).value += amount;
  }

  /** Sets a gauge. */
  set(name: MetricName, value: number): void {
    this.#series(name, {}).value = value;
  }

  /** Puts a time into a histogram. */
  observe(name: MetricName, labels: Labels, durationMs: number): void {
    const series = this.#series(name, labels);
    const seconds = durationMs / 1000;
    series.value += seconds;
    series.count += 1;
    const index = BUCKETS.findIndex((bound) => seconds <= bound);
    if (index !== -1) series.buckets[index] = (series.buckets[index] ?? 0) + 1;
  }

  /** Everything, in Prometheus' text format 0.0.4. */
  text(): string {
    const lines: string[] = [];
    for (const [name, family] of this.#families) {
      lines.push(`# HELP ${name} ${family.help}`, `# TYPE ${name} ${family.type}`);
      for (const series of family.series.values()) {
        if (family.type === "histogram") lines.push(...histogramLines(name, series));
        else lines.push(`${name}${labelText(series.labels)} ${series.value}`);
      }
    }
    return `${lines.join("\n")}\n`;
  }

  #series(name: MetricName, labels: Labels): Series {
    let family = this.#families.get(name);
    if (family === undefined) {
      const [type, help] = FAMILIES[name];
      family = { type, help, series: new Map() };
      this.#families.set(name, family);
    }
    const key = labelText(labels);
    const known = family.series.get(key);
    if (known !== undefined) return known;
    const series = { labels, value: 0, count: 0, buckets: BUCKETS.map(() => 0) };
    family.series.set(key, series);
    return series;
  }
}

function histogramLines(name: string, { labels, value, count, buckets }: Series): string[] {
  let sum = 0;
  const lines = BUCKETS.map((bound, index) => {
    sum += buckets[index] ?? 0;
    return `${name}_bucket${labelText({ ...labels, le: String(bound) })} ${sum}`;
  });
  return [
    ...lines,
    `${name}_bucket${labelText({ ...labels, le: "+Inf" })} ${count}`,
    `${name}_sum${labelText(labels)} ${value}`,
    `${name}_count${labelText(labels)} ${count}`,
  ];
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => {
    const escaped = value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
    return `${name}="${escaped}"`;
  });
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
