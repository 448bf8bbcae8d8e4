// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { adoptStyles } from "./adopt";

/** As the webview has it, and jsdom not. */
class Sheet {
  text = "";
  replaceSync(text: string) {
    this.text = text;
  }
}

/** A control whose <style> the policy refused, and which counts how often it was connected. */
function refusedControl(tag: string): { host: HTMLElement; root: ShadowRoot; connections: () => number } {
  let connections = 0;
  if (!customElements.get(tag)) {
    customElements.define(
      tag,
      class extends HTMLElement {
        connectedCallback() {
          this.dataset["connections"] = String(Number(this.dataset["connections"] ?? 0) + 1);
        }
      },
    );
  }
  const host = document.createElement(tag);
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = "<style>:host { color: red }</style><p></p>";
  root.adoptedStyleSheets = [];
  document.body.append(host);
  Object.defineProperty(root.querySelector("style")!, "sheet", { value: null, configurable: true });
  connections = Number(host.dataset["connections"]);
  return { host, root, connections: () => Number(host.dataset["connections"]) - connections };
}

describe("styles that the policy refused", () => {
  beforeEach(() => {
    vi.stubGlobal("CSSStyleSheet", Sheet);
    document.body.replaceChildren();
  });

  it("are adopted with the same text", () => {
    const { root } = refusedControl("media-one");
    adoptStyles(document.body);
    const texts = root.adoptedStyleSheets.map((sheet) => (sheet as unknown as Sheet).text);
    expect(texts, "the control looks as it was meant to").toEqual([":host { color: red }"]);
  });

  it("are found by the control where it looks for them", () => {
    const { root } = refusedControl("media-two");
    adoptStyles(document.body);
    expect(root.querySelector("style")?.sheet, "it moves its thumb by a rule").toBe(root.adoptedStyleSheets[0]);
  });

  it("are adopted once", () => {
    const { root } = refusedControl("media-three");
    adoptStyles(document.body);
    adoptStyles(document.body);
    expect(root.adoptedStyleSheets.length, "doing it twice does nothing").toBe(1);
  });

  it("make a range look for its rules again, and nothing else", () => {
    const range = refusedControl("media-time-range");
    const button = refusedControl("media-play-button");
    adoptStyles(document.body);
    expect(range.connections(), "it keeps hold of them when it is connected").toBe(1);
    expect(button.connections(), "no need to disturb it").toBe(0);
  });

  it("that were not refused are left alone", () => {
    const host = document.createElement("div");
    const root = host.attachShadow({ mode: "open" });
    root.innerHTML = "<style>p { color: red }</style>";
    root.adoptedStyleSheets = [];
    document.body.append(host);
    Object.defineProperty(root.querySelector("style")!, "sheet", { value: new Sheet() });
    adoptStyles(document.body);
    expect(root.adoptedStyleSheets, "without a policy they count already").toEqual([]);
  });
});
