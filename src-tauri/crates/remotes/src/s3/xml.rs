//! What a store says in XML, read by the elements' local names: not every store sets the namespace.

use roxmltree::{Document, Node};

/// An error's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) code: String,
    pub(super) message: String,
    /// The region that the store wants to be asked in, where it says so.
    pub(super) region: Option<String>,
}

/// A part that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) number: u16,
    pub(super) etag: String,
    pub(super) size: u64,
}

/// An upload that is neither finished nor given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenUpload {
    pub(super) key: String,
    pub(super) id: String,
    /// When it was begun, RFC 3339, where the store says so.
    pub(super) begun: Option<String>,
}

/// One page of a list, and whether more follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) more: bool,
}

/// The error that an answer is, if it is one: also under a status that says success.
pub(super) fn error(text: &str) -> Option<Said> {
    with_root(text, "Error", |root| {
        Some(Said {
            code: field(root, "Code")?.to_owned(),
            message: field(root, "Message").unwrap_or_default().to_owned(),
            region: field(root, "Region").map(str::to_owned),
        })
    })
}

/// A page for people. By its text: there are stores that call their XML `text/html`.
pub(super) fn is_page(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(14).collect::<String>().to_ascii_lowercase();
    start.starts_with("<html") || start.starts_with("<!doctype html")
}

/// The id of an upload that was begun.
pub(super) fn upload_id(text: &str) -> Option<String> {
    with_root(text, "InitiateMultipartUploadResult", |root| field(root, "UploadId").map(str::to_owned))
}

/// Whether an answer says that an object was made.
pub(super) fn is_completed(text: &str) -> bool {
    with_root(text, "CompleteMultipartUploadResult", |root| field(root, "ETag").map(|_| ())).is_some()
}

/// A page of parts, in order.
pub(super) fn parts(text: &str) -> Option<Page<Part>> {
    page(text, "ListPartsResult", "Part", |part| {
        Some(Part {
            number: field(part, "PartNumber")?.parse().ok()?,
            etag: bare(field(part, "ETag")?),
            size: field(part, "Size")?.parse().ok()?,
        })
    })
}

/// A page of open uploads, in the order of their keys.
pub(super) fn uploads(text: &str) -> Option<Page<OpenUpload>> {
    page(text, "ListMultipartUploadsResult", "Upload", |upload| {
        Some(OpenUpload {
            key: field(upload, "Key")?.to_owned(),
            id: field(upload, "UploadId")?.to_owned(),
            begun: field(upload, "Initiated").map(str::to_owned),
        })
    })
}

/// The first object of a list that has bytes.
pub(super) fn first_object(text: &str) -> Option<Option<String>> {
    with_root(text, "ListBucketResult", |root| {
        let objects = root.children().filter(|node| is(*node, "Contents"));
        let full = |object: &Node<'_, '_>| field(*object, "Size").is_some_and(|size| size != "0");
        Some(objects.filter(full).find_map(|object| field(object, "Key").map(str::to_owned)))
    })
}

/// The request that finishes: every part with its ETag.
pub(super) fn completion<'a>(etags: impl Iterator<Item = &'a str>) -> String {
    let parts = etags.zip(1..).map(|(etag, number)| {
        // Quotes need no escape in text; what else an ETag may hold is refused before.
        format!("<Part><PartNumber>{number}</PartNumber><ETag>\"{etag}\"</ETag></Part>")
    });
    format!("<CompleteMultipartUpload>{}</CompleteMultipartUpload>", parts.collect::<String>())
}

/// An ETag without its quotes.
pub(super) fn bare(etag: &str) -> String {
    etag.trim().trim_matches('"').to_owned()
}

fn page<T>(text: &str, root: &str, item: &str, read: impl Fn(Node<'_, '_>) -> Option<T>) -> Option<Page<T>> {
    with_root(text, root, |root| {
        let items: Option<Vec<T>> = root.children().filter(|node| is(*node, item)).map(read).collect();
        Some(Page { items: items?, more: field(root, "IsTruncated") == Some("true") })
    })
}

fn with_root<T>(text: &str, name: &str, read: impl FnOnce(Node<'_, '_>) -> Option<T>) -> Option<T> {
    // A long-running answer begins with spaces that keep the connection awake.
    let document = Document::parse(text.trim()).ok()?;
    // Some end a root's name differently: `ListPartsResponse`.
    let stem = name.trim_end_matches("Result");
    Some(document.root_element()).filter(|root| root.tag_name().name().starts_with(stem)).and_then(read)
}

fn field<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.children().find(|child| is(*child, name)).map(|child| child.text().unwrap_or_default())
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_under_any_status_and_after_spaces() {
        let text =
            "  \n<Error><Code>SlowDown</Code><Message>Reduce your rate</Message><RequestId>7</RequestId></Error>";
        let said = error(text).expect("an error");
        assert_eq!((said.code.as_str(), said.message.as_str()), ("SlowDown", "Reduce your rate"), "its own words");
        assert_eq!((error(""), error("<html>"), error("<Code>x</Code>")), (None, None, None), "nothing else is one");
        assert!(!is_completed(text), "an error makes no object");
    }

    #[test]
    fn a_page_is_told_by_its_text() {
        for page in ["<html><body>", " \n<!DOCTYPE HTML PUBLIC", "<!doctype html>"] {
            assert!(is_page(page), "{page}");
        }
        for other in ["", "<?xml version=\"1.0\"?><ListPartsResult/>", "<Error/>", "ä"] {
            assert!(!is_page(other), "{other}");
        }
    }

    #[test]
    fn lists_are_read_with_a_namespace_and_without() {
        let inner = "<IsTruncated>true</IsTruncated><Part><PartNumber>3</PartNumber><ETag>&quot;ab&quot;</ETag><Size>7</Size></Part>";
        let part = Part { number: 3, etag: "ab".to_owned(), size: 7 };
        let namespace = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
        for (root, namespace) in [("ListPartsResult", namespace), ("ListPartsResult", ""), ("ListPartsResponse", "")] {
            let page = parts(&format!("<{root}{namespace}>{inner}</{root}>"));
            assert_eq!(page, Some(Page { items: vec![part.clone()], more: true }), "{root}{namespace}");
        }
        let broken = "<ListPartsResult><Part><PartNumber>three</PartNumber></Part></ListPartsResult>";
        assert_eq!(parts(broken), None, "a part that cannot be read is not left out in silence");
    }

    #[test]
    fn a_completion_numbers_its_parts_from_one() {
        let text = completion(["aa", "bb"].into_iter());
        assert!(text.contains("<PartNumber>2</PartNumber><ETag>\"bb\"</ETag>"), "the second part is number 2: {text}");
    }
}
