//! Label and field selectors as a query carries them. Source: Kubernetes, `apimachinery/pkg/labels` and
//! `apimachinery/pkg/fields`.
//!
//! A selector that the API server would refuse is refused: it never selects by accident.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::Asked;
use super::resource::{Resource, group};

/// What a list selects: by labels and by fields.
#[derive(Debug)]
pub(super) struct Selector {
    labels: Labels,
    fields: Fields,
}

impl Selector {
    /// The selectors of a query, for objects of a resource.
    ///
    /// # Errors
    /// The API server's sentence.
    pub(super) fn of(asked: &Asked, resource: &Resource) -> Result<Self, String> {
        let query = |name: &str| asked.parameter(name).unwrap_or_default();
        let labels = Labels::parse(query("labelSelector"))?;
        let fields = Fields::parse(query("fieldSelector"))?;
        fields.check(resource)?;
        Ok(Self { labels, fields })
    }

    pub(super) fn select(&self, object: &Json) -> bool {
        self.labels.select(object) && self.fields.select(object)
    }
}

/// A selector by labels: all of its requirements must hold.
#[derive(Debug)]
struct Labels(Vec<Requirement>);

#[derive(Debug)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Debug)]
enum Test {
    Exists,
    Absent,
    In(Vec<String>),
    NotIn(Vec<String>),
    /// A whole number that compares so with this one.
    Compares(Ordering, i64),
}

impl Labels {
    fn parse(selector: &str) -> Result<Self, String> {
        let refuse =
            |why: &str| format!("unable to parse requirement: {why} in the label selector {selector:?}");
        let tokens = tokens(selector);
        let mut rest = tokens.as_slice();
        let mut requirements = Vec::new();
        while !rest.is_empty() {
            let (requirement, after) = requirement(rest).map_err(|why| refuse(&why))?;
            requirements.push(requirement);
            rest = match after {
                [] => after,
                [Token::Sign(","), more @ ..] if !more.is_empty() => more,
                [Token::Sign(",")] => return Err(refuse("nothing stands after the last comma")),
                [other, ..] => return Err(refuse(&format!("found {}, expected a comma", other.shown()))),
            };
        }
        Ok(Self(requirements))
    }

    fn select(&self, object: &Json) -> bool {
        let labels = object.pointer("/metadata/labels");
        self.0.iter().all(|it| {
            let value = labels.and_then(|labels| labels.get(&it.key)).and_then(Json::as_str);
            match &it.test {
                Test::Exists => value.is_some(),
                Test::Absent => value.is_none(),
                Test::In(values) => value.is_some_and(|value| values.iter().any(|it| it == value)),
                Test::NotIn(values) => value.is_none_or(|value| values.iter().all(|it| it != value)),
                Test::Compares(order, number) => value
                    .and_then(|value| value.parse::<i64>().ok())
                    .is_some_and(|value| value.cmp(number) == *order),
            }
        })
    }
}

#[derive(Debug, PartialEq)]
enum Token<'a> {
    Word(&'a str),
    Sign(&'a str),
}

impl Token<'_> {
    fn shown(&self) -> String {
        match self {
            Self::Word(text) | Self::Sign(text) => format!("'{text}'"),
        }
    }
}

/// Two signs before their beginnings.
const SIGNS: [&str; 9] = ["==", "!=", "=", "!", ">", "<", "(", ")", ","];

fn tokens(mut rest: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return tokens;
        }
        if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            tokens.push(Token::Sign(sign));
            rest = rest.get(sign.len()..).unwrap_or_default();
            continue;
        }
        let ends = |c: char| c.is_whitespace() || "=!><(),".contains(c);
        let (word, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        tokens.push(Token::Word(word));
        rest = after;
    }
}

type Rest<'a, 'b> = &'b [Token<'a>];

