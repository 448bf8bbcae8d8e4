// Sends a film as a browser would, with tus-js-client; the token is in PAWL_TOKEN. It prints what becomes of it as lines
// of JSON.
//
//   node upload.mjs ENDPOINT FILE [--parallel=N] [--chunk=BYTES] [--deferred] [--pause=BYTES] [--terminate=BYTES]
//
// --deferred reads the film as a stream whose length nobody knows; --pause stops after so many bytes and goes on as a
// new run would, from the upload's address; --terminate stops and gives the upload up.
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { PassThrough } from "node:stream";
import { parseArgs } from "node:util";
import { Upload } from "tus-js-client";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    parallel: { type: "string", default: "1" },
    chunk: { type: "string" },
    deferred: { type: "boolean", default: false },
    pause: { type: "string" },
    terminate: { type: "string" },
  },
});
const [endpoint, film] = positionals;
const say = (event) => console.log(JSON.stringify(event));
const chunkSize = values.chunk ? Number(values.chunk) : Infinity;

// A stream of a file is taken for the file itself, whose length can be asked for.
const source = () => (values.deferred ? createReadStream(film).pipe(new PassThrough()) : createReadStream(film));

function options(resolve, reject) {
  return {
    endpoint,
    headers: { Authorization: `Bearer ${process.env.PAWL_TOKEN}` },
    metadata: { filename: basename(film), filetype: "video/mp4" },
    chunkSize,
    parallelUploads: Number(values.parallel),
    uploadLengthDeferred: values.deferred,
    retryDelays: [0, 200, 1000],
    onSuccess: () => resolve("success"),
    onError: reject,
  };
}

// Sends until so many bytes are accepted, and stops in the middle of what follows.
function until(bytes) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(source(), {
      ...options(resolve, reject),
      onChunkComplete: async (_, accepted) => {
        if (accepted < bytes) return;
        await upload.abort();
        resolve(upload);
      },
    });
    upload.start();
  });
}

function toTheEnd(uploadUrl) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(source(), {
      ...options(() => resolve(upload.url), reject),
      ...(uploadUrl && { uploadUrl }),
    });
    upload.start();
  });
}

try {
  if (values.terminate) {
    const upload = await until(Number(values.terminate));
    await Upload.terminate(upload.url, options());
    say({ event: "terminated", url: upload.url });
  } else {
    const begun = values.pause ? (await until(Number(values.pause))).url : undefined;
    say({ event: "done", url: await toTheEnd(begun) });
  }
} catch (error) {
  say({ event: "failed", message: String(error) });
  process.exitCode = 1;
}
