//! What the descriptions of fields say in words: their first sentences, and the values that they list.
//!
//! Refuses to guess: a list counts only when it is one of plain names to its end.

/// Characters of a description that are kept: what a person reads beside a list of completions.
const MOST_CHARACTERS: usize = 300;

/// What stands before a list of values.
const LEADS: &[&str] = &[
    "One of ",
    "one of ",
    "Can be ",
    "can be ",
    "Must be ",
    "Allowed values are ",
    "Valid values are ",
    "Valid options are ",
    "Possible values are ",
    "Supported values are ",
];

/// Values of a list at most; the longest one has nine.
const MOST_VALUES: usize = 12;

/// The first sentences of a description, on one line, at most 300 characters.
pub(super) fn first_sentences(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut kept = String::new();
    for sentence in sentences(&words) {
        if sentence.starts_with("More info") {
            continue;
        }
        if !kept.is_empty() && kept.chars().count() + sentence.chars().count() >= MOST_CHARACTERS {
            break;
        }
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(sentence);
    }
    if kept.chars().count() <= MOST_CHARACTERS {
        return kept;
    }
    let cut: String = kept.chars().take(MOST_CHARACTERS - 1).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words))
}

/// Sentences end with a full stop before a space and a capital.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (place, _) in text.match_indices(". ") {
        let is_end =
            text.get(place + 2..).and_then(|rest| rest.chars().next()).is_some_and(char::is_uppercase);
        if is_end {
            found.extend(text.get(start..=place));
            start = place + 2;
        }
    }
    found.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    found
}

/// The values that a description lists, as in `One of Always, Never, IfNotPresent.`
pub(super) fn values(text: &str) -> Vec<String> {
    for lead in LEADS {
        for (place, _) in text.match_indices(lead) {
            let list = text.get(place + lead.len()..).unwrap_or_default();
            if let Some(found) = list.find(['.', ';', '\n']).and_then(|end| list.get(..end)).and_then(names) {
                return found;
            }
        }
    }
    Vec::new()
}

/// The names in a list such as `A, B, or C`; none unless all of it is names.
fn names(list: &str) -> Option<Vec<String>> {
    let list =
        list.replace(", or ", ", ").replace(", and ", ", ").replace(" or ", ", ").replace(" and ", ", ");
    let found: Vec<String> =
        list.split(", ").map(|part| part.trim().trim_matches(['"', '`', '\'']).to_owned()).collect();
    let is_list = (2..=MOST_VALUES).contains(&found.len()) && found.iter().all(|name| is_name(name));
    is_list.then_some(found)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_kept_whole() {
        for (text, expected) in [
            ("One.", "One."),
            ("One.\n\nTwo  is here. More info: https://example.test/ It goes on.", "One. Two is here."),
            ("e.g. this is one. Two.", "e.g. this is one. Two."),
            ("", ""),
        ] {
            assert_eq!(first_sentences(text), expected, "{text}");
        }
    }

    #[test]
    fn long_ones_are_cut() {
        let long = "word ".repeat(100);
        let kept = first_sentences(&long);
        assert!(kept.chars().count() <= MOST_CHARACTERS && kept.ends_with("word…"), "{kept}");
        let two = format!("First. {}.", "Word".repeat(100));
        assert_eq!(first_sentences(&two), "First.");
    }

    #[test]
    fn values_are_found_where_they_are_listed() {
        for (text, expected) in [
            (
                "Image pull policy. One of Always, Never, IfNotPresent. Defaults to …",
                "Always Never IfNotPresent",
            ),
            ("Can be \"Recreate\" or \"RollingUpdate\". Default is …", "Recreate RollingUpdate"),
            ("Must be UDP, TCP, or SCTP. Defaults", "UDP TCP SCTP"),
            ("Must be a DNS_LABEL. One of True, False, Unknown.", "True False Unknown"),
            ("Must be set.", ""),
            ("exactly one of NodeName, NodeSelector and AllNodes can be set.", ""),
            ("One of `url` or `service` must be specified.", ""),
        ] {
            assert_eq!(values(text).join(" "), expected, "{text}");
        }
    }
}
