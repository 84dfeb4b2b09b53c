//! Upstream's three configuration files, as its documentation writes them, and what is refused in them.

use engine::gate::configuration::{File, read};

/// `name module path abi mutating rules settings`, a module each; or the sentence that refuses.
fn shown(file: File, text: &str) -> String {
    match read(file, "admission.conf", text) {
        Err(outcome) => match outcome.hint {
            Some(hint) => format!("{}; {hint}", outcome.message),
            None => outcome.message,
        },
        Ok(modules) => {
            let line = |it: &engine::gate::configuration::Configured| {
                let entry = &it.entry;
                let resources: Vec<_> = entry.rules.iter().flat_map(|rule| rule.resources.clone()).collect();
                format!(
                    "{} {} {} {:?} mutating={} debug={} {resources:?} {:?}",
                    entry.name,
                    entry.module,
                    it.path,
                    entry.abi.unwrap(),
                    entry.mutating.unwrap_or_default(),
                    entry.debug,
                    entry.settings
                )
            };
            modules.iter().map(line).collect::<Vec<_>>().join("\n")
        }
    }
}

const WHOLE: &str = r#"
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: NodeRestriction
- name: WASM
  configuration:
    modules:
    - name: magic-validation
      module: /etc/kubernetes/wasm/magic_validator.wasm
      rules:
      - operations: ["CREATE", "UPDATE"]
        apiGroups: [""]
        apiVersions: ["v1"]
        resources: ["configmaps"]
    - module: /etc/kubernetes/wasm/safe-annotations.wasm
      type: kubewarden
      mutating: true
      settings:
        mandatory_annotations: [puzzle.ch/owner]
"#;

#[test]
fn reads_what_upstream_documents() {
    let cases = [
        (
            File::Authentication,
            "modules:\n- name: magic\n  module: /etc/a/magic.wasm\n- module: b.wasm\n  debug: true\n  settings: {}\n",
            "magic magic.wasm /etc/a/magic.wasm K8sWasm mutating=false debug=false [] \"\"\n\
             b.wasm b.wasm b.wasm K8sWasm mutating=false debug=true [] \"{}\\n\"",
        ),
        (
            File::Admission,
            WHOLE,
            "magic-validation magic_validator.wasm /etc/kubernetes/wasm/magic_validator.wasm K8sWasm mutating=false debug=false [\"configmaps\"] \"\"\n\
             safe-annotations.wasm safe-annotations.wasm /etc/kubernetes/wasm/safe-annotations.wasm KubewardenWapc mutating=true debug=false [] \"mandatory_annotations:\\n- puzzle.ch/owner\\n\"",
        ),
        (File::Authorization, "", ""),
        (File::Authorization, "{\"modules\": null}", ""),
    ];
    for (file, text, expected) in cases {
        assert_eq!(shown(file, text), expected);
    }
}

#[test]
fn refuses_with_the_cause() {
    let cases = [
        (
            File::Authentication,
            "modules:\n- name: x\n",
            "`admission.conf`: `modules[0]`: no module path specified",
        ),
        (
            File::Authentication,
            "modules:\n- module: x\n  rules: []\n",
            "`admission.conf`: `modules[0].rules` is not known",
        ),
        (
            File::Admission,
            "modules:\n- module: x\n  file: y\n",
            "`admission.conf`: `modules[0].file` is not known",
        ),
        (
            File::Admission,
            "modules:\n- module: x\n  type: wapc\n",
            "`admission.conf`: `modules[0].type`: unknown module type 'wapc'",
        ),
        (
            File::Admission,
            "modules:\n- module: x\n  mutating: \"true\"\n",
            "`admission.conf`: `modules[0].mutating` is text, not a boolean",
        ),
        (
            File::Admission,
            "modules:\n- module: x\n  rules: [{operation: [CREATE]}]\n",
            "`admission.conf`: `modules[0].rules` cannot be read: unknown field `operation`, expected one of \
             `operations`, `apiGroups`, `apiVersions`, `resources`, `scope`",
        ),
        (File::Admission, "modules: {}\n", "`admission.conf`: `modules` is not a list"),
        (File::Admission, "- x\n", "`admission.conf` is a list, not an object"),
        (
            File::Admission,
            &WHOLE.replace("WASM", "Other"),
            "`admission.conf`: no plugin is named `WASM`; k8s-wasm's plugin is `- name: WASM` with `configuration:`",
        ),
        (
            File::Admission,
            &WHOLE.replace("config.k8s.io/v1", "config.k8s.io/v1alpha1"),
            "`admission.conf`: it is `apiserver.config.k8s.io/v1alpha1 AdmissionConfiguration`, not \
             `apiserver.config.k8s.io/v1 AdmissionConfiguration`",
        ),
        (
            File::Admission,
            "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins: [{name: WASM, path: /x/wasm.conf}]\n",
            "`admission.conf`: the plugin `WASM` names the file `/x/wasm.conf`: open that one",
        ),
    ];
    for (file, text, expected) in cases {
        assert_eq!(shown(file, text), expected);
    }
}
