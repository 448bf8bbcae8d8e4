/** How the person likes the library: kept in the page's own storage, because it concerns nobody else. */
import { orders, type Order } from "./order";

export type Layout = "grid" | "list";

const key = "library";

export class Taste {
  layout: Layout = $state("grid");
  order: Order = $state("newest");

  constructor() {
    const { layout, order } = kept();
    if (layout === "list") this.layout = layout;
    this.order = orders.find((known) => known === order) ?? "newest";
  }

  choose(over: { layout?: Layout; order?: Order }): void {
    this.layout = over.layout ?? this.layout;
    this.order = over.order ?? this.order;
    try {
      localStorage.setItem(key, JSON.stringify({ layout: this.layout, order: this.order }));
    } catch {
      // Without storage it is forgotten with the window.
    }
  }
}

/** Whatever lies in the storage may be of another version, or no JSON at all. */
function kept(): { layout?: unknown; order?: unknown } {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    return typeof read === "object" && read !== null ? read : {};
  } catch {
    return {};
  }
}
