//! The expressions of a policy, asked in their order.
//!
//! Whatever is no answer refuses: an error, and a rule that comes to anything but true or false.

use std::collections::HashMap;
use std::sync::Arc;

use kube_cel::KubeCelExt;
use kube_cel::cel::objects::{Key, Map};
use kube_cel::cel::{Context, Value};
use policy::{AdmissionRequest, Failure};
use serde_json::{Value as Json, json};

use crate::Reason;
use crate::program::{Expression, Programs, Rule};

/// The first rule that is broken, as what it says; none when all hold, or when the policy is not asked.
pub(crate) fn first_broken(
    programs: &Programs,
    request: &AdmissionRequest,
    params: &Json,
) -> Result<Option<(Reason, String)>, Failure> {
    let mut context = context(request, params);
    if !matches(&programs.match_conditions, &context)? {
        return Ok(None);
    }
    let broken = variables(&programs.variables, &mut context);
    for rule in &programs.rules {
        let holds =
            truth(&rule.expression, &context).map_err(|error| blame(error, &rule.expression, &broken))?;
        if !holds {
            return Ok(Some((rule.reason, message(rule, &context))));
        }
    }
    Ok(None)
}

/// Everything that expressions may name.
fn context(request: &AdmissionRequest, params: &Json) -> Context<'static> {
    let mut context = Context::default().with_all();
    let user = &request.user_info;
    let of_request = json!({
        "kind": {"group": request.kind.group, "version": request.kind.version, "kind": request.kind.kind},
        "resource": {
            "group": request.resource.group,
            "version": request.resource.version,
            "resource": request.resource.resource,
        },
        "subResource": request.sub_resource,
        "name": request.name,
        "namespace": request.namespace,
        "operation": request.operation,
        "userInfo": user,
        "dryRun": request.dry_run,
        "options": request.options,
    });
    for (name, value) in [
        ("object", &request.object),
        ("oldObject", &request.old_object),
        ("request", &of_request),
        ("params", params),
    ] {
        context.add_variable_from_value(name, to_cel(value));
    }
    context
}

/// Whether all conditions hold. One that does not decides, even where another fails.
fn matches(conditions: &[Expression], context: &Context<'_>) -> Result<bool, Failure> {
    let answers: Vec<_> = conditions.iter().map(|condition| truth(condition, context)).collect();
    if answers.contains(&Ok(false)) {
        return Ok(false);
    }
    answers.into_iter().find(Result::is_err).unwrap_or(Ok(true))
}

/// Works out the variables, and returns those that failed: they matter only to rules that use them.
fn variables(expressions: &[Expression], context: &mut Context<'_>) -> Vec<(String, String)> {
    let (mut values, mut broken) = (HashMap::new(), Vec::new());
    let bind = |context: &mut Context<'_>, values: &HashMap<Key, Value>| {
        context.add_variable_from_value("variables", Value::Map(Map { map: Arc::new(values.clone()) }));
    };
    bind(context, &values);
    for expression in expressions {
        match expression.program.execute(context) {
            Ok(value) => {
                values.insert(Key::String(Arc::new(expression.name.clone())), value);
                bind(context, &values);
            }
            Err(error) => broken.push((expression.name.clone(), format!("{}: {error}", expression.place))),
        }
    }
    broken
}

/// What an expression comes to.
fn truth(expression: &Expression, context: &Context<'_>) -> Result<bool, Failure> {
    let Expression { place, source, .. } = expression;
    match expression.program.execute(context) {
        Ok(Value::Bool(answer)) => Ok(answer),
        Ok(_) => Err(format!("{place}: `{source}` is neither true nor false").into()),
        Err(error) => Err(format!("{place}: `{source}` resulted in error: {error}").into()),
    }
}

/// Names the variable behind an error, where one that failed is used.
fn blame(error: Failure, expression: &Expression, broken: &[(String, String)]) -> Failure {
    let used = broken.iter().find(|(name, _)| expression.source.contains(&format!("variables.{name}")));
    match used {
        Some((name, cause)) => format!("{error}; variable `{name}` failed: {cause}").into(),
        None => error,
    }
}

/// What a broken rule says. A `messageExpression` that fails, or comes to no line of text, is passed over.
fn message(rule: &Rule, context: &Context<'_>) -> String {
    let own =
        rule.message_expression.as_ref().and_then(|expression| expression.program.execute(context).ok());
    match own {
        Some(Value::String(text)) if !text.trim().is_empty() && !text.contains('\n') => text.to_string(),
        _ if !rule.message.is_empty() => rule.message.clone(),
        _ => format!("failed expression: {}", rule.expression.source),
    }
}

/// A value as CEL sees it: whole numbers are ints, as the API server has them.
fn to_cel(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => Value::Int(whole),
            (None, Some(large)) => Value::UInt(large),
            (None, None) => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::String(Arc::new(text.clone())),
        Json::Array(items) => Value::List(Arc::new(items.iter().map(to_cel).collect())),
        Json::Object(fields) => {
            let key = |name: &String| Key::String(Arc::new(name.clone()));
            let map = fields.iter().map(|(name, value)| (key(name), to_cel(value))).collect();
            Value::Map(Map { map: Arc::new(map) })
        }
    }
}
