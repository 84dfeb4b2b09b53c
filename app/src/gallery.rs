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
    /// What it runs: `pipeline` or `request`.
    #[serde(default)]
    pub scenario: String,
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
    /// What runs it, as [`crate::draft::Kind::key`] has it.
    #[serde(default)]
    pub runs: String,
}

/// Examples of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// What they run.
    pub scenario: String,
    /// Its name.
    pub name: String,
    /// Its examples.
    pub cards: Vec<Card>,
}

impl Gallery {
    /// The examples that a search finds, by scenario and group, in order. Every word must be in the title, the group,
    /// the scenario, the tags or what it teaches.
    #[must_use]
    pub fn search(&self, query: &str) -> Vec<Group> {
        let words: Vec<String> = query.split_whitespace().map(str::to_ascii_lowercase).collect();
        let mut groups: Vec<Group> = Vec::new();
        for card in self.examples.iter().filter(|card| card.matches(&words)) {
            let same = |group: &&mut Group| group.name == card.group && group.scenario == card.scenario;
            match groups.iter_mut().find(same) {
                Some(group) => group.cards.push(card.clone()),
                None => groups.push(Group {
                    scenario: card.scenario.clone(),
                    name: card.group.clone(),
                    cards: vec![card.clone()],
                }),
            }
        }
        // What comes first in the gallery's order stays first.
        let order: Vec<String> = groups.iter().map(|group| group.scenario.clone()).collect();
        groups.sort_by_key(|group| order.iter().position(|scenario| *scenario == group.scenario));
        groups
    }
}

impl Card {
    fn matches(&self, words: &[String]) -> bool {
        let text = format!(
            "{} {} {} {} {}",
            self.title,
            self.group,
            self.scenario,
            self.teaches,
            self.tags.join(" ")
        )
        .to_ascii_lowercase();
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
            gallery.search(query).into_iter().flat_map(|group| group.cards).map(|card| card.title).collect()
        };
        assert_eq!(titles(""), ["One", "Three", "Two"]);
        assert_eq!(titles("RUST a thr"), ["Three"]);
        assert_eq!(titles("go"), Vec::<String>::new());
    }
}
