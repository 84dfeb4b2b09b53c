//! Compares the guest with kustomize's own transformer, where both should do the same.

#[test]
fn prefix() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kustomize/prefix");
    golden::check_kustomize(env!("CARGO_BIN_EXE_ensure-name-substring"), folder);
}
