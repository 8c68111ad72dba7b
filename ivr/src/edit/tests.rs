use super::*;

const FLOW: &str = r#"# Kept: what the file is for.
[flow]
name = "Shop"   # kept too

[entries]
1500 = "menu" # the shop's number
1501 = "bye"

# ---------------- steps

# The first thing that callers hear.
[steps.menu]
kind = "menu"
prompts = "hello"       # short
no_input = { timeout = 4, then = "bye" } # patience

[steps.menu.keys]
1 = "wait" # sales
2 = "bye"

# Waiting.
[steps.wait]
kind = "queue"
queue = "sales"

[steps.bye]
kind = "hangup"

# ---------------- prompts

[prompts.hello]
en = "Hello."
zh = "您好。"
"#;

fn text(value: &str) -> Option<Written> {
    Some(Written::Text(value.to_owned()))
}

fn set(step: &str, path: &[&str], value: Option<Written>) -> Edit {
    Edit::Set { step: step.into(), path: path.iter().map(|part| (*part).to_owned()).collect(), value }
}

fn edited(edits: &[Edit]) -> String {
    let new = edit(FLOW, edits).expect("it can be done");
    assert!(is_editable(&new), "{new}");
    new
}

/// Lines of the one that the other lacks.
fn only(these: &str, others: &str) -> Vec<String> {
    let others: Vec<&str> = others.lines().collect();
    these.lines().filter(|line| !others.contains(line)).map(str::to_owned).collect()
}

#[test]
fn a_changed_value_changes_its_line_and_keeps_the_comment_behind_it() {
    let new = edited(&[set("menu", &["prompts"], text("welcome"))]);
    assert_eq!(only(&new, FLOW), ["prompts = \"welcome\"       # short"]);
    let new = edited(&[set("menu", &["keys", "1"], text("bye"))]);
    assert_eq!(only(&new, FLOW), ["1 = \"bye\" # sales"]);
    let new = edited(&[set("menu", &["no_input", "timeout"], Some(Written::Whole(9)))]);
    assert_eq!(only(&new, FLOW), ["no_input = { timeout = 9, then = \"bye\" } # patience"]);
    assert_eq!(edited(&[set("menu", &["prompts"], text("hello"))]), FLOW, "nothing new, nothing changed");
}

#[test]
fn a_new_way_is_written_into_its_step() {
    let new = edited(&[set("menu", &["keys", "#"], text("bye")), set("wait", &["then"], text("bye"))]);
    assert_eq!(only(&new, FLOW), ["\"#\" = \"bye\"", "then = \"bye\""]);
    let new = edited(&[set("wait", &["keys", "0"], text("bye"))]);
    assert_eq!(only(&new, FLOW), ["keys = { 0 = \"bye\" }"]);
}

#[test]
fn a_value_taken_out_takes_the_empty_table_around_it_along() {
    let new = edited(&[set("menu", &["keys", "1"], None)]);
    assert_eq!(only(FLOW, &new), ["1 = \"wait\" # sales"]);
    let new = edited(&[set("menu", &["keys", "1"], None), set("menu", &["keys", "2"], None)]);
    assert!(!new.contains("keys"), "{new}");
}

#[test]
fn a_new_step_stands_after_the_others_and_a_new_prompt_after_the_prompts() {
    let new = edited(&[
        Edit::AddStep { name: "more".into(), kind: "play".into() },
        Edit::SetPrompt { name: "news".into(), field: "en".into(), value: text("News.") },
        Edit::SetEntry { name: "1502".into(), value: text("more") },
    ]);
    let place = |what: &str| new.find(what).unwrap_or_else(|| panic!("{what} in {new}"));
    assert!(
        place("[steps.bye]") < place("[steps.more]")
            && place("[steps.more]") < place("# ---------------- prompts")
    );
    assert!(place("[prompts.hello]") < place("[prompts.news]"));
    assert!(place("1501") < place("1502") && place("1502") < place("[steps"));
    let taken = edit(FLOW, &[Edit::AddStep { name: "menu".into(), kind: "play".into() }]);
    assert_eq!(taken, Err(EditError::Taken { what: "step", name: "menu".into() }));
}

#[test]
fn with_a_step_go_the_ways_to_it_and_its_own_comment_but_no_other() {
    let new = edited(&[Edit::RemoveStep { name: "bye".into() }]);
    assert_eq!(
        only(FLOW, &new),
        [
            "1501 = \"bye\"",
            "no_input = { timeout = 4, then = \"bye\" } # patience",
            "2 = \"bye\"",
            "[steps.bye]",
            "kind = \"hangup\""
        ]
    );
    let new = edited(&[Edit::RemoveStep { name: "menu".into() }]);
    assert!(new.contains("# ---------------- steps\n\n# Waiting.\n[steps.wait]"), "{new}");
    assert!(!new.contains("first thing") && !new.contains("1500") && !new.contains("steps.menu"), "{new}");
}

#[test]
fn a_renamed_step_stays_in_its_place_and_every_way_still_leads_to_it() {
    let new = edited(&[Edit::RenameStep { name: "bye".into(), to: "再见 now".into() }]);
    let sketch = Sketch::of("", &new, &Known::anything());
    let to: usize =
        sketch.steps.iter().flat_map(|step| &step.ways).filter(|way| way.to == "再见 now").count();
    assert_eq!(to, 2);
    assert!(new.contains("1501 = \"再见 now\""), "{new}");
    assert!(new.find("[steps.\"再见 now\"]") < new.find("[prompts.hello]"), "{new}");
    let taken = edit(FLOW, &[Edit::RenameStep { name: "bye".into(), to: "menu".into() }]);
    assert_eq!(taken, Err(EditError::Taken { what: "step", name: "menu".into() }));
}

#[test]
fn a_flow_is_made_from_nothing() {
    let new = edit(
        "",
        &[
            Edit::About { field: "name".into(), value: text("New") },
            Edit::SetEntry { name: "1600".into(), value: text("start") },
            Edit::AddStep { name: "start".into(), kind: "hangup".into() },
        ],
    )
    .expect("it can be done");
    assert!(crate::Flow::parse("new", &new, &Known::anything()).is_ok(), "{new}");
}

#[test]
fn what_cannot_be_done_is_refused_and_nothing_panics() {
    let deep = (0..40).fold(Written::Whole(1), |inner, _| Written::List(vec![inner]));
    for wrong in [
        set("nowhere", &["x"], text("y")),
        set("menu", &[], text("y")),
        set("menu", &["kind", "deeper"], text("y")),
        set("menu", &["prompts"], Some(deep)),
        Edit::RemovePrompt { name: "none".into() },
        Edit::RemoveStep { name: "none".into() },
    ] {
        assert!(edit(FLOW, std::slice::from_ref(&wrong)).is_err(), "{wrong:?}");
    }
    for text in ["steps = 1", "steps = [1]", "entries = 2", "[[steps]]", "prompts.a = 1"] {
        let _ = edit(text, &[Edit::RemoveStep { name: "a".into() }]);
        let _ = edit(text, &[Edit::SetPrompt { name: "a".into(), field: "en".into(), value: None }]);
        let _ = edit(text, &[Edit::AddStep { name: "a".into(), kind: "b".into() }]);
    }
    assert!(matches!(edit("a = ", &[Edit::RemoveStep { name: "a".into() }]), Err(EditError::NotToml(_))));
}
