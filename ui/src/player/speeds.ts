/** The speeds that a film can be played at. Pure. */

export const speeds = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4] as const;

export const usualSpeed = 1;

/** The next speed up or down; the fastest and the slowest stay. */
export function speedBeside(speed: number, steps: 1 | -1): number {
  const beside = steps > 0 ? speeds.find((one) => one > speed) : speeds.findLast((one) => one < speed);
  return beside ?? speed;
}
