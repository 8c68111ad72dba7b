//! Each mistake is found where it stands, and all of them at once.

use kernel::{AgentName, QueueName, limits};
use proptest::prelude::*;

use crate::{Flow, Known};

fn known() -> Known {
    Known {
        queues: ["sales", "support"].map(QueueName::from).into(),
        agents: ["alice", "bob"].map(AgentName::from).into(),
        hosts: vec!["crm.example.com".to_owned()],
        ..Known::default()
    }
}

/// What is found, as `LINE:COLUMN: found`.
fn found(text: &str) -> Vec<String> {
    let problems = Flow::parse("f.toml", text, &known()).err().unwrap_or_default();
    problems.iter().map(|p| format!("{}:{}: {}", p.line, p.column, p.found)).collect()
}

/// A good flow of 12 lines, then these steps.
fn with(steps: &str) -> String {
    let head = "[flow]\nname = \"t\"\n[entries]\n1 = \"a\"\n[prompts.hi]\nen = \"hi\"\nzh = \"你好\"\n";
    format!("{head}[prompts.bye]\nen = \"bye\"\nzh = \"再见\"\n\n\n{steps}")
}

/// One way to be wrong: the steps (from line 13), and what must be found, all of it.
const WRONG_STEPS: &[(&str, &[&str])] = &[
    // Kinds.
    ("[steps.a]\nkind = \"menue\"\n", &["14:8: an unknown kind of step `menue`"]),
    ("[steps.a]\nnext = \"a\"\n", &["13:8: the step `a` has no kind"]),
    ("[steps.a]\nkind = 5\n", &["14:8: an integer for `kind`"]),
    ("[steps]\na = 5\n", &["14:5: an integer for the step `a`"]),
    // Parameters.
    ("[steps.a]\nkind = \"hangup\"\nprompt = \"hi\"\n", &["15:1: an unknown parameter `prompt`"]),
    ("[steps.a]\nkind = \"hangup\"\nprompts = 5\n", &["15:11: 5 for `prompts`"]),
    ("[steps.a]\nkind = \"hangup\"\nprompts = []\n", &["15:11: an empty list for `prompts`"]),
    ("[steps.a]\nkind = \"hangup\"\nprompts = [\"hi\", 7]\n", &["15:18: an integer in a list of names"]),
    ("[steps.a]\nkind = \"hangup\"\nrefuse = 200\n", &["15:10: 200 for `refuse`"]),
    ("[steps.a]\nkind = \"ring\"\nseconds = 0.5\n", &["15:11: 0.5 for `seconds`"]),
    ("[steps.a]\nkind = \"ring\"\nseconds = nan\n", &["15:11: NaN for `seconds`"]),
    ("[steps.a]\nkind = \"play\"\ntone = \"beep\"\nforever = true\n", &["15:8: \"beep\" for `tone`"]),
    ("[steps.a]\nkind = \"play\"\ntone = \"music\"\nforever = \"yes\"\n", &["16:11: \"yes\" for `forever`"]),
    ("[steps.a]\nkind = \"queue\"\nqueue = \"sales\"\npriority = 1000\n", &["16:12: 1000 for `priority`"]),
    ("[steps.a]\nkind = \"queue\"\n", &["13:8: the step `a` (queue) has no `queue`"]),
    (
        "[steps.a]\nkind = \"queue\"\nqueue = \"sales\"\nevery = 20\n",
        &["16:1: the step `a`: `every` without anything to announce"],
    ),
    (
        "[steps.a]\nkind = \"language\"\nset = \"de\"\nnext = \"b\"\n[steps.b]\nkind = \"hangup\"\n",
        &["15:7: \"de\" for `set`"],
    ),
    // Names elsewhere.
    ("[steps.a]\nkind = \"hangup\"\nprompts = \"hii\"\n", &["15:11: an unknown prompt `hii`"]),
    (
        "[steps.a]\nkind = \"hangup\"\nprompts = [\"hi\", \"nothing\"]\n",
        &["15:18: an unknown prompt `nothing`"],
    ),
    ("[steps.a]\nkind = \"queue\"\nqueue = \"suport\"\n", &["15:9: an unknown queue `suport`"]),
    ("[steps.a]\nkind = \"agent\"\nagent = \"carol\"\n", &["15:9: an unknown agent `carol`"]),
    ("[steps.a]\nkind = \"answer\"\nnext = \"nowhere\"\n", &["15:8: an unknown step `nowhere`"]),
    (
        "[steps.a]\nkind = \"dial\"\nuri = \"sip:x@host\"\n",
        &["15:7: `host` does not begin with an IP address"],
    ),
    ("[steps.a]\nkind = \"dial\"\nuri = \"sip:{who}@192.0.2.1\"\n", &["15:7: `{who}` is not a placeholder"]),
    (
        "[steps.a]\nkind = \"dial\"\nuri = \"sip:192.0.2.1\"\ncodecs = [\"PCMU\", \"mp3\", \"pcmu\"]\n",
        &["16:19: an unknown codec `mp3`", "16:26: `pcmu` twice"],
    ),
    // Dead ends.
    ("[steps.a]\nkind = \"answer\"\n", &["13:8: the step `a` is a dead end: nothing comes after it"]),
    (
        "[steps.a]\nkind = \"play\"\nprompts = \"hi\"\n",
        &["13:8: the step `a`: a dead end: nothing comes after this step"],
    ),
    (
        "[steps.a]\nkind = \"ring\"\nseconds = 5\n",
        &["13:8: the step `a`: a dead end: nothing comes after this step"],
    ),
    ("[steps.a]\nkind = \"play\"\nforever = true\n", &["13:8: the step `a`: a step that plays nothing"]),
    (
        "[steps.a]\nkind = \"play\"\nprompts = \"hi\"\nforever = true\nnext = \"b\"\n[steps.b]\nkind = \"hangup\"\n",
        &["17:1: the step `a`: `next` of a step that plays for ever is never reached"],
    ),
    (
        "[steps.a]\nkind = \"play\"\nprompts = \"hi\"\ntone = \"busy\"\nforever = true\n",
        &["16:1: the step `a`: both `prompts` and `tone`"],
    ),
    // Keys.
    ("[steps.a]\nkind = \"menu\"\nprompts = \"hi\"\n", &["13:8: the step `a` (menu) has no `keys`"]),
    ("[steps.a]\nkind = \"menu\"\nprompts = \"hi\"\nkeys = {}\n", &["16:1: no keys in `keys`"]),
    (
        "[steps.a]\nkind = \"menu\"\nprompts = \"hi\"\nkeys = { 1 = \"a\", A = \"a\", 12 = \"a\" }\n",
        &["16:19: `A` is not a key", "16:28: `12` is not a key"],
    ),
    ("[steps.a]\nkind = \"menu\"\nprompts = \"hi\"\nkeys = { 1 = 7 }\n", &["16:14: 7 for the key `1`"]),
    ("[steps.a]\nkind = \"menu\"\nprompts = \"hi\"\nkeys = \"1\"\n", &["16:8: \"1\" for `keys`"]),
    (
        "[steps.a]\nkind = \"menu\"\nprompts = \"hi\"\nkeys = { 1 = \"a\" }\nwords = { 2 = \"two\" }\n",
        &["17:1: the step `a`: words for key `2`, which leads nowhere"],
    ),
    (
        "[steps.a]\nkind = \"menu\"\nprompts = \"hi\"\nkeys = { 1 = \"a\", 2 = \"a\" }\nwords = { 1 = \"Yes\", 2 = [\"no\", \"yes\", \"\"] }\n",
        &["17:33: the word `yes` twice", "17:40: an empty word"],
    ),
    (
        "[steps.a]\nkind = \"menu\"\nprompts = \"hi\"\nkeys = { 1 = \"a\" }\nno_input = { timeout = 0, times = 99, prompt = \"x\", then = \"y\", tries = 1 }\n",
        &[
            "17:24: 0 for `timeout`",
            "17:35: 99 for `times`",
            "17:48: an unknown prompt `x`",
            "17:60: an unknown step `y`",
            "17:65: an unknown name `tries` in `no_input`",
        ],
    ),
    (
        "[steps.a]\nkind = \"menu\"\nprompts = \"hi\"\nkeys = { 1 = \"a\" }\nno_match = { timeout = 5 }\n",
        &["17:14: an unknown name `timeout` in `no_match`"],
    ),
    // The whole.
    (
        "[steps.a]\nkind = \"hangup\"\n[steps.b]\nkind = \"hangup\"\n",
        &["15:8: the step `b` cannot be reached"],
    ),
    (
        "[steps.a]\nkind = \"answer\"\nnext = \"b\"\n[steps.b]\nkind = \"play\"\nprompts = \"hi\"\nnext = \"a\"\n",
        &["15:8: a circle that goes round without anybody doing anything: a → b → a"],
    ),
    (
        "[steps.a]\nkind = \"menu\"\nprompts = \"hi\"\nkeys = { 1 = \"a\" }\nno_input = { then = \"a\" }\n",
        &["17:21: a circle that goes round without anybody doing anything: a → a"],
    ),
    (
        "[steps.a]\nkind = \"agent\"\nagent = \"alice\"\nfailed = \"b\"\n[steps.b]\nkind = \"agent\"\nagent = \"bob\"\nfailed = \"a\"\n",
        &["16:10: a circle that goes round without anybody doing anything: a → b → a"],
    ),
    (
        "[steps.\"two words\"]\nkind = \"hangup\"\n[steps.a]\nkind = \"answer\"\nnext = \"two words\"\n",
        &["13:8: `two words` as the name of a step"],
    ),
    // Variables and secrets.
    (
        "[steps.a]\nkind = \"condition\"\nwhen = \"nobody > 1\"\nthen = \"b\"\notherwise = \"b\"\n[steps.b]\nkind = \"hangup\"\n",
        &["15:8: a variable `nobody` that nothing sets"],
    ),
    (
        "[steps.a]\nkind = \"condition\"\nwhen = \"1 + 1\"\nthen = \"b\"\notherwise = \"b\"\n[steps.b]\nkind = \"hangup\"\n",
        &["15:8: a number for `when`"],
    ),
    (
        "[steps.a]\nkind = \"menu\"\nprompts = \"hi\"\nkeys = { 1 = \"c\", 2 = \"d\" }\n[steps.c]\nkind = \"collect\"\nprompts = \"hi\"\ninto = \"x\"\nnext = \"d\"\n[steps.d]\nkind = \"say\"\ntext = { en = \"{x}\", zh = \"{x}\" }\nnext = \"b\"\n[steps.b]\nkind = \"hangup\"\n",
        &["24:1: the variable `x` may be empty here: not every way to `d` sets it"],
    ),
    (
        "[steps.a]\nkind = \"secure_collect\"\nwhat = \"pin\"\nprompts = \"hi\"\ninto = \"pin\"\nnext = \"d\"\n[steps.d]\nkind = \"say\"\ntext = { en = \"{pin}\", zh = \"x\" }\nnext = \"b\"\n[steps.b]\nkind = \"hangup\"\n",
        &["21:1: `pin` is secret and would be shown, said or written down here"],
    ),
    (
        "[steps.a]\nkind = \"lookup\"\nurl = \"https://evil.example/x\"\nnext = \"b\"\nfailed = \"b\"\n[steps.b]\nkind = \"hangup\"\n",
        &["15:7: the server `evil.example`, which is not allowed"],
    ),
    (
        "[steps.a]\nkind = \"lookup\"\nurl = \"https://me:pw@crm.example.com/\"\nnext = \"b\"\nfailed = \"b\"\n[steps.b]\nkind = \"hangup\"\n",
        &["15:7: a secret in the clear: `a password in an address`"],
    ),
    (
        "[steps.a]\nkind = \"lookup\"\nurl = \"https://{caller.number}/\"\nnext = \"b\"\nfailed = \"b\"\n[steps.b]\nkind = \"hangup\"\n",
        &["15:7: `{caller.number}` as a server"],
    ),
    (
        "[steps.a]\nkind = \"lookup\"\nurl = \"https://crm.example.com/\"\nheaders = { authorization = \"Bearer abc\" }\nnext = \"b\"\nfailed = \"b\"\n[steps.b]\nkind = \"hangup\"\n",
        &["16:29: a secret in the clear: `authorization`"],
    ),
    // Parts and hours.
    (
        "[steps.a]\nkind = \"return\"\n",
        &["13:8: the step `a` returns, and customers come to it without having been called"],
    ),
    (
        "[steps.a]\nkind = \"sub_flow\"\nstep = \"c\"\nnext = \"b\"\n[steps.c]\nkind = \"hangup\"\n[steps.b]\nkind = \"hangup\"\n",
        &[
            "13:8: the step `a` calls `c`, from which nothing comes back",
            "19:8: the step `b` cannot be reached",
        ],
    ),
    (
        "[steps.a]\nkind = \"business_hours\"\nzone = \"Mars/Base\"\ndays = { mon = \"9-5\" }\nopen = \"b\"\nclosed = \"b\"\n[steps.b]\nkind = \"hangup\"\n",
        &["15:8: the time zone \"Mars/Base\"", "16:16: the hours \"9-5\""],
    ),
    // One slip is one problem: what it leads to is not also unreachable.
    (
        "[steps.a]\nkind = \"answer\"\nnext = \"ende\"\n[steps.end]\nkind = \"hangup\"\n",
        &["15:8: an unknown step `ende`"],
    ),
];

