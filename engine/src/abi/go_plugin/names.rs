//! The names of a service as its module has them: what is found among the exports, and how the names of a `.proto`
//! become those of exports and imports.
//!
//! A name that only exports show is a guess, and is marked as one.

use super::proto::Schema;
use crate::module::inspect::ModuleInfo;
use crate::report::{FoundMethod, FoundService};

/// What every service exports.
pub(crate) const VERSION: &str = "_api_version";

/// The most services that are looked at: one module rarely has two.
const MAX_SERVICES: usize = 100;

/// A name of a `.proto` as an export or an import has it. Source: go-plugin, `gen/plugin.go`.
pub(crate) fn snake(name: &str) -> String {
    let split = before_words(name);
    let mut snake = String::with_capacity(split.len() + 8);
    let mut last = None;
    for c in split.chars() {
        let follows = |last: char| last.is_ascii_lowercase() || last.is_ascii_digit();
        if c.is_ascii_uppercase() && last.is_some_and(follows) {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
        last = Some(c);
    }
    snake
}

/// `_` between any character and a word: an upper-case letter with lower-case letters behind it.
fn before_words(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut split = String::with_capacity(name.len() + 8);
    let mut at = 0;
    while let Some(first) = chars.get(at) {
        split.push(*first);
        at += 1;
        let is_word = chars.get(at).is_some_and(char::is_ascii_uppercase)
            && chars.get(at + 1).is_some_and(char::is_ascii_lowercase);
        if is_word {
            split.push('_');
            split.extend(chars.get(at));
            at += 1;
            while let Some(c) = chars.get(at).filter(|c| c.is_ascii_lowercase()) {
                split.push(*c);
                at += 1;
            }
        }
    }
    split
}

/// `getter_get` as `GetterGet`.
fn guess(snake: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars
            .next()
            .map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), chars.as_str()))
    };
    snake.split('_').map(word).collect()
}

/// The services that a module's exports show, in the order of their names, with the names of a schema where it has
/// them.
pub(crate) fn found(info: &ModuleInfo, schema: Option<&Schema>) -> Vec<FoundService> {
    let functions =
        || info.exports.iter().filter(|export| export.kind == "func").map(|export| export.name.as_str());
    let prefixes =
        functions().filter_map(|name| name.strip_suffix(VERSION)).filter(|prefix| !prefix.is_empty());
    let mut prefixes: Vec<&str> = prefixes.take(MAX_SERVICES).collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    // The longest beginning decides: `media` and `media_library` may both be services.
    let owner = |name: &str| {
        let is_of = |prefix: &&&str| name.strip_prefix(**prefix).is_some_and(|rest| rest.starts_with('_'));
        prefixes.iter().filter(is_of).max_by_key(|prefix| prefix.len()).copied()
    };
    let service = |prefix: &&str| {
        let described =
            schema.and_then(|schema| schema.services.iter().find(|it| snake(&it.name) == **prefix));
        let is_method = |name: &&str| !name.ends_with(VERSION) && owner(name) == Some(*prefix);
        let method = |export: &str| {
            let described = described.and_then(|it| it.methods.iter().find(|method| method.export == export));
            FoundMethod {
                name: described.map_or_else(|| bare(export, prefix), |method| method.name.clone()),
                export: export.to_owned(),
                request: described.map(|method| method.request_name.clone()).unwrap_or_default(),
                reply: described.map(|method| method.reply_name.clone()).unwrap_or_default(),
            }
        };
        FoundService {
            name: described.map_or_else(|| guess(prefix), |it| it.name.clone()),
            is_guess: described.is_none(),
            prefix: (*prefix).to_owned(),
            version: None,
            methods: functions().filter(is_method).map(method).collect(),
        }
    };
    prefixes.iter().map(service).collect()
}

/// The method of an export whose service begins so.
fn bare(export: &str, prefix: &str) -> String {
    guess(export.strip_prefix(prefix).unwrap_or(export).trim_start_matches('_'))
}

