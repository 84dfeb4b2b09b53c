//! The questions before a plugin's first run: one for each thing that it could use, in plain words.
//!
//! Whoever is not there agreed to nothing. What is not yes is no.

use std::io::{BufRead, IsTerminal, Read, Write};

use engine::module::inspect::ModuleInfo;

use super::grants::{Grant, Granted};

/// The longest answer that is read, in bytes.
const MAX_ANSWER: u64 = 1 << 10;

/// Whoever is asked.
pub trait Person {
    /// Whether they agree; nothing when nobody is there, or they left.
    fn agrees(&mut self, question: &str) -> Option<bool>;
}

/// Whether somebody sits at a terminal: reads what is said there, and types.
#[must_use]
pub fn is_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// The person at the terminal. Questions go to stderr.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminal;

impl Person for Terminal {
    fn agrees(&mut self, question: &str) -> Option<bool> {
        if !is_terminal() {
            return None;
        }
        let mut stderr = std::io::stderr().lock();
        // A kubeconfig's names stand in it: they begin no line of their own.
        let question = engine::visible::visible(question).replace('\n', "␊");
        write!(stderr, "{question} [y/N] ").and_then(|()| stderr.flush()).ok()?;
        let mut answer = String::new();
        let read = std::io::stdin().lock().take(MAX_ANSWER).read_line(&mut answer).ok()?;
        if read == 0 {
            // The line is still theirs.
            let _ = writeln!(stderr);
            return None;
        }
        Some(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
    }
}

/// What a module could use, by what it imports: of anything else nobody is asked.
#[must_use]
pub fn wanted(info: &ModuleInfo) -> Vec<Grant> {
    let has = |module: &str, begin: &str| {
        // One that lists more than anybody reads could use everything.
        info.import_count > info.imports.len() as u64
            || info.imports.iter().any(|import| import.module == module && import.name.starts_with(begin))
    };
    let wasi = "wasi_snapshot_preview1";
    [
        (Grant::Read, has("wasi-outbound-http", "request")),
        (Grant::Write, has("wasi-outbound-http", "request")),
        (Grant::Home, has(wasi, "path_")),
        (Grant::Environment, has(wasi, "environ_get")),
    ]
    .into_iter()
    .filter_map(|(grant, is_wanted)| is_wanted.then_some(grant))
    .collect()
}

/// Asks for what was not answered yet, and notes the answers. `cluster` is what the kubeconfig's current context is
/// called, and `home` the home folder. Gives what nobody answered.
pub fn answered(
    granted: &mut Granted,
    wanted: &[Grant],
    (cluster, home): (&str, &str),
    person: &mut dyn Person,
) -> Vec<Grant> {
    let mut open = Vec::new();
    for grant in wanted {
        if granted.allowed.contains(grant) || granted.refused.contains(grant) {
            continue;
        }
        // Who may not look may not change either, and need not be asked.
        if *grant == Grant::Write && granted.refused.contains(&Grant::Read) {
            continue;
        }
        let question = match grant {
            Grant::Read => format!("May it read from your cluster, as you may ({cluster})?"),
            Grant::Write => "May it change that cluster, as you may?".to_owned(),
            Grant::Home => {
                format!(
                    "May it read and write the files in {home}, with your keys and kubeconfig among them?"
                )
            }
            Grant::Environment => "May it see all your environment variables?".to_owned(),
            Grant::SignIn => "May your kubeconfig sign in as it does for kubectl?".to_owned(),
        };
        match open.is_empty().then(|| person.agrees(&question)).flatten() {
            Some(is_allowed) => granted.answer(*grant, is_allowed),
            None => open.push(*grant),
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives these answers in a row, and leaves.
    struct Says(&'static [bool], Vec<String>);

    impl Person for Says {
        fn agrees(&mut self, question: &str) -> Option<bool> {
            self.1.push(question.to_owned());
            self.0.get(self.1.len() - 1).copied()
        }
    }

    #[test]
    fn each_thing_is_asked_for_once() {
        let all = &[Grant::Read, Grant::Write, Grant::Home, Grant::Environment];
        for (wanted, answers, allowed, open, asked) in [
            (&all[..], &[true, false, false, true][..], "read environment", "", 4),
            (all, &[false, true, false], "home", "", 3),
            (all, &[true], "read", "write home environment", 2),
            (all, &[], "", "read write home environment", 1),
            (&all[2..], &[true, true], "home environment", "", 2),
            (&[], &[], "", "", 0),
        ] {
            let mut person = Says(answers, Vec::new());
            let mut granted = Granted::default();
            let words = |grants: &mut dyn Iterator<Item = &Grant>| {
                grants.map(|grant| grant.name()).collect::<Vec<_>>().join(" ")
            };
            let left = answered(&mut granted, wanted, ("context `a`", "/home/me"), &mut person);
            assert_eq!(words(&mut granted.allowed.iter()), allowed, "{answers:?}");
            assert_eq!((words(&mut left.iter()).as_str(), person.1.len()), (open, asked), "{answers:?}");
            // What was answered is not asked for again.
            let mut again = Says(&[], Vec::new());
            assert_eq!(answered(&mut granted, wanted, ("", ""), &mut again), left);
            assert_eq!(again.1.len(), usize::from(!left.is_empty()));
        }
    }
}
