use proptest::prelude::*;

use super::import;
use crate::{Flow, Known};

const ASTERISK: &str = r"
[globals]
X = 1
[from-trunk]
exten => 4930123,1,Answer()
same => n,Playback(welcome)
same => n,Goto(main,s,1)
exten => _X.,1,Hangup()
include => others

[main]
exten => s,1,Answer()
 same => n,Background(custom/main-menu)
 same => n,WaitExten(5)
exten => 1,1,Queue(sales,t)
exten => 2,1,Dial(SIP/1101,20)
exten => 3,1,Goto(after-hours,s,1)
exten => 9,1,AGI(pay.py)
 same => n,Hangup()
exten => t,1,Goto(s,1)
exten => i,1,Playback(invalid)
 same => n,Hangup()

[after-hours]
exten => s,1,Playback(closed)
same => n,Voicemail(100@default)
";

const FREESWITCH: &str = r#"<configuration name="ivr.conf">
<!-- <menu name="old"/> -->
<menus>
<menu name="demo_ivr" greet-long="phrase:demo_ivr_main_menu" invalid-sound="ivr/that_was_an_invalid_entry.wav" timeout="10000" max-failures="3" max-timeouts="2">
  <entry action="menu-exec-app" digits="1" param="transfer 9888 XML default"/>
  <entry action="menu-exec-app" digits="2" param="callcenter support@default"/>
  <entry action="menu-sub" digits="3" param="demo_sub"/>
  <entry action="menu-exec-app" digits="/^(10[01][0-9])$/" param="transfer $1 XML features"/>
  <entry action="menu-exec-app" digits="4" param="lua pay.lua"/>
  <entry action="menu-top" digits="9"/>
</menu>
<menu name="demo_sub" greet-long="sub.wav"><entry action="menu-exit" digits="*"/></menu>
</menus></configuration>"#;

fn notes(file: &str, text: &str) -> (Flow, Vec<String>) {
    let imported = import(file, text);
    let flow = Flow::parse(file, &imported.flow, &Known::anything());
    let flow = flow.unwrap_or_else(|problems| panic!("{problems:#?}\n{}", imported.flow));
    (flow, imported.notes.iter().map(|note| format!("{}: {}", note.line, note.found)).collect())
}

#[test]
fn a_dialplan_with_a_menu_becomes_a_flow_and_says_what_it_could_not_take() {
    let (flow, notes) = notes("extensions.conf", ASTERISK);
    assert_eq!(flow.entries().collect::<Vec<_>>(), ["4930123"]);
    assert_eq!(notes, ["8: the pattern _X.", "9: include => others", "18: AGI(pay.py)"]);
    assert_eq!(flow.first_prompts("4930123"), ["welcome"]);
}

#[test]
fn menus_of_freeswitch_become_a_flow_and_say_what_they_could_not_take() {
    let (flow, notes) = notes("ivr.conf.xml", FREESWITCH);
    assert_eq!(flow.entries().collect::<Vec<_>>(), ["demo_ivr", "demo_sub"]);
    assert_eq!(notes, ["8: the digits /^(10[01][0-9])$/", "9: the application lua pay.lua"]);
    assert_eq!(flow.first_prompts("demo_ivr"), ["demo_ivr_main_menu"]);
    assert_eq!(flow.prompts_after("demo_ivr", '3'), ["sub_wav"]);
}

proptest! {
    #[test]
    fn any_text_is_imported_without_a_panic(text in "[\\[\\]<>=,()a-z0-9 \n\"/]{0,200}|\\PC{0,80}") {
        let _ = import("x", &text);
        let _ = import("x", &format!("<{text}"));
    }
}
