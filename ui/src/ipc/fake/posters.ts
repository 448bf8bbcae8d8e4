/** What is known of films in the fake program: painted posters, lengths, tracks. */
import type { FactsView } from "../bindings";

/** Facts by name; a film called "Nothing known" stays unknown. */
export function factsFor(names: readonly string[]): Record<string, FactsView> {
  const known = names.filter((name) => !name.startsWith("Nothing known"));
  return Object.fromEntries(known.map((name, index) => [name, facts(name, index)]));
}

function facts(name: string, index: number): FactsView {
  const upright = name.startsWith("Portrait");
  return {
    poster: poster(index, upright ? [360, 640] : [640, 360]),
    duration: [42, 754, 3727, 9.6, 128, 5400][index % 6] ?? null,
    container: name.endsWith(".mkv") ? "Matroska" : "MP4",
    tracks: [],
    index_at_end: index % 4 === 0,
    trouble: null,
  };
}

const skies = [
  ["#f2c48d", "#d97757", "#3b3a5a"],
  ["#b8d8e8", "#7fb0c8", "#2d5a6b"],
  ["#e8d9b5", "#a9b388", "#4f5d3c"],
  ["#d5c4e0", "#8d7bb0", "#352f55"],
  ["#f0e6d8", "#c4a484", "#5a4636"],
] as const;

/** A horizon with a sun, so that every poster is told from the others. */
function poster(index: number, [width, height]: [number, number]): string {
  const [sky, far, near] = skies[index % skies.length] ?? skies[0];
  const sun = 80 + ((index * 137) % (width - 160));
  const line = height * (0.5 + (index % 3) * 0.08);
  const hills = `M0 ${line}q${width * 0.25} -${60 + (index % 4) * 20} ${width * 0.5} 0t${width * 0.5} -10V${height}H0z`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
    <rect width="${width}" height="${height}" fill="${sky}"/><circle cx="${sun}" cy="${line - 70}" r="38" fill="#fff8ea"/>
    <path d="${hills}" fill="${far}"/><path d="M0 ${line + 60}q${width * 0.3} -40 ${width * 0.6} 10t${width * 0.4} 0V${height}H0z" fill="${near}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
