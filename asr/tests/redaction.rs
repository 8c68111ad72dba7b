//! Card numbers across pauses, interims, legs and keys: what may be shown and kept, and when.

use std::collections::BTreeSet;

use asr::redact::{Around, Cleared, Context, Kind, RedactPolicy, Screen, corrected};
use asr::{Heard, Word};

/// A screen and a clock; every utterance takes a second.
struct World {
    screen: Screen,
    now_ms: u64,
    cleared: Vec<Cleared>,
    shown: Vec<String>,
}

impl World {
    fn new() -> Self {
        Self {
            screen: Screen::new(RedactPolicy::default()),
            now_ms: 0,
            cleared: Vec::new(),
            shown: Vec::new(),
        }
    }

    /// Speaks: an interim for every word, then the final.
    fn say(&mut self, leg: u16, text: &str) -> &mut Self {
        let start_ms = self.now_ms;
        let ends: Vec<usize> = text.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
        for end in ends {
            let (stable, tentative) = self.screen.interim(self.now_ms, leg, "", &text[..end]);
            self.shown.push(stable + &tentative);
            let (stable, tentative) = self.screen.interim(self.now_ms, leg, &text[..end], "");
            self.shown.push(stable + &tentative);
        }
        self.now_ms += 1_000;
        let count = text.split(' ').count() as u64;
        let words = text.split(' ').enumerate().map(|(n, word)| Word {
            text: word.to_owned(),
            start_ms: start_ms + 1_000 * n as u64 / count,
            end_ms: start_ms + 1_000 * (n as u64 + 1) / count,
            confidence: Some(0.9),
        });
        let heard = Heard {
            text: text.to_owned(),
            start_ms,
            end_ms: self.now_ms,
            words: words.collect(),
            language: "en".to_owned(),
        };
        self.screen.heard(self.now_ms, leg, heard, &mut self.cleared);
        self
    }

    /// Voice of which nothing was recognised, or one word of which the recogniser is not sure.
    fn mumble(&mut self, leg: u16, ms: u64, text: &str) -> &mut Self {
        let start_ms = self.now_ms;
        self.now_ms += ms;
        let mut heard = Heard::nothing(start_ms, self.now_ms);
        if !text.is_empty() {
            heard.text = text.to_owned();
            let word = |text| Word { text, start_ms, end_ms: start_ms + ms, confidence: Some(0.1) };
            heard.words = vec![word(text.to_owned())];
        }
        self.screen.heard(self.now_ms, leg, heard, &mut self.cleared);
        self
    }

    /// Whether the recording is silent at a moment.
    fn is_silent(&self, at_ms: u64) -> bool {
        self.cleared.iter().any(|one| match one {
            Cleared::Speech { hidden, .. } => {
                hidden.iter().any(|hidden| (hidden.start_ms..=hidden.end_ms).contains(&at_ms))
            }
            Cleared::Key { .. } => false,
        })
    }

    fn wait(&mut self, ms: u64) -> &mut Self {
        let until = self.now_ms + ms;
        while let Some(at) = self.screen.next_timeout().filter(|at| *at <= until) {
            self.now_ms = self.now_ms.max(at);
            self.screen.elapsed(self.now_ms, &mut self.cleared);
        }
        self.now_ms = until;
        self
    }

    fn texts(&self, of: u16) -> Vec<&str> {
        let text = |one| match one {
            &Cleared::Speech { leg, ref heard, .. } if leg == of => Some(heard.text.as_str()),
            _ => None,
        };
        self.cleared.iter().filter_map(text).collect()
    }

    /// Everything that anybody could have seen.
    fn all(&self) -> String {
        format!("{:?} {:?}", self.shown, self.cleared)
    }
}

