//! One expression: read, bounded, and made safe to evaluate.
//!
//! The library that evaluates has no budget, answers `false` for a field of what is no object, and ends the whole
//! program at a message literal. So the tree is rewritten before it runs: each loop's step and each value that is
//! made is charged, fields are looked up here, and what cannot be evaluated is refused.

use std::sync::Arc;

use kube_cel::cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, LiteralValue, operators};
use kube_cel::cel::parser::Parser;
use kube_cel::cel::{ExecutionError, Value};

use super::cost::{Cost, OUT_OF_BUDGET};
use super::functions::{self, AT, FIELDS, FORMAT, HAS, PATTERN, SIZE, STEP};
use super::nesting;
use super::values::{self, NAMES, Variables};

/// The longest expression, in bytes.
const MAX_BYTES: usize = 16 << 10;

/// The most operators, dots and brackets: each may nest what stands before it, and reading goes as deep.
const MAX_OPERATORS: usize = 400;

/// How deep brackets may nest, for the same reason.
const MAX_BRACKETS: usize = 24;

/// How deep the tree may be, which is evaluated on the host's own stack.
const MAX_DEPTH: usize = 32;

/// An expression that can be evaluated.
#[derive(Debug)]
pub(super) struct Expression {
    text: String,
    tree: IdedExpr,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// Why the API server would not take it, or it cannot be evaluated here.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("Required value".into());
        }
        let invalid = |cause: &str| format!("Invalid value: {:?}: {cause}", cut(text));
        if text.len() > MAX_BYTES {
            return Err(format!("the expression is longer than {MAX_BYTES} bytes"));
        }
        let (brackets, operators) = nesting::of(text).map_err(|cause| invalid(&cause))?;
        if operators > MAX_OPERATORS {
            return Err(invalid(&format!("it has more than {MAX_OPERATORS} operators")));
        }
        if brackets > MAX_BRACKETS {
            return Err(invalid(&format!("it nests more than {MAX_BRACKETS} brackets")));
        }
        let mut tree = Parser::new().parse(text).map_err(|errors| {
            let first = errors.errors.first().map(|error| error.msg.clone()).unwrap_or_default();
            invalid(&format!("compilation failed: {first}"))
        })?;
        let mut scope = Vec::new();
        rewrite(&mut tree, &mut scope, 0).map_err(|cause| invalid(&cause))?;
        Ok(Self { text: text.to_owned(), tree })
    }

    /// As it was written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// What kept it from being evaluated to a boolean.
    pub(super) fn evaluate(&self, variables: &Arc<Variables>, cost: &Cost) -> Result<bool, String> {
        let context = functions::context(variables, cost);
        let value = context.resolve(&self.tree);
        if cost.is_used_up() {
            // Whatever came of it: an operator may have passed over the error.
            return Err(OUT_OF_BUDGET.into());
        }
        match value {
            Ok(Value::Bool(value)) => Ok(value),
            Ok(other) => Err(format!("must evaluate to bool, and this is {}", values::kind(&other))),
            Err(error) => Err(in_words(&error)),
        }
    }
}

/// How the API server says it.
fn in_words(error: &ExecutionError) -> String {
    match error {
        ExecutionError::NoSuchKey(key) => format!("no such key: {key}"),
        ExecutionError::NoSuchOverload => "no such overload".into(),
        ExecutionError::UndeclaredReference(name) => format!("undeclared reference to '{name}'"),
        ExecutionError::DivisionByZero(_) => "division by zero".into(),
        ExecutionError::RemainderByZero(_) => "modulus by zero".into(),
        ExecutionError::Overflow(..) => "integer overflow".into(),
        ExecutionError::IndexOutOfBounds(_) => "index out of bounds".into(),
        ExecutionError::FunctionError { function, message } if NAMES.contains(&function.as_str()) => {
            message.clone()
        }
        ExecutionError::FunctionError { function, message } => format!("{function}: {message}"),
        other => cut(&other.to_string()),
    }
}

