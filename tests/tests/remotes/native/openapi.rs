//! The document that `pawl-server` gives of itself: it is whole, it is valid, and the server keeps to it.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use reqwest::{Client, Method};
use serde_json::{Map, Value, json};

use super::doors::{Doors, ONE, TWO};

async fn document(doors: &Doors) -> Result<Value> {
    let answer = doors.client.get(format!("{}/api/v1/openapi.json", doors.server.url())).send().await?;
    ensure!(answer.status() == 200, "it is for everyone");
    Ok(answer.json().await?)
}

fn object(value: &Value) -> Result<&Map<String, Value>> {
    value.as_object().with_context(|| format!("no object: {value}"))
}

/// Path, method and operation of each.
fn operations(document: &Value) -> Result<Vec<(&str, &str, &Value)>> {
    let mut all = Vec::new();
    for (path, methods) in object(&document["paths"])? {
        all.extend(object(methods)?.iter().map(|(method, operation)| (path.as_str(), method.as_str(), operation)));
    }
    Ok(all)
}

/// Everything at or below a value.
fn below<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    found.push(value);
    match value {
        Value::Array(values) => values.iter().for_each(|value| below(value, found)),
        Value::Object(values) => values.values().for_each(|value| below(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A schema of the document, which stands at `pointer`.
fn schema(document: &Value, pointer: &str) -> Result<jsonschema::Validator> {
    let mut root = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": format!("#{pointer}") });
    root["components"] = document["components"].clone();
    root["paths"] = document["paths"].clone();
    jsonschema::validator_for(&root).map_err(|error| anyhow::anyhow!("{pointer} is no schema: {error}"))
}

#[tokio::test]
async fn the_document_is_valid() -> Result<()> {
    let doors = Doors::open(&[])?;
    let document = document(&doors).await?;
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1.")), "OpenAPI 3.1");
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string(), "section 4.8.2.1");
    let mut all = Vec::new();
    below(&document, &mut all);
    for reference in all.iter().filter_map(|value| value.get("$ref")?.as_str()) {
        let pointer = reference.strip_prefix('#').context("within the document")?;
        assert!(document.pointer(pointer).is_some(), "{reference} leads to something");
    }
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document)? {
        assert!(ids.insert(operation["operationId"].as_str()), "{method} {path} has a name of its own");
        assert!(object(&operation["responses"])?.contains_key("default"), "{method} {path} may be refused");
        let named: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let none = Vec::new();
        let parameters = operation["parameters"].as_array().unwrap_or(&none).iter();
        let told = parameters.filter(|told| told["in"] == "path").filter_map(|told| told["name"].as_str()).collect();
        assert_eq!(named, told, "{method} {path} explains each part of its path (section 4.8.12.1)");
        for (status, response) in object(&operation["responses"])? {
            assert!(response["description"].is_string(), "{method} {path}: {status} says what it means");
        }
    }
    for name in object(&document["components"]["schemas"])?.keys() {
        schema(&document, &format!("/components/schemas/{name}"))?;
    }
    Ok(())
}

/// Each route, asked with a method that none has, says which it has.
#[tokio::test]
async fn every_method_of_every_route_is_in_the_document() -> Result<()> {
    let doors = Doors::open(&[])?;
    let document = document(&doors).await?;
    for path in object(&document["paths"])?.keys() {
        let asked = path.replace("{number}", "0").replace("{id}", "x").replace("{handle}", "x");
        let answer = doors.client.request(Method::TRACE, format!("{}{asked}", doors.server.url())).send().await?;
        assert_eq!(answer.status(), 405, "{path} has no TRACE");
        let allowed = answer.headers().get("allow").context("what it has")?.to_str()?.to_lowercase();
        let allowed: BTreeSet<&str> = allowed.split(',').filter(|method| *method != "head").collect();
        let told = object(&document["paths"][path])?.keys().map(String::as_str).collect();
        assert_eq!(allowed, told, "{path} has these methods (HEAD comes with GET)");
    }
    Ok(())
}

/// Holds an answer of the server against what the document says of it.
async fn holds(client: &Client, document: &Value, request: reqwest::Request, path: &str) -> Result<Value> {
    let method = request.method().as_str().to_lowercase();
    let answer = client.execute(request).await?;
    let status = answer.status().as_u16().to_string();
    let responses = &document["paths"][path][&method]["responses"];
    let told = if responses[&status].is_object() { status.as_str() } else { "default" };
    let kind = answer.headers()["content-type"].to_str()?.to_owned();
    ensure!(responses[told]["content"][&kind].is_object(), "{method} {path} {status}: {kind} is in {responses}");
    let body: Value = answer.json().await?;
    // RFC 6901, section 3, and section 6 for what an address cannot hold.
    let part = |text: &str| text.replace('~', "~0").replace('/', "~1").replace('{', "%7B").replace('}', "%7D");
    let pointer = format!("/paths/{}/{method}/responses/{told}/content/{}/schema", part(path), part(&kind));
    let schema = schema(document, &pointer)?;
    let wrong: Vec<String> =
        schema.iter_errors(&body).map(|error| format!("{error} at {}", error.instance_path())).collect();
    ensure!(wrong.is_empty(), "{method} {path} {status}: {wrong:?} in {body}");
    Ok(body)
}

#[tokio::test]
async fn the_server_answers_as_the_document_says() -> Result<()> {
    let doors = Doors::open(&[])?;
    let document = document(&doors).await?;
    let film = doors.film(&doors.anna, ONE, b"film").await?;
    let ask = |method: Method, path: &str, token: &str, body: Option<Value>| {
        let request = doors.client.request(method, format!("{}/api/v1{path}", doors.server.url())).bearer_auth(token);
        body.map_or(request.try_clone(), |body| Some(request.json(&body))).context("a request")?.build().context("one")
    };
    let anna = doors.anna.as_str();
    let new = json!({ "id": TWO, "name": "b.mp4", "size": 5, "chunk_len": 1 << 20 });
    let begin = ask(Method::POST, "/uploads", anna, Some(new.clone()))?;
    let begun = holds(&doors.client, &document, begin, "/api/v1/uploads").await?;
    let upload = format!("/uploads/{}", begun["handle"].as_str().context("a handle")?);
    let link = json!({ "expires_in": 60 });
    let amend = json!({ "size_before": 5, "size": 5, "chunk_len": 1 << 20, "keep": "AA==" });
    for (method, asked, path, body) in [
        (Method::GET, "/server", "/api/v1/server", None),
        (Method::GET, "/videos?limit=1", "/api/v1/videos", None),
        (Method::GET, &format!("/videos/{film}"), "/api/v1/videos/{id}", None),
        (Method::POST, &format!("/videos/{film}/links"), "/api/v1/videos/{id}/links", Some(link)),
        (Method::POST, &format!("{upload}/amend"), "/api/v1/uploads/{handle}/amend", Some(amend)),
        (Method::GET, "/uploads", "/api/v1/uploads", None),
        (Method::POST, "/uploads", "/api/v1/uploads", Some(new)),
        (Method::GET, &upload, "/api/v1/uploads/{handle}", None),
        (Method::GET, "/uploads/none", "/api/v1/uploads/{handle}", None),
        (Method::GET, "/videos?limit=many", "/api/v1/videos", None),
        (Method::POST, "/uploads", "/api/v1/uploads", Some(json!({ "id": 7 }))),
    ] {
        holds(&doors.client, &document, ask(method, asked, anna, body)?, path).await?;
    }
    let refused = ask(Method::GET, "/videos", "pawl_wrong", None)?;
    holds(&doors.client, &document, refused, "/api/v1/videos").await?;
    let broken = schema(&document, "/components/schemas/Video")?;
    assert!(!broken.is_valid(&json!({ "id": 7 })), "a schema that takes everything would prove nothing");
    Ok(())
}
