//! Patterns of field paths: `spec.*.image`, `**.containers[*].image`, `metadata.name`.
//!
//! `*` stands for one key, `**` for any number of them, `[n]` and `[*]` for elements of a list. A key with a
//! dot in it cannot be named: the catalog splits at every dot, and so does this.

/// A pattern of field paths.
#[derive(Clone, Debug)]
pub(crate) struct PathPattern(String);

impl PathPattern {
    pub(crate) fn new(pattern: String) -> Self {
        Self(pattern)
    }

    /// The pattern as it was given.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it names exactly one field, outside of lists.
    pub(crate) fn is_plain(&self) -> bool {
        self.0.split('.').all(|segment| !segment.is_empty() && !segment.contains(['*', '[']))
    }

    /// Whether a path fits. One row of possible ends of the pattern is carried from key to key, so that many
    /// `**` cost no more than their number.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let pattern: Vec<&str> = self.0.split('.').collect();
        let mut reached = vec![false; pattern.len() + 1];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        skip_stars(&pattern, &mut reached);
        for key in path.split('.') {
            let mut next = vec![false; reached.len()];
            for (index, segment) in pattern.iter().enumerate() {
                if !reached.get(index).copied().unwrap_or_default() {
                    continue;
                }
                // `**` stays where it is; anything else goes on by one.
                let to = if *segment == "**" {
                    Some(index)
                } else {
                    element_matches(key, segment).then_some(index + 1)
                };
                if let Some(slot) = to.and_then(|to| next.get_mut(to)) {
                    *slot = true;
                }
            }
            skip_stars(&pattern, &mut next);
            reached = next;
        }
        reached.last().copied().unwrap_or_default()
    }
}

/// `**` also stands for nothing: wherever it can begin, it can have ended.
fn skip_stars(pattern: &[&str], reached: &mut [bool]) {
    for (index, segment) in pattern.iter().enumerate() {
        if *segment == "**"
            && reached.get(index) == Some(&true)
            && let Some(slot) = reached.get_mut(index + 1)
        {
            *slot = true;
        }
    }
}

/// Whether one key, with its index in a list, fits one segment.
fn element_matches(key: &str, segment: &str) -> bool {
    if key == segment || segment == "*" {
        return true;
    }
    let (Some((name, index)), Some((wanted, wanted_index))) = (key.split_once('['), segment.split_once('['))
    else {
        return false;
    };
    (wanted == "*" || wanted == name) && (wanted_index == "*]" || wanted_index == index)
}

#[cfg(test)]
mod tests {
    use super::PathPattern;

    #[test]
    fn paths_fit_patterns() {
        for (pattern, path, fits) in [
            ("metadata.name", "metadata.name", true),
            ("metadata.name", "metadata.namespace", false),
            ("metadata", "metadata.name", false),
            ("**.name", "metadata.name", true),
            ("**.name", "name", true),
            ("**", "a.b.c", true),
            ("spec.**", "spec", true),
            ("a.*.b.**.b", "a.a.b.c.e.b", true),
            ("a.*.b", "a.b", false),
            ("spec.containers[*].image", "spec.containers[3].image", true),
            ("spec.containers[1].image", "spec.containers[3].image", false),
            ("spec.*[3].image", "spec.containers[3].image", true),
            ("spec.containers.image", "spec.containers[3].image", false),
            ("**.containers[*].image", "spec.template.spec.containers[0].image", true),
            ("**.**.**.x", "a.b.c.d.e.f.g.y", false),
        ] {
            assert_eq!(PathPattern::new(pattern.to_owned()).matches(path), fits, "{pattern} {path}");
        }
    }
}
