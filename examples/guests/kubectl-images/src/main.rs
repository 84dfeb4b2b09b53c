//! Lists the images that pods use, by namespace, and in how many containers: `kubectl images [-n NAMESPACE | -A] [--color]`.
//! It reads pods and changes nothing.

use std::collections::BTreeMap;
use std::process::ExitCode;

use kubectl_plugin::{Arguments, Cell, Cluster, Colour, Failure, Table, items, text};
use serde_json::Value;

fn main() -> ExitCode {
    kubectl_plugin::run(images)
}

fn images(arguments: &mut Arguments) -> Result<String, Failure> {
    let scope = arguments.scope()?;
    let color = arguments.flag(&["--color"]);
    arguments.finish(&[])?;
    let cluster = Cluster::connect()?;
    let pods = cluster.list(&cluster.path("/api/v1", "pods", &scope))?;
    let used = count(&pods);
    if used.is_empty() {
        return Ok(match cluster.namespace(&scope) {
            Some(namespace) => format!("No pods in namespace {namespace}.\n"),
            None => "No pods.\n".to_owned(),
        });
    }
    Ok(print(&used, color))
}

/// In how many containers each image is used, by namespace and image.
type Used<'a> = BTreeMap<(&'a str, &'a str), usize>;

/// Where a pod lists its containers.
const LISTS: &[&str] = &["/spec/initContainers", "/spec/containers", "/spec/ephemeralContainers"];

fn count(pods: &[Value]) -> Used<'_> {
    let mut used = Used::new();
    for pod in pods {
        let containers = LISTS.iter().flat_map(|list| items(pod, list));
        for container in containers {
            *used.entry((text(pod, "/metadata/namespace"), text(container, "/image"))).or_default() += 1;
        }
    }
    used
}

fn print(used: &Used<'_>, color: bool) -> String {
    let mut table = Table::new(&["NAMESPACE", "IMAGE", "CONTAINERS"]);
    for ((namespace, image), count) in used {
        table.row([(*namespace).into(), Cell::new(*image, colour(image)), count.to_string().into()]);
    }
    table.print(color)
}

/// Green for an image that stays what it is, red for one that may be another tomorrow, yellow for the rest.
fn colour(image: &str) -> Colour {
    let name = image.rsplit('/').next().unwrap_or(image);
    if image.contains("@sha256:") {
        return Colour::Green;
    }
    match name.split_once(':') {
        None | Some((_, "latest")) => Colour::Red,
        Some(_) => Colour::Yellow,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn containers_of_every_sort_are_counted() {
        let pod = json!({
            "metadata": { "namespace": "shop" },
            "spec": {
                "initContainers": [{ "image": "registry.example:5000/setup" }],
                "containers": [{ "image": "web:1" }, { "image": "web:1" }],
                "ephemeralContainers": [{ "image": "debug@sha256:0" }],
            },
        });
        let pods = [pod, json!({ "metadata": { "namespace": "shop" }, "spec": { "containers": [] } })];
        let expected = "\
NAMESPACE   IMAGE                         CONTAINERS
shop        debug@sha256:0                1
shop        registry.example:5000/setup   1
shop        web:1                         2
";
        assert_eq!(print(&count(&pods), false), expected);
    }

    #[test]
    fn a_colour_says_whether_an_image_stays() {
        for (image, expected) in [
            ("a@sha256:0", Colour::Green),
            ("registry.example:5000/a", Colour::Red),
            ("a:latest", Colour::Red),
            ("registry.example:5000/a:1", Colour::Yellow),
        ] {
            assert_eq!(colour(image), expected, "{image}");
        }
    }
}