/// The service and the method that a call names, of all services or of those that `service` names.
///
/// # Errors
/// A sentence that says what there is.
pub(crate) fn method<'a>(
    services: &'a [FoundService],
    service: &str,
    method: &str,
) -> Result<(&'a FoundService, &'a FoundMethod), String> {
    let is_named = |it: &&FoundService| service.is_empty() || it.name == service || it.prefix == service;
    let named: Vec<&FoundService> = services.iter().filter(is_named).collect();
    if named.is_empty() {
        let names: Vec<String> = services.iter().map(|it| format!("`{}`", it.name)).collect();
        return Err(match names.as_slice() {
            [] => format!("the module exports no service: nothing of it ends with `{VERSION}`"),
            names => format!("the module exports no service `{service}`; it has {}", names.join(", ")),
        });
    }
    let is = |of: &FoundService, it: &FoundMethod| {
        it.export == method
            || it.name == method
            || it.export == snake(&format!("{}{method}", of.name))
            || it.export == format!("{}_{method}", of.prefix)
    };
    let all = || named.iter().flat_map(|of| of.methods.iter().map(|it| (*of, it)));
    let found: Vec<_> = all().filter(|(of, it)| is(of, it)).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let names: Vec<String> = all().map(|(_, it)| format!("`{}`", it.name)).collect();
            let export = named.first().map(|of| snake(&format!("{}{method}", of.name))).unwrap_or_default();
            let has = if names.is_empty() { "no method at all".to_owned() } else { names.join(", ") };
            Err(format!("{export} is not exported; there is {has}"))
        }
        several => {
            let names: Vec<String> = several.iter().map(|(of, _)| format!("`{}`", of.name)).collect();
            Err(format!("{} have a method `{method}`: say which with `service`", names.join(" and ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::inspect::ExportInfo;

    #[test]
    fn names_become_those_of_exports() {
        for (name, expected) in [
            ("GetterGetConfigMap", "getter_get_config_map"),
            ("MediaMetadataServiceGetArtistMBID", "media_metadata_service_get_artist_mbid"),
            ("Log", "log"),
            ("get", "get"),
            ("HTTPGet", "http_get"),
            ("GetHTTP2Server", "get_http2_server"),
            ("ABcDe", "a_bc_de"),
            ("Get_Config", "get__config"),
            ("", ""),
        ] {
            assert_eq!(snake(name), expected, "{name}");
        }
    }

    fn services(exports: &[&str]) -> Vec<FoundService> {
        let export = |name: &&str| ExportInfo { name: (*name).into(), kind: "func".into() };
        let info = ModuleInfo { exports: exports.iter().map(export).collect(), ..ModuleInfo::default() };
        found(&info, None)
    }

    #[test]
    fn services_are_found_among_exports() {
        let found = services(&[
            "malloc",
            "media_library_api_version",
            "media_library_find",
            "media_api_version",
            "media_library_api_version_of",
            "media_get_artist",
            "mediaeval",
            "_api_version",
        ]);
        let lines: Vec<String> = found
            .iter()
            .map(|it| {
                let methods: Vec<_> =
                    it.methods.iter().map(|it| format!("{}={}", it.name, it.export)).collect();
                format!("{} {}: {}", it.name, it.prefix, methods.join(" "))
            })
            .collect();
        assert_eq!(
            lines,
            [
                "Media media: GetArtist=media_get_artist",
                "MediaLibrary media_library: Find=media_library_find ApiVersionOf=media_library_api_version_of",
            ]
        );
    }

    #[test]
    fn calls_find_their_method_or_say_what_there_is() {
        let found = services(&["a_api_version", "a_get_x", "a_list", "b_api_version", "b_get_x"]);
        let export =
            |service: &str, name: &str| method(&found, service, name).map(|(_, it)| it.export.clone());
        for (service, name, expected) in [
            ("", "List", Ok("a_list")),
            ("", "list", Ok("a_list")),
            ("", "a_get_x", Ok("a_get_x")),
            ("B", "GetX", Ok("b_get_x")),
            ("b", "get_x", Ok("b_get_x")),
            ("", "GetX", Err("`A` and `B` have a method `GetX`: say which with `service`")),
            ("A", "Drop", Err("a_drop is not exported; there is `GetX`, `List`")),
            ("C", "GetX", Err("the module exports no service `C`; it has `A`, `B`")),
        ] {
            assert_eq!(
                export(service, name),
                expected.map(str::to_owned).map_err(str::to_owned),
                "{service} {name}"
            );
        }
        let none = method(&[], "", "Get").map(|_| ());
        assert_eq!(none, Err("the module exports no service: nothing of it ends with `_api_version`".into()));
    }
}
