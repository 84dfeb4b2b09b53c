//! Every case: what was recorded is what happens.

use crate::case::{Case, all, is_update, lock, run, write};

#[test]
fn every_case_is_as_recorded() {
    let _lock = lock();
    let mut failures = Vec::new();
    for (path, case) in all() {
        let (found, _) = run(&case);
        if found == case.expect {
            continue;
        }
        if is_update() {
            write(&path, &Case { expect: found, ..case });
            continue;
        }
        let (found, expected) = (serde_yaml::to_string(&found), serde_yaml::to_string(&case.expect));
        failures.push(format!(
            "{}\nfound:\n{}\nexpected:\n{}",
            path.display(),
            found.unwrap(),
            expected.unwrap()
        ));
    }
    assert!(failures.is_empty(), "{}\nUPDATE=1 rewrites what is expected", failures.join("\n"));
}
