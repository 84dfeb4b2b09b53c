//! Knows the tokens of a list, as the API server's `--token-auth-file` does, and for whom each is.

use policy::{Failure, Identity, TokenReview, UserInfo};
use serde::Deserialize;

/// The list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The API server's own file: lines of `token,user,uid,"group1,group2"`, where the groups may be left out.
    tokens: String,
    /// Whom the tokens are for. Default: the API server itself.
    #[serde(default)]
    audiences: Vec<String>,
}

policy::export!(authn = identify);

/// Finds the token's line.
fn identify(review: &TokenReview, settings: &Settings) -> Result<Identity, Failure> {
    let mut found = Identity::unknown();
    for (index, line) in settings.tokens.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let columns = columns(line);
        let [token, user, uid, rest @ ..] = columns.as_slice() else {
            return Err(format!("line {}: three columns are needed: token, user, uid", index + 1).into());
        };
        if token.is_empty() || user.is_empty() {
            return Err(format!("line {}: the token and the user must not be empty", index + 1).into());
        }
        if is_equal(token, &review.token) {
            let groups = rest.first().map(String::as_str).unwrap_or_default();
            let groups = groups.split(',').map(str::trim).filter(|group| !group.is_empty());
            let user = UserInfo {
                username: user.clone(),
                uid: uid.clone(),
                groups: groups.map(str::to_owned).collect(),
                ..UserInfo::default()
            };
            found = Identity::user(user).for_audiences(settings.audiences.clone());
        }
    }
    Ok(found)
}

/// Compares without a hint in the time it takes how much of a token was right.
fn is_equal(left: &str, right: &str) -> bool {
    let differ = left.bytes().zip(right.bytes()).fold(0, |differ, (left, right)| differ | (left ^ right));
    left.len() == right.len() && differ == 0
}

/// The columns of a line, in quotes or not. A quote inside quotes is written twice.
fn columns(line: &str) -> Vec<String> {
    let mut columns = vec![String::new()];
    let mut is_quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let Some(column) = columns.last_mut() else { break };
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                column.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => columns.push(String::new()),
            other => column.push(other),
        }
    }
    columns.iter().map(|column| column.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn columns_may_be_quoted() {
        for (line, expected) in [
            ("a,b,c", vec!["a", "b", "c"]),
            ("a, b ,c,\"d,e\"", vec!["a", "b", "c", "d,e"]),
            ("a,\"say \"\"hi\"\"\",c,", vec!["a", "say \"hi\"", "c", ""]),
            ("", vec![""]),
        ] {
            assert_eq!(columns(line), expected, "{line}");
        }
    }
}
