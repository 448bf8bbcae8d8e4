// A real tus server for the tests: @tus/server on a folder, on loopback. It prints its address as one line of JSON.
//
//   node server.mjs FOLDER [--port=N] [--max-size=BYTES] [--expire=MILLISECONDS] [--full] [--token=TOKEN]
//
// --full answers every creation with 507, as a server does whose disk is full; --token lets nobody in without it.
// --port=0, the default, lets the system choose one. A second start on the same folder and port goes on where the first
// one ended.
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: "string", default: "0" },
    "max-size": { type: "string" },
    expire: { type: "string", default: "0" },
    full: { type: "boolean", default: false },
    token: { type: "string" },
  },
});
const refusal = (status_code, body) => Object.assign(new Error(body), { status_code, body });

const tus = new Server({
  path: "/files",
  relativeLocation: true,
  datastore: new FileStore({ directory: positionals[0], expirationPeriodInMilliseconds: Number(values.expire) }),
  ...(values["max-size"] && { maxSize: Number(values["max-size"]) }),
  async onIncomingRequest(request) {
    if (values.token && request.headers.get("authorization") !== `Bearer ${values.token}`) throw refusal(401, "who?");
  },
  async onUploadCreate() {
    if (values.full) throw refusal(507, "the disk is full");
    return {};
  },
});

const server = createServer((request, response) => tus.handle(request, response));
server.listen(Number(values.port), "127.0.0.1", () => {
  console.log(JSON.stringify({ event: "listening", url: `http://127.0.0.1:${server.address().port}/files/` }));
});
