//! Rebuilds the crate when a migration appears: the compiler tracks the files it read, not the folder.
fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
