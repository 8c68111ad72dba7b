//! The configuration of a center: what it says of mistakes, each once, with its line and what would be right.

use gateway::config::{Config, Flags};

#[path = "config/folder.rs"]
mod folder;

use folder::Folder;

const FLOW: &str = "[flow]\nname = \"small\"\n[entries]\n1000 = \"end\"\n\n[steps.end]\nkind = \"hangup\"\n";
const WAITS: &str = "[flow]\nname = \"waits\"\n[entries]\n1000 = \"wait\"\n\n[steps.wait]\nkind = \"queue\"\nqueue = \"suport\"\n";

/// Reads a configuration beside which a good flow and one with a mistake lie.
fn read(text: &str) -> Result<Config, Vec<String>> {
    let folder = Folder::new(text);
    for (name, text) in [("flow.toml", FLOW), ("waits.toml", WAITS)] {
        std::fs::write(folder.0.join(name), text).expect("written");
    }
    folder.read(&Flags::default())
}

fn number(number: &str, more: &str) -> String {
    format!("[[numbers]]\nnumber = \"{number}\"\n{more}")
}

/// The one mistake of a text is at this line and is told in these words.
fn told(text: &str, line: usize, words: &str) {
    let problems = read(text).expect_err(text);
    let [problem] = problems.as_slice() else { panic!("{text}: {problems:#?}") };
    assert!(problem.starts_with(&format!("{line}:")) && problem.contains(words), "{text}: {problem}");
}

#[test]
fn a_small_center_is_read() {
    let config = read(&format!(
        "chat = \"1000\"\n[[users]]\nname = \"eve\"\nrole = \"agent\"\nskills = {{ sales = 3 }}\n\
         [[queues]]\nname = \"sales\"\n{}",
        number("1000", "flow = \"flow.toml\"\n")
    ));
    let config = config.unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!((config.users.len(), config.queues.len(), config.chat.as_deref()), (1, 1, Some("1000")));
    assert!(config.numbers.contains_key("1000"));
}

#[test]
fn what_is_no_field_or_no_toml_is_told_with_its_line() {
    told("nonsense = 1\n", 1, "unknown field `nonsense`; expected one of ");
    told("[listen]\nsipp = [\"127.0.0.1:5060\"]\n", 2, "unknown field `sipp`; expected one of `sip`");
    told("[listen]\nhttp = 8080\n", 2, "expected a string");
    told("[sip]\nrealm = \"a\"\nrealm = \"b\"\n", 3, "; ");
    told("[listen\n", 1, "; ");
}

#[test]
fn mistakes_of_people_name_what_is_wrong_and_what_would_be_right() {
    let eve = "[[users]]\nname = \"eve\"\nrole = \"agent\"\n";
    let roles = "; \"agent\", \"supervisor\" or \"admin\"";
    told("[[users]]\nname = \"eve\"\nrole = \"boss\"\n", 3, &format!("the role \"boss\"{roles}"));
    told("[[keys]]\nname = \"k\"\nrole = \"root\"\n", 3, &format!("the role \"root\"{roles}"));
    told(&format!("{eve}{eve}"), 5, "the user \"eve\" again");
    let phone = "extension = \"1101\"\n";
    let bob = eve.replace("eve", "bob");
    told(&format!("{eve}{phone}{bob}{phone}"), 8, "the extension 1101 again; one extension per user");
    told(&format!("{eve}algorithms = [\"SHA1\"]\n"), 4, "the digest algorithm \"SHA1\"; \"MD5\", ");
    told(&format!("{eve}contact = \"tel:1\"\n"), 4, "the contact \"tel:1\"; sip:USER@ADDRESS:PORT");
    told(&format!("{eve}skills = {{ sales = 11 }}\n"), 4, "the level 11; 1 to 10");
}

#[test]
fn mistakes_of_queues_name_what_is_wrong_and_what_would_be_right() {
    let sales = "[[queues]]\nname = \"sales\"\n";
    told(&format!("{sales}{sales}"), 4, "the queue \"sales\" again");
    told(&format!("{sales}strategy = \"magic\"\n"), 3, "the strategy \"magic\"; one of ");
    told(&format!("{sales}ring = -1\n"), 3, "-1 seconds; 0 to 86400");
    told(
        &format!("{sales}overflow = [{{ waited = 60, to = \"none\" }}]\n"),
        3,
        "the queue \"none\"; another queue of this file",
    );
}