/// The same number, 4929 1834 4723 9413, in ten ways; utterances apart by pauses.
const TEN_WAYS: &[&[&str]] = &[
    &["4929183447239413"],
    &["My card number is 4929 1834 4723 9413."],
    &["4929", "1834", "4723", "9413"],
    &[
        "it's four nine two nine",
        "one eight three four",
        "uh four seven two three",
        "nine four one three, okay?",
    ],
    &["four", "nine", "two", "nine", "1", "8", "3", "double four", "7", "2", "3", "9", "4", "1", "3"],
    &["Forty-nine twenty-nine eighteen thirty-four", "forty-seven twenty-three ninety-four thirteen"],
    &["4929-1834", "dash 4723-9413"],
    &["卡号是四九二九", "一八三四", "四七二三", "九四幺三"],
    &["四九二九，幺八三四，四七二三，九四幺三。"],
    &["4, 9, 2, 9, 1, 8, 3, 4, 4, 7", "2, 3, 9, 4, 1, 3. Thank you."],
];

#[test]
fn a_card_number_in_ten_ways_is_neither_shown_nor_kept() {
    for said in TEN_WAYS {
        let mut world = World::new();
        for part in *said {
            world.say(0, part).wait(900);
        }
        world.wait(60_000);
        let seen = world.all();
        let marked =
            world.texts(0).iter().filter(|t| t.contains("[card number]") || t.contains("［卡号］")).count();
        assert!(marked >= 1, "{said:?}: {seen}");
        let digits = [
            "4929",
            "1834",
            "4723",
            "9413",
            "four nine",
            "nine four",
            "forty-nine",
            "ninety-four",
            "eighteen",
            "四九",
            "九四",
            "9, 2",
            "4, 1",
        ];
        for secret in digits {
            assert!(!world.all().to_lowercase().contains(secret), "{said:?} shows {secret}: {seen}");
        }
        assert_eq!(world.texts(0).len(), said.len(), "no utterance is lost");
    }
}

#[test]
fn a_go_on_of_the_agent_does_not_part_a_number() {
    let mut world = World::new();
    world.say(0, "4929 1834").say(1, "Yes, go on.").wait(1_500).say(0, "4723 9413").wait(10_000);
    assert_eq!(world.texts(0), ["[card number]", "[card number]"]);
    assert_eq!(world.texts(1), ["Yes, go on."]);
}

#[test]
fn groups_of_a_number_that_were_not_recognised_hide_the_others_and_are_silent() {
    // 5555 3412 4444 1115: of one repeated digit recognisers often hear nothing, or one wrong word.
    for (first, third) in [("", ""), ("Chio,", "V"), ("", "4")] {
        let mut world = World::new();
        world.mumble(0, 2_200, first).wait(1_500).say(0, "3 4 1 2").wait(1_500);
        world.mumble(0, 2_200, third).wait(1_500).say(0, "1 1 1 5").wait(10_000);
        assert_eq!(world.texts(0), ["[card number]"; 4], "{first:?} {third:?}");
        assert!(!world.all().contains("3 4") && !world.all().contains("1 1"), "{}", world.all());
        for at_ms in [100, 2_100, 4_000, 6_300, 8_300, 10_000] {
            assert!(world.is_silent(at_ms), "{at_ms}");
        }
    }
    let mut world = World::new();
    world.say(0, "my card is 5 5 5 5").mumble(0, 2_200, "").say(0, "1 1 1 5 thank you").say(0, "bye");
    assert_eq!(
        world.texts(0),
        ["my card is [card number]", "[card number]", "[card number] thank you", "bye"]
    );
}

#[test]
fn noise_beside_a_number_that_is_no_card_hides_nothing() {
    let mut world = World::new();
    // A cough; a question that says what the number is; a room that is never quiet; nothing but noise.
    world.say(0, "4711").mumble(0, 500, "").wait(70_000);
    world.say(0, "4711").mumble(0, 1_000, "").wait(70_000);
    world.say(1, "what is your order number").say(0, "4711").mumble(0, 3_000, "").wait(70_000);
    world.say(0, "4711");
    for _ in 0..6 {
        world.mumble(0, 3_000, "").wait(100);
    }
    world.wait(6_000).mumble(0, 3_000, "").mumble(0, 3_000, "Hm.").wait(6_000);
    assert_eq!(world.texts(0), ["4711", "4711", "4711", "4711", "Hm."]);
    assert!(!world.is_silent(100));
}

