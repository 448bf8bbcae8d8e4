/** What a pasted text is, as the fake program sees it. Pure. */
import type { DestinationForm, PlaceView, RecognisedView } from "../bindings";

export function recognised(text: string): RecognisedView {
  const typed = text.trim();
  if (typed.startsWith("/")) return proposed({ is: "vault", folder: typed }, typed.split("/").filter(Boolean).at(-1) ?? typed);
  const url = URL.canParse(typed) ? new URL(typed) : null;
  if (url?.protocol === "s3:") return bucketOf(url);
  if (url === null || !/^https?:$/.test(url.protocol)) return { form: null, sentence: "This is neither an address nor a folder." };
  const sentence = url.password === "" ? null : "The password in the address was left out. Write it into its own field.";
  return { ...ofWeb(url), sentence };
}

function ofWeb(url: URL): RecognisedView {
  if (/(^|\.)s3[.-]/.test(url.host)) {
    const [bucket = "", ...rest] = url.pathname.split("/").filter(Boolean);
    return proposed({ is: "s3", endpoint: url.origin, region: "us-east-1", bucket, prefix: rest.join("/"), style: "auto" }, bucket || url.host);
  }
  if (url.pathname.length > 1) return proposed({ is: "tus", url: url.origin + url.pathname }, url.host);
  return proposed({ is: "server", url: url.origin }, url.host);
}

function bucketOf(url: URL): RecognisedView {
  const prefix = url.pathname.replace(/^\//, "");
  const endpoint = "https://s3.us-east-1.amazonaws.com";
  return proposed({ is: "s3", endpoint, region: "us-east-1", bucket: url.host, prefix, style: "auto" }, url.host);
}

function proposed(place: PlaceView, name: string): RecognisedView {
  const form: DestinationForm = { name, place, taken: "keep_both", limit: null, template: "{name}", proxy: null, authorities: null };
  return { form, sentence: null };
}