fn requirement<'a, 'b>(tokens: Rest<'a, 'b>) -> Result<(Requirement, Rest<'a, 'b>), String> {
    if let [Token::Sign("!"), rest @ ..] = tokens {
        let (key, rest) = key(rest)?;
        return Ok((Requirement { key, test: Test::Absent }, rest));
    }
    let (key, rest) = key(tokens)?;
    let (test, rest) = match rest {
        [Token::Sign("=" | "=="), rest @ ..] => {
            value(rest).map(|(value, rest)| (Test::In(vec![value]), rest))?
        }
        [Token::Sign("!="), rest @ ..] => {
            value(rest).map(|(value, rest)| (Test::NotIn(vec![value]), rest))?
        }
        [Token::Sign(sign @ (">" | "<")), rest @ ..] => {
            let (value, rest) = value(rest)?;
            let number = value.parse().map_err(|_| format!("'{value}' is no whole number"))?;
            (Test::Compares(if *sign == ">" { Ordering::Greater } else { Ordering::Less }, number), rest)
        }
        [Token::Word("in"), rest @ ..] => values(rest).map(|(values, rest)| (Test::In(values), rest))?,
        [Token::Word("notin"), rest @ ..] => {
            values(rest).map(|(values, rest)| (Test::NotIn(values), rest))?
        }
        [] | [Token::Sign(","), ..] => (Test::Exists, rest),
        [other, ..] => return Err(format!("found {}, expected an operator", other.shown())),
    };
    Ok((Requirement { key, test }, rest))
}

fn key<'a, 'b>(tokens: Rest<'a, 'b>) -> Result<(String, Rest<'a, 'b>), String> {
    match tokens {
        [Token::Word(word), rest @ ..] => {
            let name = word.rsplit('/').next().unwrap_or_default();
            if name.is_empty() || word.matches('/').count() > 1 || !is_plain(&word.replace('/', "")) {
                return Err(format!("'{word}' is no label"));
            }
            Ok(((*word).to_owned(), rest))
        }
        [other, ..] => Err(format!("found {}, expected a label", other.shown())),
        [] => Err("a label is missing".into()),
    }
}

/// A value, which may be empty.
fn value<'a, 'b>(tokens: Rest<'a, 'b>) -> Result<(String, Rest<'a, 'b>), String> {
    match tokens {
        [Token::Word(word), rest @ ..] if is_plain(word) => Ok(((*word).to_owned(), rest)),
        [Token::Word(word), ..] => Err(format!("'{word}' is no value of a label")),
        [] | [Token::Sign(","), ..] => Ok((String::new(), tokens)),
        [other, ..] => Err(format!("found {}, expected a value", other.shown())),
    }
}

/// `(a,b,)`: an empty place is the empty value.
fn values<'a, 'b>(tokens: Rest<'a, 'b>) -> Result<(Vec<String>, Rest<'a, 'b>), String> {
    let [Token::Sign("("), rest @ ..] = tokens else { return Err("'(' is missing".into()) };
    let mut rest = rest;
    let mut values = Vec::new();
    loop {
        let (value, after) = match rest {
            [Token::Sign(")"), ..] => (String::new(), rest),
            _ => value(rest)?,
        };
        values.push(value);
        match after {
            [Token::Sign(","), more @ ..] => rest = more,
            [Token::Sign(")"), more @ ..] => return Ok((values, more)),
            [other, ..] => return Err(format!("found {}, expected ',' or ')'", other.shown())),
            [] => return Err("')' is missing".into()),
        }
    }
}

fn is_plain(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) && word.len() <= 253
}

/// A selector by fields: all of its terms must hold.
#[derive(Debug)]
struct Fields(Vec<Term>);

#[derive(Debug)]
struct Term {
    field: String,
    is_equal: bool,
    value: String,
}

/// The fields that the API server selects by, beside a name and a namespace.
const SELECTABLE: [(&str, &str, &[&str]); 9] = [
    (
        "",
        "pods",
        &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.nominatedNodeName",
        ],
    ),
    (
        "",
        "events",
        &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "source",
            "reportingComponent",
            "type",
        ],
    ),
    ("", "secrets", &["type"]),
    ("", "namespaces", &["status.phase"]),
    ("", "nodes", &["spec.unschedulable"]),
    ("", "services", &["spec.clusterIP", "spec.type"]),
    ("", "replicationcontrollers", &["status.replicas"]),
    ("apps", "replicasets", &["status.replicas"]),
    ("certificates.k8s.io", "certificatesigningrequests", &["spec.signerName"]),
];

