//! Looks for what should not be in a link: a warning for a person, no guarantee. It holds nothing back.

use regex_lite::Regex;

use crate::request::GateRequest;
#[cfg(feature = "plugins")]
use crate::request::{DashboardPlugin, KubectlPlugin, Node, Plugin, ServicePlugin};
use crate::workspace::Workspace;

/// What looks like a secret, and why it does.
const SIGNS: [(&str, &str); 7] = [
    (r"(?m)^\s*kind:\s*Secret\s*$", "a Secret"),
    (r"-----BEGIN [A-Z ]*PRIVATE KEY-----", "a private key"),
    (r"(?i)\b(password|passwd|passphrase)\s*[:=]\s*\S{3,}", "a password"),
    (r#"(?i)\b(api[_-]?key|access[_-]?key|secret[_-]?key|client[_-]?secret)\s*[:=]\s*["']?\S{8,}"#, "a key"),
    (r"\b(ghp|gho|ghs|github_pat|glpat|xox[abp])[_-][A-Za-z0-9_-]{16,}", "an access token"),
    (r"\bAKIA[0-9A-Z]{16}\b", "a cloud access key"),
    (r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.", "a JSON web token"),
];

/// Where something looks like a secret, a sentence each: `web.yaml, line 3: a password`.
#[must_use]
pub fn find(workspace: &Workspace) -> Vec<String> {
    let files = workspace.pipeline.files.iter().map(|file| (file.path.clone(), file.text.as_str()));
    let configs =
        workspace.pipeline.steps.iter().map(|step| (format!("step {}", step.title()), step.config.as_str()));
    let asked = workspace.request.iter().flat_map(|request| request_texts(request));
    let token = workspace.request.iter().map(|request| request.who.token.as_str());
    let mut found = Vec::new();
    found.extend(
        token.filter(|token| token.len() >= LONG_TOKEN).map(|_| "the request's token: is a long one".into()),
    );
    let texts = files.chain(configs).chain(asked);
    #[cfg(feature = "plugins")]
    let plugin: Vec<_> = workspace.plugin.iter().flat_map(plugin_texts).collect();
    #[cfg(feature = "plugins")]
    let texts = texts.chain(plugin.iter().map(|(place, text)| (place.clone(), text.as_str())));
    for (place, text) in texts {
        for (sign, what) in SIGNS {
            let hit = Regex::new(sign).ok().and_then(|regex| regex.find(text).map(|hit| hit.start()));
            if let Some(line) =
                hit.and_then(|start| text.get(..start)).map(|before| before.matches('\n').count() + 1)
            {
                found.push(format!("{place}, line {line}: looks like {what}"));
            }
        }
    }
    found
}

/// Tokens of clusters are longer than this; those that people make up for a test are shorter.
const LONG_TOKEN: usize = 24;

/// The texts of an API request, with their places.
fn request_texts(request: &GateRequest) -> Vec<(String, &str)> {
    let fields = [
        ("object", &request.object),
        ("oldObject", &request.old_object),
        ("review", &request.review),
        ("raw request", &request.raw),
        ("session", &request.session),
        ("token", &request.who.token),
    ];
    let fields = fields.into_iter().map(|(field, text)| (format!("the request's {field}"), text.as_str()));
    let objects = request.objects.iter().map(|file| (file.path.clone(), file.text.as_str()));
    let chains = request.authenticators.iter().chain(&request.authorizers).chain(&request.admission);
    let members = request.admission.iter().flat_map(|group| group.policies.iter());
    let members = members.map(|(name, entry)| (format!("settings of {name}"), entry.settings.as_str()));
    let settings = chains.map(|entry| (format!("settings of {}", entry.title()), entry.settings.as_str()));
    fields.chain(objects).chain(settings).chain(members).collect()
}

/// The texts of a plugin, with their places.
#[cfg(feature = "plugins")]
fn plugin_texts(plugin: &Plugin) -> Vec<(String, String)> {
    match plugin {
        Plugin::Dashboard(plugin) => dashboard_texts(plugin),
        Plugin::Krew(plugin) => kubectl_texts(plugin),
        Plugin::Service(plugin) => service_texts(plugin),
    }
}

#[cfg(feature = "plugins")]
fn dashboard_texts(plugin: &DashboardPlugin) -> Vec<(String, String)> {
    let mut texts = vec![
        ("the plugin's session".to_owned(), plugin.session.clone()),
        ("the plugin's manifest".to_owned(), plugin.manifest.clone()),
    ];
    texts.extend(plugin.objects.iter().map(|file| (file.path.clone(), file.text.clone())));
    let value = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let of = |what: &str, key: &str| format!("the plugin's {what} {key}");
    texts.extend(plugin.config.iter().map(|(key, it)| (of("setting", key), format!("{key}: {}", value(it)))));
    texts.extend(plugin.storage.iter().map(|(key, it)| (of("stored", key), format!("{key}: {}", value(it)))));
    for asked in &plugin.requests {
        let body = String::from_utf8_lossy(&asked.body.0).into_owned();
        texts.push((
            format!("the request {} {}", asked.method, asked.path),
            format!("{}\n{body}", asked.path),
        ));
    }
    texts
}

#[cfg(feature = "plugins")]
fn service_texts(plugin: &ServicePlugin) -> Vec<(String, String)> {
    let mut texts = vec![("the plugin's session".to_owned(), plugin.session.clone())];
    texts.extend(plugin.objects.iter().map(|file| (file.path.clone(), file.text.clone())));
    let written = |json: Option<&serde_json::Value>| json.map(Workspace::json_to_yaml).unwrap_or_default();
    let calls =
        plugin.calls.iter().map(|it| (format!("a message of {}", it.method), written(it.message.as_ref())));
    texts.extend(calls);
    texts.extend(
        plugin.hosts.iter().map(|it| (format!("the answer of {}", it.name), written(it.answer.as_ref()))),
    );
    texts
}

#[cfg(feature = "plugins")]
fn kubectl_texts(plugin: &KubectlPlugin) -> Vec<(String, String)> {
    let command = &plugin.command;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut texts = vec![
        ("the plugin's session".to_owned(), plugin.session.clone()),
        ("the plugin's arguments".to_owned(), command.args.join("\n")),
        ("the plugin's stdin".to_owned(), text(&command.stdin.0)),
    ];
    texts.extend(plugin.objects.iter().map(|file| (file.path.clone(), file.text.clone())));
    let variable = |it: &crate::request::Variable| format!("{}={}", it.name, it.value);
    texts.extend(command.env.iter().map(|it| (format!("the variable {}", it.name), variable(it))));
    for entry in command.directories.iter().flat_map(|directory| &directory.entries) {
        if let Node::File(bytes) = &entry.node {
            texts.push((entry.path.clone(), text(&bytes.0)));
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::File;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut workspace = Workspace::empty();
        workspace.pipeline.files.push(File { path: "a.yaml".into(), text: text.into() });
        assert_eq!(find(&workspace), expected);
    }

    #[test]
    fn looks_into_requests() {
        let mut workspace = Workspace::empty();
        let mut request = GateRequest { object: "kind: Secret\n".into(), ..GateRequest::default() };
        request.who.token = "magic-token".into();
        workspace.request = Some(Box::new(request.clone()));
        assert_eq!(find(&workspace), ["the request's object, line 1: looks like a Secret"]);
        request.object.clear();
        request.who.token = "t".repeat(40);
        workspace.request = Some(Box::new(request));
        assert_eq!(find(&workspace), ["the request's token: is a long one"]);
    }

    #[cfg(feature = "plugins")]
    #[test]
    fn looks_into_plugins() {
        let mut workspace = Workspace::empty();
        let plugin = r#"{"krew": {"objects": [{"path": "o.yaml", "text": "kind: Secret\n"}], "command": {
            "args": ["--password=hunter2"], "env": [{"name": "API_KEY", "value": "0123456789"}],
            "directories": [{"name": "/", "entries": [
                {"path": "key.pem", "node": {"file": "\n-----BEGIN PRIVATE KEY-----"}}]}]}}}"#;
        workspace.plugin = Some(serde_json::from_str(plugin).unwrap());
        assert_eq!(
            find(&workspace),
            [
                "the plugin's arguments, line 1: looks like a password",
                "o.yaml, line 1: looks like a Secret",
                "the variable API_KEY, line 1: looks like a key",
                "key.pem, line 2: looks like a private key",
            ]
        );
        let plugin = r#"{"service": {"objects": [{"path": "o.yaml", "text": "kind: Secret\n"}],
            "calls": [{"method": "Login", "message": {"user": "me", "password": "hunter2"}}],
            "hosts": [{"name": "key", "answer": {"key": "AKIAABCDEFGHIJKLMNOP"}}]}}"#;
        workspace.plugin = Some(serde_json::from_str(plugin).unwrap());
        assert_eq!(
            find(&workspace),
            [
                "o.yaml, line 1: looks like a Secret",
                "a message of Login, line 2: looks like a password",
                "the answer of key, line 1: looks like a cloud access key",
            ]
        );
    }

    #[cfg(feature = "plugins")]
    #[test]
    fn looks_into_dashboard_plugins() {
        let mut workspace = Workspace::empty();
        let plugin = r#"{"dashboard": {"config": {"password": "hunter2", "a": 1}, "storage": {"b": {"k": "AKIAABCDEFGHIJKLMNOP"}},
            "requests": [{"path": "/login", "body": "password: hunter2"}]}}"#;
        workspace.plugin = Some(serde_json::from_str(plugin).unwrap());
        assert_eq!(
            find(&workspace),
            [
                "the plugin's setting password, line 1: looks like a password",
                "the plugin's stored b, line 1: looks like a cloud access key",
                "the request GET /login, line 2: looks like a password",
            ]
        );
    }

    #[test]
    fn warns_of_what_looks_like_a_secret() {
        check("kind: ConfigMap\n", &[]);
        check("apiVersion: v1\nkind: Secret\n", &["a.yaml, line 2: looks like a Secret"]);
        check("data:\n  password: hunter2\n", &["a.yaml, line 2: looks like a password"]);
        check("passwordPolicy: strict", &[]);
        check("key: AKIAABCDEFGHIJKLMNOP", &["a.yaml, line 1: looks like a cloud access key"]);
    }
}
