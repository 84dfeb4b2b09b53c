//! Which names and labels the API server takes, and what it says of others. Source: Kubernetes,
//! `apimachinery/pkg/util/validation` and each kind's strategy.
//!
//! Names are checked as their kinds ask; labels, annotations and finalizers as all do.

use super::body::Body;
use super::refusal::Fault;
use crate::cluster::kinds::Kind;

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or \
    '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
    '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must \
    start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
    '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_1035: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an \
    alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for \
    validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or \
    '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex \
    used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const QUALIFIED: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end \
    with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
    '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

/// What is wrong with an object's metadata.
pub(super) fn faults(kind: &Kind, body: &Body) -> Vec<Fault> {
    let mut faults: Vec<Fault> = name(kind, body).into_iter().collect();
    for (key, value) in body.pairs("labels") {
        faults.extend(qualified(key).map(|why| Fault::invalid("metadata.labels", &quoted(key), &why)));
        faults.extend(label_value(value).map(|why| Fault::invalid("metadata.labels", &quoted(value), why)));
    }
    for (key, _) in body.pairs("annotations") {
        let why = qualified(&key.to_lowercase());
        faults.extend(why.map(|why| Fault::invalid("metadata.annotations", &quoted(key), &why)));
    }
    for name in body.texts("finalizers") {
        faults.extend(qualified(name).map(|why| Fault::invalid("metadata.finalizers", &quoted(name), &why)));
    }
    faults
}

/// A text as Go writes it.
pub(super) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

fn name(kind: &Kind, body: &Body) -> Option<Fault> {
    let name = body.text("name");
    if name.is_empty() {
        return Some(Fault::required("metadata.name", "name or generateName is required"));
    }
    let why = match (kind.gvk.group.as_str(), kind.plural.as_str()) {
        ("rbac.authorization.k8s.io", _) => path_segment(name),
        ("", "namespaces") => (!is_label(name)).then(|| of_63(name, LABEL)),
        ("", "services") => (!is_label(name) || !name.starts_with(|c: char| c.is_ascii_lowercase()))
            .then(|| of_63(name, LABEL_1035)),
        _ => subdomain(name),
    };
    why.map(|why| Fault::invalid("metadata.name", &quoted(name), &why))
}

fn of_63(name: &str, rule: &str) -> String {
    if name.len() > 63 { "must be no more than 63 characters".into() } else { rule.into() }
}

fn path_segment(name: &str) -> Option<String> {
    if name == "." || name == ".." {
        return Some(format!("may not be '{name}'"));
    }
    ['/', '%'].into_iter().find(|sign| name.contains(*sign)).map(|sign| format!("may not contain '{sign}'"))
}

fn subdomain(name: &str) -> Option<String> {
    if name.len() > 253 {
        return Some("must be no more than 253 characters".into());
    }
    let is_part = |part: &str| is_edged(part, |c| c.is_ascii_lowercase() || c.is_ascii_digit(), "-");
    (!name.split('.').all(is_part)).then(|| SUBDOMAIN.into())
}

fn is_label(name: &str) -> bool {
    name.len() <= 63 && is_edged(name, |c| c.is_ascii_lowercase() || c.is_ascii_digit(), "-")
}

/// Whether a text begins and ends with such a letter, and has only such and some signs between.
fn is_edged(text: &str, is_letter: impl Fn(char) -> bool, signs: &str) -> bool {
    text.starts_with(&is_letter)
        && text.ends_with(&is_letter)
        && text.chars().all(|c| is_letter(c) || signs.contains(c))
}

fn label_value(value: &str) -> Option<&'static str> {
    if value.len() > 63 {
        return Some("must be no more than 63 characters");
    }
    let is_valid = value.is_empty() || is_edged(value, |c| c.is_ascii_alphanumeric(), "-_.");
    (!is_valid).then_some(LABEL_VALUE)
}

/// `name` or `prefix/name`.
fn qualified(key: &str) -> Option<String> {
    let (prefix, name) = match key.split_once('/') {
        None => (None, key),
        Some((prefix, name)) => (Some(prefix), name),
    };
    match prefix {
        Some("") => return Some("prefix part must be non-empty".into()),
        Some(prefix) => {
            if let Some(why) = subdomain(prefix) {
                return Some(format!("prefix part {why}"));
            }
        }
        None => {}
    }
    if name.is_empty() {
        return Some("name part must be non-empty".into());
    }
    if name.len() > 63 {
        return Some("name part must be no more than 63 characters".into());
    }
    (!is_edged(name, |c| c.is_ascii_alphanumeric(), "-_.")).then(|| QUALIFIED.into())
}