impl Fields {
    fn parse(selector: &str) -> Result<Self, String> {
        let terms = split(selector, ',').filter(|term| !term.is_empty());
        terms.map(term).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the API server selects objects of a resource so.
    fn check(&self, resource: &Resource) -> Result<(), String> {
        let of = (group(&resource.api_version), resource.plural.as_str());
        let known = SELECTABLE.iter().find(|(group, plural, _)| (*group, *plural) == of);
        let is_known = |field: &str| {
            field == "metadata.name"
                || (field == "metadata.namespace" && resource.namespaced)
                || known.is_some_and(|(_, _, fields)| fields.contains(&field))
        };
        match self.0.iter().find(|term| !is_known(&term.field)) {
            None => Ok(()),
            Some(term) => Err(format!("field label not supported: {}", term.field)),
        }
    }

    fn select(&self, object: &Json) -> bool {
        self.0.iter().all(|term| {
            let pointer = format!("/{}", term.field.replace('.', "/"));
            let value = match (term.field.as_str(), object.pointer(&pointer)) {
                ("metadata.namespace", None) => "default".to_owned(),
                (_, Some(Json::String(text))) => text.clone(),
                (_, None | Some(Json::Null)) => String::new(),
                (_, Some(other)) => other.to_string(),
            };
            (value == term.value) == term.is_equal
        })
    }
}

/// The parts between a sign that no backslash stands before.
fn split(text: &str, sign: char) -> impl Iterator<Item = &str> {
    let mut is_escaped = false;
    text.split(move |c| {
        let ends = c == sign && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    })
}

fn term(text: &str) -> Result<Term, String> {
    let refuse = || format!("invalid field selector {text:?}: a term is `field=value` or `field!=value`");
    let (field, rest) = text.split_at(text.find(['=', '!']).ok_or_else(refuse)?);
    let (is_equal, value) =
        match (rest.strip_prefix("!="), rest.strip_prefix("==").or(rest.strip_prefix('='))) {
            (Some(value), _) => (false, value),
            (None, Some(value)) => (true, value),
            (None, None) => return Err(refuse()),
        };
    if field.is_empty() || split(value, '=').count() > 1 {
        return Err(refuse());
    }
    let mut plain = String::new();
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        plain.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    Ok(Term { field: field.to_owned(), is_equal, value: plain })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    /// What Kubernetes' own tests say of selectors.
    const TABLE: &str = include_str!("../../tests/cluster/selectors.json");

    fn rows(of: &str, part: &str) -> Vec<Json> {
        let table: Json = serde_json::from_str(TABLE).unwrap();
        table[of][part].as_array().unwrap().clone()
    }

    #[test]
    fn reads_what_the_api_server_reads() {
        for row in rows("labels", "valid") {
            assert!(Labels::parse(row.as_str().unwrap()).is_ok(), "{row}");
        }
        for row in rows("labels", "invalid") {
            assert!(Labels::parse(row.as_str().unwrap()).is_err(), "{row}");
        }
        for row in rows("fields", "valid") {
            assert!(Fields::parse(row.as_str().unwrap()).is_ok(), "{row}");
        }
        for row in rows("fields", "invalid") {
            assert!(Fields::parse(row.as_str().unwrap()).is_err(), "{row}");
        }
    }

    #[test]
    fn selects_what_the_api_server_selects() {
        for row in rows("labels", "match") {
            let object = json!({ "metadata": { "labels": row["labels"] } });
            let labels = Labels::parse(row["selector"].as_str().unwrap()).unwrap();
            assert_eq!(labels.select(&object), row["match"] == true, "{row}");
        }
        for row in rows("fields", "match") {
            let fields = Fields::parse(row["selector"].as_str().unwrap()).unwrap();
            assert_eq!(fields.select(&row["labels"]), row["match"] == true, "{row}");
        }
    }
}