#[test]
fn harmless_digits_come_after_a_silence_or_with_the_next_words() {
    let mut world = World::new();
    world.say(0, "My order number is 471182").wait(100);
    assert_eq!(world.texts(0), Vec::<&str>::new());
    assert!(!world.all().contains("471"), "held digits are masked");
    world.wait(5_000);
    assert_eq!(world.texts(0), ["My order number is 471182"]);
    world.say(0, "it was 471 182").say(0, "and I want it back");
    assert_eq!(world.texts(0).len(), 3, "the next words settle it");
}

#[test]
fn ordinary_talk_is_not_held() {
    let mut world = World::new();
    for said in ["Press one.", "I have two of the four.", "It was in 2024, I think.", "The ten of clubs"] {
        world.say(0, said);
        assert_eq!(world.texts(0).last(), Some(&said));
    }
}

#[test]
fn an_answer_to_the_question_for_the_code_is_hidden() {
    let mut world = World::new();
    world
        .say(1, "And the three digits of the security code?")
        .say(0, "one")
        .wait(800)
        .say(0, "two three")
        .wait(9_000);
    assert_eq!(world.texts(0), ["[security code]", "[security code]"]);
    world.say(1, "And your order number?").say(0, "371").wait(9_000);
    assert_eq!(world.texts(0).last(), Some(&"371"));
}

#[test]
fn digits_right_after_a_card_number_are_its_date_and_code() {
    let mut world = World::new();
    world.say(0, "4929 1834 4723 9413").say(0, "12 27").say(0, "3 7 1").wait(9_000);
    assert_eq!(world.texts(0), ["[card number]", "[security code]", "[security code]"]);
}

#[test]
fn a_number_that_is_said_again_after_a_card_is_hidden_however_much_of_it_was_recognised() {
    let mut world = World::new();
    world.say(0, "4917 4845").wait(1_500).mumble(0, 4_000, "").wait(8_000);
    world.say(0, "4 0 4 0").wait(6_000).say(0, "9 0 9 0 0 3 9 0 0 3 9 0").wait(6_000);
    assert_eq!(world.texts(0), ["[card number]", "[card number]", "[security code]", "[card number]"]);
}

#[test]
fn late_text_is_held_as_much_longer() {
    let mut world = World::new();
    let part = |text: &str, end_ms| Heard {
        text: text.to_owned(),
        start_ms: end_ms - 1_000,
        end_ms,
        words: Vec::new(),
        language: "en".to_owned(),
    };
    // Under load the second half comes 20 s after the first.
    world.screen.heard(30_000, 0, part("4929 1834", 1_000), &mut world.cleared);
    world.now_ms = 30_000;
    world.wait(20_000);
    world.screen.heard(50_000, 0, part("4723 9413", 2_500), &mut world.cleared);
    assert_eq!(world.texts(0), ["[card number]", "[card number]"]);
}

#[test]
fn the_words_of_a_number_are_hidden_and_their_time_is_told() {
    let mut world = World::new();
    world.say(0, "take 4929 1834 4723 9413 now").wait(9_000);
    let Some(Cleared::Speech { heard, hidden, .. }) = world.cleared.first() else { panic!("nothing") };
    let words: Vec<&str> = heard.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(words, ["take", "•••", "•••", "•••", "•••", "now"]);
    assert_eq!((hidden[0].kind, hidden[0].start_ms, hidden[0].end_ms), (Kind::Card, 166, 833));
}

#[test]
fn keys_of_a_card_are_hidden_and_menus_are_recorded_at_once() {
    let mut world = World::new();
    world.screen.key(0, 0, '2', &mut world.cleared);
    assert!(matches!(&world.cleared[..], [Cleared::Key { text, .. }] if text == "2"));
    world.cleared.clear();
    world.wait(10_000);
    for (n, key) in "4929183447239413#".chars().enumerate() {
        world.now_ms += 200 + n as u64;
        world.screen.key(world.now_ms, 0, key, &mut world.cleared);
    }
    world.wait(10_000);
    let keys: String = world
        .cleared
        .iter()
        .map(|one| match one {
            Cleared::Key { text, .. } => text.as_str(),
            Cleared::Speech { .. } => "?",
        })
        .collect();
    assert_eq!(keys, "492••••••••••••••");
    world.cleared.clear();
    for key in "471182".chars() {
        world.screen.key(world.now_ms, 0, key, &mut world.cleared);
    }
    world.wait(10_000);
    assert_eq!(world.cleared.len(), 6);
    assert!(
        !world.all().is_empty()
            && world.cleared.iter().all(|one| matches!(one, Cleared::Key { text, .. } if text != "•"))
    );
}

