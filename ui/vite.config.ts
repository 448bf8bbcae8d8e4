import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

/** The window's own policy, so that `vite preview` shows what the window will allow. */
const csp = [
  "default-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob: poster:",
  "media-src http://127.0.0.1:* blob:",
  "connect-src 'self' ipc: http://ipc.localhost",
].join("; ");

export default defineConfig(({ mode }) => ({
  // `npm run dev` is the whole window on the fake backend; the program embeds the build of mode `production`.
  plugins: [svelte(), svelteTesting()],
  // The webview is WebKitGTK 2.40 or newer.
  build: {
    target: "safari16.4",
    // The program embeds all of `dist`: a build on the fake backend is only looked at, and stays out of it.
    outDir: mode === "fake" ? "node_modules/.fake" : "dist",
    // The policy allows no `data:` styles or scripts.
    assetsInlineLimit: 0,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: { port: 5173, strictPort: true },
  preview: { headers: { "Content-Security-Policy": csp } },
  test: {
    // Pure modules are tested without a document; a test that needs one says `@vitest-environment jsdom`.
    environment: "node",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/test/setup.ts"],
    restoreMocks: true,
    // A loaded machine is slow, not wrong: no test depends on how long it takes.
    testTimeout: 60_000,
  },
}));
