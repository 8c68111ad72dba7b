//! Stories of one leg: what is heard, when text appears, and what happens under load, at pauses and at the end.

mod world;

use Say::{Music, Silence, Words};
use asr::{DecodeKind, In, Out, Policy};
use world::{Decoder, Say, World};

#[test]
fn a_sentence_becomes_one_final_with_its_times() {
    let mut world = World::hears(&[Silence(1_000), Words("my order number is seven"), Silence(2_000)]);
    let finals = world.finals();
    assert_eq!(finals.len(), 1, "{:?}", world.said);
    assert_eq!(finals[0].text, "my order number is seven");
    assert!(finals[0].start_ms.abs_diff(1_000) < 150, "{}", finals[0].start_ms);
    assert!(finals[0].end_ms.abs_diff(2_500) < 150, "{}", finals[0].end_ms);
    assert_eq!(finals[0].words.len(), 5);
    assert!(finals[0].words.windows(2).all(|w| w[0].end_ms <= w[1].start_ms));
    world.close();
    world.settles();
}

#[test]
fn the_final_is_there_when_the_utterance_ends_and_costs_no_second_decoding() {
    let world = World::hears(&[Silence(500), Words("hello there"), Silence(2_000)]);
    let at =
        world.said.iter().find(|(_, out)| matches!(out, Out::Final(_))).map(|(at, _)| *at).expect("a final");
    let end = world.finals()[0].end_ms;
    let hangover = Policy::default().hangover_ms;
    assert!(at <= end + hangover + 20, "final {} ms after the end of speech", at - end);
    assert!(world.orders.iter().all(|(_, kind, _)| *kind == DecodeKind::Interim), "{:?}", world.orders);
}

#[test]
fn a_slow_recogniser_gets_a_final_to_decode_after_the_grace() {
    let mut world = World::new(Policy::default(), Decoder { takes_ms: 3_000, ..Decoder::QUICK });
    world.play(&[Words("hello there sir"), Silence(8_000)]);
    assert_eq!(world.texts(), ["hello there sir"]);
    assert_eq!(world.finals().len(), 1, "the interim and the final must not both settle it");
}

#[test]
fn text_appears_while_one_speaks_and_stable_text_only_grows() {
    let world = World::hears(&[
        Words("one two three four five six seven eight nine ten eleven twelve"),
        Silence(1_500),
    ]);
    let partials = world.partials();
    assert!(partials.len() >= 3, "{partials:?}");
    for pair in partials.windows(2) {
        assert!(pair[1].0.starts_with(&pair[0].0), "{pair:?}");
    }
    assert!(
        partials.iter().all(|(_, tentative)| !tentative.is_empty()),
        "the last word is tentative: {partials:?}"
    );
    assert!(partials.last().is_some_and(|(stable, _)| stable.starts_with("one two three")), "{partials:?}");
}

#[test]
fn one_interim_is_outstanding_at_most() {
    let mut world = World::new(Policy::default(), Decoder { takes_ms: 2_500, ..Decoder::QUICK });
    world.play(&[
        Words("one two three four five six seven eight nine ten eleven twelve thirteen"),
        Silence(200),
    ]);
    let interims: Vec<u64> =
        world.orders.iter().filter(|(_, kind, _)| *kind == DecodeKind::Interim).map(|(at, ..)| *at).collect();
    assert!(interims.windows(2).all(|pair| pair[1] - pair[0] >= 2_500), "{interims:?}");
}

#[test]
fn dropped_interims_cost_no_words() {
    let mut world = World::new(Policy::default(), Decoder { drops_interims: true, ..Decoder::QUICK });
    world.play(&[Words("one two three four five six"), Silence(1_500), Words("seven eight"), Silence(1_500)]);
    assert_eq!(world.texts(), ["one two three four five six", "seven eight"]);
    assert!(world.partials().is_empty());
}

#[test]
fn long_talk_is_cut_without_losing_or_doubling_a_word() {
    const TALK: &str = "a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 b2 b3 b4 b5 b6 b7 b8 b9 c1 c2 c3 c4 c5 c6 c7 c8 c9 d1 d2 d3 d4 d5 \
        d6 d7 d8 d9 e1 e2 e3 e4 e5 e6 e7 e8 e9 f1 f2 f3 f4 f5 f6 f7 f8 f9 g1 g2 g3 g4 g5 g6 g7 g8 g9 h1 h2 h3 h4 h5 h6 h7 h8 h9 i1 \
        i2 i3 i4 i5 i6 i7 i8 i9 k1 k2 k3 k4 k5 k6 k7 k8 k9 l1 l2 l3 l4 l5 l6 l7 l8 l9 m1 m2 m3 m4 m5 m6 m7 m8 m9";
    let script: Vec<Say> = TALK.split_whitespace().map(Words).collect();
    let mut world = World::hears(&script);
    world.play(&[Silence(2_000)]);
    let longest = world.orders.iter().map(|(_, _, samples)| *samples).max().unwrap_or(0);
    let window = Policy::default().window_ms as usize * 16;
    assert!(longest <= window + 640, "{longest}");
    assert!(world.finals().len() >= 3);
    // A cut may fall into a word without a pause: that word is heard in part on one side, whole or in part on the
    // other. Every other word is there once, in order.
    let heard = world.texts().join(" ");
    let whole: Vec<&str> = heard.split(' ').collect();
    let missing = TALK.split_whitespace().filter(|word| !whole.contains(word)).count();
    assert!(missing <= world.finals().len(), "{missing} words are missing: {heard}");
    let mut ordered = whole.clone();
    ordered.sort_unstable();
    assert_eq!(whole, ordered, "order");
    ordered.dedup();
    assert!(whole.len() - ordered.len() <= world.finals().len(), "{heard}");
}

