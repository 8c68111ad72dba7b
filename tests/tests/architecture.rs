//! The rules of ARCHITECTURE.md, kept by a test: imports, purity, sizes, names.

use std::collections::BTreeSet;
use std::process::Command;

use scenarios::workspace::{
    CORES, LONGEST_FILE, LONGEST_LIB, MAY_IMPORT, NOT_IN_CORES, dependencies, manifest, packages, root,
    sources,
};

#[test]
fn the_table_names_every_member() {
    let workspace: toml::Table =
        std::fs::read_to_string(root().join("Cargo.toml")).expect("root manifest").parse().expect("TOML");
    let members = workspace["workspace"]["members"].as_array().expect("members");
    let members: BTreeSet<&str> = members.iter().filter_map(toml::Value::as_str).collect();
    let table: BTreeSet<&str> = MAY_IMPORT.iter().map(|(member, _)| *member).collect();
    assert_eq!(members, table);
}

#[test]
fn members_import_only_what_the_table_allows() {
    let ours = packages();
    let mut wrong = Vec::new();
    for (member, allowed) in MAY_IMPORT {
        for name in dependencies(member, &["dependencies", "build-dependencies"]) {
            if ours.contains_key(&name) && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{member} imports {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}\nARCHITECTURE.md says who may import whom");
}

#[test]
fn cores_depend_on_nothing_that_does_io() {
    let mut wrong = Vec::new();
    for core in CORES {
        let name = manifest(core)["package"]["name"].as_str().expect("name").to_owned();
        let tree = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "--edges",
                "normal",
                "--prefix",
                "none",
                "--format",
                "{p}",
                "--package",
                &name,
            ])
            .current_dir(root())
            .output()
            .expect("cargo tree runs");
        assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
        for line in String::from_utf8_lossy(&tree.stdout).lines() {
            let dependency = line.split(' ').next().unwrap_or_default();
            if NOT_IN_CORES.contains(&dependency) {
                wrong.push(format!("{core} depends on {dependency}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_core_has_its_purity_lints() {
    for core in CORES {
        let text =
            std::fs::read_to_string(root().join(core).join("clippy.toml")).expect("clippy.toml of a core");
        for banned in ["Instant::now", "SystemTime::now", "thread::sleep", "Mutex", "HashMap", "UdpSocket"] {
            assert!(text.contains(banned), "{core}/clippy.toml no longer bans {banned}");
        }
    }
}

#[test]
fn files_are_short_enough_to_be_read() {
    let mut wrong = Vec::new();
    for path in sources(&root()) {
        let lines = std::fs::read_to_string(&path).expect("source").lines().count();
        let is_test = path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs");
        let limit = if path.ends_with("src/lib.rs") { LONGEST_LIB } else { LONGEST_FILE };
        if lines > limit && !is_test {
            wrong.push(format!("{} has {lines} lines; {limit} at most", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn names_say_what_a_thing_is_for() {
    const VAGUE: &[&str] =
        &["common", "helpers", "managers", "misc", "mod", "models_util", "types", "util", "utils"];
    let vague = |path: &std::path::Path| {
        path.file_stem().is_some_and(|stem| VAGUE.iter().any(|vague| stem == *vague))
    };
    let wrong: Vec<_> = sources(&root()).into_iter().filter(|path| vague(path)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Nothing else would notice: transcription goes on without them, at four times the cost.
#[test]
fn whisper_is_built_with_its_fast_kernels() {
    let settings: toml::Table =
        std::fs::read_to_string(root().join(".cargo/config.toml")).expect("settings").parse().expect("TOML");
    assert_eq!(
        settings["env"]["GGML_LLAMAFILE"].as_str(),
        Some("ON"),
        "docs/performance.md says what it is worth"
    );
}
