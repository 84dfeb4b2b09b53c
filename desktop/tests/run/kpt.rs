//! kpt itself calls `drydock krm`, where it is installed.

use std::path::{Path, PathBuf};

use crate::sandbox::{Sandbox, guest};

const WEB: &str =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web # the shop\n  namespace: a\n";

/// kpt on PATH, or in the folder of the Google Cloud SDK.
fn kpt() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let sdk = PathBuf::from("/usr/lib/google-cloud-sdk/bin");
    let found =
        std::env::split_paths(&path).chain([sdk]).map(|folder| folder.join("kpt")).find(|it| it.is_file());
    if found.is_none() {
        eprintln!("skipped: kpt is not installed");
    }
    found
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn eval_changes_a_package() {
    let Some(kpt) = kpt() else { return };
    let sandbox = Sandbox::new();
    sandbox.write("package/web.yaml", WEB);
    let (kpt, module) = (shown(&kpt), shown(&guest("set-namespace")));
    let script = format!("{kpt} fn eval package --exec \"drydock krm {module}\" -- namespace=b");
    let ended = sandbox.shell(&script);
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(sandbox.read("package/web.yaml").unwrap(), WEB.replace("namespace: a", "namespace: b"));
}

#[test]
fn eval_that_fails_changes_nothing_and_shows_results() {
    let Some(kpt) = kpt() else { return };
    let sandbox = Sandbox::new();
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n  - name: c\n    image: nginx:latest\n";
    sandbox.write("package/web.yaml", pod);
    sandbox.write("results/keep", "");
    let (kpt, module) = (shown(&kpt), shown(&guest("no-latest")));
    let script = format!("{kpt} fn eval package --results-dir results --exec \"drydock krm {module}\"");
    let ended = sandbox.shell(&script);
    assert!(!ended.status.success(), "{ended:?}");
    assert_eq!(sandbox.read("package/web.yaml").unwrap(), pod);
    let results = sandbox.read("results/results.yaml").unwrap();
    assert!(results.contains("exitCode: 1") && results.contains("message:"), "{results}");
}

#[test]
fn a_pipe_of_two_functions_goes_from_source_to_sink() {
    let Some(kpt) = kpt() else { return };
    let sandbox = Sandbox::new();
    sandbox.write("package/web.yaml", WEB);
    let config =
        |data: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: config\ndata:\n  {data}\n");
    sandbox.write("namespace.yaml", &config("namespace: b"));
    sandbox.write("labels.yaml", &config("app: shop"));
    let (kpt, one, two) = (shown(&kpt), shown(&guest("set-namespace")), shown(&guest("set-labels")));
    let script = format!(
        "{kpt} fn source package | drydock krm {one} --config namespace.yaml {two} --config labels.yaml | {kpt} fn sink out"
    );
    let ended = sandbox.shell(&script);
    assert!(ended.status.success(), "{ended:?}");
    let out = sandbox.read("out/web.yaml").unwrap();
    assert!(
        out.contains("name: web # the shop") && out.contains("namespace: b") && out.contains("app: shop"),
        "{out}"
    );
}

#[test]
fn run_prints_what_sink_takes() {
    let Some(kpt) = kpt() else { return };
    let sandbox = Sandbox::new();
    sandbox.write("package/a/web.yaml", WEB);
    sandbox.write(
        "config.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  namespace: b\n",
    );
    let (kpt, module) = (shown(&kpt), shown(&guest("set-namespace")));
    let script = format!(
        "{kpt} fn source package | drydock run {module} --input - --config config.yaml -o yaml | {kpt} fn sink out"
    );
    let ended = sandbox.shell(&script);
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(sandbox.read("out/a/web.yaml").unwrap(), WEB.replace("namespace: a", "namespace: b"));
}