#[test]
fn mistakes_of_numbers_name_what_is_wrong_and_what_would_be_right() {
    let good = number("1000", "flow = \"flow.toml\"\n");
    let missing = number("1000", "flow = \"none.toml\"\n");
    told(&missing, 3, "the flow file \"none.toml\": ");
    told(&missing, 3, "; a readable file, relative to this one");
    told(
        &number("1000", "flow = \"flow.toml\"\nentry = \"nowhere\"\n"),
        4,
        "the entry \"nowhere\", which flow.toml does not have; the name of one of its [entries]",
    );
    told(&number("2000", "flow = \"flow.toml\"\n"), 2, "the entry \"2000\"");
    told(&format!("{good}{good}"), 5, "the number 1000 again; each number once");
    told(&format!("{good}lang = \"fr\"\n"), 4, "the language \"fr\"; \"en\" or \"zh\"");
    // The mistake of a flow is told with the flow's own file and line.
    let waits = number("1000", "flow = \"waits.toml\"\n");
    told(&format!("[[queues]]\nname = \"support\"\n{waits}"), 8, "waits.toml:8:");
    told(
        &format!("[[queues]]\nname = \"support\"\n{waits}"),
        8,
        "an unknown queue `suport`; perhaps `support`",
    );
}

#[test]
fn mistakes_of_the_rest_name_what_is_wrong_and_what_would_be_right() {
    told(
        "[store]\nurl = \"mysql://u:secret@h/d\"\n",
        2,
        "a database URL of an unknown kind; sqlite:FILE or ",
    );
    let problems = read("[store]\nurl = \"mysql://u:secret@h/d\"\n").expect_err("unknown");
    assert!(!problems[0].contains("secret"), "passwords are not repeated: {problems:?}");
    told("credentials = \"../x.json\"\n", 1, "the name \"../x.json\"; a plain file name");
    told("chat = \"chat\"\n", 1, "the number \"chat\"; one of the [[numbers]] of this file");
    told("[listen]\nrtp = \"0.0.0.0:30000-20000\"\n", 2, "two ports, the first lower");
    told("[speech]\nthreads = 0\n", 2, "0 threads; 1 to 64");
    let model = "[[speech.models]]\nname = \"own\"\n";
    let digest = "0".repeat(64);
    told(&format!("{model}url = \"ftp://x\"\nsha256 = \"{digest}\"\n"), 3, "the URL \"ftp://x\"; https://");
    told(&format!("{model}url = \"https://x\"\nsha256 = \"12\"\n"), 4, "64 hexadecimal digits");
    told("[privacy]\nredact = [\"nose\"]\n", 2, "\"nose\"; one of ");
}

/// Whoever mends the first mistake should not be sent after those that vanish with it.
#[test]
fn the_address_of_customers_in_another_system_is_one_that_leads_there() {
    let config = read("[desk]\ncrm_url = \"https://crm.example/?phone={number}&name={name}\"\n");
    assert!(config.unwrap_or_else(|problems| panic!("{problems:#?}")).crm.is_some());
    told(
        "[desk]\ncrm_url = \"javascript:alert(1)\"\n",
        2,
        "; an address that begins with https:// or http://",
    );
    told("[desk]\ncrm_url = \"https://{name}.example/\"\n", 2, "; a host without values");
    told("[desk]\ncrm_url = \"https://crm.example/{phone}\"\n", 2, "{phone} is none of {agent}, {called}");
}

#[test]
fn a_number_that_came_to_nothing_is_told_once_and_not_wherever_it_is_used() {
    let used = "chat = \"chat\"\n[web_calls]\nnumber = \"chat\"\n";
    told(&format!("{used}{}", number("chat", "flow = \"none.toml\"\n")), 6, "the flow file \"none.toml\"");
    told(&format!("{used}{}", number("chat", "flow = \"flow.toml\"\n")), 5, "the entry \"chat\"");
}

#[test]
fn mistakes_are_told_in_the_order_of_the_file() {
    let problems = read(
        "[[keys]]\nname = \"k\"\nrole = \"root\"\n[[queues]]\nname = \"a\"\nring = -1\n\
         [[users]]\nname = \"eve\"\nrole = \"boss\"\n[sip]\nsrtp = \"yes\"\n",
    );
    let problems = problems.expect_err("four mistakes");
    let lines: Vec<&str> = problems.iter().filter_map(|problem| problem.split(':').next()).collect();
    assert_eq!(lines, ["3", "6", "9", "11"], "{problems:#?}");
}
