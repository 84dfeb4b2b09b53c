//! Runs the guest natively over `tests/cases`.

#[test]
fn cases() {
    golden::check(env!("CARGO_BIN_EXE_starlark"), concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases"));
}