/// The library prints whole values in some errors.
fn cut(text: &str) -> String {
    const MOST: usize = 300;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Makes a tree safe to evaluate. `scope` holds the names that macros bind.
fn rewrite(tree: &mut IdedExpr, scope: &mut Vec<String>, depth: usize) -> Result<(), String> {
    if depth > MAX_DEPTH {
        return Err(format!("it nests more than {MAX_DEPTH} deep"));
    }
    if let Some((name, path)) = path(tree, scope) {
        tree.expr = Expr::Call(CallExpr { func_name: name.into(), target: None, args: path });
        return Ok(());
    }
    let deeper = depth + 1;
    match &mut tree.expr {
        Expr::Literal(_) => return Ok(()),
        Expr::Unspecified => return Err("it is incomplete".into()),
        Expr::Struct(of) => return Err(format!("`{}{{}}`: messages cannot be made here", of.type_name)),
        Expr::Ident(name) if name == "authorizer" => {
            return Err("`authorizer` cannot be asked here: authorizers are modules, and none can be run inside of an expression".into());
        }
        Expr::Ident(name) if !scope.contains(name) => {
            return Err(format!("compilation failed: undeclared reference to '{name}' (in container '')"));
        }
        Expr::Ident(_) => {}
        Expr::Select(select) => {
            rewrite(&mut select.operand, scope, deeper)?;
            let field = text(&select.field);
            wrap(&mut select.operand, FIELDS, vec![field]);
            return Ok(());
        }
        Expr::List(list) => {
            for element in &mut list.elements {
                rewrite(element, scope, deeper)?;
            }
        }
        Expr::Map(map) => {
            for entry in &mut map.entries {
                let EntryExpr::MapEntry(entry) = &mut entry.expr else {
                    return Err("it has a field where a key belongs".into());
                };
                rewrite(&mut entry.key, scope, deeper)?;
                rewrite(&mut entry.value, scope, deeper)?;
            }
        }
        Expr::Call(call) => {
            rewrite_call(call, scope, deeper)?;
            if LAZY.contains(&call.func_name.as_str()) {
                return Ok(());
            }
        }
        Expr::Comprehension(of) => {
            rewrite(&mut of.iter_range, scope, deeper)?;
            rewrite(&mut of.accu_init, scope, deeper)?;
            let bound = scope.len();
            scope.extend([of.iter_var.clone(), of.accu_var.clone()]);
            scope.extend(of.iter_var2.clone());
            for part in [&mut of.loop_cond, &mut of.loop_step, &mut of.result] {
                rewrite(part, scope, deeper)?;
            }
            scope.truncate(bound);
            wrap(&mut of.loop_cond, STEP, Vec::new());
            return Ok(());
        }
    }
    wrap(tree, SIZE, Vec::new());
    Ok(())
}

/// What gives a boolean, or one of its operands, and takes errors of operands for itself.
const LAZY: [&str; 5] = [
    operators::LOGICAL_AND,
    operators::LOGICAL_OR,
    operators::LOGICAL_NOT,
    operators::NOT_STRICTLY_FALSE,
    operators::CONDITIONAL,
];

/// Functions that compile a pattern each time.
const PATTERNS: [&str; 3] = ["matches", "find", "findAll"];

fn rewrite_call(call: &mut CallExpr, scope: &mut Vec<String>, depth: usize) -> Result<(), String> {
    if call.func_name == "authorizer" {
        return Err("`authorizer` is no function".into());
    }
    if let Some(target) = &mut call.target {
        // `math` in `math.least(1, 2)` is no variable.
        let is_prefix = matches!(&target.expr, Expr::Ident(name) if !scope.contains(name) && !NAMES.contains(&name.as_str()) && name != "authorizer");
        if !is_prefix {
            rewrite(target, scope, depth)?;
        }
        if call.func_name == "format" {
            wrap(target, FORMAT, Vec::new());
        }
    }
    for arg in &mut call.args {
        rewrite(arg, scope, depth)?;
        if PATTERNS.contains(&call.func_name.as_str()) {
            wrap(arg, PATTERN, Vec::new());
        }
    }
    Ok(())
}

/// `object.spec.replicas` and `has(object.spec)`: the function that looks it up, and its arguments.
fn path(tree: &IdedExpr, scope: &[String]) -> Option<(&'static str, Vec<IdedExpr>)> {
    let is_test = matches!(&tree.expr, Expr::Select(select) if select.test);
    let mut fields = Vec::new();
    let mut at = tree;
    loop {
        match &at.expr {
            Expr::Select(select) if !select.test || std::ptr::eq(at, tree) => {
                fields.push(text(&select.field));
                at = &select.operand;
            }
            Expr::Ident(name) if NAMES.contains(&name.as_str()) && !scope.contains(name) => {
                fields.push(text(name));
                fields.reverse();
                return Some((if is_test { HAS } else { AT }, fields));
            }
            _ => return None,
        }
    }
}

fn text(value: &str) -> IdedExpr {
    IdedExpr { id: 0, expr: Expr::Literal(LiteralValue::String(value.into())) }
}

/// Puts a function around a tree, with further arguments.
fn wrap(tree: &mut IdedExpr, function: &str, more: Vec<IdedExpr>) {
    let inner = std::mem::take(tree);
    let id = inner.id;
    let args = std::iter::once(inner).chain(more).collect();
    *tree = IdedExpr { id, expr: Expr::Call(CallExpr { func_name: function.into(), target: None, args }) };
}
