import { describe, expect, it, test } from "vitest";
import { form, places } from "../test/destinations";
import { instant } from "../test/views";
import type { KindView } from "../ipc/bindings";
import { exampleOf, fieldsOf, formOf, secretOf, wrongOf, type FieldName, type Fields } from "./fields";

const kinds = Object.keys(places) as KindView[];
const fields = (over: Partial<Fields> = {}) => ({ ...fieldsOf(null), name: "Studio", url: "https://a.example", ...over });

test.each(kinds)("a form of the kind %s comes back as it went in", (kind) => {
  const whole = form({ place: places[kind], taken: "skip", limit: 1_234_567, template: "{date}/{name}", proxy: "http://p:1", authorities: "PEM" });
  expect(formOf(kind, fieldsOf(whole)), "opening and saving changes nothing").toEqual(whole);
});

it("what is left empty is nothing, and spaces around it are none of it", () => {
  const typed = formOf("server", fields({ name: " Studio ", url: " https://a.example ", proxy: " " }));
  expect(typed, "as the program wants it").toMatchObject({ name: "Studio", place: { url: "https://a.example" }, proxy: null });
});

it("a limit is written as people write speeds, and an empty field lifts it", () => {
  expect(fieldsOf(form({ limit: 5e6 })).limit, "short where that says all").toBe("5M");
  expect([formOf("server", fields({ limit: "500k" })).limit, formOf("server", fields({ limit: " " })).limit], "bytes a second").toEqual([5e5, null]);
});

describe("a secret", () => {
  test.each([
    ["server", {}, true, { is: "keep" }],
    ["server", {}, false, { is: "none" }],
    ["tus", { token: " t " }, true, { is: "token", token: "t" }],
    ["s3", { access_key: "a", secret_key: "s" }, true, { is: "keys", access_key: "a", secret_key: "s", session_token: null }],
    ["s3", { access_key: "a", secret_key: "s", session_token: "x" }, false, { is: "keys", access_key: "a", secret_key: "s", session_token: "x" }],
    ["s3", {}, true, { is: "keep" }],
    ["vault", { token: "left over" }, true, { is: "none" }],
  ] as const)("of the kind %s, typed %j, saved before: %s", (kind, typed, saved, secret) => {
    expect(secretOf(kind, fields(typed), saved), "an empty field keeps what was saved, and invents nothing").toEqual(secret);
  });
});

describe("what is wrong is said beside its field", () => {
  test.each<[KindView, Partial<Fields>, FieldName[]]>([
    ["server", {}, []],
    ["server", { name: " " }, ["name"]],
    ["server", { url: "films.example.org" }, ["url"]],
    ["tus", { url: "ftp://a" }, ["url"]],
    ["server", { url: "https://kim:secret@a.example" }, ["url"]],
    ["vault", { folder: "Videos" }, ["folder"]],
    ["vault", { folder: "/media/archive", url: "" }, []],
    ["s3", { url: "" }, ["endpoint", "bucket"]],
    ["s3", { endpoint: "https://s3.example", bucket: "b", region: "" }, ["region"]],
    ["s3", { endpoint: "https://s3.example", bucket: "b", access_key: "a" }, ["secret_key"]],
    ["s3", { endpoint: "https://s3.example", bucket: "b", session_token: "t" }, ["access_key", "secret_key"]],
    ["server", { template: "{folder}" }, ["template"]],
    ["server", { template: "{month}/{name}" }, ["template"]],
    ["server", { template: "{folder}/{date}/{time}/{name}" }, []],
    ["server", { limit: "fast" }, ["limit"]],
    ["vault", { folder: "/media/archive", limit: "1.5M" }, []],
    ["server", { proxy: "proxy" }, ["proxy"]],
    ["server", { proxy: "socks5://p:1080" }, []],
    ["server", { authorities: "my certificate" }, ["authorities"]],
    ["server", { authorities: "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----" }, []],
  ])("%s %j", (kind, typed, wrong) => {
    expect(Object.keys(wrongOf(kind, fields(typed))).toSorted(), "these and no other").toEqual(wrong.toSorted());
  });

  it("and never repeats what may be secret", () => {
    const said = JSON.stringify(wrongOf("server", fields({ url: "https://kim:secret@a.example" })));
    expect(said, "a sentence is read over shoulders").not.toContain("secret");
  });
});

test.each([
  ["{name}", "Harbour.mov"],
  ["{date}/{folder}/{name}", "2026-11-23/Rushes/Harbour.mov"],
  ["{time}/{month}/{name}", "14.02.58/{month}/Harbour.mov"],
])("the template %s makes %s", (template, made) => {
  expect(exampleOf(template, instant), "what one would find there").toBe(made);
});
