//! The smallest plugin of KubeStellar's dashboard, which does what the one in its documentation does: it says that it is
//! well, gives a fixed answer, and sends back what it is sent. It asks for nothing.

use dashboard_plugin::Answer;
use serde_json::{Value, json};

dashboard_plugin::export!(handle_status = status);
dashboard_plugin::export!(handle_data = data);
dashboard_plugin::export!(handle_read = read);

fn status(_: &[u8]) -> Answer {
    Ok(json!({ "status": "healthy" }))
}

fn data(_: &[u8]) -> Answer {
    Ok(json!({ "data": "cluster-monitor-data" }))
}

fn read(body: &[u8]) -> Answer {
    let sent: Value =
        serde_json::from_slice(body).map_err(|error| format!("the body is no JSON: {error}"))?;
    Ok(json!({ "data": sent }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_comes_back() {
        assert_eq!(read(b"{\"a\":1}"), Ok(json!({ "data": { "a": 1 } })));
        let reason = "the body is no JSON: EOF while parsing a value at line 1 column 0";
        assert_eq!(read(b""), Err(reason.to_owned()));
    }
}
