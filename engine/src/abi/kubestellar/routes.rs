//! The routes of a plugin as gin mounts and finds them: `:name` for a part of a path, `*rest` for all that is left.
//!
//! What gin would refuse at the start, where KubeStellar's server ends, is left out with the cause. No part of a path
//! reaches a plugin. Source: gin's `tree.go` and `gin.go`.

use crate::report::RouteReport;
use crate::words::sentence;

/// The methods that KubeStellar mounts, as they must be written.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "PATCH"];

/// A route of a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) path: String,
    pub(crate) methods: Vec<String>,
    pub(crate) handler: String,
}

/// One part of a mounted path. The order is gin's preference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    /// This text; an empty one is what follows a slash at the end.
    Text(String),
    /// This text and at least one character more.
    Name(String),
    /// All that is left.
    Rest,
}

/// A route for one method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mounted {
    pub(crate) method: String,
    /// The whole path, as it is mounted.
    pub(crate) path: String,
    pub(crate) handler: String,
    pieces: Vec<Piece>,
}

/// The routes of a plugin.
#[derive(Clone, Debug, Default)]
pub(crate) struct Routes {
    mounted: Vec<Mounted>,
    /// All that the manifest lists.
    pub(crate) listed: Vec<RouteReport>,
}

/// Who answers a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found<'a> {
    /// A route.
    Route(&'a Mounted),
    /// Nobody, but this other path has a route.
    Redirect(String),
    /// Nobody.
    Nothing,
}

impl Routes {
    /// Mounts routes below a prefix such as `/api/plugins/1`. `exports` tells whether the module has a function.
    pub(crate) fn mount(prefix: &str, routes: &[Route], exports: impl Fn(&str) -> bool) -> Self {
        let mut all = Self::default();
        for route in routes {
            let path = joined(prefix, &route.path);
            for method in &route.methods {
                let trouble = match all.add(method, &path, &route.handler) {
                    Err(trouble) => trouble,
                    Ok(()) if exports(&route.handler) => String::new(),
                    Ok(()) => {
                        format!("the module exports no function `{}`", sentence(&route.handler))
                    }
                };
                let (method, path, handler) = (method.clone(), path.clone(), route.handler.clone());
                all.listed.push(RouteReport { method, path, handler, trouble });
            }
        }
        all
    }

    fn add(&mut self, method: &str, path: &str, handler: &str) -> Result<(), String> {
        if !METHODS.contains(&method) {
            let known = METHODS.join(", ");
            return Err(format!("the method `{}` is none of {known}", sentence(method)));
        }
        let pieces = pieces(path)?;
        let is_same = |it: &&Mounted| it.method == method && it.pieces == pieces;
        if let Some(earlier) = self.mounted.iter().find(is_same) {
            let earlier = sentence(&earlier.path);
            return Err(format!("`{method} {earlier}` is mounted before it, and the first counts"));
        }
        let (method, path, handler) = (method.to_owned(), path.to_owned(), handler.to_owned());
        self.mounted.push(Mounted { method, path, handler, pieces });
        Ok(())
    }

    /// Who answers a path, which is decoded.
    pub(crate) fn find(&self, method: &str, path: &str) -> Found<'_> {
        if let Some(route) = self.route(method, path) {
            return Found::Route(route);
        }
        let other = match path.strip_suffix('/') {
            Some(shorter) => shorter.to_owned(),
            None => format!("{path}/"),
        };
        match self.route(method, &other) {
            Some(_) => Found::Redirect(other),
            None => Found::Nothing,
        }
    }

    fn route(&self, method: &str, path: &str) -> Option<&Mounted> {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let fits = |route: &&Mounted| route.method == method && fits(&route.pieces, &parts);
        self.mounted.iter().filter(fits).min_by(|one, other| one.pieces.cmp(&other.pieces))
    }
}

/// A path below a prefix, as gin joins them: empty parts and `.` fall away, a slash at the end stays.
fn joined(prefix: &str, path: &str) -> String {
    let mut whole = prefix.to_owned();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        whole.push('/');
        whole.push_str(part);
    }
    if path.ends_with('/') {
        whole.push('/');
    }
    whole
}

fn pieces(path: &str) -> Result<Vec<Piece>, String> {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let last = parts.len().saturating_sub(1);
    parts.iter().enumerate().map(|(index, part)| piece(part, index == last)).collect()
}

