//! Patterns of file paths: `*` and `?` within a folder, `**` over folders, `[a-c]`, `{one,two}` and `\` before
//! a character that is meant itself.
//!
//! A pattern that is not closed matches nothing.

/// The most a `{…}` may unfold to; more would be a way to spend the host's time on a few bytes.
const MAX_ALTERNATIVES: usize = 256;

/// Whether a path fits a pattern.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let folders: Vec<&str> = path.split('/').collect();
    unfold(pattern).iter().any(|pattern| {
        let pattern: Vec<&str> = pattern.split('/').collect();
        match_folders(&pattern, &folders)
    })
}

/// Whether folders fit: dynamic programming over how much of the pattern can have been used.
fn match_folders(pattern: &[&str], folders: &[&str]) -> bool {
    let mut reached = vec![false; folders.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for segment in pattern {
        let mut next = vec![false; reached.len()];
        for (index, _) in reached.iter().enumerate().filter(|(_, reached)| **reached) {
            if *segment == "**" {
                next.iter_mut().skip(index).for_each(|slot| *slot = true);
            } else if folders.get(index).is_some_and(|folder| match_name(segment, folder))
                && let Some(slot) = next.get_mut(index + 1)
            {
                *slot = true;
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or_default()
}

/// Whether one name fits: the last `*` takes a character more whenever what follows it does not fit.
fn match_name(pattern: &str, name: &str) -> bool {
    let (mut pattern, mut name) = (pattern, name);
    let mut retry: Option<(&str, &str)> = None;
    loop {
        if let Some(rest) = pattern.strip_prefix('*') {
            retry = Some((rest, name));
            pattern = rest;
            continue;
        }
        if pattern.is_empty() && name.is_empty() {
            return true;
        }
        if let Some((rest_of_pattern, rest_of_name)) = match_one(pattern, name) {
            (pattern, name) = (rest_of_pattern, rest_of_name);
            continue;
        }
        let Some((after_star, from)) = retry else { return false };
        let mut longer = from.chars();
        if longer.next().is_none() {
            return false;
        }
        retry = Some((after_star, longer.as_str()));
        (pattern, name) = (after_star, longer.as_str());
    }
}

/// Takes one character of a name and what stands for it in the pattern.
fn match_one<'a>(pattern: &'a str, name: &'a str) -> Option<(&'a str, &'a str)> {
    let (mut pattern, mut name) = (pattern.chars(), name.chars());
    let found = name.next()?;
    match pattern.next()? {
        '?' => {}
        '[' => {
            let (class, rest) = pattern.as_str().split_once(']')?;
            return class_holds(class, found).then_some((rest, name.as_str()));
        }
        '\\' => {
            if pattern.next()? != found {
                return None;
            }
        }
        wanted if wanted == found => {}
        _ => return None,
    }
    Some((pattern.as_str(), name.as_str()))
}

/// Whether `a-cx` or `^a-c` holds a character.
fn class_holds(class: &str, found: char) -> bool {
    let (negated, class) = match class.strip_prefix(['^', '!']) {
        Some(rest) => (true, rest),
        None => (false, class),
    };
    let mut characters = class.chars();
    let mut held = false;
    while let Some(from) = characters.next() {
        let mut ahead = characters.clone();
        let to = match (ahead.next(), ahead.next()) {
            (Some('-'), Some(to)) => {
                characters = ahead;
                to
            }
            _ => from,
        };
        held |= (from..=to).contains(&found);
    }
    held != negated
}

/// Unfolds the first `{a,b}` of a pattern, then those of what came out, up to [`MAX_ALTERNATIVES`].
fn unfold(pattern: &str) -> Vec<String> {
    let mut open = vec![pattern.to_owned()];
    let mut done = Vec::new();
    while let Some(pattern) = open.pop() {
        if open.len() + done.len() >= MAX_ALTERNATIVES {
            return Vec::new();
        }
        let parts = pattern.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
        let Some((before, (alternatives, after))) = parts else {
            done.push(pattern);
            continue;
        };
        open.extend(alternatives.split(',').map(|alternative| format!("{before}{alternative}{after}")));
    }
    done
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn paths_fit_patterns() {
        for (pattern, path, fits) in [
            ("web.yaml", "web.yaml", true),
            ("*.yaml", "web.yaml", true),
            ("*.yaml", "app/web.yaml", false),
            ("**/*.yaml", "web.yaml", true),
            ("**/*.yaml", "a/b/web.yaml", true),
            ("app/**", "app/a/web.yaml", true),
            ("app/**", "web.yaml", false),
            ("a*b*c.yaml", "aXbbYc.yaml", true),
            ("w?b.yaml", "web.yaml", true),
            ("[v-x]eb.yaml", "web.yaml", true),
            ("[^v-x]eb.yaml", "web.yaml", false),
            ("{web,db}.yaml", "db.yaml", true),
            ("{web,db}.{yaml,yml}", "db.yml", true),
            ("\\*.yaml", "web.yaml", false),
            ("[web.yaml", "web.yaml", false),
            ("{web.yaml", "web.yaml", false),
        ] {
            assert_eq!(matches(pattern, path), fits, "{pattern} {path}");
        }
    }
}