#[test]
fn every_mistake_in_a_step_is_found_where_it_stands_and_nothing_else() {
    for (steps, expected) in WRONG_STEPS {
        assert_eq!(found(&with(steps)), *expected, "{steps}");
    }
}

/// Ways to be wrong elsewhere: the whole file.
const WRONG_FILES: &[(&str, &[&str])] = &[
    ("", &["1:1: no part `[flow]`", "1:1: no part `[steps]`", "1:1: no part `[entries]`"]),
    (
        "flow = 1\nsteps = 2\nentries = 3\nprompts = 4\nstep = 5\n",
        &[
            "1:1: an integer called `flow`",
            "2:1: an integer called `steps`",
            "3:1: an integer called `entries`",
            "4:1: an integer called `prompts`",
            "5:1: an unknown part `step`",
        ],
    ),
    (
        "[flow]\ntitle = \"x\"\n[entries]\n1 = \"a\"\n[steps.a]\nkind = \"hangup\"\n",
        &["1:2: a flow without a name", "2:1: an unknown name `title` in `[flow]`"],
    ),
    (
        "[flow]\nname = 1\n[entries]\n[steps.a]\nkind = \"hangup\"\n",
        &["2:8: an integer for `name`", "3:2: no entries"],
    ),
    (
        "[flow]\nname = \"x\"\n[entries]\n1 = \"b\"\n2 = 5\n3 = { text = 1 }\n4 = { step = \"a\", txt = true }\nb = \"a\"\n[steps.a]\nkind = \"hangup\"\n[steps.b]\nkind = \"hangup\"\n",
        &[
            "5:5: an integer for an entry",
            "6:1: an entry `3` that leads nowhere",
            "6:14: an integer for `text`",
            "7:19: an unknown name `txt` in an entry",
            "8:1: an entry `b` that leads elsewhere than to the step `b`",
        ],
    ),
    (
        "[flow]\nname = \"x\"\n[entries]\n1 = \"a\"\n[prompts.p]\nen = \"\"\nfr = \"x\"\nfile_en = \"../x.wav\"\nfile_zh = 3\n[prompts]\nq = \"x\"\n[steps.a]\nkind = \"hangup\"\n",
        &[
            "5:10: the prompt `p` has no text in `zh`",
            "6:6: an empty text for `en`",
            "7:1: an unknown name `fr` in a prompt",
            "8:11: `../x.wav` for `file_en`",
            "9:11: an integer for `file_zh`",
            "11:5: a text for the prompt `q`",
        ],
    ),
    (
        "[flow]\nname = \"x\"\n[entries]\nchat = { step = \"a\", text = true }\n[steps.a]\nkind = \"language\"\nset = \"zh\"\nnext = \"b\"\n[steps.b]\nkind = \"echo\"\n",
        &["9:8: the step `b` (echo) needs a voice, and the entry `chat` is for those who write"],
    ),
    // 你 is one column, three bytes.
    ("[flow]\nname = \"你\" oops\n", &["2:12: unexpected key or value, expected newline, `#`"]),
    ("[flow]\nname = \"x\"\nname = \"y\"\n", &["3:1: duplicate key"]),
    ("[steps.a]\nkind = \"hangup\"\n[steps.a]\nkind = \"hangup\"\n", &["3:8: duplicate key"]),
];

