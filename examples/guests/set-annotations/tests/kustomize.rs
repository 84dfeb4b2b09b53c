//! Compares the guest with kustomize's own transformer, where both should do the same.

#[test]
fn annotations() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kustomize/annotations");
    golden::check_kustomize(env!("CARGO_BIN_EXE_set-annotations"), folder);
}
