//! Numbers as JSON has them: whole ones also as texts and as `1e3`, others also as `NaN` and `Infinity`.

use serde_json::{Number, Value as Json};

use crate::abi::fields::shape;

/// Below this, every whole number is a float of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A whole number between two bounds.
pub(super) fn whole(value: &Json, low: i128, high: i128) -> Result<i128, String> {
    let number = match value {
        Json::Number(number) => of_number(number),
        Json::String(text) => text.parse::<i128>().ok().or_else(|| of_float(text.parse().ok()?)),
        other => return Err(format!("{}, not a number", shape(other))),
    };
    match number {
        Some(number) if (low..=high).contains(&number) => Ok(number),
        _ => Err(format!("{value}, not a whole number from {low} to {high}")),
    }
}

fn of_number(number: &Number) -> Option<i128> {
    let signed = number.as_i64().map(i128::from);
    signed.or_else(|| number.as_u64().map(i128::from)).or_else(|| of_float(number.as_f64()?))
}

#[expect(clippy::cast_possible_truncation, reason = "it is whole, and far within the bounds")]
fn of_float(value: f64) -> Option<i128> {
    (value.fract() == 0.0 && value.abs() < 1e20).then_some(value as i128)
}

/// Any number.
pub(super) fn float(value: &Json) -> Result<f64, String> {
    let number = match value {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => match text.as_str() {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            text => text.parse().ok().filter(|number: &f64| number.is_finite()),
        },
        other => return Err(format!("{}, not a number", shape(other))),
    };
    number.ok_or_else(|| format!("{value}, not a number"))
}

/// A number as JSON: what JSON has no number for is a text.
pub(super) fn json(value: f64) -> Json {
    // A whole one is written without a point, as other writers do.
    if let Some(whole) =
        of_float(value).filter(|_| value.abs() < EXACT && !(value == 0.0 && value.is_sign_negative()))
    {
        return i64::try_from(whole).map_or(Json::Null, Json::from);
    }
    match Number::from_f64(value) {
        Some(number) => Json::Number(number),
        None if value.is_nan() => "NaN".into(),
        None if value > 0.0 => "Infinity".into(),
        None => "-Infinity".into(),
    }
}

/// A number of four bytes with the digits that it needs, and no more.
pub(super) fn json32(value: f32) -> Json {
    json(value.to_string().parse().unwrap_or(f64::from(value)))
}