fn piece(part: &str, is_last: bool) -> Result<Piece, String> {
    if part == ".." {
        return Err("its path leads out of the plugin's own".into());
    }
    let Some(at) = part.find([':', '*']) else { return Ok(Piece::Text(part.to_owned())) };
    let (before, wildcard) = part.split_at(at);
    let (sign, name) = wildcard.split_at(1);
    let shown = sentence(part);
    if name.is_empty() {
        return Err(format!("`{shown}` has a wildcard without a name"));
    }
    if name.contains([':', '*']) {
        return Err(format!("`{shown}` has more than one wildcard"));
    }
    match sign {
        ":" => Ok(Piece::Name(before.to_owned())),
        _ if before.is_empty() && is_last => Ok(Piece::Rest),
        _ => Err(format!("`{shown}` stands for all that is left, and is not alone at the end")),
    }
}

fn fits(pieces: &[Piece], parts: &[&str]) -> bool {
    for (index, piece) in pieces.iter().enumerate() {
        let Some(part) = parts.get(index) else { return false };
        match piece {
            Piece::Rest => return true,
            Piece::Text(text) if text == part => {}
            Piece::Name(before) if part.len() > before.len() && part.starts_with(before.as_str()) => {}
            _ => return false,
        }
    }
    pieces.len() == parts.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(paths: &[&str]) -> Routes {
        let route = |path: &&str| Route {
            path: (*path).to_owned(),
            methods: vec!["GET".into()],
            handler: (*path).to_owned(),
        };
        let routes: Vec<Route> = paths.iter().map(route).collect();
        Routes::mount("/p/1", &routes, |handler| handler != "/missing")
    }

    #[test]
    fn paths_are_found_as_gin_finds_them() {
        let routes = routes(&[
            "/",
            "/a",
            "b/",
            "/pods/:name",
            "/pods/all",
            "/pods/:name/logs",
            "/user_:id",
            "/files/*rest",
            "/x//y/./z",
            "/q/:a/z",
            "/q/b/:c",
        ]);
        for (path, expected) in [
            ("/p/1/", "/p/1/"),
            ("/p/1", "→ /p/1/"),
            ("/p/1/a", "/p/1/a"),
            ("/p/1/a/", "→ /p/1/a"),
            ("/p/1/b", "→ /p/1/b/"),
            ("/p/1/b/", "/p/1/b/"),
            ("/p/1/pods/all", "/p/1/pods/all"),
            ("/p/1/pods/web", "/p/1/pods/:name"),
            ("/p/1/pods/all/logs", "/p/1/pods/:name/logs"),
            ("/p/1/pods/", "nobody"),
            ("/p/1/pods", "nobody"),
            ("/p/1/user_5", "/p/1/user_:id"),
            ("/p/1/user_", "nobody"),
            ("/p/1/files/", "/p/1/files/*rest"),
            ("/p/1/files/a/b", "/p/1/files/*rest"),
            ("/p/1/files", "→ /p/1/files/"),
            ("/p/1/x/y/z", "/p/1/x/y/z"),
            ("/p/1/x//y/z", "nobody"),
            ("/p/1/q/b/z", "/p/1/q/b/:c"),
            ("/p/1/q/c/z", "/p/1/q/:a/z"),
            ("/p/1/a/b", "nobody"),
            ("/p/2/a", "nobody"),
            ("", "nobody"),
        ] {
            let found = match routes.find("GET", path) {
                Found::Route(route) => route.path.clone(),
                Found::Redirect(other) => format!("→ {other}"),
                Found::Nothing => "nobody".into(),
            };
            assert_eq!(found, expected, "{path}");
        }
        assert_eq!(routes.find("POST", "/p/1/a"), Found::Nothing);
    }

    #[test]
    fn what_gin_refuses_is_listed_with_the_cause() {
        for (path, expected) in [
            ("/../2/a", "leads out"),
            ("/:", "without a name"),
            ("/a*", "without a name"),
            ("/*a/b", "not alone at the end"),
            ("/a*b", "not alone at the end"),
            ("/:a:b", "more than one"),
            ("/missing", "exports no function `/missing`"),
        ] {
            let listed = routes(&[path]).listed;
            assert!(listed.iter().all(|route| route.trouble.contains(expected)), "{listed:?}");
            assert_eq!(listed.len(), 1);
        }
        let twice = routes(&["/pods/:a", "/pods/:b"]);
        assert!(twice.listed.iter().any(|route| route.trouble.contains("the first counts")), "{twice:?}");
        let route =
            Route { path: "/a".into(), methods: vec!["get".into(), "HEAD".into()], handler: String::new() };
        let listed = Routes::mount("", &[route], |_| true).listed;
        assert!(listed.iter().all(|route| route.trouble.contains("is none of GET, POST")), "{listed:?}");
    }
}
