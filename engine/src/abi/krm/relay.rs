//! Functions in a row over one `ResourceList`, for an orchestrator that is somebody else: kpt or kustomize.
//!
//! It hands on what each function answered, annotations and all: whose file an item is, and what is written, is the
//! orchestrator's to say. Only what would lose everything silently is refused.

use manifest::{Limits, Node, SequenceIndent, Value};

use super::accept::{Answer, exited};
use super::answer::{self, Refusal};
use super::config::{self, cause};
use super::document;
use crate::report::{Outcome, OutcomeKind};
use crate::request::{ListVersion, PipelineStep};
use crate::words;

/// A list between functions.
#[derive(Clone, Debug)]
pub struct Relay {
    version: Node,
    items: Vec<Node>,
    config: Option<Node>,
    results: Vec<Node>,
}

impl Relay {
    /// Reads the list that the orchestrator gives. Results that it holds stay, before those that follow.
    ///
    /// # Errors
    /// [`OutcomeKind::Invalid`] when the text does not parse or is no `ResourceList`.
    pub fn read(text: &str) -> Result<Self, Outcome> {
        let refuse =
            |cause: String| Outcome::new(OutcomeKind::Invalid, format!("the input {cause}")).with_hint(INPUT);
        let usual = Limits::default();
        // How long the input may be is the caller's to say.
        let limits =
            Limits { max_bytes: text.len(), max_depth: usual.max_depth + answer::LIST_DEPTH, ..usual };
        let documents = manifest::parse(text, &limits)
            .map_err(|error| refuse(format!("does not parse: {}", cause(&error))))?;
        let mut roots = documents.into_iter().filter(|it| !it.is_empty).map(|document| document.root);
        let list = match (roots.next(), roots.next()) {
            (None, _) => return Err(refuse("is empty".into())),
            (Some(list), None) if answer::kind(&list) == "ResourceList" => list,
            _ => return Err(refuse("is no ResourceList".into())),
        };
        let mut list = list;
        let items = match list.remove("items").map(|items| (items.is_null(), items.value)) {
            Some((_, Value::Sequence(items))) => items,
            None | Some((true, _)) => Vec::new(),
            Some(_) => return Err(refuse("has `items` that are no list".into())),
        };
        Ok(Self {
            version: list.remove("apiVersion").unwrap_or_else(|| Node::string(ListVersion::V1.api_version())),
            items,
            config: list.remove("functionConfig").filter(|config| !config.is_null()),
            results: list.remove("results").map(listed).unwrap_or_default(),
        })
    }

    /// What the next function reads. `config` stands in for the list's own `functionConfig`.
    ///
    /// # Errors
    /// [`OutcomeKind::Invalid`] when `config` is no KRM object.
    pub fn stdin(&self, module: &str, config: Option<&str>) -> Result<String, Outcome> {
        let config = match config {
            None => self.config.clone(),
            Some(text) => {
                let step = PipelineStep {
                    module: module.to_owned(),
                    config: text.to_owned(),
                    ..PipelineStep::default()
                };
                config::read(&step, 0)?.0
            }
        };
        Ok(self.write(config, &[]))
    }

    /// Takes a function's answer, and gives what to say about it. `subject` begins the sentence of a refusal.
    ///
    /// # Errors
    /// `Exited` for an exit code other than 0, and `Malformed` for an answer that cannot be used. The results are
    /// taken in either case, the items in none.
    pub fn take(&mut self, subject: &str, answer: &Answer<'_>) -> Result<Vec<String>, Outcome> {
        let mut list = answer::read(answer.stdout);
        let mut errors = Vec::new();
        if let Ok(Some(list)) = &mut list {
            let results = list.results.take().map(listed).unwrap_or_default();
            errors = results.iter().filter_map(error).collect();
            self.results.extend(results);
        }
        match answer.exit {
            Some(0) => {}
            Some(code) => return Err(exited(subject, code, &errors, answer.stderr)),
            None => {
                return Err(Outcome::new(OutcomeKind::Trapped, format!("{subject} did not come to its end")));
            }
        }
        let refuse = |refusal: Refusal| {
            Outcome::new(OutcomeKind::Malformed, format!("{subject} {}", refusal.cause))
                .with_hint(refusal.hint)
        };
        match list.map_err(refuse)? {
            Some(list) => {
                if let Some(cause) = list.items.iter().find_map(|item| document::identify(item, "").err()) {
                    let cause = format!("answered with an item that {cause}");
                    return Err(refuse(Refusal::new(
                        cause,
                        "every item needs `apiVersion`, `kind` and `metadata.name`",
                    )));
                }
                self.items = list.items;
                Ok(list.notes)
            }
            None if self.items.is_empty() => {
                Ok(vec!["it printed nothing, where it should print the list".into()])
            }
            None => {
                let count = words::count(self.items.len() as u64, "resource");
                let cause = format!("printed nothing, which would delete the {count} that it was given");
                Err(refuse(Refusal::new(
                    cause,
                    "print the ResourceList to stdout, also when nothing changes",
                )))
            }
        }
    }

    /// The same with the results of another state of it: what is known when a later function failed.
    #[must_use]
    pub fn with_results_of(mut self, later: Self) -> Self {
        self.results = later.results;
        self
    }

    /// The list as the orchestrator takes it: the items as the last function left them, the configuration as it
    /// was given, and the results of all functions.
    #[must_use]
    pub fn list(&self) -> String {
        self.write(self.config.clone(), &self.results)
    }

    fn write(&self, config: Option<Node>, results: &[Node]) -> String {
        let mut list = Node::mapping();
        list.set("apiVersion", self.version.clone());
        list.set("kind", Node::string("ResourceList"));
        list.set("items", Node::sequence(self.items.clone()));
        if let Some(config) = config {
            list.set("functionConfig", config);
        }
        if !results.is_empty() {
            list.set("results", Node::sequence(results.to_vec()));
        }
        manifest::emit(&list, SequenceIndent::Compact)
    }
}

/// The way out of an input that is no list.
const INPUT: &str = "kpt and kustomize give a ResourceList; `kpt fn source DIR` prints one";

/// The results of a list, also in kpt's older form, a mapping with `items`.
fn listed(results: Node) -> Vec<Node> {
    match results.value {
        Value::Sequence(items) => items,
        Value::Mapping(_) => match results.get("items").map(|items| &items.value) {
            Some(Value::Sequence(items)) => items.clone(),
            _ => Vec::new(),
        },
        Value::Scalar(_) => Vec::new(),
    }
}

/// The message of a result that is an error.
fn error(result: &Node) -> Option<String> {
    let text = |key| result.get(key).and_then(Node::scalar_text);
    text("severity").filter(|severity| severity.eq_ignore_ascii_case("error"))?;
    text("message").map(str::to_owned)
}
