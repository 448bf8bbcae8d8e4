/** Half a sentence that a destination said, so that it can stand by itself: with a capital. Pure. */
export function opened(sentence: string): string {
  const [first = ""] = sentence;
  return first.toLocaleUpperCase() + sentence.slice(first.length);
}
