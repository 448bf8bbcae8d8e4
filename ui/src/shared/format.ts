/**
 * Numbers as a person of this locale writes them. Pure: a locale in, text out.
 *
 * Invariant: nothing is rounded up to look more finished than it is. What has arrived is rounded down, what is left
 * is rounded up. Units are the decimal ones that disks and links are sold by.
 */

const sizeUnits = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"] as const;

export type Formats = ReturnType<typeof formatsFor>;

/** All formats of one locale; a tag that is none falls back to English. */
export function formatsFor(wanted: string) {
  const locale = known(wanted);
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });

  const made = new Map<string, Intl.NumberFormat>();

  /** Making a format takes a thousand times as long as using it. */
  function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
    const key = JSON.stringify(options);
    const known = made.get(key) ?? new Intl.NumberFormat(locale, options);
    made.set(key, known);
    return known;
  }

  function quantity(value: number, unit: string, digits: number, unitDisplay: "short" | "long" = "short"): string {
    return numbers({ style: "unit", unit, unitDisplay, ...exactly(digits) }).format(value);
  }

  return {
    /** `1,204` */
    count: (value: number) => whole.format(value),
    /** `29.97`: at most three digits behind the point. */
    figure: (value: number) => numbers({ maximumFractionDigits: 3 }).format(value),
    /** A share from 0 to 1, rounded down: `99%` until it is whole. */
    percent: (share: number) => percent.format(Math.floor(share * 100) / 100),
    /** `82.4 GB` */
    size(bytes: number): string {
      const scale = scaleOf(bytes);
      return quantity(scale.of(bytes), scale.unit, scale.digits, scale.display);
    },
    /** `37.9 of 82.4 GB`, both in the unit of the whole unless that says `0.0` of something; `join` stands between. */
    share(done: number, total: number, join: string): string {
      const scale = scaleOf(total);
      const own = scaleOf(done);
      const floored = flooredTo(scale, Math.min(done, total));
      const part =
        floored === 0 && done > 0
          ? quantity(flooredTo(own, done), own.unit, own.digits, own.display)
          : numbers(exactly(scale.digits)).format(floored);
      return `${part} ${join} ${quantity(scale.of(total), scale.unit, scale.digits, scale.display)}`;
    },
    /** Bytes a second, measured: `38.4 MB/s` */
    rate(bytes: number): string {
      const scale = scaleOf(bytes);
      return quantity(scale.of(bytes), `${scale.unit}-per-second`, scale.digits);
    },
    /** Bytes a second, as somebody chose them: `5 MB/s` */
    limit(bytes: number): string {
      const scale = scaleOf(bytes);
      const unit = `${scale.unit}-per-second`;
      return numbers({ style: "unit", unit, maximumFractionDigits: 2 }).format(scale.of(bytes));
    },
    /** Seconds, in at most two units, rounded up: `1 hr 12 min` */
    duration(seconds: number): string {
      return pieces(seconds)
        .map(([value, unit]) => quantity(value, unit, 0))
        .join(" ");
    },
    /** Seconds as a clock counts them, cut off: `1:02:07`, `0:42` */
    clock(seconds: number): string {
      const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
      const two = (value: number) => String(value).padStart(2, "0");
      return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
    },
    /** Milliseconds since the epoch as a time of day: `14:03:12` */
    time: (at: number) => time.format(at),
    /** Milliseconds since the epoch as a day and a time. */
    day: (at: number) => day.format(at),
    /** Milliseconds since the epoch as a day alone. */
    date: (at: number) => date.format(at),
  };
}

function exactly(digits: number) {
  return { minimumFractionDigits: digits, maximumFractionDigits: digits };
}

/** The formats of the person at this window. */
export const format: Formats = formatsFor(globalThis.navigator?.language ?? "en");

/** Powers of two as chunk lengths are: `4 MiB`; anything else in decimal units. */
export function chunkLength(bytes: number, formats: Formats = format): string {
  const units = ["KiB", "MiB", "GiB"];
  for (let power = units.length; power > 0; power -= 1) {
    const unit = 1024 ** power;
    if (bytes >= unit && bytes % unit === 0) return `${formats.count(bytes / unit)} ${units[power - 1]}`;
  }
  return formats.size(bytes);
}

/**
 * A typed speed in bytes a second: `20M`, `1.5 GB/s`, `500k`, `2,5 MiB/s`. A bare number is megabytes, because
 * nobody who types 20 into a window means twenty bytes. Null when it is no speed; nothing is no speed either.
 */
export function parseRate(text: string): number | null {
  const match = /^(\d+(?:[.,]\d+)?)\s*(b|k|m|g|ki|mi|gi)?(?:b)?(?:\/s|ps)?$/i.exec(text.trim());
  if (!match) return null;
  const unit = (match[2] ?? "m").toLowerCase();
  const bytes = Math.round(Number(match[1]?.replace(",", ".")) * (rateUnits[unit] ?? 0));
  return bytes >= 1 && Number.isSafeInteger(bytes) ? bytes : null;
}

/** A speed as `parseRate` reads it, with nothing rounded: `5M`, `1.25G`, `1234567B`. */
export function writtenRate(bytes: number): string {
  const units = [["G", 1e9], ["M", 1e6], ["k", 1e3]] as const;
  const fitting = units.find(([, unit]) => bytes >= unit && Number.isInteger((bytes * 100) / unit));
  return fitting === undefined ? `${bytes}B` : `${bytes / fitting[1]}${fitting[0]}`;
}

const rateUnits: Record<string, number> = { b: 1, k: 1e3, m: 1e6, g: 1e9, ki: 1024, mi: 1024 ** 2, gi: 1024 ** 3 };

/** A tag that a webview may report and Intl may not know, such as `C`. */
function known(locale: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale)[0] ?? "en";
  } catch {
    return "en";
  }
}

/** No more than there is, to the digits that are shown. */
function flooredTo(scale: ReturnType<typeof scaleOf>, bytes: number): number {
  const step = 10 ** scale.digits;
  return Math.floor(scale.of(bytes) * step) / step;
}

/** The unit in which a count of bytes is short, and how many digits behind the point keep it calm. */
function scaleOf(bytes: number) {
  let power = 0;
  // 999,500 bytes would be written `1,000 kB`: the next unit takes over where rounding would carry.
  while (power < sizeUnits.length - 1 && bytes / 1000 ** power >= 999.5) power += 1;
  return {
    unit: sizeUnits[power] ?? "byte",
    // Three figures say enough: `82.4 GB`, `213 GB`.
    digits: power === 0 || bytes / 1000 ** power >= 99.95 ? 0 : 1,
    display: power === 0 ? ("long" as const) : ("short" as const),
    of: (value: number) => value / 1000 ** power,
  };
}

function pieces(seconds: number): [number, string][] {
  if (seconds < 60) return [[Math.max(0, Math.ceil(seconds)), "second"]];
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return [[minutes, "minute"]];
  if (minutes < 24 * 60) return nonZero([Math.floor(minutes / 60), "hour"], [minutes % 60, "minute"]);
  const hours = Math.ceil(seconds / 3600);
  return nonZero([Math.floor(hours / 24), "day"], [hours % 24, "hour"]);
}

function nonZero(first: [number, string], second: [number, string]): [number, string][] {
  return second[0] === 0 ? [first] : [first, second];
}