#[test]
fn every_mistake_elsewhere_is_found_where_it_stands_and_nothing_else() {
    for (text, expected) in WRONG_FILES {
        assert_eq!(found(text), *expected, "{text}");
    }
}

#[test]
fn a_problem_reads_file_line_column_what_was_found_and_what_would_be_right() {
    let text = with("[steps.a]\nkind = \"queue\"\nqueue = \"suport\"\n");
    let problems = Flow::parse("flows/x.toml", &text, &known()).expect_err("a slip");
    let line =
        "flows/x.toml:15:9: an unknown queue `suport`; perhaps `support` (queues: one of sales, support)";
    assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [line]);
}

#[test]
fn files_and_flows_beyond_the_limits_are_refused() {
    let text = "#".repeat(limits::FILE_BYTES + 1);
    assert_eq!(found(&text), [format!("1:1: a file of {} bytes", text.len())]);
    let step = |n| format!("[steps.s{n}]\nkind = \"hangup\"\n");
    let steps: String = (0..=limits::FLOW_STEPS).map(step).collect();
    let found = found(&with(&steps));
    assert_eq!(found[0], "4:5: an unknown step `a`");
    assert!(found[1].ends_with(&format!("a flow of {} steps", limits::FLOW_STEPS + 1)), "{}", found[1]);
}

