//! A service of go-plugin that reads a key of a ConfigMap, for wasm-k8s-host-proxy: `config_reader.proto` describes it. A
//! key that is missing is an error, not an empty value.

mod message;
mod wire;

use serde_json::Value;

use self::message::{GetReply, GetRequest, GetValueReply, GetValueRequest, Gvr, Namespaced};

/// The version of the interface, which the host compares with its own.
#[expect(unsafe_code, reason = "an export must keep its name, which no other function here has")]
#[unsafe(no_mangle)]
pub extern "C" fn config_reader_api_version() -> u64 {
    1
}

/// `ConfigReader.GetValue`.
#[expect(unsafe_code, reason = "an export must keep its name, which no other function here has")]
#[unsafe(no_mangle)]
pub extern "C" fn config_reader_get_value(address: *const u8, length: usize) -> u64 {
    wire::serve(address, length, |asked| get_value(&asked, wire::kubernetes_get))
}

fn get_value(
    asked: &GetValueRequest,
    get: impl FnOnce(&GetRequest) -> Result<GetReply, String>,
) -> Result<GetValueReply, String> {
    let GetValueRequest { namespace, name, key } = asked;
    let gvr = Gvr { group: String::new(), version: "v1".into(), resource: "configmaps".into() };
    let place = Namespaced { name: name.clone(), namespace: namespace.clone() };
    let reply = get(&GetRequest { gvr: Some(gvr), name: Some(place) })?;
    let object: Value = serde_json::from_slice(&reply.payload)
        .map_err(|error| format!("configmap {namespace}/{name}: no JSON: {error}"))?;
    match object.pointer("/data").and_then(|data| data.get(key)).and_then(Value::as_str) {
        Some(value) => Ok(GetValueReply { value: value.to_owned() }),
        None => Err(format!("configmap {namespace}/{name} has no key {key:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_or_missed() {
        for (key, payload, expected) in [
            ("wall", r#"{"data":{"wall":"white"}}"#, Ok("white")),
            ("wall", r#"{"data":{"wall":""}}"#, Ok("")),
            ("roof", r#"{"data":{"wall":"white"}}"#, Err("configmap shop/colours has no key \"roof\"")),
            ("roof", "{}", Err("configmap shop/colours has no key \"roof\"")),
            (
                "wall",
                "",
                Err("configmap shop/colours: no JSON: EOF while parsing a value at line 1 column 0"),
            ),
        ] {
            let asked = GetValueRequest { namespace: "shop".into(), name: "colours".into(), key: key.into() };
            let answer = get_value(&asked, |_| Ok(GetReply { payload: payload.as_bytes().to_vec() }));
            let expected = expected.map(|value| GetValueReply { value: value.to_owned() });
            assert_eq!(answer, expected.map_err(str::to_owned), "{key} of {payload}");
        }
    }
}
