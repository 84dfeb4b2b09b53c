//! The examples that come with the page: what the gallery shows, and how it is searched.

use serde::{Deserialize, Serialize};

/// What the build says of the examples: `examples/index.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gallery {
    /// The examples, in the gallery's order.
    #[serde(rename = "workspaces")]
    pub examples: Vec<Card>,
    /// The guests that pipelines can be made of.
    pub modules: Vec<Guest>,
}

/// One example.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Its folder's name, and its address: `#example/NAME`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it teaches.
    pub teaches: String,
    /// The group it stands in.
    pub group: String,
    /// Words to search by; the first is shown.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// A guest that comes with the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// Its name, and its file's: `examples/NAME.wasm`.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its digest.
    pub sha256: String,
}

impl Gallery {
    /// The examples that a search finds, by group, in order. Every word must be in the title, the group, the
    /// tags or what it teaches.
    #[must_use]
    pub fn search(&self, query: &str) -> Vec<(String, Vec<Card>)> {
        let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
        let mut groups: Vec<(String, Vec<Card>)> = Vec::new();
        for card in self.examples.iter().filter(|card| card.matches(&words)) {
            match groups.iter_mut().find(|(group, _)| *group == card.group) {
                Some((_, cards)) => cards.push(card.clone()),
                None => groups.push((card.group.clone(), vec![card.clone()])),
            }
        }
        groups
    }
}

impl Card {
    fn matches(&self, words: &[String]) -> bool {
        let text =
            format!("{} {} {} {}", self.title, self.group, self.teaches, self.tags.join(" ")).to_lowercase();
        words.iter().all(|word| text.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(title: &str, group: &str) -> Card {
        Card { title: title.into(), group: group.into(), tags: vec!["rust".into()], ..Card::default() }
    }

    #[test]
    fn finds_by_every_word() {
        let gallery = Gallery {
            examples: vec![card("One", "A"), card("Two", "B"), card("Three", "A")],
            modules: vec![],
        };
        let titles = |query: &str| -> Vec<String> {
            gallery.search(query).into_iter().flat_map(|(_, cards)| cards).map(|card| card.title).collect()
        };
        assert_eq!(titles(""), ["One", "Three", "Two"]);
        assert_eq!(titles("RUST a thr"), ["Three"]);
        assert_eq!(titles("go"), Vec::<String>::new());
    }
}