#[test]
fn typed_parts_of_a_number_are_found_and_nothing_is_held() {
    let mut screen = Screen::new(RedactPolicy::default());
    assert_eq!(screen.typed(0, 0, "order 471182 please").0, "order 471182 please");
    assert_eq!(screen.typed(1_000, 0, "my card: 4929 1834 4723 9413").0, "my card: [card number]");
    assert_eq!(screen.typed(60_000, 0, "4929 1834").0, "4929 1834");
    assert_eq!(screen.typed(61_000, 0, "4723 9413").0, "[card number]");
}

#[test]
fn without_kinds_nothing_is_hidden_or_held() {
    let mut world = World::new();
    world.screen = Screen::new(RedactPolicy { kinds: BTreeSet::new() });
    world.say(0, "4929 1834 4723 9413");
    assert_eq!(world.texts(0), ["4929 1834 4723 9413"]);
}

#[test]
fn hostile_text_does_no_harm() {
    let mut world = World::new();
    let mut seed = 7_u64;
    let parts = [
        "4", "四", "个", "两", " ", "@", ".", "-", "x", "at", "dot", "com", "\u{0}", "é", "９", "'", "𝟜",
        "hundred", "twenty", "card", "卡", "DE89", "\n",
    ];
    for _ in 0..400 {
        let mut text = String::new();
        for _ in 0..12 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.push_str(parts[(seed >> 33) as usize % parts.len()]);
        }
        world.screen = Screen::new(RedactPolicy { kinds: Kind::ALL.into_iter().collect() });
        let _shown = world.screen.interim(0, 0, &text, "4");
        let _typed = world.screen.typed(0, 0, &text);
        world.say(0, &text).wait(9_000);
        world.cleared.clear();
        world.shown.clear();
    }
}

#[test]
fn a_long_hostile_message_is_judged_in_reasonable_time() {
    // The longest message of the API, again and again a number and a word; a minute of work would fail any run.
    let policy = RedactPolicy { kinds: Kind::ALL.into_iter().collect() };
    for part in ["4 x ", "card 4 ", "9999", "at a dot com ", "四个", "DE89 "] {
        let text = part.repeat(10_000 / part.len());
        let mut screen = Screen::new(policy.clone());
        let _before = screen.typed(0, 0, "card 4929183447239413");
        let _shown = screen.typed(1, 0, &text);
    }
}

#[test]
fn what_is_typed_into_a_line_is_hidden_as_if_it_had_been_said() {
    let policy = RedactPolicy::default();
    let typed = |before: &'static str, text: &str, after: &'static str| {
        corrected(text, &Around { before, after, ..Around::default() }, &policy).0
    };
    assert_eq!(typed("", "It is 4111 1111 1111 1111, please", ""), "It is [card number], please");
    assert_eq!(
        typed("", "four one one one one one one one one one one one one one one one", ""),
        "[card number]"
    );
    assert_eq!(typed("It is 4111 1111", "1111 1111", "thank you"), "[card number]", "spread over two lines");
    assert_eq!(typed("", "4111 1111", "1111 1111"), "[card number]");
    assert_eq!(
        typed("I ordered 12", "4111 1111 1111 1111", "34"),
        "[card number]",
        "its neighbours end in digits"
    );
    assert_eq!(typed("", "my order is 4179", ""), "my order is 4179");
    assert_eq!(typed("", "it was [card number] I said", ""), "it was [card number] I said");
    let mut context = Context::default();
    context.hear("And the security code, please?", 1_000);
    let around = Around { context, at_ms: 3_000, ..Around::default() };
    assert_eq!(
        corrected("it is 372", &around, &policy),
        ("it is [security code]".to_owned(), BTreeSet::from([Kind::Cvv]))
    );
    let open = RedactPolicy { kinds: BTreeSet::new() };
    assert_eq!(corrected("4111 1111 1111 1111", &around, &open).0, "4111 1111 1111 1111");
}
