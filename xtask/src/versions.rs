//! Reading versions: from lock files, from settings, from what programs print.
//!
//! Refuses to parse more of TOML than the lines it needs: a parser would be the largest thing in this crate.

/// The version of `name` in the text of a `Cargo.lock`.
///
/// # Errors
/// When the package is not there, or there in several versions.
pub(crate) fn locked(lock: &str, name: &str) -> Result<String, String> {
    let wanted = format!("name = \"{name}\"");
    let mut found = Vec::new();
    let mut lines = lock.lines();
    while let Some(line) = lines.next() {
        if line == wanted
            && let Some(version) = lines.next().and_then(|next| quoted(next, "version"))
        {
            found.push(version);
        }
    }
    match found.as_slice() {
        [version] => Ok((*version).to_owned()),
        [] => Err(format!("Cargo.lock has no package `{name}`")),
        several => Err(format!("Cargo.lock has `{name}` in several versions: {}", several.join(", "))),
    }
}

/// The value of `key = "value"` on this line.
pub(crate) fn quoted<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let value = line.trim().strip_prefix(key)?.trim_start().strip_prefix('=')?.trim_start();
    value.strip_prefix('"')?.split('"').next()
}

/// The value of the first `key = "value"` line of a settings file.
///
/// # Errors
/// When there is none.
pub(crate) fn setting(text: &str, file: &str, key: &str) -> Result<String, String> {
    text.lines()
        .find_map(|line| quoted(line, key))
        .map(str::to_owned)
        .ok_or_else(|| format!("{file} has no line `{key} = \"…\"`"))
}

/// The first thing that looks like a version in what a program printed: `trunk 0.21.14`, `v20.19.1`,
/// `go version go1.24.1 linux/amd64`.
pub(crate) fn printed(text: &str) -> Option<String> {
    text.split_whitespace().find_map(|word| {
        let version = word.trim_start_matches(|c: char| !c.is_ascii_digit());
        let is_version = version.contains('.')
            && version.split(['.', '-', '+']).next().is_some_and(|part| part.parse::<u32>().is_ok());
        is_version.then(|| version.to_owned())
    })
}

/// Whether a version is at least `major.minor`.
pub(crate) fn at_least(version: &str, major: u32, minor: u32) -> bool {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    found >= (major, minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n\n\
        [[package]]\nname = \"syn\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"syn\"\nversion = \"2.0.0\"\n\
        dependencies = [\n \"wasm-bindgen-macro\",\n]\n";

    #[test]
    fn lock_files_are_read() {
        assert_eq!(locked(LOCK, "wasm-bindgen").unwrap(), "0.2.130");
        assert_eq!(
            locked(LOCK, "wasm-bindgen-macro").unwrap_err(),
            "Cargo.lock has no package `wasm-bindgen-macro`"
        );
        assert_eq!(
            locked(LOCK, "syn").unwrap_err(),
            "Cargo.lock has `syn` in several versions: 1.0.0, 2.0.0"
        );
    }

    #[test]
    fn settings_are_read() {
        let text = "trunk-version = \"=0.21.14\" # why\n[tools]\nwasm_opt = \"version_132\"\n";
        assert_eq!(setting(text, "Trunk.toml", "trunk-version").unwrap(), "=0.21.14");
        assert_eq!(setting(text, "Trunk.toml", "wasm_opt").unwrap(), "version_132");
        assert!(setting(text, "Trunk.toml", "wasm").is_err());
    }

    #[test]
    fn printed_versions_are_found() {
        for (text, version) in [
            ("trunk 0.21.14\n", Some("0.21.14")),
            ("wasm-bindgen 0.2.130", Some("0.2.130")),
            ("v20.19.1", Some("20.19.1")),
            ("go version go1.27.3 linux/amd64", Some("1.27.3")),
            ("cargo-deny 0.20.2", Some("0.20.2")),
            ("command not found", None),
        ] {
            assert_eq!(printed(text).as_deref(), version, "{text}");
        }
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        for (version, expected) in
            [("1.24", true), ("1.9.9", false), ("1.100.1", true), ("2.0", true), ("0.99", false)]
        {
            assert_eq!(at_least(version, 1, 24), expected, "{version}");
        }
    }
}
