//! The same as JUnit's XML, as CI systems read it: a suite for each workspace and engine, a test for each case.
//!
//! It writes only characters that XML 1.0 allows: what a guest printed can hold any.

use super::{CaseResult, Checked, Tested};

pub(super) fn write(tested: &Tested) -> String {
    let failures = tested.shortfalls();
    let errors = tested.unreadable();
    let tests = tested.cases().count() + errors;
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str(&format!(
        "<testsuites name=\"drydock\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"{:.3}\">\n",
        tested.seconds
    ));
    tested.workspaces.iter().for_each(|checked| suite(checked, &mut xml));
    xml.push_str("</testsuites>\n");
    xml
}

fn suite(checked: &Checked, xml: &mut String) {
    let name = escaped(&checked.name);
    match &checked.cases {
        Err(failure) => {
            let message = escaped(&failure.message);
            let hint = escaped(failure.hint.as_deref().unwrap_or_default());
            xml.push_str(&format!(
                "  <testsuite name=\"{name}\" tests=\"1\" failures=\"0\" errors=\"1\" time=\"0.000\">\n    \
                 <testcase classname=\"{name}\" name=\"it can be read\" time=\"0.000\">\n      \
                 <error message=\"{message}\">{hint}</error>\n    </testcase>\n  </testsuite>\n"
            ));
        }
        Ok(cases) => {
            let failures = cases.iter().filter(|case| !case.holds()).count();
            let seconds: f64 = cases.iter().map(seconds).sum();
            xml.push_str(&format!(
                "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" time=\"{seconds:.3}\">\n",
                cases.len()
            ));
            cases.iter().for_each(|result| case(&name, result, xml));
            xml.push_str("  </testsuite>\n");
        }
    }
}

fn case(class: &str, result: &CaseResult, xml: &mut String) {
    let head = format!(
        "    <testcase classname=\"{class}\" name=\"{}\" time=\"{:.3}\"",
        escaped(&result.name),
        seconds(result)
    );
    let sentences = result.sentences();
    let Some(first) = sentences.first() else {
        xml.push_str(&format!("{head}/>\n"));
        return;
    };
    let message = escaped(first.lines().next().unwrap_or_default());
    let text = escaped(&sentences.join("\n"));
    xml.push_str(&format!(
        "{head}>\n      <failure message=\"{message}\">{text}</failure>\n    </testcase>\n"
    ));
}

fn seconds(result: &CaseResult) -> f64 {
    result.runs.iter().map(|run| run.millis).sum::<f64>() / 1_000.0
}

/// Text for XML 1.0, between tags or in double quotes. What XML cannot hold at all becomes a picture of itself.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in engine::visible::visible(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push_str("&#10;"),
            '\t' => safe.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_the_xml() {
        for (text, expected) in [
            ("a<b>&\"c'", "a&lt;b&gt;&amp;&quot;c'"),
            ("]]>", "]]&gt;"),
            ("a\nb\tc", "a&#10;b&#9;c"),
            ("\u{0}\u{1b}[31m\r", "␀␛[31m␍"),
            ("\u{fffe}\u{ffff}", "\u{fffd}\u{fffd}"),
            ("naïve 名前", "naïve 名前"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }
}
