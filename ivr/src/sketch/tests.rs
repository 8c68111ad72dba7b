use super::*;

const FLOW: &str = r#"# A flow.
[flow]
name = "Shop"

[entries]
1500 = "menu"
chat = { step = "wait", text = true }

[steps.menu]
kind = "menu"
prompts = ["hello"] # what they hear
no_input = { timeout = 4, then = "bye" }

[steps.menu.keys]
1 = "wait"
"*" = "menu"

[steps.wait]
kind = "queue"
queue = "sales"

[steps.bye]
kind = "hangup"

[prompts.hello]
en = "Hello."
zh = "您好。"
"#;

fn sketch(text: &str) -> Sketch {
    Sketch::of("shop.toml", text, &Known::anything())
}

fn part<'a>(parts: &'a [SketchPart], name: &str) -> &'a SketchPart {
    parts.iter().find(|part| part.name == name).expect("it is in the file")
}

#[test]
fn the_parts_of_a_flow_are_drawn_with_all_that_is_written_in_them() {
    let sketch = sketch(FLOW);
    assert!(sketch.readable && sketch.problems.is_empty(), "{:?}", sketch.problems);
    assert_eq!(sketch.about.get("name"), Some(&Written::Text("Shop".into())));
    let names = |parts: &[SketchPart]| parts.iter().map(|part| part.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&sketch.entries), ["1500", "chat"]);
    assert_eq!(names(&sketch.steps), ["menu", "wait", "bye"]);
    assert_eq!(names(&sketch.prompts), ["hello"]);
    let chat = part(&sketch.entries, "chat");
    assert_eq!((chat.ways[0].to.as_str(), &chat.fields["text"]), ("wait", &Written::Flag(true)));
    let menu = part(&sketch.steps, "menu");
    assert_eq!(menu.line, 9);
    assert_eq!(menu.fields["prompts"], Written::List(vec![Written::Text("hello".into())]));
}

#[test]
fn ways_say_where_they_are_written_and_who_brings_them_about() {
    let sketch = sketch(FLOW);
    let ways: Vec<_> = part(&sketch.steps, "menu")
        .ways
        .iter()
        .map(|way| (way.path.join("."), way.to.as_str(), way.by))
        .collect();
    let all = [
        ("no_input.then".to_owned(), "bye", "itself"),
        ("keys.1".to_owned(), "wait", "people"),
        ("keys.*".to_owned(), "menu", "people"),
    ];
    for expected in &all {
        assert!(ways.contains(expected), "{expected:?} in {ways:?}");
    }
    assert_eq!(ways.len(), all.len(), "a prompt's or queue's name is no way: {ways:?}");
}

#[test]
fn every_problem_is_at_the_part_that_it_is_about() {
    let broken = FLOW
        .replace("queue = \"sales\"", "queue = 5")
        .replace("1 = \"wait\"", "1 = \"nowhere\"")
        .replace("zh = \"您好。\"\n", "")
        .replace("1500 = \"menu\"", "1500 = \"gone\"");
    let sketch = sketch(&broken);
    let whose: Vec<_> = sketch.problems.iter().map(|wrong| (wrong.whose.clone(), wrong.line)).collect();
    let step = |name: &str| Whose::Step(name.to_owned());
    for expected in [
        (Whose::Entry("1500".into()), 6),
        (step("menu"), 15),
        (step("wait"), 20),
        (Whose::Prompt("hello".into()), 25),
    ] {
        assert!(whose.contains(&expected), "{expected:?} in {whose:?}");
    }
    let problems = crate::Flow::parse("shop.toml", &broken, &Known::anything()).expect_err("it is broken");
    let told: Vec<_> = sketch.problems.iter().map(|w| (w.line, w.column, w.found.clone())).collect();
    let parsed: Vec<_> = problems.iter().map(|p| (p.line, p.column, p.found.clone())).collect();
    assert_eq!(told, parsed, "the same compiler");
}

#[test]
fn what_is_no_toml_has_a_place_too_and_nothing_panics() {
    let sketch_of = sketch("[steps.a\nkind = ");
    assert!(!sketch_of.readable && sketch_of.steps.is_empty() && sketch_of.problems.len() == 1);
    for text in
        ["", "steps = 1", "steps = { a = { kind = \"menu\" } }", "[[steps]]\n", "[entries]\na = 1\n", "\u{0}"]
    {
        let _ = sketch(text);
    }
    let chars: Vec<char> = FLOW.chars().collect();
    for cut in 0..chars.len() {
        let _ = sketch(&chars[..cut].iter().collect::<String>());
    }
}
