/** How the fake program refuses: as the real one does. */
import type { ErrorCode, ErrorView } from "../bindings";

export function refusal(code: ErrorCode, message: string): ErrorView {
  return { code, message, detail: null };
}
