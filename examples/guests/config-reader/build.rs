//! Exports the allocator of the C library, by which the host of a go-plugin service hands over messages.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-cdylib=--export=malloc");
        println!("cargo::rustc-link-arg-cdylib=--export=free");
    }
}