#[test]
fn a_flow_as_large_as_allowed_is_read() {
    let last = limits::FLOW_STEPS - 1;
    let step = |n| match n {
        _ if n == last => format!("[steps.s{n}]\nkind = \"hangup\"\n"),
        _ => format!("[steps.s{n}]\nkind = \"answer\"\nnext = \"s{}\"\n", n + 1),
    };
    let text = with(&(0..=last).map(step).collect::<String>()).replace("1 = \"a\"", "1 = \"s0\"");
    let flow = Flow::parse("f", &text, &known()).map_err(|p| p[0].to_string()).expect("good");
    assert!(flow.first_prompts("1").is_empty());
}

/// The shipped flow with pieces cut out, doubled, or replaced: near-valid text goes deeper than noise.
fn mangled() -> impl Strategy<Value = String> {
    let text = include_str!("../../../flows/main.toml");
    let snippet = prop_oneof![
        Just("\""),
        Just("["),
        Just("]]"),
        Just("{"),
        Just("="),
        Just("\n"),
        Just("kind = \"menu\"\n"),
        Just("[steps.main_menu.keys]\n"),
        Just("next = \"main_menu\"\n"),
        Just("5"),
        Just("-1e309"),
        Just("\u{0}"),
        Just("1979-05-27"),
        Just("九"),
        Just("a.b.c = 1\n"),
    ];
    let edit = (0..text.len(), 0..40_usize, snippet);
    prop::collection::vec(edit, 1..6).prop_map(move |edits| {
        let mut text = text.to_owned();
        for (at, cut, snippet) in edits {
            let floor = |at: usize, text: &str| {
                (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
            };
            let begin = floor(at, &text);
            let end = floor(begin + cut, &text).max(begin);
            text.replace_range(begin..end, snippet);
        }
        text
    })
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(text in "\\PC{0,200}") {
        let _ = Flow::parse("f", &text, &known());
    }

    #[test]
    fn any_near_miss_gets_an_answer_whose_places_are_in_the_file(text in mangled()) {
        if let Err(problems) = Flow::parse("f", &text, &known()) {
            prop_assert!(!problems.is_empty());
            let lines: Vec<&str> = text.split('\n').collect();
            for problem in problems {
                let line = lines.get(problem.line - 1);
                let width = line.map(|line| line.chars().count());
                prop_assert!(width.is_some_and(|width| problem.column <= width + 2), "{problem}");
            }
        }
    }
}
