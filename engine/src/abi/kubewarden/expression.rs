//! A group's expression: which members must say yes, such as `signed() && (reviewed() || !urgent())`.
//!
//! It knows calls without arguments, `&&`, `||`, `!`, parentheses, `true` and `false`, and nothing else: what the
//! policy server's evaluator would compute beside that is refused with its place.

use std::collections::BTreeMap;

/// The deepest nesting: nobody writes a deeper one.
const MAX_DEPTH: usize = 64;

/// The longest expression, in bytes.
const MAX_BYTES: usize = 16 << 10;

/// An expression, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expression {
    Literal(bool),
    Member(String),
    Not(Box<Expression>),
    /// All of them, in this order.
    All(Vec<Expression>),
    /// Any of them, in this order.
    Any(Vec<Expression>),
}

/// What evaluating comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Known(bool),
    /// It hangs on a member that was not asked yet.
    Asks(&'a str),
}

impl Expression {
    /// Reads an expression over the members of these names.
    ///
    /// # Errors
    /// Says what is wrong, and at which character.
    pub(crate) fn parse(text: &str, is_member: impl Fn(&str) -> bool) -> Result<Self, String> {
        if text.len() > MAX_BYTES {
            return Err(format!("it is longer than {MAX_BYTES} bytes"));
        }
        let mut parser = Parser { text, at: 0, is_member };
        let expression = parser.any(0)?;
        match parser.peek() {
            None => Ok(expression),
            Some(found) => Err(parser.refuse(&format!("found `{found}`, expected `&&`, `||` or the end"))),
        }
    }

    /// What it comes to, as far as members are known. A member that does not matter is not asked.
    pub(crate) fn value(&self, known: &BTreeMap<String, bool>) -> Value<'_> {
        match self {
            Self::Literal(value) => Value::Known(*value),
            Self::Member(name) => known.get(name).map_or(Value::Asks(name), |value| Value::Known(*value)),
            Self::Not(inner) => match inner.value(known) {
                Value::Known(value) => Value::Known(!value),
                asks => asks,
            },
            Self::All(items) => Self::row(items, true, known),
            Self::Any(items) => Self::row(items, false, known),
        }
    }

    /// The first of a row that is not `passed`, which all of them are otherwise.
    fn row<'a>(items: &'a [Self], passed: bool, known: &BTreeMap<String, bool>) -> Value<'a> {
        let passed = Value::Known(passed);
        items.iter().map(|item| item.value(known)).find(|value| *value != passed).unwrap_or(passed)
    }
}

struct Parser<'a, F> {
    text: &'a str,
    at: usize,
    is_member: F,
}

impl<'a, F: Fn(&str) -> bool> Parser<'a, F> {
    fn rest(&mut self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed
    }

    fn peek(&mut self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, sign: &str) -> bool {
        let is_there = self.rest().starts_with(sign);
        if is_there {
            self.at += sign.len();
        }
        is_there
    }

    fn refuse(&self, cause: &str) -> String {
        let before = self.text.get(..self.at).unwrap_or_default();
        format!("at character {}: {cause}", before.chars().count() + 1)
    }

    fn any(&mut self, depth: usize) -> Result<Expression, String> {
        self.row("||", depth, Self::all, Expression::Any)
    }

    fn all(&mut self, depth: usize) -> Result<Expression, String> {
        self.row("&&", depth, Self::one, Expression::All)
    }

    fn row(
        &mut self,
        sign: &str,
        depth: usize,
        item: fn(&mut Self, usize) -> Result<Expression, String>,
        whole: fn(Vec<Expression>) -> Expression,
    ) -> Result<Expression, String> {
        let first = item(self, depth)?;
        let mut items = vec![first];
        while self.take(sign) {
            items.push(item(self, depth)?);
        }
        match items.pop() {
            Some(only) if items.is_empty() => Ok(only),
            last => {
                items.extend(last);
                Ok(whole(items))
            }
        }
    }

    fn one(&mut self, depth: usize) -> Result<Expression, String> {
        if depth >= MAX_DEPTH {
            return Err(self.refuse("it is nested too deeply"));
        }
        if self.take("!") {
            return Ok(Expression::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.take("(") {
            let inner = self.any(depth + 1)?;
            return if self.take(")") { Ok(inner) } else { Err(self.refuse("a `)` is missing")) };
        }
        self.member()
    }

    fn member(&mut self) -> Result<Expression, String> {
        let rest = self.rest();
        let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
        let name = rest.split(ends).next().unwrap_or_default();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            let found = rest.chars().next().map_or("the end".to_owned(), |c| format!("`{c}`"));
            return Err(self.refuse(&format!("found {found}, expected a member such as `signed()`")));
        }
        if let "true" | "false" = name {
            self.at += name.len();
            return Ok(Expression::Literal(name == "true"));
        }
        if !(self.is_member)(name) {
            return Err(self.refuse(&format!("`policies` has no `{name}`")));
        }
        self.at += name.len();
        if self.take("(") && self.take(")") {
            return Ok(Expression::Member(name.to_owned()));
        }
        Err(self.refuse(&format!("a member is called without arguments: `{name}()`")))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn parse(text: &str) -> Result<Expression, String> {
        Expression::parse(text, |name| ["a", "b", "c_1"].contains(&name))
    }

    /// Evaluates with members that say yes when they are named, and tells who was asked.
    fn run(text: &str, yes: &[&str]) -> (bool, String) {
        let expression = parse(text).unwrap();
        let (mut known, mut asked) = (BTreeMap::new(), Vec::new());
        loop {
            match expression.value(&known) {
                Value::Known(value) => return (value, asked.join(" ")),
                Value::Asks(name) => {
                    known.insert(name.to_owned(), yes.contains(&name));
                    asked.push(name.to_owned());
                }
            }
        }
    }

    #[test]
    fn asks_only_what_matters() {
        for (text, yes, value, asked) in [
            ("a()", &["a"][..], true, "a"),
            (" a ( ) ", &[], false, "a"),
            ("a() && b()", &["b"], false, "a"),
            ("a() || b()", &["b"], true, "a b"),
            ("a() || b()", &["a"], true, "a"),
            ("a() && (b() || !c_1())", &["a"], true, "a b c_1"),
            ("a() || b() && c_1()", &["b", "c_1"], true, "a b c_1"),
            ("!(a() || b())", &[], true, "a b"),
            ("!!a() && a()", &["a"], true, "a"),
            ("true || a()", &[], true, ""),
            ("false && a() || b()", &["b"], true, "b"),
        ] {
            assert_eq!(run(text, yes), (value, asked.to_owned()), "{text}");
        }
    }

    #[test]
    fn refuses_with_the_place() {
        let deep = format!("{}a()", "!".repeat(100));
        for (text, cause) in [
            ("", "at character 1: found the end, expected a member"),
            ("a", "at character 2: a member is called without arguments: `a()`"),
            ("a(1)", "a member is called without arguments"),
            ("d()", "at character 1: `policies` has no `d`"),
            ("a() &&", "at character 7: found the end"),
            ("a() b()", "at character 5: found `b`, expected `&&`, `||` or the end"),
            ("(a()", "a `)` is missing"),
            ("a() & b()", "found `&`"),
            ("1 + 1", "found `1`"),
            ("a() == b()", "found `=`"),
            (deep.as_str(), "it is nested too deeply"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(cause), "{text}: {error}");
        }
    }
}
