//! The store: names, links, and what is removed and what stays.

use std::fs;
use std::os::unix::fs::symlink;

use crate::home::{Home, quiet, shown};

#[test]
fn a_file_is_linked_where_it_lies_and_stays_there() {
    let home = Home::new();
    home.pull("tree", &quiet());
    let module = home.path().parent().unwrap().join("tree.wasm");
    let ended = home.drydock(&["plugin", "list"]);
    assert_eq!(ended.stdout(), format!("NAME  LOCATION\ntree  {} (not in the store)\n", shown(&module)));
    let ended = home.drydock(&["plugin", "rm", "tree"]);
    assert_eq!(
        ended.stdout(),
        format!("`tree` was removed.\n`{}` stays: it is not in the store.\n", shown(&module))
    );
    assert!(module.exists());
    assert_eq!(home.files(), Vec::<String>::new());
    assert_eq!(home.drydock(&["plugin", "list"]).stdout(), "NAME  LOCATION\n");
}

#[test]
fn what_krew_wasm_keeps_is_seen_and_removed() {
    let home = Home::new();
    let store = home.path().join("cache/krew-wasm/krew-wasm-store");
    let file = store.join("registry/ghcr.io/flavio/krew-wasm-plugins/decoder:latest");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::create_dir_all(store.join("all")).unwrap();
    fs::create_dir_all(home.path().join(".krew-wasm/bin")).unwrap();
    fs::write(&file, quiet().wasm()).unwrap();
    symlink(&file, store.join("all/decoder")).unwrap();
    // krew-wasm's own program is not here.
    symlink("/nowhere/krew-wasm", home.link("decoder")).unwrap();
    symlink(store.join("registry/ghcr.io/a/gone:1"), store.join("all/odd@sha256")).unwrap();
    let list: serde_json::Value =
        serde_json::from_str(&home.drydock(&["plugin", "list", "-o", "json"]).stdout()).unwrap();
    let expected = serde_json::json!([
        {
            "name": "decoder",
            "location": "registry://ghcr.io/flavio/krew-wasm-plugins/decoder:latest",
            "in_store": true,
            "trouble": "its link leads nowhere",
        },
        {
            "name": "odd@sha256",
            "location": "registry://ghcr.io/a/gone:1",
            "in_store": true,
            "trouble": "its file is gone",
        },
    ]);
    assert_eq!(list, expected);
    for name in ["decoder", "odd@sha256"] {
        let ended = home.drydock(&["plugin", "rm", name]);
        assert_eq!(ended.stdout(), format!("`{name}` was removed.\n"), "{ended:?}");
    }
    assert_eq!(home.files(), Vec::<String>::new());
    assert!(!store.join("registry").exists(), "empty folders stay");
}

#[test]
fn what_is_not_ours_is_left_as_it_is() {
    let home = Home::new();
    let module = home.module("tree.wasm", &quiet().wasm());
    let address = format!("file://{}", shown(&module));
    home.write(".krew-wasm/bin/kubectl-tree", "#!/bin/sh\n");
    let ended = home.drydock(&["plugin", "pull", &address]);
    assert_eq!(ended.status.code(), Some(2));
    assert!(ended.stderr.contains("kubectl-tree` is no link, and is left as it is"), "{ended:?}");
    assert_eq!(home.files(), [".krew-wasm/bin/kubectl-tree"]);
    assert_eq!(home.read(".krew-wasm/bin/kubectl-tree").as_deref(), Some("#!/bin/sh\n"));
    for name in ["tree", "../all", "", ".."] {
        let ended = home.drydock(&["plugin", "rm", name]);
        assert_eq!(ended.status.code(), Some(2), "{name}");
        assert!(ended.stderr.contains(&format!("there is no plugin `{name}`")), "{ended:?}");
    }
}

#[test]
fn a_file_that_is_no_module_is_not_linked() {
    let home = Home::new();
    let text = home.module("tree.wasm", b"#!/bin/sh");
    for (address, words) in [
        (format!("file://{}", shown(&text)), "tree.wasm`"),
        (format!("file://{}", shown(&home.path())), "home` is a folder, not a file"),
        ("file:///nowhere/tree.wasm".into(), "`/nowhere/tree.wasm` does not exist"),
    ] {
        let ended = home.drydock(&["plugin", "pull", &address]);
        assert_eq!(ended.status.code(), Some(2), "{address}");
        assert!(ended.stderr.contains(words), "{ended:?}");
    }
    assert_eq!(home.files(), Vec::<String>::new());
}
