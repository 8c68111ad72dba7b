//! The flows that ship as examples do what the conversations beside them say.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ivr::{Flow, Known};

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../flows/examples");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.to_string_lossy().ends_with(".toml") && !path.to_string_lossy().ends_with(".test.toml")
        })
        .collect();
    files.sort();
    files
}

fn flow(path: &Path) -> Arc<Flow> {
    let text = std::fs::read_to_string(path).expect("a file");
    match Flow::parse(&path.display().to_string(), &text, &Known::anything()) {
        Ok(flow) => Arc::new(flow),
        Err(problems) => panic!("{}", problems.iter().map(|p| format!("{p}\n")).collect::<String>()),
    }
}

#[test]
fn every_conversation_goes_as_written() {
    let mut had = 0;
    for path in examples() {
        let flow = flow(&path);
        let beside = path.with_extension("test.toml");
        let text = std::fs::read_to_string(&beside).expect("conversations beside the flow");
        let outcomes = ivr::conversations(&beside.display().to_string(), &text, &flow);
        let outcomes = outcomes.unwrap_or_else(|problems| panic!("{problems:#?}"));
        for outcome in outcomes {
            had += 1;
            assert!(outcome.problem.is_none(), "{}: {}", outcome.name, outcome.problem.expect("a problem"));
        }
    }
    assert!(had >= 15, "{had} conversations");
}

/// Guards against a runner that finds everything.
#[test]
fn a_conversation_that_goes_otherwise_is_told_with_its_place() {
    let path = examples().into_iter().find(|path| path.ends_with("clinic.toml")).expect("the practice");
    let flow = flow(&path);
    let text = "[[conversation]]\nname = \"x\"\nentry = \"2000\"\nscript = [\n  { finds = \"\" },\n  { says = \"emergency\" },\n  { ends_in_queue = \"reception\" },\n]\n";
    let outcomes = ivr::conversations("x.test.toml", text, &flow).expect("reads");
    let problem = outcomes[0].problem.clone().expect("it goes otherwise").to_string();
    assert!(problem.starts_with("x.test.toml:7:3: ends_in_queue \"reception\" did not happen"), "{problem}");
    assert!(problem.contains("dials 112"), "{problem}");
    for bad in [
        "",
        "[[conversation]]\nentry = \"9\"\n",
        "[[conversation]]\nentry = \"2000\"\nscript = [{ flies = 1 }]\n",
    ] {
        assert!(ivr::conversations("x", bad, &flow).is_err(), "{bad}");
    }
}
