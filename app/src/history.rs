//! Undo and redo for what is done to a workspace as a whole: steps, modules, files, examples. Typing has the
//! editor's own.

use crate::draft::Draft;

/// How many states are kept: enough for a session of clicks.
const MOST: usize = 50;

/// The most text that is kept, in bytes, over all states: a workspace of ten thousand manifests has some 4 MiB.
const MOST_BYTES: usize = 64 << 20;

/// A state, and what was done to it.
#[derive(Clone, Debug)]
struct State {
    workspace: Draft,
    what: String,
}

/// What was, and what was undone.
#[derive(Clone, Debug, Default)]
pub struct History {
    past: Vec<State>,
    future: Vec<State>,
}

impl History {
    /// Keeps a workspace before something is done to it. `what` says what, as in `Remove step`.
    pub fn record(&mut self, workspace: &Draft, what: &str) {
        self.future.clear();
        self.past.push(State { workspace: workspace.clone(), what: what.to_owned() });
        while self.past.len() > 1 && (self.past.len() > MOST || self.bytes() > MOST_BYTES) {
            self.past.remove(0);
        }
    }

    fn bytes(&self) -> usize {
        let size = |state: &State| state.workspace.files.iter().map(|file| file.text.len()).sum::<usize>();
        self.past.iter().map(size).sum()
    }

    /// The workspace before what was done last; `now` can be come back to.
    pub fn undo(&mut self, now: &Draft) -> Option<Draft> {
        let state = self.past.pop()?;
        self.future.push(State { workspace: now.clone(), what: state.what });
        Some(state.workspace)
    }

    /// The workspace before what was undone last.
    pub fn redo(&mut self, now: &Draft) -> Option<Draft> {
        let state = self.future.pop()?;
        self.past.push(State { workspace: now.clone(), what: state.what });
        Some(state.workspace)
    }

    /// What Undo would undo.
    #[must_use]
    pub fn last(&self) -> Option<&str> {
        self.past.last().map(|state| state.what.as_str())
    }

    /// What Redo would do again.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        self.future.last().map(|state| state.what.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titled(title: &str) -> Draft {
        let mut draft = Draft::empty();
        draft.title = title.into();
        draft
    }

    #[test]
    fn goes_back_and_forth() {
        let mut history = History::default();
        history.record(&titled("a"), "Rename");
        history.record(&titled("b"), "Add a step");
        assert_eq!(history.last(), Some("Add a step"));
        assert_eq!(history.undo(&titled("c")), Some(titled("b")));
        assert_eq!(history.undo(&titled("b")), Some(titled("a")));
        assert_eq!(history.undo(&titled("a")), None);
        assert_eq!(history.redo(&titled("a")), Some(titled("b")));
        assert_eq!(history.redo(&titled("b")), Some(titled("c")));
        assert_eq!(history.next(), None);
    }

    #[test]
    fn a_new_deed_ends_redo() {
        let mut history = History::default();
        history.record(&titled("a"), "x");
        let _ = history.undo(&titled("b"));
        history.record(&titled("a"), "y");
        assert_eq!(history.redo(&titled("c")), None);
    }

    #[test]
    fn keeps_no_more_than_it_may() {
        let mut history = History::default();
        for index in 0..200 {
            history.record(&titled(&index.to_string()), "x");
        }
        assert_eq!(history.past.len(), MOST);
    }
}
