/** Times in a film as people write them. Pure. */

/** `0:07`, `12:34`, `1:02:03`: rounded down, so that no second is shown that is not there yet. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(rest).padStart(2, "0");
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, "0")}:${tail}`;
}

/** To the thousandth: `12:34.567`. */
export function exactTime(seconds: number): string {
  const thousandths = Math.max(0, Math.round(seconds * 1000));
  return `${clockTime(Math.floor(thousandths / 1000))}.${String(thousandths % 1000).padStart(3, "0")}`;
}
