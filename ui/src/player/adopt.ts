/**
 * Gives the controls the styles that the window's policy keeps from them.
 *
 * media-chrome writes a <style> element into each shadow root; `style-src 'self'` ignores those, rightly. The same
 * text as an adopted style sheet is no inline style. A nonce was the alternative: it would have to reach this code
 * from the program, and would open the policy for everything else that knows it.
 */

/** All shadow roots below `root`, which must be connected. Doing it twice does nothing. */
export function adoptStyles(root: ParentNode): void {
  for (const element of root.querySelectorAll("*")) {
    const shadow = element.shadowRoot;
    if (!shadow) continue;
    const refused = [...shadow.querySelectorAll("style")].filter((style) => style.sheet === null);
    for (const style of refused) adopt(shadow, style);
    // A range keeps hold of its rules when it is connected: it must be connected once more to find the right ones.
    if (refused.length > 0 && keepsRules.has(element.localName)) element.replaceWith(element);
    adoptStyles(shadow);
  }
}

const keepsRules = new Set(["media-time-range", "media-volume-range"]);

function adopt(shadow: ShadowRoot, style: HTMLStyleElement): void {
  const sheet = new CSSStyleSheet({ media: style.media });
  sheet.replaceSync(style.textContent);
  shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
  // The controls look for their rules here, to move the thumb and the bar.
  Object.defineProperty(style, "sheet", { value: sheet, configurable: true });
}