#[test]
fn long_talk_with_breaths_is_cut_at_a_breath() {
    const TALK: [&str; 6] = [
        "a1 a2 a3 a4 a5 a6 a7 a8 a9",
        "b1 b2 b3 b4 b5 b6 b7 b8 b9",
        "c1 c2 c3 c4 c5 c6 c7 c8 c9",
        "d1 d2 d3 d4 d5 d6 d7 d8 d9",
        "e1 e2 e3 e4 e5 e6 e7 e8 e9",
        "f1 f2 f3 f4 f5 f6 f7 f8 f9",
    ];
    let script: Vec<Say> = TALK.into_iter().flat_map(|sentence| [Words(sentence), Silence(360)]).collect();
    let mut world = World::hears(&script);
    world.play(&[Silence(2_000)]);
    assert_eq!(world.texts().join(" "), TALK.join(" "));
    assert!(world.finals().len() >= 2);
}

#[test]
fn music_gives_no_text_and_is_asked_about_less_and_less() {
    let mut world = World::hears(&[Music(30_000), Silence(2_000)]);
    assert!(world.texts().is_empty() && world.partials().is_empty());
    assert!(world.said.iter().any(|(_, out)| matches!(out, Out::Nothing { .. })));
    assert!(world.orders.len() < 15, "{} decodings in 30 s", world.orders.len());
    world.close();
    world.settles();
}

#[test]
fn silence_asks_nothing() {
    let world = World::hears(&[Silence(60_000)]);
    assert!(world.orders.is_empty() && world.said.is_empty());
}

#[test]
fn hold_in_mid_sentence_settles_what_was_said_and_talk_goes_on_after() {
    let mut world = World::hears(&[Words("please wait a moment")]);
    let held = world.now;
    world.tell(In::Paused { at_ms: held });
    world.now += 60_000;
    world.play(&[Silence(200), Words("thanks for holding"), Silence(1_500)]);
    assert_eq!(world.texts(), ["please wait a moment", "thanks for holding"]);
    let finals = world.finals();
    assert!(finals[1].start_ms >= held + 60_000, "{}", finals[1].start_ms);
}

#[test]
fn a_gap_in_the_audio_parts_utterances_and_a_short_one_is_silence() {
    let mut world = World::hears(&[Words("before it")]);
    world.now += 5_000;
    world.play(&[Words("after it"), Silence(1_500)]);
    assert_eq!(world.texts(), ["before it", "after it"]);
    let mut short = World::hears(&[Words("one two")]);
    short.now += 100;
    short.play(&[Words("three four"), Silence(1_500)]);
    assert_eq!(short.texts(), ["one two three four"]);
}

#[test]
fn hanging_up_in_mid_sentence_settles_what_was_said() {
    let mut world = World::hears(&[Silence(400), Words("call me back at")]);
    world.close();
    assert_eq!(world.texts(), ["call me back at"]);
    world.settles();
    let said = world.said.len();
    world.play(&[Words("too late"), Silence(2_000)]);
    assert_eq!(world.said.len(), said, "a closed stream says nothing more");
}

#[test]
fn finals_come_in_the_order_of_speech_even_if_decoded_out_of_order() {
    let decoder = Decoder { takes_ms: 1_000_000, drops_interims: true, ..Decoder::QUICK };
    let mut world = World::new(Policy::finals_only(), decoder);
    world.play(&[
        Words("first one"),
        Silence(1_000),
        Words("second one"),
        Silence(1_000),
        Words("third one"),
    ]);
    world.tell(In::Closed);
    world.answer_backwards();
    assert_eq!(world.texts(), ["first one", "second one", "third one"]);
    world.settles();
}

#[test]
fn an_utterance_whose_final_fails_keeps_the_interim_text() {
    let mut world = World::new(Policy::default(), Decoder { fails_finals: true, ..Decoder::QUICK });
    world.play(&[Words("one two three four five six seven")]);
    world.close();
    let texts = world.texts();
    assert_eq!(texts.len(), 1, "{:?}", world.said);
    assert!(texts[0].starts_with("one two three"), "{texts:?}");
    world.settles();
}

#[test]
fn the_language_is_that_of_the_moment_of_asking() {
    let mut world = World::new(Policy::finals_only(), Decoder::QUICK);
    world.tell(In::Language(Some("zh".to_owned())));
    world.play(&[Words("first"), Silence(1_000)]);
    world.tell(In::Language(None));
    world.play(&[Words("second"), Silence(1_000)]);
    assert_eq!(world.languages, [Some("zh".to_owned()), None]);
}

#[test]
fn answers_nobody_asked_for_change_nothing() {
    let mut world = World::hears(&[Words("hello there")]);
    for id in [0, 77, u64::MAX] {
        world.tell(In::Decoded { id, result: None });
        world.tell(In::Decoded {
            id,
            result: Some(asr::Hypothesis { text: "ghost".into(), ..Default::default() }),
        });
    }
    world.play(&[Silence(2_000)]);
    world.close();
    assert_eq!(world.texts(), ["hello there"]);
    world.settles();
}
