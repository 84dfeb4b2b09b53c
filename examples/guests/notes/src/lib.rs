//! A plugin of KubeStellar's dashboard that keeps notes: it lists, adds and clears them, up to a number that is a setting.
//! It reads nothing of the cluster.

use dashboard_plugin::{Answer, host};
use serde_json::{Value, json};

dashboard_plugin::export!(handle_status = status);
dashboard_plugin::export!(handle_list = list);
dashboard_plugin::export!(handle_add = add);
dashboard_plugin::export!(handle_clear = clear);

/// What the notes are stored under.
const KEY: &str = "notes";

/// How many notes there may be when the settings do not say.
const MAX_NOTES: u64 = 100;

fn status(_: &[u8]) -> Answer {
    Ok(json!({ "status": "healthy", "notes": stored()?.len() }))
}

fn list(_: &[u8]) -> Answer {
    Ok(json!({ "notes": stored()? }))
}

fn add(body: &[u8]) -> Answer {
    let config = host::config()?;
    let most = config.get("max_notes").and_then(Value::as_u64).unwrap_or(MAX_NOTES);
    let notes = with(stored()?, body, most)?;
    host::store(KEY, &json!(notes))?;
    host::log(&format!("added a note, there are {} now", notes.len()));
    Ok(json!({ "notes": notes }))
}

fn clear(_: &[u8]) -> Answer {
    host::store(KEY, &json!([]))?;
    host::log("cleared the notes");
    Ok(json!({ "notes": [] }))
}

/// The notes so far. Before the first one, whatever is stored is no list.
fn stored() -> Result<Vec<Value>, String> {
    match host::stored(KEY)? {
        Value::Array(notes) => Ok(notes),
        _ => Ok(Vec::new()),
    }
}

/// The notes with one more.
fn with(mut notes: Vec<Value>, body: &[u8], most: u64) -> Result<Vec<Value>, String> {
    let sent: Value =
        serde_json::from_slice(body).map_err(|error| format!("the body is no JSON: {error}"))?;
    let text = sent.get("text").and_then(Value::as_str).unwrap_or_default().trim();
    if text.is_empty() {
        return Err("a note needs a `text`".to_owned());
    }
    if notes.len() as u64 >= most {
        return Err(format!("there are {most} notes already, which is as many as may be"));
    }
    notes.push(json!(text));
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_added_while_there_is_room() {
        for (body, most, expected) in [
            (r#"{"text":" two "}"#, 2, Ok(vec![json!("one"), json!("two")])),
            (r#"{"text":"two"}"#, 1, Err("there are 1 notes already, which is as many as may be")),
            (r#"{"text":" "}"#, 2, Err("a note needs a `text`")),
            ("[]", 2, Err("a note needs a `text`")),
            ("", 2, Err("the body is no JSON: EOF while parsing a value at line 1 column 0")),
        ] {
            let notes = with(vec![json!("one")], body.as_bytes(), most);
            assert_eq!(notes, expected.map_err(str::to_owned), "{body}");
        }
    }
}
