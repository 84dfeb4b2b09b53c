//! Times and durations as JSON has them: `2026-01-01T00:00:00Z` and `1.5s`.

use crate::abi::fields::shape;
use serde_json::Value as Json;

const DAY: i64 = 86_400;
const NANOS: i64 = 1_000_000_000;

/// The first and the last second that have a form: the years 1 to 9999.
const FIRST: i64 = -62_135_596_800;
const LAST: i64 = 253_402_300_799;

/// The most seconds of a duration: some ten thousand years.
const LONGEST: i64 = 315_576_000_000;

/// Days since 1970. Source: Howard Hinnant, "chrono-compatible low-level date algorithms".
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a number of days since 1970.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1)
}

/// A fraction of a second behind its point: in threes, and nothing for none.
fn fraction(nanos: i64) -> String {
    match nanos {
        0 => String::new(),
        nanos if nanos % 1_000_000 == 0 => format!(".{:03}", nanos / 1_000_000),
        nanos if nanos % 1_000 == 0 => format!(".{:06}", nanos / 1_000),
        nanos => format!(".{nanos:09}"),
    }
}

/// Reads digits behind a point, and gives billionths.
fn billionths(digits: &str) -> Option<i64> {
    let is_good = (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_good { format!("{digits:0<9}").parse().ok() } else { None }
}

/// A time; nothing when it has no form.
pub(super) fn write_time(seconds: i64, nanos: i64) -> Option<String> {
    if !(FIRST..=LAST).contains(&seconds) || !(0..NANOS).contains(&nanos) {
        return None;
    }
    let (year, month, day) = date(seconds.div_euclid(DAY));
    let of_day = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{}Z", fraction(nanos)))
}

/// Seconds and billionths of a time.
pub(super) fn read_time(value: &Json) -> Result<(i64, i64), String> {
    let text = value.as_str().ok_or_else(|| format!("{}, not a time as text", shape(value)))?;
    time(text).ok_or_else(|| format!("`{text}`, not a time such as 2026-01-01T00:00:00Z"))
}

fn time(text: &str) -> Option<(i64, i64)> {
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = text.get(from..to)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
        digits.parse().ok()
    };
    let is_at = |at: usize, c: u8| text.as_bytes().get(at) == Some(&c);
    if ![(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')].iter().all(|(at, c)| is_at(*at, *c)) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let at = days(year, month, day);
    if date(at) != (year, month, day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let rest = text.get(19..)?;
    let zone = rest.find(['Z', '+', '-'])?;
    let nanos = match rest.get(..zone)? {
        "" => 0,
        fraction => billionths(fraction.strip_prefix('.')?)?,
    };
    let offset = match rest.get(zone..)? {
        "Z" => 0,
        zone => {
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
            let seconds = (hours * 60 + minutes) * 60;
            let is_good = zone.len() == 6 && (0..=23).contains(&hours) && (0..=59).contains(&minutes);
            is_good.then_some(if zone.starts_with('-') { -seconds } else { seconds })?
        }
    };
    let seconds = at * DAY + (hour * 60 + minute) * 60 + second - offset;
    (FIRST..=LAST).contains(&seconds).then_some((seconds, nanos))
}

/// A duration; nothing when it has no form.
pub(super) fn write_duration(seconds: i64, nanos: i64) -> Option<String> {
    let is_one = (seconds >= 0 && nanos >= 0) || (seconds <= 0 && nanos <= 0);
    if !is_one || seconds.abs() > LONGEST || nanos.abs() >= NANOS {
        return None;
    }
    let sign = if seconds < 0 || nanos < 0 { "-" } else { "" };
    Some(format!("{sign}{}{}s", seconds.abs(), fraction(nanos.abs())))
}

/// Seconds and billionths of a duration.
pub(super) fn read_duration(value: &Json) -> Result<(i64, i64), String> {
    let text = value.as_str().ok_or_else(|| format!("{}, not a duration as text", shape(value)))?;
    duration(text).ok_or_else(|| format!("`{text}`, not a duration such as 1.5s"))
}

fn duration(text: &str) -> Option<(i64, i64)> {
    let digits = text.strip_suffix('s')?;
    let (sign, digits) = digits.strip_prefix('-').map_or((1, digits), |digits| (-1, digits));
    let (whole, fraction) =
        digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let is_number = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    let seconds: i64 = is_number.then(|| whole.parse().ok()).flatten().filter(|it| *it <= LONGEST)?;
    let nanos = fraction.map_or(Some(0), billionths)?;
    Some((sign * seconds, sign * nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_what_they_were() {
        for (text, seconds, nanos, again) in [
            ("1970-01-01T00:00:00Z", 0, 0, ""),
            ("2026-01-01T00:00:00Z", 1_767_225_600, 0, ""),
            ("2024-02-29T23:59:59.5Z", 1_709_251_199, 500_000_000, "2024-02-29T23:59:59.500Z"),
            ("1969-12-31T23:59:59.000001Z", -1, 1_000, ""),
            ("0001-01-01T00:00:00Z", FIRST, 0, ""),
            ("9999-12-31T23:59:59.999999999Z", LAST, 999_999_999, ""),
            ("2026-01-01T01:30:00+01:30", 1_767_225_600, 0, "2026-01-01T00:00:00Z"),
            ("2025-12-31T19:00:00-05:00", 1_767_225_600, 0, "2026-01-01T00:00:00Z"),
        ] {
            assert_eq!(time(text), Some((seconds, nanos)), "{text}");
            assert_eq!(
                write_time(seconds, nanos).as_deref(),
                Some(if again.is_empty() { text } else { again })
            );
        }
        for text in [
            "",
            "2026-01-01",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "0000-01-01T00:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00.1234567890Z",
            "2026-01-01T00:00:00+1:00",
            "2026-01-01T00:00:00Zx",
            "+026-01-01T00:00:00Z",
            "2026-01-01T00:00:00é",
            "2026-01-01T00:00:00+ž0:0",
        ] {
            assert_eq!(time(text), None, "{text}");
        }
        assert_eq!((write_time(LAST + 1, 0), write_time(0, -1)), (None, None));
    }

    #[test]
    fn durations_are_what_they_were() {
        for (text, seconds, nanos, again) in [
            ("0s", 0, 0, ""),
            ("1.5s", 1, 500_000_000, "1.500s"),
            ("-1.000000001s", -1, -1, ""),
            ("-0.5s", 0, -500_000_000, "-0.500s"),
            ("315576000000s", LONGEST, 0, ""),
        ] {
            assert_eq!(duration(text), Some((seconds, nanos)), "{text}");
            assert_eq!(
                write_duration(seconds, nanos).as_deref(),
                Some(if again.is_empty() { text } else { again })
            );
        }
        for text in
            ["", "s", "1", "1.s", ".5s", "+1s", "1e3s", "315576000001s", "99999999999999999999s", "--1s"]
        {
            assert_eq!(duration(text), None, "{text}");
        }
        assert_eq!((write_duration(1, -1), write_duration(LONGEST + 1, 0)), (None, None));
    }
}
